//! `throughline force …`: the police forces.

use crate::cli::{CommandResult, Outside, Place};
use clap::{Args, Subcommand};

/// What to do with forces.
#[derive(Debug, Subcommand)]
pub enum Forces {
    /// Add a force
    Add(Add),
    /// List every force
    List,
}

/// The force to add.
#[derive(Debug, Args)]
pub struct Add {
    /// Its short code for addresses, such as norhaven
    #[arg(value_name = "CODE")]
    pub code: String,
    /// Its name
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Whose bank holidays count: england or wales
    #[arg(long, value_name = "NATION", default_value = "england")]
    pub nation: String,
}

/// Runs the command.
///
/// # Errors
/// When something is missing or refused.
pub async fn run(place: &Place, forces: Forces, outside: Outside) -> CommandResult {
    let app = place.open(outside).await?;
    let call = app.call(place.actor(&app).await?, (outside.clock)());
    match forces {
        Forces::Add(asked) => {
            super::add(&call, &asked.code, &asked.name, &asked.nation).await?;
            println!("{} is added, with the code {}.", asked.name, asked.code);
        }
        Forces::List => {
            for force in super::list(&call).await? {
                println!("{}\t{}\t{}", force.code, force.name, force.nation);
            }
        }
    }
    app.store.close().await;
    Ok(())
}
