use crate::testing::World;
use axum::http::StatusCode;
use std::io;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// What stands for case material in this test: it must never be in the log.
const MARKER: &str = "Marker-7f3a";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Log;
    fn make_writer(&'w self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn log_never_repeats_what_was_entered_whatever_fails() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let world = World::new().await;
    let browser = world.browser("administrator").await;
    let _guard = tracing::subscriber::set_default(everything);
    let force = [
        ("force-code", "x"),
        ("force-name", MARKER),
        ("force-nation", "wales"),
    ];
    let account = [
        ("name", MARKER),
        ("email", MARKER),
        ("role", MARKER),
        ("password", MARKER),
    ];
    let sign_in = [("email", MARKER), ("password", MARKER)];
    for (path, fields) in [
        ("/accounts", account.as_slice()),
        ("/sign-in", sign_in.as_slice()),
        ("/accounts/forces", &[("force-code", MARKER)]),
        ("/accounts/0123456789ab/close", &[("reason", MARKER)]),
        ("/account/password", &[("present", MARKER), ("new", MARKER)]),
    ] {
        let answer = browser.post(path, fields).await;
        assert!(
            !answer.status.is_success() && !answer.status.is_server_error(),
            "{path}"
        );
    }
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("ALTER TABLE force RENAME TO elsewhere")
        .execute(&mut *transaction)
        .await
        .expect("renamed");
    transaction.commit().await.expect("committed");
    let failed = browser.post("/accounts/forces", &force).await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!failed.text().contains("elsewhere") && !failed.text().contains("SELECT"));

    let written = String::from_utf8_lossy(&log.0.lock().expect("the log")).into_owned();
    assert!(
        written.contains("the database failed"),
        "nothing was logged"
    );
    assert!(!written.contains(MARKER), "{written}");
}
