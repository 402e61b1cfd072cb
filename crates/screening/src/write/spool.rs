//! Findings put aside on disk until all are known, and merged into one list.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::row::VerdictRow;
use super::{VerdictFile, WriteError};
use crate::engine::{Evidence, Finding, Plan, Sink};
use crate::event::When;
use crate::verdict::Outcome;

/// Takes the findings of the engine in its two streams, each in the order of the cases.
pub struct Spool {
    case: Stream,
    across: Stream,
    folder: PathBuf,
    wanted: bool,
}

/// Findings of cases in order: for each case the length of its reference, the reference, the number
/// of its findings, the findings.
struct Stream {
    /// Findings are a few bytes each: gathered before they are compressed, and after.
    out: BufWriter<zstd::Encoder<'static, BufWriter<File>>>,
}

impl Spool {
    /// Puts findings aside in a folder, in files without names. If they are not `wanted`, the
    /// engine only counts.
    ///
    /// # Errors
    ///
    /// Where the files cannot be made.
    pub fn new(folder: &Path, wanted: bool) -> Result<Self, WriteError> {
        let stream = || Stream::begin(tempfile::tempfile_in(folder)?);
        let failed = |source| WriteError {
            path: folder.to_owned(),
            source,
        };
        Ok(Self {
            case: stream().map_err(failed)?,
            across: stream().map_err(failed)?,
            folder: folder.to_owned(),
            wanted,
        })
    }

    /// The findings, to be merged.
    ///
    /// # Errors
    ///
    /// Where they cannot be read back.
    pub fn findings(self) -> Result<[Findings; 2], WriteError> {
        let failed = |source| WriteError {
            path: self.folder.clone(),
            source,
        };
        let case = self
            .case
            .finish()
            .and_then(Findings::begin)
            .map_err(failed)?;
        let across = self
            .across
            .finish()
            .and_then(Findings::begin)
            .map_err(failed)?;
        Ok([case, across])
    }

    /// Writes the findings on single cases to a file, from which [`Findings::open`] reads them.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn save(self, to: &mut impl Write) -> io::Result<()> {
        let mut file = self.case.finish()?;
        io::copy(&mut file, to)?;
        Ok(())
    }

    fn failed(&self, source: io::Error) -> WriteError {
        WriteError {
            path: self.folder.clone(),
            source,
        }
    }
}

/// A failure of the reading or of the writing: what [`screen`](crate::engine::screen) ends with.
impl Sink for Spool {
    type Error = crate::read::ReadError;

    fn wants_findings(&self) -> bool {
        self.wanted
    }

    fn case(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Self::Error> {
        let result = self.case.push(reference, findings);
        result.map_err(|source| self.failed(source).into())
    }

    fn across(&mut self, reference: &str, findings: &[Finding]) -> Result<(), Self::Error> {
        let result = self.across.push(reference, findings);
        result.map_err(|source| self.failed(source).into())
    }
}

impl Stream {
    fn begin(file: File) -> io::Result<Self> {
        Ok(Self {
            out: BufWriter::with_capacity(1 << 16, zstd::Encoder::new(BufWriter::new(file), 1)?),
        })
    }

    /// The file, from its beginning.
    fn finish(self) -> io::Result<File> {
        let encoder = (self.out.into_inner()).map_err(io::IntoInnerError::into_error)?;
        let out = encoder.finish()?;
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }

