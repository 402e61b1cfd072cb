use super::*;
use proptest::prelude::*;

/// Sentences, with the word at which the fault lies, and what is said of it.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "when a referral, a return intervew within 72 hours",
        "intervew",
        "did you mean `return interview`",
    ),
    (
        "when a referral, a closure within 72 ours",
        "ours",
        "expected `minutes`, `hours`, `days`, `calendar days`, `working days`, `calendar weeks`, `months`, `calendar months` or `years`; did you mean `hours`",
    ),
    (
        "when a missing child returns, a retrn interview within 72 hours",
        "retrn",
        "no activity of this name; did you mean `return interview`",
    ),
    (
        "when a missing child retuns, a closure within 1 day",
        "retuns",
        "did you mean `missing child returns`",
    ),
    (
        "when a referral, a closure witin 72 hours",
        "witin",
        "did you mean `within`",
    ),
    (
        "when a referral, a closure within 72 horus",
        "horus",
        "did you mean `hours`",
    ),
    (
        "when a referral with rsk H, a closure within 1 day",
        "rsk",
        "no attribute of this name; did you mean `risk`",
    ),
    (
        "when a referral, a closure for the same supect within 1 day",
        "supect",
        "no key of this name; did you mean `suspect`",
    ),
    (
        "when a referral a closure within 1 day",
        "closure",
        "expected",
    ),
    ("when a referral, a closure", "", "expected"),
    (
        "when a referral, a closure within 1 day soon",
        "soon",
        "the end of the sentence",
    ),
    (
        "when a referral, a closure within 0 days",
        "0",
        "a limit of 0",
    ),
    (
        "when a referral, a closure within 9999999 days",
        "9999999",
        "at most",
    ),
    (
        "when a referral, a closure within 2 weeks",
        "weeks",
        "1 calendar week",
    ),
    (
        "when a referral, a closure within 2 hours beginning with the day",
        "beginning",
        "only calendar days",
    ),
    (
        "when a referral with suspect S1, a closure within 1 day",
        "suspect",
        "is a key",
    ),
    (
        "when a referral, a closure for the same risk within 1 day",
        "risk",
        "is no key",
    ),
    (
        "when a referral, a closure within 1 day where suspect is S1",
        "suspect",
        "is a key",
    ),
    ("for each risk, at most 3 referrals", "risk", "is no key"),
    (
        "when a referral, a closure after the first of them and within 1 day",
        "after",
        "needs a count",
    ),
    (
        "when the 1st referral, a closure within 1 day",
        "1st",
        "from the 2nd",
    ),
    (
        "when a referral, a closure within 2 working days, not counting from a return until a visit to the offender",
        "not",
        "only elapsed time",
    ),
    (
        "when a referral, a closure within 2 days, starting again at a return with 1 month, not counting from a return until a visit to the offender",
        "not",
        "only elapsed time",
    ),
    (
        "when a referral, a closure within 2 days unless a return unless a sight of the child",
        "unless",
        "said twice",
    ),
    (
        "when a referral with officer the same as officer, a closure within 1 day",
        "officer",
        "always the same as itself",
    ),
    (
        "when a referral with risk H or H, a closure within 1 day",
        "H",
        "named twice",
    ),
    (
        "when a referral, a closure within 1 day where risk is H, 2 days where risk is H",
        "H",
        "has a limit already",
    ),
    (
        "when a referral, a closure within 1 day where risk is H, 2 days where risk level is L",
        "risk",
        "one attribute",
    ),
    (
        "when a referral with age at least ten, a closure within 1 day",
        "ten",
        "a number",
    ),
    (
        "when a referral with risk \"H, a closure within 1 day",
        "\"",
        "does not end",
    ),
    ("titel  A child is seen", "titel", "did you mean `title`"),
];

