use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn shipped(name: &str) -> Framework {
    let id: FrameworkId = name.parse().unwrap();
    Framework::find_shipped(&id).unwrap()
}

fn text_2016() -> &'static str {
    Framework::shipped_texts()[0].1
}

#[test]
fn every_shipped_framework_is_read() {
    let mut ids = Vec::new();
    for (file, text) in Framework::shipped_texts() {
        let framework = Framework::parse(file, text).map_err(|faults| rendered(&faults));
        ids.push(
            framework
                .unwrap_or_else(|faults| panic!("{faults}"))
                .id
                .to_string(),
        );
    }
    assert_eq!(ids, ["child-protection-2016@1", "child-protection-2024@1"]);
}

#[test]
fn scales_are_best_first_and_told_apart() {
    let old = shipped("child-protection-2016@1");
    let new = shipped("child-protection-2024@1");
    assert_eq!(old.scale(), "good/requires improvement/inadequate");
    assert_eq!(
        new.scale(),
        "outstanding/good/adequate/requires improvement/inadequate"
    );
    let below = |f: &Framework| f.grades.iter().filter(|g| g.below_good).count();
    assert_eq!((below(&old), below(&new)), (2, 3));
    assert!(!old.find_grade("good").unwrap().below_good);
    assert!(old.find_grade("adequate").is_none());
}

#[test]
fn frameworks_follow_each_other_without_a_gap() {
    let old = shipped("child-protection-2016@1");
    let new = shipped("child-protection-2024@1");
    assert!(old.is_in_force(date(2024, 1, 31)) && !new.is_in_force(date(2024, 1, 31)));
    assert!(!old.is_in_force(date(2024, 2, 1)) && new.is_in_force(date(2024, 2, 1)));
    assert!(!old.is_in_force(date(2015, 12, 31)));
}

const CATEGORIES: [&str; 9] = [
    "s47-enquiry",
    "domestic-abuse",
    "other-concern",
    "exploitation",
    "online-abuse",
    "missing",
    "police-protection",
    "offender-management",
    "detention",
];

#[test]
fn both_frameworks_divide_cases_alike() {
    for framework in Framework::shipped() {
        let codes: Vec<&str> = framework
            .categories
            .iter()
            .map(|c| c.code.as_str())
            .collect();
        assert_eq!(codes, CATEGORIES, "{}", framework.id);
    }
}

#[test]
fn the_criteria_of_2016_stand_in_the_order_of_the_journey() {
    let framework = shipped("child-protection-2016@1");
    let of_cases: Vec<&str> = framework
        .topics_at(Level::Case)
        .flat_map(|topic| &topic.criteria)
        .map(|criterion| criterion.code.as_str())
        .collect();
    insta::assert_snapshot!("criteria_2016", of_cases.join("\n"));
    let of_force: Vec<&str> = framework
        .topics_at(Level::Force)
        .map(|t| t.code.as_str())
        .collect();
    assert_eq!(of_force, ["leadership"]);
    assert_eq!(framework.topics.len(), 8);
}

#[test]
fn the_framework_of_2024_grades_five_topics() {
    let framework = shipped("child-protection-2024@1");
    assert_eq!(
        framework.topics.iter().filter(|topic| topic.graded).count(),
        5
    );
    assert_eq!(framework.grades.len(), 5);
}

#[test]
fn a_case_is_asked_only_what_applies_to_its_category() {
    let framework = shipped("child-protection-2016@1");
    let asked = |category: &str| -> BTreeSet<String> {
        let criteria = framework.criteria_for(category).into_iter();
        criteria
            .map(|(_, criterion)| criterion.code.clone())
            .collect()
    };
    assert!(asked("missing").contains("initial-contact.missing-at-risk"));
    assert!(!asked("domestic-abuse").contains("initial-contact.missing-at-risk"));
    for category in CATEGORIES {
        let topics: BTreeSet<&str> = framework
            .criteria_for(category)
            .iter()
            .map(|(t, _)| t.code.as_str())
            .collect();
        assert_eq!(
            topics.contains("detention"),
            category == "detention",
            "{category}"
        );
        assert_eq!(
            topics.contains("managing-risk"),
            category == "offender-management"
        );
        assert!(!topics.contains("leadership"), "{category}");
    }
    assert!(asked("no-such-category").is_empty());
}

