//! axe-core: what a machine can tell about a page's accessibility.

use super::Chromium;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    html: String,
    target: Vec<serde_json::Value>,
}

/// Wide tables and charts scroll in a frame of their own; that the page itself never does is
/// checked here, since axe does not.
const FITS: &str =
    "return document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1";

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
       .then(result => done(result.violations), error => done([{ id: 'axe', help: String(error), nodes: [] }]));
";

impl Chromium {
    /// What axe finds wrong with the page that is open; nothing, when it is right.
    pub(super) async fn violations(&self) -> Vec<String> {
        self.driver
            .execute(library(), Vec::new())
            .await
            .expect("axe loads");
        let found = self
            .driver
            .execute_async(RUN, Vec::new())
            .await
            .expect("axe runs");
        let violations: Vec<Violation> = found.convert().expect("violations");
        let mut all: Vec<String> = violations.iter().map(in_words).collect();
        let fits = self
            .driver
            .execute(FITS, Vec::new())
            .await
            .expect("a width");
        if !fits.convert::<bool>().expect("yes or no") {
            all.push("the page is wider than its window".into());
        }
        all
    }
}

fn in_words(violation: &Violation) -> String {
    let places: Vec<String> = violation
        .nodes
        .iter()
        .take(3)
        .map(|node| {
            format!(
                "{:?} {}",
                node.target,
                node.html.chars().take(200).collect::<String>()
            )
        })
        .collect();
    format!(
        "{} ({}): {}",
        violation.id,
        violation.help,
        places.join("; ")
    )
}

fn library() -> String {
    let file =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file).expect("axe-core is installed: run `npm ci`")
}