/// What people say who do not know the language, the word at which they are stopped, and what they
/// are told to say.
const SLIPS: &[(&str, &str, &str)] = &[
    (
        "if a missing child returns, a return interview within 72 hours",
        "if",
        "`when …, … within 72 hours`",
    ),
    (
        "within 72 hours of a return, a return interview",
        "within",
        "begin with what starts the clock",
    ),
    (
        "for every child, when a referral, a closure within 24 hours",
        "every",
        "write `for each`",
    ),
    (
        "when a missing child returns, there must be a return interview within 72 hours",
        "there",
        "leave `there must be` and the like out",
    ),
    (
        "when a missing child returns, a return interview in 72 hours",
        "in",
        "write `within`",
    ),
    (
        "when a missing child returns, a return interview within 72hrs",
        "72hrs",
        "leave a blank between a number and its unit",
    ),
    (
        "when a referral, a closure within the next working day",
        "next",
        "`by the end of the next working day`",
    ),
    (
        "when a referral, a closure by the next working day",
        "next",
        "`by the end of the next working day`",
    ),
    (
        "when a referral, a closure within 3 days of the referral",
        "of",
        "the clock starts with what stands after `when`",
    ),
    (
        "when a referral, a closure within 3 days or a return",
        "or",
        "name all that counts before its limit",
    ),
    (
        "no closure without a sight of the child",
        "without",
        "a closure needs a sight of the child before",
    ),
    (
        "no more than 28 days between referrals",
        "between",
        "`from … to the next …`",
    ),
    (
        "when a referral with a high risk, a closure within 24 hours",
        "high",
        "name the attribute before its value",
    ),
    (
        "when a referral with risk high or very high, a closure within 24 hours",
        "high",
        "a value of several words in quotation marks",
    ),
    (
        "when a referral with risk H, L or M, a closure within 24 hours",
        "L",
        "values are joined by `or`",
    ),
    (
        "when a referral, a closure within 1 day\n  when a return, a closure within 1 day",
        "when",
        "a standard has one sentence",
    ),
];

#[test]
fn who_says_it_otherwise_is_told_how_it_is_said() {
    for (sentence, word, said) in SLIPS {
        let faults = faults(&with_sentence(sentence));
        let shown = faults[0].to_string();
        assert_eq!(faults[0].word, *word, "{shown}");
        assert!(shown.contains(said), "{shown}\nlacks: {said}");
    }
}

#[test]
fn a_nation_that_is_not_known_would_be_checked_for_nobody() {
    let nation = |name: &str| with_sentence(&format!("at most 3 referrals\n  nation {name}"));
    let shown = faults(&nation("Engalnd"))[0].to_string();
    assert!(shown.contains("did you mean `England`"), "{shown}");
    assert!(parse(&nation("England and Wales")).is_ok());
}

#[test]
fn a_fault_points_at_its_word_and_says_how_to_mend_it() {
    for (sentence, word, said) in WRONG {
        let faults = faults(&with_sentence(sentence));
        let shown = faults[0].to_string();
        assert_eq!(faults.len(), 1, "{sentence}: {faults:?}");
        assert_eq!(faults[0].word, *word, "{shown}");
        assert!(shown.contains(said), "{shown}\nlacks: {said}");
        let line: Vec<char> = faults[0].text.chars().collect();
        let at = faults[0].column as usize - 1;
        assert!(
            line[at..].iter().collect::<String>().starts_with(word),
            "{shown}"
        );
    }
}

#[test]
fn a_fault_is_shown_with_its_line_and_a_caret() {
    let faults = faults(&with_sentence(
        "when a missing child returns, a retrn interview within 72 hours",
    ));
    assert_eq!(
        Faults(faults).to_string(),
        "\
line 19, column 35: `retrn`: this library has no activity of this name; did you mean `return interview`?
  19 |   when a missing child returns, a retrn interview within 72 hours
     |                                   ^^^^^"
    );
}

#[test]
fn every_standard_tells_its_own_fault() {
    let text = format!(
        "{HEAD}standard A\n  title A\n  when a refferal, a closure within 1 day\n\
         standard B\n  in force from 2020-01-02 to 2020-01-01\n  counts each return\n  \
         at most 3 referrals\n\
         standard A\n  title A\n  title A\n  at most 3 referrals\n\
         standard C!\n  title C\n\
         standard D\n  title D\n  at most 3 referrals\nstandard D\n  title D\n  at most 3 referrals\n\
         standrad E\n"
    );
    let told: Vec<(u32, String)> = faults(&text)
        .into_iter()
        .map(|fault| (fault.line, fault.word))
        .collect();
    let lines: Vec<(u32, &str)> = told
        .iter()
        .map(|(line, word)| (*line, word.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (19, "refferal"),
            (20, ""),
            (21, "2020-01-01"),
            (22, "return"),
            (26, "title"),
            (28, "C!"),
            (28, ""),
            (33, "standard"),
            (36, "standrad"),
        ]
    );
}

