//! `throughline stats compare`.

use super::sheet::{Group, Row};
use super::strand::{Origin, list_sizes};
use super::{Answer, Fault, Question, Sheet, level};
use clap::{Args, ValueEnum};
use serde::Serialize;
use throughline_stats::compare::{
    self, Change, Classified, Comparison, Counted, MantelHaenszel, TwoByTwo,
};
use throughline_stats::estimate::{ListSizes, Stratum, stratified};
use throughline_stats::{Level, StatsError};

/// What the rows are.
#[derive(Debug, Args)]
pub struct Compare {
    /// What the rows are
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Rows::Rounds)]
    rows: Rows,
    /// How sure the interval is meant to be, from 0.5 and below 1; tests use what is left of 1
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = level)]
    level: Level,
}

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// Two simple random samples: earlier_k, earlier_n, later_k, later_n (Newcombe, Fisher, z)
    Rounds,
    /// The same by stratum (Cochran-Mantel-Haenszel, Breslow-Day)
    Strata,
    /// Strata of two samples with lists of known size: round (earlier or later), population, n, k
    Designs,
    /// The same cases graded twice: only_first, only_second (McNemar)
    Paired,
    /// Grades in order, lowest first: grade, earlier, later (Mann-Whitney, Brunner-Munzel)
    Grades,
    /// Weighted and clustered cases: group, answer, weight and perhaps stratum, cluster,
    /// clusters_listed, cases_listed (Rao-Scott)
    Cases,
}

#[derive(Serialize)]
struct Named<T: Serialize> {
    figure: Option<String>,
    #[serde(flatten)]
    found: T,
}

#[derive(Serialize)]
struct OfRounds {
    #[serde(flatten)]
    comparison: Comparison,
    beyond_chance: bool,
    words: String,
}

#[derive(Serialize)]
struct OfStrata {
    #[serde(flatten)]
    test: MantelHaenszel,
    /// Whether the comparison of all cases points the other way than the one within strata.
    reversed: bool,
}

#[derive(Serialize)]
struct OfDesigns {
    earlier: Bounds,
    later: Bounds,
    #[serde(flatten)]
    change: Change,
    beyond_chance: bool,
}

#[derive(Serialize)]
struct Bounds {
    value: f64,
    lower: f64,
    upper: f64,
}

impl Rows {
    fn fields(self) -> (&'static [&'static str], &'static [&'static str]) {
        const ROUNDS: &[&str] = &["earlier_k", "earlier_n", "later_k", "later_n"];
        match self {
            Self::Rounds => (ROUNDS, &[]),
            Self::Strata => (ROUNDS, &["stratum"]),
            Self::Designs => (&["round", "population", "n", "k"], &["stratum"]),
            Self::Paired => (&["only_first", "only_second"], &["both", "neither"]),
            Self::Grades => (&["earlier", "later"], &["grade"]),
            Self::Cases => (
                &["group", "answer", "weight"],
                &["stratum", "cluster", "clusters_listed", "cases_listed"],
            ),
        }
    }
}

impl Question for Compare {
    fn answer(&self, sheet: &Sheet) -> Result<Answer, Fault> {
        let (needed, optional) = self.rows.fields();
        sheet.check(needed, optional)?;
        match self.rows {
            Rows::Rounds => sheet.answer_each(|group| named(group, self.rounds(group)?)),
            Rows::Strata => sheet.answer_each(|group| named(group, self.strata(group)?)),
            Rows::Designs => sheet.answer_each(|group| named(group, self.designs(group)?)),
            Rows::Paired => sheet.answer_each(|group| {
                let row = only_row(group)?;
                let (first, second) = (row.whole("only_first")?, row.whole("only_second")?);
                named(group, compare::mcnemar(first, second))
            }),
            Rows::Grades => sheet.answer_each(|group| {
                let earlier = group.each(|row| row.whole("earlier"))?;
                let later = group.each(|row| row.whole("later"))?;
                named(
                    group,
                    group.checked(compare::ordinal(&earlier, &later, self.level))?,
                )
            }),
            Rows::Cases => sheet.answer_each(|group| {
                let (cases, listed) = classified(sheet, group)?;
                named(group, group.checked(compare::rao_scott(&cases, listed))?)
            }),
        }
    }
}

