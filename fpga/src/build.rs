//! [`build`]: the whole flow.

use crate::connect::connect;
use crate::constraints::constraints;
use crate::files::Files;
use crate::measured::Measured;
use crate::stages::Programs;
use crate::wrapper::wrapper;
use crate::{Board, BuildError, BuildReport, Options, Progress, Seconds, Stage};
use olivine_emit::Verilog;
use olivine_netlist::{Design, Faults};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Builds `design` for `board`: emits, synthesizes, places and routes, packs, and reports what
/// the tools measured. The report stands as `report.json` beside the bitstream.
///
/// The design's ports go to the board's pins of the same name; its one clock is the board's
/// oscillator; its reset is active after power-up and while the board's button is pressed. Inputs
/// pass two registers on their way in.
///
/// Fails with [`BuildError::Timing`] when a clock is missed; the report is in the error.
pub fn build(
    design: &Design,
    board: &Board,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<BuildReport, BuildError> {
    design.validate().map_err(|faults| BuildError::Design(Faults::new(design, faults)))?;
    let mhz = frequency(board, options)?;
    let connections = connect(design.top(), board, &options.connect)?;
    let programs = Programs::find(&options.tools)?;
    let name = options.name.clone().unwrap_or_else(|| design.top().name.clone());
    let files = Files::open(&folder(&name, board, options))?;

    progress(Progress::Begin(Stage::Emit));
    let verilog = Verilog::new(design, &olivine_emit::Options::default());
    let wrapper = wrapper(&verilog, board, &connections);
    files.write(Files::DESIGN, &verilog.text)?;
    files.write(Files::BOARD, &wrapper.text)?;
    files.write(Files::CONSTRAINTS, &constraints(board, &connections, mhz))?;

    let seconds = Seconds {
        synthesize: programs.synthesize(&wrapper.name, &files, progress)?,
        place_and_route: programs.place_and_route(board, mhz, options, &files, progress)?,
        pack: programs.pack(&files, progress)?,
    };
    let measured = measured(&files)?;
    let bits = files.read(Files::BITSTREAM)?;
    let report = BuildReport {
        format: 1,
        design: name,
        design_digest: design.digest(),
        board: board.name.clone(),
        part: board.part.name.clone(),
        seed: options.seed,
        tools: programs.versions(),
        utilization: measured.utilization(),
        clocks: measured.clocks(),
        critical_paths: measured.critical_paths(|source| authors_place(&verilog.text, source)),
        bitstream: files.path(Files::BITSTREAM),
        bitstream_digest: Sha256::digest(&bits).iter().map(|byte| format!("{byte:02x}")).collect(),
        seconds,
    };
    let json = serde_json::to_string_pretty(&report).expect("a report has a JSON form");
    files.write(Files::REPORT, &(json + "\n"))?;
    if report.timing_met() { Ok(report) } else { Err(BuildError::Timing(Box::new(report))) }
}

fn frequency(board: &Board, options: &Options) -> Result<f64, BuildError> {
    match options.mhz {
        Some(mhz) if mhz.is_nan() || mhz < board.clock.mhz => Err(BuildError::Options(format!(
            "{mhz} MHz is asked for, but the clock of {} runs at {} MHz",
            board.name, board.clock.mhz
        ))),
        mhz => Ok(mhz.unwrap_or(board.clock.mhz)),
    }
}

fn folder(name: &str, board: &Board, options: &Options) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = format!("{name}-{}", board.name).chars().map(plain).collect();
    options.folder.clone().unwrap_or_else(|| Path::new("target/olivine/fpga").join(name))
}

fn measured(files: &Files) -> Result<Measured, BuildError> {
    let bytes = files.read(Files::MEASURED)?;
    serde_json::from_slice(&bytes).map_err(|error| BuildError::Tool {
        tool: "nextpnr-ecp5",
        message: format!("  its report {} is not as expected: {error}", Files::MEASURED),
        log: files.path("nextpnr-ecp5.log"),
    })
}

/// The author's source line of a note like `design.v:12.5-12.9`: the comment that the emitter
/// wrote at the end of that line, `src/pe.rs:7`, or `line 7` of the file that the comment before
/// the module names.
fn authors_place(verilog: &str, note: &str) -> Option<String> {
    let line = note.strip_prefix(Files::DESIGN)?.strip_prefix(':')?.split('.').next()?;
    let index = line.parse::<usize>().ok()?.checked_sub(1)?;
    let (code, place) = verilog.lines().nth(index)?.split_once("  // ")?;
    if code.trim().is_empty() {
        return None;
    }
    let Some(line) = place.strip_prefix("line ") else { return Some(place.into()) };
    let heads = verilog.lines().take(index).filter_map(|line| line.strip_prefix("// "));
    let (file, _) = heads.filter(|head| is_place(head)).last()?.rsplit_once(':')?;
    Some(format!("{file}:{line}"))
}

fn is_place(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(_, line)| line.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_lead_to_the_authors_line() {
        let text = "// A { b: 3 }\n// src/a.rs:5\nmodule a;\n  // a comment alone\n\
                    assign x = y;  // line 7\nassign z = y;  // src/b.rs:9\n";
        let check = |note: &str, expect: Option<&str>| {
            assert_eq!(authors_place(text, note).as_deref(), expect, "{note}");
        };
        check("design.v:5.1-5.9", Some("src/a.rs:7"));
        check("design.v:6.1", Some("src/b.rs:9"));
        for other in ["design.v:3.1", "design.v:4.1", "design.v:9.1", "board.v:5.1", "design.v:x"] {
            check(other, None);
        }
    }
}
