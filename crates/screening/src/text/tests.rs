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
