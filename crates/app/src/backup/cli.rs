//! `throughline backup` and `throughline restore`.

use crate::cli::{CommandResult, Failure, Outside, Place};
use crate::new_file::NewFile;
use clap::Args;
use std::fs::File;
use std::path::PathBuf;

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write, which must not exist yet
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// What to restore.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup, taken from either kind of database
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Takes a backup.
///
/// # Errors
/// When the database or the file fails.
pub async fn back_up(place: &Place, asked: &Backup, outside: Outside) -> CommandResult {
    let app = place.open_existing(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    let mut file = NewFile::create(&asked.file)?;
    let rows = super::take(&call, &mut file).await?;
    file.finish()?;
    println!("Backed up {rows} rows to {}.", asked.file.display());
    app.store.close().await;
    Ok(())
}

/// Restores a backup.
///
/// # Errors
/// When the database is not empty, or the backup is not whole.
pub async fn restore(place: &Place, asked: &Restore, outside: Outside) -> CommandResult {
    let file = File::open(&asked.file)
        .map_err(|error| Failure::usage(format!("{}: {error}", asked.file.display())))?;
    let app = place.open(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    let restored = super::restore(&call, file).await?;
    println!(
        "Restored {} rows, as they were at {}. The journal verifies: {} entries.",
        restored.rows, restored.taken_at, restored.entries
    );
    println!(
        "The journal's key is not in a backup. To check a checkpoint here, give `throughline journal verify` the public key\n\
         with --public-key: `throughline journal key` prints it where the checkpoints were made."
    );
    app.store.close().await;
    Ok(())
}
