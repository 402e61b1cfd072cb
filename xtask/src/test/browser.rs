//! The driver through which tests use a real browser.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::port::free_port;

/// Debian's name, and that of Ubuntu's snap.
const PROGRAMS: [&str; 2] = ["chromedriver", "chromium.chromedriver"];
const ATTEMPTS_MAX: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// A running chromedriver; it stops when this is dropped.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts chromedriver and waits until it answers.
    pub fn start() -> Result<Self, String> {
        let port = free_port()?;
        let process = PROGRAMS
            .iter()
            .find_map(|program| spawn(program, port).ok())
            .ok_or(
                "cannot start chromedriver: start with `./run test`, \
                 or `apt-get install chromium chromium-driver`",
            )?;
        let driver = Self { process, port };
        driver.wait_until_ready()?;
        Ok(driver)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    fn wait_until_ready(&self) -> Result<(), String> {
        for _ in 0..ATTEMPTS_MAX {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        Err("chromedriver started but does not answer".to_owned())
    }
}

fn spawn(program: &str, port: u16) -> std::io::Result<Child> {
    Command::new(program)
        .arg(format!("--port={port}"))
        .arg("--log-level=SEVERE")
        .stdout(Stdio::null())
        .spawn()
}

impl Drop for Driver {
    fn drop(&mut self) {
        // One that has already ended cannot be stopped again, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
