use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn find<'a>(
    record: &'a [PublishedInspection],
    force: &str,
    event: &str,
) -> &'a PublishedInspection {
    record
        .iter()
        .find(|row| row.force == force && row.event == event)
        .unwrap()
}

const MET: &str = "Metropolitan Police";

fn table(rows: &[&str]) -> String {
    format!("{}\n{}\n", COLUMNS.join(","), rows.join("\n"))
}

fn rendered(reading: &Reading) -> String {
    let lines: Vec<String> = reading.faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn every_published_row_is_read_as_published() {
    let reading = parse("published-inspections.csv", SHIPPED);
    assert_eq!(rendered(&reading), "");
    let rows: Vec<String> = reading
        .inspections
        .iter()
        .map(|row| {
            let date = row.published.map_or("?".to_owned(), |d| d.to_string());
            let fieldwork = row.fieldwork.map_or("?".to_owned(), |d| d.to_string());
            let figures: Vec<String> = row
                .figures()
                .into_iter()
                .map(|f| {
                    let how = f
                        .worked_out
                        .map_or_else(String::new, |how| format!(" ({how})"));
                    format!("{:?} {} of {}{how}", f.measure, f.count, f.of)
                })
                .collect();
            format!(
                "{}: {} | {:?} | cases read {fieldwork}, published {date} | {} by {:?}{}\n  {}",
                row.force,
                row.event,
                row.scope,
                row.scale,
                row.graded_by,
                if row.scale_assumed {
                    ", scale assumed"
                } else {
                    ""
                },
                figures.join(", ")
            )
        })
        .collect();
    assert_eq!(rows.len(), SHIPPED.lines().count() - 1);
    insta::assert_snapshot!("published_rows", rows.join("\n"));
}

#[test]
fn the_inspection_of_2016_keeps_its_figures_and_their_source() {
    let record = shipped();
    let row = find(&record, MET, "inspection");
    assert_eq!(
        (row.cases, row.good, row.below_good),
        (374, Some(96), Some(278))
    );
    assert_eq!(
        (row.middle, row.inadequate, row.referred_back),
        (None, None, Some(38))
    );
    assert_eq!(row.published, Some(PartialDate::Day(date(2016, 11, 25))));
    assert!(
        row.figures()
            .iter()
            .all(|figure| figure.source == row.source && figure.of == 374)
    );
}

#[test]
fn the_scale_of_the_framework_of_2016_is_the_scale_of_the_record() {
    let framework = &crate::framework::Framework::shipped()[0];
    assert_eq!(find(&shipped(), MET, "inspection").scale, framework.scale());
}

#[test]
fn unknown_cells_stay_unknown() {
    let record = shipped();
    let quarter = find(&record, MET, "quarter 2 update");
    assert!(quarter.figures().is_empty());
    let lancashire = find(&record, "Lancashire Constabulary", "inspection");
    assert_eq!(lancashire.find_figure(Measure::BelowGood), None);
    assert_eq!(lancashire.published, Some(PartialDate::Month(2018, 3)));
}

const SCALE: &str = "good/requires improvement/inadequate,inspectors";

#[test]
fn a_row_that_does_not_add_up_is_refused_with_its_sum() {
    let rows = [
        format!("A,inspection,,2016,{SCALE},374,96,,,277,38,https://example.org/a,"),
        format!("B,inspection,,2016,{SCALE},79,20,31,29,,,https://example.org/b,"),
        format!("C,inspection,,2016,{SCALE},79,,31,28,60,,https://example.org/c,"),
        format!("D,inspection,,2016,{SCALE},79,,,80,,,https://example.org/d,"),
        format!("E,inspection,,2016,{SCALE},79,20,,60,,,https://example.org/e,"),
        format!("F,inspection,,2016,{SCALE},79,20,31,28,59,90,https://example.org/f,"),
        format!("G,inspection,,2016,{SCALE},79,20,31,28,59,10,https://example.org/g,"),
    ];
    let reading = parse("record.csv", &table(&rows.each_ref().map(String::as_str)));
    let accepted: Vec<&str> = reading
        .inspections
        .iter()
        .map(|row| row.force.as_str())
        .collect();
    assert_eq!(accepted, ["G"]);
    insta::assert_snapshot!("sums", rendered(&reading));
}

#[test]
fn five_grades_have_no_middle_and_need_not_add_up_from_good_and_below() {
    let scale = "outstanding/good/adequate/requires improvement/inadequate,inspectors";
    let sound = format!("A,inspection,,2025,{scale},60,20,,5,30,,https://example.org/a,");
    let middle = format!("B,inspection,,2025,{scale},60,20,10,5,30,,https://example.org/b,");
    let reading = parse("record.csv", &table(&[&sound, &middle]));
    assert_eq!(reading.inspections.len(), 1);
    assert_eq!(
        reading.inspections[0]
            .find_figure(Measure::BelowGood)
            .unwrap()
            .count,
        30
    );
    insta::assert_snapshot!(rendered(&reading), @"record.csv:3: middle: a scale of 5 grades has no middle grade; leave the cell empty and say the grades in the note");
}

#[test]
fn faulty_cells_are_all_told() {
    let rows = [
        ",,soon,16-11-25,good,nobody,many,-1,1.5,,,,a page,",
        &format!("A,inspection,2016-05/2016-02,2016-13,{SCALE},,,,,,,https://example.org/a,"),
        &format!("B,inspection,,2017,{SCALE},10,,,,,,https://example.org/b,"),
        &format!("B,update,,2016,{SCALE},10,,,,,,https://example.org/b,"),
        &format!("B,inspection,,2017,{SCALE},12,,,,,,https://example.org/b,"),
        &format!("C,inspection,,2017,{SCALE},10"),
    ];
    insta::assert_snapshot!("cells", rendered(&parse("record.csv", &table(&rows))));
}

#[test]
fn faulty_headings_refuse_the_file() {
    let text = SHIPPED
        .replacen("graded_by", "gradedby", 1)
        .replacen("note", "remark,force", 1);
    let reading = parse("record.csv", &text);
    assert!(reading.inspections.is_empty());
    insta::assert_snapshot!("headings", rendered(&reading));
    assert!(!parse("empty.csv", "").faults.is_empty());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_not_matter() {
    let text = format!("\u{feff}{}", SHIPPED.replace('\n', "\r\n"));
    assert_eq!(parse("windows.csv", &text).inspections, shipped());
}

#[test]
fn the_series_of_one_force_is_divided_into_what_can_be_joined() {
    let record = shipped();
    let runs: Vec<String> = trend_groups(&record)
        .into_iter()
        .map(|run| {
            let events: Vec<&str> = run
                .events
                .iter()
                .map(|event| event.event.as_str())
                .collect();
            let why: Vec<String> = run
                .apart_because
                .iter()
                .map(|why| format!("\n  {why}"))
                .collect();
            format!("{}: {}{}", run.force, events.join(" -> "), why.join(""))
        })
        .collect();
    insta::assert_snapshot!("trend_groups", runs.join("\n"));
}

#[test]
fn what_may_not_be_joined_says_why() {
    let record = shipped();
    let inspection = find(&record, MET, "inspection");
    assert_eq!(
        comparable(inspection, find(&record, MET, "quarter 4 update")),
        Ok(())
    );
    let eight = &record[5];
    let lancashire = find(&record, "Lancashire Constabulary", "inspection");
    let reasons: Vec<String> = [eight, lancashire]
        .into_iter()
        .flat_map(|other| comparable(inspection, other).unwrap_err())
        .map(|why| why.to_string())
        .collect();
    insta::assert_snapshot!("differences", reasons.join("\n"));
}

proptest! {
    #[test]
    fn comparing_does_not_depend_on_the_order(a in 0usize..8, b in 0usize..8) {
        let record = shipped();
        let there = comparable(&record[a], &record[b]);
        let back = comparable(&record[b], &record[a]);
        prop_assert_eq!(there.map_err(|why| why.len()), back.map_err(|why| why.len()));
    }

    #[test]
    fn any_three_grades_that_make_the_total_are_accepted(good in 0u64..500, middle in 0u64..500, inadequate in 0u64..500, slip in 0u64..3) {
        let below = middle + inadequate;
        let cases = good + below + slip;
        let row = format!("A,inspection,,2016,{SCALE},{cases},{good},{middle},{inadequate},{below},,https://example.org/a,");
        prop_assert_eq!(parse("record.csv", &table(&[&row])).inspections.len(), usize::from(slip == 0));
    }

    #[test]
    fn partial_dates_are_written_as_they_are_read(year in 1900i16..2100, month in 1i8..=12, day in 1i8..=28, known in 1usize..=3) {
        let text: String = [format!("{year}"), format!("-{month:02}"), format!("-{day:02}")][..known].concat();
        let date: PartialDate = text.parse().unwrap();
        prop_assert_eq!(date.to_string(), text);
        prop_assert!(date.first_day() <= date.last_day());
    }
}
