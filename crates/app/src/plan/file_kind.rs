//! What a file of evidence is: by its name and by its content, which must agree.
//!
//! Nothing that a browser or an office program would run is taken: no pages, no drawings with
//! scripts, no programs, no macros. A script packed inside a compressed stream of a PDF is not
//! found here; files are only ever given out as downloads, never shown.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The largest file that is taken.
pub const BYTES_MAX: usize = 10 * 1024 * 1024;

/// The kinds of file that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Portable Document Format.
    Pdf,
    /// A picture.
    Png,
    /// A photograph.
    Jpeg,
    /// A table as text.
    Csv,
    /// A workbook.
    Xlsx,
    /// A workbook, OpenDocument.
    Ods,
    /// A document.
    Docx,
    /// A document, OpenDocument.
    Odt,
    /// Plain text.
    Txt,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [FileKind; 9] = [
        FileKind::Pdf,
        FileKind::Png,
        FileKind::Jpeg,
        FileKind::Csv,
        FileKind::Xlsx,
        FileKind::Ods,
        FileKind::Docx,
        FileKind::Odt,
        FileKind::Txt,
    ];

    /// The ending of its names, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            FileKind::Pdf => "pdf",
            FileKind::Png => "png",
            FileKind::Jpeg => "jpg",
            FileKind::Csv => "csv",
            FileKind::Xlsx => "xlsx",
            FileKind::Ods => "ods",
            FileKind::Docx => "docx",
            FileKind::Odt => "odt",
            FileKind::Txt => "txt",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Csv => "text/csv",
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileKind::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            FileKind::Docx => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            FileKind::Odt => "application/vnd.oasis.opendocument.text",
            FileKind::Txt => "text/plain",
        }
    }

    fn by_name(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        let ending = if ending == "jpeg" { "jpg" } else { &ending };
        FileKind::ALL
            .into_iter()
            .find(|kind| kind.extension() == ending)
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing in it.
    #[error("The file is empty. Choose another")]
    Empty,
    /// Above [`BYTES_MAX`].
    #[error("The file is larger than 10 MB. Send a smaller one, or split it")]
    TooLarge,
    /// An ending that is not on the list.
    #[error("Send a PDF, PNG, JPEG, CSV, XLSX, ODS, DOCX, ODT or TXT file")]
    NotTaken,
    /// The content is not what the name says.
    #[error("The file’s content is not what its name says. Save it again in the right format")]
    NotWhatItSays,
    /// Something in it would run.
    #[error(
        "The file holds a macro, script or embedded program. Save it without these, or as a PDF"
    )]
    WouldRun,
}

/// The kind of a file whose name and content agree.
///
/// # Errors
/// Why it is not taken.
pub fn recognise(name: &str, bytes: &[u8]) -> Result<FileKind, FileFault> {
    if bytes.is_empty() {
        return Err(FileFault::Empty);
    }
    if bytes.len() > BYTES_MAX {
        return Err(FileFault::TooLarge);
    }
    let kind = FileKind::by_name(name).ok_or(FileFault::NotTaken)?;
    match kind {
        FileKind::Pdf => pdf(bytes)?,
        FileKind::Png => begins(bytes, b"\x89PNG\r\n\x1a\n")?,
        FileKind::Jpeg => begins(bytes, b"\xff\xd8\xff")?,
        FileKind::Csv | FileKind::Txt => text(bytes)?,
        FileKind::Xlsx => office(bytes, "xl/workbook.xml")?,
        FileKind::Docx => office(bytes, "word/document.xml")?,
        FileKind::Ods | FileKind::Odt => open_document(bytes, kind)?,
    }
    Ok(kind)
}

fn begins(bytes: &[u8], signature: &[u8]) -> Result<(), FileFault> {
    if bytes.starts_with(signature) {
        Ok(())
    } else {
        Err(FileFault::NotWhatItSays)
    }
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

fn pdf(bytes: &[u8]) -> Result<(), FileFault> {
    begins(bytes, b"%PDF-")?;
    let runs: [&[u8]; 4] = [b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia"];
    if runs.iter().any(|words| holds(bytes, words)) {
        return Err(FileFault::WouldRun);
    }
    Ok(())
}

/// Text is UTF-8 without control characters, and no page or drawing in disguise.
fn text(bytes: &[u8]) -> Result<(), FileFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| FileFault::NotWhatItSays)?;
    let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().any(strange) {
        return Err(FileFault::NotWhatItSays);
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') || start.starts_with("#!") {
        return Err(FileFault::NotWhatItSays);
    }
    let lower = text.to_ascii_lowercase();
    if ["<script", "<html", "<svg", "<iframe"]
        .iter()
        .any(|tag| lower.contains(tag))
    {
        return Err(FileFault::WouldRun);
    }
    Ok(())
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, FileFault> {
    begins(bytes, b"PK\x03\x04")?;
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileFault::NotWhatItSays)
}

