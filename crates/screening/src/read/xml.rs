//! What XES and OCEL have in common as XML.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::bounded::{Allowance, Metered};
use super::error::ReadError;

/// An XML file read from its beginning to its end.
pub(super) struct XmlInput {
    reader: quick_xml::Reader<BufReader<Metered>>,
    allowance: Allowance,
    buffer: Vec<u8>,
    path: PathBuf,
    /// How many elements are open.
    depth: u64,
}

/// What comes next.
pub(super) enum Node {
    /// An element begins: its name without prefix, and its attributes.
    Begin(String, Vec<(String, String)>),
    /// An element ends.
    End(String),
    Text(String),
    Finish,
}

impl XmlInput {
    pub fn new(input: Box<dyn Read + Send>, path: &Path) -> Self {
        let (input, allowance) = Metered::new(input);
        let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(1 << 16, input));
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            allowance,
            buffer: Vec::new(),
            path: path.to_owned(),
            depth: 0,
        }
    }

    /// What comes next. A file that breaks off is an error: what was in the rest of it would be said
    /// not to have been done.
    pub fn next(&mut self) -> Result<Node, ReadError> {
        let node = self.next_node()?;
        match node {
            Node::Begin(..) => self.depth += 1,
            Node::End(_) => self.depth = self.depth.saturating_sub(1),
            Node::Finish if self.depth > 0 => {
                return Err(self.malformed("it breaks off: an element is not closed"));
            }
            Node::Text(_) | Node::Finish => {}
        }
        Ok(node)
    }

    fn next_node(&mut self) -> Result<Node, ReadError> {
        loop {
            self.buffer.clear();
            self.allowance.renew();
            let event = self.reader.read_event_into(&mut self.buffer);
            let node = match event {
                Ok(Event::Start(tag)) => attributes(&tag).map(|attributes| {
                    Some(Node::Begin(
                        tag.local_name().as_ref().to_owned(),
                        attributes,
                    ))
                }),
                Ok(Event::End(tag)) => Ok(Some(Node::End(tag.local_name().as_ref().to_owned()))),
                Ok(Event::Text(text)) => Ok(Some(Node::Text(text.xml10_content().into_owned()))),
                Ok(Event::CData(text)) => Ok(Some(Node::Text(text.xml10_content().into_owned()))),
                Ok(Event::GeneralRef(entity)) => {
                    match entity.resolve_char_ref() {
                        Ok(Some(letter)) => Ok(Some(Node::Text(letter.to_string()))),
                        Ok(None) => Ok(resolve_predefined_entity(&entity)
                            .map(|text| Node::Text(text.to_owned()))),
                        Err(error) => Err(error.to_string()),
                    }
                }
                Ok(Event::Eof) => Ok(Some(Node::Finish)),
                Ok(_) => Ok(None),
                Err(error) => Err(error.to_string()),
            };
            match node {
                Ok(Some(node)) => return Ok(node),
                Ok(None) => {}
                Err(problem) => return Err(self.malformed(problem)),
            }
        }
    }

    pub fn malformed(&self, problem: impl ToString) -> ReadError {
        let place = format!("byte {}", self.reader.buffer_position());
        ReadError::malformed(&self.path, place, problem)
    }
}

fn attributes(tag: &BytesStart) -> Result<Vec<(String, String)>, String> {
    tag.attributes()
        .map(|attribute| {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            Ok((attribute.key.as_ref().to_owned(), value.into_owned()))
        })
        .collect()
}

/// The value of an attribute, empty if there is none.
pub(super) fn value<'a>(attributes: &'a [(String, String)], name: &str) -> &'a str {
    attributes
        .iter()
        .find(|(other, _)| other == name)
        .map_or("", |(_, value)| value)
}
