//! Events from OCEL 2.0 logs (JSON and XML), which are held in memory. Objects of the type `case`
//! are the cases; an event that concerns several stands in each.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use super::chunk::Chunk;
use super::csv::is_yes;
use super::error::ReadError;
use super::fault::Origin;
use super::row::{Row, Rows};
use super::setting::Setting;
use super::xml::{Node, XmlInput, value};

#[derive(Default)]
struct Log {
    objects: Vec<Object>,
    events: Vec<LoggedEvent>,
}

#[derive(Deserialize)]
struct JsonLog {
    objects: Option<Vec<Object>>,
    events: Option<Vec<LoggedEvent>>,
}

const OTHER_FORM: &str =
    "it is no log in the form of OCEL 2.0, which has `objects` and `events`; convert version 1";

#[derive(Deserialize)]
struct Object {
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Default, Deserialize)]
struct LoggedEvent {
    #[serde(rename = "type")]
    kind: String,
    time: String,
    #[serde(default)]
    attributes: Vec<Attribute>,
    #[serde(default)]
    relationships: Vec<Relationship>,
}

#[derive(Default, Deserialize)]
struct Attribute {
    name: String,
    value: serde_json::Value,
}

#[derive(Deserialize)]
struct Relationship {
    #[serde(rename = "objectId")]
    object: String,
}

/// Reads a log in JSON.
pub(super) fn read_json(
    mut input: Box<dyn Read + Send>,
    path: &Path,
    file: u32,
    setting: &Setting,
    rows: &mut Rows,
) -> Result<Vec<Chunk>, ReadError> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(ReadError::io(path))?;
    let log: JsonLog = serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        ReadError::malformed(path, place, error)
    })?;
    drop(bytes);
    let (Some(objects), Some(events)) = (log.objects, log.events) else {
        return Err(ReadError::malformed(path, "its beginning", OTHER_FORM));
    };
    Log { objects, events }.read(path, file, setting, rows)
}

/// Reads a log in XML.
pub(super) fn read_xml(
    input: Box<dyn Read + Send>,
    path: &Path,
    file: u32,
    setting: &Setting,
    rows: &mut Rows,
) -> Result<Vec<Chunk>, ReadError> {
    let mut input = XmlInput::new(input, path);
    let mut log = Log::default();
    let (mut inside_events, mut has_events) = (false, false);
    loop {
        match input.next()? {
            Node::Begin(name, attributes) => match name.as_str() {
                "events" => (inside_events, has_events) = (true, true),
                "object" if !inside_events => log.objects.push(Object {
                    id: value(&attributes, "id").to_owned(),
                    kind: value(&attributes, "type").to_owned(),
                }),
                "event" if inside_events => log.events.push(LoggedEvent {
                    kind: value(&attributes, "type").to_owned(),
                    time: value(&attributes, "time").to_owned(),
                    ..LoggedEvent::default()
                }),
                _ if inside_events => log.add_part(&name, &attributes),
                _ => {}
            },
            Node::Text(text) if inside_events => log.add_text(&text),
            Node::Text(_) => {}
            Node::End(name) => inside_events &= name != "events",
            Node::Finish if has_events => break,
            Node::Finish => return Err(input.malformed(OTHER_FORM)),
        }
    }
    log.read(path, file, setting, rows)
}

impl Log {
    /// Adds an attribute or a relationship to the last event.
    fn add_part(&mut self, name: &str, attributes: &[(String, String)]) {
        let Some(event) = self.events.last_mut() else {
            return;
        };
        match name {
            "attribute" => event.attributes.push(Attribute {
                name: value(attributes, "name").to_owned(),
                value: String::new().into(),
            }),
            "relationship" => event.relationships.push(Relationship {
                object: value(attributes, "object-id").to_owned(),
            }),
            _ => {}
        }
    }

    /// Text belongs to the last attribute.
    fn add_text(&mut self, text: &str) {
        let attribute = self.events.last_mut().and_then(|e| e.attributes.last_mut());
        if let Some(Attribute {
            value: serde_json::Value::String(value),
            ..
        }) = attribute
        {
            value.push_str(text.trim());
        }
    }