/// The start of one file inside, as text; never more than this much is unpacked.
fn inner(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, FileFault> {
    const UNPACKED_MAX: u64 = 1024 * 1024;
    let file = archive
        .by_name(name)
        .map_err(|_| FileFault::NotWhatItSays)?;
    let mut text = String::new();
    file.take(UNPACKED_MAX)
        .read_to_string(&mut text)
        .map_err(|_| FileFault::NotWhatItSays)?;
    Ok(text)
}

fn office(bytes: &[u8], main: &str) -> Result<(), FileFault> {
    let mut archive = open(bytes)?;
    let types = inner(&mut archive, "[Content_Types].xml")?.to_ascii_lowercase();
    if archive.index_for_name(main).is_none() {
        return Err(FileFault::NotWhatItSays);
    }
    let runs = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["vbaproject", "activex", "oleobject", "/embeddings/"]
            .iter()
            .any(|part| name.contains(part))
            || name.ends_with(".bin") && name.contains("macro")
    };
    if types.contains("macroenabled")
        || types.contains("vbaproject")
        || archive.file_names().any(runs)
    {
        return Err(FileFault::WouldRun);
    }
    Ok(())
}

fn open_document(bytes: &[u8], kind: FileKind) -> Result<(), FileFault> {
    let mut archive = open(bytes)?;
    if inner(&mut archive, "mimetype")?.trim() != kind.media_type() {
        return Err(FileFault::NotWhatItSays);
    }
    let runs = |name: &str| {
        name.starts_with("Basic/") || name.starts_with("Scripts/") || name.starts_with("Object ")
    };
    if archive.file_names().any(runs) {
        return Err(FileFault::WouldRun);
    }
    Ok(())
}

/// A name that is safe to store, to show and to save under: no path, no control or direction
/// characters, one known ending.
pub fn safe_name(name: &str, kind: FileKind) -> String {
    const LENGTH_MAX: usize = 100;
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let kept: String = stem
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_') {
                c
            } else {
                '_'
            }
        })
        .take(LENGTH_MAX)
        .collect();
    let kept = kept.trim_matches(|c: char| c == ' ' || c == '_');
    let stem = if kept.is_empty() { "evidence" } else { kept };
    format!("{stem}.{}", kind.extension())
}

/// The header that makes a browser save a file under its name and never show it.
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let coded: String = name
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .expect("a file");
            writer.write_all(text.as_bytes()).expect("its text");
        }
        writer.finish().expect("an archive").into_inner()
    }

    const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

    #[test]
    fn file_is_what_its_name_says() {
        let types = ("[Content_Types].xml", "<Types/>");
        let xlsx = packed(&[types, ("xl/workbook.xml", "<workbook/>")]);
        let docx = packed(&[types, ("word/document.xml", "<document/>")]);
        let ods = packed(&[("mimetype", ODS), ("content.xml", "<c/>")]);
        let good: [(&str, &[u8]); 8] = [
            ("plan.pdf", b"%PDF-1.7\n..."),
            ("chart.PNG", b"\x89PNG\r\n\x1a\n..."),
            ("photo.jpeg", b"\xff\xd8\xff\xe0"),
            ("figures.csv", b"unit,trained\nN1,40\n"),
            ("note.txt", "Begun \u{2013} see plan.".as_bytes()),
            ("book.xlsx", &xlsx),
            ("letter.docx", &docx),
            ("book.ods", &ods),
        ];
        for (name, bytes) in good {
            assert!(recognise(name, bytes).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_would_run_is_not_taken() {
        let macros = packed(&[
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", "<workbook/>"),
            ("xl/vbaProject.bin", "macro"),
        ]);
        let basic = packed(&[("mimetype", ODS), ("Basic/Standard/Module1.xml", "<m/>")]);
        let bad: [(&str, &[u8], FileFault); 12] = [
            (
                "plan.pdf",
                b"<!doctype html><script>1</script>",
                FileFault::NotWhatItSays,
            ),
            (
                "plan.pdf",
                b"%PDF-1.7 /JavaScript (app.alert)",
                FileFault::WouldRun,
            ),
            ("page.html", b"<html></html>", FileFault::NotTaken),
            ("drawing.svg", b"<svg/>", FileFault::NotTaken),
            (
                "note.txt",
                b"\xef\xbb\xbf  <svg onload=1>",
                FileFault::NotWhatItSays,
            ),
            (
                "figures.csv",
                b"a,b\n<script>1</script>,2\n",
                FileFault::WouldRun,
            ),
            ("tool.exe", b"MZ\x90\x00", FileFault::NotTaken),
            ("tool.txt", b"MZ\x90\x00", FileFault::NotWhatItSays),
            ("chart.png", b"MZ\x90\x00", FileFault::NotWhatItSays),
            ("book.xlsx", &macros, FileFault::WouldRun),
            ("book.ods", &basic, FileFault::WouldRun),
            ("empty.txt", b"", FileFault::Empty),
        ];
        for (name, bytes, fault) in bad {
            assert_eq!(recognise(name, bytes), Err(fault), "{name}");
        }
        let large = vec![b'a'; BYTES_MAX + 1];
        assert_eq!(recognise("large.txt", &large), Err(FileFault::TooLarge));
    }

    #[test]
    fn names_are_made_safe() {
        let safe = |name| safe_name(name, FileKind::Pdf);
        assert_eq!(safe("../../etc/passwd.pdf"), "passwd.pdf");
        assert_eq!(safe("C:\\plans\\Plan 2.pdf"), "Plan 2.pdf");
        assert_eq!(safe("plan\"\r\nX: y.html.pdf"), "plan___X_ y_html.pdf");
        assert_eq!(safe("\u{202e}fdp.exe.pdf"), "fdp_exe.pdf");
        assert_eq!(safe("...pdf"), "evidence.pdf");
        assert_eq!(
            attachment("Zeitplan für 2.pdf"),
            "attachment; filename=\"Zeitplan f_r 2.pdf\"; filename*=UTF-8''Zeitplan%20f%C3%BCr%202.pdf"
        );
    }
}
