//! Accounts, signing in and out, and recognising who visits.

pub mod cli;
pub mod pages;
mod password;
pub mod store;

pub use store::{Account, OwnSession};

use crate::app::{App, Call};
use crate::error::{Error, Faults, Result};
use crate::web::visit::Visitor;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use throughline_domain::access::{Action, Actor, Relation, Role};
use throughline_domain::account::{
    AccountAdded, AccountClosed, OtherSessionsEnded, PASSWORD_LENGTH_MIN, PasswordChanged,
    SignedIn, SignedOut,
};
use throughline_domain::id::{ForceId, UserId};

/// A session ends after this long without a visit,
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(1);
/// and after this long in any case.
const SESSION_MAX: SignedDuration = SignedDuration::from_hours(12);
/// How long failed sign-ins are counted.
const THROTTLE_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// How many are allowed in that time for one address of e-mail,
const FAILURES_PER_EMAIL: i64 = 5;
/// and from one network address.
const FAILURES_PER_ADDRESS: i64 = 50;

/// An account to be added.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What they sign in with.
    pub email: String,
    /// Their name, as others see it.
    pub name: String,
    /// The role's code.
    pub role: String,
    /// The force's id, for the force's own people.
    pub force: String,
    /// Their first password.
    pub password: String,
}

/// Adds an account.
///
/// # Errors
/// When something is missing, or the e-mail address has an account already.
pub async fn add(call: &Call, new: &NewAccount) -> Result<UserId> {
    let leave = call.permit(Action::ManageAccounts, Relation::Open)?;
    let event = check(call, new)?;
    let hash = password::hash(call.app.random_bytes(), new.password.clone()).await?;
    let mut operation = call.begin().await?;
    if store::is_taken(operation.connection(), &event.email).await? {
        return Err(Error::invalid(
            "email",
            "There is an account with that e-mail address already",
        ));
    }
    store::insert(operation.connection(), &event, &hash, call.now).await?;
    operation.commit(&leave, &event).await?;
    Ok(event.account)
}

fn check(call: &Call, new: &NewAccount) -> Result<AccountAdded> {
    let mut faults = Faults::default();
    let name = faults.required("name", &new.name, "Enter the person’s name");
    let email = new.email.trim().to_lowercase();
    if !email.contains('@') || email.contains(char::is_whitespace) {
        faults.add("email", "Enter an e-mail address, such as name@example.org");
    }
    let role: Option<Role> = faults
        .parsed("role", &new.role, "Choose a role")
        .filter(|role| Role::OF_ACCOUNTS.contains(role));
    let force: Option<ForceId> = new.force.trim().parse().ok();
    let of_a_force = role.is_some_and(Role::is_of_a_force);
    if of_a_force && force.is_none() {
        faults.add("force", "Choose the force this person belongs to");
    }
    if new.password.chars().count() < PASSWORD_LENGTH_MIN {
        faults.add(
            "password",
            format!("A password has at least {PASSWORD_LENGTH_MIN} characters"),
        );
    }
    faults.none()?;
    let role = role.ok_or_else(|| Error::invalid("role", "Choose a role"))?;
    Ok(AccountAdded {
        account: UserId::from_random(call.app.random()),
        name,
        email,
        role,
        force: force.filter(|_| of_a_force),
    })
}

/// Closes an account, for a reason. Its sessions end at once.
///
/// # Errors
/// When there is no such open account, no reason, or it is one's own.
pub async fn close(call: &Call, account: &UserId, reason: &str) -> Result<()> {
    let leave = call.permit(Action::ManageAccounts, Relation::Open)?;
    if call.actor.is(account) {
        return Err(Error::Refused("You cannot close your own account.".into()));
    }
    let mut faults = Faults::default();
    let reason = faults.required("reason", reason, "Say why the account is closed");
    faults.none()?;
    let mut operation = call.begin().await?;
    if !store::close(operation.connection(), account, call.now).await? {
        return Err(Error::NotFound);
    }
    store::end_sessions(operation.connection(), account).await?;
    operation
        .commit(
            &leave,
            &AccountClosed {
                account: account.clone(),
                reason,
            },
        )
        .await
}

/// Every account, by name.
///
/// # Errors
/// When it is not for this person.
pub async fn list(call: &Call) -> Result<Vec<Account>> {
    let _leave = call.permit(Action::ManageAccounts, Relation::Open)?;
    Ok(store::list(call.reader()).await?)
}

/// Changes one's own password; every other session ends.
///
/// # Errors
/// When the present password is wrong or the new one too short.
pub async fn change_password(call: &Call, present: &str, new: &str) -> Result<()> {
    let leave = call.permit(Action::UseOwnAccount, Relation::Own)?;
    let account = call.actor.user.clone().ok_or(Error::SignInFirst)?;
    let stored = store::find_password(call.reader(), &account)
        .await?
        .ok_or(Error::NotFound)?;
    let mut faults = Faults::default();
    if !password::verify(present.to_owned(), stored).await? {
        faults.add("present", "This is not your present password");
    }
    if new.chars().count() < PASSWORD_LENGTH_MIN {
        faults.add(
            "new",
            format!("A password has at least {PASSWORD_LENGTH_MIN} characters"),
        );
    }
    faults.none()?;
    let hash = password::hash(call.app.random_bytes(), new.to_owned()).await?;
    let mut operation = call.begin().await?;
    store::set_password(operation.connection(), &account, &hash).await?;
    store::end_sessions(operation.connection(), &account).await?;
    operation.commit(&leave, &PasswordChanged { account }).await
}

