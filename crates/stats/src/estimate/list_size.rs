//! How large the list is that clusters, and perhaps cases within them, were drawn from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many clusters each stratum has in the list and, where only some cases of a cluster were drawn,
/// how many cases each cluster has there: what the finite population corrections of the two stages
/// need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSizes {
    clusters: BTreeMap<String, u64>,
    cases: Option<BTreeMap<String, u64>>,
}

impl ListSizes {
    /// One stage: the number of clusters of each stratum, every case of a cluster drawn being read. Where
    /// cases themselves were drawn each is a cluster, and the numbers are those of cases.
    pub fn of_clusters(clusters: BTreeMap<String, u64>) -> Self {
        Self {
            clusters,
            cases: None,
        }
    }

    /// Two stages: also the number of cases of each cluster that was drawn.
    pub fn with_cases(self, cases: BTreeMap<String, u64>) -> Self {
        Self {
            cases: Some(cases),
            ..self
        }
    }

    /// Whether cases were drawn within clusters.
    pub fn is_two_stage(&self) -> bool {
        self.cases.is_some()
    }

    pub(super) fn clusters_of(&self, stratum: &str) -> Option<u64> {
        self.clusters.get(stratum).copied()
    }

    /// The cases of a cluster; as many as were `read` where there is one stage only.
    pub(super) fn cases_of(&self, cluster: &str, read: u64) -> Option<u64> {
        match &self.cases {
            None => Some(read),
            Some(cases) => cases.get(cluster).copied(),
        }
    }
}
