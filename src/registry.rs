//! The designs that the command knows: registered names with parameters, or files in the text
//! form.

use crate::exit::CommandError;
use olivine_formal::Witnesses;
use olivine_netlist::Design;
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

/// A parameter of a registered design.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// `lower_snake_case`, as in `name:parameter=value`.
    pub name: &'static str,
    /// Its value where the user gives none.
    pub default: &'static str,
    /// What it means, with its unit.
    pub summary: &'static str,
}

/// The values of a design's parameters, defaults filled in.
#[derive(Clone, Debug)]
pub struct Arguments {
    design: String,
    values: BTreeMap<String, String>,
}

impl Arguments {
    /// The value of `parameter`, read as `T`.
    ///
    /// # Errors
    /// Names the parameter and the text that cannot be read.
    pub fn get<T: FromStr>(&self, parameter: &str) -> Result<T, CommandError> {
        let text = self.values.get(parameter).map(String::as_str).unwrap_or_default();
        text.parse().map_err(|_| {
            let design = &self.design;
            let wanted = std::any::type_name::<T>();
            CommandError::usage(format!(
                "design `{design}`: parameter `{parameter}` cannot be `{text}`; give a value of type {wanted}"
            ))
        })
    }
}

type Elaborate = Box<dyn Fn(&Arguments) -> Result<Design, CommandError> + Send + Sync>;
type ElaborateAt = Box<dyn Fn(&Arguments, f64) -> Result<Design, CommandError> + Send + Sync>;

/// What stands on a board in a design's place.
struct OnBoard {
    summary: &'static str,
    elaborate: ElaborateAt,
}

/// A registered design.
pub struct Entry {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line about it.
    pub summary: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    elaborate: Elaborate,
    on_board: Option<OnBoard>,
}

/// The designs that a command knows.
#[derive(Default)]
pub struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// No designs.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a design; one of the same name is replaced.
    pub fn design(
        mut self,
        name: &'static str,
        summary: &'static str,
        parameters: &'static [Parameter],
        elaborate: impl Fn(&Arguments) -> Result<Design, CommandError> + Send + Sync + 'static,
    ) -> Self {
        self.entries.retain(|e| e.name != name);
        let elaborate = Box::new(elaborate);
        self.entries.push(Entry { name, summary, parameters, elaborate, on_board: None });
        self
    }

    /// Says what stands on a board in place of the design added last, whose own ports are too many
    /// for pins: `summary` says what that is, `elaborate` gets the board's clock in MHz.
    ///
    /// # Panics
    /// If no design has been added.
    pub fn on_board(
        mut self,
        summary: &'static str,
        elaborate: impl Fn(&Arguments, f64) -> Result<Design, CommandError> + Send + Sync + 'static,
    ) -> Self {
        let last = self.entries.last_mut().expect("a design comes before what stands for it");
        last.on_board = Some(OnBoard { summary, elaborate: Box::new(elaborate) });
        self
    }

    /// The designs in the order in which they were added.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The design that `text` names: `NAME`, `NAME:parameter=value,…`, or a file that ends in
    /// `.nl` or is one of the model-checking competition (`.aag`, `.aig`, `.btor`, `.btor2`). It
    /// has passed validation.
    ///
    /// # Errors
    /// An unknown name or parameter (with those that exist), a value that cannot be read, a file
    /// that cannot be read or parsed, or the faults of the design.
    pub fn load(&self, text: &str) -> Result<Design, CommandError> {
        if text.ends_with(".nl") {
            load_file(Path::new(text))
        } else if let Some(form) = model_form(text) {
            form.load(Path::new(text))
        } else {
            self.elaborate(text)
        }
    }

    /// As [`load`](Self::load), for a board whose clock has so many MHz: the design, and what
    /// stands in its place if it is not itself.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_for_board(
        &self,
        text: &str,
        mhz: f64,
    ) -> Result<(Design, Option<&'static str>), CommandError> {
        if text.ends_with(".nl") {
            return Ok((load_file(Path::new(text))?, None));
        }
        let (entry, arguments) = self.find(text)?;
        match &entry.on_board {
            Some(other) => Ok(((other.elaborate)(&arguments, mhz)?, Some(other.summary))),
            None => Ok(((entry.elaborate)(&arguments)?, None)),
        }
    }

    fn elaborate(&self, text: &str) -> Result<Design, CommandError> {
        let (entry, arguments) = self.find(text)?;
        (entry.elaborate)(&arguments)
    }

    fn find(&self, text: &str) -> Result<(&Entry, Arguments), CommandError> {
        let (name, given) = text.split_once(':').unwrap_or((text, ""));
        let entry = self.entries.iter().find(|e| e.name == name).ok_or_else(|| {
            let known: Vec<_> = self.entries.iter().map(|e| e.name).collect();
            CommandError::usage(format!(
                "no design is called `{name}`; known are {} (or give a file that ends in .nl)",
                known.join(", ")
            ))
        })?;
        Ok((entry, entry.arguments(given)?))
    }
}

