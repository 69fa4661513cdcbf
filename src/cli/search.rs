//! What the verbs of proof have in common: their options, progress, results and files.

use crate::exit::{CommandError, Exit, write_file, write_wave};
use indicatif::{ProgressBar, ProgressStyle};
use olivine_formal::{
    CertificateFile, Counterexample, Engine, Options, Progress, ProofCore, Report, Row, Verdict,
    diagnose, prove_cached, prove_composed, prove_with,
};
use olivine_netlist::{Design, Fault, Faults};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(clap::Args)]
pub(super) struct SearchOptions {
    /// How to search: bmc (finds violations, proves nothing), kind (k-induction), pdr (an
    /// invariant), exhaust (every pattern of few bits), sweep (state that is equal and
    /// what follows), track (words of memories, each standing for all), algebra (sums and products,
    /// however they are computed), auto (all of them)
    #[arg(long, default_value = "auto", value_parser = engine)]
    pub engine: Engine,
    /// The longest runs that bmc searches, in samples after reset; also the largest k
    #[arg(long, default_value_t = Options::default().depth)]
    depth: u32,
    /// Seconds for everything together
    #[arg(long, default_value_t = 60.0)]
    time_limit: f64,
    /// Mebibytes that the process may hold
    #[arg(long)]
    memory_limit: Option<u64>,
    /// Keep what is decided in this folder, and take it from there, checked anew, when design,
    /// properties and engine are the same
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// Say of each proof which assumptions, registers, memories and named values it rests on
    #[arg(long)]
    core: bool,
    /// Write the verdicts as JSON
    #[arg(long)]
    json: Option<PathBuf>,
    /// Write what the proofs rest on, for `olivine certify`
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Write each run that violates or reaches a property into this folder: stimulus, wave, and a
    /// Rust test that replays it
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
}

/// What the core of one proof may take.
const CORE_LIMIT: Duration = Duration::from_secs(60);

fn engine(name: &str) -> Result<Engine, String> {
    Engine::from_name(name).ok_or_else(|| {
        let known = Engine::NAMED.map(|(name, _)| name).join(", ");
        format!("known are {known}")
    })
}

/// What was asked about, for the files that are written.
pub(super) struct Asked<'a> {
    /// What the command line calls it.
    pub name: String,
    /// What the verdicts are about.
    pub design: &'a Design,
    /// Rust that gives the design, in a test.
    pub source: String,
}

impl SearchOptions {
    pub fn to_options(&self) -> Result<Options, CommandError> {
        let time_limit = Duration::try_from_secs_f64(self.time_limit)
            .map_err(|e| CommandError::usage(format!("--time-limit {}: {e}", self.time_limit)))?;
        Ok(Options {
            engine: self.engine,
            depth: self.depth,
            time_limit: Some(time_limit),
            memory_limit: self.memory_limit.map(|mebibytes| mebibytes << 20),
            ..Options::default()
        })
    }

    /// Proves a design's properties, or takes what is kept of them; shows what came of it and what
    /// is to be said of it, writes the files that are wanted.
    pub fn prove(&self, asked: &Asked<'_>, options: &Options) -> Result<Report, CommandError> {
        let mut kept = false;
        let report = self.search(|observe| match &self.cache {
            None => prove_with(asked.design, options, observe),
            Some(folder) => {
                let (report, taken) = prove_cached(asked.design, options, folder, observe)?;
                kept = taken;
                Ok(report)
            }
        })?;
        println!("{report}");
        if kept {
            println!("taken from the cache and checked anew");
        }
        let cores = self.cores(asked, &report);
        cores.iter().for_each(|core| println!("{core}"));
        let mut told = diagnose(asked.design, options, &report);
        // To search and to prove nothing is what that engine is for.
        told.retain(|fault| self.engine != Engine::Bmc || fault.code != "P034");
        told.extend(without_logic(asked.design, &cores));
        if !told.is_empty() {
            println!("{}", Faults::new(asked.design, told));
        }
        self.write(asked, &report, &cores)?;
        Ok(report)
    }

    /// Proves a design module by module, and says what was shown of what.
    pub fn by_modules(&self, asked: &Asked<'_>, options: &Options) -> Result<Report, CommandError> {
        let mut steps = String::new();
        let report = self.run(asked, |_| {
            let composed = prove_composed(asked.design, options)?;
            steps = composed.to_string();
            Ok(composed.report)
        })?;
        print!("{steps}");
        Ok(report)
    }

    /// What the proofs rest on, if that is asked for; proofs of other kinds have no core.
    fn cores(&self, asked: &Asked<'_>, report: &Report) -> Vec<ProofCore> {
        if !self.core {
            return Vec::new();
        }
        let file = CertificateFile::new(asked.design, report);
        let core = |c: &olivine_formal::Certificate| c.core(asked.design, Some(CORE_LIMIT)).ok();
        file.certificates.iter().filter_map(core).collect()
    }

    /// Runs a search, shows what came of it, writes the files that are wanted.
    pub fn run(
        &self,
        asked: &Asked<'_>,
        search: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<Report, Faults>,
    ) -> Result<Report, CommandError> {
        if self.cache.is_some() {
            return Err(CommandError::usage("--cache is for `prove` and `cover`"));
        }
        let report = self.search(search)?;
        println!("{report}");
        let cores = self.cores(asked, &report);
        cores.iter().for_each(|core| println!("{core}"));
        self.write(asked, &report, &cores)?;
        Ok(report)
    }

