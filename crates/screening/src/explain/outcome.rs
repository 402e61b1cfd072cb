//! When a standard applies, when its clock runs, and when each verdict is given.

use super::sentence::{Form, Speaker, amount, ordinal};
use crate::standard::{
    AtMost, Elapsed, Limit, Limits, NeverWhile, NotWithin, Pattern, Precedence, Response, Rule,
    Sharing, Since, Trigger, Unit,
};

/// What is to be said of a rule.
pub(super) struct Outcomes {
    /// Without its full stop.
    pub applies: String,
    pub clock: Option<String>,
    pub met: String,
    pub excused: Option<String>,
    pub missed: Option<String>,
    pub pending: Option<String>,
    pub cannot_tell: String,
}

const DOUBT: &str = "When the answer hangs on a value that is not recorded, on the order of events on a day of which only the date is recorded, or on a row whose time or activity is faulty";

impl Outcomes {
    pub(super) fn of(say: &Speaker<'_>, rule: &Rule) -> Outcomes {
        match rule {
            Rule::Response(response) => of_response(say, response),
            Rule::Precedence(precedence) => of_precedence(say, precedence),
            Rule::Since(since) => of_since(say, since),
            Rule::NeverWhile(never_while) => of_never_while(say, never_while),
            Rule::AtMost(at_most) => of_at_most(say, at_most),
            Rule::NotWithin(not_within) => of_not_within(say, not_within),
            Rule::Elapsed(elapsed) => of_elapsed(say, elapsed),
        }
    }
}

fn of_response(say: &Speaker<'_>, response: &Response) -> Outcomes {
    let expected = say.pattern(&response.expected, Form::Noun);
    let same = say.same(response.same);
    let after = match (response.from_first, response.or_at_once) {
        (true, _) => "after the first of them",
        (false, true) => "at the same instant or after it",
        (false, false) => "after it",
    };
    let own = match response.sharing {
        Sharing::OneForAll => "",
        Sharing::OneEach => " One event answers one only, the earliest first.",
    };
    let excused = response.unless.as_ref().map(|excuse| {
        let excuse = say.pattern(excuse, Form::Clause);
        format!("When {excuse} {after} and by the deadline, and none of what is expected has come by then.")
    });
    Outcomes {
        applies: each_time(say, &response.trigger),
        clock: Some(clock(say, &response.limits) + &moved(say, response)),
        met: format!("When there is {expected}{same} {after} and by the deadline.{own}"),
        excused,
        missed: Some(
            "When the deadline has passed and there was none: late if one comes afterwards, never if none does.".to_owned(),
        ),
        pending: Some(
            "While there is none and the deadline has not passed by the end of the as-of day."
                .to_owned(),
        ),
        cannot_tell: format!("{DOUBT}, once the deadline has passed."),
    }
}

fn of_precedence(say: &Speaker<'_>, precedence: &Precedence) -> Outcomes {
    let required = say.pattern(&precedence.required, Form::Noun);
    let same = say.same(precedence.same);
    let clock = precedence.within.map(backwards);
    let within = match clock {
        Some(_) => "in that time",
        None => "at any time",
    };
    Outcomes {
        applies: each(say, &precedence.activation),
        clock,
        met: format!(
            "When there was {required}{same} {within} before it; at the same instant is not before."
        ),
        excused: None,
        missed: Some("When there was none.".to_owned()),
        pending: None,
        cannot_tell: format!("{DOUBT}."),
    }
}

fn of_since(say: &Speaker<'_>, since: &Since) -> Outcomes {
    let required = say.pattern(&since.required, Form::Noun);
    let boundary = say.pattern(&since.boundary, Form::BareNoun);
    let same = say.same(since.same);
    Outcomes {
        applies: each(say, &since.activation),
        clock: None,
        met: format!(
            "When there was {required}{same} before it and after the last {boundary} before it; where there was no {boundary} before it, any earlier one will do."
        ),
        excused: None,
        missed: Some(format!("When there was none since the last {boundary}.")),
        pending: None,
        cannot_tell: format!("{DOUBT}."),
    }
}

fn of_never_while(say: &Speaker<'_>, never_while: &NeverWhile) -> Outcomes {
    let opened = say.pattern(&never_while.opened, Form::BareNoun);
    let closed = say.pattern(&never_while.closed, Form::Noun);
    let same = say.same(never_while.same);
    Outcomes {
        applies: each(say, &never_while.forbidden),
        clock: None,
        met: format!(
            "When every {opened} before it was followed by {closed}{same}, before it too; also when there was none."
        ),
        excused: None,
        missed: Some(format!(
            "When there was one that was not (unmatched): the {opened} is shown."
        )),
        pending: None,
        cannot_tell: format!("{DOUBT}."),
    }
}

fn of_at_most(say: &Speaker<'_>, at_most: &AtMost) -> Outcomes {
    let period = match at_most.within {
        None => " of the whole timeline so far".to_owned(),
        Some(limit) => format!(" of {} up to and including it", period(limit)),
    };
    let number = at_most.count;
    Outcomes {
        applies: each(say, &at_most.counted),
        clock: None,
        met: format!("When it is at most number {number}{period}."),
        excused: None,
        missed: Some(format!(
            "When it is number {} or higher (too many).",
            u64::from(number) + 1
        )),
        pending: None,
        cannot_tell: format!("{DOUBT}."),
    }
}

