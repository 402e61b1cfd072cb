//! The peers: DuckDB and Polars, from their Python packages, and arrow-csv.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::log::Log;

/// What states the ten standards for each of them.
pub const SCRIPTS: [&str; 2] = ["with_duckdb.py", "with_polars.py"];

const PACKAGES: [&str; 3] = ["duckdb", "polars", "pyarrow"];

/// The package that decodes CSV. It stands alone, so that ours are not built with its dependencies.
const DECODER: &str = r#"[package]
name = "decode-csv"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
arrow-csv = "60.1.0"
arrow-schema = "60.1.0"
"#;

/// A Python of their own, and the program that decodes CSV.
pub struct Peers {
    environment: PathBuf,
    decoder: PathBuf,
}

impl Peers {
    /// Installs them under a folder, unless they are there.
    pub fn install(folder: &Path) -> Result<Self, String> {
        let peers = Self {
            environment: folder.join("python"),
            decoder: folder.join("decode-csv"),
        };
        if !peers.python().exists() {
            run(Command::new("python3")
                .args(["-m", "venv"])
                .arg(&peers.environment))?;
        }
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        run(Command::new(peers.python()).args(pip).args(PACKAGES))?;
        peers.build_decoder()?;
        Ok(peers)
    }

    fn build_decoder(&self) -> Result<(), String> {
        let source = self.decoder.join("src");
        let main = include_str!("../peers/decode_csv.rs");
        fs::create_dir_all(&source)
            .and_then(|()| fs::write(self.decoder.join("Cargo.toml"), DECODER))
            .and_then(|()| fs::write(source.join("main.rs"), main))
            .map_err(|error| format!("{}: {error}", self.decoder.display()))?;
        let build = ["build", "--quiet", "--release", "--target-dir", "target"];
        run(Command::new(env!("CARGO"))
            .args(build)
            .current_dir(&self.decoder))
    }

    /// The interpreter.
    pub fn python(&self) -> PathBuf {
        self.environment.join("bin/python")
    }

    /// Where a script is.
    pub fn script(&self, name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("benches/peers")
            .join(name)
    }

    /// Runs a script with these arguments.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Result<(), String> {
        run(Command::new(self.python())
            .arg(self.script(script))
            .args(arguments))
    }

    /// How CSV is decoded.
    pub fn decoder(&self, log: &Log) -> Vec<String> {
        let program = self.decoder.join("target/release/decode-csv");
        vec![program.display().to_string(), log.csv.clone()]
    }

    /// How a peer is asked about a log.
    pub fn command(&self, script: &str, log: &Log) -> Vec<String> {
        vec![
            self.python().display().to_string(),
            self.script(script).display().to_string(),
            log.sorted.clone(),
            log.working_days.clone(),
            log.as_of.to_string(),
        ]
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?} cannot be run: {error}")),
    }
}
