//! Decodes all columns of a CSV file as texts, with arrow-csv, and counts the rows.

use std::fs::File;
use std::sync::Arc;

use arrow_csv::ReaderBuilder;
use arrow_csv::reader::Format;
use arrow_schema::{DataType, Field, Schema};

fn main() {
    let path = std::env::args().nth(1).expect("the file to decode");
    let open = || File::open(&path).expect("the file opens");
    let format = Format::default().with_header(true);
    let (found, _) = format.infer_schema(open(), Some(1)).expect("a header");
    let text = |name: &String| Field::new(name, DataType::Utf8, true);
    let names = found.fields().iter().map(|field| text(field.name()));
    let schema = Arc::new(Schema::new(names.collect::<Vec<_>>()));
    let reader = ReaderBuilder::new(schema).with_header(true).with_batch_size(1 << 16);
    let batches = reader.build(open()).expect("a reader");
    let rows: usize = batches.map(|batch| batch.expect("a batch").num_rows()).sum();
    println!("rows,{rows}");
}
