//! What people say where the language says something else.

/// Words that do not stand here, one of those that were looked for, and what to say instead.
type Slip = (&'static [&'static str], &'static str, &'static str);

const SLIPS: [Slip; 10] = [
    (
        &[
            "if", "where", "whenever", "once", "within", "every", "each", "all",
        ],
        "when",
        "begin with what starts the clock: `when …, … within 72 hours`",
    ),
    (
        &[
            "there", "must", "should", "shall", "needs", "ensure", "hold",
        ],
        "an activity",
        "name what must happen and leave `there must be` and the like out",
    ),
    (&["every", "any", "all"], "each", "write `for each`"),
    (
        &["in", "inside", "under", "by", "before"],
        "within",
        "write `within`, or `by the end of`",
    ),
    (
        &["next", "same", "end", "close", "midnight"],
        "by the end of",
        "write `by the end of the next working day`, or of `the same day`",
    ),
    (
        &["next", "same", "close", "midnight"],
        "end of",
        "write `by the end of the next working day`, or of `the same day`",
    ),
    (
        &["without", "unless", "before", "until"],
        "while",
        "what must come first is said so: `a closure needs a sight of the child before`",
    ),
    (&["between"], "from", "write `from … to the next …`"),
    (
        &["of", "after", "from", "following", "since"],
        END,
        "the clock starts with what stands after `when`: leave the rest out",
    ),
    (
        &["or", "and"],
        END,
        "name all that counts before its limit: `a letter or a visit within 2 days`",
    ),
];

/// What is looked for behind the last word of a sentence.
pub(super) const END: &str = "the end of the sentence";
const ANOTHER: &str =
    "a standard has one sentence: begin another standard with `standard` and its name";
const NO_BLANK: &str = "leave a blank between a number and its unit";
const VALUES: &str =
    "put a value of several words in quotation marks, and a comma after the last condition";

/// What to say instead of a word, where these words were looked for.
pub(super) fn advice(word: &str, tried: &[&str]) -> Option<&'static str> {
    let was_tried = |what: &str| tried.contains(&what);
    let is_figure = word.starts_with(|c: char| c.is_ascii_digit());
    let known = SLIPS
        .iter()
        .find(|(said, instead, _)| said.contains(&word) && was_tried(instead));
    match known {
        Some((.., advice)) => Some(advice),
        None if is_figure && was_tried("a number") => Some(NO_BLANK),
        None if was_tried(END) && BEGINNINGS.contains(&word) => Some(ANOTHER),
        None if !word.is_empty() && was_tried("and") && was_tried("or") => Some(VALUES),
        None => None,
    }
}

/// How a sentence begins.
const BEGINNINGS: [&str; 5] = ["when", "measure", "at", "no", "for"];
