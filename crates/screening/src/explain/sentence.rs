//! A rule as one sentence that reads back as the same rule.

use crate::standard::{
    AtMost, Condition, Elapsed, EventTest, Key, Limit, Limits, NeverWhile, NotWithin, Pattern,
    Precedence, Response, Rule, Sharing, Since, Test, Trigger, Unit,
};
use crate::text::Phrases;
use crate::text::sentence::RESERVED;
use crate::vocabulary::{AttributeId, Vocabulary};

/// The sentence that says a rule. Read with the same vocabulary it gives the same rule.
pub fn sentence(vocabulary: &Vocabulary, key: Key, rule: &Rule) -> String {
    Speaker::new(vocabulary).sentence(key, rule)
}

/// Says things in the words of a vocabulary.
pub(super) struct Speaker<'a> {
    phrases: Phrases<'a>,
}

/// How an activity is said: its first phrase is a clause (`referral is received`), its second, if
/// it has one, a noun (`referral`), its third the noun's plural.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// `a referral is received`
    Clause,
    /// `a referral`
    Noun,
    /// `referral`, after `no`, `the next`, `the last` or a number
    BareNoun,
    /// `referrals`
    Plural,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(vocabulary: &'a Vocabulary) -> Self {
        Self {
            phrases: Phrases::new(vocabulary),
        }
    }

    pub(super) fn sentence(&self, key: Key, rule: &Rule) -> String {
        let said = match rule {
            Rule::Response(response) if response.gap => self.gap(response),
            Rule::Response(response) => self.response(response),
            Rule::Precedence(precedence) => self.precedence(precedence),
            Rule::Since(since) => self.since(since),
            Rule::NeverWhile(never_while) => self.never_while(never_while),
            Rule::AtMost(at_most) => self.at_most(at_most),
            Rule::NotWithin(not_within) => self.not_within(not_within),
            Rule::Elapsed(elapsed) => self.elapsed(elapsed),
        };
        match key {
            Key::Case => said,
            Key::Attribute(key) => format!("for each {}, {said}", self.name(key)),
        }
    }

    pub(super) fn name(&self, attribute: AttributeId) -> &str {
        &self.phrases.vocabulary.attribute(attribute).name
    }

    fn response(&self, response: &Response) -> String {
        let place = match (response.from_first, response.or_at_once) {
            (true, _) => " after the first of them and",
            (false, true) => " at once or",
            (false, false) => "",
        };
        format!(
            "when {}, {}{}{place} within {}{}",
            self.trigger(&response.trigger),
            self.pattern(&response.expected, Form::Noun),
            self.same(response.same),
            self.limits(&response.limits),
            self.clauses(response),
        )
    }

    fn gap(&self, response: &Response) -> String {
        let from = match response.trigger.nth {
            None => self.pattern(&response.trigger.pattern, Form::Noun),
            Some(_) => self.trigger(&response.trigger),
        };
        format!(
            "no more than {} from {from} to the next {}{}{}",
            self.limits(&response.limits),
            self.pattern(&response.expected, Form::BareNoun),
            self.same(response.same),
            self.clauses(response),
        )
    }

    fn clauses(&self, response: &Response) -> String {
        let mut said = String::new();
        if let Some(excuse) = &response.unless {
            let excuse = self.pattern(excuse, Form::Clause);
            said.push_str(&format!(" unless {excuse} within that time"));
        }
        for (again, limit) in &response.resets {
            let again = self.pattern(again, Form::Noun);
            said.push_str(&format!(", starting again at {again}"));
            if let Some(limit) = limit {
                said.push_str(&format!(" with {}", self.limit(*limit)));
            }
        }
        if let Some((stops, goes_on)) = &response.pause {
            let stops = self.pattern(stops, Form::Noun);
            let goes_on = self.pattern(goes_on, Form::Noun);
            said.push_str(&format!(", not counting from {stops} until {goes_on}"));
        }
        if response.sharing == Sharing::OneEach {
            said.push_str(", each with its own");
        }
        said
    }

    fn precedence(&self, precedence: &Precedence) -> String {
        let within = match precedence.within {
            Some(limit) => format!("in the {} before", self.limit(limit)),
            None => "at any time before".to_owned(),
        };
        format!(
            "{} needs {}{} {within}",
            self.pattern(&precedence.activation, Form::Noun),
            self.pattern(&precedence.required, Form::Noun),
            self.same(precedence.same),
        )
    }

    fn since(&self, since: &Since) -> String {
        format!(
            "{} needs {}{} since the last {}",
            self.pattern(&since.activation, Form::Noun),
            self.pattern(&since.required, Form::Noun),
            self.same(since.same),
            self.pattern(&since.boundary, Form::BareNoun),
        )
    }

    fn never_while(&self, never_while: &NeverWhile) -> String {
        format!(
            "no {} while {} has no {}{}",
            self.pattern(&never_while.forbidden, Form::BareNoun),
            self.pattern(&never_while.opened, Form::Noun),
            self.pattern(&never_while.closed, Form::BareNoun),
            self.same(never_while.same),
        )
    }

    fn at_most(&self, at_most: &AtMost) -> String {
        let form = if at_most.count == 1 {
            Form::BareNoun
        } else {
            Form::Plural
        };
        let within = match at_most.within {
            Some(limit) => format!(" in {}", self.limit(limit)),
            None => String::new(),
        };
        format!(
            "at most {} {}{within}",
            at_most.count,
            self.pattern(&at_most.counted, form)
        )
    }

    fn not_within(&self, not_within: &NotWithin) -> String {
        format!(
            "after {}, no {}{} within {}",
            self.trigger(&not_within.trigger),
            self.pattern(&not_within.forbidden, Form::BareNoun),
            self.same(not_within.same),
            self.limits(&not_within.limits),
        )
    }

    fn elapsed(&self, elapsed: &Elapsed) -> String {
        let from = match elapsed.trigger.nth {
            None => self.pattern(&elapsed.trigger.pattern, Form::Noun),
            Some(_) => self.trigger(&elapsed.trigger),
        };
        format!(
            "measure from {from} to the next {}{}",
            self.pattern(&elapsed.until, Form::BareNoun),
            self.same(elapsed.same),
        )
    }

    pub(super) fn same(&self, same: Option<AttributeId>) -> String {
        same.map_or_else(String::new, |key| {
            format!(" for the same {}", self.name(key))
        })
    }

    pub(super) fn trigger(&self, trigger: &Trigger) -> String {
        let Some(nth) = trigger.nth else {
            return self.pattern(&trigger.pattern, Form::Clause);
        };
        let pattern = self.pattern(&trigger.pattern, Form::BareNoun);
        let within = match nth.within {
            Some(limit) => format!(" in {}", self.limit(limit)),
            None => String::new(),
        };
        format!("the {} {pattern}{within}", ordinal(nth.count))
    }

    pub(super) fn pattern(&self, pattern: &Pattern, form: Form) -> String {
        let events = pattern.any_of.iter().map(|test| self.event(test, form));
        events.collect::<Vec<_>>().join(" or ")
    }

    fn event(&self, test: &EventTest, form: Form) -> String {
        let activity = self.phrases.vocabulary.activity(test.activity);
        let wanted = match form {
            Form::Clause => 0,
            Form::Noun | Form::BareNoun => 1,
            Form::Plural => 2,
        };
        let last = activity.phrases.len().saturating_sub(1);
        let phrase = activity
            .phrases
            .get(wanted.min(last))
            .unwrap_or(&activity.code);
        let article = match form {
            Form::Clause | Form::Noun if phrase.starts_with(['a', 'e', 'i', 'o', 'u']) => "an ",
            Form::Clause | Form::Noun => "a ",
            Form::BareNoun | Form::Plural => "",
        };
        let conditions = test.conditions.iter().map(|one| self.condition(one));
        let conditions = conditions.collect::<Vec<_>>().join(" and ");
        match conditions.is_empty() {
            true => format!("{article}{phrase}"),
            false => format!("{article}{phrase} with {conditions}"),
        }
    }

    fn condition(&self, condition: &Condition) -> String {
        let name = self.name(condition.attribute);
        match &condition.test {
            Test::Is(values) => format!("{name} {}", self.values(values)),
            Test::IsNot(values) => format!("{name} not {}", self.values(values)),
            Test::AtLeast(least) => format!("{name} at least {least}"),
            Test::AtMost(most) => format!("{name} at most {most}"),
            Test::IsRecorded(true) => format!("{name} recorded"),
            Test::IsRecorded(false) => format!("{name} not recorded"),
            Test::SameAs(other) => format!("{name} the same as {}", self.name(*other)),
            Test::DiffersFrom(other) => format!("{name} different from {}", self.name(*other)),
        }
    }

    pub(super) fn values(&self, values: &[String]) -> String {
        let values = values.iter().map(|value| self.value(value));
        values.collect::<Vec<_>>().join(" or ")
    }

    /// A value in quotation marks, unless it can be taken for nothing else.
    fn value(&self, value: &str) -> String {
        let lower = value.to_lowercase();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let is_name = |name: &str| name.split(' ').any(|word| word == lower);
        let mut attributes = self.phrases.vocabulary.attributes.iter();
        let is_alone = !value.is_empty()
            && value.chars().all(plain)
            && !RESERVED.contains(&lower.as_str())
            && !self.phrases.begins_an_activity(&lower)
            && !attributes.any(|attribute| is_name(&attribute.name));
        match is_alone {
            true => value.to_owned(),
            false => format!("\"{}\"", value.replace('"', "\"\"")),
        }
    }

    pub(super) fn limits(&self, limits: &Limits) -> String {
        match limits {
            Limits::One(limit) => self.limit(*limit),
            Limits::ByValue { attribute, limits } => {
                let name = self.name(*attribute);
                let one = |(values, limit): &(Vec<String>, Limit)| {
                    format!(
                        "{} where {name} is {}",
                        self.limit(*limit),
                        self.values(values)
                    )
                };
                limits.iter().map(one).collect::<Vec<_>>().join(", ")
            }
        }
    }

    pub(super) fn limit(&self, limit: Limit) -> String {
        let beginning = match limit.beginning_with_the_day {
            true => " beginning with the day",
            false => "",
        };
        format!("{}{beginning}", amount(limit))
    }

    /// The attributes whose values a pattern asks for.
    pub(super) fn asked_for(&self, pattern: &Pattern) -> Vec<&str> {
        let mut names = Vec::new();
        for condition in pattern.any_of.iter().flat_map(|test| &test.conditions) {
            let asks = !matches!(condition.test, Test::IsRecorded(_));
            let name = self.name(condition.attribute);
            if asks && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// `1 hour`, `72 hours`
pub(super) fn amount(limit: Limit) -> String {
    let unit = match limit.unit {
        Unit::Minutes => "minute",
        Unit::Hours => "hour",
        Unit::Days => "day",
        Unit::CalendarDays => "calendar day",
        Unit::WorkingDays => "working day",
        Unit::CalendarWeeks => "calendar week",
        Unit::Months => "month",
        Unit::Years => "year",
    };
    let plural = if limit.amount == 1 { "" } else { "s" };
    format!("{} {unit}{plural}", limit.amount)
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`
pub(super) fn ordinal(count: u32) -> String {
    let ending = match (count % 10, count % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{count}{ending}")
}
