//! Who visits: the session, and the call that the page's operations are given.

use super::page::Page;
use super::{Web, redirect, response};
use crate::account;
use crate::app::Call;
use crate::error::Error;
use axum::extract::{FromRef, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use throughline_domain::access::Actor;

/// Who sent the request, and what proves that a form came from one of our pages.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who.
    pub actor: Actor,
    /// Whether their password was given to them, so that they must choose their own first.
    pub must_choose_password: bool,
    /// The token every form of this session carries; empty for the public.
    pub form_token: String,
}

impl Visitor {
    /// Somebody who has not signed in.
    pub fn public() -> Self {
        Visitor {
            actor: Actor::public(),
            must_choose_password: false,
            form_token: String::new(),
        }
    }
}

const COOKIE: &str = "throughline";
const SECURE_COOKIE: &str = "__Host-throughline";

/// The cookie that holds the session's token.
pub fn session_cookie(https: bool, token: &str) -> String {
    let life = if token.is_empty() { "; Max-Age=0" } else { "" };
    if https {
        format!("{SECURE_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Secure{life}")
    } else {
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{life}")
    }
}

const BROWSER_COOKIE: &str = "throughline-browser";
const SECURE_BROWSER_COOKIE: &str = "__Host-throughline-browser";

/// The cookie by which a browser is known again, for a year. It opens nothing.
pub fn browser_cookie(https: bool, token: &str) -> String {
    const YEAR: u32 = 365 * 24 * 60 * 60;
    if https {
        format!(
            "{SECURE_BROWSER_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age={YEAR}"
        )
    } else {
        format!("{BROWSER_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={YEAR}")
    }
}

/// The token by which a browser is known again, as it sent it.
pub fn browser_token(web: &Web, headers: &HeaderMap) -> Option<String> {
    let name = if web.https {
        SECURE_BROWSER_COOKIE
    } else {
        BROWSER_COOKIE
    };
    cookie(headers, name).map(str::to_owned)
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The session's token, as the browser sent it.
pub fn session_token(web: &Web, headers: &HeaderMap) -> Option<String> {
    let name = if web.https { SECURE_COOKIE } else { COOKIE };
    cookie(headers, name)
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
}

/// Recognises the visitor before anything else happens.
pub async fn recognise(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let now = (web.clock)();
    let visitor = match session_token(&web, request.headers()) {
        Some(token) => match account::recognise(&web.app, &token, now).await {
            Ok(visitor) => visitor.unwrap_or_else(Visitor::public),
            Err(error) => return error.into_response(),
        },
        None => Visitor::public(),
    };
    let signed_in = visitor.actor.user.is_some();
    let was_said = response::said(request.headers()).is_some();
    request.extensions_mut().insert(visitor);
    let mut response = next.run(request).await;
    if signed_in {
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(header::HeaderValue::from_static("no-store"));
    }
    if was_said && !response.status().is_redirection() {
        response::forget_said(&mut response);
    }
    response
}

/// Sends somebody to the sign-in page, and back afterwards.
pub fn sign_in_first(method: &Method, uri: &Uri) -> Response {
    let target = if method == Method::GET {
        uri.path()
    } else {
        "/"
    };
    let next = serde_html_form::to_string([("next", target)]).unwrap_or_default();
    redirect(&format!("/sign-in?{next}")).into_response()
}

/// A request, as a page's handler sees it.
#[derive(Debug, Clone)]
pub struct Visit {
    /// For operations: who, when, and the program.
    pub call: Call,
    /// What every request shares.
    pub web: Web,
    form_token: String,
    said: Option<String>,
    path: String,
}

impl Visit {
    /// A page with a title, which is also its main heading's sense.
    pub fn page(&self, title: impl Into<String>) -> Page {
        Page {
            title: title.into(),
            actor: self.call.actor.clone(),
            form_token: self.form_token.clone(),
            said: self.said.clone(),
            path: self.path.clone(),
            notice: self.web.notice.clone(),
            faulty: false,
        }
    }
}

impl<S> FromRequestParts<S> for Visit
where
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let web = Web::from_ref(state);
        let visitor = parts
            .extensions
            .get::<Visitor>()
            .cloned()
            .unwrap_or_else(Visitor::public);
        Ok(Visit {
            call: web.app.call(visitor.actor, (web.clock)()),
            web,
            form_token: visitor.form_token,
            said: response::said(&parts.headers),
            path: parts.uri.path().to_owned(),
        })
    }
}

/// The ids in a path. A path whose ids are not ids does not exist.
#[derive(Debug, Clone)]
pub struct At<T>(pub T);

impl<T, S> FromRequestParts<S> for At<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(value)| At(value))
            .map_err(|_| Error::NotFound)
    }
}
