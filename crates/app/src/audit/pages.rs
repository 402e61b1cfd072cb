//! The pages of audits: progress and assigning, the form, moderation and the calm read.
use crate::web::Routes;
/// The feature's routes.
pub fn routes() -> Routes { Routes::new() }