#[test]
fn limits_and_clocks_are_those_of_the_published_rules() {
    for framework in Framework::shipped() {
        let limits = &framework.time_limits;
        assert_eq!(limits.force_action_plan, Period::Weeks(6));
        assert_eq!(
            limits.local_policing_body_comments,
            Period::DaysBeginningWith(56)
        );
        assert_eq!(limits.accuracy_check, Period::WorkingDays(10));
        let within = |code| {
            framework
                .find_recommendation_limit(code)
                .map(|limit| limit.within)
        };
        assert_eq!(within("immediate"), Some(Period::Immediately));
        assert_eq!(within("three-months"), Some(Period::Months(3)));
        assert_eq!(within("six-months"), Some(Period::Months(6)));
        assert_eq!(within("soon"), None);
        assert_eq!(framework.referral.clocks.acknowledge_hours, 4);
    }
}

#[test]
fn every_list_can_be_asked_by_code() {
    let framework = shipped("child-protection-2016@1");
    assert_eq!(
        framework
            .find_criterion("detention.appropriate-adult")
            .unwrap()
            .title,
        "Appropriate adult in time"
    );
    assert!(framework.find_criterion("appropriate-adult").is_none());
    assert!(framework.find_topic("trusted-adult").is_some());
    assert!(framework.find_cause("judgement").is_some());
    assert!(
        framework
            .find_referral_reason("child-at-present-risk")
            .is_some()
    );
    assert!(framework.find_progress("complete").unwrap().closes);
    assert!(framework.find_status("awaiting-review").unwrap().open);
    assert!(!framework.find_status("superseded").unwrap().open);
    assert!(
        !framework
            .find_elimination("file-not-found")
            .unwrap()
            .replaced
    );
}

#[test]
fn ids_are_read_and_written_alike() {
    let id: FrameworkId = "child-protection-2016@12".parse().unwrap();
    assert_eq!((id.name(), id.version()), ("child-protection-2016", 12));
    assert_eq!(
        serde_json::to_string(&id).unwrap(),
        "\"child-protection-2016@12\""
    );
    for wrong in [
        "", "child", "child@", "child@0", "child@01", "child@-1", "child@+1", "Child@1", "@1",
        "a@b@1",
    ] {
        assert!(wrong.parse::<FrameworkId>().is_err(), "{wrong}");
    }
}

/// One slip of the pen in the 2016 text: `from` becomes `to`, where § marks the
/// place at which the fault must be reported, under the field `field`.
struct Slip {
    field: &'static str,
    from: &'static str,
    to: &'static str,
}

const fn slip(field: &'static str, from: &'static str, to: &'static str) -> Slip {
    Slip { field, from, to }
}

