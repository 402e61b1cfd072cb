//! Every page there is, as everybody who may see it: looked at by axe, wide and narrow, and
//! photographed.

use super::{Chromium, NARROW, WIDE};
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
    let mut fitting: Vec<&str> = patterns
        .iter()
        .copied()
        .filter(|pattern| fits(pattern))
        .collect();
    fitting.sort_by_key(|pattern| pattern.matches('{').count());
    fitting.first().copied()
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

/// Follows links from the first page, one page for each of the router's patterns, and returns
/// what was seen with what is wrong with it.
async fn crawl(
    chromium: &Chromium,
    who: &str,
    first: &[&str],
    patterns: &[&'static str],
) -> BTreeMap<&'static str, Vec<String>> {
    let mut seen: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut ahead: VecDeque<String> = first.iter().map(|path| (*path).to_owned()).collect();
    while let Some(address) = ahead.pop_front() {
        let path = address.split('?').next().unwrap_or_default();
        let Some(pattern) = pattern_of(path, patterns) else {
            continue;
        };
        if seen.contains_key(pattern) || is_download(path) {
            continue;
        }
        chromium.goto(&address).await;
        if !chromium.is_page().await {
            continue;
        }
        let name = format!(
            "{who}{}",
            pattern.replace(['/', '{', '}'], "-").replace("--", "-")
        );
        let mut wrong = Vec::new();
        for (width, height) in [NARROW, WIDE] {
            chromium.resize(width, height).await;
            wrong.extend(chromium.violations().await);
        }
        chromium.picture(&name).await;
        seen.insert(pattern, wrong);
        for link in chromium.links().await {
            if known.insert(link.clone()) {
                ahead.push_back(link);
            }
        }
    }
    seen
}

/// Files that the browser would save rather than show.
fn is_download(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.contains('.') || path.starts_with("/evidence/") || path.contains("/tables/")
}

fn report(who: &str, seen: &BTreeMap<&'static str, Vec<String>>) -> Vec<String> {
    let wrong = seen.iter().filter(|(_, wrong)| !wrong.is_empty());
    wrong
        .map(|(pattern, wrong)| format!("{pattern} as {who}:\n  {}", wrong.join("\n  ")))
        .collect()
}

#[tokio::test]
async fn axe_finds_no_violation_on_any_page() {
    let world = World::new().await;
    let chromium = Chromium::open(&world).await;
    let list = routes();
    let pages = list
        .list()
        .iter()
        .filter(|route| route.method == Method::GET);
    let patterns: Vec<&'static str> = pages.map(|route| route.path).collect();
    let mut wrong = Vec::new();
    for who in ["administrator", "lead", "nobody"] {
        if who != "nobody" {
            chromium.sign_in(&format!("{who}@example.org")).await;
        } else {
            chromium.driver.delete_all_cookies().await.expect("cookies");
        }
        let seen = crawl(
            &chromium,
            who,
            &["/inspections", "/accounts", "/account", "/sign-in"],
            &patterns,
        )
        .await;
        wrong.extend(report(who, &seen));
    }
    chromium.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
