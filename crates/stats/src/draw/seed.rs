//! A seed that neither side could choose alone.
//!
//! The inspectorate commits to a secret before the force says anything, the force then gives its
//! own random bytes, and the seed comes from both and from the list. Neither can steer the draw
//! unless both work together. [`Origin`] says how the seed of a draw came about.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Bytes32, Digest, Seed};

/// The digest of a secret, published before the other side contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment(pub Digest);

/// Commits to a 32-byte secret: SHA-256 of the ASCII text `throughline-commitment-v1`, a line feed
/// and the secret.
pub fn commit(secret: &Bytes32) -> Commitment {
    let mut hash = Sha256::new();
    hash.update(b"throughline-commitment-v1\n");
    hash.update(secret.0);
    Commitment(Bytes32(hash.finalize().into()))
}

impl Commitment {
    /// Whether `secret` is the one that was committed to.
    pub fn opened_by(&self, secret: &Bytes32) -> bool {
        commit(secret) == *self
    }
}

/// The seed from the list's digest, the inspectorate's secret and the force's contribution:
/// SHA-256 of the ASCII text `throughline-seed-v1`, a line feed, the digest (32 bytes), the secret
/// (32 bytes), and the contribution's bytes to the end.
pub fn joint_seed(frame: &Digest, secret: &Bytes32, contribution: &[u8]) -> Seed {
    let mut hash = Sha256::new();
    hash.update(b"throughline-seed-v1\n");
    hash.update(frame.0);
    hash.update(secret.0);
    hash.update(contribution);
    Bytes32(hash.finalize().into())
}

/// How the seed of a draw came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Origin {
    /// From both sides: [`joint_seed`] of the list, the secret and the contribution.
    Joint {
        /// What the inspectorate published before the other side contributed.
        commitment: Commitment,
        /// What it had committed to.
        secret: Bytes32,
        /// What the other side gave; its UTF-8 bytes enter the seed.
        contribution: String,
    },
    /// The other side gave nothing: [`joint_seed`] with an empty contribution. The inspectorate
    /// was bound by its commitment, but chose the secret alone.
    InspectorateAlone {
        /// What the inspectorate published beforehand.
        commitment: Commitment,
        /// What it had committed to.
        secret: Bytes32,
        /// Why the other side gave nothing, as a code.
        reason: String,
    },
    /// Somebody gave the seed, as for a test: nothing shows that it was not chosen.
    Given {
        /// The seed as given.
        seed: Seed,
    },
}

impl Origin {
    /// The seed for a list of this digest.
    pub fn seed(&self, frame: &Digest) -> Seed {
        match self {
            Origin::Joint {
                secret,
                contribution,
                ..
            } => joint_seed(frame, secret, contribution.as_bytes()),
            Origin::InspectorateAlone { secret, .. } => joint_seed(frame, secret, b""),
            Origin::Given { seed } => *seed,
        }
    }

    /// Whether the secret is the one that was committed to. There is none to a given seed.
    pub fn keeps_commitment(&self) -> bool {
        match self {
            Origin::Joint {
                commitment, secret, ..
            }
            | Origin::InspectorateAlone {
                commitment, secret, ..
            } => commitment.opened_by(secret),
            Origin::Given { .. } => true,
        }
    }
}
