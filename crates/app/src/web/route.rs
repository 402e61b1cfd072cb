//! Routes that cannot be declared without the action they need.

use super::visit::{Visitor, sign_in_first};
use super::{Web, response};
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use throughline_domain::access::{Action, Role, may_ever};

/// A route as the tests see it.
#[derive(Debug, Clone)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// What it does, in the words of the access table.
    pub action: Action,
}

/// The routes of a feature, or of all of them.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<Web>,
    list: Vec<Route>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page to read.
    pub fn get<H, T>(self, path: &'static str, action: Action, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::GET, path, action, get(handler))
    }

    /// A form to send. Nothing changes on GET, ever.
    pub fn post<H, T>(self, path: &'static str, action: Action, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::POST, path, action, post(handler))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        action: Action,
        handler: MethodRouter<Web>,
    ) -> Self {
        let gated = handler.layer(from_fn(move |request, next| gate(action, request, next)));
        self.router = self.router.route(path, gated);
        self.list.push(Route {
            method,
            path,
            action,
        });
        self
    }

    /// These and those.
    pub fn and(mut self, others: Routes) -> Self {
        self.router = self.router.merge(others.router);
        self.list.extend(others.list);
        self
    }

    /// What there is, for the tests and the documentation.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The router.
    pub fn into_router(self) -> Router<Web> {
        self.router
    }
}

/// A route that the visitor's role may never use does not exist for it.
async fn gate(action: Action, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>();
    let role = visitor.map_or(Role::Public, |visitor| visitor.actor.role);
    if visitor.is_some_and(|visitor| visitor.must_choose_password) && !is_open_before_that(action) {
        return response::redirect_saying(
            "/account",
            "Choose a password of your own first. The one you have was given to you, so somebody else knows it.",
        );
    }
    if may_ever(role, action) {
        next.run(request).await
    } else if role == Role::Public {
        sign_in_first(request.method(), request.uri())
    } else {
        response::not_found_page()
    }
}

/// What somebody may do before they have chosen a password of their own.
fn is_open_before_that(action: Action) -> bool {
    matches!(
        action,
        Action::SignIn | Action::UseOwnAccount | Action::ReadPublished
    )
}
