//! Forms, and the proof that they came from one of our pages.

use super::visit::Visitor;
use crate::error::Error;
use axum::extract::{FromRequest, RawForm, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A form that was sent. The session's token is checked before anything is read.
#[derive(Debug, Clone)]
pub struct Posted<T>(pub T);

/// The field that carries the session's token in every form.
pub const TOKEN_FIELD: &str = "form_token";

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    form_token: String,
}

impl<T, S> FromRequest<S> for Posted<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let visitor = request
            .extensions()
            .get::<Visitor>()
            .cloned()
            .unwrap_or_else(Visitor::public);
        let RawForm(bytes) = RawForm::from_request(request, state)
            .await
            .map_err(|_| Error::Refused("The form is larger than this page allows.".into()))?;
        let token: Token = serde_html_form::from_bytes(&bytes).unwrap_or(Token {
            form_token: String::new(),
        });
        check_token(&visitor, &token.form_token)?;
        serde_html_form::from_bytes(&bytes)
            .map(Posted)
            .map_err(|error| {
                Error::Refused(format!(
                    "The form does not fit this page: {error}. Go back and send it again."
                ))
            })
    }
}

/// Refuses a form that did not come from a page of this session.
pub(super) fn check_token(visitor: &Visitor, token: &str) -> Result<(), Error> {
    let same = visitor.form_token.len() == token.len()
        && visitor
            .form_token
            .bytes()
            .zip(token.bytes())
            .fold(0, |sum, (a, b)| sum | (a ^ b))
            == 0;
    if same {
        Ok(())
    } else {
        Err(Error::Refused(
            "This form belongs to another session. Open the page again and send it from there."
                .into(),
        ))
    }
}
