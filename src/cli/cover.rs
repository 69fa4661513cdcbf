//! `olivine cover`: a run for each cover of a design.

use super::search::{Asked, SearchOptions};
use crate::Registry;
use crate::exit::{CommandError, Exit};
use olivine_formal::{Options, Selection};
use olivine_netlist::PropertyKind;

#[derive(clap::Args)]
pub(super) struct CoverOptions {
    /// A registered design with its parameters (`fifo:depth=4`), or a file that ends in .nl
    design: String,
    #[command(flatten)]
    search: SearchOptions,
}

/// 1 if a cover is proved unreachable, 4 if the limits left one open, else 0.
pub(super) fn run(registry: &Registry, given: &CoverOptions) -> Result<Exit, CommandError> {
    let design = registry.load(&given.design)?;
    let flat = design.flatten();
    let covers = flat.properties.iter().filter(|p| p.kind == PropertyKind::Cover);
    let covers: Vec<String> = covers.map(|p| p.name.clone()).collect();
    if covers.is_empty() {
        let name = &given.design;
        return Err(CommandError::usage(format!(
            "`{name}` has no cover; write one, such as `cover(\"it is full\", …)`"
        )));
    }
    let options = Options { properties: Selection::Named(covers), ..given.search.to_options()? };
    let asked = Asked {
        name: given.design.clone(),
        design: &design,
        source: format!("designs.load({:?}).unwrap()", given.design),
    };
    let report = given.search.prove(&asked, &options)?;
    Ok(given.search.exit(&report))
}
