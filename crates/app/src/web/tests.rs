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

#[tokio::test]
async fn over_https_a_browser_is_told_to_come_no_other_way() {
    use tower::ServiceExt;
    let world = World::new().await;
    for (https, told) in [(true, Some("max-age=31536000")), (false, None)] {
        let web = crate::web::application(crate::web::Web {
            app: Arc::clone(&world.app),
            clock: Arc::new(jiff::Timestamp::now),
            https,
            notice: None,
        });
        let request = axum::http::Request::get("/published")
            .body(axum::body::Body::empty())
            .expect("a request");
        let answer = web.oneshot(request).await.expect("an answer");
        let header = answer.headers().get("strict-transport-security");
        assert_eq!(header.and_then(|value| value.to_str().ok()), told);
    }
}
