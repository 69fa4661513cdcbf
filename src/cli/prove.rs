//! `olivine prove`: a verdict for each property of a design.

use super::search::{Asked, SearchOptions};
use crate::Registry;
use crate::exit::{CommandError, Exit, write_file};
use crate::registry::is_aiger;
use olivine_formal::{Abc, Aiger, Options, Selection, Start, prove_by};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct ProveOptions {
    /// A registered design with its parameters (`peridot:array=4`), or a file that ends in .nl, .aag
    /// or .aig
    design: String,
    /// Only the property with this name, path included; may be given several times
    #[arg(long)]
    property: Vec<String>,
    /// Ask a program of others instead, about the assertions: abc. What it proves needs a
    /// certificate as ours does
    #[arg(long, conflicts_with_all = ["engine", "cache"], value_parser = ["abc"])]
    external: Option<String>,
    /// Write the assertions, all of them together, in the bit-level form of the model-checking
    /// competition (.aag or .aig)
    #[arg(long, value_name = "FILE")]
    aiger: Option<PathBuf>,
    /// Prove each module once, by itself, from what was proved of those that it places; what
    /// placed modules assume is asserted. Says what was shown of what
    #[arg(long, conflicts_with_all = ["external", "cache"])]
    compose: bool,
    #[command(flatten)]
    search: SearchOptions,
}

/// 1 if something is violated or vacuous, 4 if the limits left something open, else 0.
pub(super) fn run(registry: &Registry, given: &ProveOptions) -> Result<Exit, CommandError> {
    let design = registry.load(&given.design)?;
    let properties = match given.property.as_slice() {
        [] => Selection::All,
        names => Selection::Named(names.to_vec()),
    };
    let mut options = Options { properties, ..given.search.to_options()? };
    if is_aiger(&given.design) {
        options.start = Start::PowerUp;
    }
    if let Some(path) = &given.aiger {
        let aiger = Aiger::of(&design, &options).map_err(CommandError::usage)?;
        let binary = path.extension().is_some_and(|e| e == "aig");
        let bytes = if binary { aiger.to_binary() } else { aiger.to_ascii().into_bytes() };
        write_file(path, &bytes)?;
    }
    let asked = Asked {
        name: given.design.clone(),
        design: &design,
        source: format!("designs.load({:?}).unwrap()", given.design),
    };
    let report = match &given.external {
        None if given.compose => given.search.by_modules(&asked, &options)?,
        None => given.search.prove(&asked, &options)?,
        Some(_) => {
            let abc = Abc::find().map_err(CommandError::tool_missing)?;
            given.search.run(&asked, |_| prove_by(&abc, &design, &options))?
        }
    };
    Ok(given.search.exit(&report))
}
