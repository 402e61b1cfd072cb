//! How an estimate was made, in plain English.

use super::{Estimate, Method, Unit};

impl Method {
    /// What the method does, for a reader who is not a statistician.
    pub fn description(self) -> &'static str {
        match self {
            Self::Census => "Every case on the list was read, so nothing is left to chance.",
            Self::Wilson => {
                "The range is Wilson's score interval. It speaks about the way cases are handled, not only about those on one list."
            }
            Self::ExactFinite => {
                "The range is exact for a list of this size: it holds every number of cases on the list under which a sample like this one would not be surprising."
            }
            Self::StratifiedWilson => {
                "Each group of cases counts by its size in the list. The range is Wilson's score interval for as many independent cases as this sample is worth."
            }
            Self::StratifiedClopperPearson => {
                "Each group of cases counts by its size in the list. The range is Clopper and Pearson's exact interval for as many independent cases as this sample is worth, which errs on the wide side."
            }
            Self::DomainWilson => {
                "Only cases of the category count, each by the number of listed cases it stands for. The range is Wilson's score interval for as many independent cases as they are worth."
            }
            Self::OrderStatistics => {
                "The bounds are two of the waiting times themselves, chosen so that the range holds whatever the waiting times look like."
            }
            Self::KornGraubard => {
                "Each case counts by the number of listed cases it stands for, and cases of one area count as alike as they are. The range is Korn and Graubard's, exact for as many independent cases as this sample is worth."
            }
            Self::Linearised => {
                "Each case counts by the number of listed cases it stands for, and cases of one area count as alike as they are. The range is Student's, from how much areas differ."
            }
            Self::SenYatesGrundy => {
                "Each case counts by how unlikely it was to be drawn. The range uses the chances with which each two cases could have been drawn together."
            }
            Self::TwoPhaseDifference => {
                "Every case was screened by rule and some were audited by an inspector; the audits correct the screening. The range comes from how often audits and screening differ."
            }
        }
    }
}

impl Estimate {
    /// The figure, its range, what it rests on and how it was made, as a short paragraph.
    pub fn in_words(&self) -> String {
        let mut words = vec![
            self.headline(),
            self.ground(),
            self.method.description().to_owned(),
        ];
        if self.method != Method::Census {
            words.push(self.meaning());
        }
        if let Some(worth) = self.effective_n {
            words.push(format!(
                "The sample is worth about {} independent cases.",
                grouped(worth)
            ));
        }
        if let Some(basis) = &self.basis {
            words.push(format!("Answers follow {basis}."));
        }
        if let Some(seed) = &self.seed {
            words.push(format!("The cases were drawn with seed {seed}."));
        }
        words.join(" ")
    }

    fn headline(&self) -> String {
        let census = self.method == Method::Census;
        let about = match (self.unit, self.population) {
            (Unit::Cases, Some(population)) => {
                let word = if census { "Exactly" } else { "About" };
                format!(
                    "{word} {} of {} cases",
                    grouped(self.value),
                    grouped(population as f64)
                )
            }
            _ => self.say(self.value),
        };
        match self.method {
            Method::Census => format!("{about}."),
            _ => format!(
                "{about}, from {} to {}.",
                self.say(self.lower),
                self.say(self.upper)
            ),
        }
    }

    fn ground(&self) -> String {
        let design = &self.design;
        let n = grouped(self.n as f64);
        let list = self
            .population
            .map(|all| format!(" of {} on the list", grouped(all as f64)))
            .unwrap_or_default();
        let chosen = match self.method {
            Method::Census => String::new(),
            _ => format!(" ({design})"),
        };
        match self.k {
            Some(k) => format!(
                "{n} cases{list} were read{chosen}; {} have this answer.",
                grouped(k as f64)
            ),
            None => format!("It rests on {n} waiting times{chosen}."),
        }
    }

    fn meaning(&self) -> String {
        let level = self.level.value() * 100.0;
        format!(
            "If cases were drawn again and again in this way, about {} of 100 such ranges would contain the true figure.",
            level.round()
        )
    }

    fn say(&self, value: f64) -> String {
        match self.unit {
            Unit::Share => percent(value),
            Unit::Cases => grouped(value),
            Unit::Hours => format!("{value:.1} hours"),
            Unit::Days => format!("{value:.1} days"),
        }
    }
}

/// A share as a percentage with one decimal: `74.3 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A number rounded to the nearest whole one, thousands set off by commas: `11,300`.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    let sign = if value <= -0.5 { "-" } else { "" };
    format!("{sign}{}", groups.join(","))
}
