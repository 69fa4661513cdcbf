//! `olivine list`: what the command knows.

use crate::Registry;
use crate::exit::{CommandError, Exit};
use olivine_regress::Registry as Benches;

#[derive(clap::Args)]
pub(super) struct Options {
    /// Print nothing but names, one DESIGN a line
    #[arg(long)]
    names: bool,
}

pub(super) fn run(
    registry: &Registry,
    benches: &Benches,
    options: &Options,
) -> Result<Exit, CommandError> {
    if options.names {
        registry.entries().iter().for_each(|e| println!("{}", e.name));
        return Ok(Exit::Done);
    }
    println!("Designs (DESIGN is NAME or NAME:parameter=value,parameter=value):");
    for entry in registry.entries() {
        println!("  {:<14} {}", entry.name, entry.summary);
        for p in entry.parameters {
            println!("  {:<14}   {}={:<8} {}", "", p.name, p.default, p.summary);
        }
    }
    println!("Benches (for `olivine regress`):");
    for bench in benches.iter() {
        println!("  {:<14} {}", bench.name(), bench.meaning());
        for p in bench.parameters() {
            println!("  {:<14}   {}={:<8} {}", "", p.name, p.default.to_string(), p.meaning);
        }
    }
    Ok(Exit::Done)
}
