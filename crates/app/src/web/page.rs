//! What every page has: its title, who reads it, and what was just done.

use super::asset;
use super::response::PageResult;
use crate::error::{Error, Fault};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use std::sync::Arc;
use throughline_domain::access::{Action, Actor, may_ever};

/// The frame of a page. Every template has one in its field `page`.
#[derive(Debug, Clone)]
pub struct Page {
    /// The title, also for the browser's tab.
    pub title: String,
    /// Who reads it.
    pub actor: Actor,
    /// The token that its forms carry.
    pub form_token: String,
    /// What was just done.
    pub said: Option<String>,
    /// Its path.
    pub path: String,
    /// A sentence for every page.
    pub notice: Option<Arc<str>>,
    /// Whether its form must be mended, which the title then says first.
    pub faulty: bool,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its words.
    pub name: &'static str,
    /// Where it leads.
    pub path: &'static str,
    /// Whether we are there.
    pub current: bool,
}

/// The places, in the order of the work, with the action that leads there.
const PLACES: [(&str, &str, Action); 8] = [
    ("Work", "/work", Action::ReadWork),
    ("Inspections", "/inspections", Action::ReadInspection),
    ("Sent back", "/referrals", Action::ReadReferral),
    ("Recommendations", "/recommendations", Action::ReadPlan),
    ("Reports", "/reports", Action::ReadDraft),
    ("Accounts", "/accounts", Action::ManageAccounts),
    ("Journal", "/journal", Action::ReadJournal),
    ("Published", "/published", Action::ReadPublished),
];

impl Page {
    /// The style sheet's address.
    pub fn style_sheet(&self) -> &'static str {
        asset::STYLE_SHEET
    }

    /// The script's address.
    pub fn script(&self) -> &'static str {
        asset::SCRIPT
    }

    /// The address of the library that the script asks for next.
    pub fn library(&self) -> &'static str {
        asset::GOVUK_SCRIPT
    }

    /// The icon's address.
    pub fn icon(&self) -> &'static str {
        asset::ICON
    }

    /// Whether somebody is signed in.
    pub fn signed_in(&self) -> bool {
        self.actor.user.is_some()
    }

    /// The places this role can ever go.
    pub fn places(&self) -> Vec<Place> {
        PLACES
            .iter()
            .filter(|(_, _, action)| may_ever(self.actor.role, *action))
            .map(|&(name, path, _)| Place {
                name,
                path,
                current: self.path.starts_with(path),
            })
            .collect()
    }

    /// The same page with a form to be mended.
    pub fn with_faults(mut self, faults: &[Fault]) -> Self {
        self.faulty = !faults.is_empty();
        self
    }
}

/// The message of a field, for the template.
pub fn fault_of<'f>(faults: &'f [Fault], field: &str) -> Option<&'f str> {
    faults
        .iter()
        .find(|fault| fault.field == field)
        .map(|fault| fault.message.as_str())
}

/// A page as a response.
///
/// # Errors
/// When the template fails, which is a fault in the program.
pub fn render(template: &impl Template) -> PageResult {
    render_with(StatusCode::OK, template)
}

/// A page whose form must be mended.
///
/// # Errors
/// As [`render`].
pub fn render_faulty(template: &impl Template) -> PageResult {
    render_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

fn render_with(status: StatusCode, template: &impl Template) -> PageResult {
    let html = template
        .render()
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok((status, Html(html)).into_response())
}

/// A page that says what went wrong. It knows nobody, so that it cannot fail itself.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    /// What, in three words.
    pub title: &'static str,
    /// What it means and what to do.
    pub message: &'a str,
}

impl ErrorPage<'_> {
    fn style_sheet(&self) -> &'static str {
        asset::STYLE_SHEET
    }
}
