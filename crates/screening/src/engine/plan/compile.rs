//! From text's meaning to tables.

use std::collections::HashMap;

use super::condition::{CompiledCondition, CompiledPattern, PatternId};
use super::limit::{LimitId, LimitTable};
use super::rule::{
    AtMostForm, Clock, ElapsedForm, Form, NeverWhileForm, NotWithinForm, NthForm, PrecedenceForm,
    ResponseForm, Rule, SinceForm, TriggerForm,
};
use super::{
    Asking, AttributePlan, Basis, Classes, CompileError, Group, How, Plan, StandardPlan, is_checked,
};
use crate::calendar::Calendar;
use crate::standard::{
    self, Condition, Counting, Key, Library, Limit, Limits, Pattern, Sharing, Standard, Test,
    Trigger,
};
use crate::vocabulary::AttributeId;

/// As many of anything as are numbered; above are the marks.
const MOST: usize = u16::MAX as usize - 2;

pub(super) fn plan(library: &Library, basis: &Basis) -> Result<Plan, CompileError> {
    let as_of = basis
        .calendar
        .end_of(basis.as_of)
        .map_err(|fault| CompileError::AsOf {
            day: basis.as_of,
            fault,
        })?;
    check_sizes(library)?;
    let nation = basis.nation.as_deref();
    let checked: Vec<(u16, &Standard)> = (0..)
        .zip(&library.standards)
        .filter(|(_, standard)| is_checked(standard, nation))
        .collect();
    let attributes = ask(library, &checked, basis)?;
    let (groups, patterns, limits) = rules(library, &checked, basis, &attributes)?;
    Ok(Plan {
        title: library.title.clone(),
        version: library.version.clone(),
        codes: codes(library),
        activities: library
            .vocabulary
            .activities
            .iter()
            .map(|activity| activity.code.clone())
            .collect(),
        standards: standards(library, nation),
        breakdowns: basis.breakdowns.iter().map(|by| by.attribute).collect(),
        as_of,
        fingerprint: fingerprint(library, basis),
        months: super::months(&basis.calendar),
        calendar: basis.calendar.clone(),
        attributes,
        patterns,
        limits,
        groups,
    })
}

/// The rules by their keys, those of cases first, and the patterns and limits that they share.
type Rules = (Vec<Group>, Vec<CompiledPattern>, Vec<LimitTable>);

fn rules(
    library: &Library,
    checked: &[(u16, &Standard)],
    basis: &Basis,
    attributes: &[AttributePlan],
) -> Result<Rules, CompileError> {
    let activities = library.vocabulary.activities.len();
    let mut compiler = Compiler {
        calendar: &basis.calendar,
        attributes,
        activities,
        patterns: Vec::new(),
        limits: Vec::new(),
        standard: "",
    };
    let mut keyed: Vec<(Key, Vec<Rule>)> = vec![(Key::Case, Vec::new())];
    for (place, standard) in checked {
        let rule = compiler.rule(*place, standard)?;
        match keyed.iter_mut().find(|(key, _)| *key == standard.key) {
            Some((_, rules)) => rules.push(rule),
            None => keyed.push((standard.key, vec![rule])),
        }
    }
    let Compiler {
        patterns, limits, ..
    } = compiler;
    let groups = keyed
        .into_iter()
        .map(|(key, rules)| {
            let mut group = group(key, rules, &patterns, &limits, activities);
            ask_columns(&mut group, library, basis);
            group
        })
        .collect();
    Ok((groups, patterns, limits))
}

fn check_sizes(library: &Library) -> Result<(), CompileError> {
    let sizes = [
        ("activities", library.vocabulary.activities.len()),
        ("attributes", library.vocabulary.attributes.len()),
        ("standards", library.standards.len()),
    ];
    match sizes.into_iter().find(|(_, size)| *size > MOST) {
        Some((what, _)) => Err(CompileError::TooMany { what, most: MOST }),
        None => Ok(()),
    }
}

fn codes(library: &Library) -> HashMap<Vec<u8>, Option<u16>> {
    let ignored = library.vocabulary.ignored.iter().map(|code| (code, None));
    let known = library.vocabulary.activities.iter().zip(0..);
    ignored
        .chain(known.map(|(activity, place)| (&activity.code, Some(place))))
        .map(|(code, place)| (code.as_bytes().to_vec(), place))
        .collect()
}

