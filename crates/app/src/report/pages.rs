//! Pages of reports.

use crate::web::Routes;

/// The feature's routes.
pub fn routes() -> Routes {
    Routes::new()
}
