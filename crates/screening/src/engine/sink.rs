//! Where findings go.

use std::convert::Infallible;

use super::finding::Finding;

/// Takes findings.
///
/// They come in two streams, one after the other. First, while the events are read, those of the
/// standards that look at one case, through [`case`](Self::case). When all events have been read,
/// those of the standards that look across cases, through [`across`](Self::across): only then is it
/// known what they are. In each stream cases come in ascending order of the bytes of their
/// reference, each once, and only if there is a finding; the findings of a case in the order of the
/// standards in the library, and of one standard in the order of the activating events: by their
/// first possible instant, last possible instant and activity. Whoever wants one list merges the
/// two.
pub trait Sink {
    /// Why it may fail.
    type Error;

    /// Whether findings are wanted; if not, neither method is called.
    fn wants_findings(&self) -> bool {
        true
    }

    /// Takes the findings on one case.
    ///
    /// # Errors
    ///
    /// Where they cannot be kept; the screening stops.
    fn case(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Self::Error>;

    /// Takes the findings that belong to one case from what happened across cases.
    ///
    /// # Errors
    ///
    /// Where they cannot be kept; the screening stops.
    fn across(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Self::Error>;
}

/// Wants no findings but only the counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountsOnly<E = Infallible>(std::marker::PhantomData<fn() -> E>);

impl<E> CountsOnly<E> {
    /// A sink that wants nothing.
    pub const fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<E> Sink for CountsOnly<E> {
    type Error = E;

    fn wants_findings(&self) -> bool {
        false
    }

    fn case(&mut self, _: &str, _: &[Finding]) -> Result<(), E> {
        Ok(())
    }

    fn across(&mut self, _: &str, _: &[Finding]) -> Result<(), E> {
        Ok(())
    }
}