fn of_not_within(say: &Speaker<'_>, not_within: &NotWithin) -> Outcomes {
    let forbidden = say.pattern(&not_within.forbidden, Form::Noun);
    let same = say.same(not_within.same);
    Outcomes {
        applies: each_time(say, &not_within.trigger),
        clock: Some(clock(say, &not_within.limits)),
        met: "When that time has passed without one.".to_owned(),
        excused: None,
        missed: Some(format!(
            "When there is {forbidden}{same} after it and within that time (forbidden)."
        )),
        pending: Some(
            "While there is none and that time has not passed by the end of the as-of day."
                .to_owned(),
        ),
        cannot_tell: format!("{DOUBT}, once that time has passed."),
    }
}

fn of_elapsed(say: &Speaker<'_>, elapsed: &Elapsed) -> Outcomes {
    let until = say.pattern(&elapsed.until, Form::Noun);
    let same = say.same(elapsed.same);
    Outcomes {
        applies: each_time(say, &elapsed.trigger),
        clock: Some("No limit: the time that it takes is measured.".to_owned()),
        met: format!(
            "When there is {until}{same} after it; the time to the first is what is measured."
        ),
        excused: None,
        missed: None,
        pending: Some("While there is none.".to_owned()),
        cannot_tell: format!("{DOUBT}."),
    }
}

fn each_time(say: &Speaker<'_>, trigger: &Trigger) -> String {
    let Some(nth) = trigger.nth else {
        return format!(
            "Each time that {}",
            say.pattern(&trigger.pattern, Form::Clause)
        );
    };
    let period = match nth.within {
        Some(limit) => format!(" in {} up to and including it", period(limit)),
        None => String::new(),
    };
    let what = say.pattern(&trigger.pattern, Form::BareNoun);
    format!(
        "Each {what} that is at least the {}{period}",
        ordinal(nth.count)
    )
}

fn each(say: &Speaker<'_>, pattern: &Pattern) -> String {
    format!("Each {}", say.pattern(pattern, Form::BareNoun))
}

/// `the 90 days (each of 24 hours)`
fn period(limit: Limit) -> String {
    match limit.unit {
        Unit::Minutes | Unit::Hours => format!("the {}", amount(limit)),
        Unit::Days => format!("the {} (each of 24 hours)", amount(limit)),
        _ => format!("the {} (by the calendar)", amount(limit)),
    }
}

fn clock(say: &Speaker<'_>, limits: &Limits) -> String {
    match limits {
        Limits::One(limit) => forwards(*limit),
        Limits::ByValue { attribute, limits } => {
            let name = say.name(*attribute);
            let mut said = String::new();
            for (values, limit) in limits {
                said.push_str(&format!(
                    "Where {name} is {}: {} ",
                    say.values(values),
                    forwards(*limit)
                ));
            }
            format!(
                "{said}With another {name} the standard does not apply; where it is not recorded, it cannot be told."
            )
        }
    }
}

fn forwards(limit: Limit) -> String {
    let amount = amount(limit);
    let nth = ordinal(limit.amount);
    if limit.beginning_with_the_day {
        return format!(
            "{amount}, of which the day on which it happens is the first, to the end of the last day."
        );
    }
    match limit.unit {
        Unit::Minutes | Unit::Hours => {
            format!(
                "{amount} of elapsed time from that instant, through weekends and changes of the clocks."
            )
        }
        Unit::Days => format!(
            "{amount} of 24 hours each from that instant, through weekends and changes of the clocks."
        ),
        Unit::CalendarDays => {
            format!("To the end of the {nth} calendar day after the day on which it happens.")
        }
        Unit::WorkingDays => format!(
            "To the end of the {nth} working day after the day on which it happens; weekends and bank holidays do not count."
        ),
        Unit::CalendarWeeks => format!("{amount}, to the end of the same day of the week."),
        Unit::Months | Unit::Years => format!(
            "{amount}, to the end of the day of the same number, or of the month's last day where there is no such day."
        ),
    }
}

fn backwards(limit: Limit) -> String {
    let amount = amount(limit);
    match limit.unit {
        Unit::Minutes | Unit::Hours => format!("{amount} of elapsed time back from it."),
        Unit::Days => format!("{amount} of 24 hours each back from it."),
        _ => format!(
            "{amount} back from the day on which it happens, from the beginning of the first day."
        ),
    }
}

fn moved(say: &Speaker<'_>, response: &Response) -> String {
    let mut said = String::new();
    for (again, limit) in &response.resets {
        let again = say.pattern(again, Form::Noun);
        let with = match limit {
            Some(limit) => format!(", with {} from there", amount(*limit)),
            None => String::new(),
        };
        said.push_str(&format!(
            " It starts again at {again} that comes by the deadline{with}."
        ));
    }
    if let Some((stops, goes_on)) = &response.pause {
        let stops = say.pattern(stops, Form::Noun);
        let goes_on = say.pattern(goes_on, Form::BareNoun);
        said.push_str(&format!(
            " It stands still from {stops} until the next {goes_on}."
        ));
    }
    said
}
