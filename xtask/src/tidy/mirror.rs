//! How long our files and functions are: a mirror to look into, not a gate.

use super::File;

const LONGEST_SHOWN: usize = 5;

struct Function {
    place: String,
    lines: usize,
}

/// The figures as a short paragraph, with the longest functions.
pub fn describe(files: &[File]) -> String {
    let code: Vec<&File> = files
        .iter()
        .filter(|file| file.has_extension("rs"))
        .collect();
    let mut functions: Vec<Function> = code.iter().flat_map(|file| functions_in(file)).collect();
    functions.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.place.cmp(&b.place)));
    let file_lines = code
        .iter()
        .map(|file| file.text.as_deref().unwrap_or_default().lines().count());
    let mut text = format!(
        "{}\n{}",
        summary("files", file_lines.collect()),
        summary(
            "functions",
            functions.iter().map(|function| function.lines).collect()
        ),
    );
    for Function { place, lines } in functions.iter().take(LONGEST_SHOWN) {
        text.push_str(&format!("\n  {lines:>4} lines  {place}"));
    }
    text
}

fn summary(what: &str, mut lines: Vec<usize>) -> String {
    lines.sort_unstable();
    let at = |percent: usize| {
        let index = (lines.len() * percent).div_ceil(100).saturating_sub(1);
        lines.get(index).copied().unwrap_or(0)
    };
    format!(
        "{} {what}: half have at most {} lines, 95 % at most {}, the longest {}",
        lines.len(),
        at(50),
        at(95),
        at(100),
    )
}

/// Reads functions by the shape that the formatter gives them: a function ends at the
/// closing brace that stands as far in as its first line.
fn functions_in(file: &File) -> Vec<Function> {
    let lines: Vec<&str> = file.text.as_deref().unwrap_or_default().lines().collect();
    let mut functions = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let Some(length) = length_of(&lines[start..]) else {
            continue;
        };
        functions.push(Function {
            place: format!("{}:{} {name}", file.name(), start + 1),
            lines: length,
        });
    }
    functions
}

fn function_name(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    while let Some((word, after)) = rest.split_once(' ') {
        let qualifier =
            matches!(word, "pub" | "const" | "async" | "unsafe") || word.starts_with("pub(");
        if word == "fn" {
            let end = after.find(['(', '<'])?;
            return Some(&after[..end]);
        }
        if !qualifier {
            return None;
        }
        rest = after;
    }
    None
}

/// The number of lines of the function that starts the slice; one without a body has none.
fn length_of(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?;
    let indent = first.len() - first.trim_start().len();
    if first.trim_end().ends_with('}') {
        return Some(1);
    }
    for (index, line) in lines.iter().enumerate() {
        if index == 0 && line.ends_with(';') {
            return None;
        }
        let here = line.len() - line.trim_start().len();
        if index > 0 && here == indent {
            match line.trim() {
                "}" => return Some(index + 1),
                text if text.ends_with(';') => return None,
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn lengths(text: &str) -> Vec<(String, usize)> {
        functions_in(&file("a.rs", text))
            .into_iter()
            .map(|function| (function.place, function.lines))
            .collect()
    }

    #[test]
    fn functions_and_methods_are_measured_with_their_signature() {
        let text = "pub(crate) async fn a<T>(\n    t: T,\n) {\n    b();\n}\n\nimpl A {\n    fn b() {\n    }\n}\n";
        assert_eq!(
            lengths(text),
            [("a.rs:1 a".to_owned(), 5), ("a.rs:8 b".to_owned(), 2)]
        );
    }

    #[test]
    fn one_line_counts_and_a_declaration_without_a_body_does_not() {
        assert_eq!(lengths("fn a() {}\n"), [("a.rs:1 a".to_owned(), 1)]);
        assert!(
            lengths("trait A {\n    fn a(\n        &self,\n    ) -> u8;\n    fn b(&self);\n}\n")
                .is_empty()
        );
    }

    #[test]
    fn half_and_nearly_all_are_read_off_the_sorted_lengths() {
        let text = summary("files", vec![9, 1, 2, 3]);
        assert_eq!(
            text,
            "4 files: half have at most 2 lines, 95 % at most 9, the longest 9"
        );
    }
}
