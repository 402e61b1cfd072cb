//! What must hold for every log, every proof and every entry.

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use throughline_journal::{
    ConsistencyProof, Entry, Frontier, Hash, InclusionProof, ProofError, empty_root, leaf_hash,
    node_hash,
};

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// MTH as RFC 6962 words it, slowly.
fn recursive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let mut half = 1;
            while half * 2 < leaves.len() {
                half *= 2;
            }
            let (left, right) = leaves.split_at(half);
            node_hash(&recursive_root(left), &recursive_root(right))
        }
    }
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes.into()
}

#[test]
fn every_proof_of_every_small_log_verifies() {
    for size in 0..=33_u64 {
        let log = leaves(size);
        let root = recursive_root(&log);
        for at in 0..size {
            let proof = InclusionProof::generate(at, &log).expect("within the log");
            assert_eq!(
                proof.verify(&log[at as usize], &root),
                Ok(()),
                "{at} in {size}"
            );
        }
        for first in 0..=size {
            let proof = ConsistencyProof::generate(first, &log).expect("within the log");
            let earlier = recursive_root(&log[..first as usize]);
            assert_eq!(proof.verify(&earlier, &root), Ok(()), "{first} in {size}");
        }
    }
}

#[test]
fn proofs_beyond_the_log_are_refused() {
    let log = leaves(3);
    let no_such_leaf = ProofError::NoSuchLeaf { index: 3, size: 3 };
    assert_eq!(InclusionProof::generate(3, &log), Err(no_such_leaf.clone()));
    let path = Vec::new();
    let proof = InclusionProof {
        index: 3,
        size: 3,
        path: path.clone(),
    };
    assert_eq!(
        proof.verify(&log[0], &recursive_root(&log)),
        Err(no_such_leaf)
    );
    let shrunk = ProofError::Shrunk {
        first: 4,
        second: 3,
    };
    assert_eq!(ConsistencyProof::generate(4, &log), Err(shrunk.clone()));
    let proof = ConsistencyProof {
        first: 4,
        second: 3,
        path,
    };
    assert_eq!(proof.verify(&log[0], &log[1]), Err(shrunk));
}

proptest! {
    #[test]
    fn the_frontier_has_the_root_of_the_whole_tree(count in 0_u64..300) {
        let log = leaves(count);
        prop_assert_eq!(Frontier::of(&log).root(), recursive_root(&log));
    }

    #[test]
    fn an_inclusion_proof_with_one_bit_flipped_fails(
        size in 1_u64..200, at in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(), bit in 0_usize..256,
    ) {
        let log = leaves(size);
        let root = recursive_root(&log);
        let index = at.index(log.len());
        let mut proof = InclusionProof::generate(index as u64, &log).expect("within the log");
        prop_assert!(proof.verify(&flipped(&log[index], bit), &root).is_err());
        prop_assert!(proof.verify(&log[index], &flipped(&root, bit)).is_err());
        if !proof.path.is_empty() {
            let which = which.index(proof.path.len());
            proof.path[which] = flipped(&proof.path[which], bit);
            prop_assert!(proof.verify(&log[index], &root).is_err());
        }
    }

    #[test]
    fn a_consistency_proof_with_one_bit_flipped_fails(
        first in 1_u64..200, more in 1_u64..100,
        which in any::<prop::sample::Index>(), bit in 0_usize..256,
    ) {
        let log = leaves(first + more);
        let (earlier, later) = (recursive_root(&log[..first as usize]), recursive_root(&log));
        let mut proof = ConsistencyProof::generate(first, &log).expect("within the log");
        prop_assert_eq!(proof.verify(&earlier, &later), Ok(()));
        prop_assert!(proof.verify(&flipped(&earlier, bit), &later).is_err());
        prop_assert!(proof.verify(&earlier, &flipped(&later, bit)).is_err());
        let which = which.index(proof.path.len());
        proof.path[which] = flipped(&proof.path[which], bit);
        prop_assert!(proof.verify(&earlier, &later).is_err());
    }

    #[test]
    fn a_path_of_another_length_fails(size in 2_u64..200, first in 1_u64..200) {
        let log = leaves(size);
        let root = recursive_root(&log);
        let mut proof = InclusionProof::generate(0, &log).expect("within the log");
        proof.path.push(root);
        let found = proof.path.len();
        prop_assert_eq!(proof.verify(&log[0], &root), Err(ProofError::Length { found }));
        proof.path.truncate(found - 2);
        let found = proof.path.len();
        prop_assert_eq!(proof.verify(&log[0], &root), Err(ProofError::Length { found }));

        prop_assume!(first < size);
        let earlier = recursive_root(&log[..first as usize]);
        let mut proof = ConsistencyProof::generate(first, &log).expect("within the log");
        proof.path.push(root);
        let found = proof.path.len();
        prop_assert_eq!(proof.verify(&earlier, &root), Err(ProofError::Length { found }));
        proof.path.truncate(found - 2);
        let found = proof.path.len();
        prop_assert_eq!(proof.verify(&earlier, &root), Err(ProofError::Length { found }));
    }

    #[test]
    fn no_two_ways_to_cut_a_text_into_fields_share_an_encoding(
        text in "[a\0\n|\u{1}]{0,12}", one in cuts(), other in cuts(),
    ) {
        let (one, other) = (entry_cut_from(&text, one), entry_cut_from(&text, other));
        let encode = |entry: &Entry| entry.encoded(&entry.commitment().expect("a good salt"));
        prop_assert_eq!(one == other, encode(&one) == encode(&other));
    }
}

