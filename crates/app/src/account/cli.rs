//! `throughline account …`: who can sign in.

use super::{Account, NewAccount};
use crate::app::Call;
use crate::cli::{CommandResult, Failure, Outside, Place};
use crate::force;
use clap::{Args, Subcommand};
use std::io::Read;
use std::path::{Path, PathBuf};
use throughline_domain::id;

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum Accounts {
    /// Add an account
    Add(Add),
    /// Close an account; its sessions end at once
    Close(Close),
    /// List every account
    List,
}

/// The account to add.
#[derive(Debug, Args)]
pub struct Add {
    /// What they sign in with
    #[arg(long, value_name = "EMAIL")]
    pub email: String,
    /// Their name, as others see it
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// inspector, lead-inspector, administrator, force-liaison, force-chief or reader
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// The code of their force, for force-liaison and force-chief
    #[arg(long, value_name = "CODE")]
    pub force: Option<String>,
    /// A file with their first password, - for the standard input; without it, one is made
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// The account to close.
#[derive(Debug, Args)]
pub struct Close {
    /// What they sign in with
    #[arg(value_name = "EMAIL")]
    pub email: String,
    /// Why, for the journal
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Runs the command.
///
/// # Errors
/// When something is missing or refused.
pub async fn run(place: &Place, accounts: Accounts, outside: Outside) -> CommandResult {
    let app = place.open(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    match accounts {
        Accounts::Add(asked) => add(&call, asked).await?,
        Accounts::Close(asked) => close(&call, &asked).await?,
        Accounts::List => list(&call).await?,
    }
    app.store.close().await;
    Ok(())
}

async fn add(call: &Call, asked: Add) -> CommandResult {
    let force = match &asked.force {
        Some(code) => force::load(call, code)
            .await
            .map_err(|_| {
                Failure::usage(format!(
                    "no force has the code {code}: `throughline force list` names them"
                ))
            })?
            .id
            .to_string(),
        None => String::new(),
    };
    let given = asked
        .password_file
        .as_deref()
        .map(read_password)
        .transpose()?;
    let made = given.is_none();
    let password = given.unwrap_or_else(|| made_password(call.app.random()));
    let new = NewAccount {
        email: asked.email,
        name: asked.name,
        role: asked.role,
        force,
        password: password.clone(),
        chosen: false,
    };
    super::add(call, &new).await?;
    println!("{} can sign in.", new.email);
    if made {
        println!(
            "Their first password, shown this once: {password}\nThey choose their own when they first sign in."
        );
    }
    Ok(())
}

fn read_password(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Sixty random bits, to be read aloud: `4k9x-w2m8-q0ab`.
fn made_password(bits: u64) -> String {
    let letters = id::from_random(bits);
    format!("{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..])
}

async fn close(call: &Call, asked: &Close) -> CommandResult {
    let email = asked.email.trim().to_lowercase();
    let accounts = super::list(call).await?;
    let open = |account: &&Account| account.email == email && account.closed_at.is_none();
    let Some(account) = accounts.iter().find(open) else {
        return Err(Failure::usage(format!(
            "no open account has the e-mail address {email}: `throughline account list` names them"
        )));
    };
    super::close(call, &account.id, &asked.reason).await?;
    println!("{email} can no longer sign in.");
    Ok(())
}

async fn list(call: &Call) -> CommandResult {
    for account in super::list(call).await? {
        let force = account.force_name.as_deref().unwrap_or("-");
        let closed = account
            .closed_at
            .as_ref()
            .map_or_else(String::new, |at| format!("\tclosed {at}"));
        let role = account.role().code();
        println!(
            "{}\t{}\t{role}\t{force}{closed}",
            account.email, account.name
        );
    }
    Ok(())
}
