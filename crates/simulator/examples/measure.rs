//! How fast a force is written, and in how much memory:
//!
//! ```text
//! cargo run -p throughline-simulator --example measure -- CASES DIR
//! ```

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use throughline_simulator::{Parameters, write_all};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(cases), Some(directory)) = (arguments.next(), arguments.next()) else {
        return Err("usage: measure CASES DIR".into());
    };
    let parameters = Parameters::default_force(cases.parse()?, 1);
    let start = Instant::now();
    let summary = write_all(&parameters, Path::new(&directory), &mut |done| {
        eprint!("\r{done} cases");
        let _ = std::io::stderr().flush();
    })?;
    let seconds = start.elapsed().as_secs_f64();
    eprintln!();
    print!("{summary}");
    println!(
        "{seconds:.1} s, {:.0} events a second",
        summary.events as f64 / seconds
    );
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status
            .lines()
            .filter(|line| line.starts_with("VmHWM"))
            .for_each(|line| println!("{line}"));
    }
    Ok(())
}
