//! Signing in and out, one's own account, and the administrator's list.

use super::{Account, NewAccount, Origin, OwnSession};
use crate::error::{Fault, Result};
use crate::force::{self, Force};
use crate::web::page::{render, render_faulty};
use crate::web::response::{redirect, redirect_saying};
use crate::web::visit::{browser_cookie, browser_token, session_cookie, session_token};
use crate::web::{At, Page, PageResult, Posted, Routes, Visit};
use askama::Template;
use axum::extract::{ConnectInfo, Query};
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use throughline_domain::access::{Action, Role};
use throughline_domain::calendar::london;
use throughline_domain::id::UserId;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/sign-in", Action::SignIn, ask)
        .post("/sign-in", Action::SignIn, sign_in)
        .post("/sign-out", Action::UseOwnAccount, sign_out)
        .get("/account", Action::UseOwnAccount, own)
        .post("/account/password", Action::UseOwnAccount, change_password)
        .post("/account/sessions", Action::UseOwnAccount, end_others)
        .get("/accounts", Action::ManageAccounts, list)
        .post("/accounts", Action::ManageAccounts, add)
        .post("/accounts/forces", Action::ManageForces, add_force)
        .post("/accounts/{account}/close", Action::ManageAccounts, close)
}

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage {
    page: Page,
    email: String,
    next: String,
    faults: Vec<Fault>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn ask(visit: Visit, Query(Next { next }): Query<Next>) -> PageResult {
    if visit.call.actor.user.is_some() {
        return Ok(redirect(own_path(&next)));
    }
    render(&SignInPage {
        page: visit.page("Sign in"),
        email: String::new(),
        next,
        faults: Vec::new(),
    })
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    visit: Visit,
    address: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    posted: Result<Posted<Credentials>>,
) -> PageResult {
    // Signed in meanwhile in another window: the form of this one is out of date.
    if posted.is_err() && visit.call.actor.user.is_some() {
        return Ok(redirect("/work"));
    }
    let Posted(form) = posted?;
    let address = network_address(address.map(|connected| connected.0.0.ip()), &headers);
    let browser = browser_token(&visit.web, &headers);
    let origin = Origin {
        address: &address,
        browser: browser.as_deref(),
    };
    match super::sign_in(&visit.call, &form.email, &form.password, origin).await {
        Ok(admission) => {
            let https = visit.web.https;
            let to = redirect(own_path(&form.next));
            let known = with_cookie(to, &browser_cookie(https, &admission.browser))?;
            with_cookie(known, &session_cookie(https, &admission.session))
        }
        Err(error) => {
            let faults = error.into_faults()?;
            let page = visit.page("Sign in").with_faults(&faults);
            render_faulty(&SignInPage {
                page,
                email: form.email,
                next: form.next,
                faults,
            })
        }
    }
}

/// Where somebody comes from: as the reverse proxy on this machine says, or as we see it.
/// Nobody else is believed, or they would choose whose tries theirs count as.
fn network_address(peer: Option<IpAddr>, headers: &HeaderMap) -> String {
    let said = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .next_back()
        .and_then(|list| list.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok());
    match (peer, said) {
        (Some(peer), Some(said)) if peer.is_loopback() => said.to_string(),
        (Some(peer), _) => peer.to_string(),
        (None, _) => "unknown".into(),
    }
}

/// Only a path of our own: never another site's address.
fn own_path(next: &str) -> &str {
    let ours =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if ours && next != "/" { next } else { "/work" }
}

fn with_cookie(mut response: axum::response::Response, cookie: &str) -> PageResult {
    let value = HeaderValue::from_str(cookie)
        .map_err(|error| crate::error::Error::Internal(error.to_string()))?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

#[derive(Deserialize)]
struct Empty {}

async fn sign_out(visit: Visit, headers: HeaderMap, Posted(Empty {}): Posted<Empty>) -> PageResult {
    if let Some(token) = session_token(&visit.web, &headers) {
        super::sign_out(&visit.call, &token).await?;
    }
    with_cookie(
        redirect_saying("/sign-in", "You are signed out."),
        &session_cookie(visit.web.https, ""),
    )
}

#[derive(Template)]
#[template(path = "account/own.html")]
struct OwnPage {
    page: Page,
    present: Option<OwnSession>,
    others: Vec<OwnSession>,
    faults: Vec<Fault>,
}

impl OwnPage {
    /// `2 February, 09:00`, by London's clock.
    fn moment(at: Timestamp) -> String {
        let there = at.to_zoned_datetime(london().clone());
        there.strftime("%-d %B, %H:%M").to_string()
    }
}

async fn own_page(visit: &Visit, headers: &HeaderMap, faults: Vec<Fault>) -> Result<OwnPage> {
    let token = session_token(&visit.web, headers).unwrap_or_default();
    let (present, others) = super::list_sessions(&visit.call, &token).await?;
    Ok(OwnPage {
        page: visit.page("Your account").with_faults(&faults),
        present,
        others,
        faults,
    })
}

async fn own(visit: Visit, headers: HeaderMap) -> PageResult {
    render(&own_page(&visit, &headers, Vec::new()).await?)
}

async fn end_others(
    visit: Visit,
    headers: HeaderMap,
    Posted(Empty {}): Posted<Empty>,
) -> PageResult {
    let token = session_token(&visit.web, &headers).unwrap_or_default();
    super::end_other_sessions(&visit.call, &token).await?;
    Ok(redirect_saying("/account", "You are signed in here only."))
}

#[derive(Deserialize)]
struct Passwords {
    present: String,
    new: String,
}

async fn change_password(
    visit: Visit,
    headers: HeaderMap,
    Posted(form): Posted<Passwords>,
) -> PageResult {
    match super::change_password(&visit.call, &form.present, &form.new).await {
        Ok(()) => Ok(redirect_saying(
            "/sign-in",
            "Your password is changed. Sign in with the new one.",
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&own_page(&visit, &headers, faults).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "account/list.html")]
struct ListPage {
    page: Page,
    accounts: Vec<Account>,
    forces: Vec<Force>,
    roles: Vec<(String, String)>,
    force_options: Vec<(String, String)>,
    nations: Vec<(String, String)>,
    form: AccountForm,
    force_form: ForceForm,
    faults: Vec<Fault>,
}

#[derive(Default, Deserialize)]
struct AccountForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    force: String,
    #[serde(default)]
    password: String,
}

#[derive(Default, Deserialize)]
struct ForceForm {
    #[serde(rename = "force-code")]
    code: String,
    #[serde(rename = "force-name")]
    name: String,
    #[serde(rename = "force-nation")]
    nation: String,
}

async fn list_page(
    visit: &Visit,
    form: AccountForm,
    force_form: ForceForm,
    faults: Vec<Fault>,
) -> Result<ListPage> {
    let forces = force::list(&visit.call).await?;
    let pair = |code: &str, words: &str| (code.to_owned(), words.to_owned());
    Ok(ListPage {
        page: visit.page("Accounts").with_faults(&faults),
        accounts: super::list(&visit.call).await?,
        roles: Role::OF_ACCOUNTS
            .iter()
            .map(|role| pair(role.code(), role.title()))
            .collect(),
        force_options: forces
            .iter()
            .map(|force| pair(force.id.as_str(), &force.name))
            .collect(),
        nations: force::NATIONS
            .iter()
            .map(|(code, words)| pair(code, words))
            .collect(),
        forces,
        form,
        force_form,
        faults,
    })
}

async fn list(visit: Visit) -> PageResult {
    render(
        &list_page(
            &visit,
            AccountForm::default(),
            ForceForm::default(),
            Vec::new(),
        )
        .await?,
    )
}

async fn add(visit: Visit, Posted(form): Posted<AccountForm>) -> PageResult {
    let new = NewAccount {
        email: form.email.clone(),
        name: form.name.clone(),
        role: form.role.clone(),
        force: form.force.clone(),
        password: form.password.clone(),
        chosen: false,
    };
    match super::add(&visit.call, &new).await {
        Ok(_) => Ok(redirect_saying(
            "/accounts",
            &format!("{} can now sign in.", new.name.trim()),
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            render_faulty(&list_page(&visit, form, ForceForm::default(), faults).await?)
        }
    }
}

async fn add_force(visit: Visit, Posted(form): Posted<ForceForm>) -> PageResult {
    match force::add(&visit.call, &form.code, &form.name, &form.nation).await {
        Ok(_) => Ok(redirect_saying(
            "/accounts",
            &format!("{} is added.", form.name.trim()),
        )),
        Err(error) => {
            let faults = error.into_faults()?;
            let faults = faults.into_iter().map(|fault| Fault {
                field: format!("force-{}", fault.field),
                ..fault
            });
            render_faulty(&list_page(&visit, AccountForm::default(), form, faults.collect()).await?)
        }
    }
}

#[derive(Deserialize)]
struct Reason {
    reason: String,
}

async fn close(visit: Visit, At(account): At<UserId>, Posted(form): Posted<Reason>) -> PageResult {
    super::close(&visit.call, &account, &form.reason).await?;
    Ok(redirect_saying(
        "/accounts",
        "The account is closed and its sessions have ended.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_proxy_on_this_machine_says_where_somebody_comes_from() {
        let forwarded = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(value));
            headers
        };
        let peer = |text: &str| text.parse::<IpAddr>().ok();
        for (from, said, expected) in [
            ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
            ("127.0.0.1", "203.0.113.5, 192.0.2.7", "192.0.2.7"),
            ("127.0.0.1", "not an address", "127.0.0.1"),
            ("198.51.100.1", "192.0.2.7", "198.51.100.1"),
        ] {
            assert_eq!(
                network_address(peer(from), &forwarded(said)),
                expected,
                "{said}"
            );
        }
    }
}
