//! The data to download, with a description of every column.

use super::super::open_data::{self, LICENCE, Listed};
use super::super::public::{CSV, JSON, PLAIN, PublicVisit, XLSX};
use crate::error::Error;
use crate::journal::checkpoint::{self, Published};
use crate::web::{At, Page, PageResult, Routes};
use askama::Template;
use throughline_domain::access::Action;
use throughline_reports::document::Document;
use throughline_reports::table::data_dictionary;

/// The routes of the data.
pub fn routes() -> Routes {
    Routes::new()
        .get("/published/data", Action::ReadPublished, list)
        .get("/published/data/{file}", Action::ReadPublished, download)
        .get(
            "/published/checkpoint",
            Action::ReadPublished,
            show_checkpoint,
        )
}

#[derive(Template)]
#[template(path = "published/data.html")]
struct DataPage {
    page: Page,
    tables: Vec<Listed>,
    licence: &'static str,
    checkpoint: Option<Published>,
}

async fn list(visit: PublicVisit) -> PageResult {
    let tables = open_data::list(visit.call()).await?;
    visit.show(&DataPage {
        page: visit.page("Data to download"),
        tables,
        licence: LICENCE,
        checkpoint: checkpoint::find_latest(visit.call()).await?,
    })
}

/// The signed note and nothing else: how long the journal was and what it held.
async fn show_checkpoint(visit: PublicVisit) -> PageResult {
    let latest = checkpoint::find_latest(visit.call()).await?;
    let latest = latest.ok_or(Error::NotFound)?;
    let name = format!("journal-checkpoint-{}.txt", latest.size);
    visit.file(PLAIN, &name, latest.note.into_bytes())
}

/// `record.csv`, `record.xlsx`, `record.csv-metadata.json`, `all.xlsx`, `dictionary.csv`.
async fn download(visit: PublicVisit, At(file): At<String>) -> PageResult {
    match file.as_str() {
        "all.xlsx" => {
            let document = open_data::load_all(visit.call()).await?;
            return visit.file(XLSX, "published-data.xlsx", open_data::workbook(&document)?);
        }
        "dictionary.csv" => {
            let document = open_data::load_all(visit.call()).await?;
            let dictionary = data_dictionary(&document);
            return visit.file(CSV, "dictionary.csv", dictionary.into_bytes());
        }
        _ => {}
    }
    let (name, ending) = file.split_once('.').ok_or(Error::NotFound)?;
    let table = open_data::load_table(visit.call(), name).await?;
    match ending {
        "csv" => visit.file(CSV, &file, open_data::csv(&table)),
        "csv-metadata.json" => {
            let metadata = open_data::metadata(&table);
            visit.open_file(JSON, &file, format!("{metadata:#}\n").into_bytes())
        }
        "xlsx" => {
            let document: Document =
                open_data::document_of(&table.caption.clone(), vec![table], visit.call().today());
            visit.file(XLSX, &file, open_data::workbook(&document)?)
        }
        _ => Err(Error::NotFound),
    }
}
