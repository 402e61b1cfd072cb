//! `README.txt`: what every file and column means.

use std::fmt::Write;

use super::{SPREADSHEET_CASES_MAX, Spreadsheet, Summary};
use crate::category::Category;
use crate::event::{Activity, Agency, Outcome, Risk};
use crate::parameters::Parameters;
use crate::standard::Standard;

const CASE_LIST: &str = "\
case-list.csv and case-list.xlsx: one row for each case, in the order of opening
  reference   the case's reference, unique
  category    what the case is about, see below
  area        code of the area that has the case, see below
  opened      day it was opened (year-month-day, in London)
  closed      day it was last closed; empty where it is open
  own_grade   the force's own grade of how it handled the case, on the three-grade scale and kinder
              than the truth; empty where it gave none
";

const EVENTS: &str = "\
events.csv and events.parquet: one row for each event, by case and within the case by time
  case_reference   the case, as in the case list
  child_key        pseudonym of the child; the same in all cases of one child
  suspect_key      pseudonym of the suspect or offender an event is about; else empty
  event_time       when it happened: RFC 3339 with London's offset, or a date where only the day
                   was recorded (such an event is sorted as at the beginning of its day).
                   In Parquet milliseconds in UTC, at the beginning of the day where there is only
                   a date
  date_only        Parquet only: whether only the day was recorded
  recorded_at      when it was entered into the force's system
  activity         what happened, see below
  risk             on REFERRAL_RECEIVED the child's risk, on OFFENDER_VISITED the offender's
  agency           where a referral came from, or who led
  outcome          what a strategy discussion decided
";

const TRUTH: &str = "\
truth.csv: one row for each case: how it was really handled. Keep it apart from what is inspected
  reference            the case
  grade                on the three-grade scale
  five_grade           on the five-grade scale
  still_at_risk        whether a child is still at risk: yes or no
  not_met              criteria not met, each with its cause: criterion=cause;criterion=cause
  not_applicable       criteria that do not arise in the case
  standards_missed     handling standards that the timeline shows to be missed:
                       standard:late, missing or too-many:the event concerned
  standards_pending    handling standards neither kept nor missed at the end of the last day
  quality_...          how well each stage was handled, from 0 to 100
";

/// The text for one force.
pub(super) fn text(parameters: &Parameters, summary: &Summary) -> String {
    let mut out = String::new();
    push_head(&mut out, parameters, summary).expect("writing to a string does not fail");
    out.push_str(CASE_LIST);
    if summary.spreadsheet == Spreadsheet::TooManyCases {
        let _ = writeln!(
            out,
            "There is no case-list.xlsx: a sheet has room for {SPREADSHEET_CASES_MAX} cases.",
        );
    }
    if parameters.timelines {
        let _ = writeln!(out, "\n{EVENTS}");
    } else {
        out.push_str("\nNo timelines were asked for: there are no events.\n\n");
    }
    out.push_str(TRUTH);
    push_codes(&mut out, parameters).expect("writing to a string does not fail");
    out
}

fn push_head(out: &mut String, parameters: &Parameters, summary: &Summary) -> std::fmt::Result {
    writeln!(
        out,
        "A fictional police force, made by Throughline's simulator."
    )?;
    writeln!(
        out,
        "No case, child, suspect, place or force here is real.\n"
    )?;
    writeln!(out, "force          {}", parameters.force_code)?;
    writeln!(out, "seed           {}", parameters.seed)?;
    writeln!(out, "cases          {}", summary.cases)?;
    writeln!(out, "events         {}", summary.events)?;
    writeln!(out, "first day      {}", parameters.first_day)?;
    writeln!(out, "last day       {}", parameters.last_day)?;
    writeln!(
        out,
        "trend          {} in a quarter\n",
        parameters.trend_per_quarter
    )?;
    writeln!(
        out,
        "Everything that was known at the end of the last day is here, and nothing later."
    )?;
    writeln!(
        out,
        "Dates and times are London's; codes only, without quotes.\n"
    )
}

fn push_codes(out: &mut String, parameters: &Parameters) -> std::fmt::Result {
    writeln!(out, "\nareas")?;
    for area in &parameters.areas {
        writeln!(out, "  {:<4} {}", area.code, area.name)?;
    }
    let lists = [
        (
            "categories",
            Category::ALL.iter().map(|c| c.code()).collect::<Vec<_>>(),
        ),
        (
            "activities",
            Activity::ALL.iter().map(|a| a.code()).collect(),
        ),
        ("risks", Risk::ALL.iter().map(|r| r.code()).collect()),
        ("agencies", Agency::ALL.iter().map(|a| a.code()).collect()),
        ("outcomes", Outcome::ALL.iter().map(|o| o.code()).collect()),
    ];
    for (name, codes) in lists {
        writeln!(out, "\n{name}\n  {}", codes.join("\n  "))?;
    }
    writeln!(
        out,
        "\nhandling standards, the criterion each bears on, and the event awaited"
    )?;
    for standard in Standard::ALL {
        let (criterion, event) = (standard.criterion(), standard.expected());
        writeln!(out, "  {standard:<4} {criterion:<40} {event}")?;
    }
    Ok(())
}
