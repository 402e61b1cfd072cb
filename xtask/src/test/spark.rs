//! A screening on Apache Spark, with a worker killed in the middle.

use std::process::Command;

use super::count::Count;
use super::runner::Run;
use crate::{checkout, process};

/// Builds the program, and hands it to the script that starts Spark.
pub fn run() -> Run {
    let outcome = process::run(&mut process::build()).and_then(|()| screen());
    let count = Count {
        passed: u64::from(outcome.is_ok()),
        failed: u64::from(outcome.is_err()),
    };
    Run { count, outcome }
}

fn screen() -> Result<(), String> {
    let script = checkout::root().join("integrations/spark/test.sh");
    let mut command = Command::new(script);
    command.arg(process::program());
    // Where what is installed is kept for the next time.
    command.env(
        "THROUGHLINE_SPARK_PLACE",
        checkout::root().join("target/spark"),
    );
    process::run(&mut command)
}
