//! [`prove_cached`]: what has been decided once, with its evidence, to be checked instead of found.

use crate::certificate::Certificate;
use crate::engine::Progress;
use crate::options::Options;
use crate::prove::{prove_with, selected};
use crate::report::{Counterexample, Report, Row, Verdict};
use crate::stimulus::Stimulus;
use olivine_netlist::{Design, Faults, PropertyKind};
use serde::{Deserialize, Serialize};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is kept of a report: each property with what its verdict rests on.
#[derive(Serialize, Deserialize)]
struct Kept {
    format: String,
    rows: Vec<KeptRow>,
}

#[derive(Serialize, Deserialize)]
struct KeptRow {
    property: String,
    untriggered: Option<u32>,
    evidence: KeptEvidence,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptEvidence {
    Proof { k: u32, certificate: Box<Certificate> },
    Run(Stimulus),
}

/// Another form is none of ours.
const FORMAT: &str = "olivine verdicts 1";

/// As [`prove_with`], with a folder of what was decided before; whether that is where the report is
/// from.
///
/// A report is taken from there if design, properties, engine and bounds are the same, every
/// certificate is accepted by the checker and every run is confirmed by the interpreter, all anew.
/// It is kept if every property is decided and none is vacuous; limits of time and memory make no
/// difference then. What cannot be read or written there is found anew and not kept: a cache never
/// changes a verdict.
///
/// # Errors
/// As [`prove_with`].
pub fn prove_cached(
    design: &Design,
    options: &Options,
    folder: &Path,
    observe: &mut dyn FnMut(Progress),
) -> Result<(Report, bool), Faults> {
    let start = Instant::now();
    let rows = selected(design, options)?;
    let file = file(design, options, folder);
    if let Some(rows) = read(&file).and_then(|kept| taken(design, options, rows, kept, start)) {
        let (design, elapsed) = (design.top().name.clone(), start.elapsed());
        return Ok((Report { design, rows, elapsed }, true));
    }
    let report = prove_with(design, options, observe)?;
    keep(&file, &report);
    Ok((report, false))
}

/// Where a report is kept: by everything that its verdicts depend on.
fn file(design: &Design, options: &Options, folder: &Path) -> PathBuf {
    let Options { engine, depth, start, properties, paths, gates_max, .. } = options;
    let memory_bits = (options.memory_bits_max, options.memory_bits_tracked);
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), engine, depth, start, paths, memory_bits, gates_max)
        .hash(&mut hasher);
    format!("{properties:?}").hash(&mut hasher);
    folder.join(format!("{}-{:016x}.json", design.digest(), hasher.finish()))
}

fn read(file: &Path) -> Option<Kept> {
    let kept: Kept = serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()?;
    (kept.format == FORMAT).then_some(kept)
}

/// The rows with their verdicts, if everything is confirmed anew.
fn taken(
    design: &Design,
    options: &Options,
    rows: Vec<Row>,
    kept: Kept,
    start: Instant,
) -> Option<Vec<Row>> {
    let same = rows.len() == kept.rows.len()
        && rows.iter().zip(&kept.rows).all(|(row, kept)| row.property == kept.property);
    if !same {
        return None;
    }
    let mut checked: Vec<Arc<Certificate>> = Vec::new();
    let confirmed = rows.into_iter().zip(kept.rows).map(|(row, kept)| {
        let verdict = match kept.evidence {
            KeptEvidence::Proof { k, certificate } => {
                let fits = certificate.start == options.start
                    && certificate.properties.contains(&row.property);
                let known = checked.iter().find(|known| ***known == *certificate).cloned();
                let certificate = match known {
                    Some(known) => known,
                    None => {
                        let left = options.time_limit.map(|l| l.saturating_sub(start.elapsed()));
                        certificate.check(design, left).ok()?;
                        checked.push(Arc::new(*certificate));
                        checked.last()?.clone()
                    }
                };
                fits.then_some(Verdict::Proved { k, certificate })?
            }
            KeptEvidence::Run(stimulus) => shown(design, &row, stimulus)?,
        };
        Some(Row { verdict, elapsed: start.elapsed(), untriggered: kept.untriggered, ..row })
    });
    confirmed.collect()
}

fn shown(design: &Design, row: &Row, stimulus: Stimulus) -> Option<Verdict> {
    let replay = stimulus.replay(design).ok()?;
    let fits = replay.confirmed() && stimulus.property == row.property;
    let run = Box::new(Counterexample { stimulus, trace: replay.trace });
    fits.then_some(match row.kind {
        PropertyKind::Cover => Verdict::Reached(run),
        _ => Verdict::Violated(run),
    })
}

/// Keeps a report whose every property is decided; a file that cannot be written is none.
fn keep(file: &Path, report: &Report) {
    let row = |row: &Row| {
        let evidence = match &row.verdict {
            Verdict::Proved { k, certificate } => KeptEvidence::Proof {
                k: *k,
                certificate: Box::new(Certificate::clone(certificate)),
            },
            Verdict::Violated(run) | Verdict::Reached(run) => {
                KeptEvidence::Run(run.stimulus.clone())
            }
            Verdict::Bounded { .. } | Verdict::Vacuous { .. } | Verdict::Unknown { .. } => {
                return None;
            }
        };
        let (property, untriggered) = (row.property.clone(), row.untriggered);
        Some(KeptRow { property, untriggered, evidence })
    };
    let Some(rows) = report.rows.iter().map(row).collect() else { return };
    let kept = Kept { format: FORMAT.to_string(), rows };
    let Ok(text) = serde_json::to_string(&kept) else { return };
    // Written beside and moved, so that nobody reads half of it.
    let half = file.with_extension(format!("{}.part", std::process::id()));
    let folder = file.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&half, text));
    let _not_kept = written.and_then(|()| std::fs::rename(&half, file));
}

/// A row without a verdict yet.
pub(crate) fn open_row(property: String, kind: PropertyKind, place: String) -> Row {
    let verdict = Verdict::Unknown { reason: String::new(), depth: 0 };
    Row { property, kind, place, verdict, elapsed: Duration::ZERO, untriggered: None }
}