/// Signs somebody in and returns the session's token, which is stored nowhere.
///
/// # Errors
/// When e-mail address and password do not fit, in the same words whichever is wrong; when
/// there were too many tries.
pub async fn sign_in(call: &Call, email: &str, password: &str, address: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let since = call.now - THROTTLE_WINDOW;
    let failures = store::count_failures(call.reader(), &email, address, since).await?;
    if failures.0 >= FAILURES_PER_EMAIL || failures.1 >= FAILURES_PER_ADDRESS {
        return Err(Error::invalid(
            "email",
            "Too many tries. Wait a quarter of an hour and try again",
        ));
    }
    let account = store::find_by_email(call.reader(), &email).await?;
    let stored = account
        .as_ref()
        .map_or_else(|| password::NOBODYS.to_owned(), |a| a.password_hash.clone());
    let fits = password::verify(password.to_owned(), stored).await?;
    match account.filter(|account| fits && account.closed_at.is_none()) {
        Some(account) => start_session(call, &account).await,
        None => {
            store::add_failure(&call.app.store, &email, address, call.now).await?;
            Err(Error::invalid(
                "email",
                "The e-mail address or the password is not right",
            ))
        }
    }
}

async fn start_session(call: &Call, account: &Account) -> Result<String> {
    let actor = account.actor();
    let call = call.app.call(actor, call.now);
    let leave = call.permit(Action::SignIn, Relation::Open)?;
    let token = hex::encode(call.app.random_bytes());
    let form_token = hex::encode(call.app.random_bytes());
    let mut operation = call.begin().await?;
    store::end_old_sessions(operation.connection(), call.now - SESSION_MAX).await?;
    store::insert_session(
        operation.connection(),
        &digest(&token),
        &account.id,
        &form_token,
        call.now,
    )
    .await?;
    operation
        .commit(
            &leave,
            &SignedIn {
                account: account.id.0.clone(),
            },
        )
        .await?;
    Ok(token)
}

/// Ends a session.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(call: &Call, token: &str) -> Result<()> {
    let leave = call.permit(Action::UseOwnAccount, Relation::Own)?;
    let account = call.actor.user.clone().ok_or(Error::SignInFirst)?;
    let mut operation = call.begin().await?;
    store::end_session(operation.connection(), &digest(token)).await?;
    operation.commit(&leave, &SignedOut { account }).await
}

/// One's own sessions that have not ended: the one with this token, and the others.
///
/// # Errors
/// When the database does not answer.
pub async fn list_sessions(
    call: &Call,
    token: &str,
) -> Result<(Option<OwnSession>, Vec<OwnSession>)> {
    let _leave = call.permit(Action::UseOwnAccount, Relation::Own)?;
    let account = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let (started, seen) = (call.now - SESSION_MAX, call.now - IDLE_MAX);
    let mut all = store::list_sessions(call.reader(), account, started, seen).await?;
    let here = digest(token);
    let place = all.iter().position(|session| session.token_digest == here);
    let present = place.map(|place| all.remove(place));
    Ok((present, all))
}

/// Ends one's own sessions, but not the one with this token.
///
/// # Errors
/// When the database does not answer.
pub async fn end_other_sessions(call: &Call, token: &str) -> Result<u64> {
    let leave = call.permit(Action::UseOwnAccount, Relation::Own)?;
    let account = call.actor.user.clone().ok_or(Error::SignInFirst)?;
    let mut operation = call.begin().await?;
    let count = store::end_other_sessions(operation.connection(), &account, &digest(token)).await?;
    let event = OtherSessionsEnded { account, count };
    operation.commit(&leave, &event).await?;
    Ok(count)
}

/// Who a session's token belongs to, unless the session has ended.
///
/// # Errors
/// When the database does not answer.
pub async fn recognise(app: &Arc<App>, token: &str, now: Timestamp) -> Result<Option<Visitor>> {
    let digest = digest(token);
    let Some(session) = store::find_session(app.store.reader(), &digest).await? else {
        return Ok(None);
    };
    let idle = now.duration_since(session.last_seen_at.0);
    if idle > IDLE_MAX || now.duration_since(session.started_at.0) > SESSION_MAX {
        return Ok(None);
    }
    if idle > SignedDuration::from_mins(1) {
        store::touch_session(&app.store, &digest, now).await?;
    }
    Ok(Some(Visitor {
        actor: session.actor(),
        form_token: session.form_token,
    }))
}

/// Acts as somebody by their e-mail address: for the machine's own command line, whose
/// operator has the whole database in hand anyway. The journal names both.
///
/// # Errors
/// When there is no such open account.
pub async fn act_as(app: &Arc<App>, email: &str) -> Result<Actor> {
    let account = store::find_by_email(app.store.reader(), &email.trim().to_lowercase()).await?;
    let account = account.filter(|account| account.closed_at.is_none()).ok_or_else(|| {
        Error::Refused(format!("No open account has the e-mail address {email}. `throughline account list` names them."))
    })?;
    Ok(account.actor())
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests;
