//! A sheet of rows with named fields, read from CSV or JSON, whose every complaint says which row and
//! field it means.

use super::fault::{Fault, Place, RowName};
use super::tree::Tree;
use std::collections::BTreeSet;
use throughline_stats::StatsError;

/// The field that says which rows belong to one figure; without it all rows do, or each row by itself.
pub const FIGURE: &str = "figure";

/// Rows of one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    source_name: String,
    fields: Vec<String>,
    rows: Vec<Cells>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cells {
    name: RowName,
    /// One for each field of the sheet; `None` where nothing is given.
    values: Vec<Option<String>>,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    cells: &'a Cells,
}

/// Rows that make one figure.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// The figure's name, where the input gives one.
    pub figure: Option<String>,
    /// Its rows, at least one.
    pub rows: Vec<Row<'a>>,
}

impl Sheet {
    /// Reads a sheet: JSON where the first character is `[` or `{`, else CSV with headings.
    ///
    /// # Errors
    /// When it is neither, is ragged, or has no row.
    pub fn read(source_name: &str, text: &str) -> Result<Self, Fault> {
        let text = text.trim_start_matches('\u{feff}');
        let sheet = match text.trim_start().chars().next() {
            Some('[' | '{') => read_json(source_name, text)?,
            _ => read_csv(source_name, text)?,
        };
        if sheet.rows.is_empty() {
            return Err(sheet.whole("it holds no row; give at least one below the headings"));
        }
        Ok(sheet)
    }

    /// Refuses fields that the command does not know, and needed ones that are nowhere.
    ///
    /// # Errors
    /// The first such field, and those that are known.
    pub fn check(&self, needed: &[&str], optional: &[&str]) -> Result<(), Fault> {
        let known: Vec<&str> = needed.iter().chain(optional).copied().collect();
        let list = || known.join(", ");
        for field in &self.fields {
            if field != FIGURE && !known.contains(&field.as_str()) {
                return Err(self.whole(&format!(
                    "the field {field:?} is not known here; there are {} and {FIGURE}",
                    list()
                )));
            }
        }
        match needed.iter().find(|field| !self.has(field)) {
            Some(field) => {
                Err(self.whole(&format!("the field {field} is missing; give {}", list())))
            }
            None => Ok(()),
        }
    }

    /// Whether there is such a field.
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|name| name == field)
    }

    /// The names of the fields.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// The rows.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let row = |cells| Row { sheet: self, cells };
        self.rows.iter().map(row).collect()
    }

    /// The rows of each figure, in the order of first appearance.
    pub fn figures(&self) -> Result<Vec<Group<'_>>, Fault> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for row in self.rows() {
            let figure = match self.has(FIGURE) {
                true => Some(row.text(FIGURE)?.to_owned()),
                false => None,
            };
            let place = *places.entry(figure.clone()).or_insert(groups.len());
            if place == groups.len() {
                let rows = Vec::new();
                groups.push(Group { figure, rows });
            }
            groups[place].rows.push(row);
        }
        Ok(groups)
    }

    /// A fault of the input as a whole.
    pub fn whole(&self, problem: &str) -> Fault {
        whole(&self.source_name, problem)
    }
}

