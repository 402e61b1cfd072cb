//! Every route, by feature, in the order of the work.

use crate::web::Routes;
use crate::{
    account, api, audit, brief, case_list, finding, handover, inspection, journal, plan, published,
    recommendation, referral, report, round, sample, screening, work,
};

/// All of them. What a route needs stands beside it; the tests try each as every role.
pub fn routes() -> Routes {
    Routes::new()
        .and(account::pages::routes())
        .and(inspection::pages::routes())
        .and(case_list::pages::routes())
        .and(screening::pages::routes())
        .and(sample::pages::routes())
        .and(audit::pages::routes())
        .and(referral::pages::routes())
        .and(finding::pages::routes())
        .and(recommendation::pages::routes())
        .and(plan::pages::routes())
        .and(round::pages::routes())
        .and(report::pages::routes())
        .and(handover::pages::routes())
        .and(published::pages::routes())
        .and(brief::pages::routes())
        .and(journal::pages::routes())
        .and(work::pages::routes())
        .and(api::routes())
}

#[cfg(test)]
mod tests;
