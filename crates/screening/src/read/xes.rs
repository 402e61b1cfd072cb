//! Events from XES (IEEE 1849) logs, as a stream. A trace is a case.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;

use super::chunk::Chunk;
use super::csv::is_yes;
use super::error::ReadError;
use super::fault::Origin;
use super::row::{Row, Rows};
use super::setting::Setting;
use super::xml::{Node, XmlInput, value};

/// How many events a chunk has at most.
const CHUNK: usize = 1 << 15;

/// An XES log while it is read.
pub(super) struct Xes<'s> {
    input: XmlInput,
    setting: &'s Setting<'s>,
    file: u32,
    /// The places in [`Texts`] of each key of an attribute.
    places: HashMap<String, Vec<usize>>,
    trace: Texts,
    event: Texts,
    inside: Inside,
    /// Whether the element of the log has begun.
    is_log: bool,
    /// How many attributes are open around the next one.
    depth: usize,
    row: u64,
    /// Keys that nothing is read from.
    unused: BTreeSet<String>,
}

/// The texts of a trace or an event: case, activity, time, whether only a day, recorded at, then
/// the attributes of the vocabulary.
type Texts = Vec<String>;

const SPINE: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Log,
    Trace,
    Event,
}

impl<'s> Xes<'s> {
    pub fn begin(
        input: Box<dyn Read + Send>,
        path: &Path,
        file: u32,
        setting: &'s Setting<'s>,
    ) -> Self {
        let columns = &setting.columns;
        let [case, activity, time] = columns.named;
        let name = |named: bool, given: &str, usual: &str| match named {
            true => given.to_owned(),
            false => usual.to_owned(),
        };
        let keys = [
            name(case, &columns.case, "concept:name"),
            name(activity, &columns.activity, "concept:name"),
            name(time, &columns.time, "time:timestamp"),
            columns.date_only.clone(),
            columns.recorded_at.clone(),
        ];
        let keys = keys.into_iter().chain(columns.attributes.iter().cloned());
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, key) in keys.enumerate() {
            places.entry(key).or_default().push(place);
        }
        let texts = vec![String::new(); SPINE + columns.attributes.len()];
        Self {
            input: XmlInput::new(input, path),
            setting,
            file,
            places,
            trace: texts.clone(),
            event: texts,
            inside: Inside::Log,
            is_log: false,
            depth: 0,
            row: 0,
            unused: BTreeSet::new(),
        }
    }

    /// The next events.
    pub fn next_chunk(&mut self, rows: &mut Rows) -> Result<Option<Chunk>, ReadError> {
        let mut chunk = Chunk::new(&self.setting.wants);
        while chunk.block.len() < CHUNK {
            match self.input.next()? {
                Node::Begin(name, attributes) => self.begin_element(&name, &attributes),
                Node::End(name) => self.end_element(&name, rows, &mut chunk),
                Node::Text(_) => {}
                Node::Finish if !self.is_log => {
                    return Err(self.input.malformed("there is no log in it"));
                }
                Node::Finish => break,
            }
        }
        let unused = std::mem::take(&mut self.unused);
        unused.iter().for_each(|key| rows.note_unused(key));
        Ok((!chunk.block.is_empty()).then_some(chunk))
    }

    fn begin_element(&mut self, name: &str, attributes: &[(String, String)]) {
        match (name, self.inside) {
            ("log", Inside::Log) => self.is_log = true,
            ("trace", Inside::Log) => {
                self.inside = Inside::Trace;
                self.trace.iter_mut().for_each(String::clear);
            }
            ("event", Inside::Trace) => {
                self.inside = Inside::Event;
                self.row += 1;
                self.event.iter_mut().for_each(String::clear);
            }
            _ => {
                if self.depth == 0 {
                    self.take(value(attributes, "key"), value(attributes, "value"));
                }
                self.depth += 1;
            }
        }
    }

    fn take(&mut self, key: &str, text: &str) {
        let texts = match self.inside {
            Inside::Log => return,
            Inside::Trace => &mut self.trace,
            Inside::Event => &mut self.event,
        };
        match self.places.get(key) {
            Some(places) => {
                for place in places {
                    text.clone_into(&mut texts[*place]);
                }
            }
            None if self.unused.contains(key) => {}
            None => {
                self.unused.insert(key.to_owned());
            }
        }
    }

    fn end_element(&mut self, name: &str, rows: &mut Rows, chunk: &mut Chunk) {
        match (name, self.inside) {
            ("event", Inside::Event) => {
                self.inside = Inside::Trace;
                self.push(rows, chunk);
            }
            ("trace", Inside::Trace) => self.inside = Inside::Log,
            ("log", Inside::Log) => {}
            _ => self.depth = self.depth.saturating_sub(1),
        }
    }

    fn push(&self, rows: &mut Rows, chunk: &mut Chunk) {
        let event = &self.event;
        let row = Row {
            origin: Origin::new(self.file, self.row),
            case: self.trace[0].as_bytes(),
            activity: event[1].as_bytes(),
            time: event[2].as_bytes(),
            date_only: is_yes(event[3].as_bytes()),
            recorded_at: event[4].as_bytes(),
            misshapen: false,
        };
        // What stands with the trace holds for its events, unless they say otherwise.
        rows.push(chunk, &row, |attribute| {
            let place = SPINE + attribute;
            match event[place].is_empty() {
                true => self.trace[place].as_bytes(),
                false => event[place].as_bytes(),
            }
        });
    }
}
