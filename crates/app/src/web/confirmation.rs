//! The page between a wish and what cannot be taken back: it says what follows, and asks.

use super::Page;
use askama::Template;

/// What is about to be done: what follows from it, one button, and a way back.
///
/// The page's title begins with "You are about to". Nothing is changed by showing it; the form
/// it holds is what changes something.
#[derive(Debug, Template)]
#[template(path = "confirmation.html")]
pub struct Confirmation {
    page: Page,
    caption: String,
    back: String,
    action: String,
    button: String,
    is_for_risk: bool,
    confirmed: Option<&'static str>,
    follows: Vec<Consequence>,
    carried: Vec<(&'static str, String)>,
}

/// What the field `confirmed` says when somebody wants to change what they entered.
pub const CHANGE: &str = "change";

/// One thing that follows: what it concerns, and what happens.
#[derive(Debug)]
struct Consequence {
    what: &'static str,
    sentences: Vec<String>,
    link: Option<(String, &'static str)>,
}

impl Confirmation {
    /// Asks whether to send a form to `action` with a button of these words; `back` is where
    /// somebody goes who does not.
    pub fn new(page: Page, caption: String, action: String, button: String, back: String) -> Self {
        Confirmation {
            page,
            caption,
            back,
            action,
            button,
            is_for_risk: false,
            confirmed: None,
            follows: Vec::new(),
            carried: Vec::new(),
        }
    }

    /// The same, saying one more thing that follows.
    #[must_use]
    pub fn saying(mut self, what: &'static str, sentence: impl Into<String>) -> Self {
        self.follows.push(Consequence {
            what,
            sentences: vec![sentence.into()],
            link: None,
        });
        self
    }

    /// The same, saying one more thing in several sentences, each on a line of its own.
    #[must_use]
    pub fn listing(mut self, what: &'static str, sentences: Vec<String>) -> Self {
        self.follows.push(Consequence {
            what,
            sentences,
            link: None,
        });
        self
    }

    /// The same, with a link under what was said last.
    #[must_use]
    pub fn leading(mut self, to: String, words: &'static str) -> Self {
        if let Some(last) = self.follows.last_mut() {
            last.link = Some((to, words));
        }
        self
    }

    /// The same, carrying a field of the form that asked for it.
    #[must_use]
    pub fn carrying(mut self, field: &'static str, value: impl ToString) -> Self {
        self.carried.push((field, value.to_string()));
        self
    }

    /// The same, for a form that asks before it is taken: its button sends `confirmed` with this
    /// value, and another sends [`CHANGE`], to fill the form in differently.
    #[must_use]
    pub fn confirmed_by(mut self, value: &'static str) -> Self {
        self.confirmed = Some(value);
        self
    }

    /// The same, for a child who may be at risk.
    #[must_use]
    pub fn for_risk(mut self) -> Self {
        self.is_for_risk = true;
        self
    }
}
