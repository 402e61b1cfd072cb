//! The frameworks that this program knows: the shipped ones.

use std::sync::LazyLock;
use throughline_domain::framework::Framework;

static SHIPPED: LazyLock<Vec<Framework>> = LazyLock::new(Framework::shipped);

/// Every framework, in the order they are offered.
pub fn all() -> &'static [Framework] {
    &SHIPPED
}

/// A framework by its id with its version, such as `child-protection-2016@1`.
pub fn find(id: &str) -> Option<&'static Framework> {
    SHIPPED
        .iter()
        .find(|framework| framework.id.to_string() == id)
}
