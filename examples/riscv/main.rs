//! A 32-bit RISC-V processor that runs a compiled program.
//!
//! `cargo run --release --example riscv` runs it and prints what the program prints;
//! `cargo run --release --example riscv -- list` is the `olivine` command for its designs.

#[cfg(test)]
mod machine;
mod processor;
mod run;
#[cfg(test)]
mod tests;

use olivine::{Registry, elaborated, regress};
use processor::{Core, System, WORDS, words};
use std::process::ExitCode;
use std::time::Instant;

/// The system with the program in its memory.
fn system() -> System {
    System { program: words(), words: WORDS }
}

fn designs() -> Registry {
    Registry::empty()
        .design("riscv_core", "an in-order RV32I core", &[], |_| elaborated(Core { start: 0 }))
        .design("riscv", "the core with its memory and a compiled program", &[], |_| {
            elaborated(system())
        })
}

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        return olivine::main(&designs(), &regress::Registry::new());
    }
    let start = Instant::now();
    let run = run::run(system(), u64::MAX);
    print!("{}", String::from_utf8_lossy(&run.printed));
    let seconds = start.elapsed().as_secs_f64();
    let (cycles, retired) = (run.cycles, run.retired);
    eprintln!(
        "{retired} instructions in {cycles} cycles, {seconds:.2} s: {:.2} M cycles/s",
        cycles as f64 / seconds / 1e6
    );
    if run.trapped { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
