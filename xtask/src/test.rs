//! `cargo xtask test`: every check there is, in the order in which a fault shows soonest; and one, on
//! Apache Spark, that installs so much that it runs only when it is named.
//!
//! Nothing is skipped: what a step needs and does not find makes it fail, with the way to
//! get it. The steps stop at the first that fails; the table and the count always come.

mod browser;
mod count;
mod port;
mod postgres;
mod runner;
mod spark;

use std::time::{Duration, Instant};

use count::Count;
use runner::{Run, Selection, run_tests};

use crate::{process, regenerate, tidy};

/// The database that tests use: `sqlite`, or the URL of a PostgreSQL server on which they
/// make their own.
const DATABASE: &str = "THROUGHLINE_TEST_DATABASE";
/// The port of the chromedriver that browser tests use.
const CHROMEDRIVER: &str = "THROUGHLINE_TEST_CHROMEDRIVER";

struct Step {
    name: &'static str,
    does: &'static str,
    run: fn() -> Run,
}

/// What runs when nothing is named.
const STEPS: [Step; 8] = [
    Step {
        name: "fmt",
        does: "formatting",
        run: check_formatting,
    },
    Step {
        name: "tidy",
        does: "the tree",
        run: check_tree,
    },
    Step {
        name: "clippy",
        does: "lints",
        run: check_lints,
    },
    Step {
        name: "sqlite",
        does: "every test, on SQLite",
        run: test_on_sqlite,
    },
    Step {
        name: "postgres",
        does: "the program, on PostgreSQL",
        run: test_on_postgres,
    },
    Step {
        name: "browser",
        does: "in a browser",
        run: test_in_browser,
    },
    Step {
        name: "examples",
        does: "in the documentation",
        run: test_examples,
    },
    Step {
        name: "generated",
        does: "generated documents",
        run: check_generated,
    },
];

/// What runs only when it is named.
const ON_DEMAND: [Step; 1] = [Step {
    name: "spark",
    does: "a screening on Apache Spark",
    run: spark::run,
}];

struct Finished {
    step: &'static Step,
    took: Duration,
    count: Count,
    outcome: Result<(), String>,
}

/// Runs the steps named, or all of them, and ends with `N passed, N failed`.
pub fn run(wanted: &[&str]) -> Result<(), String> {
    let steps = choose(wanted)?;
    let mut finished: Vec<Finished> = Vec::new();
    for step in steps {
        println!("\n── {}: {}", step.name, step.does);
        let start = Instant::now();
        let Run { count, outcome } = (step.run)();
        let stop = outcome.is_err();
        finished.push(Finished {
            step,
            took: start.elapsed(),
            count,
            outcome,
        });
        if stop {
            break;
        }
    }
    print_table(&finished);
    let failure = finished.iter().find_map(|step| step.outcome.as_ref().err());
    let total: Count = finished.iter().map(|step| step.count).sum();
    if let Some(message) = failure {
        println!("\n{message}");
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    match failure {
        None => Ok(()),
        // Already said, above the count, which must stay the last line.
        Some(_) => std::process::exit(1),
    }
}

fn choose(wanted: &[&str]) -> Result<Vec<&'static Step>, String> {
    let every = || STEPS.iter().chain(&ON_DEMAND);
    for name in wanted {
        if !every().any(|step| step.name == *name) {
            let names: Vec<&str> = every().map(|step| step.name).collect();
            return Err(format!(
                "there is no step `{name}`; there are: {}",
                names.join(", ")
            ));
        }
    }
    Ok(match wanted {
        [] => STEPS.iter().collect(),
        _ => every().filter(|step| wanted.contains(&step.name)).collect(),
    })
}

fn print_table(finished: &[Finished]) {
    println!(
        "\n{:<10} {:<28} {:>8} {:>7}  ",
        "step", "what", "seconds", "tests"
    );
    for Finished {
        step,
        took,
        count,
        outcome,
    } in finished
    {
        let tests = if count.run() == 0 {
            String::new()
        } else {
            count.run().to_string()
        };
        let verdict = if outcome.is_ok() { "good" } else { "FAILED" };
        println!(
            "{:<10} {:<28} {:>8.1} {:>7}  {verdict}",
            step.name,
            step.does,
            took.as_secs_f64(),
            tests,
        );
    }
}

/// A step that is no run of tests.
fn check(outcome: Result<(), String>) -> Run {
    Run {
        count: Count::default(),
        outcome,
    }
}

fn check_formatting() -> Run {
    check(process::run(
        process::cargo().args(["fmt", "--all", "--check"]),
    ))
}

fn check_tree() -> Run {
    check(tidy::run())
}

fn check_lints() -> Run {
    let mut clippy = process::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--quiet"]);
    check(process::run(clippy.args(["--", "--deny", "warnings"])))
}

fn test_on_sqlite() -> Run {
    run_tests(Selection::All, &[(DATABASE, "sqlite".to_owned())])
}

fn test_on_postgres() -> Run {
    match postgres::Cluster::start() {
        Ok(cluster) => run_tests(Selection::Program, &[(DATABASE, cluster.url())]),
        Err(message) => check(Err(message)),
    }
}

fn test_in_browser() -> Run {
    match browser::Driver::start() {
        Ok(driver) => run_tests(
            Selection::Browser,
            &[
                (DATABASE, "sqlite".to_owned()),
                (CHROMEDRIVER, driver.port().to_string()),
            ],
        ),
        Err(message) => check(Err(message)),
    }
}

fn test_examples() -> Run {
    run_tests(Selection::Examples, &[])
}

fn check_generated() -> Run {
    check(regenerate::check())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_steps_run_unless_some_are_named() {
        assert_eq!(choose(&[]).map(|steps| steps.len()), Ok(STEPS.len()));
        let names = choose(&["clippy", "fmt"])
            .map(|steps| steps.iter().map(|step| step.name).collect::<Vec<_>>());
        assert_eq!(names, Ok(vec!["fmt", "clippy"]));
        let on_demand = choose(&["spark"]).map(|steps| steps.len());
        assert_eq!(on_demand, Ok(1));
    }

    #[test]
    fn an_unknown_step_is_refused_with_those_there_are() {
        let message = choose(&["lint"]).err().unwrap_or_default();
        assert!(
            message.contains("`lint`") && message.contains("clippy"),
            "{message}"
        );
    }
}
