//! `olivine show`: a design as a picture.

use crate::Registry;
use crate::exit::{CommandError, Exit, write_file};
use crate::show::{Picture, picture};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Options {
    /// A registered design with its parameters (`fifo:depth=4`), or a file that ends in .nl
    design: String,
    /// Where to write the SVG; standard output without it
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Only this module's schematic
    #[arg(long)]
    module: Option<String>,
}

pub(super) fn run(registry: &Registry, options: &Options) -> Result<Exit, CommandError> {
    let design = registry.load(&options.design)?;
    let what = Picture { module: options.module.clone(), ..Picture::default() };
    let svg = picture(&design, &what)?;
    match &options.output {
        Some(path) => write_file(path, svg.as_bytes())?,
        None => print!("{svg}"),
    }
    Ok(Exit::Done)
}
