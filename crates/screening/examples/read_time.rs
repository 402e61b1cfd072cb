//! Measures the reading of a log: `read_time PATH [THREADS] [sort] [MEMORY]`, `read_time decode FILE`.

use std::fs::File;
use std::time::Instant;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use throughline_screening::block::Block;
use throughline_screening::read::{Clock, Coding, Reading, Setting, Sources};
use throughline_screening::vocabulary::{Attribute, AttributeId, AttributeKind, Vocabulary};

struct Words(Vec<String>);

impl Coding for Words {
    fn activity(&self, code: &[u8]) -> Option<u16> {
        let place = self.0.iter().position(|word| word.as_bytes() == code);
        Some(place.map_or(Block::UNKNOWN, |place| place as u16))
    }
    fn class_of(&self, _: AttributeId, value: Option<&[u8]>) -> u16 {
        value.map_or(0, |value| u16::from(value[0]))
    }
    fn wants_class(&self, attribute: AttributeId) -> bool {
        attribute.0 >= 2 && attribute.0 != 3
    }
    fn wants_hash(&self, attribute: AttributeId) -> bool {
        attribute.0 < 2
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let begin = Instant::now();
    if args[0] == "decode" {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&args[1]).unwrap()).unwrap();
        let mask = ProjectionMask::roots(builder.parquet_schema(), [0, 1, 2, 3, 4, 6, 7, 9]);
        let rows: usize = builder.with_projection(mask).with_batch_size(8192).build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        println!("decode alone: {rows} rows, {:?}", begin.elapsed());
        return;
    }
    let names = [("child", "child_key", AttributeKind::Key), ("suspect", "suspect_key", AttributeKind::Key), ("risk", "risk", AttributeKind::Value), ("agency", "agency", AttributeKind::Value), ("outcome", "outcome", AttributeKind::Value)];
    let vocabulary = Vocabulary {
        attributes: names.iter().map(|(name, column, kind)| Attribute { name: (*name).into(), column: (*column).into(), kind: *kind }).collect(),
        ..Vocabulary::default()
    };
    let words = Words("REFERRAL_RECEIVED ALLOCATED RISK_ASSESSED CHILD_SEEN CASE_TRANSFERRED REVIEW CASE_CLOSED REOPENED STRATEGY_DISCUSSION S47_STARTED S47_COMPLETED CONFERENCE CORE_GROUP REVIEW_CONFERENCE PLAN_AGREED CRIME_REPORTED CRIME_RECORDED SUSPECT_IDENTIFIED SUSPECT_ARRESTED SUSPECT_INTERVIEWED VICTIM_INFORMED MISSING_REPORTED MISSING_RETURNED RETURN_INTERVIEW POLICE_PROTECTION_TAKEN POLICE_PROTECTION_ENDED OFFENDER_RELEASED OFFENDER_RISK_ASSESSED OFFENDER_VISITED BREACH_REPORTED BREACH_ACTED_ON DETENTION_AUTHORISED DETENTION_REVIEWED APPROPRIATE_ADULT_REQUESTED APPROPRIATE_ADULT_ARRIVED CHARGED RELEASED BAIL_REFUSED MOVED_TO_COUNCIL".split(' ').map(str::to_owned).collect());
    let threads = args.get(1).map_or(1, |n| n.parse().unwrap());
    let memory = args.get(3).map_or(1 << 30, |n| n.parse().unwrap());
    let clock = Clock::new("Europe/London").unwrap();
    println!("clock {:?}", begin.elapsed());
    let setting = Setting::new(&words, &vocabulary, clock).threads(threads).memory(memory);
    let sources = Sources::find(&[&args[0]]).unwrap();
    let sort = args.get(2).is_some_and(|sort| sort == "sort");
    let reading = if sort { Reading::sorted(&sources, &setting).unwrap() } else { Reading::ordered(&sources, &setting) };
    reading.pieces().flatten().for_each(|block| drop(block.unwrap()));
    let report = reading.report();
    println!("{} events, {} cases, {} faults, spilled {}, {:?} ({:?})", report.events, report.cases, report.faults.rows.len(), report.spilled, begin.elapsed(), report.faults.counts());
}
