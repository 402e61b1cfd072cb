//! A simulated log in files, with the shipped standards.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::date;
use throughline_screening::calendar::{BankHolidays, Calendar};
use throughline_screening::engine::{Basis, Plan, Tally};
use throughline_screening::log::{Screened, screen_log};
use throughline_screening::read::{CaseList, Clock, Setting, Sources};
use throughline_screening::standard::Library;
use throughline_screening::vocabulary::ActivityId;
use throughline_screening::write::{Findings, VerdictCsv, merge};
use throughline_simulator::{Parameters, write_all};

/// A folder with a log, and what its screening rests on.
pub struct Log {
    pub folder: tempfile::TempDir,
    pub library: Library,
    pub clock: Clock,
    pub plan: Plan,
}

impl Log {
    pub fn new(cases: u64, seed: u64) -> Self {
        let parameters = Parameters::default_force(cases, seed);
        let folder = tempfile::tempdir().unwrap();
        write_all(&parameters, folder.path(), &mut |_| ()).unwrap();
        let library = Library::england_and_wales();
        let basis = Basis::new(Arc::new(calendar()), parameters.last_day);
        Self {
            plan: Plan::compile(&library, &basis).unwrap(),
            clock: Clock::new(&library.zone).unwrap(),
            library,
            folder,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn cases(&self) -> CaseList {
        CaseList::load(&self.path("case-list.csv"), &self.clock, 0).unwrap()
    }

    pub fn setting<'a>(&'a self, cases: &'a CaseList) -> Setting<'a> {
        Setting::new(&self.plan, &self.library.vocabulary, self.clock.clone()).cases(cases)
    }

    /// Screens it in one run; returns the counts and the verdicts as CSV.
    pub fn screen(&self) -> (Tally, String) {
        let sources = Sources::find(&[self.path("events.parquet")]).unwrap();
        let cases = self.cases();
        let setting = self.setting(&cases);
        let Screened {
            shard,
            mut spool,
            report,
        } = screen_log(&self.plan, &sources, &setting, self.folder.path(), true).unwrap();
        let tally = shard.finish(&self.plan, &mut spool).unwrap();
        (
            tally,
            self.csv(spool.findings().unwrap().into(), &report.occurring),
        )
    }

    /// Findings as they are written to a CSV file.
    pub fn csv(&self, findings: Vec<Findings>, occurring: &BTreeSet<u16>) -> String {
        let occurs = |activity: ActivityId| occurring.contains(&activity.0);
        let left_out = self.library.find_unrecorded(occurs);
        let mut csv = VerdictCsv::begin(Vec::new(), self.clock.clone()).unwrap();
        merge(findings, &self.plan, &left_out, &mut [&mut csv]).unwrap();
        String::from_utf8(csv.finish().unwrap()).unwrap()
    }
}

/// Bank holidays as they may be.
pub fn calendar() -> Calendar {
    let holidays = BankHolidays {
        known_from: date(2020, 1, 1),
        known_to: date(2027, 12, 31),
        days: vec![date(2025, 4, 18), date(2025, 4, 21), date(2025, 8, 25)],
    };
    Calendar::new("Europe/London", &holidays).unwrap()
}
