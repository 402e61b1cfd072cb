//! Two strands of one inspection that never mix: cases drawn at random, from which shares follow, and
//! cases picked because they worried somebody, from which none do.
//!
//! They are different types. Whatever estimates takes a [`RandomStrand`]; a [`PurposiveStrand`] can
//! be counted and described, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ListSizes;
use crate::StatsError;

/// A case drawn at random, with what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// What was found: 1 with the answer and 0 without, or a waiting time.
    pub value: f64,
    /// How many cases of the list it stands for: 1 ÷ its inclusion probability, perhaps adjusted for
    /// cases that could not be read.
    pub weight: f64,
    /// The stratum it was drawn in; one name for all where there are none.
    pub stratum: String,
    /// What was drawn first and holds the case, such as an area; the case itself where cases were
    /// drawn.
    pub cluster: String,
}

/// Cases drawn at random with known chances.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RandomStrand {
    observations: Vec<Observation>,
    listed: Option<ListSizes>,
}

impl RandomStrand {
    /// The random strand. `listed` says how large the list is; without it, variances are those of drawing
    /// clusters with replacement, which errs on the wide side. Where only some cases of each cluster were
    /// read it must hold the cases of each cluster too: the clusters alone say nothing of the second
    /// stage, and intervals would be too short.
    ///
    /// # Errors
    /// When there is no observation, a value or weight is not finite or a weight not above 0, a
    /// cluster lies in two strata, or a number of the list is missing or below what was read.
    pub fn new(
        observations: Vec<Observation>,
        listed: Option<ListSizes>,
    ) -> Result<Self, StatsError> {
        if observations.is_empty() {
            return Err(StatsError::NothingRead {
                what: "random strand".into(),
            });
        }
        for (one, row) in observations.iter().zip(1..) {
            check_number(
                row,
                "value",
                one.value,
                one.value.is_finite(),
                "a finite number",
            )?;
            let positive = one.weight.is_finite() && one.weight > 0.0;
            check_number(
                row,
                "weight",
                one.weight,
                positive,
                "a finite number above 0",
            )?;
        }
        let strand = Self {
            observations,
            listed,
        };
        strand.check_clusters()?;
        Ok(strand)
    }

    /// The observations in the order given.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// How many cases there are.
    pub fn n(&self) -> u64 {
        self.observations.len() as u64
    }

    /// How many cases of the list they stand for together.
    pub fn weight(&self) -> f64 {
        self.observations.iter().map(|one| one.weight).sum()
    }

    /// On how many free differences a variance rests: clusters less strata, as R's `degf`. Where all
    /// clusters of a stratum were drawn and some of their cases, each cluster counts as a stratum of its
    /// own (it is self-representing), with its cases less one, or none where all were read.
    pub fn degrees_of_freedom(&self) -> u64 {
        let strata = self.clusters();
        let own = strata.iter().map(|(stratum, clusters)| {
            let all_drawn = self.drawn_part(stratum, clusters.len()) >= 1.0;
            match self.is_two_stage() && all_drawn {
                true => self.free_within(clusters),
                false => clusters.len() as u64 - 1,
            }
        });
        own.sum()
    }

    fn free_within(&self, clusters: &BTreeMap<&str, Vec<usize>>) -> u64 {
        let some_read = clusters
            .iter()
            .filter(|(cluster, cases)| self.read_part(cluster, cases.len()) < 1.0);
        some_read.map(|(_, cases)| cases.len() as u64 - 1).sum()
    }

    pub(crate) fn is_two_stage(&self) -> bool {
        self.listed.as_ref().is_some_and(ListSizes::is_two_stage)
    }

    fn names(&self, name: fn(&Observation) -> &String) -> BTreeSet<&str> {
        self.observations
            .iter()
            .map(|one| name(one).as_str())
            .collect()
    }

    pub(crate) fn strata_and_clusters(&self) -> (usize, usize) {
        let (clusters, strata) = (self.names(|o| &o.cluster), self.names(|o| &o.stratum));
        (strata.len(), clusters.len())
    }

