//! `olivine equiv`: whether two designs give the same outputs in every run.

use super::search::{Asked, SearchOptions};
use crate::Registry;
use crate::exit::{CommandError, Exit};
use olivine_formal::{equivalent_with, miter};

#[derive(clap::Args)]
pub(super) struct EquivOptions {
    /// A registered design with its parameters (`fifo:depth=4`), or a file that ends in .nl
    first: String,
    /// Another with the same ports
    second: String,
    #[command(flatten)]
    search: SearchOptions,
}

/// 1 if some run tells them apart, 4 if the limits left that open, else 0.
pub(super) fn run(registry: &Registry, given: &EquivOptions) -> Result<Exit, CommandError> {
    let (first, second) = (registry.load(&given.first)?, registry.load(&given.second)?);
    let options = given.search.to_options()?;
    let joint = miter(&first, &second).map_err(CommandError::usage)?;
    let asked = Asked {
        name: format!("{} and {}", given.first, given.second),
        design: &joint,
        source: format!(
            "olivine::formal::miter(&designs.load({:?}).unwrap(), &designs.load({:?}).unwrap()).unwrap()",
            given.first, given.second
        ),
    };
    let search = |observe: &mut dyn FnMut(_)| equivalent_with(&first, &second, &options, observe);
    let report = given.search.run(&asked, search)?;
    Ok(given.search.exit(&report))
}
