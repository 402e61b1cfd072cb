//! What is read, and what is said of what cannot be read.

mod broken;
mod said;

use super::*;
use crate::standard::Rule;

const HEAD: &str = "\
library \"Test\" version \"1\"
zone Europe/London
activities
  REFERRED  referral is received, referral, referrals
  SEEN      child is seen, sight of the child
  VISITED   offender is visited, visit to the offender
  CLOSED    case is closed, closure
  SUSPECT   suspect is identified, identified suspect
  TALKED    return interview is held, return interview
  RETURNED  missing child returns, return
attributes
  risk in column risk
  risk level in column level
  age in column age
  officer in column officer_key, a key
  suspect in column suspect_key, a key
";

/// A library with one standard of this sentence.
fn with_sentence(sentence: &str) -> String {
    format!("{HEAD}standard T1\n  title  Test\n  {sentence}\n")
}

fn rule(sentence: &str) -> Rule {
    match parse(&with_sentence(sentence)) {
        Ok(library) => library.standards[0].rule.clone(),
        Err(faults) => panic!("{faults}"),
    }
}

fn faults(text: &str) -> Vec<Fault> {
    match parse(text) {
        Ok(library) => panic!("nothing is wrong with {library:?}"),
        Err(faults) => faults.0,
    }
}

const ADDED: &str = "standard N1
  title Return interview within a day
  when a missing child returns, a return interview within 24 hours";

#[test]
fn standards_are_added_to_a_library_with_the_lines_of_their_own_text() {
    let base = Library::shipped();
    let whole = extend(base, ADDED).expect("standards");
    assert_eq!(whole.standards.len(), base.standards.len() + 1);
    assert_eq!(whole.standards[base.standards.len()].line, 1);
    assert_eq!(&extend(base, "").expect("nothing"), base);
    let faults = |text: &str| {
        let Faults(faults) = extend(base, text).expect_err("a fault");
        faults
    };
    let wrong = faults(&ADDED.replace("return interview within", "retrun interview within"));
    assert_eq!((wrong[0].line, wrong.len()), (3, 1));
    let id = &base.standards[0].id;
    assert_eq!(faults(&ADDED.replace("N1", id))[0].line, 1);
    assert_eq!(faults(&format!("zone Europe/Paris\n{ADDED}"))[0].line, 1);
}

#[test]
fn an_indented_first_line_changes_no_standard_of_the_library() {
    let Faults(faults) =
        extend(Library::shipped(), &format!("  title Another\n{ADDED}")).expect_err("a fault");
    assert_eq!((faults[0].line, faults.len()), (1, 1));
}
