//! Which numbers may be typed, and which must be figures.

use super::MarkupFault;
use super::passage::Passage;
use super::token::{Kind, Token};

mod date;
mod word;

use word::{COUNTED, NUMBER_WORDS, NUMBERED_NOUNS, STATUTE_NOUNS, UNIT_FRACTIONS};

/// Why a typed number is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Percentage,
    PartOfWhole,
    Count,
    Bare,
}

impl Refusal {
    fn what(self, number: &str) -> String {
        match self {
            Refusal::Percentage => format!("the percentage '{number}' is typed by hand"),
            Refusal::PartOfWhole => format!("the share '{number} of …' is typed by hand"),
            Refusal::Count => format!("the count '{number}' is typed by hand"),
            Refusal::Bare => format!("the number '{number}' is typed by hand"),
        }
    }

    fn mend(self, number: &str) -> String {
        match self {
            Refusal::Percentage => {
                "Refer to the figure by its key, such as {below-good}; it brings its own sign"
                    .into()
            }
            Refusal::PartOfWhole => {
                "Refer to the figure by its key, such as {below-good:count}".into()
            }
            Refusal::Count | Refusal::Bare => {
                format!(
                    "Refer to a figure by its key, or write {{number:{number}}} if this is not a figure of the inspection"
                )
            }
        }
    }
}

/// A fault for each typed number that must be a figure.
pub(super) fn refusals(passage: &Passage, tokens: &[Token]) -> Vec<MarkupFault> {
    (0..tokens.len())
        .filter_map(|place| {
            let refusal = refusal(tokens, place)?;
            let number = &tokens[place].text;
            Some(passage.fault(tokens[place].at, refusal.what(number), refusal.mend(number)))
        })
        .collect()
}

/// A fault for each typed number that says how many or what share of cases. Other numbers, such
/// as "56 days", may stand in a text that cannot refer to figures.
pub(super) fn figures_typed(passage: &Passage, tokens: &[Token]) -> Vec<MarkupFault> {
    (0..tokens.len())
        .filter_map(|place| match refusal(tokens, place)? {
            Refusal::Bare => None,
            refusal => Some((place, refusal)),
        })
        .map(|(place, refusal)| {
            passage.fault(
                tokens[place].at,
                refusal.what(&tokens[place].text),
                "Say it without the figure: the report's own figures stand beside it",
            )
        })
        .collect()
}

fn refusal(tokens: &[Token], place: usize) -> Option<Refusal> {
    match tokens[place].kind {
        Kind::Number => numeral_refusal(tokens, place),
        Kind::Excused => excused_refusal(tokens, place),
        Kind::Word => word_refusal(tokens, place),
        Kind::Figure => None,
        Kind::Sign => stray_sign_refusal(tokens, place),
    }
}

fn numeral_refusal(tokens: &[Token], place: usize) -> Option<Refusal> {
    if percent_follows(tokens, place) {
        return Some(Refusal::Percentage);
    }
    if is_reference_number(tokens, place)
        || is_code(tokens, place)
        || date::is_date_or_time(tokens, place)
    {
        return None;
    }
    let refusal = share_or_count(tokens, place);
    if refusal.is_none() && (date::is_year(&tokens[place].text) || is_ordinal_or_age(tokens, place))
    {
        return None;
    }
    Some(refusal.unwrap_or(Refusal::Bare))
}

fn excused_refusal(tokens: &[Token], place: usize) -> Option<Refusal> {
    if percent_follows(tokens, place) {
        return Some(Refusal::Percentage);
    }
    share_follows(tokens, place).then_some(Refusal::PartOfWhole)
}

fn word_refusal(tokens: &[Token], place: usize) -> Option<Refusal> {
    let number = tokens[place].is(NUMBER_WORDS);
    if (number || tokens[place].is(UNIT_FRACTIONS)) && percent_follows(tokens, place) {
        return Some(Refusal::Percentage);
    }
    if is_fraction_of(tokens, place) {
        return Some(Refusal::PartOfWhole);
    }
    let counts = number && !tokens[place].is(&["one"]) && !is_reference_number(tokens, place);
    if number && share_follows(tokens, place) {
        return Some(Refusal::PartOfWhole);
    }
    (counts && counted_follows(tokens, place)).then_some(Refusal::Count)
}

/// A percent sign that no number and no reference explains.
fn stray_sign_refusal(tokens: &[Token], place: usize) -> Option<Refusal> {
    let explained = place > 0 && matches!(tokens[place - 1].kind, Kind::Number | Kind::Excused);
    (is_percent_sign(&tokens[place]) && !explained).then_some(Refusal::Percentage)
}

fn share_or_count(tokens: &[Token], place: usize) -> Option<Refusal> {
    if share_follows(tokens, place) {
        Some(Refusal::PartOfWhole)
    } else if counted_follows(tokens, place) {
        Some(Refusal::Count)
    } else {
        None
    }
}

fn is_percent_sign(token: &Token) -> bool {
    token.is(&[
        "%", "\u{ff05}", "\u{fe6a}", "\u{66a}", "\u{2030}", "\u{2031}",
    ])
}

fn percent_follows(tokens: &[Token], place: usize) -> bool {
    let mut rest = tokens[place + 1..]
        .iter()
        .filter(|token| !token.is(&["-", "\u{2013}", "(", "+"]));
    let Some(next) = rest.next() else {
        return false;
    };
    if is_percent_sign(next) || next.is(&["percent", "percentage", "percents", "pc", "pct", "pp"]) {
        return true;
    }
    let after = rest.next();
    match next.text.as_str() {
        "per" => after.is_some_and(|word| word.is(&["cent", "cents", "centum", "mille"])),
        "p" => {
            after.is_some_and(|sign| sign.is(&["."]))
                && rest.next().is_some_and(|word| word.is(&["c"]))
        }
        "in" => {
            after.is_some_and(|word| word.is(&["100", "hundred"]))
                && tokens[place].kind == Kind::Number
        }
        _ => false,
    }
}

