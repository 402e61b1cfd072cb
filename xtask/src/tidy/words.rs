//! Words that have no place in the project's files: work left undone, tests switched off,
//! and whatever belongs to one machine rather than to the project.

use super::File;

struct Forbidden {
    word: &'static str,
    why: &'static str,
    only_in: Option<&'static str>,
}

const UNDONE: &str = "do it, or take it out";
const MACHINE: &str = "a path of one machine";
const HOST: &str = "package managers know where their packages are";
const TOOL: &str = "the project's files speak of the project only";

/// Written in two pieces, so that this file passes its own check.
const FORBIDDEN: [Forbidden; 22] = [
    forbidden(concat!("TO", "DO"), UNDONE),
    forbidden(concat!("FIX", "ME"), UNDONE),
    in_code(concat!("todo", "!("), UNDONE),
    in_code(concat!("unimplemented", "!("), UNDONE),
    in_code(concat!("#[ig", "nore"), "a test runs or is not there"),
    in_code(concat!("db", "g!("), "take it out"),
    forbidden(concat!("/ho", "me/"), MACHINE),
    forbidden(concat!("/ro", "ot/"), MACHINE),
    forbidden(concat!("/Us", "ers/"), MACHINE),
    forbidden(concat!("/tmp/", "trees"), MACHINE),
    forbidden(concat!("/tmp/", "brief"), MACHINE),
    forbidden(concat!("/wo", "rk/main"), MACHINE),
    forbidden(concat!("/wo", "rk/shared"), MACHINE),
    forbidden(concat!("/wo", "rk/."), MACHINE),
    forbidden(concat!("registry.", "npmjs"), HOST),
    forbidden(concat!("static.", "crates.io"), HOST),
    forbidden(concat!("index.", "crates.io"), HOST),
    forbidden(concat!("pypi.", "org"), HOST),
    forbidden(concat!("\"resol", "ved\":"), HOST),
    forbidden(concat!("Chat", "GPT"), TOOL),
    forbidden(concat!("Clau", "de"), TOOL),
    forbidden(concat!("language ", "model"), TOOL),
];

const fn forbidden(word: &'static str, why: &'static str) -> Forbidden {
    Forbidden {
        word,
        why,
        only_in: None,
    }
}

const fn in_code(word: &'static str, why: &'static str) -> Forbidden {
    Forbidden {
        word,
        why,
        only_in: Some("rs"),
    }
}

pub fn check(files: &[File]) -> Vec<String> {
    files.iter().flat_map(faults_of).collect()
}

fn faults_of(file: &File) -> Vec<String> {
    let applying: Vec<&Forbidden> = FORBIDDEN
        .iter()
        .filter(|rule| {
            rule.only_in
                .is_none_or(|extension| file.has_extension(extension))
        })
        .collect();
    let mut faults = Vec::new();
    for (index, line) in file.text.as_deref().unwrap_or_default().lines().enumerate() {
        for rule in applying.iter().filter(|rule| has_word(line, rule.word)) {
            faults.push(format!(
                "{}:{}: `{}`: {}",
                file.name(),
                index + 1,
                rule.word,
                rule.why
            ));
        }
    }
    faults
}

/// Whether the line holds the word by itself, not as the end of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let starts_plain = word.starts_with(|first: char| first.is_alphanumeric());
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !starts_plain || !before.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn work_left_undone_is_named_with_its_line() {
        let faults = check(&[file("a.rs", concat!("fn a() {\n    todo", "!()\n}\n"))]);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("a.rs:2: "), "{}", faults[0]);
    }

    #[test]
    fn a_rule_for_code_leaves_documents_alone() {
        assert!(check(&[file("a.md", concat!("`todo", "!()` stops a program\n"))]).is_empty());
    }

    #[test]
    fn a_path_of_one_machine_is_refused_anywhere() {
        assert_eq!(
            check(&[file("docs/a.md", concat!("see /ho", "me/someone/notes\n"))]).len(),
            1
        );
    }

    #[test]
    fn the_end_of_a_longer_word_is_no_match() {
        assert!(check(&[file("a.md", concat!("AU", "TO", "DO\n"))]).is_empty());
    }
}
