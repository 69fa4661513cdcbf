//! Validation: every fault of a design, each with its place, its parts and a way out.
//!
//! After [`Design::validate`] says yes, no pass and no engine may panic on the design. Each check
//! has a code; the list is [`CODES`], and beside it stands what the check does *not* ask:
//! - unused values, unused modules and unused domains are no faults;
//! - combinational loops are judged on whole values (a word that feeds itself through disjoint
//!   bits is a loop), but element by element through arrays of instances;
//! - of loops that share a cell, one is shown.
//!
//! A module whose indices are broken (N001, N002) is looked at no further, so that the list names
//! causes, not consequences.

mod external;
mod ids;
mod instances;
mod links;
mod loops;
mod names;
mod state;
mod widths;

use crate::{Design, Fault, Module, ModuleId, Place, ValueId};
use loops::Summary;
pub(crate) use names::{is_path, is_word};

/// Every code with what it means.
pub const CODES: &[(&str, &str)] = &[
    ("N001", "an index points outside its list"),
    ("N002", "an instance places a module that does not stand before its own"),
    ("N003", "a module contains itself"),
    ("N010", "a name is not well-formed"),
    ("N011", "one name stands for two things"),
    ("N020", "a width is 0, or above the greatest that is allowed"),
    ("N021", "the widths of an operator and its operands do not fit"),
    ("N022", "a condition is not one bit wide"),
    ("N023", "a value differs in width from what it belongs to"),
    ("N024", "a constant differs in width from what it is for"),
    ("N025", "a kind does not fit the width"),
    ("N030", "an input port and its cell do not point at each other"),
    ("N031", "a register and its cell do not point at each other"),
    ("N032", "a read port and its cell do not point at each other"),
    ("N033", "a cell names an instance output that does not exist, or exists already"),
    ("N040", "a memory has no words, or more bits than are allowed"),
    ("N041", "a memory has more initial words than words"),
    ("N042", "a write mask does not divide the word into equal parts"),
    ("N050", "an instance array has no elements, or more than are allowed"),
    ("N051", "an instance does not have one value for each element of each input"),
    ("N052", "a connection differs in width from the port"),
    ("N053", "an instance does not say which clock domain is which"),
    ("N054", "clock domains that are joined differ in edge or reset"),
    ("N055", "a module cannot compute the function of floats that it is said to compute"),
    ("N060", "a combinational loop"),
    ("N080", "what a module is in Verilog has a name that cannot be, or twice"),
    ("N081", "a port of a module that is somebody else's in Verilog has not its pins there"),
    ("N082", "a clock or reset of a module that is somebody else's in Verilog has no pin there"),
    ("N070", "the design is too large when every instance is counted"),
];

/// The greatest width of a value in bits.
pub const MAX_WIDTH: u32 = 1 << 20;
/// The greatest number of bits in a memory.
pub const MAX_MEMORY_BITS: u64 = 1 << 32;
/// The greatest number of cells of a design, every element of every instance counted.
pub const MAX_FLAT_CELLS: u64 = 1 << 31;

impl Design {
    /// Whether engines may take this design.
    ///
    /// # Errors
    /// Every fault there is, module by module; see the list [`CODES`].
    pub fn validate(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        let mut summaries: Vec<Summary> = Vec::new();
        let ordered = ids::check_design(self, &mut faults);
        names::check_modules(self, &mut faults);
        for module in &self.modules {
            let mut check = Checker { design: self, module, faults: &mut faults };
            summaries.push(check.module(&summaries, ordered));
        }
        if faults.is_empty() {
            instances::check_size(self, &mut faults);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// One module under validation.
struct Checker<'a> {
    design: &'a Design,
    module: &'a Module,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Checker<'a> {
    fn module(&mut self, summaries: &[Summary], ordered: bool) -> Summary {
        names::check(self);
        let before = self.faults.len();
        ids::check(self);
        if !ordered || self.faults.len() > before {
            return Summary::default();
        }
        widths::check(self);
        state::check(self);
        let before = self.faults.len();
        links::check(self);
        instances::check(self);
        instances::check_function(self);
        external::check(self);
        if self.faults.len() > before {
            return Summary::default();
        }
        loops::check(self, summaries)
    }

    /// Records a fault of this module, ready to take labels.
    fn fault(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl AsRef<str>,
        help: impl Into<String>,
    ) -> &mut Fault {
        let message = format!("module `{}`: {}", self.module.name, message.as_ref());
        self.faults.push(Fault::new(code, place, message, help));
        self.faults.last_mut().expect("a fault was just pushed")
    }

    /// How messages speak of a value.
    fn show(&self, value: ValueId) -> String {
        format!("`{}`", self.module.value_name(self.design, value))
    }

    /// The module with this id, with the checker's lifetime.
    fn placed(&self, id: ModuleId) -> &'a Module {
        self.design.module(id)
    }
}