fn is_quantity(token: &Token) -> bool {
    matches!(token.kind, Kind::Number | Kind::Excused | Kind::Figure) || token.is(NUMBER_WORDS)
}

/// "278 of 374", "3 out of every 4", "one in five".
fn share_follows(tokens: &[Token], place: usize) -> bool {
    let mut rest = tokens[place + 1..]
        .iter()
        .skip_while(|token| token.is(&["out"]))
        .peekable();
    let joined = rest
        .next_if(|token| token.is(&["of", "in", "from", "/"]))
        .is_some();
    let whole = rest.find(|token| !token.is(&["every", "the", "all", "these", "those", "our"]));
    joined
        && whole.is_some_and(|token| {
            is_quantity(token) && !(token.kind == Kind::Number && date::is_year(&token.text))
        })
}

/// "three quarters of", "a third of", "half of", "half the".
fn is_fraction_of(tokens: &[Token], place: usize) -> bool {
    let next = tokens.get(place + 1);
    if tokens[place].is(&["half"]) {
        return next.is_some_and(|token| token.is(&["of", "the", "our", "these", "those", "all"]));
    }
    let fraction = tokens[place].is(UNIT_FRACTIONS) && next.is_some_and(|token| token.is(&["of"]));
    let mut before = tokens[..place]
        .iter()
        .rev()
        .filter(|token| token.kind != Kind::Sign);
    let counted =
        |token: &Token| token.is(&["a"]) || token.is(NUMBER_WORDS) || token.kind == Kind::Number;
    fraction && before.next().is_some_and(counted)
}

/// "14 cases", "14 of the children", "14 more urgent referrals".
fn counted_follows(tokens: &[Token], place: usize) -> bool {
    tokens[place + 1..]
        .iter()
        .take_while(|token| token.kind == Kind::Word || token.is(&["-", "'", "\u{2019}"]))
        .take_while(|token| !token.is(word::CLAUSE_WORDS))
        .take(4)
        .any(|token| token.is(COUNTED))
}

/// "section 47", "s.47", "recommendations 3, 4 and 7", "paragraph 3.2".
fn is_reference_number(tokens: &[Token], place: usize) -> bool {
    let Some(noun) = noun_before(tokens, place).or_else(|| noun_before_list(tokens, place)) else {
        return false;
    };
    let possessive = noun > 0 && tokens[noun].is(&["s"]) && tokens[noun - 1].is(&["'", "\u{2019}"]);
    let statute = tokens[noun].is(STATUTE_NOUNS) && !possessive;
    statute || tokens[noun].is(NUMBERED_NOUNS) && !counted_follows(tokens, place)
}

/// Where the noun stands that directly names the number: "section 47", "s. 47".
fn noun_before(tokens: &[Token], place: usize) -> Option<usize> {
    let before = place.checked_sub(1)?;
    let abbreviated = tokens[before].is(&["."]) && !tokens[before].spaced;
    let noun = if abbreviated {
        before.checked_sub(1)?
    } else {
        before
    };
    let short = tokens[noun].text.len() <= 5;
    (is_numbered_noun(&tokens[noun]) && (short || !abbreviated)).then_some(noun)
}

/// Where the plural stands that names a list of numbers: "recommendations 3, 4 and 7".
fn noun_before_list(tokens: &[Token], place: usize) -> Option<usize> {
    let listed = |token: &Token| {
        token.kind == Kind::Number || token.is(&["and", "or", "to", ",", "(", ")", "-"])
    };
    let noun = tokens[..place].iter().rposition(|token| !listed(token))?;
    let plural = tokens[noun].text.ends_with('s') || tokens[noun].is(&["criteria"]);
    let unbroken = tokens
        .get(noun + 1)
        .is_some_and(|token| token.kind == Kind::Number);
    (plural && unbroken && is_numbered_noun(&tokens[noun]) && !counted_follows(tokens, place))
        .then_some(noun)
}

fn is_numbered_noun(token: &Token) -> bool {
    token.is(STATUTE_NOUNS) || token.is(NUMBERED_NOUNS)
}

/// "Q3", "SO15", "covid-19": the number is part of a name.
fn is_code(tokens: &[Token], place: usize) -> bool {
    let number = &tokens[place];
    let Some(previous) = place.checked_sub(1).map(|before| &tokens[before]) else {
        return false;
    };
    if number.spaced
        || number
            .text
            .chars()
            .any(|letter| matches!(letter, ',' | ':' | '/'))
    {
        return false;
    }
    if previous.kind == Kind::Word {
        return true;
    }
    let joined = previous.is(&["-"]) && !previous.spaced;
    joined
        && place >= 2
        && tokens[place - 2].kind == Kind::Word
        && !tokens[place - 2].is(NUMBER_WORDS)
}

/// "12th", "aged 16", "16-year-old".
fn is_ordinal_or_age(tokens: &[Token], place: usize) -> bool {
    let glued = |offset: usize| tokens.get(place + offset).filter(|token| !token.spaced);
    let ordinal = glued(1).is_some_and(|token| token.is(&["st", "nd", "rd", "th"]));
    let year_old = glued(1).is_some_and(|token| token.is(&["-"]))
        && glued(2).is_some_and(|token| token.is(&["year"]));
    let aged = place > 0 && tokens[place - 1].is(&["aged", "age"]);
    let age_of = place > 1 && tokens[place - 1].is(&["of"]) && tokens[place - 2].is(&["age"]);
    ordinal || year_old || aged || age_of
}