const SLIPS: [Slip; 40] = [
    slip(
        "id",
        "id = \"child-protection-2016@1\"",
        "id = §\"child-protection-2016\"",
    ),
    slip(
        "title",
        "title = \"Child protection inspection, 2016 to 2024\"",
        "title = §\"  \"",
    ),
    slip(
        "programme",
        "programme = \"child-protection\"",
        "programme = §\"Child protection\"",
    ),
    slip(
        "in_force_from",
        "in_force_from = 2016-01-01",
        "in_force_from = §\"2016-01-01\"",
    ),
    slip(
        "in_force_to",
        "in_force_to = 2024-01-31",
        "in_force_to = §2014-01-31",
    ),
    slip(
        "in_force_too",
        "in_force_to = 2024-01-31",
        "§in_force_too = 2024-01-31",
    ),
    slip(
        "colour",
        "disclosure_threshold = 10",
        "disclosure_threshold = 10\n§colour = 3",
    ),
    slip("provenance", "provenance = \"In", "§#provenance = \"In"),
    slip(
        "disclosure_threshold",
        "disclosure_threshold = 10",
        "disclosure_threshold = §1",
    ),
    slip("grade[1].rank", "rank = 2", "rank = §3"),
    slip(
        "grade[1].code",
        "code = \"requires-improvement\"",
        "code = §\"good\"",
    ),
    slip(
        "grade[0].below_good",
        "rank = 1\nbelow_good = false",
        "rank = 1\nbelow_good = §true",
    ),
    slip(
        "grade[2].below_good",
        "rank = 3\nbelow_good = true",
        "rank = 3\nbelow_good = §false",
    ),
    slip(
        "grade[0].below_good",
        "rank = 1\nbelow_good = false",
        "rank = 1\nbelow_good = §\"no\"",
    ),
    slip(
        "grade[2].lable",
        "label = \"Inadequate\"",
        "§lable = \"Inadequate\"",
    ),
    slip("grade[2].short", "short = \"I\"", "short = §3"),
    slip(
        "category[5].code",
        "code = \"missing\"",
        "code = §\"Missing child\"",
    ),
    slip(
        "category[1].code",
        "code = \"domestic-abuse\"",
        "code = §\"s47-enquiry\"",
    ),
    slip("topic[0].level", "level = \"case\"", "level = §\"cases\""),
    slip("topic[0].graded", "graded = true", "graded = §1"),
    slip(
        "topic[0].criterion[4].applies_to[0]",
        "applies_to = [\"missing\"]",
        "applies_to = [§\"mising\"]",
    ),
    slip(
        "topic[0].criterion[4].applies_to[1]",
        "applies_to = [\"missing\"]",
        "applies_to = [\"missing\", §\"missing\"]",
    ),
    slip(
        "topic[0].criterion[4].applies_to",
        "applies_to = [\"missing\"]",
        "applies_to = §[]",
    ),
    slip(
        "topic[1].criterion[0].code",
        "code = \"referral-made\"",
        "code = §\"Referral made\"",
    ),
    slip(
        "topic[2].criterion[1].code",
        "code = \"lines-of-enquiry\"",
        "code = §\"right-team\"",
    ),
    slip(
        "topic[2].criterion[0].look_for",
        "look_for = \"The unit",
        "§#look_for = \"The unit",
    ),
    slip(
        "topic[7].criterion[2].applies_to",
        "applies_to = \"all\"\n\n# What a",
        "applies_to = §[\"missing\"]\n\n# What a",
    ),
    slip(
        "cause[3].code",
        "code = \"judgement\"",
        "code = §\"training\"",
    ),
    slip(
        "referral.acknowledge_hours",
        "acknowledge_hours = 4",
        "acknowledge_hours = §0",
    ),
    slip(
        "referral.acknowledge_hours",
        "acknowledge_hours = 4",
        "acknowledge_hours = §4.5",
    ),
    slip(
        "referral.protective_step_hours",
        "protective_step_hours = 24",
        "protective_step_hours = §2",
    ),
    slip(
        "referral.answer",
        "answer = \"10 working days\"",
        "answer = §\"ten working days\"",
    ),
    slip(
        "referral.escalation[1].overdue_hours",
        "overdue_hours = 4",
        "overdue_hours = §1",
    ),
    slip(
        "referral.escalation[1].tell",
        "tell = \"force-chief\"",
        "tell = §\"force-chef\"",
    ),
    slip(
        "time_limits.force_action_plan",
        "\"6 weeks\"",
        "§\"-6 weeks\"",
    ),
    slip(
        "time_limits.accuracy_check",
        "accuracy_check = \"10 working days\"",
        "accuracy_check = §\"240 hours\"",
    ),
    slip("progress[3].closes", "closes = true", "closes = §false"),
    slip(
        "second_reading.share_percent",
        "share_percent = 10",
        "share_percent = §110",
    ),
    slip("", "title = \"Leadership\"", "title = \"Leadership§"),
    slip(
        "",
        "share_percent = 10",
        "share_percent = 10\n§share_percent = 12",
    ),
];

impl Slip {
    /// The faulty text and where its fault stands, as line and column.
    fn made(&self) -> (String, (usize, usize)) {
        let start = text_2016()
            .find(self.from)
            .unwrap_or_else(|| panic!("{} is not there", self.from));
        let place = start + self.to.find('§').unwrap();
        let text = text_2016().replacen(self.from, &self.to.replace('§', ""), 1);
        let line_start = text[..place].rfind('\n').map_or(0, |at| at + 1);
        let line = text[..place].matches('\n').count() + 1;
        (text, (line, place - line_start + 1))
    }

    /// Faults about a field that is not there stand at its section.
    fn leaves_out_a_field(&self) -> bool {
        self.to.starts_with("§#")
    }
}