    fn push(&mut self, reference: &str, findings: &[Finding]) -> io::Result<()> {
        let out = &mut self.out;
        out.write_all(&(reference.len() as u32).to_le_bytes())?;
        out.write_all(reference.as_bytes())?;
        out.write_all(&(findings.len() as u32).to_le_bytes())?;
        findings
            .iter()
            .try_for_each(|finding| write_finding(out, finding))
    }
}

/// Gives all findings but those of the standards left out, in the order of the cases, the standards
/// and the activations, to files.
///
/// # Errors
///
/// Where a finding cannot be read back or written.
pub fn merge(
    mut inputs: Vec<Findings>,
    plan: &Plan,
    left_out: &BTreeSet<usize>,
    files: &mut [&mut dyn VerdictFile],
) -> io::Result<()> {
    loop {
        let least = inputs
            .iter()
            .filter_map(|input| input.case.as_deref())
            .min();
        let Some(case) = least.map(str::to_owned) else {
            return Ok(());
        };
        let mut findings = Vec::new();
        for input in &mut inputs {
            if input.case.as_deref() == Some(&case) {
                input.take(&mut findings)?;
            }
        }
        findings.retain(|finding| !left_out.contains(&usize::from(finding.standard)));
        // Each stream has the activations of a standard in order, and one standard is in one.
        findings.sort_by_key(|finding| finding.standard);
        for finding in &findings {
            let row = VerdictRow::of(plan, &case, finding);
            files.iter_mut().try_for_each(|file| file.push(&row))?;
        }
    }
}

/// Findings of cases in order, as they are read back.
pub struct Findings {
    input: BufReader<zstd::Decoder<'static, BufReader<File>>>,
    case: Option<String>,
}

impl Findings {
    /// Opens what [`Spool::save`] wrote.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::begin(File::open(path)?)
    }

    fn begin(file: File) -> io::Result<Self> {
        let mut input = Self {
            input: BufReader::new(zstd::Decoder::new(file)?),
            case: None,
        };
        input.read_case()?;
        Ok(input)
    }

    fn read_case(&mut self) -> io::Result<()> {
        let mut length = [0; 4];
        if self.input.read(&mut length[..1])? == 0 {
            self.case = None;
            return Ok(());
        }
        self.input.read_exact(&mut length[1..])?;
        let mut reference = vec![0; u32::from_le_bytes(length) as usize];
        self.input.read_exact(&mut reference)?;
        self.case = Some(String::from_utf8(reference).map_err(io::Error::other)?);
        Ok(())
    }

    /// Reads the findings of the case, and on to the next.
    fn take(&mut self, findings: &mut Vec<Finding>) -> io::Result<()> {
        let count = u32::from_le_bytes(bytes(&mut self.input)?);
        for _ in 0..count {
            findings.push(read_finding(&mut self.input)?);
        }
        self.read_case()
    }
}

fn write_finding(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let has = u8::from(finding.deciding.is_some()) + 2 * u8::from(finding.due.is_some());
    out.write_all(&finding.standard.to_le_bytes())?;
    out.write_all(&[finding.outcome.place() as u8, has])?;
    write_evidence(out, &finding.activating)?;
    if let Some(deciding) = &finding.deciding {
        write_evidence(out, deciding)?;
    }
    match finding.due {
        Some(due) => write_when(out, due),
        None => Ok(()),
    }
}

fn read_finding(input: &mut impl Read) -> io::Result<Finding> {
    let standard = u16::from_le_bytes(bytes(input)?);
    let [outcome, has] = bytes(input)?;
    let outcome = Outcome::ALL.get(usize::from(outcome)).copied();
    Ok(Finding {
        standard,
        outcome: outcome.ok_or_else(|| io::Error::other("an unknown outcome"))?,
        activating: read_evidence(input)?,
        deciding: match has & 1 {
            0 => None,
            _ => Some(read_evidence(input)?),
        },
        due: match has & 2 {
            0 => None,
            _ => Some(read_when(input)?),
        },
    })
}

fn write_evidence(out: &mut impl Write, evidence: &Evidence) -> io::Result<()> {
    out.write_all(&evidence.activity.to_le_bytes())?;
    write_when(out, evidence.when)
}

fn read_evidence(input: &mut impl Read) -> io::Result<Evidence> {
    Ok(Evidence {
        activity: u16::from_le_bytes(bytes(input)?),
        when: read_when(input)?,
    })
}

fn write_when(out: &mut impl Write, when: When) -> io::Result<()> {
    out.write_all(&when.earliest.to_le_bytes())?;
    out.write_all(&when.latest.to_le_bytes())
}

fn read_when(input: &mut impl Read) -> io::Result<When> {
    Ok(When {
        earliest: i64::from_le_bytes(bytes(input)?),
        latest: i64::from_le_bytes(bytes(input)?),
    })
}

fn bytes<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}
