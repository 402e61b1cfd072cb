//! Other programs, run at the root of the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::checkout;

/// A command that runs the cargo this program was started by, as if from a shell: what
/// `cargo run` tells this program of its own package would have build scripts that look
/// at it compile their crates anew.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// A command that builds the program. Asking for the examples too, of which there need be
/// none, has cargo choose the same features of every package as for the tests: what one of
/// them has compiled, the other need not.
pub fn build() -> Command {
    let mut build = cargo();
    build.args(["build", "--quiet", "--workspace", "--bins", "--examples"]);
    build
}

/// The program, as [`build`] leaves it: beside this one.
pub fn program() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|xtask| Some(xtask.parent()?.join("throughline")))
        .unwrap_or_else(|| checkout::root().join("target/debug/throughline"))
}

/// Runs a command to its end, its output going where ours goes.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command
        .current_dir(checkout::root())
        .status()
        .map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({status})", shown(command)))
    }
}

/// Runs a command to its end and returns what it printed on its standard output.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command
        .current_dir(checkout::root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    if !output.status.success() {
        return Err(format!("`{}` failed ({})", shown(command), output.status));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| format!("`{}` printed something that is not UTF-8", shown(command)))
}

/// Why a command did not even start.
pub fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("cannot start `{}`: {error}", shown(command))
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    let mut words = vec![program.to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| {
        let word = word.to_string_lossy();
        if word.contains([' ', '(', '&']) {
            format!("'{word}'")
        } else {
            word.into_owned()
        }
    }));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["test", "--filterset", "package(a) and not b"]);
        assert_eq!(
            shown(&command),
            "cargo test --filterset 'package(a) and not b'"
        );
    }
}
