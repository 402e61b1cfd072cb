use super::*;
use std::io::Write;

fn numbers(table: &Table) -> Vec<u64> {
    table.rows.iter().map(|row| row.number).collect()
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let text = "reference,area\nC-1,N1\n\n\nC-2,\"N\n1\"\nC-3,N1\n";
    let table = read(text.as_bytes()).expect("a table");
    assert_eq!(table.header.number, 1);
    assert_eq!(numbers(&table), [2, 5, 6]);
    assert_eq!(table.rows[1].cells, ["C-2", "N\n1"]);
}

#[test]
fn separators_and_marks_of_other_programs_are_understood() {
    for text in [
        "\u{feff}reference;area\r\nC-1;N,1\r\n",
        "reference\tarea\nC-1\tN,1",
        "reference,area\nC-1,\"N,1\"\n",
    ] {
        let table = read(text.as_bytes()).expect("a table");
        assert_eq!(table.header.cells, ["reference", "area"], "{text:?}");
        assert_eq!(table.rows[0].cells, ["C-1", "N,1"], "{text:?}");
    }
}

#[test]
fn what_cannot_be_read_says_how_to_mend_it() {
    let wide = "x,".repeat(COLUMNS_MAX + 1);
    let long = format!("reference\n{}\n", "x".repeat(CELL_CHARS_MAX + 1));
    for (bytes, words) in [
        (b"".as_slice(), "empty"),
        (b"\n\n  \n", "empty"),
        (b"reference\nC-1\nM\xE9\n", "Line 3"),
        (b"\x89PNG\0\0", "neither CSV nor XLSX"),
        (b"\xD0\xCF\x11\xE0old", "old Excel"),
        (b"PK\x03\x04nonsense", "cannot be read as a workbook"),
        (wide.as_bytes(), "more than 60 columns"),
        (long.as_bytes(), "more than 5000 characters"),
    ] {
        let told = read(bytes).expect_err("refused").to_string();
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn list_beyond_the_rows_is_refused() {
    let text = "reference\n".to_owned() + "C-1\n".repeat(ROWS_MAX + 1).as_str();
    let told = read(text.as_bytes()).expect_err("refused").to_string();
    assert!(told.contains("more than 500000 rows"), "{told}");
}

/// A workbook with one sheet of the given XML.
fn workbook(sheet: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    let parts: [(&str, &[u8]); 4] = [
        (
            "_rels/.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="List" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, bytes) in parts {
        archive.start_file(name, options).expect("a part");
        archive.write_all(bytes).expect("written");
    }
    archive.finish().expect("a workbook").into_inner()
}

#[test]
fn workbook_that_unpacks_to_too_much_is_not_opened() {
    let bomb = workbook(&vec![
        b' ';
        usize::try_from(UNPACKED_BYTES_MAX).expect("a size")
            + 1
    ]);
    assert!(bomb.len() < 1024 * 1024, "{} bytes", bomb.len());
    let told = read(&bomb).expect_err("refused").to_string();
    assert!(told.contains("unpacks to more than 256 MB"), "{told}");
}

#[test]
fn cell_far_away_costs_no_memory() {
    let sheet = br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>reference</t></is></c></row><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>C-1</t></is></c><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>"#;
    let told = read(&workbook(sheet)).expect_err("refused").to_string();
    assert!(
        told.contains("Row 1048576 has more than 60 columns"),
        "{told}"
    );
}

#[test]
fn days_in_a_workbook_read_as_in_csv() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_string(0, 0, "reference").expect("written");
    sheet.write_string(0, 1, "opened").expect("written");
    sheet.write_number(2, 0, 17.0).expect("written");
    sheet
        .write_datetime_with_format(
            2,
            1,
            rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 3, 1).expect("a day"),
            &day,
        )
        .expect("written");
    let bytes = book.save_to_buffer().expect("a workbook");
    let table = read(&bytes).expect("a table");
    assert_eq!(table.rows[0].number, 3);
    assert_eq!(table.rows[0].cells, ["17", "2025-03-01"]);
}

#[test]
fn one_long_text_in_many_cells_is_refused() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let text = "x".repeat(CELL_CHARS_MAX);
    for row in 0..1_000 {
        for column in 0..60 {
            sheet.write_string(row, column, &text).expect("written");
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    assert!(bytes.len() < 1024 * 1024, "{} bytes", bytes.len());
    let told = read(&bytes).expect_err("refused").to_string();
    assert!(told.contains("cells hold more than 256 MB"), "{told}");
}

#[test]
fn many_empty_cells_are_refused() {
    let text = "reference\n".to_owned() + (",".repeat(59) + "\n").repeat(200_000).as_str();
    let told = read(text.as_bytes()).expect_err("refused").to_string();
    assert!(told.contains("cells hold more than 256 MB"), "{told}");
}
