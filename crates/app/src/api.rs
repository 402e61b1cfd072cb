//! The public API: what is published, as JSON, for programs. It only reads.

mod answer;
mod pages;
mod schema;

pub use pages::routes;
pub use schema::document;

#[cfg(test)]
mod tests;
