//! Checking a certificate by drawing again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::certificate::SPECIFICATION;
use super::{Digest, Draw, DrawnCase, DrawnStratum, Frame, Method, draw};

/// One way in which a certificate is not what drawing again from this list gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// Made by another version of the procedure, so nothing else can be checked.
    Specification {
        /// What the certificate says.
        stated: String,
    },
    /// The list is not the one the certificate was made from.
    List {
        /// The digest in the certificate.
        stated: Digest,
        /// The digest of the list at hand.
        found: Digest,
    },
    /// The plan cannot be carried out on this list.
    Plan {
        /// Why not.
        problem: String,
    },
    /// The method named does not belong to the plan.
    Method {
        /// What the certificate says.
        stated: Method,
        /// What the plan gives.
        redrawn: Method,
    },
    /// A stratum's numbers differ, or it is there only on one side.
    Stratum {
        /// The stratum.
        name: String,
        /// In the certificate.
        stated: Option<DrawnStratum>,
        /// From drawing again.
        redrawn: Option<DrawnStratum>,
    },
    /// A case in the certificate is not in the list at all.
    NotListed {
        /// The case.
        reference: String,
    },
    /// A case in the certificate would not have been drawn.
    NotDrawn {
        /// The case.
        reference: String,
    },
    /// A case that would have been drawn is not in the certificate.
    Missing {
        /// The case.
        reference: String,
    },
    /// A case stands in the certificate more than once.
    Twice {
        /// The case.
        reference: String,
    },
    /// A case was drawn, but otherwise than the certificate says.
    Case {
        /// The case.
        reference: String,
        /// Which field differs.
        field: String,
        /// What the certificate says.
        stated: String,
        /// What drawing again gives.
        redrawn: String,
    },
    /// The right cases, but not in the order in which they were drawn.
    Order,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Specification { stated } => write!(
                out,
                "the certificate follows {stated:?}, but this program knows only {SPECIFICATION:?}"
            ),
            Self::List { stated, found } => write!(
                out,
                "the certificate was made from a list with digest {stated}, but this list has digest {found}"
            ),
            Self::Plan { problem } => write!(
                out,
                "the plan cannot be carried out on this list: {problem}"
            ),
            Self::Method { stated, redrawn } => {
                write!(
                    out,
                    "the certificate says {stated:?}, but its plan gives {redrawn:?}"
                )
            }
            Self::Stratum {
                name,
                stated,
                redrawn,
            } => {
                write!(out, "stratum {name}: the certificate has ")?;
                write_stratum(out, stated.as_ref())?;
                write!(out, ", drawing again gives ")?;
                write_stratum(out, redrawn.as_ref())
            }
            Self::NotListed { reference } => write!(out, "case {reference} is not in this list"),
            Self::NotDrawn { reference } => {
                write!(out, "case {reference} would not have been drawn")
            }
            Self::Missing { reference } => {
                write!(
                    out,
                    "case {reference} would have been drawn but is not in the certificate"
                )
            }
            Self::Twice { reference } => write!(
                out,
                "case {reference} stands in the certificate more than once"
            ),
            Self::Case {
                reference,
                field,
                stated,
                redrawn,
            } => write!(
                out,
                "case {reference}: the certificate gives {field} {stated}, drawing again gives {redrawn}"
            ),
            Self::Order => write!(
                out,
                "the cases are not in the order in which they were drawn"
            ),
        }
    }
}

fn write_stratum(out: &mut fmt::Formatter<'_>, stratum: Option<&DrawnStratum>) -> fmt::Result {
    match stratum {
        None => write!(out, "no such stratum"),
        Some(s) => {
            let (population, sampled, reserves) = (s.population, s.sampled, s.reserves);
            write!(
                out,
                "{population} cases listed, {sampled} sampled, {reserves} reserves"
            )?;
            s.inclusion_probability
                .map_or(Ok(()), |p| write!(out, ", drawn with chance {}", p.value))
        }
    }
}

