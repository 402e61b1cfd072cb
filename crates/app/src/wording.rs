//! Words that the program puts together, as people write them.

/// A text with a capital letter at its beginning.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// A sentence from the words of a fault.
pub fn sentence(words: &str) -> String {
    format!("{}.", capital(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentence_begins_with_a_capital_and_ends_with_a_stop() {
        assert_eq!(sentence("élan is missing"), "Élan is missing.");
        assert_eq!(capital(""), "");
    }
}
