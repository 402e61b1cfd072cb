//! Every route, by feature, in the order of the work.

use crate::web::Routes;
use crate::{account, api, brief, inspection, published};

/// All of them. What a route needs stands beside it; the tests try each as every role.
pub fn routes() -> Routes {
    Routes::new()
        .and(account::pages::routes())
        .and(inspection::pages::routes())
        .and(published::pages::routes())
        .and(brief::pages::routes())
        .and(api::routes())
}

#[cfg(test)]
mod tests;
