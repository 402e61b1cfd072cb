//! The web application: from a request to a page.
//!
//! A request goes one way: the session says who visits, the gate asks the access table
//! whether their role may ever do what the route does, the feature's page calls an operation,
//! and the operation decides about this one thing.

mod asset;
pub mod confirmation;
pub mod form;
pub mod moment;
pub mod page;
pub mod paging;
pub mod response;
pub mod route;
pub mod upload;
pub mod visit;

pub use confirmation::Confirmation;
pub use form::Posted;
pub use page::{Page, render};
pub use paging::Paging;
pub use response::{PageResult, redirect};
pub use route::Routes;
pub use upload::Upload;
pub use visit::{At, Visit};

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// Tells the time. The program's edge passes the system's; tests pass their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What every request shares.
#[derive(Clone)]
pub struct Web {
    /// The program.
    pub app: Arc<App>,
    /// The time.
    pub clock: Clock,
    /// Whether people reach it over HTTPS, so that cookies may demand it.
    pub https: bool,
    /// A sentence shown on every page, such as that this is a demonstration.
    pub notice: Option<Arc<str>>,
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web")
            .field("https", &self.https)
            .finish_non_exhaustive()
    }
}

/// Pages stay small; uploads say their own limit.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The whole application.
pub fn application(web: Web) -> Router {
    let pages = crate::router::routes().into_router();
    let protected = pages
        .fallback(response::not_found)
        .layer(axum::middleware::from_fn_with_state(
            web.clone(),
            visit::recognise,
        ))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CsrfLayer::new());
    let headed = Router::new()
        .route("/assets/{name}", axum::routing::get(asset::show))
        .merge(protected)
        .layer(
            ServiceBuilder::new()
                .layer(CompressionLayer::new())
                .layer(CatchPanicLayer::custom(response::after_panic)),
        )
        .layer(fixed_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed_header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed_header(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed_header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .layer(fixed_header(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ))
        .layer(fixed_header(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ))
        .with_state(web.clone());
    if web.https {
        headed.layer(fixed_header(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000",
        ))
    } else {
        headed
    }
}

fn fixed_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

#[cfg(test)]
mod tests;
