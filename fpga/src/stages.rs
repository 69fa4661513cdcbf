//! The programs of the flow, one function each.

use crate::files::Files;
use crate::run::run;
use crate::{Board, BuildError, Options, Progress, Stage, ToolVersion};
use olivine_tools::{Tool, Tools};
use std::process::Command;
use std::time::Instant;

/// The programs, found before anything is started: what is missing is told at once.
pub(crate) struct Programs {
    yosys: Tool,
    nextpnr: Tool,
    ecppack: Tool,
}

impl Programs {
    pub fn find(tools: &Tools) -> Result<Self, BuildError> {
        let yosys =
            tools.pyosys().or_else(|missing| tools.program("yosys").map_err(|_| missing))?;
        let nextpnr = tools.fpga_program("nextpnr-ecp5")?;
        let ecppack = tools.fpga_program("ecppack")?;
        Ok(Self { yosys, nextpnr, ecppack })
    }

    pub fn versions(&self) -> Vec<ToolVersion> {
        let named =
            [("yosys", &self.yosys), ("nextpnr-ecp5", &self.nextpnr), ("ecppack", &self.ecppack)];
        let version = |tool: &Tool| tool.version().unwrap_or_else(|| "unknown".into());
        let each =
            named.map(|(name, tool)| ToolVersion { name: name.into(), version: version(tool) });
        each.into()
    }

    /// From Verilog to cells of the part. Returns the seconds it took, as its sisters do.
    pub fn synthesize(
        &self,
        top: &str,
        files: &Files,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<f64, BuildError> {
        let script = format!(
            "read_verilog {design} {board}\nhierarchy -check -top {top}\n\
             synth_ecp5 -top {top} -json {netlist}\n",
            design = Files::DESIGN,
            board = Files::BOARD,
            netlist = Files::NETLIST
        );
        files.write(Files::SCRIPT, &script)?;
        let mut command = self.yosys.command();
        if self.yosys.name() == "pyosys" {
            let run = "from pyosys import libyosys as ys\nimport sys\n\
                       ys.run_pass('script ' + sys.argv[1], ys.Design())";
            command.args(["-c", run, Files::SCRIPT]);
        } else {
            command.args(["-s", Files::SCRIPT]);
        }
        timed("yosys", command, files, Stage::Synthesize, progress)
    }

    /// From cells to places and wires, with the tool's own report of timing and utilization.
    pub fn place_and_route(
        &self,
        board: &Board,
        mhz: f64,
        options: &Options,
        files: &Files,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<f64, BuildError> {
        let part = &board.part;
        let mut command = self.nextpnr.command();
        command.arg(format!("--{}", part.device));
        command.args(["--package", &part.package, "--speed", &part.speed.to_string()]);
        command.args(["--lpf", Files::CONSTRAINTS, "--json", Files::NETLIST]);
        command.args(["--textcfg", Files::PLACED, "--report", Files::MEASURED]);
        command.args(["--freq", &mhz.to_string(), "--seed", &options.seed.to_string()]);
        // A clock that is missed is judged by us, with the report at hand.
        command.arg("--timing-allow-fail");
        timed("nextpnr-ecp5", command, files, Stage::PlaceAndRoute, progress)
    }

    /// From places and wires to the bits of the configuration memory.
    pub fn pack(
        &self,
        files: &Files,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<f64, BuildError> {
        let mut command = self.ecppack.command();
        command.args(["--compress", Files::PLACED]);
        command.args(["--bit", Files::BITSTREAM, "--svf", Files::SVF]);
        timed("ecppack", command, files, Stage::Pack, progress)
    }
}

fn timed(
    tool: &'static str,
    command: Command,
    files: &Files,
    stage: Stage,
    progress: &mut dyn FnMut(Progress),
) -> Result<f64, BuildError> {
    progress(Progress::Begin(stage));
    let start = Instant::now();
    run(tool, command, files, stage, progress)?;
    Ok((start.elapsed().as_secs_f64() * 10.0).round() / 10.0)
}
