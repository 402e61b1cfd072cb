use std::sync::OnceLock;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::framework::Framework;

fn framework() -> &'static Framework {
    static FRAMEWORK: OnceLock<Framework> = OnceLock::new();
    FRAMEWORK.get_or_init(|| Framework::shipped().remove(0))
}

fn categories() -> &'static [Category] {
    &framework().categories
}

fn period() -> InspectedPeriod {
    InspectedPeriod::new(date(2016, 1, 1), date(2016, 6, 30)).unwrap()
}

/// A table from lines of cells joined by `|`, the headings first.
fn table(lines: &[&str]) -> (Row, Vec<Row>) {
    let mut rows = (1..).zip(lines).map(|(number, line)| Row {
        number,
        cells: line.split('|').map(str::to_owned).collect(),
    });
    let header = rows.next().unwrap();
    (header, rows.collect())
}

fn checked_with(lines: &[&str], decide: impl Fn(&mut Mapping)) -> Checked {
    let (header, rows) = table(lines);
    let mut mapping = propose_mapping(&header.cells);
    decide(&mut mapping);
    let categories = categories();
    let rules = Rules {
        categories,
        grades: &framework().grades,
        opened: period(),
    };
    check(&header, rows, &mapping, rules)
}

fn checked(lines: &[&str]) -> Checked {
    checked_with(lines, |_| {})
}

