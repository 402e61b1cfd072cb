//! Signed text: [C2SP signed-note](https://c2sp.org/signed-note) with Ed25519.
//!
//! A note is a text, an empty line, and one or more signature lines. Go's
//! `sumdb/note` and the witnesses of transparency logs read the same bytes.
//!
//! ```text
//! journal.example
//! 0
//! 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
//!
//! — journal.example <base64 of 4 bytes key id and 64 bytes signature>
//! ```

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _};

use crate::hash::Hash;

const ED25519: u8 = 0x01;
const SIGNATURE_MARK: &str = "\u{2014} ";

/// Why a note or a key is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The key's name would not fit a signature line.
    #[error(
        "a key's name must not be empty nor hold spaces, control characters or '+'; found {0:?}"
    )]
    Name(String),
    /// The text cannot be signed.
    #[error("a text to sign must end with a newline and hold no other control characters")]
    Text,
    /// The key's text has not three parts.
    #[error("a public key is written name+hash+base64; this text has not these three parts")]
    KeyShape,
    /// The key's bytes are not an Ed25519 key.
    #[error(
        "the last part of the public key must be base64 of the byte 1 and a 32-byte Ed25519 key"
    )]
    KeyBytes,
    /// The key's hash does not fit its name and bytes: a misprint.
    #[error("the public key's hash should be {expected} for this name and key, found {found:?}")]
    KeyHash {
        /// The hash its name and bytes have.
        expected: String,
        /// The hash as written.
        found: String,
    },
    /// There is no empty line followed by signatures.
    #[error("a signed note is a text, an empty line and signature lines, each ended by a newline")]
    Shape,
    /// A signature line cannot be read.
    #[error("signature line {line} of the note is not '\u{2014} name base64'")]
    SignatureLine {
        /// Which signature line, counted from 1.
        line: usize,
    },
    /// Nobody signed with the key that was asked for.
    #[error("the note bears no signature of {key}")]
    Unsigned {
        /// Name and hash of the key.
        key: String,
    },
    /// The key that was asked for is named, but its signature does not fit.
    #[error("the signature of {key} does not fit the note: text or signature was altered")]
    Forged {
        /// Name and hash of the key.
        key: String,
    },
}

/// The journal's secret key and its name.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key with this name from its secret seed of 32 random bytes.
    ///
    /// # Errors
    /// [`NoteError::Name`] when the name is empty or holds spaces or `+`.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifyingKey::new(name, key.verifying_key())?;
        Ok(Self { key, public })
    }

    /// The name that its signatures carry.
    pub fn name(&self) -> &str {
        &self.public.name
    }

    /// The public key as text, to be made known to everybody.
    pub fn vkey(&self) -> String {
        self.public.to_string()
    }

    /// The public key.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.public.clone()
    }

    /// The text as a note with this key's signature.
    ///
    /// # Errors
    /// [`NoteError::Text`] when the text does not end with a newline or holds
    /// other control characters.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !text.ends_with('\n') || has_forbidden_control(text) {
            return Err(NoteError::Text);
        }
        let signature = self.key.sign(text.as_bytes());
        let mut bytes = self.public.id.to_vec();
        bytes.extend_from_slice(&signature.to_bytes());
        let (name, base64) = (self.name(), STANDARD.encode(bytes));
        Ok(format!("{text}\n{SIGNATURE_MARK}{name} {base64}\n"))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, secret)", self.public)
    }
}

/// A public key with its name: the "vkey" `name+hash+base64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    fn new(name: &str, key: ed25519_dalek::VerifyingKey) -> Result<Self, NoteError> {
        let unfit = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if name.is_empty() || name.contains(unfit) {
            return Err(NoteError::Name(name.to_owned()));
        }
        let id = key_id(name, key.as_bytes());
        Ok(Self {
            name: name.to_owned(),
            id,
            key,
        })
    }

    /// The name that its signatures carry.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of a note that this key signed. Other signatures are not
    /// looked at, so a note may carry countersignatures.
    ///
    /// # Errors
    /// The [`NoteError`] says whether the note is malformed, not signed by
    /// this key, or altered.
    pub fn verify<'note>(&self, note: &'note str) -> Result<&'note str, NoteError> {
        let (text, signatures) = split_note(note)?;
        let mut signed = false;
        for (index, line) in signatures.split_terminator('\n').enumerate() {
            let malformed = NoteError::SignatureLine { line: index + 1 };
            let (name, bytes) = read_signature(line).ok_or(malformed)?;
            if name == self.name && bytes.starts_with(&self.id) {
                self.verify_signature(text, &bytes[self.id.len()..])?;
                signed = true;
            }
        }
        if signed {
            Ok(text)
        } else {
            Err(NoteError::Unsigned { key: self.short() })
        }
    }

    fn verify_signature(&self, text: &str, signature: &[u8]) -> Result<(), NoteError> {
        Signature::from_slice(signature)
            .and_then(|signature| self.key.verify_strict(text.as_bytes(), &signature))
            .map_err(|_| NoteError::Forged { key: self.short() })
    }

    fn short(&self) -> String {
        format!("{}+{}", self.name, hex::encode(self.id))
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}", self.short(), STANDARD.encode(bytes))
    }
}

impl FromStr for VerifyingKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let parts: Vec<&str> = text.splitn(3, '+').collect();
        let [name, hash, base64] = parts[..] else {
            return Err(NoteError::KeyShape);
        };
        let key = read_key(base64).ok_or(NoteError::KeyBytes)?;
        let read = Self::new(name, key)?;
        let expected = hex::encode(read.id);
        if hash != expected {
            let found = hash.to_owned();
            return Err(NoteError::KeyHash { expected, found });
        }
        Ok(read)
    }
}

fn read_key(base64: &str) -> Option<ed25519_dalek::VerifyingKey> {
    let bytes = STANDARD.decode(base64).ok()?;
    let key = bytes.strip_prefix(&[ED25519])?.try_into().ok()?;
    ed25519_dalek::VerifyingKey::from_bytes(key).ok()
}

/// The first four bytes of SHA-256 of name, newline, algorithm and key.
fn key_id(name: &str, key: &[u8; 32]) -> [u8; 4] {
    let mut bytes = name.as_bytes().to_vec();
    bytes.extend_from_slice(&[b'\n', ED25519]);
    bytes.extend_from_slice(key);
    let [a, b, c, d, ..] = *Hash::of(&bytes).as_bytes();
    [a, b, c, d]
}

/// Text with its newline, and the signature lines; the last empty line divides.
fn split_note(note: &str) -> Result<(&str, &str), NoteError> {
    let divide = note.rfind("\n\n").ok_or(NoteError::Shape)?;
    let (text, signatures) = (&note[..=divide], &note[divide + 2..]);
    if signatures.is_empty() || !signatures.ends_with('\n') || has_forbidden_control(note) {
        return Err(NoteError::Shape);
    }
    Ok((text, signatures))
}

fn read_signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, base64) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    (!name.is_empty() && bytes.len() > 4).then_some((name, bytes))
}

fn has_forbidden_control(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_control() && c != '\n')
}

#[cfg(test)]
mod tests;