impl Entry {
    fn arguments(&self, given: &str) -> Result<Arguments, CommandError> {
        let defaults = self.parameters.iter().map(|p| (p.name.to_string(), p.default.to_string()));
        let mut values: BTreeMap<_, _> = defaults.collect();
        for pair in given.split(',').filter(|p| !p.is_empty()) {
            let (key, value) = pair.split_once('=').ok_or_else(|| {
                CommandError::usage(format!("`{pair}` is not of the form parameter=value"))
            })?;
            let known = values.get_mut(key).ok_or_else(|| {
                let names: Vec<_> = self.parameters.iter().map(|p| p.name).collect();
                let names = if names.is_empty() { "none".into() } else { names.join(", ") };
                let design = self.name;
                CommandError::usage(format!(
                    "design `{design}` has no parameter `{key}`; it has {names}"
                ))
            })?;
            *known = value.to_string();
        }
        Ok(Arguments { design: self.name.to_string(), values })
    }
}

/// The design of a module, as a registry gives it; faults are bad input.
///
/// # Errors
/// The faults of the design, all of them, with the author's lines.
#[track_caller]
pub fn elaborated<M: olivine_lang::Module>(module: M) -> Result<Design, CommandError> {
    elaborated_in(olivine_lang::Domain::MAIN, module)
}

/// As [`elaborated`], with the edge and the reset of a domain.
///
/// # Errors
/// As [`elaborated`].
#[track_caller]
pub fn elaborated_in<M: olivine_lang::Module>(
    domain: olivine_lang::Domain,
    module: M,
) -> Result<Design, CommandError> {
    olivine_lang::elaborate_in(domain, module)
        .map_err(|faults| CommandError::usage(olivine_lang::render(&faults)))
}

/// The form of a file of the model-checking competition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModelForm {
    Aiger,
    Btor2,
}

/// The form of a file with this name, if it is one of the model-checking competition's.
pub(crate) fn model_form(text: &str) -> Option<ModelForm> {
    let ends = |endings: [&str; 2]| endings.iter().any(|ending| text.ends_with(ending));
    if ends([".aag", ".aig"]) {
        Some(ModelForm::Aiger)
    } else {
        ends([".btor", ".btor2"]).then_some(ModelForm::Btor2)
    }
}

impl ModelForm {
    fn load(self, path: &Path) -> Result<Design, CommandError> {
        let shown = path.display();
        let file = std::fs::read(path)
            .map_err(|e| CommandError::usage(format!("cannot read {shown}: {e}")))?;
        let design = match self {
            Self::Aiger => olivine_formal::read_aiger(&file),
            Self::Btor2 => olivine_formal::read_btor2(&String::from_utf8_lossy(&file)),
        };
        design.map_err(|e| CommandError::usage(format!("{shown}: {e}")))
    }

    /// Witnesses of the file that a design was read from.
    pub(crate) fn witnesses(self, design: &Design) -> Witnesses {
        match self {
            Self::Aiger => Witnesses::of_aiger_file(design),
            Self::Btor2 => Witnesses::of_btor2_file(design),
        }
    }
}

fn load_file(path: &Path) -> Result<Design, CommandError> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| CommandError::usage(format!("cannot read {}: {e}", path.display())))?;
    let design =
        Design::parse(&text).map_err(|e| CommandError::usage(format!("{}:{e}", path.display())))?;
    match design.validate() {
        Ok(()) => Ok(design),
        Err(faults) => Err(CommandError::usage(olivine_netlist::Faults::new(&design, faults))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry() -> Registry {
        let parameters = &[Parameter { name: "width", default: "8", summary: "bits" }];
        Registry::empty().design("thing", "a thing", parameters, |a| {
            let width: u32 = a.get("width")?;
            Err(CommandError::failed(format!("width is {width}")))
        })
    }

    fn message(text: &str) -> String {
        registry().load(text).expect_err("an error").message
    }

    #[test]
    fn parameters_reach_the_design() {
        assert_eq!(message("thing"), "width is 8");
        assert_eq!(message("thing:width=12"), "width is 12");
    }

    #[test]
    fn a_board_may_get_another_design() {
        let message = |registry: Registry| {
            let error = registry.load_for_board("thing:width=3", 25.0).expect_err("an error");
            error.message
        };
        assert_eq!(message(registry()), "width is 3");
        let wrapped = registry().on_board("wrapped", |a, mhz| {
            let width: u32 = a.get("width")?;
            Err(CommandError::failed(format!("width is {width} at {mhz} MHz")))
        });
        assert_eq!(message(wrapped), "width is 3 at 25 MHz");
    }

    #[test]
    fn each_mistake_has_its_message() {
        assert_eq!(
            message("think"),
            "no design is called `think`; known are thing (or give a file that ends in .nl)"
        );
        assert_eq!(
            message("thing:depth=1"),
            "design `thing` has no parameter `depth`; it has width"
        );
        assert_eq!(message("thing:width"), "`width` is not of the form parameter=value");
        assert_eq!(
            message("thing:width=x"),
            "design `thing`: parameter `width` cannot be `x`; give a value of type u32"
        );
        assert!(message("none.nl").starts_with("cannot read none.nl: "));
    }
}
