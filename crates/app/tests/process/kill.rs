//! Killed in the middle of its work, again and again, it loses nothing that it confirmed.

use crate::program::{Client, Place};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const WRITERS: usize = 4;
/// After how many confirmed changes each round's kill comes.
const KILLS_AFTER: [usize; 5] = [1, 7, 20, 3, 40];

#[test]
fn what_was_confirmed_survives_a_kill_and_the_journal_verifies() {
    let place = Place::new();
    place.add_administrator();
    let confirmed = Arc::new(Mutex::new(BTreeSet::new()));
    for (round, kill_after) in KILLS_AFTER.into_iter().enumerate() {
        let server = place.serve();
        let client = Client::sign_in(&server.address);
        let count = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (client, count) = (client.clone(), Arc::clone(&count));
                let confirmed = Arc::clone(&confirmed);
                std::thread::spawn(move || write(&client, round, writer, &confirmed, &count))
            })
            .collect();
        let limit = Instant::now() + Duration::from_secs(60);
        while count.load(Ordering::SeqCst) < kill_after {
            assert!(Instant::now() < limit, "the program answers too slowly");
            std::thread::sleep(Duration::from_micros(300));
        }
        drop(server);
        for writer in writers {
            writer.join().expect("a writer");
        }
        let told = place.succeed(&["journal", "verify"]);
        assert!(told.starts_with("The journal verifies: "), "{told}");
        let kept = place.succeed(&["force", "list"]);
        let kept: BTreeSet<&str> = kept
            .lines()
            .filter_map(|line| line.split('\t').next())
            .collect();
        for code in confirmed.lock().expect("the codes").iter() {
            assert!(
                kept.contains(code.as_str()),
                "round {round}: {code} was confirmed and is gone"
            );
        }
    }
}

/// Adds forces until the server is gone.
fn write(
    client: &Client,
    round: usize,
    writer: usize,
    confirmed: &Mutex<BTreeSet<String>>,
    count: &AtomicUsize,
) {
    for number in 0.. {
        let code = format!("r{round}-w{writer}-n{number}");
        let fields = [
            ("force-code", code.as_str()),
            ("force-name", code.as_str()),
            ("force-nation", "wales"),
        ];
        let Some(answer) = client.post("/accounts/forces", &fields) else {
            return;
        };
        assert!(
            answer.status == 303 && answer.head.contains("location: /accounts"),
            "{}",
            answer.head
        );
        confirmed.lock().expect("the codes").insert(code);
        count.fetch_add(1, Ordering::SeqCst);
    }
}
