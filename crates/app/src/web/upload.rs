//! Forms with a file.

use super::Web;
use super::form::{TOKEN_FIELD, check_token};
use super::visit::Visitor;
use crate::arrival::{Arrivals, Arrived};
use crate::error::Error;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, Multipart, Request};
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

/// A form that was sent with one file, which was put aside on the disk as it came: for files that
/// are too large to be held in memory. The session's token must come first in it.
#[derive(Debug)]
pub struct Delivery<T> {
    /// The fields.
    pub fields: T,
    /// The file; none where the field was left empty.
    pub file: Option<Arrived>,
}

/// Where the files of a form are kept while it is read.
enum Keeping {
    InMemory(Vec<UploadedFile>),
    OnDisk(Arrivals, Option<Arrived>),
}

impl Keeping {
    async fn take(
        &mut self,
        field: String,
        name: String,
        mut part: Field<'_>,
    ) -> Result<(), Error> {
        match self {
            Keeping::InMemory(files) => {
                let bytes = part.bytes().await.map_err(unreadable)?.to_vec();
                if !(name.is_empty() && bytes.is_empty()) {
                    files.push(UploadedFile { field, name, bytes });
                }
            }
            Keeping::OnDisk(arrivals, file) => {
                let mut arriving = arrivals.begin(&name)?;
                while let Some(bytes) = part.chunk().await.map_err(unreadable)? {
                    arriving.push(&bytes).await?;
                }
                let arrived = arriving.finish().await?;
                if !(name.is_empty() && arrived.bytes == 0) {
                    *file = Some(arrived);
                }
            }
        }
        Ok(())
    }
}

/// Reads a form with files: the token first, then fields and files in any order.
async fn read_form<T, S>(request: Request, state: &S, keeping: &mut Keeping) -> Result<T, Error>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    let visitor = request
        .extensions()
        .get::<Visitor>()
        .cloned()
        .unwrap_or_else(Visitor::public);
    let mut multipart = Multipart::from_request(request, state)
        .await
        .map_err(unreadable)?;
    let mut pairs: Vec<(String, String)> = Vec::new();
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
            keeping.take(field, name, part).await?;
        } else {
            pairs.push((field, part.text().await.map_err(unreadable)?));
        }
    }
    let encoded =
        serde_html_form::to_string(&pairs).map_err(|error| Error::Internal(error.to_string()))?;
    serde_html_form::from_str(&encoded)
        .map_err(|error| Error::Refused(format!("The form does not fit this page: {error}.")))
}

impl<T, S> FromRequest<S> for Upload<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let mut keeping = Keeping::InMemory(Vec::new());
        let fields = read_form(request, state, &mut keeping).await?;
        let files = match keeping {
            Keeping::InMemory(files) => files,
            Keeping::OnDisk(..) => Vec::new(),
        };
        Ok(Upload { fields, files })
    }
}

impl<T, S> FromRequest<S> for Delivery<T>
where
    T: DeserializeOwned,
    Web: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let arrivals = Web::from_ref(state).app.arrivals.clone();
        let mut keeping = Keeping::OnDisk(arrivals, None);
        let fields = read_form(request, state, &mut keeping).await?;
        let file = match keeping {
            Keeping::OnDisk(_, file) => file,
            Keeping::InMemory(_) => None,
        };
        Ok(Delivery { fields, file })
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