/// Draws again from `frame` with the certificate's plan and seed, and names everything that differs.
///
/// # Errors
/// The differences, never an empty list: a certificate that was changed in any field, a list in
/// which a row was changed, added or removed, another seed. The order of the list's rows does not
/// matter, since the list is sorted first.
pub fn verify(certificate: &Draw, frame: &Frame) -> Result<(), Vec<Difference>> {
    if certificate.specification != SPECIFICATION {
        return Err(vec![Difference::Specification {
            stated: certificate.specification.clone(),
        }]);
    }
    let mut differences = Vec::new();
    let found = frame.digest();
    if certificate.frame_digest != found {
        differences.push(Difference::List {
            stated: certificate.frame_digest,
            found,
        });
    }
    match draw(frame, &certificate.plan, certificate.seed) {
        Ok(redrawn) => differences.extend(compare(certificate, &redrawn, frame)),
        Err(problem) => differences.push(Difference::Plan {
            problem: problem.to_string(),
        }),
    }
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences)
    }
}

fn compare(stated: &Draw, redrawn: &Draw, frame: &Frame) -> Vec<Difference> {
    let mut differences = Vec::new();
    if stated.method != redrawn.method {
        differences.push(Difference::Method {
            stated: stated.method,
            redrawn: redrawn.method,
        });
    }
    differences.extend(compare_strata(&stated.strata, &redrawn.strata));
    differences.extend(compare_cases(&stated.cases, &redrawn.cases, frame));
    if differences.is_empty() && stated != redrawn {
        differences.push(Difference::Order);
    }
    differences
}

fn compare_strata(stated: &[DrawnStratum], redrawn: &[DrawnStratum]) -> Vec<Difference> {
    let names: BTreeSet<&str> = stated
        .iter()
        .chain(redrawn)
        .map(|s| s.name.as_str())
        .collect();
    let find =
        |strata: &[DrawnStratum], name: &str| strata.iter().find(|s| s.name == name).cloned();
    names
        .into_iter()
        .map(|name| (name, find(stated, name), find(redrawn, name)))
        .filter(|(_, stated, redrawn)| stated != redrawn)
        .map(|(name, stated, redrawn)| Difference::Stratum {
            name: name.into(),
            stated,
            redrawn,
        })
        .collect()
}

fn compare_cases(stated: &[DrawnCase], redrawn: &[DrawnCase], frame: &Frame) -> Vec<Difference> {
    let listed: BTreeSet<&str> = frame
        .cases()
        .iter()
        .map(|case| case.reference.as_str())
        .collect();
    let drawn: BTreeMap<&str, &DrawnCase> = redrawn
        .iter()
        .map(|case| (case.reference.as_str(), case))
        .collect();
    let mut seen = BTreeSet::new();
    let mut differences = Vec::new();
    for case in stated {
        let reference = case.reference.clone();
        if !seen.insert(case.reference.as_str()) {
            differences.push(Difference::Twice { reference });
        } else if !listed.contains(case.reference.as_str()) {
            differences.push(Difference::NotListed { reference });
        } else if let Some(other) = drawn.get(case.reference.as_str()) {
            differences.extend(compare_case(case, other));
        } else {
            differences.push(Difference::NotDrawn { reference });
        }
    }
    let missing = redrawn
        .iter()
        .filter(|case| !seen.contains(case.reference.as_str()));
    differences.extend(missing.map(|case| Difference::Missing {
        reference: case.reference.clone(),
    }));
    differences
}

fn compare_case(stated: &DrawnCase, redrawn: &DrawnCase) -> Vec<Difference> {
    let fields = |case: &DrawnCase| {
        let chance = case.inclusion_probability;
        [
            ("stratum", case.stratum.clone()),
            ("position", case.position.to_string()),
            (
                "inclusion probability",
                format!(
                    "{}/{} = {}",
                    chance.numerator, chance.denominator, chance.value
                ),
            ),
            ("reserve", case.reserve.to_string()),
        ]
    };
    let reference = &stated.reference;
    fields(stated)
        .into_iter()
        .zip(fields(redrawn))
        .filter(|(stated, redrawn)| stated != redrawn)
        .map(|((field, stated), (_, redrawn))| Difference::Case {
            reference: reference.clone(),
            field: field.into(),
            stated,
            redrawn,
        })
        .collect()
}
