//! What files say, held against what follows.

use std::collections::BTreeSet;

use super::difference::Difference;
use super::known::{Known, Line};
use super::{FileProof, GivenFile, Grounds, Proof};
use crate::block::Block;
use crate::definition::{self, verdicts};
use crate::engine::{Evidence, Finding};
use crate::event::When;
use crate::read::GivenVerdict;
use crate::standard::Key;
use crate::verdict::Verdict;
use crate::write::VerdictRow;

/// Where verdicts are proved, case by case.
pub(super) struct Court<'g> {
    pub grounds: Grounds<'g>,
    given: &'g [GivenFile],
    proofs: Vec<FileProof>,
    /// The chosen cases of the log.
    pub tried: BTreeSet<String>,
    /// What occurs anywhere in the log.
    pub occurring: BTreeSet<u16>,
}

/// What follows for a case, and the timelines that it follows from. In each of these the case has a
/// number.
#[derive(Default)]
pub(super) struct Trial<'t> {
    pub follows: Vec<Finding>,
    pub lines: Vec<(u32, &'t Line)>,
}

impl<'g> Court<'g> {
    pub fn new(grounds: Grounds<'g>, given: &'g [GivenFile]) -> Self {
        let proof = |file: &GivenFile| FileProof {
            name: file.name.clone(),
            ..FileProof::default()
        };
        Self {
            grounds,
            given,
            proofs: given.iter().map(proof).collect(),
            tried: BTreeSet::new(),
            occurring: BTreeSet::new(),
        }
    }

    /// Proves what hangs on the events of a case alone.
    pub fn prove_case(&mut self, reference: &str, line: &Line) {
        let Grounds {
            library, calendar, ..
        } = self.grounds;
        let found = verdicts(library, calendar, self.as_of(), &line.alone());
        let trial = Trial {
            follows: found.iter().map(|verdict| line.finding(verdict)).collect(),
            lines: vec![(0, line)],
        };
        self.tried.insert(reference.to_owned());
        self.hold(reference, &trial, |standard| standard == Key::Case);
    }

    /// Proves what hangs on events of other cases too.
    pub fn prove_across(&mut self, reference: &str, trial: &Trial) {
        self.hold(reference, trial, |standard| standard != Key::Case);
    }

    /// Holds what every file says of a case against what follows.
    fn hold(&mut self, reference: &str, trial: &Trial, is_meant: impl Fn(Key) -> bool) {
        for place in 0..self.given.len() {
            let of_case = self.given[place].verdicts.get(reference);
            let said: Vec<&GivenVerdict> = (of_case.into_iter().flatten())
                .filter(|said| is_meant(self.key(said)))
                .collect();
            let (proved, differences) = self.compare(reference, said, trial);
            self.proofs[place].proved += proved;
            self.proofs[place].differences.extend(differences);
        }
    }

    fn compare(
        &self,
        reference: &str,
        said: Vec<&GivenVerdict>,
        trial: &Trial,
    ) -> (u64, Vec<Difference>) {
        let mut follows = trial.follows.clone();
        let mut untrue = Vec::new();
        let mut proved = 0;
        for one in said {
            let is_same = |finding: &Finding| self.is_same(one, finding);
            match follows.iter().position(is_same) {
                Some(place) => {
                    follows.swap_remove(place);
                    proved += 1;
                }
                None => untrue.push(one),
            }
        }
        let mut differences = Vec::new();
        for one in untrue {
            let finding = &one.finding;
            let is_of_it = |other: &Finding| {
                (other.standard, other.activating) == (finding.standard, finding.activating)
            };
            let place = follows.iter().position(is_of_it);
            let instead = place.map(|place| follows.swap_remove(place));
            let reason = self.refute(finding, instead.as_ref(), trial);
            differences.push(self.difference(reference, Some(one), instead.as_ref(), reason));
        }
        let wanting = follows.iter();
        differences
            .extend(wanting.map(|finding| self.difference(reference, None, Some(finding), None)));
        (proved, differences)
    }

    /// Whether a file says what follows, as far as it can: it has no time that may be any.
    fn is_same(&self, said: &GivenVerdict, follows: &Finding) -> bool {
        as_written(&said.finding) == as_written(follows)
            && said.margin_seconds == self.margin(follows)
    }

    fn margin(&self, finding: &Finding) -> Option<i64> {
        VerdictRow::of(self.grounds.plan, "", finding).margin_seconds
    }