#[test]
fn what_a_library_declares_is_checked() {
    for (text, said) in [
        (
            "zone Europe/London\n",
            "`library \"…\" version \"…\"` is missing",
        ),
        ("library \"T\" version \"1\"\n", "zone"),
        (
            "library \"T\" version \"1\"\nzone Europe/Londn\n",
            "did you mean `Europe/London`",
        ),
        ("library \"T\"\nzone Europe/London\n", "its version"),
        (
            "library \"T\" version \"1\"\nzone UTC\nzone UTC\n",
            "already, on line 2",
        ),
        (
            "library \"T\" version \"1\"\nzone UTC\nactivities\n  A  alpha\n  A  beta\n",
            "already, on line 4",
        ),
        (
            "library \"T\" version \"1\"\nzone UTC\nactivities\n  A  same\n",
            "may not contain",
        ),
        (
            "library \"T\" version \"1\"\nzone UTC\nactivities\n  A  alpha\n  B  an alpha\n",
            "already, on line 4",
        ),
        (
            "library \"T\" version \"1\"\nzone UTC\nactivities\n  A  third party\n",
            "may not begin",
        ),
        (
            "library \"T\" version \"1\"\nzone UTC\nactivities\n  A  alpha\nignored A\n",
            "take one of the two away",
        ),
        (
            "library \"T\" version \"1\"\nzone UTC\nattributes\n  risk\n",
            "NAME in column COLUMN",
        ),
        (
            "library \"T\" version \"1\"\nzone UTC\nattributes\n  r in column r\n  r in column s\n",
            "already",
        ),
    ] {
        let shown = Faults(faults(text)).to_string();
        assert!(shown.contains(said), "{shown}\nlacks: {said}");
    }
}

/// The shipped library with a piece taken out, doubled, or put elsewhere.
fn mutated() -> impl Strategy<Value = String> {
    let text: Vec<char> = crate::shipped::ENGLAND_AND_WALES.chars().collect();
    let size = text.len();
    let pieces = [
        "",
        " ",
        "\n",
        ",",
        "\"",
        "or",
        " with ",
        "99999999999",
        "3rd",
        "a",
        "\u{feff}",
        "É",
        "unless",
        "standard ",
        "\n  ",
        "within",
        "2026-02-30",
    ];
    let piece = prop::sample::select(pieces.to_vec());
    let change = (0..size, 0..size, 0usize..12, piece);
    prop::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut text = text.clone();
        for (from, to, length, piece) in changes {
            let from = from.min(text.len());
            let taken: Vec<char> = text.drain(from..(from + length).min(text.len())).collect();
            let to = to.min(text.len());
            text.splice(to..to, piece.chars().chain(taken));
        }
        text.into_iter().collect()
    })
}

/// A sentence of words of the language in any order.
fn babble() -> impl Strategy<Value = String> {
    let words: Vec<&str> = sentence::RESERVED
        .iter()
        .copied()
        .chain([
            ",", "72", "hours", "referral", "closure", "risk", "H", "suspect", "3rd", "days",
            "working", "months", "\"", "starting", "\n ",
        ])
        .collect();
    prop::collection::vec(prop::sample::select(words), 0..25).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&String::from_utf8_lossy(&bytes)).map_err(|faults| faults.to_string());
    }

    #[test]
    fn any_words_are_read_or_refused(said in babble()) {
        let _ = read(&with_sentence(&said)).map_err(|faults| faults.to_string());
    }

    #[test]
    fn any_change_of_the_shipped_library_is_read_or_refused(text in mutated()) {
        if let Err(faults) = read(&text) {
            for fault in faults.0 {
                let line = text.strip_prefix('\u{feff}').unwrap_or(&text).lines().nth(fault.line as usize - 1);
                prop_assert_eq!(line, Some(&*fault.text));
                prop_assert!(fault.column as usize <= fault.text.chars().count() + 1);
            }
        }
    }
}
