//! The name and version of a framework: "child-protection-2016@1".

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::code::is_code;

/// Which framework, in which version. Every record made under one carries it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FrameworkId {
    name: String,
    version: u32,
}

impl FrameworkId {
    /// The name without the version.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, 1 or more.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }
}

impl fmt::Display for FrameworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

/// A text that names no framework.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` does not name a framework; write its name, `@` and its version, such as `child-protection-2016@1`"
)]
pub struct FrameworkIdFault(String);

impl FromStr for FrameworkId {
    type Err = FrameworkIdFault;

    fn from_str(text: &str) -> Result<FrameworkId, FrameworkIdFault> {
        let fault = || FrameworkIdFault(text.to_owned());
        let (name, version) = text.split_once('@').ok_or_else(fault)?;
        let plain = version.bytes().all(|b| b.is_ascii_digit()) && !version.starts_with('0');
        let version = version.parse().map_err(|_| fault())?;
        if !plain || !is_code(name) {
            return Err(fault());
        }
        Ok(FrameworkId {
            name: name.to_owned(),
            version,
        })
    }
}

impl From<FrameworkId> for String {
    fn from(id: FrameworkId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for FrameworkId {
    type Error = FrameworkIdFault;

    fn try_from(text: String) -> Result<FrameworkId, FrameworkIdFault> {
        text.parse()
    }
}
