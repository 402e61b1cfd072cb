//! SHA-256 as RFC 6962 uses it: leaves and nodes are told apart by a prefix.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const LEAF_PREFIX: u8 = 0x00;
const NODE_PREFIX: u8 = 0x01;

/// A SHA-256 digest. As text it is 64 lowercase hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// Why a text is not a [`Hash`](struct@Hash).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Not 64 lowercase hexadecimal digits.
    #[error("a hash is 64 lowercase hexadecimal digits, this text is not")]
    Hex,
    /// Not the padded standard base64 of 32 bytes.
    #[error("a hash in base64 is 44 characters for 32 bytes, this text is not")]
    Base64,
}

impl Hash {
    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Standard base64 with padding, as checkpoints write a root.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads standard base64 with padding.
    pub fn from_base64(text: &str) -> Result<Self, HashError> {
        let bytes = STANDARD.decode(text).map_err(|_| HashError::Base64)?;
        bytes.try_into().map(Self).map_err(|_| HashError::Base64)
    }

    /// SHA-256 of `data`, without any prefix.
    pub(crate) fn of(data: &[u8]) -> Self {
        Self(Sha256::digest(data).into())
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        decode_lowercase_hex(text).map(Self).ok_or(HashError::Hex)
    }
}

/// Exactly `2 * N` lowercase digits: one value has one spelling, so that a
/// changed spelling in storage is noticed.
pub(crate) fn decode_lowercase_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// The hash of a leaf: SHA-256 of `0x00` and the data (RFC 6962, 2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    let mut sha = Sha256::new();
    sha.update([LEAF_PREFIX]);
    sha.update(data);
    Hash(sha.finalize().into())
}

/// The hash of a node: SHA-256 of `0x01`, left and right (RFC 6962, 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut data = [NODE_PREFIX; 65];
    data[1..33].copy_from_slice(&left.0);
    data[33..].copy_from_slice(&right.0);
    Hash::of(&data)
}

/// The root of a log without entries: SHA-256 of nothing (RFC 6962, 2.1).
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_survives_both_spellings() {
        let hash = leaf_hash(b"an entry");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
    }

    #[test]
    fn a_hash_has_only_one_spelling() {
        let text = leaf_hash(b"an entry").to_string();
        for wrong in [&text.to_uppercase(), &text[1..], &format!("{text}00"), ""] {
            assert_eq!(wrong.parse::<Hash>(), Err(HashError::Hex), "{wrong}");
        }
        assert_eq!(Hash::from_base64("AAAA"), Err(HashError::Base64));
    }
}
