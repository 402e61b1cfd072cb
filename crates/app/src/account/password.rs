//! Passwords: Argon2id, away from the threads that answer requests, and only a few at once,
//! so that signing in cannot be used to exhaust the machine.

use crate::error::{Error, Result};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{Semaphore, SemaphorePermit};

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// How many may be at work or wait for it.
const PLACES: usize = 16;

/// Where passwords wait to be looked at. Nothing is hashed without a place in it.
#[derive(Debug)]
pub struct PasswordQueue(Semaphore);

/// A place in the queue.
#[derive(Debug)]
pub struct Turn<'q>(#[allow(dead_code)] SemaphorePermit<'q>);

impl Default for PasswordQueue {
    fn default() -> Self {
        PasswordQueue(Semaphore::new(PLACES))
    }
}

impl PasswordQueue {
    /// Takes a place, or says that there is none: a person waits a moment and tries again, and
    /// a crowd of machines gets no further than here.
    ///
    /// # Errors
    /// [`Error::Busy`] when it is full.
    pub fn enter(&self) -> Result<Turn<'_>> {
        self.0.try_acquire().map(Turn).map_err(|_| {
            Error::Busy(
                "Many passwords are being looked at. Wait a moment and send the form again.".into(),
            )
        })
    }
}

/// A hash that no password fits, so that an unknown address takes as long as a known one.
pub const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Argon2id as OWASP advises: 19 MiB, two passes. Tests make hundreds of accounts and need
/// none of that cost; a hash names its own parameters, so verifying is the same.
fn argon2() -> Argon2<'static> {
    if cfg!(test) {
        let light = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap_or_default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, light)
    } else {
        Argon2::default()
    }
}

/// The hash of a password, with 16 of the random bytes as its salt.
pub async fn hash(_turn: &Turn<'_>, random: [u8; 32], password: String) -> Result<String> {
    work(move || {
        argon2()
            .hash_password_with_salt(password.as_bytes(), &random[..16])
            .map(|hash| hash.to_string())
            .map_err(|error| Error::Internal(error.to_string()))
    })
    .await?
}

/// Whether the password fits the hash.
pub async fn verify(_turn: &Turn<'_>, password: String, hash: String) -> Result<bool> {
    work(move || {
        PasswordVerifier::<str>::verify_password(&Argon2::default(), password.as_bytes(), &hash)
            .is_ok()
    })
    .await
}

async fn work<T: Send + 'static>(task: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE
        .acquire()
        .await
        .map_err(|error| Error::Internal(error.to_string()))?;
    tokio::task::spawn_blocking(task)
        .await
        .map_err(|error| Error::Internal(error.to_string()))
}
