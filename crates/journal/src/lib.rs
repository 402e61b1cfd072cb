//! An append-only, verifiable record: append, verify, prove.
//!
//! The inspectorate writes down everything that is done and every reading of
//! case material as an *entry* of its journal. This crate is how anybody,
//! friend or critic, checks that the record they were shown is the record
//! that was written: nothing altered, nothing removed, nothing slipped in
//! between, nothing put in another order. It needs no database and nothing
//! else of ours, so you can build it alone. If you would rather not trust our
//! Rust, `verify.py` beside this crate's manifest does the same in one file of
//! Python with its standard library only, and the [`entry`] module describes
//! every byte, so that you can write your own.
//!
//! # What you need
//!
//! 1. **The export**: all entries in order, each with the leaf hash that was
//!    stored when it was written.
//! 2. **A checkpoint** that you received earlier, and kept where nobody at
//!    the inspectorate can reach it: a short text that says "the journal had
//!    *this many* entries and *this* root", signed with the journal's key.
//! 3. **The journal's public key**, a line such as
//!    `journal.example+1a2b3c4d+AT…`, obtained some other way than the export.
//!
//! # What to do with it
//!
//! Open the checkpoint with the key, then push every entry through a
//! [`Verifier`] that expects it:
//!
//! ```
//! use throughline_journal::{Checkpoint, Entry, Frontier, Verifier};
//! use throughline_journal::note::{SigningKey, VerifyingKey};
//!
//! # let key = SigningKey::from_seed("journal.example", &[7; 32])?;
//! # let published_key = key.vkey();
//! # let mut frontier = Frontier::new();
//! # let mut export = Vec::new();
//! # let mut received_in_spring = String::new();
//! # for seq in 1..=5 {
//! #     let entry = Entry {
//! #         seq, at: "2024-03-01T09:12:00Z".into(), actor: "inspector-4".into(),
//! #         role: "inspector".into(), action: "case-referred".into(),
//! #         subject: "case/C-0017".into(), reason: None,
//! #         salt: "000102030405060708090a0b0c0d0e0f".into(), change: "{}".into(),
//! #     };
//! #     let leaf = entry.leaf()?;
//! #     frontier.append(leaf);
//! #     export.push((entry, leaf));
//! #     if seq == 3 {
//! #         let checkpoint = Checkpoint {
//! #             origin: "journal.example".into(), size: frontier.size(), root: frontier.root(),
//! #         };
//! #         received_in_spring = checkpoint.sign(&key)?;
//! #     }
//! # }
//! # let (head_size, head_root) = (frontier.size(), frontier.root());
//! let key: VerifyingKey = published_key.parse()?;
//! let earlier = Checkpoint::open(&received_in_spring, &key)?;
//!
//! let mut verifier = Verifier::new().expecting(&earlier);
//! for (entry, stored_leaf) in &export {
//!     verifier.push(entry, stored_leaf)?;
//! }
//! let verified = verifier.finish(head_size, &head_root)?;
//! println!("{} entries, root {}", verified.size, verified.root);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A failure is a [`Fault`] that names the entry and says what is wrong.
//!
//! # What it proves, and what it does not
//!
//! - The entries hash to their leaves and the leaves to the root (a Merkle
//!   tree, [RFC 6962](https://www.rfc-editor.org/rfc/rfc6962)). Whoever
//!   changes one byte changes the root.
//! - Somebody who holds the whole database could recompute every hash. What
//!   they cannot do is make the new tree begin with the checkpoint you hold.
//!   So a journal without checkpoints in other hands proves little: ask for
//!   one, keep it, and compare it with those of others. Two signed checkpoints
//!   that cannot be reconciled are proof of misconduct.
//! - To follow the journal from one checkpoint to the next you do not need
//!   the entries: a [`ConsistencyProof`] shows that the later one only added.
//!   To show one entry without the others there is the [`InclusionProof`].
//! - What was said of a case is not for everybody, and may have to be erased
//!   by law. The leaf therefore holds only a salted commitment to an entry's
//!   reason and change. An entry without them keeps its place, its time, its
//!   actor and its commitment; [`Verified::without_change`] counts them, so
//!   that erasure is never silent.
//! - The record cannot show that what was written was true, nor what was
//!   never written.
//!
//! # Writing
//!
//! Appending needs only the [`Frontier`]: some sixty hashes at most, kept as
//! one line of text. The crate reads no clock and draws no random numbers;
//! times, salts and key seeds are arguments.

pub mod checkpoint;
pub mod entry;
pub mod frontier;
pub mod hash;
pub mod note;
pub mod proof;
pub mod verifier;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::{Entry, SaltError};
pub use frontier::{Frontier, FrontierError};
pub use hash::{Hash, HashError, empty_root, leaf_hash, node_hash};
pub use proof::{ConsistencyProof, InclusionProof, ProofError};
pub use verifier::{Fault, Verified, Verifier};

/// The checker in one file of Python that lies beside this crate's manifest, for whoever would
/// rather not trust our Rust.
pub const VERIFIER: &str = include_str!("../verify.py");