fn rendered(checked: &Checked) -> String {
    let lines: Vec<String> = checked.faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

const HEADINGS: &str = "Reference|Category|Area|Date opened|Date closed";

fn case(
    reference: &str,
    category: &str,
    area: &str,
    opened: Date,
    closed: Option<Date>,
) -> CaseRow {
    CaseRow {
        reference: reference.to_owned(),
        category: category.to_owned(),
        area: area.to_owned(),
        opened,
        closed,
        own_grade: None,
    }
}

#[test]
fn a_sound_list_is_accepted_row_by_row() {
    let checked = checked(&[
        HEADINGS,
        "NF-0001|missing|North|2016-02-29|2016-03-01",
        "NF-0002|Domestic abuse with a child in the household|South|01/03/2016|",
        "||||",
        " NF-0003 |S47-Enquiry|Tower Hamlets|2016-06-30 00:00:00| ",
    ]);
    assert_eq!(rendered(&checked), "");
    assert_eq!(checked.blank_rows, 1);
    assert_eq!(
        checked.accept().unwrap(),
        [
            case(
                "NF-0001",
                "missing",
                "North",
                date(2016, 2, 29),
                Some(date(2016, 3, 1))
            ),
            case("NF-0002", "domestic-abuse", "South", date(2016, 3, 1), None),
            case(
                "NF-0003",
                "s47-enquiry",
                "Tower Hamlets",
                date(2016, 6, 30),
                None
            ),
        ]
    );
}

#[test]
fn every_fault_of_every_row_is_told() {
    let checked = checked(&[
        HEADINGS,
        "NF-0001|missing|North|2016-02-29|",
        "NF-0001|missing|North|2016-02-28|",
        "nf-0001|missing|North|2016-02-28|",
        "|fraud|north|2016-02-30|soon",
        "NF 0002|||2015-12-31|2015-12-01",
        "NF-0003|missing|12 High Street, SW1A 1AA|1.2.16|2016-01-01",
        "01/02/2003|missing|North|2016-02-01|2016-01-31",
        "NF-4|missing|North|2016-02-01 14:30:00||surplus",
        "no-digits|missing|North|2016-02-01|",
        "NF-0005|missing|North",
    ]);
    insta::assert_snapshot!("row_faults", rendered(&checked));
    assert_eq!(checked.duplicates, 2);
    assert!(checked.accept().is_err());
}

#[test]
fn columns_that_name_people_are_refused_until_they_are_dropped() {
    let lines = [
        "Reference|Category|Area|Opened|Child name|DOB|Home address|Officer|Contact|Phone|E-mail|Notes|Remarkable|Place",
        "NF-1|missing|North|2016-02-01|Some Body|2003-01-02|1 Some Street|Any One|a@example.org|07700 900000|x|y|a long text that goes on and on|SW1A 1AA",
        "NF-2|missing|North|2016-02-01|Some Body|2003-01-02|1 Some Street|Any One|b@example.org|07700 900001|x|y|another text that goes on and on|E1 6AN",
    ];
    let checked = checked(&lines);
    insta::assert_snapshot!("undecided_columns", rendered(&checked));
    let dropped = checked_with(&lines, |mapping| mapping.dropped.extend(4..14));
    assert_eq!(rendered(&dropped), "");
    assert_eq!(dropped.rows.len(), 2);
}

#[test]
fn a_column_that_announces_names_cannot_serve_as_anything() {
    let checked = checked_with(
        &[
            "Child name|Category|Borough name|Date of birth|",
            "AB-1|missing|North|2016-02-01|",
        ],
        |mapping| {
            mapping.reference = Some(0);
            mapping.opened = Some(3);
            mapping.closed = Some(9);
            mapping.dropped.insert(2);
        },
    );
    insta::assert_snapshot!("sensitive_roles", rendered(&checked));
}

#[test]
fn a_file_without_headings_gives_nothing_away() {
    let checked = checked(&[
        "NF-0001|missing|North|2016-02-29",
        "Some Body|missing|North|2016-02-29",
    ]);
    let told = rendered(&checked);
    insta::assert_snapshot!("no_headings", told);
    assert!(!told.contains("North") && !told.contains("Body"));
}

#[test]
fn one_column_serves_one_purpose() {
    let checked = checked_with(&[HEADINGS, "NF-1|missing|North|2016-02-01|"], |mapping| {
        mapping.closed = Some(3)
    });
    insta::assert_snapshot!(rendered(&checked), @r"
    row 1, column D (Date opened): is to serve as the closing date and as something else; choose another column for one of the two
    row 1, column E (Date closed): neither used nor dropped; drop the column explicitly, or leave it out of the file
    ");
}

#[test]
fn an_empty_list_is_not_accepted() {
    insta::assert_snapshot!(rendered(&checked(&[HEADINGS])), @"row 1: the list holds no case; check that the right sheet was saved, with its rows");
}

#[test]
fn the_closing_day_may_be_left_out_altogether() {
    let checked = checked(&["ref|type|bcu|reported", "NF-1|missing|North|2016-02-01"]);
    assert_eq!(checked.accept().unwrap()[0].closed, None);
}

#[test]
fn mappings_are_proposed_by_name_in_many_spellings() {
    for headings in [
        [
            "Case Ref",
            "CaseType",
            "Borough",
            "Date Opened",
            "Date Closed",
        ],
        ["case_reference", "CATEGORY", "area", "opened", "closed"],
        ["ID", "type", "BCU", "date-reported", "End date"],
    ] {
        let mapping = propose_mapping(&headings.map(str::to_owned));
        let columns = Role::ALL.map(|role| mapping.find_column(role));
        assert_eq!(
            columns,
            [Some(0), Some(1), Some(2), Some(3), Some(4), None],
            "{headings:?}"
        );
        assert!(mapping.dropped.is_empty());
    }
    let unknown = propose_mapping(&["colour".to_owned(), "size".to_owned()]);
    assert_eq!(unknown, Mapping::default());
    assert_eq!(unknown.undecided(2), [0, 1]);
}

#[test]
fn references_must_say_nothing_of_people() {
    let is_refused = |reference: &str| reference::fault_of(reference).is_some();
    for sound in [
        "NF-0001",
        "16/01/12345",
        "MPS.2016_7",
        "3f9a0c12-77de-4b1e-9a0d-facade012345",
        "12345",
    ] {
        assert!(!is_refused(sound), "{sound}");
    }
    for unsound in [
        "Some Body",
        "S.Body",
        "A1",
        "2003-01-02",
        "02/01/2003",
        "2.1.03",
        "Zoë-12",
        &"7".repeat(41),
    ] {
        assert!(is_refused(unsound), "{unsound}");
    }
}

#[test]
fn long_words_in_references_pass_only_where_most_rows_share_them() {
    let faults = |references: &[&str]| {
        let rows: Vec<String> = references
            .iter()
            .map(|r| format!("{r}|missing|North|2016-02-01|"))
            .collect();
        let mut lines = vec![HEADINGS];
        lines.extend(rows.iter().map(String::as_str));
        rendered(&checked(&lines))
    };
    assert_eq!(
        faults(&["NORTHFORCE-1", "NORTHFORCE-2", "NORTHFORCE-3"]),
        ""
    );
    assert_eq!(faults(&["CASE-1", "case-2"]), "");
    assert_eq!(faults(&["3f9a0c12-77de-4b1e-9a0d-facade012345"]), "");
    insta::assert_snapshot!(faults(&["body-1", "other-2", "third-3"]), @r"
    row 2, column A (Reference), letters and digits: four letters or more together may be a name; use references whose letters are few or the same in every row
    row 3, column A (Reference), letters and digits: four letters or more together may be a name; use references whose letters are few or the same in every row
    row 4, column A (Reference), letters and digits: four letters or more together may be a name; use references whose letters are few or the same in every row
    ");
}

#[test]
fn as_many_areas_as_cases_are_no_areas() {
    let rows: Vec<String> = (0..30)
        .map(|n| format!("NF-{n:03}|missing|Place {n}|2016-02-01|"))
        .collect();
    let mut lines = vec![HEADINGS];
    lines.extend(rows.iter().map(String::as_str));
    insta::assert_snapshot!(rendered(&checked(&lines)), @"row 1, column C (Area): holds 30 different values in 30 cases; these may be names or addresses; choose the column with the borough, district or unit");
}

#[test]
fn kinds_of_values_are_told_apart() {
    for (cell, kind) in [
        ("", ValueKind::Empty),
        ("  ", ValueKind::Empty),
        ("12", ValueKind::WholeNumber),
        ("2016-02-29", ValueKind::Date),
        ("29/02/2016", ValueKind::Date),
        ("2016-02-30", ValueKind::OtherDate),
        ("29.2.16", ValueKind::OtherDate),
        ("2016-02-29 13:00:00", ValueKind::OtherDate),
        ("a@example.org", ValueKind::Email),
        ("SW1A 1AA", ValueKind::Postcode),
        ("somewhere, sw1a1aa", ValueKind::Postcode),
        ("+44 7700 900000", ValueKind::Phone),
        ("North", ValueKind::Word),
        ("Tower Hamlets", ValueKind::Words),
        ("NF-0001", ValueKind::LettersAndDigits),
        ("one two three four five six", ValueKind::LongText),
        ("unit 7", ValueKind::Other),
    ] {
        assert_eq!(kind_of_value(cell), kind, "{cell}");
    }
}

#[test]
fn columns_are_lettered_as_in_a_spreadsheet() {
    let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(heading::letter).to_vec();
    assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
}

fn small_list() -> Vec<CaseRow> {
    vec![
        case(
            "NF-1",
            "missing",
            "North",
            date(2016, 1, 5),
            Some(date(2016, 2, 1)),
        ),
        case("NF-2", "missing", "South", date(2016, 1, 31), None),
        case("NF-3", "detention", "North", date(2016, 2, 1), None),
        case("NF-4", "detention", "North", date(2016, 4, 30), None),
    ]
}

#[test]
fn the_summary_counts_and_shows_the_gaps() {
    let summary = Summary::of(&small_list(), period());
    insta::assert_snapshot!("summary", serde_json::to_string_pretty(&summary).unwrap());
}

#[test]
fn each_difference_from_the_declared_totals_is_shown() {
    let summary = Summary::of(&small_list(), period());
    let declared: DeclaredTotals = serde_json::from_str(
        r#"{ "cases": 5, "by_category": { "missing": 2, "online-abuse": 1 }, "by_month": { "2016-01": 1, "2016-02": 1, "2016-03": 0 } }"#,
    )
    .unwrap();
    let told: Vec<String> = summary
        .compare(&declared)
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    all cases: the force declared 5, the list has 4 (1 fewer)
    category online-abuse: the force declared 1, the list has 0 (1 fewer)
    month 2016-01: the force declared 1, the list has 2 (1 more)
    ");
    assert!(summary.compare(&DeclaredTotals::default()).is_empty());
}

#[test]
fn a_period_ends_after_it_begins_and_its_months_are_whole() {
    assert!(InspectedPeriod::new(date(2016, 2, 1), date(2016, 1, 1)).is_err());
    let winter = InspectedPeriod::new(date(2015, 11, 30), date(2016, 2, 1)).unwrap();
    let months: Vec<String> = Month::all_of(winter)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(months, ["2015-11", "2015-12", "2016-01", "2016-02"]);
}

#[test]
fn a_corrected_list_says_what_it_would_change() {
    let old = small_list();
    let mut new = old.clone();
    new.reverse();
    assert!(difference(&old, &new).is_empty());
    new[0].closed = Some(date(2016, 5, 2));
    new[0].area = "West".to_owned();
    new.remove(1);
    new.push(case("NF-5", "missing", "West", date(2016, 3, 1), None));
    let changes = difference(&old, &new);
    assert_eq!(changes.unchanged, 2);
    assert_eq!(changes.added[0].reference, "NF-5");
    assert_eq!(changes.removed[0].reference, "NF-3");
    insta::assert_snapshot!(
        "changes",
        serde_json::to_string_pretty(&changes.changed).unwrap()
    );
}

#[test]
fn a_hundred_thousand_rows_are_checked_row_by_row() {
    let categories = categories();
    let rules = Rules {
        categories,
        grades: &framework().grades,
        opened: period(),
    };
    let header = table(&[HEADINGS]).0;
    let mapping = propose_mapping(&header.cells);
    let rows = (0..100_000_u64).map(|n| Row {
        number: n + 2,
        cells: vec![
            format!("NF-{n:06}"),
            categories[(n % 9) as usize].code.clone(),
            format!("Area {}", n % 32),
            format!("2016-0{}-1{}", 1 + n % 6, n % 10),
            String::new(),
        ],
    });
    let checked = check(&header, rows, &mapping, rules);
    assert_eq!(rendered(&checked), "");
    assert_eq!(Summary::of(&checked.rows, period()).cases, 100_000);
}

proptest! {
    /// Whatever stands in a cell, no fault repeats it.
    #[test]
    fn no_fault_gives_a_value_away(cells in proptest::collection::vec("[A-Za-z0-9 @/.-]{0,12}", 5), column in 0usize..7) {
        let secret = "Qzxjkvw";
        let mut cells = cells;
        cells.resize(7, String::new());
        cells[column].push_str(secret);
        let line = cells.join("|");
        let told = rendered(&checked(&[HEADINGS, &line]));
        prop_assert!(!told.is_empty());
        prop_assert!(!told.to_lowercase().contains(&secret.to_lowercase()), "{told}");
        let as_heading = rendered(&checked(&[&line, &line]));
        prop_assert!(!as_heading.to_lowercase().contains(&secret.to_lowercase()), "{as_heading}");
    }

    /// Added, removed, changed and unchanged account for every case of both lists.
    #[test]
    fn differences_account_for_every_case(old in proptest::collection::btree_map(0u8..20, 0u8..3, 0..20), new in proptest::collection::btree_map(0u8..20, 0u8..3, 0..20)) {
        let list = |cases: &std::collections::BTreeMap<u8, u8>| -> Vec<CaseRow> {
            cases.iter().map(|(n, area)| case(&format!("NF-{n}"), "missing", &format!("Area {area}"), date(2016, 1, 1), None)).collect()
        };
        let changes = difference(&list(&old), &list(&new));
        let both = changes.changed.len() + changes.unchanged as usize;
        prop_assert_eq!(both + changes.added.len(), new.len());
        prop_assert_eq!(both + changes.removed.len(), old.len());
        prop_assert!(changes.changed.iter().all(|change| !change.fields.is_empty()));
    }

    #[test]
    fn days_are_read_in_both_forms(days in 0u32..60_000) {
        let day = crate::calendar::days_after(date(1900, 1, 1), days).unwrap();
        prop_assert_eq!(parse_day(&day.to_string()), Some(day));
        prop_assert_eq!(parse_day(&day.strftime("%d/%m/%Y").to_string()), Some(day));
    }
}

#[test]
fn check_stops_after_ten_thousand_faults_and_says_where() {
    let row = "C-1|no such category|N1|2016-02-01|";
    let lines: Vec<&str> = std::iter::once(HEADINGS)
        .chain(std::iter::repeat_n(row, 30_000))
        .collect();
    let checked = checked(&lines);
    assert_eq!(checked.faults.len(), 10_001);
    let stops = |fault: &&RowFault| fault.problem.contains("the check stopped here");
    let stopped = checked.faults.iter().find(stops).expect("it says so");
    let last = checked.faults.last().expect("a fault");
    assert_eq!(stopped.row, last.row);
}

#[test]
fn force_may_give_its_own_grade_by_code_or_title_and_an_unknown_one_is_a_fault() {
    let headings = "Reference|Category|Area|Date opened|Date closed|Own grade";
    let sound = checked(&[
        headings,
        "NF-0001|missing|North|2016-02-29||good",
        "NF-0002|missing|North|2016-02-29||Requires Improvement",
        "NF-0003|missing|North|2016-02-29||",
    ]);
    let own: Vec<Option<&str>> = sound
        .rows
        .iter()
        .map(|case| case.own_grade.as_deref())
        .collect();
    assert_eq!(own, [Some("good"), Some("requires-improvement"), None]);
    let faulty = checked(&[headings, "NF-0001|missing|North|2016-02-29||excellent"]);
    let told = rendered(&faulty);
    assert!(
        told.starts_with("row 2, column F") && told.contains("write one of good"),
        "{told}"
    );
    assert!(!told.contains("excellent"), "a value is never told");
}

#[test]
fn change_of_an_own_grade_is_told_without_the_grade() {
    let mut was = case("NF-0001", "missing", "North", date(2016, 2, 29), None);
    let mut is = was.clone();
    was.own_grade = Some("good".into());
    is.own_grade = Some("inadequate".into());
    let changes = difference(&[was], &[is]);
    let told = serde_json::to_string(&changes.changed).unwrap();
    assert!(
        told.contains("own-grade") && told.contains("given anew"),
        "{told}"
    );
    assert!(
        !told.contains("good") && !told.contains("inadequate"),
        "{told}"
    );
}