    /// The part of a stratum's clusters that was drawn; 0 when drawing counts as with replacement.
    pub(crate) fn drawn_part(&self, stratum: &str, clusters: usize) -> f64 {
        self.listed
            .as_ref()
            .and_then(|listed| listed.clusters_of(stratum))
            .map_or(0.0, |listed| clusters as f64 / listed as f64)
    }

    /// The part of a cluster's cases that was read; 1 where nothing is known of cases left unread.
    pub(crate) fn read_part(&self, cluster: &str, cases: usize) -> f64 {
        self.listed
            .as_ref()
            .and_then(|listed| listed.cases_of(cluster, cases as u64))
            .map_or(1.0, |listed| cases as f64 / listed as f64)
    }

    /// Whether every case of the list was read.
    pub(crate) fn is_census(&self) -> bool {
        self.clusters().iter().all(|(stratum, clusters)| {
            let read_whole = clusters
                .iter()
                .all(|(cluster, cases)| self.read_part(cluster, cases.len()) >= 1.0);
            read_whole && self.drawn_part(stratum, clusters.len()) >= 1.0
        })
    }

    /// The clusters of each stratum, each with the places of its observations.
    pub(crate) fn clusters(&self) -> BTreeMap<&str, BTreeMap<&str, Vec<usize>>> {
        let mut strata: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
        for (place, one) in self.observations.iter().enumerate() {
            let clusters = strata.entry(one.stratum.as_str()).or_default();
            clusters
                .entry(one.cluster.as_str())
                .or_default()
                .push(place);
        }
        strata
    }

    fn check_clusters(&self) -> Result<(), StatsError> {
        let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
        for one in &self.observations {
            let home = homes.entry(&one.cluster).or_insert(&one.stratum);
            if *home != one.stratum {
                return refuse(format!(
                    "cluster {} lies in the strata {home} and {}; give clusters of different strata different names",
                    one.cluster, one.stratum
                ));
            }
        }
        let Some(listed) = &self.listed else {
            return Ok(());
        };
        for (stratum, clusters) in self.clusters() {
            let all = listed.clusters_of(stratum);
            check_listed(
                &format!("clusters of stratum {stratum}"),
                clusters.len(),
                all,
            )?;
            for (cluster, cases) in clusters {
                let all = listed.cases_of(cluster, cases.len() as u64);
                check_listed(&format!("cases of cluster {cluster}"), cases.len(), all)?;
            }
        }
        Ok(())
    }
}

/// Refuses more read than are listed, or no number of those listed.
fn check_listed(what: &str, read: usize, listed: Option<u64>) -> Result<(), StatsError> {
    match listed {
        None => refuse(format!(
            "{what}: the list's number of them is missing; give it"
        )),
        Some(all) => crate::error::check_population(what, read as u64, all),
    }
}

/// A case that was picked because it worried somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// The case's reference.
    pub reference: String,
    /// Why it was picked.
    pub reason: String,
}

/// Cases picked for a reason. No share of all cases can be told from them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurposiveStrand {
    /// The cases.
    pub picked: Vec<Picked>,
}

impl PurposiveStrand {
    /// How many were picked for each reason.
    pub fn reasons(&self) -> BTreeMap<&str, u64> {
        let mut counts = BTreeMap::new();
        for one in &self.picked {
            *counts.entry(one.reason.as_str()).or_insert(0) += 1;
        }
        counts
    }

    /// What may be said of them.
    pub fn in_words(&self) -> String {
        let reasons: Vec<String> = self
            .reasons()
            .into_iter()
            .map(|(reason, count)| format!("{count} {reason}"))
            .collect();
        format!(
            "{} cases were picked for a reason ({}). They show what can happen, not how often: they are in no share, total or interval.",
            self.picked.len(),
            reasons.join(", ")
        )
    }
}

fn check_number(
    row: usize,
    what: &str,
    value: f64,
    fits: bool,
    wanted: &str,
) -> Result<(), StatsError> {
    if fits {
        return Ok(());
    }
    Err(StatsError::OutOfRange {
        what: format!("{what} of observation {row}"),
        value,
        wanted: wanted.into(),
    })
}

fn refuse<T>(what: String) -> Result<T, StatsError> {
    Err(StatsError::Mismatch { what })
}
