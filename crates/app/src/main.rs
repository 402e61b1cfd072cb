//! The program's edge: the only place that asks the clock and the operating system.

use clap::Parser;
use jiff::Timestamp;
use std::process::ExitCode;
use throughline::cli::{Cli, Outside, run};

#[tokio::main]
async fn main() -> ExitCode {
    end_quietly_on_a_closed_pipe();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    run(
        Cli::parse(),
        Outside {
            clock: Timestamp::now,
            random: random_bytes,
        },
    )
    .await
}

/// Whoever reads what a command prints may have seen enough, such as `head`: that is no fault.
fn end_quietly_on_a_closed_pipe() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload_as_str().unwrap_or_default();
        if said.starts_with("failed printing to stdout") && said.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
