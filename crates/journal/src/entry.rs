//! An entry of the journal, and exactly which bytes of it are hashed.
//!
//! # The encoding
//!
//! Anybody can reimplement this. `||` joins bytes, `u64(n)` is eight bytes,
//! big-endian, and a text is its UTF-8 bytes as they stand: no normalisation,
//! no trimming, no parsing of the JSON or of the time.
//!
//! ```text
//! text(s)    = u64(number of bytes of s) || s
//! option(s)  = 0x00                          when there is none
//!            = 0x01 || text(s)               when there is one, even if empty
//!
//! commitment = SHA-256( salt (16 bytes) || option(reason) || change )
//!
//! encoded    = "throughline-journal entry v1\n"       (29 bytes of ASCII)
//!              || u64(seq)
//!              || text(at) || text(actor) || text(role)
//!              || text(action) || text(subject)
//!              || commitment (32 bytes)
//!
//! leaf       = SHA-256( 0x00 || encoded )             (RFC 6962, 2.1)
//! ```
//!
//! Each part has a fixed length or says its length first, so two different
//! entries never have the same encoding, whatever characters they contain.
//!
//! The salt is stored as 32 lowercase hexadecimal digits; it keeps a reason
//! and a short change from being guessed from their commitment. What was said
//! can be taken out for good (erased) or left out of a copy for outsiders
//! (withheld): reason, change and salt go together, the commitment stays, and
//! the leaf is what it was.
//!
//! `seq` counts from 1; the leaf's index in proofs counts from 0 as in
//! RFC 6962, so it is `seq - 1`.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::hash::{Hash, decode_lowercase_hex, leaf_hash};

const LABEL: &[u8] = b"throughline-journal entry v1\n";

/// One line of the journal: who did what, when, in which role, to what, why.
///
/// `Debug` shows neither the reason nor the change, since both may speak of a
/// case.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the journal, counted from 1 without gaps.
    pub seq: u64,
    /// When, in RFC 3339 and UTC. The journal hashes the text as it stands.
    pub at: String,
    /// Who, by the system's own identifier.
    pub actor: String,
    /// The role in which they acted.
    pub role: String,
    /// What happened, as a past participle.
    pub action: String,
    /// To what it happened.
    pub subject: String,
    /// Why, where a reason was asked; nothing once taken out.
    pub reason: Option<String>,
    /// 16 random bytes as 32 lowercase hexadecimal digits; empty once taken out.
    pub salt: String,
    /// The change itself as JSON text, byte for byte; empty once taken out.
    pub change: String,
}

/// The salt of an entry cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the salt must be 32 lowercase hexadecimal digits (16 bytes)")]
pub struct SaltError;

impl Entry {
    /// What the leaf holds in place of reason and change: SHA-256 of the salt and both.
    ///
    /// # Errors
    /// When the salt is not 32 lowercase hexadecimal digits.
    pub fn commitment(&self) -> Result<Hash, SaltError> {
        let salt: [u8; 16] = decode_lowercase_hex(&self.salt).ok_or(SaltError)?;
        let mut said = Vec::with_capacity(32 + self.change.len());
        encode_option(&mut said, self.reason.as_deref());
        said.extend_from_slice(self.change.as_bytes());
        let mut sha = Sha256::new();
        sha.update(salt);
        sha.update(said);
        Ok(<[u8; 32]>::from(sha.finalize()).into())
    }

    /// The leaf of this entry in the Merkle tree.
    ///
    /// # Errors
    /// When the salt is not 32 lowercase hexadecimal digits.
    pub fn leaf(&self) -> Result<Hash, SaltError> {
        Ok(self.leaf_with(&self.commitment()?))
    }

    /// The leaf of an entry of which only the commitment to reason and change
    /// is there. `reason`, `salt` and `change` do not enter it.
    pub fn leaf_with(&self, commitment: &Hash) -> Hash {
        leaf_hash(&self.encoded(commitment))
    }

    /// The bytes that are hashed into the leaf, as the module describes them.
    pub fn encoded(&self, commitment: &Hash) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        self.encode_into(&mut bytes, commitment);
        bytes
    }

    /// Replaces what is in `bytes`, so that a buffer can be used again.
    pub(crate) fn encode_into(&self, bytes: &mut Vec<u8>, commitment: &Hash) {
        bytes.clear();
        bytes.extend_from_slice(LABEL);
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        for text in [
            &self.at,
            &self.actor,
            &self.role,
            &self.action,
            &self.subject,
        ] {
            encode_text(bytes, text);
        }
        bytes.extend_from_slice(commitment.as_bytes());
    }

    /// Whether nothing of what was said is left: no reason, no change, no salt.
    pub(crate) fn is_taken_out(&self) -> bool {
        self.reason.is_none() && self.salt.is_empty() && self.change.is_empty()
    }
}

fn encode_option(bytes: &mut Vec<u8>, text: Option<&str>) {
    bytes.push(u8::from(text.is_some()));
    if let Some(text) = text {
        encode_text(bytes, text);
    }
}

fn encode_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("seq", &self.seq)
            .field("at", &self.at)
            .field("actor", &self.actor)
            .field("role", &self.role)
            .field("action", &self.action)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
