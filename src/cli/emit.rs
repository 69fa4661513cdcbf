//! `olivine emit`: a design as Verilog or in the text form.

use crate::Registry;
use crate::exit::{CommandError, Exit, write_file};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Options {
    /// A registered design with its parameters (`peridot:array=4`), or a file that ends in .nl
    design: String,
    /// Where to write; standard output without it
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Form::Verilog)]
    form: Form,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Form {
    /// Verilog-2005, one module per configuration
    Verilog,
    /// The text form of the netlist, which every verb reads
    Netlist,
}

pub(super) fn run(registry: &Registry, options: &Options) -> Result<Exit, CommandError> {
    let design = registry.load(&options.design)?;
    let text = match options.form {
        Form::Verilog => olivine_emit::emit(&design),
        Form::Netlist => design.to_string(),
    };
    match &options.output {
        Some(path) => write_file(path, text.as_bytes())?,
        None => println!("{}", text.trim_end()),
    }
    Ok(Exit::Done)
}
