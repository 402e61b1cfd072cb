//! `throughline journal …`: check the journal, hand out checkpoints, let others check it.

use super::{Held, checkpoint, export, key, verify};
use crate::app::App;
use crate::cli::{CommandResult, Failure, Outside, Place};
use crate::new_file::NewFile;
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use throughline_domain::id;
use throughline_journal::Checkpoint;
use throughline_journal::note::{SigningKey, VerifyingKey};

/// What to do with the journal.
#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Check that every entry is there, unaltered and in order
    Verify(Verify),
    /// Print a signed checkpoint, for others to keep: what the journal is now
    Checkpoint(Sign),
    /// Print the public key that checkpoints are verified with, making a key where there is none
    Key(MakeKey),
    /// Write every entry with its change as JSON lines, which crates/journal/verify.py checks
    Export(Export),
}

/// What to check it against.
#[derive(Debug, Args)]
pub struct Verify {
    /// A checkpoint kept from earlier, which the journal must continue; may be given again
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// The public key of the checkpoints (name+hash+base64); without it, that of the key file
    #[arg(long, value_name = "KEY")]
    pub public_key: Option<String>,
    #[command(flatten)]
    key: KeyFile,
}

/// Where the secret key is.
#[derive(Debug, Clone, Args)]
pub struct KeyFile {
    /// The file with the secret key; without it, journal.key beside the embedded database
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// How to sign.
#[derive(Debug, Args)]
pub struct Sign {
    #[command(flatten)]
    key: KeyFile,
    /// Put it on the public pages too, where anybody can download the latest one
    #[arg(long)]
    pub publish: bool,
}

/// The key to print or make.
#[derive(Debug, Args)]
pub struct MakeKey {
    #[command(flatten)]
    file: KeyFile,
    /// What a new key is called in checkpoints, such as inspectorate.example/journal
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// Where to write.
#[derive(Debug, Args)]
pub struct Export {
    /// The file to write, which must not exist yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When the journal does not verify, or something cannot be read or written.
pub async fn run(place: &Place, journal: Journal, outside: Outside) -> CommandResult {
    match journal {
        Journal::Verify(asked) => verify_command(place, &asked, outside).await,
        Journal::Checkpoint(asked) => checkpoint_command(place, &asked, outside).await,
        Journal::Key(asked) => key_command(place, &asked, outside),
        Journal::Export(asked) => export_command(place, &asked, outside).await,
    }
}

async fn verify_command(place: &Place, asked: &Verify, outside: Outside) -> CommandResult {
    let checkpoints = open_checkpoints(place, asked)?;
    let app = place.open_existing(outside).await?;
    let held = verified(&app, &checkpoints).await?;
    println!("{}", in_words(&held));
    for (file, checkpoint) in asked.checkpoint.iter().zip(&checkpoints) {
        println!(
            "It continues {}: its {} entries are the first of these.",
            file.display(),
            checkpoint.size
        );
    }
    app.store.close().await;
    Ok(())
}

/// Checks the journal as it is at one moment.
async fn verified(app: &Arc<App>, checkpoints: &[Checkpoint]) -> Result<Held, Failure> {
    let mut snapshot = app
        .store
        .begin_snapshot()
        .await
        .map_err(crate::error::Error::from)?;
    verify(&mut snapshot, checkpoints)
        .await?
        .map_err(Failure::new)
}

fn in_words(held: &Held) -> String {
    let until = held
        .until
        .as_ref()
        .map_or_else(String::new, |at| format!(", the last of {at}"));
    format!(
        "The journal verifies: {} entries{until}, every one unaltered and in order.\nIts root is {}.",
        held.verified.size,
        held.verified.root.to_base64()
    )
}

fn open_checkpoints(place: &Place, asked: &Verify) -> Result<Vec<Checkpoint>, Failure> {
    if asked.checkpoint.is_empty() {
        return Ok(Vec::new());
    }
    let public = public_key(place, asked)?;
    let read = |file: &PathBuf| {
        let note = std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
        Checkpoint::open(&note, &public)
            .map_err(|error| Failure::new(format!("{}: {error}", file.display())))
    };
    asked.checkpoint.iter().map(read).collect()
}

fn public_key(place: &Place, asked: &Verify) -> Result<VerifyingKey, Failure> {
    if let Some(text) = &asked.public_key {
        return text.trim().parse().map_err(Failure::usage);
    }
    let path = path_of(place, &asked.key)?;
    match key::find(&path).map_err(Failure::new)? {
        Some(key) => Ok(key.verifying_key()),
        None => Err(Failure::usage(format!(
            "{} is not there: give the key that signed the checkpoints with --public-key",
            path.display()
        ))),
    }
}

/// A checkpoint is signed only of a journal that verifies.
async fn checkpoint_command(place: &Place, asked: &Sign, outside: Outside) -> CommandResult {
    let app = place.open_existing(outside).await?;
    let held = verified(&app, &[]).await?;
    let key = key_for_signing(place, &asked.key, outside)?;
    let signed = Checkpoint {
        origin: key.name().to_owned(),
        size: held.verified.size,
        root: held.verified.root,
    };
    let note = if asked.publish {
        let call = app.call(place.actor(&app).await?, (outside.clock)());
        checkpoint::publish(&call, &signed, &key).await?
    } else {
        signed.sign(&key).map_err(Failure::new)?
    };
    print!("{note}");
    std::io::stdout().flush()?;
    eprintln!(
        "The public key, for whoever keeps this checkpoint: {}",
        key.vkey()
    );
    app.store.close().await;
    Ok(())
}

fn key_for_signing(place: &Place, file: &KeyFile, outside: Outside) -> Result<SigningKey, Failure> {
    let path = path_of(place, file)?;
    match key::find(&path).map_err(Failure::new)? {
        Some(key) => Ok(key),
        None if file.key.is_none() => make(&path, None, outside),
        None => Err(Failure::usage(format!(
            "there is no key {0}: make it once with `throughline journal key --key {0}`",
            path.display()
        ))),
    }
}

fn key_command(place: &Place, asked: &MakeKey, outside: Outside) -> CommandResult {
    let path = path_of(place, &asked.file)?;
    let key = match key::find(&path).map_err(Failure::new)? {
        Some(_) if asked.name.is_some() => {
            return Err(Failure::usage(format!(
                "{} has its name already: a key is never renamed",
                path.display()
            )));
        }
        Some(key) => key,
        None => make(&path, asked.name.as_deref(), outside)?,
    };
    println!("{}", key.vkey());
    Ok(())
}

fn make(path: &Path, name: Option<&str>, outside: Outside) -> Result<SigningKey, Failure> {
    let seed = (outside.random)();
    let [a, b, c, d, e, f, g, h, ..] = (outside.random)();
    let number = id::from_random(u64::from_be_bytes([a, b, c, d, e, f, g, h]));
    let name = name.map_or_else(|| format!("throughline/{number}"), str::to_owned);
    let key = key::make(path, &name, &seed).map_err(Failure::new)?;
    eprintln!(
        "Made the key {}. Keep a copy of it apart from the backups, and let nobody read it.",
        path.display()
    );
    Ok(key)
}

fn path_of(place: &Place, file: &KeyFile) -> Result<PathBuf, Failure> {
    match (&file.key, &place.database) {
        (Some(path), _) => Ok(path.clone()),
        (None, None) => Ok(place.data.join("journal.key")),
        (None, Some(_)) => Err(Failure::usage(
            "with --database, say where the key is with --key FILE",
        )),
    }
}

async fn export_command(place: &Place, asked: &Export, outside: Outside) -> CommandResult {
    let app = place.open_existing(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    let mut file = NewFile::create(&asked.out)?;
    let count = export::export(&call, &mut file).await?;
    file.finish()?;
    println!("Wrote {count} entries to {}.", asked.out.display());
    println!("They hold what was changed in each case: keep them as you keep the database.");
    app.store.close().await;
    Ok(())
}
