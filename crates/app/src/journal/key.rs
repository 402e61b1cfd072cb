//! The file with the journal's secret key, in the form that Go's signed notes use:
//! `PRIVATE+KEY+name+hash+base64`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use throughline_journal::note::{NoteError, SigningKey};

const PREFIX: &str = "PRIVATE+KEY+";
const ED25519: u8 = 1;

/// Why a key file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or written.
    #[error("the key file {0} cannot be used: {1}")]
    File(PathBuf, std::io::Error),
    /// It is not a key.
    #[error("{0} is not a journal's key: it must be one line, PRIVATE+KEY+name+hash+base64")]
    Shape(PathBuf),
    /// Its name does not fit.
    #[error(transparent)]
    Name(#[from] NoteError),
}

/// The key in a file; nothing when there is no such file.
///
/// # Errors
/// When the file cannot be read or holds no key.
pub fn find(path: &Path) -> Result<Option<SigningKey>, KeyError> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(text.trim())
            .map(Some)
            .ok_or_else(|| KeyError::Shape(path.into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyError::File(path.into(), error)),
    }
}

/// Makes a key from 32 random bytes, in a file that only its owner may read.
///
/// # Errors
/// When the name does not fit, or there is such a file already.
pub fn make(path: &Path, name: &str, seed: &[u8; 32]) -> Result<SigningKey, KeyError> {
    let key = SigningKey::from_seed(name, seed)?;
    let failed = |error| KeyError::File(path.into(), error);
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    writeln!(file, "{}", printed(&key, seed)).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    Ok(key)
}

fn printed(key: &SigningKey, seed: &[u8; 32]) -> String {
    let public = key.vkey();
    let hash = public.split('+').nth(1).unwrap_or_default();
    let secret: Vec<u8> = std::iter::once(ED25519).chain(*seed).collect();
    format!("{PREFIX}{}+{hash}+{}", key.name(), STANDARD.encode(secret))
}

fn parse(text: &str) -> Option<SigningKey> {
    let mut parts = text.strip_prefix(PREFIX)?.splitn(3, '+');
    let (name, hash, secret) = (parts.next()?, parts.next()?, parts.next()?);
    let secret = STANDARD.decode(secret).ok()?;
    let seed: [u8; 32] = secret.strip_prefix(&[ED25519])?.try_into().ok()?;
    let key = SigningKey::from_seed(name, &seed).ok()?;
    (key.vkey().split('+').nth(1) == Some(hash)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn key_reads_back_and_only_its_owner_may_read_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal.key");
        assert!(find(&path).expect("no file").is_none());
        let made = make(&path, "inspectorate.example/journal", &[5; 32]).expect("a key");
        let found = find(&path).expect("a key").expect("a file");
        assert_eq!(found.vkey(), made.vkey());
        let mode = std::fs::metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn key_is_never_written_over_another() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal.key");
        make(&path, "a", &[5; 32]).expect("a key");
        assert!(matches!(
            make(&path, "a", &[6; 32]),
            Err(KeyError::File(..))
        ));
    }

    #[test]
    fn misprinted_key_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("journal.key");
        let key = SigningKey::from_seed("a", &[5; 32]).expect("a key");
        let text = printed(&key, &[5; 32]);
        for wrong in [
            text.replace("KEY+a+", "KEY+b+"),
            text[5..].to_owned(),
            String::new(),
        ] {
            std::fs::write(&path, wrong).expect("written");
            assert!(matches!(find(&path), Err(KeyError::Shape(_))));
        }
    }
}
