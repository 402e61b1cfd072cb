//! Accounts, signing in and out, and recognising who visits.

pub mod cli;
pub mod pages;
mod password;
pub mod store;

pub use password::PasswordQueue;
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
/// How long tries at a password are counted.
const THROTTLE_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// How many are allowed in that time for one address of e-mail,
const TRIES_PER_EMAIL: i64 = 5;
/// and from one network address.
const TRIES_PER_ADDRESS: i64 = 50;
/// The longest address of e-mail there is, in characters (RFC 5321, 4.5.3.1.3).
const EMAIL_LENGTH_MAX: usize = 254;
/// How long a browser stays known after somebody last signed in from it.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 365);

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
    /// Whether they chose it themselves. One that somebody gave them must be changed when they
    /// first sign in.
    pub chosen: bool,
}

/// Adds an account.
///
/// # Errors
/// When something is missing, or the e-mail address has an account already.
pub async fn add(call: &Call, new: &NewAccount) -> Result<UserId> {
    let leave = call.permit(Action::ManageAccounts, Relation::Open)?;
    let event = check(call, new)?;
    let turn = call.app.passwords.enter()?;
    let hash = password::hash(&turn, call.app.random_bytes(), new.password.clone()).await?;
    drop(turn);
    let mut operation = call.begin().await?;
    if store::is_taken(operation.connection(), &event.email).await? {
        return Err(Error::invalid(
            "email",
            "There is an account with that e-mail address already",
        ));
    }
    store::insert(operation.connection(), &event, &hash, call.now).await?;
    if new.chosen {
        store::set_password(operation.connection(), &event.account, &hash, call.now).await?;
    }
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
    if email.chars().count() > EMAIL_LENGTH_MAX {
        faults.add("email", TOO_LONG);
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

/// Changes one's own password; every session ends. Tries at the present one are counted as at
/// signing in, though apart from those of people who have not signed in.
///
/// # Errors
/// When the present password is wrong, the new one too short or the same, or there were too
/// many tries.
pub async fn change_password(call: &Call, present: &str, new: &str) -> Result<()> {
    let leave = call.permit(Action::UseOwnAccount, Relation::Own)?;
    let account = call.actor.user.clone().ok_or(Error::SignInFirst)?;
    let turn = call.app.passwords.enter()?;
    let counted_as = digest(&format!("present password of {account}"));
    let tried = count_try(call, &counted_as, None, "present").await?;
    let stored = store::find_password(call.reader(), &account)
        .await?
        .ok_or(Error::NotFound)?;
    let fits = password::verify(&turn, present.to_owned(), stored).await?;
    check_new_password(present, new, fits)?;
    let hash = password::hash(&turn, call.app.random_bytes(), new.to_owned()).await?;
    drop(turn);
    let mut operation = call.begin().await?;
    store::forget_try(operation.connection(), &tried).await?;
    store::set_password(operation.connection(), &account, &hash, call.now).await?;
    store::end_sessions(operation.connection(), &account).await?;
    operation.commit(&leave, &PasswordChanged { account }).await
}

fn check_new_password(present: &str, new: &str, fits: bool) -> Result<()> {
    let mut faults = Faults::default();
    if !fits {
        faults.add("present", "This is not your present password");
    }
    if new.chars().count() < PASSWORD_LENGTH_MIN {
        faults.add(
            "new",
            format!("A password has at least {PASSWORD_LENGTH_MIN} characters"),
        );
    }
    if fits && new == present {
        faults.add("new", "Choose another password than the present one");
    }
    faults.none()
}

/// Where a try to sign in comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The network address.
    pub address: &'a str,
    /// What the browser keeps from an earlier time that somebody signed in from it.
    pub browser: Option<&'a str>,
}

/// What a browser is given when somebody has signed in. Neither is stored anywhere.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The session's token.
    pub session: String,
    /// By which the browser is known again.
    pub browser: String,
}

