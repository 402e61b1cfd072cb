//! What the person who waits is told while the demonstration is filled.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Instant;

/// Tells each stage and how far it has come, on standard error.
#[derive(Debug)]
pub struct Progress {
    begun: Instant,
    silent: bool,
}

impl Progress {
    /// Tells on standard error.
    pub fn on_stderr() -> Self {
        Progress {
            begun: Instant::now(),
            silent: false,
        }
    }

    /// Tells nothing.
    pub fn silent() -> Self {
        Progress {
            silent: true,
            ..Progress::on_stderr()
        }
    }

    /// A stage begins.
    pub fn stage(&self, what: &str) {
        if !self.silent {
            eprintln!("{:>6.1} s  {what}", self.begun.elapsed().as_secs_f64());
        }
    }

    /// A bar for a long stage; the caller moves and clears it.
    pub fn bar(&self, length: usize) -> ProgressBar {
        let bar = ProgressBar::new(length as u64);
        if self.silent {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("          {bar:30} {pos} of {len}") {
            bar.set_style(style);
        }
        bar
    }
}
