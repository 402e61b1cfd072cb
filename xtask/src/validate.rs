//! `cargo xtask validate`: the statistics against reference code and against the truth.
//!
//! Two parts make `docs/validation.md`: the program's answers beside those of Python's and R's packages,
//! on generated inputs and on values of the literature; and how often intervals hold the truth and tests
//! alarm, by drawing many samples. Either can be run alone; the other part of the page stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{checkout, process};

const PAGE: &str = "docs/validation.md";
const PLOT: &str = "docs/coverage.svg";
/// What the references need of Python; numpy and scipy come with them.
const PACKAGES: [&str; 3] = [
    "statsmodels==0.15.0",
    "krippendorff==0.9.0",
    "irrCAC==0.4.4",
];

/// Samples drawn for each design and truth.
const SAMPLES: &str = "10000";

/// A part of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The program beside reference code.
    References,
    /// Coverage and false alarms.
    Coverage,
}

impl Part {
    const ALL: [Part; 2] = [Part::References, Part::Coverage];

    fn marker(self) -> &'static str {
        match self {
            Part::References => "<!-- references -->",
            Part::Coverage => "<!-- coverage -->",
        }
    }

    fn made(self) -> Result<String, String> {
        match self {
            Part::References => references(),
            Part::Coverage => coverage(),
        }
    }
}

/// Makes one part of the page anew, or both.
pub fn run(wanted: Option<Part>) -> Result<(), String> {
    for part in Part::ALL {
        if wanted.is_none_or(|wanted| wanted == part) {
            let made = part.made()?;
            let page = checkout::root().join(PAGE);
            let text = fs::read_to_string(&page)
                .map_err(|error| format!("cannot read {PAGE}: {error}"))?;
            fs::write(&page, replaced(&text, part.marker(), &made)?)
                .map_err(|error| format!("cannot write {PAGE}: {error}"))?;
            println!("{PAGE}: {} written", part.marker());
        }
    }
    Ok(())
}

/// The page with the text between the two markers replaced.
fn replaced(page: &str, marker: &str, made: &str) -> Result<String, String> {
    match page.split(marker).collect::<Vec<_>>()[..] {
        [before, _, after] => Ok(format!(
            "{before}{marker}\n\n{}\n\n{marker}{after}",
            made.trim()
        )),
        _ => Err(format!("{PAGE} must hold {marker} twice, around that part")),
    }
}

fn references() -> Result<String, String> {
    need_r()?;
    process::run(&mut process::build())?;
    let python = python()?;
    let script = checkout::root().join("xtask/src/validate/references.py");
    process::output(Command::new(python).arg(script).arg(process::program()))
}

/// Refuses to go on without R and its package survey: the page would lack a part.
fn need_r() -> Result<(), String> {
    let mut r = Command::new("Rscript");
    r.args(["-e", "suppressMessages(library(survey))"]);
    process::output(&mut r).map(drop).map_err(|error| {
        format!(
            "{error}\nthe references need R with its package survey: start with `./run validate`, or \
             `apt-get install r-cran-survey`"
        )
    })
}

/// Python with the reference packages, made once under `target/validate`.
fn python() -> Result<PathBuf, String> {
    let home = checkout::root().join("target/validate/venv");
    let python = home.join("bin/python");
    if !python.is_file() {
        process::run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    }
    let mut install = Command::new(&python);
    install
        .args(["-m", "pip", "install", "--quiet"])
        .args(PACKAGES);
    process::run(&mut install).map_err(|error| {
        format!(
            "{error}\nthe references need {}: install them into {}",
            PACKAGES.join(", "),
            home.display()
        )
    })?;
    Ok(python)
}

fn coverage() -> Result<String, String> {
    let plot = checkout::root().join(Path::new(PLOT));
    let mut study = process::cargo();
    study
        .args(["run", "--quiet", "--release", "-p", "throughline-stats"])
        .args(["--example", "coverage", "--", SAMPLES])
        .arg(plot);
    process::output(&mut study)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_takes_the_place_of_the_old_one_only() {
        let page = "a\n<!-- x -->\nold\n<!-- x -->\nb <!-- y --> kept <!-- y -->";
        assert_eq!(
            replaced(page, "<!-- x -->", "new\n").as_deref(),
            Ok("a\n<!-- x -->\n\nnew\n\n<!-- x -->\nb <!-- y --> kept <!-- y -->")
        );
        assert!(replaced("none", "<!-- x -->", "new").is_err());
    }
}
