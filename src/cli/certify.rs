//! `olivine certify`: checks what proofs rest on, apart from the engines that gave them.

use crate::Registry;
use crate::exit::{CommandError, Exit};
use crate::registry::model_form;
use olivine_formal::{Aiger, Btor2, Certificate, CertificateFile, Options, Rejection, miter};
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub(super) struct CertifyOptions {
    /// The file that `--certificate` wrote, or a witness of the model-checking competition's form
    file: PathBuf,
    /// The design that the proofs have to be of, or that the witness has to violate: a registered
    /// one, or a file that ends in .nl, .aag, .aig, .btor or .btor2
    #[arg(long)]
    design: Option<String>,
    /// The two designs whose equivalence has to be proved
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "design")]
    equiv: Vec<String>,
    /// Seconds for each certificate
    #[arg(long, default_value_t = 600.0)]
    time_limit: f64,
}

/// 1 if a certificate does not hold or is of another design, 4 if the time was over first, else 0.
pub(super) fn run(registry: &Registry, given: &CertifyOptions) -> Result<Exit, CommandError> {
    let shown = given.file.display();
    let usage = |what: String| CommandError::usage(format!("{shown}: {what}"));
    let text = std::fs::read_to_string(&given.file)
        .map_err(|e| CommandError::usage(format!("cannot read {shown}: {e}")))?;
    if text.starts_with("sat") || text.starts_with("1\n") {
        return replay(registry, given, &text);
    }
    let file: CertificateFile =
        serde_json::from_str(&text).map_err(|e| usage(format!("no certificate file: {e}")))?;
    let design = file.design().map_err(|fault| usage(fault.to_string()))?;
    let limit = Duration::try_from_secs_f64(given.time_limit)
        .map_err(|e| CommandError::usage(format!("--time-limit {}: {e}", given.time_limit)))?;
    if let Some(digest) = wanted(registry, given)?.filter(|digest| *digest != file.digest) {
        let found = &file.digest;
        return Err(CommandError::failed(format!(
            "{shown} is of the design with digest {found}, wanted is {digest}"
        )));
    }
    println!("design {} {}", design.top().name, file.digest);
    let mut exit = Exit::Done;
    for certificate in &file.certificates {
        let start = Instant::now();
        let checked = certificate.check(&design, Some(limit));
        report(certificate, &checked, start.elapsed());
        exit = match (checked, exit) {
            (Ok(()), exit) => exit,
            (Err(Rejection::Time), Exit::Done) => Exit::Limits,
            (Err(Rejection::Time), exit) => exit,
            (Err(_), _) => Exit::Failed,
        };
    }
    Ok(exit)
}

/// Replays a witness on the interpreter: done if it violates what it says.
fn replay(registry: &Registry, given: &CertifyOptions, text: &str) -> Result<Exit, CommandError> {
    let Some(name) = &given.design else {
        return Err(CommandError::usage("a witness is one of a design: say which with --design"));
    };
    let design = registry.load(name)?;
    let options = Options::default();
    let witnesses = match model_form(name) {
        Some(form) => form.witnesses(&design),
        None if text.starts_with("sat") => {
            Btor2::of(&design, &options).map_err(CommandError::usage)?.witnesses()
        }
        None => Aiger::of(&design, &options).map_err(CommandError::usage)?.witnesses(),
    };
    let run = witnesses
        .read(text, &design)
        .map_err(|fault| CommandError::failed(format!("{}: {fault}", given.file.display())))?;
    println!("\"{}\" is violated in cycle {}: replayed", run.property, run.cycles.len() - 1);
    Ok(Exit::Done)
}

/// The digest of what the user means, if he says so.
fn wanted(registry: &Registry, given: &CertifyOptions) -> Result<Option<String>, CommandError> {
    if let Some(design) = &given.design {
        return Ok(Some(registry.load(design)?.digest()));
    }
    let [first, second] = given.equiv.as_slice() else { return Ok(None) };
    let (first, second) = (registry.load(first)?, registry.load(second)?);
    let joint = miter(&first, &second).map_err(CommandError::usage)?;
    Ok(Some(joint.digest()))
}

fn report(certificate: &Certificate, checked: &Result<(), Rejection>, took: Duration) {
    let names: Vec<String> = certificate.properties.iter().map(|p| format!("\"{p}\"")).collect();
    let outcome = match checked {
        Ok(()) => "holds".to_string(),
        Err(Rejection::Time) => format!("OPEN: {}", Rejection::Time),
        Err(why) => format!("REFUSED: {why}"),
    };
    let (evidence, seconds) = (&certificate.evidence, took.as_secs_f64());
    println!("{}: {evidence}: {outcome}, {seconds:.2} s", names.join(", "));
}
