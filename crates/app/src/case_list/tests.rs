use super::*;
use crate::testing::{Browser, World, reference};
use axum::http::StatusCode;
use jiff::civil::date;

const FROM: &str = "2025-01-01";
const TO: &str = "2025-12-31";
const CATEGORIES: [&str; 3] = ["missing", "domestic-abuse", "exploitation"];

/// A list of sound cases as CSV.
fn csv_of(cases: impl Iterator<Item = i64>) -> String {
    let mut text = String::from("Case ref,Category,Area,Date opened,Date closed\n");
    for n in cases {
        let category = CATEGORIES[(n % 3) as usize];
        let month = n % 12 + 1;
        let closed = if n % 4 == 0 { "" } else { "2025-12-30" };
        text.push_str(&format!(
            "{},{category},N{},2025-{month:02}-03,{closed}\n",
            reference(n),
            n % 4
        ));
    }
    text
}

fn period() -> InspectedPeriod {
    InspectedPeriod::new(date(2025, 1, 1), date(2025, 12, 31)).expect("a period")
}

fn accepted(text: &str) -> AcceptedList {
    let table = table::read(text.as_bytes()).expect("a table");
    let mapping = step::propose_mapping(&table.header.cells);
    let framework = framework::find("child-protection-2016@1").expect("a framework");
    let checked = check_table(&table, &mapping, framework, period(), |_| ());
    AcceptedList {
        file_name: "list.csv".into(),
        digest: table::digest(text.as_bytes()),
        mapping,
        period: period(),
        declared: DeclaredTotals::default(),
        rows: checked.accept().expect("a sound list"),
    }
}

/// Hands over a file, names its columns as proposed, and opens the check.
async fn hand_over(browser: &Browser, id: &InspectionId, name: &str, bytes: &[u8]) -> String {
    let path = format!("/inspections/{id}/case-list/import");
    let fields = [("period_from", FROM), ("period_to", TO)];
    let answer = browser.upload(&path, &fields, ("file", name, bytes)).await;
    let columns = format!("{path}/columns");
    assert_eq!(
        answer.location.as_deref(),
        Some(columns.as_str()),
        "{}",
        answer.text()
    );
    let chosen = [
        ("column-0", "reference"),
        ("column-1", "category"),
        ("column-2", "area"),
        ("column-3", "opened"),
        ("column-4", "closed"),
    ];
    let answer = browser.post(&columns, &chosen).await;
    let check = format!("{path}/check");
    assert_eq!(
        answer.location.as_deref(),
        Some(check.as_str()),
        "{}",
        answer.text()
    );
    browser.get(&check).await.text()
}

async fn confirm(browser: &Browser, id: &InspectionId, page: &str) -> StatusCode {
    let hidden = |name: &str| {
        let start = page
            .find(&format!("name=\"{name}\" value=\""))
            .expect("a field");
        let rest = &page[start + name.len() + 15..];
        rest[..rest.find('"').expect("an end")].to_owned()
    };
    let (seen, version) = (hidden("seen"), hidden("version"));
    let path = format!("/inspections/{id}/case-list/import/confirm");
    browser
        .post(&path, &[("seen", &seen), ("version", &version)])
        .await
        .status
}

async fn count(world: &World, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(world.app.store.reader())
        .await
        .expect("a count")
}

const PRESENT: &str = "SELECT COUNT(*) FROM case_record WHERE withdrawn_at IS NULL";

