//! `olivine crossings`: what passes between clock domains.

use crate::Registry;
use crate::exit::{CommandError, Exit};
use olivine_lang::{render, unsafe_crossings};
use olivine_netlist::{Crossing, Design, End};

#[derive(clap::Args)]
pub(super) struct Options {
    /// A registered design with its parameters (`async_fifo`), or a file that ends in .nl
    design: String,
}

/// Lists every crossing; 1 if one of them is not said to be on purpose, else 0.
pub(super) fn run(registry: &Registry, given: &Options) -> Result<Exit, CommandError> {
    let design = registry.load(&given.design)?;
    let crossings = design.crossings();
    let intended = crossings.iter().filter(|crossing| crossing.intended);
    intended.for_each(|crossing| println!("on purpose: {}", shown(&design, crossing)));
    let domains = design.top().domains.len();
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    println!("{}, {}", count(domains, "clock domain"), count(crossings.len(), "crossing"));
    let faults = unsafe_crossings(&design);
    if faults.faults.is_empty() {
        return Ok(Exit::Done);
    }
    eprintln!("{}", render(&faults));
    let message = format!("{} not said to be on purpose", count(faults.faults.len(), "crossing"));
    Err(CommandError::failed(message))
}

fn shown(design: &Design, crossing: &Crossing) -> String {
    let end = |end: &End| {
        let domain = if end.domain.is_empty() { "the main domain" } else { &end.domain };
        format!("`{}` of {domain} ({})", end.name, design.show_place(end.place))
    };
    format!("{} to {}", end(&crossing.source), end(&crossing.sink))
}