fn cuts() -> impl Strategy<Value = [usize; 5]> {
    prop::array::uniform5(0_usize..=12).prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts
    })
}

/// An entry whose fields, run together, are always the same text.
fn entry_cut_from(text: &str, cuts: [usize; 5]) -> Entry {
    let [a, b, c, d, e] = cuts.map(|cut| cut.min(text.len()));
    let reason = (e < text.len()).then(|| text[e..].to_owned());
    Entry {
        at: text[..a].to_owned(),
        actor: text[a..b].to_owned(),
        role: text[b..c].to_owned(),
        action: text[c..d].to_owned(),
        subject: text[d..e].to_owned(),
        reason,
        ..plain_entry()
    }
}

fn plain_entry() -> Entry {
    let text = |text: &str| text.to_owned();
    Entry {
        seq: 1,
        at: text("2024-03-01T09:12:00Z"),
        actor: text("ab"),
        role: text("c"),
        action: text("d"),
        subject: text("e"),
        reason: None,
        salt: text("000102030405060708090a0b0c0d0e0f"),
        change: text("{}"),
    }
}

#[test]
fn characters_moved_between_fields_make_another_leaf() {
    let leaf = |entry: &Entry| entry.leaf().expect("a good salt");
    let plain = plain_entry();
    let moved = Entry {
        actor: "a".into(),
        role: "bc".into(),
        ..plain.clone()
    };
    let reason = |reason: &str| Entry {
        reason: Some(reason.into()),
        ..plain.clone()
    };
    let salted = Entry {
        salt: "0102030405060708090a0b0c0d0e0f7b".into(),
        change: "}".into(),
        ..plain.clone()
    };
    let distinct = [
        leaf(&plain),
        leaf(&moved),
        leaf(&reason("")),
        leaf(&reason("\0")),
        leaf(&salted),
    ];
    for (at, one) in distinct.iter().enumerate() {
        assert!(!distinct[at + 1..].contains(one), "entry {at}");
    }
}

#[test]
fn the_encoding_is_the_documented_one() {
    let entry = Entry {
        reason: Some("f".into()),
        ..plain_entry()
    };
    let commitment = entry.commitment().expect("a good salt");
    let mut expected = b"throughline-journal entry v1\n\0\0\0\0\0\0\0\x01".to_vec();
    expected.extend(b"\0\0\0\0\0\0\0\x142024-03-01T09:12:00Z");
    expected.extend(b"\0\0\0\0\0\0\0\x02ab\0\0\0\0\0\0\0\x01c");
    expected.extend(b"\0\0\0\0\0\0\0\x01d\0\0\0\0\0\0\0\x01e");
    expected.extend(commitment.as_bytes());
    assert_eq!(entry.encoded(&commitment), expected);
    assert_eq!(entry.leaf(), Ok(leaf_hash(&expected)));
}

#[test]
fn the_commitment_is_the_documented_one() {
    let entry = Entry {
        reason: Some("f".into()),
        ..plain_entry()
    };
    let mut said = hex::decode(&entry.salt).expect("a good salt");
    said.extend(b"\x01\0\0\0\0\0\0\0\x01f");
    said.extend(entry.change.as_bytes());
    let expected = Hash::from(<[u8; 32]>::from(Sha256::digest(&said)));
    assert_eq!(entry.commitment(), Ok(expected));
}

#[test]
fn debug_output_keeps_case_material_to_itself() {
    let (reason, change) = (Some("SECRET-1".into()), "SECRET-2".into());
    let shown = format!(
        "{:?}",
        Entry {
            reason,
            change,
            ..plain_entry()
        }
    );
    assert!(
        shown.contains("seq: 1") && !shown.contains("SECRET"),
        "{shown}"
    );
}