fn standards(library: &Library, nation: Option<&str>) -> Vec<StandardPlan> {
    library
        .standards
        .iter()
        .map(|standard| StandardPlan {
            id: standard.id.clone(),
            counts: standard.counts,
            checked: is_checked(standard, nation),
            measures: matches!(standard.rule, standard::Rule::Elapsed(_)),
        })
        .collect()
}

/// Notes which columns the rules of a group need.
fn ask_columns(group: &mut Group, library: &Library, basis: &Basis) {
    for rule in &group.rules {
        for (id, question) in questions(&library.standards[usize::from(rule.standard)]) {
            match question {
                Question::Hash => group.hashes.push(usize::from(id.0)),
                _ => group.classes.push(usize::from(id.0)),
            }
        }
    }
    let breakdowns = basis
        .breakdowns
        .iter()
        .map(|by| usize::from(by.attribute.0));
    group.classes.extend(breakdowns);
    for columns in [&mut group.classes, &mut group.hashes] {
        columns.sort_unstable();
        columns.dedup();
    }
}

fn fingerprint(library: &Library, basis: &Basis) -> u128 {
    let text = format!(
        "{library:?} {} {:?} {:?}",
        basis.as_of, basis.nation, basis.breakdowns
    );
    Plan::hash_of(text.as_bytes())
}

fn group(
    key: Key,
    rules: Vec<Rule>,
    patterns: &[CompiledPattern],
    limits: &[LimitTable],
    activities: usize,
) -> Group {
    let is_countable = |id: LimitId| limits[usize::from(id.0)].length.is_some();
    let mut activating = vec![false; activities + 1];
    let mut asked: Vec<PatternId> = Vec::new();
    for rule in &rules {
        for (activity, _) in &patterns[usize::from(rule.form.activation().0)].activities {
            activating[usize::from(*activity)] = true;
        }
        asked.extend(&rule.patterns);
    }
    asked.sort_unstable();
    asked.dedup();
    Group {
        key,
        least: rules
            .iter()
            .map(|rule| rule.form.least(is_countable))
            .min()
            .unwrap_or(1),
        rules,
        asking: asking(&asked, patterns, activities),
        activating,
        classes: Vec::new(),
        hashes: Vec::new(),
    }
}

/// For each activity and at the end for unknown ones, which of these patterns an event may be of.
fn asking(
    asked: &[PatternId],
    patterns: &[CompiledPattern],
    activities: usize,
) -> Vec<Vec<Asking>> {
    let mut asking: Vec<Vec<Asking>> = (0..=activities).map(|_| Vec::new()).collect();
    for id in asked {
        let pattern = &patterns[usize::from(id.0)];
        let mut ask = |slot: usize, how| asking[slot].push(Asking { pattern: *id, how });
        for (activity, ways) in &pattern.activities {
            let how = match ways.is_empty() {
                true => How::Surely,
                false => How::If(ways.clone()),
            };
            ask(usize::from(*activity), how);
        }
        if pattern.awaited {
            ask(activities, How::Perhaps);
        }
    }
    asking
}

/// What the standards ask of each attribute.
#[derive(Clone, Default)]
struct Asked {
    classes: bool,
    named: Vec<String>,
    thresholds: Vec<f64>,
    hashed: bool,
}

fn ask(
    library: &Library,
    checked: &[(u16, &Standard)],
    basis: &Basis,
) -> Result<Vec<AttributePlan>, CompileError> {
    let mut asked = vec![Asked::default(); library.vocabulary.attributes.len()];
    for (_, standard) in checked {
        let missing = |id: AttributeId| CompileError::NotInVocabulary {
            standard: standard.id.clone(),
            place: id.0,
        };
        for (id, question) in questions(standard) {
            let slot = asked
                .get_mut(usize::from(id.0))
                .ok_or_else(|| missing(id))?;
            question.put_to(slot);
        }
    }
    for breakdown in &basis.breakdowns {
        let place = breakdown.attribute.0;
        let slot = asked
            .get_mut(usize::from(place))
            .ok_or(CompileError::UnknownBreakdown { place })?;
        slot.classes = true;
        slot.named.extend(breakdown.values.iter().cloned());
    }
    asked.into_iter().map(attribute_plan).collect()
}

