//! The police forces.

pub mod cli;
pub mod store;

use crate::app::Call;
use crate::error::{Error, Faults, Result};
use throughline_domain::access::{Action, Relation};
use throughline_domain::account::ForceAdded;
use throughline_domain::id::ForceId;

pub use store::Force;

/// The nations whose standards and bank holidays differ.
pub const NATIONS: [(&str, &str); 2] = [("england", "England"), ("wales", "Wales")];

/// Adds a force.
///
/// # Errors
/// When the code or name is missing, malformed or taken.
pub async fn add(call: &Call, code: &str, name: &str, nation: &str) -> Result<ForceId> {
    let leave = call.permit(Action::ManageForces, Relation::Open)?;
    let mut faults = Faults::default();
    let code = faults.required("code", code, "Enter a short code, such as norhaven");
    if !code
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        faults.add("code", "A code has small letters, digits and hyphens only");
    }
    let name = faults.required("name", name, "Enter the force’s name");
    if !NATIONS.iter().any(|(code, _)| *code == nation) {
        faults.add("nation", "Choose England or Wales");
    }
    faults.none()?;
    let event = ForceAdded {
        force: ForceId::from_random(call.app.random()),
        code,
        name,
        nation: nation.to_owned(),
    };
    let mut operation = call.begin().await?;
    if store::is_taken(operation.connection(), &event.code, &event.name).await? {
        return Err(Error::invalid(
            "code",
            "There is a force with that code or name already",
        ));
    }
    store::insert(operation.connection(), &event, call.now).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.force)
}

/// Every force, by name. Which forces there are is public.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call) -> Result<Vec<Force>> {
    Ok(store::list(call.reader()).await?)
}

/// A force by its code.
///
/// # Errors
/// When there is none.
pub async fn load(call: &Call, code: &str) -> Result<Force> {
    store::find_by_code(call.reader(), code)
        .await?
        .ok_or(Error::NotFound)
}
