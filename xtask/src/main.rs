//! The project's chores: `cargo xtask test`, `tidy`, `regenerate`, `bench` and `validate`.

mod bench;
mod checkout;
mod process;
mod regenerate;
mod test;
mod tidy;
mod validate;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  test [STEP…]          every check there is, or only the steps named; `spark` runs only
                        when it is named, and installs PySpark and, if need be, a Java
  tidy                  the checks on the tree that no compiler makes
  regenerate [--check]  write the generated documents, or fail if one is out of date
  bench [NAME]          every measurement, or one
  validate [PART]       the statistics beside reference code and the truth; or only
                        `references` or `coverage`";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["test", steps @ ..] => test::run(steps),
        ["tidy"] => tidy::run(),
        ["regenerate"] => regenerate::write(),
        ["regenerate", "--check"] => regenerate::check(),
        ["bench"] => bench::run(None),
        ["bench", name] => bench::run(Some(name)),
        ["validate"] => validate::run(None),
        ["validate", "references"] => validate::run(Some(validate::Part::References)),
        ["validate", "coverage"] => validate::run(Some(validate::Part::Coverage)),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
