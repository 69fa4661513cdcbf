//! The `olivine` command: its arguments, and one file per verb.

mod certify;
mod cover;
mod crossings;
mod emit;
mod equiv;
mod explain;
mod fpga;
mod fuzz;
mod list;
mod new;
mod prove;
mod regress;
mod search;
mod show;
mod sim;
mod train;
mod wave;

use crate::Registry;
use crate::exit::{CommandError, EXIT_CODES, Exit};
use clap::{Parser, Subcommand};
use olivine_regress::{Registry as Benches, WORKER_SUBCOMMAND};
use std::ffi::OsString;

/// Hardware description and verification toolkit.
#[derive(Parser)]
#[command(name = "olivine", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a crate with a module, its tests, its proof and an FPGA target
    #[command(after_help = EXIT_CODES)]
    New(new::Options),
    /// List the designs and benches it knows, with their parameters
    #[command(after_help = EXIT_CODES)]
    List(list::Options),
    /// Train a network on the simulated chip
    #[command(after_help = EXIT_CODES)]
    Train(train::Options),
    /// Say what the code of a fault means
    #[command(after_help = EXIT_CODES)]
    Explain(explain::Options),
    /// Write a design as Verilog, or in the text form
    #[command(after_help = EXIT_CODES)]
    Emit(emit::Options),
    /// Draw a design's hierarchy and schematics as SVG
    #[command(after_help = EXIT_CODES)]
    Show(show::Options),
    /// Simulate a design under random stimulus and draw its wave
    #[command(after_help = EXIT_CODES)]
    Sim(sim::Options),
    /// Draw a waveform file, or a run of a design, in the terminal
    #[command(after_help = EXIT_CODES)]
    Wave(wave::Options),
    /// Prove a design's properties
    #[command(after_help = EXIT_CODES)]
    Prove(prove::ProveOptions),
    /// Compare the outputs of two designs, in every run
    #[command(after_help = EXIT_CODES)]
    Equiv(equiv::EquivOptions),
    /// Find a run for each cover of a design
    #[command(after_help = EXIT_CODES)]
    Cover(cover::CoverOptions),
    /// List what passes between clock domains, and what of it nobody said is on purpose
    #[command(after_help = EXIT_CODES)]
    Crossings(crossings::Options),
    /// Check what proofs rest on
    #[command(after_help = EXIT_CODES)]
    Certify(certify::CertifyOptions),
    /// Run random designs on every engine and minimize what differs
    #[command(after_help = EXIT_CODES)]
    Fuzz(fuzz::Options),
    /// Run a plan of seeds and benches
    #[command(after_help = EXIT_CODES)]
    Regress(regress::RegressOptions),
    /// Run one test of a regression again, exactly, and draw its wave
    #[command(after_help = EXIT_CODES)]
    Replay(regress::ReplayOptions),
    /// Run one task of a regression (what `regress` starts for each task)
    #[command(name = WORKER_SUBCOMMAND, hide = true)]
    Worker(regress::WorkerOptions),
    /// Build a bitstream
    #[command(subcommand, after_help = EXIT_CODES)]
    Fpga(fpga::Verb),
}

/// Runs the command on `arguments` (the program's name first) and gives the exit code.
pub(crate) fn run(
    registry: &Registry,
    benches: &Benches,
    arguments: impl Iterator<Item = OsString>,
) -> Exit {
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(told) => {
            let wrong = told.use_stderr();
            // A closed pipe is no reason to fail: the user has seen what he wanted.
            let _ = told.print();
            return if wrong { Exit::Usage } else { Exit::Done };
        }
    };
    match dispatch(registry, benches, parsed.verb) {
        Ok(exit) => exit,
        Err(error) => {
            // Faults of a design are told with their codes: `error[L010]: …`.
            let coded = error.message.starts_with("error[");
            eprintln!("{}{error}", if coded { "" } else { "error: " });
            error.exit
        }
    }
}

fn dispatch(registry: &Registry, benches: &Benches, verb: Verb) -> Result<Exit, CommandError> {
    match verb {
        Verb::New(options) => new::run(&options),
        Verb::List(options) => list::run(registry, benches, &options),
        Verb::Train(options) => train::run(&options),
        Verb::Explain(options) => explain::run(&options),
        Verb::Emit(options) => emit::run(registry, &options),
        Verb::Show(options) => show::run(registry, &options),
        Verb::Sim(options) => sim::run(registry, &options),
        Verb::Wave(options) => wave::run(registry, &options),
        Verb::Prove(options) => prove::run(registry, &options),
        Verb::Equiv(options) => equiv::run(registry, &options),
        Verb::Cover(options) => cover::run(registry, &options),
        Verb::Crossings(options) => crossings::run(registry, &options),
        Verb::Certify(options) => certify::run(registry, &options),
        Verb::Fuzz(options) => fuzz::run(&options),
        Verb::Regress(options) => regress::run(benches, &options),
        Verb::Replay(options) => regress::replay(benches, &options),
        Verb::Worker(options) => regress::worker(benches, &options),
        Verb::Fpga(verb) => fpga::run(registry, &verb),
    }
}