fn attribute_plan(asked: Asked) -> Result<AttributePlan, CompileError> {
    let classes = asked
        .classes
        .then(|| Classes::new(asked.named, asked.thresholds));
    if classes.as_ref().is_some_and(|c| c.count() > MOST) {
        return Err(CompileError::TooMany {
            what: "values of an attribute",
            most: MOST,
        });
    }
    Ok(AttributePlan {
        classes,
        hashed: asked.hashed,
    })
}

/// What a standard wants to know of an attribute.
enum Question<'a> {
    Named(&'a [String]),
    Threshold(f64),
    Recorded,
    Hash,
}

impl Question<'_> {
    fn put_to(self, slot: &mut Asked) {
        match self {
            Question::Hash => slot.hashed = true,
            Question::Recorded => slot.classes = true,
            Question::Named(values) => {
                slot.classes = true;
                slot.named.extend(values.iter().cloned());
            }
            Question::Threshold(threshold) => {
                slot.classes = true;
                slot.thresholds.push(threshold);
            }
        }
    }
}

fn questions(standard: &Standard) -> Vec<(AttributeId, Question<'_>)> {
    let mut questions = Vec::new();
    let (patterns, same, limits) = parts(&standard.rule);
    for condition in patterns
        .iter()
        .flat_map(|pattern| &pattern.any_of)
        .flat_map(|test| &test.conditions)
    {
        questions.extend(asked_by(condition));
    }
    if let Some(Limits::ByValue { attribute, limits }) = limits {
        questions.extend(limits.iter().map(|(v, _)| (*attribute, Question::Named(v))));
    }
    let key = match standard.key {
        Key::Case => None,
        Key::Attribute(key) => Some(key),
    };
    let counted = match standard.counts {
        Counting::Each(key) => Some(key),
        Counting::EachActivation | Counting::EachCase => None,
    };
    let keys = [same, key, counted].into_iter().flatten();
    questions.extend(keys.map(|key| (key, Question::Hash)));
    questions
}

fn asked_by(condition: &Condition) -> Vec<(AttributeId, Question<'_>)> {
    let id = condition.attribute;
    match &condition.test {
        Test::Is(values) | Test::IsNot(values) => vec![(id, Question::Named(values))],
        Test::AtLeast(threshold) | Test::AtMost(threshold) => {
            vec![(id, Question::Threshold(*threshold))]
        }
        Test::IsRecorded(_) => vec![(id, Question::Recorded)],
        Test::SameAs(other) | Test::DiffersFrom(other) => {
            vec![(id, Question::Hash), (*other, Question::Hash)]
        }
    }
}

/// The patterns of a rule, the key that its events must have in common, and its limits.
fn parts(rule: &standard::Rule) -> (Vec<&Pattern>, Option<AttributeId>, Option<&Limits>) {
    use standard::Rule;
    match rule {
        Rule::Response(rule) => {
            let mut patterns = vec![&rule.trigger.pattern, &rule.expected];
            patterns.extend(&rule.unless);
            patterns.extend(rule.resets.iter().map(|(pattern, _)| pattern));
            patterns.extend(rule.pause.iter().flat_map(|(stop, go)| [stop, go]));
            (patterns, rule.same, Some(&rule.limits))
        }
        Rule::Precedence(rule) => (vec![&rule.activation, &rule.required], rule.same, None),
        Rule::Since(rule) => {
            let patterns = vec![&rule.activation, &rule.required, &rule.boundary];
            (patterns, rule.same, None)
        }
        Rule::NeverWhile(rule) => {
            let patterns = vec![&rule.forbidden, &rule.opened, &rule.closed];
            (patterns, rule.same, None)
        }
        Rule::AtMost(rule) => (vec![&rule.counted], None, None),
        Rule::NotWithin(rule) => {
            let patterns = vec![&rule.trigger.pattern, &rule.forbidden];
            (patterns, rule.same, Some(&rule.limits))
        }
        Rule::Elapsed(rule) => (vec![&rule.trigger.pattern, &rule.until], rule.same, None),
    }
}

/// Compiles rules; the same pattern or limit is kept once.
struct Compiler<'a> {
    calendar: &'a Calendar,
    attributes: &'a [AttributePlan],
    activities: usize,
    patterns: Vec<CompiledPattern>,
    limits: Vec<LimitTable>,
    standard: &'a str,
}

