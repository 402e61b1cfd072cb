use super::*;

/// The key, text and note that Go's `sumdb/note` documents and tests with.
const KNOWN_SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const KNOWN_VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const KNOWN_TEXT: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n";
const KNOWN_SIGNATURE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn known_key() -> SigningKey {
    let bytes = STANDARD.decode(KNOWN_SEED).expect("base64");
    let seed = bytes[1..].try_into().expect("32 bytes");
    SigningKey::from_seed("PeterNeumann", seed).expect("a good name")
}

fn known_note() -> String {
    format!("{KNOWN_TEXT}\n{KNOWN_SIGNATURE}")
}

#[test]
fn we_sign_the_same_bytes_as_others() {
    assert_eq!(known_key().vkey(), KNOWN_VKEY);
    assert_eq!(known_key().sign(KNOWN_TEXT), Ok(known_note()));
}

#[test]
fn we_believe_what_others_signed() {
    let key: VerifyingKey = KNOWN_VKEY.parse().expect("a known key");
    assert_eq!(key, known_key().verifying_key());
    assert_eq!(key.verify(&known_note()), Ok(KNOWN_TEXT));
}

#[test]
fn no_part_of_a_key_may_be_altered_or_missing() {
    for at in 0..KNOWN_VKEY.len() {
        let mut bytes = KNOWN_VKEY.as_bytes().to_vec();
        bytes[at] += 1;
        let altered = String::from_utf8(bytes).expect("ASCII");
        assert!(altered.parse::<VerifyingKey>().is_err(), "{altered}");
        assert!(KNOWN_VKEY[..at].parse::<VerifyingKey>().is_err());
        assert!(KNOWN_VKEY[at + 1..].parse::<VerifyingKey>().is_err());
    }
}

#[test]
fn a_key_says_what_is_wrong_with_it() {
    let parse = |text: &str| text.parse::<VerifyingKey>();
    assert_eq!(parse("name+hash"), Err(NoteError::KeyShape));
    assert_eq!(parse("name+c74f20a3+AAAA"), Err(NoteError::KeyBytes));
    let misprint = KNOWN_VKEY.replace("c74f20a3", "c74f20a4");
    let (expected, found) = ("c74f20a3".to_owned(), "c74f20a4".to_owned());
    assert_eq!(
        parse(&misprint),
        Err(NoteError::KeyHash { expected, found })
    );
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{1}b"] {
        let error = SigningKey::from_seed(name, &[0; 32]).expect_err(name);
        assert_eq!(error, NoteError::Name(name.to_owned()));
    }
}

#[test]
fn an_altered_text_or_signature_is_called_forged() {
    let key = known_key().verifying_key();
    let forged = Err(NoteError::Forged {
        key: "PeterNeumann+c74f20a3".to_owned(),
    });
    assert_eq!(key.verify(&known_note().replace("don't", "do")), forged);
    assert_eq!(
        key.verify(&known_note().replace("SffcvIA", "SffcvIB")),
        forged
    );
    let twice = format!(
        "{}{}",
        known_note(),
        KNOWN_SIGNATURE.replace("go/Z", "go/a")
    );
    assert_eq!(key.verify(&twice), forged);
}

#[test]
fn another_signature_does_not_count_and_does_not_harm() {
    let other = SigningKey::from_seed("witness.example", &[9; 32]).expect("a good name");
    let only_other = other.sign(KNOWN_TEXT).expect("a good text");
    let key = known_key().verifying_key();
    let unsigned = NoteError::Unsigned {
        key: "PeterNeumann+c74f20a3".to_owned(),
    };
    assert_eq!(key.verify(&only_other), Err(unsigned));
    assert_eq!(
        key.verify(&format!("{only_other}{KNOWN_SIGNATURE}")),
        Ok(KNOWN_TEXT)
    );
}

#[test]
fn a_malformed_note_is_refused_with_its_line() {
    let key = known_key().verifying_key();
    let note = known_note();
    for shapeless in [
        "",
        KNOWN_TEXT,
        "text\n\n",
        note.trim_end(),
        &note.replace('k', "\t"),
    ] {
        assert_eq!(
            key.verify(shapeless),
            Err(NoteError::Shape),
            "{shapeless:?}"
        );
    }
    for second in [
        "x",
        "\u{2014} name",
        "\u{2014} name ####",
        "\u{2014} name AAAA",
        "- n AAAAAAAA",
    ] {
        let malformed = NoteError::SignatureLine { line: 2 };
        assert_eq!(
            key.verify(&format!("{note}{second}\n")),
            Err(malformed),
            "{second}"
        );
    }
}

#[test]
fn only_a_text_that_can_be_read_back_is_signed() {
    for text in ["", "no newline", "carriage\r\n", "tab\t\n"] {
        assert_eq!(known_key().sign(text), Err(NoteError::Text));
    }
    let with_empty_lines = known_key()
        .sign("a\n\n\u{2014} b\n\n")
        .expect("a good text");
    let key = known_key().verifying_key();
    assert_eq!(key.verify(&with_empty_lines), Ok("a\n\n\u{2014} b\n\n"));
}

#[test]
fn a_secret_key_does_not_show_its_seed() {
    let shown = format!("{:?}", known_key());
    assert_eq!(shown, format!("SigningKey({KNOWN_VKEY}, secret)"));
}
