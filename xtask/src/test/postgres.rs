//! A throwaway PostgreSQL server for one test run.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::port::free_port;

const SCRIPT: &str = include_str!("cluster.sh");

/// A running server; it stops, and its files go, when this is dropped or this program ends.
pub struct Cluster {
    guard: Child,
    port: u16,
}

impl Cluster {
    /// Makes a new, empty cluster and starts it on a free port of this machine.
    pub fn start() -> Result<Self, String> {
        let port = free_port()?;
        let mut guard = Command::new("setsid")
            .args(["sh", "-c", SCRIPT, "cluster"])
            .arg(find_programs()?)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start a PostgreSQL cluster: {error}"))?;
        let mut line = String::new();
        if let Some(stdout) = guard.stdout.take() {
            // A line that cannot be read is one that does not say "ready".
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let cluster = Self { guard, port };
        if line.trim_end() == "ready" {
            Ok(cluster)
        } else {
            Err("the PostgreSQL cluster did not start; its log is above".to_owned())
        }
    }

    /// The server, as tests are told of it: they make their own databases on it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// The newest PostgreSQL among Debian's, or the one on the path.
fn find_programs() -> Result<PathBuf, String> {
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let newest = debian
        .flatten()
        .map(|version| version.path())
        .filter(|version| version.join("bin/initdb").exists())
        .max_by_key(|version| version_number(version));
    if let Some(version) = newest {
        return Ok(version.join("bin"));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
        .ok_or_else(|| {
            "no PostgreSQL server is installed: start with `./run test`, or `apt-get install postgresql`"
                .to_owned()
        })
}

fn version_number(folder: &Path) -> u32 {
    let name = folder.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}
