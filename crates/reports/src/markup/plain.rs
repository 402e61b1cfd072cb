//! Text that is shown as it stands, in reports and elsewhere: findings, recommendations.

use super::passage::{Passage, split};
use super::token::{Kind, tokens};
use super::{MarkupFault, number};

/// Checks a text that is shown as it stands and so cannot refer to figures: none may be typed in
/// it either. The rule for what is a figure is that of the inspectors' paragraphs; a number that
/// counts no cases, such as "56 days" or "section 47", may be typed.
///
/// # Errors
/// Every typed figure, and every brace, which would be shown as a brace.
pub fn check_plain(text: &str) -> Result<(), Vec<MarkupFault>> {
    let faults: Vec<MarkupFault> = split(text).iter().flat_map(check_passage).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

fn check_passage(passage: &Passage) -> Vec<MarkupFault> {
    let tokens = tokens(&passage.letters, 0, passage.letters.len());
    let mut faults = number::figures_typed(passage, &tokens);
    let braces = tokens
        .iter()
        .filter(|token| token.kind == Kind::Sign && token.is(&["{", "}"]));
    faults.extend(braces.map(|brace| {
        passage.fault(
            brace.at,
            "a brace refers to no figure here",
            "This text is shown as it stands: say it without the figure",
        )
    }));
    faults
}

#[cfg(test)]
mod tests {
    use super::check_plain;

    #[test]
    fn figures_of_cases_cannot_be_typed() {
        for text in [
            "In 74 % of cases no visit was made.",
            "Visits were late in 278 of 374 cases.",
            "Fourteen children were not seen.",
            "A third of the files had no plan.",
            "No supervisor looked at 14 cases.",
            "Late in {below-good} of them.",
        ] {
            assert!(check_plain(text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_numbers_stand_as_they_are() {
        for text in [
            "Within 56 days, the force must train every supervisor.",
            "Hold strategy discussions under section 47 of the Children Act 1989.",
            "Since 2 March 2016 the unit has had 3 sergeants.",
            "Answer within 24 hours, and review after six months.",
        ] {
            assert_eq!(check_plain(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn fault_says_where() {
        let faults = check_plain("First line.\nThen 74 % of cases.").expect_err("typed");
        assert_eq!((faults[0].line, faults[0].column), (2, 6));
    }
}
