//! What a process took: measured by its parent, so that all are measured alike.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::peer::Peers;

/// What a process took, and what it printed.
#[derive(Clone, Debug)]
pub struct Measured {
    /// How long it ran.
    pub wall: Duration,
    /// How long it used processors, with what the system did for it.
    pub processor: Duration,
    /// The most memory that it held, in bytes.
    pub peak: u64,
    /// Its lines.
    pub lines: Vec<String>,
}

/// Runs processes under a small Python program, which knows what its children took.
pub struct Measurer {
    python: PathBuf,
    script: PathBuf,
    this: String,
}

impl Measurer {
    /// With the Python of the peers.
    pub fn new(peers: &Peers) -> Result<Self, String> {
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        Ok(Self {
            python: peers.python(),
            script: peers.script("measure.py"),
            this: this.display().to_string(),
        })
    }

    /// Measures a task of this program.
    pub fn ours(&self, arguments: &[&str]) -> Result<Measured, String> {
        let head = [self.this.as_str(), "task"];
        let command = head.iter().chain(arguments).map(|text| (*text).to_owned());
        self.run(&command.collect::<Vec<_>>())
    }

    /// Measures a command.
    pub fn run(&self, command: &[String]) -> Result<Measured, String> {
        let output = Command::new(&self.python)
            .arg(&self.script)
            .args(command)
            .env("POLARS_MAX_THREADS", "1")
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("{} cannot be run: {error}", self.python.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let took = lines.pop().filter(|_| output.status.success());
        took.as_deref()
            .and_then(|took| parse(took, lines))
            .ok_or_else(|| format!("{} failed", command.join(" ")))
    }
}

fn parse(took: &str, lines: Vec<String>) -> Option<Measured> {
    let mut fields = took.strip_prefix("took ")?.split(' ');
    let mut seconds = || fields.next()?.parse().ok().map(Duration::from_secs_f64);
    let (wall, processor) = (seconds()?, seconds()?);
    Some(Measured {
        wall,
        processor,
        peak: fields.next()?.parse().ok()?,
        lines,
    })
}
