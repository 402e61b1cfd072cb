//! Every decision is found from the index of decisions.

use std::path::Path;

use super::File;

const FOLDER: &str = "docs/decisions";
const INDEX: &str = "docs/decisions/README.md";

pub fn check(files: &[File]) -> Vec<String> {
    let index = files
        .iter()
        .find(|file| file.path == Path::new(INDEX))
        .and_then(|file| file.text.as_deref())
        .unwrap_or_default();
    files
        .iter()
        .filter(|file| file.path.starts_with(FOLDER) && file.path != Path::new(INDEX))
        .filter(|file| {
            let name = file.path.file_name().and_then(|name| name.to_str());
            !name.is_some_and(|name| index.contains(&format!("]({name})")))
        })
        .map(|file| format!("{}: {INDEX} does not link it", file.name()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn a_decision_that_the_index_does_not_link_is_a_fault() {
        let index = file(INDEX, "- [One journal](journal.md)\n");
        let known = file("docs/decisions/journal.md", "");
        let unknown = file("docs/decisions/storage.md", "");
        let faults = check(&[index, known, unknown]);
        assert_eq!(
            faults,
            ["docs/decisions/storage.md: docs/decisions/README.md does not link it"]
        );
    }
}