impl Compare {
    fn rounds(&self, group: &Group<'_>) -> Result<OfRounds, Fault> {
        let row = only_row(group)?;
        let (earlier, later) = (counted(row, "earlier")?, counted(row, "later")?);
        for (round, counts) in [("earlier", earlier), ("later", later)] {
            if counts.n == 0 {
                let what = format!("{round} round");
                return Err(row.refused(&StatsError::NothingRead { what }));
            }
        }
        let comparison = compare::changed(earlier, later, self.level);
        let comparison = comparison.map_err(|error| row.refused(&error))?;
        Ok(OfRounds {
            beyond_chance: comparison.beyond_chance(),
            words: comparison.verdict_in_words(),
            comparison,
        })
    }

    fn strata(&self, group: &Group<'_>) -> Result<OfStrata, Fault> {
        let strata = group.each(|row| {
            let (earlier, later) = (counted(row, "earlier")?, counted(row, "later")?);
            Ok(TwoByTwo {
                a: later.k,
                b: later.n - later.k,
                c: earlier.k,
                d: earlier.n - earlier.k,
            })
        })?;
        let test = group.checked(compare::mantel_haenszel(&strata, self.level))?;
        Ok(OfStrata {
            reversed: test.reversed(),
            test,
        })
    }

    fn designs(&self, group: &Group<'_>) -> Result<OfDesigns, Fault> {
        let rounds = ["earlier".to_owned(), "later".to_owned()];
        let mut strata = [Vec::new(), Vec::new()];
        for row in &group.rows {
            strata[row.one_of("round", &rounds)?].push(Stratum {
                population: row.whole("population")?,
                n: row.whole("n")?,
                k: row.whole("k")?,
            });
        }
        let [earlier, later] = strata;
        let found = || -> Result<OfDesigns, StatsError> {
            let (earlier, later) = (
                stratified(&earlier, self.level)?,
                stratified(&later, self.level)?,
            );
            let change = compare::between(&earlier, &later)?;
            let bounds = |one: &throughline_stats::estimate::Estimate| Bounds {
                value: one.value,
                lower: one.lower,
                upper: one.upper,
            };
            Ok(OfDesigns {
                earlier: bounds(&earlier),
                later: bounds(&later),
                beyond_chance: change.beyond_chance(),
                change,
            })
        };
        group.checked(found())
    }
}

fn named<T: Serialize>(group: &Group<'_>, found: T) -> Result<Named<T>, Fault> {
    Ok(Named {
        figure: group.figure.clone(),
        found,
    })
}

/// The figure's row, which must be one.
fn only_row<'a>(group: &Group<'a>) -> Result<Row<'a>, Fault> {
    match group.rows.as_slice() {
        [row] => Ok(*row),
        rows => Err(rows[1].refused(&StatsError::Mismatch {
            what: "a second row of the same figure; name the figures apart in a field figure, or compare by strata".into(),
        })),
    }
}

/// `k` and `n` of a round, checked.
fn counted(row: Row<'_>, round: &str) -> Result<Counted, Fault> {
    let (k, n) = (
        row.whole(&format!("{round}_k"))?,
        row.whole(&format!("{round}_n"))?,
    );
    match k > n {
        true => Err(row.refused(&StatsError::MoreThanRead {
            what: format!("{round} round"),
            k,
            n,
        })),
        false => Ok(Counted::new(k, n)),
    }
}

/// The cases; where strata are not given, each group is one, since rounds are drawn apart.
fn classified(
    sheet: &Sheet,
    group: &Group<'_>,
) -> Result<(Vec<Classified>, Option<ListSizes>), Fault> {
    let read = |(row, number): (&Row<'_>, usize)| {
        let name = row.text("group")?.to_owned();
        let origin = Origin::read(sheet, *row, number, &name)?;
        Ok(Classified {
            group: name,
            answer: row.text("answer")?.to_owned(),
            weight: origin.weight,
            stratum: origin.stratum,
            cluster: origin.cluster,
        })
    };
    let cases: Vec<Classified> = group
        .rows
        .iter()
        .zip(1..)
        .map(read)
        .collect::<Result<_, Fault>>()?;
    let strata: Vec<String> = cases.iter().map(|case| case.stratum.clone()).collect();
    let listed = list_sizes(sheet, group, &strata)?;
    Ok((cases, listed))
}
