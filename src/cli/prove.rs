//! `olivine prove`: a verdict for each property of a design.

use super::search::{Asked, SearchOptions};
use crate::Registry;
use crate::exit::{CommandError, Exit};
use olivine_formal::{Options, Selection, prove_with};

#[derive(clap::Args)]
pub(super) struct ProveOptions {
    /// A registered design with its parameters (`peridot:array=4`), or a file that ends in .nl
    design: String,
    /// Only the property with this name, path included; may be given several times
    #[arg(long)]
    property: Vec<String>,
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
    let options = Options { properties, ..given.search.to_options()? };
    let asked = Asked {
        name: given.design.clone(),
        design: &design,
        source: format!("designs.load({:?}).unwrap()", given.design),
    };
    let report = given.search.run(&asked, |observe| prove_with(&design, &options, observe))?;
    Ok(given.search.exit(&report))
}