    fn read(
        &self,
        path: &Path,
        file: u32,
        setting: &Setting,
        rows: &mut Rows,
    ) -> Result<Vec<Chunk>, ReadError> {
        let case = match setting.columns.named[0] {
            true => setting.columns.case.as_str(),
            false => "case",
        };
        let named = self.objects.iter().filter(|object| !object.id.is_empty());
        let kinds: HashMap<&str, &str> = named
            .map(|object| (object.id.as_str(), object.kind.as_str()))
            .collect();
        if !self.events.is_empty() && !kinds.values().any(|kind| *kind == case) {
            let problem = format!(
                "there is no object of the type `{case}`; name the type of the cases with \
                 --column case_reference=TYPE"
            );
            return Err(ReadError::malformed(path, "its objects", problem));
        }
        let mut chunk = Chunk::new(&setting.wants);
        for (place, event) in self.events.iter().enumerate() {
            let origin = Origin::new(file, place as u64 + 1);
            event.read(origin, case, &kinds, setting, rows, &mut chunk);
        }
        Ok(vec![chunk])
    }
}

impl LoggedEvent {
    fn read(
        &self,
        origin: Origin,
        case: &str,
        kinds: &HashMap<&str, &str>,
        setting: &Setting,
        rows: &mut Rows,
        chunk: &mut Chunk,
    ) {
        let columns = &setting.columns;
        let attributes = &setting.vocabulary.attributes;
        let texts: Vec<String> = columns
            .attributes
            .iter()
            .zip(attributes)
            .map(|(column, attribute)| {
                let names = [column.as_str(), attribute.name.as_str()];
                self.find(&names)
                    .or_else(|| self.find_object(&names, kinds).map(str::to_owned))
                    .unwrap_or_default()
            })
            .collect();
        let named = |given: bool, column: &str, usual: &str| match given {
            true => self.find(&[column]).unwrap_or_default(),
            false => usual.to_owned(),
        };
        let [_, activity, time] = columns.named;
        let activity = named(activity, &columns.activity, &self.kind);
        let time = named(time, &columns.time, &self.time);
        let recorded_at = self.find(&[&columns.recorded_at]).unwrap_or_default();
        let date_only = self.find(&[&columns.date_only]).unwrap_or_default();
        for attribute in &self.attributes {
            let name = attribute.name.as_str();
            let own = [&columns.recorded_at, &columns.date_only];
            let known = own.iter().any(|column| *column == name)
                || columns.attributes.iter().any(|column| column == name)
                || attributes.iter().any(|known| known.name == name)
                || [&columns.activity, &columns.time]
                    .iter()
                    .any(|column| *column == name);
            if !known {
                rows.note_unused(name);
            }
        }
        let mut push = |case: &str| {
            let row = Row {
                origin,
                case: case.as_bytes(),
                time: time.as_bytes(),
                date_only: is_yes(date_only.as_bytes()),
                recorded_at: recorded_at.as_bytes(),
                activity: activity.as_bytes(),
                misshapen: false,
            };
            rows.push(chunk, &row, |attribute| texts[attribute].as_bytes());
        };
        let mut cases: Vec<&str> = self
            .relationships
            .iter()
            .map(|relationship| relationship.object.as_str())
            .filter(|object| kinds.get(object) == Some(&case))
            .collect();
        cases.sort_unstable();
        cases.dedup();
        if cases.is_empty() {
            push("");
        }
        cases.into_iter().for_each(push);
    }

    fn find(&self, names: &[&str]) -> Option<String> {
        let attribute = self
            .attributes
            .iter()
            .find(|attribute| names.contains(&attribute.name.as_str()))?;
        Some(match &attribute.value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        })
    }

    fn find_object<'l>(&'l self, types: &[&str], kinds: &HashMap<&str, &str>) -> Option<&'l str> {
        self.relationships
            .iter()
            .map(|relationship| relationship.object.as_str())
            .find(|object| kinds.get(object).is_some_and(|kind| types.contains(kind)))
    }
}