impl<'a> Compiler<'a> {
    fn rule(&mut self, place: u16, standard: &'a Standard) -> Result<Rule, CompileError> {
        self.standard = &standard.id;
        let day = |date| {
            self.calendar
                .day(date)
                .map_err(|fault| CompileError::AsOf { day: date, fault })
        };
        let from = standard.in_force_from.map(day).transpose()?;
        let to = standard.in_force_to.map(day).transpose()?;
        let form = self.form(&standard.rule)?;
        Ok(Rule {
            standard: place,
            in_force: (
                from.map_or(i64::MIN, |day| day.earliest),
                to.map_or(i64::MAX, |day| day.latest),
            ),
            patterns: form.patterns(),
            form,
        })
    }

    fn form(&mut self, rule: &standard::Rule) -> Result<Form, CompileError> {
        use standard::Rule;
        Ok(match rule {
            Rule::Response(rule) => Form::Response(self.response(rule)?),
            Rule::Precedence(rule) => Form::Precedence(PrecedenceForm {
                activation: self.pattern(&rule.activation, false)?,
                required: self.pattern(&rule.required, true)?,
                same: place(rule.same),
                within: self.maybe_limit(rule.within)?,
            }),
            Rule::Since(rule) => Form::Since(SinceForm {
                activation: self.pattern(&rule.activation, false)?,
                required: self.pattern(&rule.required, true)?,
                boundary: self.pattern(&rule.boundary, false)?,
                same: place(rule.same),
            }),
            Rule::NeverWhile(rule) => Form::NeverWhile(NeverWhileForm {
                forbidden: self.pattern(&rule.forbidden, false)?,
                opened: self.pattern(&rule.opened, false)?,
                closed: self.pattern(&rule.closed, true)?,
                same: place(rule.same),
            }),
            Rule::AtMost(rule) => Form::AtMost(AtMostForm {
                count: rule.count,
                counted: self.pattern(&rule.counted, false)?,
                within: self.maybe_limit(rule.within)?,
            }),
            Rule::NotWithin(rule) => Form::NotWithin(NotWithinForm {
                trigger: self.trigger(&rule.trigger)?,
                forbidden: self.pattern(&rule.forbidden, false)?,
                same: place(rule.same),
                clock: self.clock(&rule.limits)?,
            }),
            Rule::Elapsed(rule) => Form::Elapsed(ElapsedForm {
                trigger: self.trigger(&rule.trigger)?,
                until: self.pattern(&rule.until, true)?,
                same: place(rule.same),
            }),
        })
    }

    fn response(&mut self, rule: &standard::Response) -> Result<ResponseForm, CompileError> {
        let pause = match &rule.pause {
            Some((stop, go)) => {
                self.check_pause(rule)?;
                Some((self.pattern(stop, false)?, self.pattern(go, false)?))
            }
            None => None,
        };
        let mut resets = Vec::with_capacity(rule.resets.len());
        for (pattern, limit) in &rule.resets {
            resets.push((self.pattern(pattern, false)?, self.maybe_limit(*limit)?));
        }
        let unless = match &rule.unless {
            Some(unless) => Some(self.pattern(unless, false)?),
            None => None,
        };
        Ok(ResponseForm {
            trigger: self.trigger(&rule.trigger)?,
            expected: self.pattern(&rule.expected, true)?,
            same: place(rule.same),
            from_first: rule.from_first,
            or_at_once: rule.or_at_once,
            clock: self.clock(&rule.limits)?,
            unless,
            resets,
            pause,
            one_each: rule.sharing == Sharing::OneEach,
        })
    }

    fn check_pause(&self, rule: &standard::Response) -> Result<(), CompileError> {
        let own: Vec<Limit> = match &rule.limits {
            Limits::One(limit) => vec![*limit],
            Limits::ByValue { limits, .. } => limits.iter().map(|(_, limit)| *limit).collect(),
        };
        let resets = rule.resets.iter().filter_map(|(_, limit)| *limit);
        if own.into_iter().chain(resets).all(|l| l.unit.is_elapsed()) {
            Ok(())
        } else {
            Err(CompileError::PauseInDays {
                standard: self.standard.to_owned(),
            })
        }
    }

