//! How an outsider checks a record, and how a forger is found out.
//!
//! `cargo run -p throughline-journal --example check_record [-- ENTRIES]`

use std::error::Error;
use std::time::Instant;

use throughline_journal::note::{SigningKey, VerifyingKey};
use throughline_journal::{Checkpoint, Entry, Fault, Frontier, Hash, Verified, Verifier};

fn entry(seq: u64) -> Entry {
    Entry {
        seq,
        at: "2024-03-01T09:12:00Z".to_owned(),
        actor: "inspector-4".to_owned(),
        role: "inspector".to_owned(),
        action: "case-referred".to_owned(),
        subject: format!("case/C-{seq:07}"),
        reason: Some("at-risk".to_owned()),
        salt: format!("{seq:032x}"),
        change: r#"{"referral":{"risk":"high","to":"force-1"}}"#.to_owned(),
    }
}

/// What the inspectorate exports: every entry with the leaf stored beside it.
fn export(count: u64) -> Result<Vec<(Entry, Hash)>, Box<dyn Error>> {
    let with_leaf = |seq| Ok((entry(seq), entry(seq).leaf()?));
    (1..=count).map(with_leaf).collect()
}

fn head(export: &[(Entry, Hash)]) -> Frontier {
    let mut frontier = Frontier::new();
    for (_, leaf) in export {
        frontier.append(*leaf);
    }
    frontier
}

fn check(export: &[(Entry, Hash)], earlier: &Checkpoint) -> Result<Verified, Fault> {
    let head = head(export);
    let mut verifier = Verifier::new().expecting(earlier);
    for (entry, stored_leaf) in export {
        verifier.push(entry, stored_leaf)?;
    }
    verifier.finish(head.size(), &head.root())
}

fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = std::env::args()
        .nth(1)
        .map_or(Ok(1_000), |text| text.parse())?;
    let secret = SigningKey::from_seed("journal.example", &[7; 32])?;
    let mut export = export(count)?;

    // In spring the inspectorate handed out a checkpoint of the first half.
    let half = head(&export[..export.len() / 2]);
    let origin = secret.name().to_owned();
    let received = Checkpoint {
        origin,
        size: half.size(),
        root: half.root(),
    }
    .sign(&secret)?;
    println!("Received in spring:\n\n{received}");

    // In autumn an outsider, who knows the public key, gets the whole export.
    let key: VerifyingKey = secret.vkey().parse()?;
    let earlier = Checkpoint::open(&received, &key)?;
    let start = Instant::now();
    let verified = check(&export, &earlier)?;
    println!(
        "{} entries verify in {:?}, root {}",
        verified.size,
        start.elapsed(),
        verified.root
    );

    // Somebody changes an entry; then somebody cleverer, leaf, head and all.
    let Some((tampered, leaf)) = export.first_mut() else {
        return Ok(());
    };
    tampered.reason = None;
    let recomputed = tampered.leaf()?;
    let forged_leaf = std::mem::replace(leaf, recomputed);
    if let Err(fault) = check(&export, &earlier) {
        println!("With a recomputed leaf: {fault}");
    }
    export[0].1 = forged_leaf;
    if let Err(fault) = check(&export, &earlier) {
        println!("With the leaf as it was: {fault}");
    }
    Ok(())
}
