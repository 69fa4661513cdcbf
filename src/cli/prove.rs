//! `olivine prove`: a verdict for each property of a design.

use super::search::{Asked, SearchOptions};
use crate::Registry;
use crate::exit::{CommandError, Exit, write_file};
use crate::registry::is_model;
use olivine_formal::{Abc, Aiger, Btor2, Options, Selection, Start, prove_by};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct ProveOptions {
    /// A registered design with its parameters (`peridot:array=4`), or a file that ends in .nl, .aag,
    /// .aig, .btor or .btor2
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
    /// Write the assertions and the properties of runs without end in the word-level form of the
    /// model-checking competition; memories are arrays
    #[arg(long, value_name = "FILE")]
    btor2: Option<PathBuf>,
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
    if is_model(&given.design) {
        options.start = Start::PowerUp;
    }
    if let Some(path) = &given.aiger {
        let aiger = Aiger::of(&design, &options).map_err(CommandError::usage)?;
        let binary = path.extension().is_some_and(|e| e == "aig");
        let bytes = if binary { aiger.to_binary() } else { aiger.to_ascii().into_bytes() };
        write_file(path, &bytes)?;
    }
    if let Some(path) = &given.btor2 {
        let btor2 = Btor2::of(&design, &options).map_err(CommandError::usage)?;
        write_file(path, btor2.to_text().as_bytes())?;
    }
    let asked = Asked {
        name: given.design.clone(),
        design: &design,
        source: format!("designs.load({:?}).unwrap()", given.design),
    };
    let report = match &given.external {
        None => given.search.prove(&asked, &options)?,
        Some(_) => {
            let abc = Abc::find().map_err(CommandError::tool_missing)?;
            given.search.run(&asked, |_| prove_by(&abc, &design, &options))?
        }
    };
    Ok(given.search.exit(&report))
}
