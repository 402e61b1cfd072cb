//! Every route, by feature, in the order of the work.

use crate::web::Routes;
use crate::{account, inspection, report, round};

/// All of them. What a route needs stands beside it; the tests try each as every role.
pub fn routes() -> Routes {
    Routes::new()
        .and(account::pages::routes())
        .and(inspection::pages::routes())
        .and(round::pages::routes())
        .and(report::pages::routes())
}

#[cfg(test)]
mod tests;
