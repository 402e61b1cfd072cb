//! The test runner: nextest where it is installed, cargo's own otherwise.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use super::count::Count;
use crate::{checkout, process};

/// Which of the tests to run. Browser tests are those whose names start with `browser::`.
#[derive(Clone, Copy)]
pub enum Selection {
    /// All but the browser tests.
    All,
    /// Those of the program, but for the browser tests: what touches a database.
    Program,
    /// The browser tests alone.
    Browser,
    /// The examples in the documentation.
    Examples,
}

/// A finished run of tests.
pub struct Run {
    pub count: Count,
    pub outcome: Result<(), String>,
}

/// Runs tests with these settings in their environment.
pub fn run_tests(selection: Selection, environment: &[(&str, String)]) -> Run {
    let mut command = match selection {
        Selection::Examples => cargo_examples(),
        _ if has_nextest() => nextest(selection),
        _ => cargo_test(selection),
    };
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    count_while_running(&mut command, selection)
}

fn has_nextest() -> bool {
    let mut probe = process::cargo();
    probe.args(["nextest", "--version"]);
    probe.stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}

fn nextest(selection: Selection) -> Command {
    let filter = match selection {
        Selection::Program => "package(throughline) and not test(/^browser::/)",
        Selection::Browser => "package(throughline) and test(/^browser::/)",
        Selection::All | Selection::Examples => "not test(/^browser::/)",
    };
    let mut command = process::cargo();
    command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    command.args(["--status-level", "slow", "--final-status-level", "fail"]);
    command.args(["--filterset", filter]);
    command
}

fn cargo_test(selection: Selection) -> Command {
    let mut command = process::cargo();
    command.args(["test", "--no-fail-fast", "--bins", "--lib", "--tests"]);
    match selection {
        Selection::All | Selection::Examples => {
            command.args(["--workspace", "--", "--skip", "browser::"]);
        }
        Selection::Program => {
            command.args(["--package", "throughline", "--", "--skip", "browser::"]);
        }
        Selection::Browser => {
            command.args(["--package", "throughline", "--", "browser::"]);
        }
    }
    command
}

fn cargo_examples() -> Command {
    let mut command = process::cargo();
    command.args(["test", "--workspace", "--doc", "--no-fail-fast", "--quiet"]);
    command
}

/// Shows the runner's output as it comes, and adds up its closing lines.
fn count_while_running(command: &mut Command, selection: Selection) -> Run {
    command.current_dir(checkout::root());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            return Run {
                count: Count::default(),
                outcome: Err(process::cannot_start(command, &error)),
            };
        }
    };
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let count = std::thread::scope(|scope| {
        let errors = scope.spawn(|| stderr.map(|stream| echo(stream, std::io::stderr())));
        let output = stdout.map(|stream| echo(stream, std::io::stdout()));
        let errors = errors.join().ok().flatten();
        output.into_iter().chain(errors).sum::<Count>()
    });
    let outcome = match child.wait() {
        Ok(status) if !status.success() => {
            Err(format!("`{}` failed ({status})", process::shown(command)))
        }
        Ok(_) if count.run() == 0 && !matches!(selection, Selection::Examples) => {
            Err(format!("`{}` ran no test", process::shown(command)))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(format!("`{}`: {error}", process::shown(command))),
    };
    Run { count, outcome }
}

fn echo(stream: impl Read, mut to: impl Write) -> Count {
    let mut count = Count::default();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        count = [count, Count::from_line(&line).unwrap_or_default()]
            .into_iter()
            .sum();
        // Output that nobody reads any more is no reason to stop the tests.
        let _ = writeln!(to, "{line}");
    }
    count
}
