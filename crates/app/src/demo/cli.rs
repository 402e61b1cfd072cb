//! `throughline demo`: fills a database with the demonstration, once, and serves it.

use super::{Made, PASSWORD, Progress, Scale, Who, fill};
use crate::account;
use crate::app::App;
use crate::arrival::Arrivals;
use crate::cli::{CommandResult, Failure, Outside, Place, Serve, serve_app};
use crate::force;
use crate::store::Store;
use clap::Args;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use throughline_domain::access::Actor;

/// What every page says.
const NOTICE: &str = "This is a demonstration with invented data. Norhaven and Sudmark do not exist, and no case in it is real. \
    The published record of other forces is real, and names its sources.";

/// How to show it.
#[derive(Debug, Args)]
pub struct Demo {
    /// The directory of the demonstration's database; it is filled when there is none
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Which fictional forces to make, when the database is filled
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Fill the database, say what was made, and stop
    #[arg(long)]
    no_serve: bool,
}

/// Runs the command.
///
/// # Errors
/// With code 2 when the directory holds something else, with 1 when filling fails.
pub async fn run(place: &Place, demo: Demo, outside: Outside) -> CommandResult {
    if place.database.is_some() {
        return Err(Failure::usage(
            "the demonstration keeps to an embedded database: leave out --database, and unset THROUGHLINE_DATABASE",
        ));
    }
    let made = if Store::is_in(&demo.data) {
        None
    } else {
        let progress = Progress::on_stderr();
        let made = make(&demo.data, demo.seed, Scale::full(), &progress, outside).await?;
        progress.stage("Done");
        Some(made)
    };
    let app = open(&demo.data, outside).await?;
    if let Some(made) = made {
        print!("{made}");
    }
    if demo.no_serve {
        app.store.close().await;
        println!("{} is filled.", demo.data.display());
        return Ok(());
    }
    welcome(&demo);
    let serve = Serve {
        listen: demo.listen,
        https: false,
    };
    serve_app(app, &serve, outside, Some(NOTICE.into())).await
}

/// Fills a directory beside the one asked for and renames it when nothing is missing, so that
/// there is a whole demonstration or none.
pub(super) async fn make(
    data: &Path,
    seed: u64,
    scale: Scale,
    progress: &Progress,
    outside: Outside,
) -> Result<Made, Failure> {
    must_be_free(data)?;
    let filling = beside(data)?;
    clear(&filling)?;
    std::fs::create_dir_all(&filling).map_err(|error| at(&filling, "cannot be made", &error))?;
    let store = Store::open_to_fill(&filling).await?;
    let app = App::new(store, seed_bytes(seed));
    let made = fill(&app, (outside.clock)(), seed, scale, progress).await;
    app.store.close().await;
    let made = made
        .map_err(|error| Failure::new(format!("the demonstration could not be filled: {error}")))?;
    std::fs::rename(&filling, data).map_err(|error| at(data, "cannot be put in place", &error))?;
    Ok(made)
}

fn seed_bytes(seed: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes
}

fn at(path: &Path, what: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} {what}: {error}", path.display()))
}

/// Whether a directory can be put there: nothing is, or an empty one.
pub(super) fn must_be_free(data: &Path) -> CommandResult {
    let mut entries = match std::fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(data, "cannot be read", &error)),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} holds other files: name a new directory with --data",
        data.display()
    )))
}

/// Where it is filled: `demo-data.filling` for `demo-data`.
fn beside(data: &Path) -> Result<PathBuf, Failure> {
    let name = data.file_name().ok_or_else(|| {
        Failure::usage(format!(
            "{} names no directory of its own: name a new one with --data",
            data.display()
        ))
    })?;
    let mut name = name.to_owned();
    name.push(".filling");
    Ok(data.with_file_name(name))
}

/// Takes away what a filling left that was stopped half way, and nothing else.
pub(super) fn clear(filling: &Path) -> CommandResult {
    let entries = match std::fs::read_dir(filling) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(filling, "cannot be read", &error)),
    };
    for entry in entries {
        let name = entry?.file_name();
        if !name.to_string_lossy().starts_with("throughline.sqlite3") {
            return Err(Failure::usage(format!(
                "{} is in the way and holds other files: move it, or name another directory with --data",
                filling.display()
            )));
        }
    }
    eprintln!("throughline: an earlier filling was stopped half way; it is begun again");
    std::fs::remove_dir_all(filling).map_err(|error| at(filling, "cannot be removed", &error))
}

/// Opens a filled demonstration, with chance from the operating system.
pub(super) async fn open(data: &Path, outside: Outside) -> Result<Arc<App>, Failure> {
    let store = Store::open_directory(data).await?;
    let arrivals = Arrivals::in_folder(data.join("arriving"));
    let app = App::with_arrivals(store, (outside.random)(), arrivals);
    let anybody = app.call(Actor::public(), (outside.clock)());
    let is_demo = force::load(&anybody, "norhaven").await.is_ok()
        && account::find_actor(&app, &Who::Oak.email()).await.is_ok();
    if is_demo {
        return Ok(app);
    }
    app.store.close().await;
    Err(Failure::usage(format!(
        "{} holds a database that is not the demonstration: serve it with `throughline serve`, or name a new directory with --data",
        data.display()
    )))
}

fn welcome(demo: &Demo) {
    println!(
        "\nSign in at http://{}/sign-in with the password {PASSWORD} as\n",
        demo.listen
    );
    for who in Who::ALL {
        println!(
            "  {:<22} {:<16} {}",
            who.email(),
            who.role().title(),
            who.waits()
        );
    }
    println!(
        "\nLook first, without signing in, at the Metropolitan Police from 2016 to 2024 at /published/forces/metropolitan-police, \n\
         and at the reports on Norhaven. Then sign in as Oak, and as Hazel in a private window.\n\
         What you change is kept in {}. Stop with Ctrl-C.\n",
        demo.data.display()
    );
}
