//! Every page there is, as everybody who may see it: looked at by axe, wide and narrow, and
//! photographed.

mod furnished;

use super::Chromium;
use crate::router::routes;
use crate::testing::World;
use axum::http::Method;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The pattern of a path among the router's own: `/referrals/{referral}`.
fn pattern_of<'p>(path: &str, patterns: &[&'p str]) -> Option<&'p str> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let wanted: Vec<&str> = pattern.split('/').collect();
        wanted.len() == parts.len()
            && wanted
                .iter()
                .zip(&parts)
                .all(|(want, part)| want.starts_with('{') || want == part)
    };
    // A path's own words come before a parameter, as in the router.
    let fitting = patterns.iter().copied().filter(|pattern| fits(pattern));
    fitting.min_by_key(|pattern| pattern.matches('{').count())
}

impl Chromium {
    /// The paths of ours that the page links to.
    pub(super) async fn links(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('a[href]')].map(a => a.href)";
        let found = self
            .driver
            .execute(script, Vec::new())
            .await
            .expect("links");
        let all: Vec<String> = found.convert().expect("texts");
        let ours = all
            .iter()
            .filter_map(|href| href.strip_prefix(&self.address));
        ours.map(|path| path.split('#').next().unwrap_or_default().to_owned())
            .collect()
    }

    /// With what status the page came.
    async fn status(&self) -> u16 {
        let script = "return performance.getEntriesByType('navigation')[0].responseStatus";
        let found = self.driver.execute(script, Vec::new()).await;
        found.expect("a status").convert().expect("a number")
    }

    async fn is_page(&self) -> bool {
        let script =
            "return document.contentType === 'text/html' && !!document.querySelector('main')";
        let found = self
            .driver
            .execute(script, Vec::new())
            .await
            .expect("a type");
        found.convert().expect("yes or no")
    }
}

/// Patterns of which more than one page is opened: from each, other pages are reached.
const DOORWAYS: [&str; 14] = [
    "/inspections/{inspection}",
    "/inspections/{inspection}/audits",
    "/inspections/{inspection}/case-list",
    "/inspections/{inspection}/moderation",
    "/inspections/{inspection}/sample",
    "/inspections/{inspection}/screening",
    "/inspections/{inspection}/screening/timelines",
    "/audits/{audit}",
    "/reports/{report}",
    "/inspections/{inspection}/findings",
    "/inspections/{inspection}/rounds",
    "/referrals/{referral}",
    "/findings/{finding}",
    "/recommendations/{recommendation}",
];

/// How many pages of a doorway are opened.
const OF_A_DOORWAY: usize = 8;

/// Everybody's ways through the pages, and what was found on them.
struct Crawl<'c> {
    world: &'c World,
    patterns: &'c [&'static str],
    /// Seen by anybody.
    seen: BTreeSet<&'static str>,
    wrong: Vec<String>,
}

impl Crawl<'_> {
    /// Goes everywhere as one person, in a browser of their own.
    async fn go_as(&mut self, who: &str) {
        let chromium = Chromium::open(self.world).await;
        if who == "nobody" {
            self.follow_links(&chromium, who, &["/"]).await;
        } else {
            chromium.sign_in(&format!("{who}@example.org")).await;
            chromium.expect("Your work").await;
            self.follow_links(&chromium, who, &["/work", "/"]).await;
        }
        chromium.close().await;
    }

    /// Follows links from the first pages, and looks at one page of each of the router's
    /// patterns.
    async fn follow_links(&mut self, chromium: &Chromium, who: &str, first: &[&str]) {
        let mut opened: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut ahead: VecDeque<String> = first.iter().map(|path| (*path).to_owned()).collect();
        while let Some(address) = ahead.pop_front() {
            let path = address.split('?').next().unwrap_or_default();
            let Some(pattern) = pattern_of(path, self.patterns) else {
                continue;
            };
            let count = opened.entry(pattern).or_default();
            let enough = if DOORWAYS.contains(&pattern) {
                OF_A_DOORWAY
            } else {
                1
            };
            if *count >= enough || is_download(pattern) {
                continue;
            }
            *count += 1;
            let again = *count > 1;
            chromium.goto(&address).await;
            if !chromium.is_page().await {
                continue;
            }
            if !again {
                self.look(chromium, who, pattern, &address).await;
            }
            for link in chromium.links().await {
                let key = link.split('?').next().unwrap_or_default().to_owned();
                if known.insert(key) {
                    ahead.push_back(link);
                }
            }
        }
    }

    /// A page that nobody has seen yet is photographed, wide and narrow; as another person it
    /// is only checked.
    async fn look(&mut self, chromium: &Chromium, who: &str, pattern: &'static str, address: &str) {
        let status = chromium.status().await;
        if status >= 400 {
            self.wrong
                .push(format!("{address} as {who}: a link leads to {status}"));
            return;
        }
        let found = if self.seen.insert(pattern) {
            let name = pattern.replace(['/', '{', '}'], "-").replace("--", "-");
            chromium.look_at(&format!("{who}{name}")).await
        } else {
            chromium.violations().await
        };
        let named = found
            .iter()
            .map(|wrong| format!("{pattern} as {who}: {wrong}"));
        self.wrong.extend(named);
    }
}

