//! The engines of others by their names.

use super::{Abc, ExternalEngine, Ric3, SmtInduction, SmtSolver, Smtbmc};
use olivine_tools::MissingTool;

/// The engines of others that are known, by their names on the command line.
pub const EXTERNAL_ENGINES: [&str; 6] = ["abc", "ric3", "smtbmc", "z3", "bitwuzla", "cvc5"];

/// The engine of one of these names; `None` if there is no such name.
pub fn external_engine(name: &str) -> Option<Result<Box<dyn ExternalEngine>, MissingTool>> {
    fn boxed(engine: impl ExternalEngine + 'static) -> Box<dyn ExternalEngine> {
        Box::new(engine)
    }
    match name {
        "abc" => Some(Abc::find().map(boxed)),
        "ric3" => Some(Ric3::find().map(boxed)),
        "smtbmc" => Some(Smtbmc::find().map(boxed)),
        _ => {
            let (_, solver) = SmtSolver::NAMED.iter().find(|(known, _)| *known == name)?;
            Some(SmtInduction::find(*solver).map(boxed))
        }
    }
}