    fn trigger(&mut self, trigger: &Trigger) -> Result<TriggerForm, CompileError> {
        let nth = match &trigger.nth {
            Some(nth) => Some(NthForm {
                count: nth.count,
                within: self.maybe_limit(nth.within)?,
            }),
            None => None,
        };
        Ok(TriggerForm {
            pattern: self.pattern(&trigger.pattern, false)?,
            nth,
        })
    }

    fn clock(&mut self, limits: &Limits) -> Result<Clock, CompileError> {
        let (attribute, limits) = match limits {
            Limits::One(limit) => return Ok(Clock::One(self.limit(*limit)?)),
            Limits::ByValue { attribute, limits } => (*attribute, limits),
        };
        let classes = self.classes(attribute)?;
        let mut by_class = vec![None; classes.count()];
        for (values, limit) in limits {
            let id = self.limit(*limit)?;
            for value in values {
                let class = classes.class_of(value.as_bytes());
                by_class[usize::from(class)].get_or_insert(id);
            }
        }
        Ok(Clock::ByClass {
            attribute: usize::from(attribute.0),
            limits: by_class.into(),
        })
    }

    fn classes(&self, attribute: AttributeId) -> Result<&'a Classes, CompileError> {
        self.attributes
            .get(usize::from(attribute.0))
            .and_then(|plan| plan.classes.as_ref())
            .ok_or_else(|| self.not_in_vocabulary(attribute.0))
    }

    fn not_in_vocabulary(&self, place: u16) -> CompileError {
        CompileError::NotInVocabulary {
            standard: self.standard.to_owned(),
            place,
        }
    }

    fn maybe_limit(&mut self, limit: Option<Limit>) -> Result<Option<LimitId>, CompileError> {
        limit.map(|limit| self.limit(limit)).transpose()
    }

    fn limit(&mut self, limit: Limit) -> Result<LimitId, CompileError> {
        let place = self.limits.iter().position(|known| known.limit == limit);
        let place = place.unwrap_or_else(|| {
            self.limits.push(LimitTable::new(limit, self.calendar));
            self.limits.len() - 1
        });
        number(place, "limits").map(LimitId)
    }

    fn pattern(&mut self, pattern: &Pattern, awaited: bool) -> Result<PatternId, CompileError> {
        let mut activities: Vec<(u16, Vec<Vec<CompiledCondition>>)> = Vec::new();
        for test in &pattern.any_of {
            let activity = test.activity.0;
            if usize::from(activity) >= self.activities {
                return Err(self.not_in_vocabulary(activity));
            }
            let conditions = test
                .conditions
                .iter()
                .map(|condition| self.condition(condition))
                .collect::<Result<Vec<_>, _>>()?;
            match activities.iter_mut().find(|(known, _)| *known == activity) {
                Some((_, ways)) => ways.push(conditions),
                None => activities.push((activity, vec![conditions])),
            }
        }
        for (_, ways) in &mut activities {
            if ways.iter().any(Vec::is_empty) {
                *ways = Vec::new();
            }
        }
        let compiled = CompiledPattern {
            activities,
            awaited,
        };
        let place = self.patterns.iter().position(|known| *known == compiled);
        let place = place.unwrap_or_else(|| {
            self.patterns.push(compiled);
            self.patterns.len() - 1
        });
        number(place, "patterns").map(PatternId)
    }

    fn condition(&self, condition: &Condition) -> Result<CompiledCondition, CompileError> {
        let attribute = usize::from(condition.attribute.0);
        Ok(match &condition.test {
            Test::SameAs(other) | Test::DiffersFrom(other) => CompiledCondition::Compare {
                left: attribute,
                right: usize::from(other.0),
                same: matches!(condition.test, Test::SameAs(_)),
            },
            test => CompiledCondition::Class {
                attribute,
                table: self
                    .classes(condition.attribute)?
                    .table(test)
                    .unwrap_or_default(),
            },
        })
    }
}

fn place(attribute: Option<AttributeId>) -> Option<usize> {
    attribute.map(|attribute| usize::from(attribute.0))
}

fn number(place: usize, what: &'static str) -> Result<u16, CompileError> {
    u16::try_from(place).map_err(|_| CompileError::TooMany { what, most: MOST })
}
