//! What the journal was at a moment, short enough to hand to others: the text
//! of [C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint).

use std::fmt;
use std::str::FromStr;

use crate::frontier::parse_size;
use crate::hash::{Hash, HashError};
use crate::note::{NoteError, SigningKey, VerifyingKey};

/// The size and root of a journal, and which journal it is.
///
/// Its text is three lines: the origin, the size in decimal, the root in
/// base64. Handed over it is always signed, see [`Checkpoint::sign`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which journal: its key's name, such as `inspectorate.example/journal`.
    pub origin: String,
    /// How many entries it had.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a text is not a checkpoint, or not one to believe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The text is not three lines, each with its newline.
    #[error("a checkpoint is three lines (origin, size, root), each ended by a newline; found {0}")]
    Lines(usize),
    /// The last line is not ended.
    #[error("the checkpoint's last line must end with a newline")]
    Unended,
    /// The first line says no origin.
    #[error("line 1 of the checkpoint: the origin must not be empty")]
    Origin,
    /// The second line is not a size.
    #[error(
        "line 2 of the checkpoint: the size must be a decimal number without leading zeros, found {0:?}"
    )]
    Size(String),
    /// The third line is not a root.
    #[error("line 3 of the checkpoint: {0}")]
    Root(HashError),
    /// The checkpoint speaks of another journal than the key's.
    #[error("the checkpoint is of {origin:?}, but the key is of {key:?}")]
    OtherJournal {
        /// The checkpoint's origin.
        origin: String,
        /// The key's name.
        key: String,
    },
    /// The signed note around it is faulty.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The checkpoint as a signed note, ready to be handed over.
    ///
    /// # Errors
    /// When the origin is empty, has several lines or is not the key's name.
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        let body = self.to_string();
        let read: Self = body.parse()?;
        read.expect_origin(key.name())?;
        Ok(key.sign(&body)?)
    }

    /// Reads a signed checkpoint and believes it only if this key signed it.
    ///
    /// # Errors
    /// The [`CheckpointError`] says what is wrong with note or checkpoint.
    pub fn open(note: &str, key: &VerifyingKey) -> Result<Self, CheckpointError> {
        let checkpoint: Self = key.verify(note)?.parse()?;
        checkpoint.expect_origin(key.name())?;
        Ok(checkpoint)
    }

    fn expect_origin(&self, key: &str) -> Result<(), CheckpointError> {
        if self.origin == key {
            return Ok(());
        }
        let (origin, key) = (self.origin.clone(), key.to_owned());
        Err(CheckpointError::OtherJournal { origin, key })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}\n{}\n{}",
            self.origin,
            self.size,
            self.root.to_base64()
        )
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// This journal writes no extension lines, so none are accepted.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let ended = text.strip_suffix('\n').ok_or(CheckpointError::Unended)?;
        let lines: Vec<&str> = ended.split('\n').collect();
        let [origin, size, root] = lines[..] else {
            return Err(CheckpointError::Lines(lines.len()));
        };
        if origin.is_empty() {
            return Err(CheckpointError::Origin);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: parse_size(size).ok_or_else(|| CheckpointError::Size(size.to_owned()))?,
            root: Hash::from_base64(root).map_err(CheckpointError::Root)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::empty_root;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "journal.example".to_owned(),
            size: 0,
            root: empty_root(),
        }
    }

    fn key(name: &str) -> SigningKey {
        SigningKey::from_seed(name, &[3; 32]).expect("a good name")
    }

    #[test]
    fn the_text_is_the_published_form() {
        let text = "journal.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        assert_eq!(checkpoint().to_string(), text);
        assert_eq!(text.parse(), Ok(checkpoint()));
    }

    #[test]
    fn a_faulty_text_is_refused_with_its_line() {
        let root = empty_root().to_base64();
        let parse = |text: &str| text.parse::<Checkpoint>();
        assert_eq!(parse("a\n0\n"), Err(CheckpointError::Lines(2)));
        assert_eq!(
            parse(&format!("a\n0\n{root}\nmore\n")),
            Err(CheckpointError::Lines(4))
        );
        assert_eq!(
            parse(&format!("a\n0\n{root}")),
            Err(CheckpointError::Unended)
        );
        assert_eq!(
            parse(&format!("\n0\n{root}\n")),
            Err(CheckpointError::Origin)
        );
        for size in ["", "00", "-1", "+1", "1 "] {
            let error = CheckpointError::Size(size.to_owned());
            assert_eq!(parse(&format!("a\n{size}\n{root}\n")), Err(error));
        }
        assert_eq!(
            parse("a\n0\nAAAA\n"),
            Err(CheckpointError::Root(HashError::Base64))
        );
    }

    #[test]
    fn only_the_journals_own_key_opens_it() {
        let own = key("journal.example");
        let note = checkpoint().sign(&own).expect("its own key");
        assert_eq!(
            Checkpoint::open(&note, &own.verifying_key()),
            Ok(checkpoint())
        );

        let other = key("other.example");
        let error = CheckpointError::OtherJournal {
            origin: "journal.example".to_owned(),
            key: "other.example".to_owned(),
        };
        assert_eq!(checkpoint().sign(&other), Err(error.clone()));
        let misused = other.sign(&checkpoint().to_string()).expect("a good text");
        assert_eq!(
            Checkpoint::open(&misused, &other.verifying_key()),
            Err(error)
        );
    }

    #[test]
    fn an_origin_of_two_lines_is_not_signed() {
        let two_lines = Checkpoint {
            origin: "a\nb".to_owned(),
            ..checkpoint()
        };
        assert_eq!(two_lines.sign(&key("a")), Err(CheckpointError::Lines(4)));
    }
}
