//! `olivine prove`: a verdict for each property of a design.

use super::search::{Asked, SearchOptions};
use crate::Registry;
use crate::exit::{CommandError, Exit, write_file};
use crate::registry::model_form;
use olivine_formal::{
    Aiger, Btor2, EXTERNAL_ENGINES, Options, Report, Selection, Start, Verdict, external_engine,
    prove_by,
};
use olivine_netlist::Design;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct ProveOptions {
    /// A registered design with its parameters (`peridot:array=4`), or a file that ends in .nl, .aag,
    /// .aig, .btor or .btor2
    design: String,
    /// Only the property with this name, path included; may be given several times
    #[arg(long)]
    property: Vec<String>,
    /// Ask a program of others instead, about the assertions. What it proves needs a certificate as
    /// ours does
    #[arg(long, conflicts_with_all = ["engine", "cache"], value_parser = EXTERNAL_ENGINES)]
    external: Option<String>,
    /// Write the assertions, all of them together, in the bit-level form of the model-checking
    /// competition (.aag or .aig)
    #[arg(long, value_name = "FILE")]
    aiger: Option<PathBuf>,
    /// Write the assertions and the properties of runs without end in the word-level form of the
    /// model-checking competition; memories are arrays
    #[arg(long, value_name = "FILE")]
    btor2: Option<PathBuf>,
    /// Write the first run that violates something as a witness of the competition's form: of the
    /// file that the design was read from, else of what --btor2 or --aiger writes. If everything
    /// is proved, with --aiger, the witness circuit
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
    /// Prove each module once, by itself, from what was proved of those that it places. Says what
    /// was shown of what
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
    if model_form(&given.design).is_some() {
        options.start = Start::PowerUp;
    }
    let forms = Forms::write(given, &design, &options)?;
    let asked = Asked {
        name: given.design.clone(),
        design: &design,
        source: format!("designs.load({:?}).unwrap()", given.design),
    };
    let report = match &given.external {
        None if given.compose => given.search.by_modules(&asked, &options)?,
        None => given.search.prove(&asked, &options)?,
        Some(name) => {
            let found = external_engine(name).expect("clap takes these names alone");
            let engine = found.map_err(CommandError::tool_missing)?;
            given.search.run(&asked, |_| prove_by(engine.as_ref(), &design, &options))?
        }
    };
    if let Some(path) = &given.witness {
        write_file(path, &forms.witness(given, &design, &report)?)?;
    }
    Ok(given.search.exit(&report))
}

/// What is written in the forms of the competition.
struct Forms {
    aiger: Option<Aiger>,
    btor2: Option<Btor2>,
}

impl Forms {
    fn write(
        given: &ProveOptions,
        design: &Design,
        options: &Options,
    ) -> Result<Self, CommandError> {
        let mut forms = Self { aiger: None, btor2: None };
        if let Some(path) = &given.aiger {
            let aiger = Aiger::of(design, options).map_err(CommandError::usage)?;
            write_file(path, &bytes(path, &aiger))?;
            forms.aiger = Some(aiger);
        }
        if let Some(path) = &given.btor2 {
            let btor2 = Btor2::of(design, options).map_err(CommandError::usage)?;
            write_file(path, btor2.to_text().as_bytes())?;
            forms.btor2 = Some(btor2);
        }
        Ok(forms)
    }

    /// The run of the first violation, or the circuit of what is proved.
    fn witness(
        &self,
        given: &ProveOptions,
        design: &Design,
        report: &Report,
    ) -> Result<Vec<u8>, CommandError> {
        let run = report.rows.iter().find_map(|row| match &row.verdict {
            Verdict::Violated(run) => Some(&run.stimulus),
            _ => None,
        });
        let Some(run) = run else {
            let aiger = self.aiger.as_ref().filter(|_| report.succeeded()).ok_or_else(|| {
                CommandError::failed(
                    "no witness to write: nothing is violated; a proof has one beside --aiger",
                )
            })?;
            let circuit = aiger.witness_circuit(report);
            let circuit = circuit.map_err(|why| {
                CommandError::failed(format!("no witness circuit to write: {why}"))
            })?;
            return Ok(circuit.to_binary());
        };
        let witnesses = match (model_form(&given.design), &self.btor2, &self.aiger) {
            (Some(form), _, _) => form.witnesses(design),
            (None, Some(btor2), _) => btor2.witnesses(),
            (None, None, Some(aiger)) => aiger.witnesses(),
            (None, None, None) => {
                return Err(CommandError::usage(
                    "a witness is one of a file: say which with --btor2 FILE or --aiger FILE",
                ));
            }
        };
        witnesses.write(run).map(String::into_bytes).map_err(CommandError::failed)
    }
}

/// The form that the name of a file asks for.
fn bytes(path: &std::path::Path, aiger: &Aiger) -> Vec<u8> {
    match path.extension().is_some_and(|e| e == "aig") {
        true => aiger.to_binary(),
        false => aiger.to_ascii().into_bytes(),
    }
}