fn rendered(faults: &[FrameworkFault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn each_slip_is_reported_at_its_line_and_column() {
    for slip in &SLIPS {
        let (text, place) = slip.made();
        let faults = Framework::parse("slip.toml", &text).unwrap_err();
        let meant = faults.iter().find(|fault| {
            fault.field == slip.field
                && (slip.leaves_out_a_field() || (fault.line, fault.column) == place)
        });
        assert!(
            meant.is_some(),
            "{} at {place:?}, but:\n{}",
            slip.field,
            rendered(&faults)
        );
    }
}

#[test]
fn each_slip_is_told_with_its_mend() {
    let told: Vec<String> = SLIPS
        .iter()
        .map(|slip| {
            let (text, _) = slip.made();
            let faults = Framework::parse("slip.toml", &text).unwrap_err();
            format!(
                "--- {}\n{}",
                slip.to.replace('§', "").replace('\n', " ⏎ "),
                rendered(&faults)
            )
        })
        .collect();
    insta::assert_snapshot!("slips", told.join("\n"));
}

#[test]
fn a_missing_field_stands_at_the_head_of_its_section() {
    let text = text_2016().replacen("look_for = \"The unit", "#", 1);
    let faults = Framework::parse("slip.toml", &text).unwrap_err();
    let head = text
        .find("[[topic.criterion]]\ncode = \"right-team\"")
        .unwrap();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].line, text[..head].matches('\n').count() + 1);
}

#[test]
fn all_faults_of_a_text_are_listed_in_the_order_of_its_lines() {
    let text = text_2016()
        .replacen("@1", "", 1)
        .replacen("rank = 2", "rank = 1", 1)
        .replacen(
            "applies_to = [\"missing\"]",
            "applies_to = [\"gone\", \"away\"]",
            1,
        )
        .replacen("code = \"supervision\"", "cod = \"supervision\"", 1)
        .replacen(
            "answer = \"10 working days\"",
            "answer = \"0 working days\"",
            1,
        )
        .replacen("agreement_percent = 80", "", 1);
    let faults = Framework::parse("all.toml", &text).unwrap_err();
    insta::assert_snapshot!("all_faults", rendered(&faults));
}

#[test]
fn a_category_that_nothing_is_asked_of_is_a_fault() {
    let text = text_2016()
        .replace("applies_to = \"all\"", "applies_to = [\"missing\"]")
        .replace(
            "applies_to = [\"offender-management\"]",
            "applies_to = [\"missing\"]",
        );
    let faults = Framework::parse("unasked.toml", &text).unwrap_err();
    let unasked = faults.iter().find(|f| f.field == "category[7].code");
    insta::assert_snapshot!(unasked.unwrap(), @"unasked.toml:70:8: category[7].code: no criterion of a case is asked of `offender-management`; name it in the `applies_to` of the criteria meant for it, or remove the category");
}

#[test]
fn an_empty_text_lacks_everything() {
    let faults = Framework::parse("empty.toml", "").unwrap_err();
    insta::assert_snapshot!("empty_text", rendered(&faults));
}

#[test]
fn a_section_of_the_wrong_shape_is_told_so() {
    let text = "grade = 3\ncategory = [1, 2]\nreferral = \"later\"\ntopic = []\n";
    let faults = Framework::parse("shape.toml", text).unwrap_err();
    let shapes: Vec<FrameworkFault> = faults
        .into_iter()
        .filter(|f| !f.problem.contains("missing"))
        .collect();
    insta::assert_snapshot!("wrong_shapes", rendered(&shapes));
}

proptest! {
    /// Cut anywhere, a text is refused with at least one fault, and never panics.
    #[test]
    fn a_text_cut_short_is_refused_with_a_fault(share in 0usize..1000) {
        let text = text_2016();
        let mut end = text.len() * share / 1000;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let faults = Framework::parse("cut.toml", &text[..end]).unwrap_err();
        prop_assert!(!faults.is_empty());
    }

    /// Any one character replaced gives a framework or faults inside the text.
    #[test]
    fn a_spoilt_character_gives_a_framework_or_a_place(at in 0usize..14_000, spoilt in "[\\[\\]\"=#.0a\n]") {
        let text = text_2016();
        let at = at.min(text.len() - 2);
        let spoilt = format!("{}{spoilt}{}", &text[..at], &text[at + 1..]);
        if let Err(faults) = Framework::parse("spoilt.toml", &spoilt) {
            prop_assert!(!faults.is_empty());
            let lines = spoilt.lines().count() + 1;
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }
}