/// Signs somebody in.
///
/// A try is entered before the password is looked at and struck out when it was right, so that
/// many at once count as many. From a browser from which somebody has signed in before their
/// tries are counted apart: strangers elsewhere cannot lock them out.
///
/// # Errors
/// When e-mail address and password do not fit, in the same words whichever is wrong; when
/// there were too many tries, or too many passwords wait to be looked at.
pub async fn sign_in(
    call: &Call,
    email: &str,
    password: &str,
    origin: Origin<'_>,
) -> Result<Admission> {
    let email = email.trim().to_lowercase();
    if email.chars().count() > EMAIL_LENGTH_MAX {
        return Err(Error::invalid("email", TOO_LONG));
    }
    let turn = call.app.passwords.enter()?;
    let account = store::find_by_email(call.reader(), &email).await?;
    let known = find_known(call, account.as_ref(), origin).await?;
    let (counted_as, address) = match known {
        Some(browser) => (digest(&format!("{email} from {browser}")), None),
        None => (digest(&email), Some(origin.address)),
    };
    let tried = count_try(call, &counted_as, address, "email").await?;
    let stored = account
        .as_ref()
        .map_or_else(|| password::NOBODYS.to_owned(), |a| a.password_hash.clone());
    let fits = password::verify(&turn, password.to_owned(), stored).await?;
    drop(turn);
    match account.filter(|account| fits && account.closed_at.is_none()) {
        Some(account) => start_session(call, &account, origin, &tried).await,
        None => Err(Error::invalid(
            "email",
            "The e-mail address or the password is not right",
        )),
    }
}

const TOO_LONG: &str = "An e-mail address has at most 254 characters";

/// The browser's token, where somebody has signed in to this account from it before.
async fn find_known<'a>(
    call: &Call,
    account: Option<&Account>,
    origin: Origin<'a>,
) -> Result<Option<&'a str>> {
    let (Some(account), Some(browser)) = (account, origin.browser) else {
        return Ok(None);
    };
    let since = call.now - KNOWN_FOR;
    let known =
        store::is_known_browser(call.reader(), &account.id, &digest(browser), since).await?;
    Ok(known.then_some(browser))
}

/// Enters a try at a password, in a transaction of its own: what is refused, crashes or is
/// broken off stays counted. Without an address it is not counted by address.
async fn count_try(
    call: &Call,
    counted_as: &str,
    address: Option<&str>,
    field: &'static str,
) -> Result<String> {
    let mut transaction = call.app.store.begin().await?;
    store::forget_tries(&mut transaction, call.now - THROTTLE_WINDOW).await?;
    let address = address.unwrap_or_default();
    let (tries, from_address) = store::count_tries(&mut transaction, counted_as, address).await?;
    let too_many =
        tries >= TRIES_PER_EMAIL || (!address.is_empty() && from_address >= TRIES_PER_ADDRESS);
    let id = hex::encode(call.app.random_bytes());
    if !too_many {
        store::add_try(&mut transaction, &id, counted_as, address, call.now).await?;
    }
    transaction.commit().await?;
    if too_many {
        return Err(Error::invalid(
            field,
            "Too many tries. Wait a quarter of an hour and try again",
        ));
    }
    Ok(id)
}

async fn start_session(
    call: &Call,
    account: &Account,
    origin: Origin<'_>,
    tried: &str,
) -> Result<Admission> {
    let actor = account.actor();
    let call = call.app.call(actor, call.now);
    let leave = call.permit(Action::SignIn, Relation::Open)?;
    let session = hex::encode(call.app.random_bytes());
    let form_token = hex::encode(call.app.random_bytes());
    let browser = origin
        .browser
        .filter(|token| token.len() == session.len())
        .map_or_else(|| hex::encode(call.app.random_bytes()), str::to_owned);
    let mut operation = call.begin().await?;
    let connection = operation.connection();
    store::forget_try(connection, tried).await?;
    store::end_old_sessions(connection, call.now - SESSION_MAX).await?;
    store::insert_session(
        connection,
        &digest(&session),
        &account.id,
        &form_token,
        call.now,
    )
    .await?;
    store::forget_browsers(connection, call.now - KNOWN_FOR).await?;
    store::know_browser(connection, &account.id, &digest(&browser), call.now).await?;
    let event = SignedIn {
        account: account.id.0.clone(),
    };
    operation.commit(&leave, &event).await?;
    Ok(Admission { session, browser })
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
        must_choose_password: session.password_chosen_at.is_none(),
        form_token: session.form_token,
    }))
}

/// Somebody by their e-mail address, as one who acts.
///
/// # Errors
/// When there is no such open account.
pub async fn find_actor(app: &Arc<App>, email: &str) -> Result<Actor> {
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