    fn search(
        &self,
        search: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<Report, Faults>,
    ) -> Result<Report, CommandError> {
        let bar = ProgressBar::new_spinner();
        let style = "{spinner} {elapsed:>4} {msg}";
        let style = ProgressStyle::with_template(style);
        bar.set_style(style.unwrap_or(ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(200));
        let report = search(&mut |told| {
            bar.set_message(format!("{}: {} properties open", told.work, told.open));
        });
        bar.finish_and_clear();
        report.map_err(CommandError::usage)
    }

    fn write(
        &self,
        asked: &Asked<'_>,
        report: &Report,
        cores: &[ProofCore],
    ) -> Result<(), CommandError> {
        if let Some(path) = &self.json {
            let rows: Vec<_> = report.rows.iter().map(to_json).collect();
            let digest = asked.design.digest();
            let mut all = json!({ "design": asked.name, "design_digest": digest, "rows": rows });
            if self.core {
                all["cores"] = json!(cores);
            }
            write_json(path, &all)?;
        }
        if let Some(path) = &self.certificate {
            let file = CertificateFile::new(asked.design, report);
            if file.certificates.is_empty() {
                let why = "nothing is proved, so there is no certificate to write";
                return Err(CommandError::failed(why));
            }
            write_json(path, &file)?;
        }
        if let Some(folder) = &self.save {
            for row in &report.rows {
                match &row.verdict {
                    Verdict::Violated(run) => save(folder, asked, row, run, "violated")?,
                    Verdict::Reached(run) => save(folder, asked, row, run, "reached")?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// 1 if something is shown to be wrong, 4 if the limits left something open that the engine
    /// could have settled, else 0. Bounded is all that was asked of `--engine bmc`.
    pub fn exit(&self, report: &Report) -> Exit {
        let open = |row: &Row| match row.verdict {
            Verdict::Unknown { .. } => true,
            Verdict::Bounded { .. } => self.engine != Engine::Bmc,
            _ => false,
        };
        if report.failed() {
            Exit::Failed
        } else if report.rows.iter().any(open) {
            Exit::Limits
        } else {
            Exit::Done
        }
    }
}

/// A warning for each proof that would hold of any other design.
fn without_logic(design: &Design, cores: &[ProofCore]) -> Vec<Fault> {
    let flat = design.flatten();
    let empty = cores.iter().filter(|core| core.is_without_logic());
    let warning = |name: &String| {
        let property = flat.properties.iter().find(|p| p.name == *name)?;
        let message = format!("\"{name}\" rests on nothing that the design computes");
        let help = "state it of a signal that the design computes";
        Some(Fault::new("W028", property.place, message, help))
    };
    empty.flat_map(|core| &core.properties).filter_map(warning).collect()
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(value).map_err(CommandError::failed)?;
    write_file(path, text.as_bytes())
}

/// Stimulus, wave and test of a run.
fn save(
    folder: &Path,
    asked: &Asked<'_>,
    row: &Row,
    run: &Counterexample,
    what: &str,
) -> Result<(), CommandError> {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = row.property.chars().map(letter).collect();
    write_json(&folder.join(format!("{name}.json")), &run.stimulus)?;
    write_wave(&folder.join(format!("{name}.vcd")), &run.trace)?;
    let (property, design, source) = (&row.property, &asked.name, &asked.source);
    let hit = if what == "violated" { "!replay.confirmed()" } else { "replay.confirmed()" };
    let test = format!(
        "//! A run in which \"{property}\" of {design} was {what}.

use olivine::formal::Stimulus;

#[test]
fn run_{name}() {{
    let designs = olivine::designs::all();
    let design = {source};
    let stimulus: Stimulus = serde_json::from_str(include_str!(\"{name}.json\")).unwrap();
    let replay = stimulus.replay(&design).unwrap();
    assert!({hit}, \"{{}}\", replay.trace);
}}
"
    );
    write_file(&folder.join(format!("{name}.rs")), test.as_bytes())
}

fn to_json(row: &Row) -> serde_json::Value {
    let (verdict, detail) = match &row.verdict {
        Verdict::Proved { k, certificate } => {
            ("Proved", json!({ "k": k, "by": certificate.evidence.to_string() }))
        }
        Verdict::Bounded { depth } => ("Bounded", json!({ "depth": depth })),
        Verdict::Violated(shown) => ("Violated", json!({ "cycles": shown.trace.cycles.len() })),
        Verdict::Reached(shown) => ("Reached", json!({ "cycles": shown.trace.cycles.len() })),
        Verdict::Vacuous { samples } => ("Vacuous", json!({ "samples": samples })),
        Verdict::Unknown { reason, depth } => {
            ("Unknown", json!({ "reason": reason, "depth": depth }))
        }
    };
    json!({
        "property": row.property,
        "place": row.place,
        "verdict": verdict,
        "untriggered_samples": row.untriggered,
        "detail": detail,
        "timing": { "seconds": row.elapsed.as_secs_f64() },
    })
}
