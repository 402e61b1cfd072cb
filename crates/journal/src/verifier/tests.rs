use super::*;
use crate::hash::empty_root;

fn entry(seq: u64) -> Entry {
    Entry {
        seq,
        at: format!("2024-03-01T09:12:{seq:02}Z"),
        actor: "inspector-4".to_owned(),
        role: "inspector".to_owned(),
        action: "case-referred".to_owned(),
        subject: "case/C-0017".to_owned(),
        reason: seq.is_multiple_of(2).then(|| "at-risk".to_owned()),
        salt: format!("{seq:032x}"),
        change: format!(r#"{{"grade":{seq}}}"#),
    }
}

/// A journal as it would stand in storage.
#[derive(Clone)]
struct Journal {
    entries: Vec<(Entry, Hash)>,
    head_size: u64,
    head_root: Hash,
}

impl Journal {
    fn of(count: u64) -> Self {
        let with_leaf = |seq| (entry(seq), entry(seq).leaf().expect("a good salt"));
        Self::with_head_over((1..=count).map(with_leaf).collect())
    }

    fn with_head_over(entries: Vec<(Entry, Hash)>) -> Self {
        let leaves: Vec<Hash> = entries.iter().map(|(_, leaf)| *leaf).collect();
        let frontier = Frontier::of(&leaves);
        Self {
            entries,
            head_size: frontier.size(),
            head_root: frontier.root(),
        }
    }

    fn checkpoint(&self) -> Checkpoint {
        let origin = "journal.example".to_owned();
        Checkpoint {
            origin,
            size: self.head_size,
            root: self.head_root,
        }
    }

    /// Goes on after a fault, as somebody would who wants them all.
    fn verify(&self, mut verifier: Verifier) -> Result<Verified, Fault> {
        for (entry, leaf) in &self.entries {
            let _reported_by_finish_too = verifier.push(entry, leaf);
        }
        verifier.finish(self.head_size, &self.head_root)
    }
}

fn rehash(entries: &mut [(Entry, Hash)]) {
    for (entry, leaf) in entries {
        *leaf = entry.leaf().expect("a good salt");
    }
}

#[test]
fn an_untouched_journal_verifies() {
    for count in 0..20 {
        let journal = Journal::of(count);
        let verified = Verified {
            size: count,
            root: journal.head_root,
            without_change: 0,
        };
        assert_eq!(journal.verify(Verifier::new()), Ok(verified));
    }
}

#[test]
fn a_journal_begins_with_each_of_its_checkpoints() {
    let journal = Journal::of(9);
    let all = (0..=9).map(|count| Journal::of(count).checkpoint());
    let verifier = all.fold(Verifier::new(), |verifier, at| verifier.expecting(&at));
    assert!(journal.verify(verifier).is_ok());
}

#[test]
fn every_altered_field_is_noticed_and_its_entry_named() {
    let alterations: [fn(&mut Entry); 12] = [
        |entry| entry.at.push('Z'),
        |entry| entry.actor = "inspector-5".to_owned(),
        |entry| entry.role.clear(),
        |entry| entry.action.insert(0, ' '),
        |entry| entry.subject = entry.subject.to_lowercase(),
        |entry| entry.reason = None,
        |entry| entry.reason = Some(String::new()),
        |entry| entry.change = r#"{"grade": 4}"#.to_owned(),
        |entry| entry.change.clear(),
        |entry| entry.salt = "0".repeat(32),
        |entry| entry.salt = entry.salt.replace('4', "G"),
        |entry| entry.salt.clear(),
    ];
    for (which, alter) in alterations.into_iter().enumerate() {
        let mut journal = Journal::of(7);
        alter(&mut journal.entries[3].0);
        let fault = journal
            .verify(Verifier::new())
            .expect_err("an altered entry");
        assert!(
            matches!(fault, Fault::Altered { seq: 4, .. }),
            "{which}: {fault}"
        );
        assert_eq!(fault.seq(), Some(4));
    }
}

#[test]
fn uppercase_salt_digits_are_an_alteration() {
    let mut journal = Journal::of(11);
    assert!(journal.entries[9].0.salt.ends_with('a'));
    journal.entries[9].0.salt = journal.entries[9].0.salt.to_uppercase();
    let stored = journal.entries[9].1;
    let fault = Fault::Altered {
        seq: 10,
        stored,
        computed: None,
    };
    assert_eq!(journal.verify(Verifier::new()), Err(fault));
}

#[test]
fn all_altered_entries_can_be_listed() {
    let mut journal = Journal::of(9);
    for index in [2, 5] {
        journal.entries[index].0.change.push(' ');
    }
    let mut verifier = Verifier::new();
    let push = |(entry, leaf): &(Entry, Hash)| verifier.push(entry, leaf).err();
    let named: Vec<_> = journal.entries.iter().filter_map(push).collect();
    assert_eq!(
        named.iter().map(Fault::seq).collect::<Vec<_>>(),
        [Some(3), Some(6)]
    );
}

#[test]
fn an_altered_leaf_is_told_from_an_altered_entry() {
    let mut journal = Journal::of(9);
    let computed = journal.entries[5].1;
    let stored = journal.entries[0].1;
    journal.entries[5].1 = stored;
    let fault = Fault::LeafMismatch {
        seq: 6,
        stored,
        computed,
    };
    assert_eq!(journal.verify(Verifier::new()), Err(fault));
}

#[test]
fn a_removed_entry_is_missing() {
    let mut journal = Journal::of(9);
    journal.entries.remove(4);
    let fault = Fault::Missing {
        seq: 5,
        found: Some(6),
    };
    assert_eq!(journal.verify(Verifier::new()), Err(fault));

    let mut cut = Journal::of(9);
    cut.entries.truncate(7);
    let fault = Fault::Missing {
        seq: 8,
        found: None,
    };
    assert_eq!(cut.verify(Verifier::new()), Err(fault));
}

#[test]
fn a_doubled_or_moved_entry_is_out_of_order() {
    let mut doubled = Journal::of(9);
    doubled.entries.insert(5, doubled.entries[4].clone());
    let fault = Fault::OutOfOrder {
        seq: 5,
        expected: 6,
    };
    assert_eq!(doubled.verify(Verifier::new()), Err(fault));

    let mut from_zero = Journal::of(2);
    from_zero.entries[0].0.seq = 0;
    let fault = Fault::OutOfOrder {
        seq: 0,
        expected: 1,
    };
    assert_eq!(from_zero.verify(Verifier::new()), Err(fault));
}

#[test]
fn an_entry_altered_with_its_leaf_contradicts_the_head() {
    let mut journal = Journal::of(9);
    journal.entries[4].0.change.push(' ');
    rehash(&mut journal.entries);
    let forged = Journal::with_head_over(journal.entries.clone());
    let fault = Fault::HeadMismatch {
        head_size: 9,
        head_root: journal.head_root,
        size: 9,
        root: forged.head_root,
    };
    assert_eq!(journal.verify(Verifier::new()), Err(fault));
}

#[test]
fn an_entry_beyond_the_head_contradicts_it() {
    let longer = Journal::of(9);
    let head = Journal::of(8);
    let journal = Journal {
        entries: longer.entries.clone(),
        ..head.clone()
    };
    let fault = Fault::HeadMismatch {
        head_size: 8,
        head_root: head.head_root,
        size: 9,
        root: longer.head_root,
    };
    assert_eq!(journal.verify(Verifier::new()), Err(fault));
}

#[test]
fn a_whole_forged_journal_contradicts_an_earlier_checkpoint() {
    let earlier = Journal::of(6).checkpoint();
    let mut journal = Journal::of(9);
    journal.entries[1].0.reason = None;
    rehash(&mut journal.entries);
    let forged = Journal::with_head_over(journal.entries);
    assert!(
        forged.verify(Verifier::new()).is_ok(),
        "without a checkpoint it passes"
    );

    let fault = forged.verify(Verifier::new().expecting(&earlier));
    let computed = Journal::with_head_over(forged.entries[..6].to_vec()).head_root;
    let expected = earlier.root;
    assert_eq!(
        fault,
        Err(Fault::NotAPrefix {
            size: 6,
            expected,
            computed
        })
    );
}

#[test]
fn a_checkpoint_of_nothing_must_have_the_empty_root() {
    let root = leaf_hash(b"not empty");
    let checkpoint = Checkpoint {
        root,
        ..Journal::of(0).checkpoint()
    };
    let fault = Fault::NotAPrefix {
        size: 0,
        expected: root,
        computed: empty_root(),
    };
    assert_eq!(
        Journal::of(3).verify(Verifier::new().expecting(&checkpoint)),
        Err(fault)
    );
}

#[test]
fn a_rewound_journal_contradicts_an_earlier_checkpoint() {
    let later = Journal::of(9).checkpoint();
    let fault = Fault::Rewound {
        checkpoint_size: 9,
        size: 6,
    };
    assert_eq!(
        Journal::of(6).verify(Verifier::new().expecting(&later)),
        Err(fault)
    );
}

#[test]
fn a_checkpoint_given_too_late_does_not_pass_unchecked() {
    let journal = Journal::of(3);
    let mut verifier = Verifier::new();
    for (entry, leaf) in &journal.entries {
        assert_eq!(verifier.push(entry, leaf), Ok(()));
    }
    let just_in_time = verifier.clone().expecting(&journal.checkpoint());
    assert!(just_in_time.finish(3, &journal.head_root).is_ok());
    let late = verifier.expecting(&Journal::of(2).checkpoint());
    let fault = Fault::CheckpointTooLate {
        checkpoint_size: 2,
        size: 3,
    };
    assert_eq!(late.finish(3, &journal.head_root), Err(fault));
}

#[test]
fn after_a_gap_the_verifier_stays_at_it() {
    let mut verifier = Verifier::new();
    let gap = Err(Fault::Missing {
        seq: 1,
        found: Some(2),
    });
    assert_eq!(verifier.push(&entry(2), &leaf_hash(b"")), gap);
    let leaf = entry(1).leaf().expect("a good salt");
    assert_eq!(verifier.push(&entry(1), &leaf), gap);
    assert_eq!(
        verifier.finish(1, &Frontier::of(&[leaf]).root()).err(),
        gap.err()
    );
}

/// Verifies a journal whose second entry is given as erased in this form.
fn verify_with_erased(second: &Entry, commitment: &Hash) -> Result<Verified, Fault> {
    let journal = Journal::of(2);
    let mut verifier = Verifier::new();
    verifier.push(&journal.entries[0].0, &journal.entries[0].1)?;
    verifier.push_committed(second, commitment, &journal.entries[1].1)?;
    verifier.finish(journal.head_size, &journal.head_root)
}

#[test]
fn an_erased_change_keeps_the_journal_whole_and_is_counted() {
    let commitment = entry(2).commitment().expect("a good salt");
    let erased = Entry {
        reason: None,
        salt: String::new(),
        change: String::new(),
        ..entry(2)
    };
    let root = Journal::of(2).head_root;
    let verified = Verified {
        size: 2,
        root,
        without_change: 1,
    };
    assert_eq!(verify_with_erased(&erased, &commitment), Ok(verified));

    let stored = Journal::of(2).entries[1].1;
    let other = leaf_hash(b"another commitment");
    let computed = Some(erased.leaf_with(&other));
    let fault = Fault::Altered {
        seq: 2,
        stored,
        computed,
    };
    assert_eq!(verify_with_erased(&erased, &other), Err(fault));
}

#[test]
fn neither_change_nor_reason_can_hide_behind_a_commitment() {
    let commitment = entry(2).commitment().expect("a good salt");
    let nothing = Entry {
        reason: None,
        salt: String::new(),
        change: String::new(),
        ..entry(2)
    };
    let with_change = Entry {
        change: "{}".to_owned(),
        ..nothing.clone()
    };
    let with_reason = Entry {
        reason: Some("another reason".to_owned()),
        ..nothing
    };
    for pretended in [with_change, with_reason] {
        let stored = Journal::of(2).entries[1].1;
        let fault = Fault::Altered {
            seq: 2,
            stored,
            computed: None,
        };
        assert_eq!(verify_with_erased(&pretended, &commitment), Err(fault));
    }
}