impl<'a> Row<'a> {
    /// What the field holds, if anything.
    pub fn find(self, field: &str) -> Option<&'a str> {
        let place = self.sheet.fields.iter().position(|name| name == field)?;
        self.cells.values[place].as_deref()
    }

    /// A text.
    ///
    /// # Errors
    /// When the field is empty.
    pub fn text(self, field: &str) -> Result<&'a str, Fault> {
        self.find(field)
            .ok_or_else(|| self.fault(field, "is empty; every row needs it"))
    }

    /// A whole number from 0.
    ///
    /// # Errors
    /// When it is something else or empty.
    pub fn whole(self, field: &str) -> Result<u64, Fault> {
        let text = self.text(field)?;
        text.parse().map_err(|_| {
            self.fault(
                field,
                &format!("{text:?} is not a whole number; give a count such as 65"),
            )
        })
    }

    /// A whole number from 0, or nothing.
    ///
    /// # Errors
    /// When it is something else.
    pub fn find_whole(self, field: &str) -> Result<Option<u64>, Fault> {
        self.find(field).map(|_| self.whole(field)).transpose()
    }

    /// A finite number.
    ///
    /// # Errors
    /// When it is something else or empty.
    pub fn number(self, field: &str) -> Result<f64, Fault> {
        let text = self.text(field)?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| {
            self.fault(
                field,
                &format!("{text:?} is not a number; write it like 0.75, with a point"),
            )
        })
    }

    /// A finite number, or nothing.
    ///
    /// # Errors
    /// When it is something else.
    pub fn find_number(self, field: &str) -> Result<Option<f64>, Fault> {
        self.find(field).map(|_| self.number(field)).transpose()
    }

    /// Yes or no, or nothing: `yes`, `true` and `1`; `no`, `false` and `0`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn find_truth(self, field: &str) -> Result<Option<bool>, Fault> {
        match self.find(field) {
            None => Ok(None),
            Some("1" | "yes" | "true") => Ok(Some(true)),
            Some("0" | "no" | "false") => Ok(Some(false)),
            Some(other) => Err(self.fault(
                field,
                &format!("{other:?} is neither yes nor no; give 1 or 0"),
            )),
        }
    }

    /// One of the `known` names, as its place among them.
    ///
    /// # Errors
    /// When it is another or empty.
    pub fn one_of(self, field: &str, known: &[String]) -> Result<usize, Fault> {
        let text = self.text(field)?;
        known.iter().position(|name| name == text).ok_or_else(|| {
            self.fault(
                field,
                &format!("{text:?} is not known; there are {}", known.join(", ")),
            )
        })
    }

    /// What is wrong with a field of this row.
    pub fn fault(self, field: &str, problem: &str) -> Fault {
        Fault {
            source_name: self.sheet.source_name.clone(),
            place: Place::Field(self.cells.name, field.into()),
            problem: problem.into(),
        }
    }

    /// A fault of this row as the statistics find it.
    pub fn refused(self, error: &StatsError) -> Fault {
        Fault::of_rows(
            &self.sheet.source_name,
            self.cells.name,
            self.cells.name,
            error,
        )
    }
}

impl Group<'_> {
    /// A fault of these rows as the statistics find it.
    pub fn refused(&self, error: &StatsError) -> Fault {
        let (first, last) = (self.rows[0], self.rows[self.rows.len() - 1]);
        let mut fault = Fault::of_rows(
            &first.sheet.source_name,
            first.cells.name,
            last.cells.name,
            error,
        );
        if let Some(figure) = &self.figure {
            fault.problem = format!("figure {figure}: {}", fault.problem);
        }
        fault
    }
}

fn whole(source_name: &str, problem: &str) -> Fault {
    Fault {
        source_name: source_name.into(),
        place: Place::Whole,
        problem: problem.into(),
    }
}

fn read_csv(source_name: &str, text: &str) -> Result<Sheet, Fault> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| unreadable_csv(source_name, &error);
    let fields: Vec<String> = reader
        .headers()
        .map_err(unreadable)?
        .iter()
        .map(str::to_owned)
        .collect();
    check_fields(source_name, &fields)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let value = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
        rows.push(Cells {
            name: RowName::Line(line),
            values: record.iter().map(value).collect(),
        });
    }
    Ok(Sheet {
        source_name: source_name.into(),
        fields,
        rows,
    })
}

fn unreadable_csv(source_name: &str, error: &csv::Error) -> Fault {
    let place = error.position().map_or(Place::Whole, |position| {
        Place::Row(RowName::Line(position.line()))
    });
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "it has {len} fields but the headings are {expected_len}; give every row the same, and put texts with a comma in quotes"
        ),
        _ => format!("it is not CSV ({error})"),
    };
    Fault {
        source_name: source_name.into(),
        place,
        problem,
    }
}

fn check_fields(source_name: &str, fields: &[String]) -> Result<(), Fault> {
    if let [only] = fields
        && only.contains([';', '\t'])
    {
        return Err(whole(
            source_name,
            "its fields are set apart by semicolons or tabs; set them apart by commas",
        ));
    }
    let mut seen = BTreeSet::new();
    for (field, number) in fields.iter().zip(1..) {
        if field.is_empty() {
            return Err(whole(
                source_name,
                &format!("column {number} has no heading; name it or take it out"),
            ));
        }
        if !seen.insert(field) {
            return Err(whole(
                source_name,
                &format!("two columns are called {field}; rename one"),
            ));
        }
    }
    match fields.is_empty() {
        true => Err(whole(
            source_name,
            "it is empty; give CSV with headings, or JSON",
        )),
        false => Ok(()),
    }
}