/// Files that the browser would save rather than show, and answers for programs.
fn is_download(pattern: &str) -> bool {
    let last = pattern.rsplit('/').next().unwrap_or_default();
    last.contains('.')
        || ["{table}", "{file}", "{evidence}"].contains(&last)
        || pattern.starts_with("/api/")
}

/// Pages to which no link leads in this world, and why.
const WITHOUT_A_LINK: [(&str, &str); 7] = [
    (
        "/inspections/{inspection}/screening/timelines/progress",
        "it is shown only while a file is read",
    ),
    (
        "/inspections/{inspection}/screening/progress",
        "it is shown only while a screening runs",
    ),
    (
        "/inspections/{inspection}/case-list/import/progress",
        "stands only while a list of many thousand rows is being checked",
    ),
    (
        "/reports/{report}/freezing",
        "it is shown only while figures are frozen",
    ),
    (
        "/inspections/{inspection}/report/beginning",
        "it is shown only while a report is begun",
    ),
    (
        "/reports/{report}/correcting",
        "it is shown only while new figures are worked out",
    ),
    (
        "/published/checkpoint",
        "stands only once the operator has made a checkpoint public",
    ),
];

#[tokio::test]
async fn axe_finds_no_violation_on_any_page() {
    let world = World::new().await;
    furnished::furnish(&world).await;
    let list = routes();
    let pages = list
        .list()
        .iter()
        .filter(|route| route.method == Method::GET);
    let patterns: Vec<&'static str> = pages.map(|route| route.path).collect();
    let mut crawl = Crawl {
        world: &world,
        patterns: &patterns,
        seen: BTreeSet::new(),
        wrong: Vec::new(),
    };
    for (who, _) in World::everybody() {
        crawl.go_as(who).await;
    }
    let (seen, wrong) = (crawl.seen, crawl.wrong);
    let unseen = patterns.iter().filter(|pattern| !seen.contains(**pattern));
    let unseen: Vec<&str> = unseen
        .copied()
        .filter(|pattern| !is_download(pattern))
        .collect();
    let known = |pattern: &&str| WITHOUT_A_LINK.iter().any(|(path, _)| path == pattern);
    let unseen: Vec<&str> = unseen
        .into_iter()
        .filter(|pattern| !known(pattern))
        .collect();
    assert_eq!(
        (unseen, wrong.join("\n")),
        (Vec::new(), String::new()),
        "pages to which no link leads, and what is wrong with the others"
    );
}

#[test]
fn own_words_of_a_path_come_before_a_parameter() {
    let patterns = [
        "/inspections/{inspection}",
        "/inspections/new",
        "/inspections",
    ];
    assert_eq!(
        pattern_of("/inspections/new", &patterns),
        Some("/inspections/new")
    );
    assert_eq!(
        pattern_of("/inspections/0123456789ab", &patterns),
        Some("/inspections/{inspection}")
    );
    assert_eq!(pattern_of("/elsewhere", &patterns), None);
}
