//! The force's case list: a faulty file, and the mended one.

use super::{CASES, Walk};
use std::path::{Path, PathBuf};
use throughline_simulator::{Parameters, write_all};

/// The row of the file, headings counted, in which the faulty list is wrong.
const FAULTY_ROW: usize = 5;

/// A fictional force's case list in a directory of its own.
fn write_list(directory: &Path) -> PathBuf {
    let parameters = Parameters {
        timelines: false,
        ..Parameters::default_force(CASES, 7)
    };
    write_all(&parameters, directory, &mut |_| {}).expect("a force");
    directory.join("case-list.csv")
}

/// The same list with an unknown category in one row.
fn write_faulty_list(list: &Path) -> PathBuf {
    let text = std::fs::read_to_string(list).expect("a list");
    let spoil = |(place, line): (usize, &str)| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if place + 1 == FAULTY_ROW {
            cells[1] = "no-such-category";
        }
        cells.join(",")
    };
    let lines: Vec<String> = text.lines().enumerate().map(spoil).collect();
    let faulty = list.with_file_name("faulty.csv");
    std::fs::write(&faulty, lines.join("\n")).expect("written");
    faulty
}

impl Walk {
    /// The first file has a fault: the lead sees in which row and column, and how to mend it.
    pub(super) async fn lead_is_told_what_is_wrong_with_a_list(&self) {
        let directory = tempfile::tempdir().expect("a directory");
        let faulty = write_faulty_list(&write_list(directory.path()));
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Go to the case list").await;
        page.follow("Import the case list").await;
        self.hand_over(&faulty).await;
        page.expect("The list has 1 fault").await;
        let row = "main tbody th";
        let number = self.chromium.find(row).await.text().await.expect("a row");
        assert_eq!(number, FAULTY_ROW.to_string());
        page.expect("category").await;
        page.expect("How to mend it").await;
        self.look_at("walk-02-list-with-a-fault").await;
        page.follow("Import the mended file").await;
        page.expect("waits already").await;
    }

    /// The mended file has none: the lead sees how many cases it has, and takes it in.
    pub(super) async fn lead_imports_the_list(&self) {
        let directory = tempfile::tempdir().expect("a directory");
        let list = write_list(directory.path());
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Go to the case list").await;
        page.follow("Import the case list").await;
        self.hand_over(&list).await;
        page.expect("300 cases, no fault").await;
        self.look_at("walk-03-list-checked").await;
        page.press("Take the list in as version 1").await;
        page.expect("Version 1 of the case list is in, with 300 cases.")
            .await;
        page.expect("Totals agree").await;
        self.look_at("walk-04-list-taken-in").await;
    }

    /// A file with its period and its declared total, its columns as their headings suggest.
    async fn hand_over(&self, file: &Path) {
        let page = &self.chromium;
        page.attach("file", file).await;
        page.fill("period_from", "2025-01-01").await;
        page.fill("period_to", "2025-09-30").await;
        page.fill("declared", &CASES.to_string()).await;
        page.press("Go on").await;
        page.expect("What each column holds").await;
        page.press("Check the list").await;
    }
}