fn read_json(source_name: &str, text: &str) -> Result<Sheet, Fault> {
    let tree: Tree = serde_json::from_str(text)
        .map_err(|error| whole(source_name, &format!("it is not JSON ({error})")))?;
    let entries = match tree {
        Tree::List(entries) => entries,
        one => vec![one],
    };
    let mut sheet = Sheet {
        source_name: source_name.into(),
        fields: Vec::new(),
        rows: Vec::new(),
    };
    for (entry, number) in entries.into_iter().zip(1..) {
        let name = RowName::Entry(number);
        let Tree::Record(record) = entry else {
            return Err(Fault {
                source_name: source_name.into(),
                place: Place::Row(name),
                problem: "it is not an object; give a list of objects with the same fields".into(),
            });
        };
        sheet.add(name, record)?;
    }
    let width = sheet.fields.len();
    for row in &mut sheet.rows {
        row.values.resize(width, None);
    }
    Ok(sheet)
}

impl Sheet {
    fn add(&mut self, name: RowName, record: Vec<(String, Tree)>) -> Result<(), Fault> {
        let mut values = vec![None; self.fields.len()];
        for (field, value) in record {
            if value.is_nested() {
                return Err(Fault {
                    source_name: self.source_name.clone(),
                    place: Place::Field(name, field),
                    problem: "it holds other values; give a number or a text".into(),
                });
            }
            let text = value.scalar().filter(|text| !text.is_empty());
            match self.fields.iter().position(|known| *known == field) {
                Some(place) => values[place] = text,
                None => {
                    self.fields.push(field);
                    values.push(text);
                }
            }
        }
        self.rows.push(Cells { name, values });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        Sheet::read("cases.csv", text).unwrap_err().to_string()
    }

    #[test]
    fn json_and_csv_of_the_same_rows_are_the_same_rows() {
        let csv = Sheet::read("x", "\u{feff}k, n,population\n3,10,\n4,10,20\n").unwrap();
        let json =
            r#"[{"k": 3, "n": 10, "population": null}, {"k": 4, "n": 10, "population": 20}]"#;
        let json = Sheet::read("x", json).unwrap();
        for sheet in [csv, json] {
            assert_eq!(sheet.fields(), ["k", "n", "population"]);
            let rows = sheet.rows();
            assert_eq!(rows[0].whole("k"), Ok(3));
            assert_eq!(rows[0].find_whole("population"), Ok(None));
            assert_eq!(rows[1].find_whole("population"), Ok(Some(20)));
        }
    }

    #[test]
    fn a_ragged_table_names_its_line() {
        let said = refusal("k,n\n3,10\n4\n");
        assert!(
            said.starts_with("cases.csv, line 3: it has 1 fields"),
            "{said}"
        );
        let said = refusal(r#"[{"k": [1]}]"#);
        assert!(
            said.starts_with("cases.csv, row 1, field k: it holds"),
            "{said}"
        );
        assert!(refusal("[3]").contains("row 1: it is not an object"));
        assert!(refusal("[{]").contains("is not JSON"));
        assert!(refusal(r#"[{"k": 1, "k": 2}]"#).contains("stands twice"));
        assert!(refusal("").contains("is empty"));
        assert!(refusal("k,n\n").contains("no row"));
        assert!(refusal("k,k\n1,2").contains("two columns are called k"));
        assert!(refusal("k,\n1,2").contains("column 2 has no heading"));
    }

    #[test]
    fn a_value_that_is_no_number_names_its_row_and_field() {
        let sheet = Sheet::read("cases.csv", "k,w,yes\nthree,NaN,maybe\n,inf,\n").unwrap();
        let rows = sheet.rows();
        let said = rows[0].whole("k").unwrap_err().to_string();
        assert_eq!(
            said,
            "cases.csv, line 2, field k: \"three\" is not a whole number; give a count such as 65"
        );
        assert!(rows[0].number("w").is_err() && rows[1].number("w").is_err());
        assert!(rows[0].find_truth("yes").is_err());
        assert!(
            rows[1]
                .whole("k")
                .unwrap_err()
                .to_string()
                .contains("line 3, field k: is empty")
        );
    }

    #[test]
    fn an_unknown_and_a_missing_field_are_named_with_those_known() {
        let sheet = Sheet::read("cases.csv", "k,nn\n1,2\n").unwrap();
        let said = sheet.check(&["k", "n"], &[]).unwrap_err().to_string();
        assert!(
            said.contains("\"nn\" is not known here; there are k, n and figure"),
            "{said}"
        );
        let said = sheet.check(&["k", "n"], &["nn"]).unwrap_err().to_string();
        assert!(said.contains("the field n is missing"), "{said}");
    }
}
