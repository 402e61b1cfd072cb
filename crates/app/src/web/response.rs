//! What goes back: pages, redirects with a word of what was done, and errors.

use super::page::ErrorPage;
use crate::error::Error;
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::any::Any;

/// What a page's handler returns.
pub type PageResult = Result<Response, Error>;

const SAID_COOKIE: &str = "throughline-said";

/// Sends the browser to another page.
pub fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => not_found_page(),
    }
}

/// Sends the browser to another page, which first says what was done.
pub fn redirect_saying(to: &str, said: &str) -> Response {
    let mut response = redirect(to);
    let coded = hex::encode(said);
    if let Ok(cookie) = HeaderValue::from_str(&format!(
        "{SAID_COOKIE}={coded}; Path=/; HttpOnly; SameSite=Lax; Max-Age=30"
    )) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What the page before said was done.
pub(super) fn said(headers: &HeaderMap) -> Option<String> {
    let coded = super::visit::cookie(headers, SAID_COOKIE)?;
    String::from_utf8(hex::decode(coded).ok()?)
        .ok()
        .filter(|said| !said.is_empty())
}

/// Forgets what was said, once a page has shown it.
pub(super) fn forget_said(response: &mut Response) {
    response.headers_mut().append(
        header::SET_COOKIE,
        HeaderValue::from_static("throughline-said=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"),
    );
}

/// For every address that has no page.
pub async fn not_found() -> Response {
    not_found_page()
}

/// The page that says there is none.
pub fn not_found_page() -> Response {
    error_page(
        StatusCode::NOT_FOUND,
        "Page not found",
        "There is no page at this address, or none that you may see. If you came by a link, go back and try again.",
    )
}

/// After a fault in the program: nothing about it leaves the machine's own log.
pub fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request ended in a panic");
    went_wrong()
}

fn went_wrong() -> Response {
    error_page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong",
        "Nothing was changed. Try again in a moment; if it happens again, tell whoever runs this service.",
    )
}

fn error_page(status: StatusCode, title: &'static str, message: &str) -> Response {
    let page = ErrorPage { title, message };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (status, message.to_owned()).into_response(),
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::NotFound => not_found_page(),
            Error::SignInFirst => redirect("/sign-in"),
            Error::Refused(why) => error_page(StatusCode::FORBIDDEN, "This cannot be done", &why),
            Error::Conflict(why) => {
                error_page(StatusCode::CONFLICT, "Somebody else was first", &why)
            }
            Error::Busy(why) => {
                error_page(StatusCode::TOO_MANY_REQUESTS, "Try again in a moment", &why)
            }
            Error::Invalid(_) => error_page(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Check what you entered",
                &self.to_string(),
            ),
            Error::Store(_) | Error::File(_) | Error::Internal(_) => {
                tracing::error!(kind = self.kind(), "a request failed");
                went_wrong()
            }
        }
    }
}
