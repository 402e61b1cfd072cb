//! Forms with a file.

use super::form::{TOKEN_FIELD, check_token};
use super::visit::Visitor;
use crate::error::Error;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use serde::de::DeserializeOwned;

/// A form that was sent with files. The session's token must come first in it.
#[derive(Debug)]
pub struct Upload<T> {
    /// The fields.
    pub fields: T,
    /// The files, by field name, in order; a field left empty is not here.
    pub files: Vec<UploadedFile>,
}

/// A file as it came. Its name is only ever shown or stored as a text.
#[derive(Debug, Clone)]
pub struct UploadedFile {
    /// The form field.
    pub field: String,
    /// The name it had, without any path.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl<T> Upload<T> {
    /// The file of a field.
    pub fn file(&self, field: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|file| file.field == field)
    }
}

/// Lets a route take files up to a size. Use it as a layer of the route's handler.
pub fn limit(bytes: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(bytes)
}

impl<T, S> FromRequest<S> for Upload<T>
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
        let mut multipart = Multipart::from_request(request, state)
            .await
            .map_err(unreadable)?;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut files = Vec::new();
        let mut checked = false;
        while let Some(part) = multipart.next_field().await.map_err(unreadable)? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(base_name);
            if !checked {
                let token = if field == TOKEN_FIELD {
                    part.text().await.map_err(unreadable)?
                } else {
                    String::new()
                };
                check_token(&visitor, &token)?;
                checked = true;
            } else if let Some(name) = name {
                let bytes = part.bytes().await.map_err(unreadable)?.to_vec();
                if !(name.is_empty() && bytes.is_empty()) {
                    files.push(UploadedFile { field, name, bytes });
                }
            } else {
                pairs.push((field, part.text().await.map_err(unreadable)?));
            }
        }
        let encoded = serde_html_form::to_string(&pairs)
            .map_err(|error| Error::Internal(error.to_string()))?;
        let fields = serde_html_form::from_str(&encoded).map_err(|error| {
            Error::Refused(format!("The form does not fit this page: {error}."))
        })?;
        Ok(Upload { fields, files })
    }
}

fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Refused(format!(
        "The upload could not be read whole ({error}). It may be larger than this page allows."
    ))
}