#[tokio::test]
async fn inspector_takes_a_list_in_page_by_page() {
    let world = World::new().await;
    let id = world.inspection().await;
    let inspector = world.browser("inspector").await;
    let page = hand_over(&inspector, &id, "list.csv", csv_of(1..=120).as_bytes()).await;
    assert!(page.contains("120 cases, no fault"), "{page}");
    assert_eq!(
        count(&world, PRESENT).await,
        0,
        "nothing before somebody says yes"
    );
    assert_eq!(confirm(&inspector, &id, &page).await, StatusCode::SEE_OTHER);
    assert_eq!(count(&world, PRESENT).await, 120);
    assert_eq!(
        count(&world, "SELECT COUNT(*) FROM case_list_upload").await,
        0
    );
    let page = inspector
        .get(&format!("/inspections/{id}/case-list"))
        .await
        .text();
    for words in [
        "Version 1",
        "Missing child",
        "2025-03",
        "declared no totals",
        "list.csv",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let cases = inspector
        .get(&format!(
            "/inspections/{id}/cases?category=missing&q=cp-2025-00000"
        ))
        .await
        .text();
    assert!(cases.contains(&reference(3)) && !cases.contains(&reference(4)));
}

#[tokio::test]
async fn journal_holds_counts_and_digest_and_never_a_row() {
    let world = World::new().await;
    let id = world.inspection().await;
    let list = accepted(&csv_of(1..=12));
    import_rows(&world.call("lead"), &id, &list)
        .await
        .expect("imported");
    let change: String =
        sqlx::query_scalar("SELECT change FROM journal_entry WHERE action = 'case list imported'")
            .fetch_one(world.app.store.reader())
            .await
            .expect("an entry");
    assert!(
        change.contains(&list.digest) && change.contains("\"cases\":12"),
        "{change}"
    );
    assert!(!change.contains("CP-2025"), "{change}");
}

#[tokio::test]
async fn long_import_says_how_far_it_is_while_it_is_the_one_writer() {
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.call("lead");
    let subject = upload::subject(&id);
    let job = crate::job::start(&lead, "case-list-import", &subject, 12_000)
        .await
        .expect("a job");
    let steps = std::sync::Mutex::new(Vec::new());
    let list = accepted(&csv_of(1..=12_000));
    let written = |rows| {
        lead.app.progress.tell(&job, rows, "Writing the cases");
        steps.lock().expect("steps").push(rows);
    };
    import_rows_telling(&lead, &id, &list, &written)
        .await
        .expect("imported");
    assert_eq!(steps.into_inner().expect("steps"), [5_000, 10_000, 12_000]);
    let browser = world.browser("lead").await;
    let page = format!("/inspections/{id}/case-list/import/progress?job={job}");
    let text = browser.get(&page).await.text();
    assert!(
        text.contains("Writing the cases: 12,000 of 12,000 rows."),
        "{text}"
    );
    crate::job::finish(&lead, &job, Ok(format!("/inspections/{id}/case-list")))
        .await
        .expect("ended");
    let ended = browser.get(&page).await.location;
    assert_eq!(ended, Some(format!("/inspections/{id}/case-list")));
}

#[tokio::test]
async fn faulty_file_changes_nothing_and_tells_every_fault() {
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.browser("lead").await;
    let mut text = csv_of(1..=60);
    for n in 1..=70 {
        text.push_str(&format!("CP-2024-{n:07},no-such,N1,2025-03-03,\n"));
    }
    text.push_str("CP-2025-0000001,missing,N1,2025-03-03,\n");
    let page = hand_over(&lead, &id, "list.csv", text.as_bytes()).await;
    assert!(
        page.contains("71 faults") && page.contains("1 repeats a reference"),
        "{page}"
    );
    assert!(!page.contains("no-such"), "values are not repeated");
    assert!(page.contains("1 to 50 of 71") && page.contains("rel=\"next\""));
    let base = format!("/inspections/{id}/case-list/import");
    let file = lead.get(&format!("{base}/faults.csv")).await;
    assert_eq!(file.text().lines().count(), 72);
    assert!(!file.text().contains("no-such"));
    let answer = lead
        .post(
            &format!("{base}/confirm"),
            &[("seen", "x"), ("version", "1")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM case_record").await, 0);
}

#[tokio::test]
async fn same_file_again_changes_nothing_and_says_so() {
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.call("lead");
    let list = accepted(&csv_of(1..=30));
    let first = import_rows(&lead, &id, &list).await.expect("imported");
    assert!(matches!(
        first,
        Imported::As(
            _,
            Counts {
                version: 1,
                added: 30,
                ..
            }
        )
    ));
    let entries = count(&world, "SELECT COUNT(*) FROM journal_entry").await;
    let again = import_rows(&lead, &id, &list).await.expect("answered");
    assert_eq!(again, Imported::Already(1));
    assert_eq!(
        count(&world, "SELECT COUNT(*) FROM journal_entry").await,
        entries
    );
    let browser = world.browser("lead").await;
    let page = hand_over(&browser, &id, "list.csv", csv_of(1..=30).as_bytes()).await;
    assert!(
        page.contains("Nothing would change") && page.contains("in already"),
        "{page}"
    );
    assert_eq!(confirm(&browser, &id, &page).await, StatusCode::SEE_OTHER);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM case_list").await, 1);
    assert_eq!(
        count(&world, "SELECT COUNT(*) FROM case_list_upload").await,
        0
    );
}

#[tokio::test]
async fn corrected_list_shows_what_would_change_before_it_does() {
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.call("lead");
    import_rows(&lead, &id, &accepted(&csv_of(1..=10)))
        .await
        .expect("imported");
    let corrected =
        csv_of(3..=12).replace("CP-2025-0000005,exploitation", "CP-2025-0000005,missing");
    let browser = world.browser("lead").await;
    let page = hand_over(&browser, &id, "corrected.csv", corrected.as_bytes()).await;
    for words in [
        "Withdrawn",
        "CP-2025-0000001",
        "category: exploitation becomes missing",
        "CP-2025-0000012",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(count(&world, PRESENT).await, 10);
    assert_eq!(confirm(&browser, &id, &page).await, StatusCode::SEE_OTHER);
    assert_eq!(count(&world, PRESENT).await, 10);
    assert_eq!(
        count(&world, "SELECT COUNT(*) FROM case_record").await,
        12,
        "none is deleted"
    );
    let gone = find_case(lead.reader(), &id, &reference(1))
        .await
        .expect("an answer")
        .expect("kept");
    assert!(gone.withdrawn_at.is_some() && gone.version == 1);
    import_rows(&lead, &id, &accepted(&csv_of(1..=10)))
        .await
        .expect("imported");
    let back = find_case(lead.reader(), &id, &reference(1))
        .await
        .expect("an answer")
        .expect("kept");
    assert!(back.withdrawn_at.is_none() && back.version == 3);
}

#[tokio::test]
async fn confirmation_of_what_is_no_longer_so_is_refused() {
    let world = World::new().await;
    let id = world.inspection().await;
    let browser = world.browser("lead").await;
    let page = hand_over(&browser, &id, "list.csv", csv_of(1..=9).as_bytes()).await;
    hand_over(
        &world.browser("inspector").await,
        &id,
        "other.csv",
        csv_of(1..=8).as_bytes(),
    )
    .await;
    assert_eq!(confirm(&browser, &id, &page).await, StatusCode::CONFLICT);
    assert_eq!(count(&world, PRESENT).await, 0);
}

#[tokio::test]
async fn column_that_announces_names_is_refused_until_it_is_left_out() {
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.browser("lead").await;
    let path = format!("/inspections/{id}/case-list/import");
    let text = "ref,category,area,opened,surname\nC-001,missing,N1,2025-03-03,x\n";
    let fields = [("period_from", FROM), ("period_to", TO), ("declared", "2")];
    lead.upload(&path, &fields, ("file", "list.csv", text.as_bytes()))
        .await;
    let columns = format!("{path}/columns");
    let page = lead.get(&columns).await.text();
    assert!(
        page.contains("Announces names: refused unless left out"),
        "{page}"
    );
    let mut chosen = vec![
        ("column-0", "reference"),
        ("column-1", "category"),
        ("column-2", "area"),
        ("column-3", "opened"),
    ];
    for holds in ["", "closed"] {
        let mut faulty = chosen.clone();
        faulty.push(("column-4", holds));
        let answer = lead.post(&columns, &faulty).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{holds}");
    }
    chosen.push(("column-4", "drop"));
    let answer = lead.post(&columns, &chosen).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = lead.get(&format!("{path}/check")).await.text();
    assert!(
        page.contains("the force declared 2, the list has 1 (1 fewer)"),
        "{page}"
    );
    assert_eq!(confirm(&lead, &id, &page).await, StatusCode::SEE_OTHER);
    let page = lead
        .get(&format!("/inspections/{id}/case-list"))
        .await
        .text();
    assert!(page.contains("Not what the force declared"), "{page}");
}

#[tokio::test]
async fn workbook_gives_the_same_cases_as_csv() {
    let text = csv_of(1..=40);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in text.lines().enumerate() {
        for (column, cell) in line.split(',').enumerate() {
            sheet
                .write_string(row as u32, column as u16, cell)
                .expect("written");
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let from_csv = table::read(text.as_bytes()).expect("a table");
    let mut from_book = table::read(&bytes).expect("a table");
    for row in &mut from_book.rows {
        row.cells.resize(5, String::new());
    }
    assert_eq!(from_book, from_csv);
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.browser("lead").await;
    let page = hand_over(&lead, &id, "list.xlsx", &bytes).await;
    assert_eq!(confirm(&lead, &id, &page).await, StatusCode::SEE_OTHER);
    let mut connection = world
        .app
        .store
        .reader()
        .acquire()
        .await
        .expect("a connection");
    let kept = store::present_rows(&mut connection, &id)
        .await
        .expect("rows");
    assert_eq!(kept, accepted(&text).rows);
}

#[tokio::test]
async fn what_is_no_list_is_told_beside_its_field() {
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.browser("lead").await;
    let path = format!("/inspections/{id}/case-list/import");
    let fields = [
        ("period_from", TO),
        ("period_to", FROM),
        ("declared", "many"),
    ];
    let answer = lead.upload(&path, &fields, ("file", "", b"")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Choose the file",
        "exchange the two days",
        "Enter a whole number",
    ] {
        assert!(answer.text().contains(words), "{words}");
    }
    let fields = [("period_from", FROM), ("period_to", TO)];
    let answer = lead
        .upload(&path, &fields, ("file", "list.xlsx", b"PK\x03\x04 no"))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("cannot be read as a workbook"));
}

#[tokio::test]
async fn list_is_frozen_once_a_sample_is_drawn() {
    let world = World::new().await;
    let id = world.sampled_inspection().await;
    let tried = import_rows(&world.call("lead"), &id, &accepted(&csv_of(1..=5))).await;
    let Err(Error::Refused(why)) = tried else {
        panic!("{tried:?}");
    };
    assert!(why.contains("frozen") && why.contains("version 1"), "{why}");
    let lead = world.browser("lead").await;
    let answer = lead
        .get(&format!("/inspections/{id}/case-list/import"))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let page = lead
        .get(&format!("/inspections/{id}/case-list"))
        .await
        .text();
    assert!(page.contains("The list is frozen"));
}

#[tokio::test]
async fn case_list_does_not_exist_for_the_force_and_for_strangers() {
    let world = World::new().await;
    let id = world.inspection().await;
    let list = accepted(&csv_of(1..=5));
    for name in [
        "liaison",
        "chief",
        "other-liaison",
        "administrator",
        "other-lead",
        "reader",
    ] {
        let call = world.call(name);
        assert!(import_rows(&call, &id, &list).await.is_err(), "{name}");
        let read = read_cases(&call, &id, &CaseFilter::default()).await;
        assert!(matches!(read, Err(Error::NotFound)), "{name}");
        let versions = list_versions(&call, &id).await;
        assert!(matches!(versions, Err(Error::NotFound)), "{name}");
    }
}

#[tokio::test]
async fn rows_that_were_not_checked_are_held_to_the_rules() {
    let world = World::new().await;
    let id = world.inspection().await;
    let mut twice = accepted(&csv_of(1..=5));
    twice.rows.push(twice.rows[0].clone());
    let mut unknown = accepted(&csv_of(1..=5));
    unknown.rows[2].category = "no-such".into();
    let mut outside = accepted(&csv_of(1..=5));
    outside.rows[2].opened = date(2024, 12, 31);
    for list in [twice, unknown, outside] {
        let tried = import_rows(&world.call("lead"), &id, &list).await;
        assert!(matches!(tried, Err(Error::Invalid(_))), "{tried:?}");
    }
    assert_eq!(count(&world, "SELECT COUNT(*) FROM case_list").await, 0);
}

#[tokio::test]
async fn hundred_thousand_rows_are_taken_in_in_the_background() {
    let world = World::new().await;
    let id = world.inspection().await;
    let lead = world.browser("lead").await;
    let path = format!("/inspections/{id}/case-list/import");
    let fields = [("period_from", FROM), ("period_to", TO)];
    let text = csv_of(1..=100_000);
    lead.upload(&path, &fields, ("file", "list.csv", text.as_bytes()))
        .await;
    let chosen = [
        ("column-0", "reference"),
        ("column-1", "category"),
        ("column-2", "area"),
        ("column-3", "opened"),
        ("column-4", "closed"),
    ];
    let answer = lead.post(&format!("{path}/columns"), &chosen).await;
    let ended = wait(&lead, &answer.location.expect("a page that waits")).await;
    assert!(ended.ends_with("/check"), "{ended}");
    let page = lead.get(&ended).await.text();
    assert!(page.contains("100,000 cases, no fault"), "{page}");
    confirm_long(&lead, &id, &page).await;
    assert_eq!(count(&world, PRESENT).await, 100_000);
}

async fn confirm_long(browser: &Browser, id: &InspectionId, page: &str) {
    let start = page.find("name=\"seen\" value=\"").expect("a field") + 19;
    let path = format!("/inspections/{id}/case-list/import/confirm");
    let answer = browser
        .post(
            &path,
            &[("seen", &page[start..start + 12]), ("version", "1")],
        )
        .await;
    let ended = wait(browser, &answer.location.expect("a page that waits")).await;
    assert!(ended.ends_with("/case-list"), "{ended}");
}

/// Looks at the page of a job until it sends the browser on.
async fn wait(browser: &Browser, page: &str) -> String {
    for _ in 0..600 {
        let answer = browser.get(page).await;
        if let Some(to) = answer.location {
            return to;
        }
        assert!(
            answer.text().contains("http-equiv=\"refresh\""),
            "{}",
            answer.text()
        );
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the job did not end");
}