    fn difference(
        &self,
        case: &str,
        said: Option<&GivenVerdict>,
        follows: Option<&Finding>,
        reason: Option<String>,
    ) -> Difference {
        let standard = said.map(|said| &said.finding).or(follows);
        let standards = &self.grounds.library.standards;
        let standard = standard.map_or(0, |finding| usize::from(finding.standard));
        Difference {
            case: case.to_owned(),
            standard: standards[standard].id.clone(),
            said: said.map(|said| self.grounds.words(&said.finding, said.margin_seconds)),
            follows: follows.map(|finding| self.grounds.words(finding, self.margin(finding))),
            reason,
        }
    }

    /// Why a verdict does not hold, in the definition's words.
    fn refute(&self, said: &Finding, instead: Option<&Finding>, trial: &Trial) -> Option<String> {
        let has = |sought: &Evidence, of_case: bool| {
            let find = |(case, line): &(u32, &Line)| {
                line.find(sought, of_case.then_some(*case)).map(|_| ())
            };
            trial.lines.iter().find_map(find).is_some()
        };
        if !has(&said.activating, true) {
            let event = self.grounds.event(&said.activating);
            return Some(format!("the case has no {event}"));
        }
        if let Some(deciding) = said.deciding.filter(|deciding| !has(deciding, false)) {
            let event = self.grounds.event(&deciding);
            return Some(format!("there is no {event}"));
        }
        let Grounds {
            library, calendar, ..
        } = self.grounds;
        let mut reasons = trial.lines.iter().filter_map(|(case, line)| {
            let claimed = Verdict {
                standard: said.standard,
                activating: line.find(&said.activating, Some(*case))?,
                outcome: said.outcome,
                deciding: match &said.deciding {
                    Some(deciding) => Some(line.find(deciding, None)?),
                    None => None,
                },
                due: said.due,
            };
            definition::prove(library, calendar, self.as_of(), &line.alone(), &claimed).err()
        });
        match (reasons.next(), instead) {
            (Some(reason), _) => Some(reason.to_string()),
            (None, Some(_)) => None,
            (None, None) => Some("it is said more often than it follows".to_owned()),
        }
    }

    fn key(&self, said: &GivenVerdict) -> Key {
        self.grounds.library.standards[usize::from(said.finding.standard)].key
    }

    fn as_of(&self) -> i64 {
        self.grounds.plan.as_of()
    }

    /// What came of it all. Verdicts on chosen cases that the log does not have follow from nothing.
    pub fn finish(mut self) -> Proof {
        for (place, file) in self.given.iter().enumerate() {
            for (reference, said) in &file.verdicts {
                let is_tried = self.tried.contains(reference);
                for one in said {
                    if self.key(one) != Key::Case && self.grounds.single_cases {
                        self.proofs[place].not_tried += 1;
                    } else if !is_tried {
                        let reason = Some("the log has no events of this case".to_owned());
                        let difference = self.difference(reference, Some(one), None, reason);
                        self.proofs[place].differences.push(difference);
                    }
                }
            }
            (self.proofs[place].differences).sort_by(|a, b| a.case.cmp(&b.case));
        }
        self.forget_unrecorded();
        Proof {
            cases: self.tried.len() as u64,
            files: self.proofs,
        }
    }
}

impl Court<'_> {
    /// A verdict on a standard of which the log records nothing is rightly wanting: what was not
    /// recorded may have been done.
    fn forget_unrecorded(&mut self) {
        let library = self.grounds.library;
        let unrecorded = library.find_unrecorded(|activity| self.occurring.contains(&activity.0));
        let ids: BTreeSet<&str> = (unrecorded.iter())
            .map(|place| library.standards[*place].id.as_str())
            .collect();
        for proof in &mut self.proofs {
            let stands =
                |one: &Difference| one.said.is_some() || !ids.contains(one.standard.as_str());
            proof.differences.retain(stands);
        }
    }
}

/// A finding without what a file of columns cannot say.
fn as_written(finding: &Finding) -> Finding {
    let is_some = |event: &Evidence| event.when != When::ANY || event.activity != Block::UNKNOWN;
    Finding {
        deciding: finding.deciding.filter(is_some),
        due: finding.due.filter(|due| *due != When::ANY),
        ..*finding
    }
}

impl Court<'_> {
    /// The timeline of a case.
    pub fn line(&self, known: Vec<Known>, values: &super::Values) -> Line {
        let plan = self.grounds.plan;
        let known = known.into_iter().map(|known| (0, known)).collect();
        Line::new(known, values, plan, &plan.tie_order(Key::Case))
    }
}
