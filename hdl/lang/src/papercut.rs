//! Papercuts: what is legal, but surely not meant.

use crate::builder::Builder;
use crate::elaborate::Elaboration;
use crate::leaf::{Leaf, Reading};
use crate::literal::Scalar;
use crate::module::Module;
use crate::operand::{Given, Literal};
use crate::place::{At, here};
use olivine_netlist::{Design, Direction, Fault, Faults, ModuleId, Op, PortId, ValueId};
use std::collections::HashSet;

/// What is legal in `config` and all it places, but surely not meant: warnings (codes `W…`). None
/// is a fault, as generic code may do rightly in one configuration what looks wrong in another.
///
/// - W001: a comparison with a literal that is always true, or never, whatever the other side is;
/// - W002: a product whose upper bits are dropped;
/// - W003: `valid` of a stream depends combinationally on its own `ready`, which rule 3 of
///   [`Stream`](crate::Stream) forbids.
///
/// # Errors
/// The faults, where it has any.
#[track_caller]
pub fn papercuts<M: Module>(config: M) -> Result<Faults, Faults> {
    let at = here();
    let (design, mut warnings) = crate::elaborate::elaborated(&config, at, crate::Domain::MAIN)?;
    for id in 0..design.modules.len() {
        impatient_streams(&design, ModuleId(id as u32), &mut warnings);
    }
    let mut seen = HashSet::new();
    warnings.retain(|w| seen.insert((w.code, w.place, w.message.clone())));
    Ok(Faults { faults: warnings, files: design.files })
}

impl Elaboration {
    fn warn(&mut self, b: &Builder, code: &'static str, at: At, message: &str, help: &str) {
        let place = self.files.place(at);
        let message = format!("module `{}`: {message}", b.module.name);
        self.warnings.push(Fault::new(code, place, message, help));
    }

    /// Warns of a comparison `a < literal` (or `literal < a`) that its width decides.
    pub(crate) fn check_order<T: Scalar>(
        &mut self,
        b: &Builder,
        at: At,
        a: Leaf,
        other: &Given<T>,
        swapped: bool,
    ) {
        let Given::Literal(Literal::Int(value)) = other else { return };
        if a.width > 64 {
            return;
        }
        let (least, greatest) = match a.reading {
            Reading::Unsigned => (0, (1i128 << a.width) - 1),
            Reading::Signed => (-(1i128 << (a.width - 1)), (1i128 << (a.width - 1)) - 1),
            _ => return,
        };
        let limit = if swapped { greatest } else { least };
        if *value != limit {
            return;
        }
        let shape = a.to_shape();
        let relation = if swapped { "greater" } else { "less" };
        let message =
            format!("no `{shape:?}` is {relation} than {value}: the comparison is decided");
        let help = "compare with `eq` or `ne`, or leave the comparison out";
        self.warn(b, "W001", at, &message, help);
    }

    /// Warns where the upper bits of a product are dropped.
    pub(crate) fn check_product(&mut self, b: &Builder, at: At, a: Leaf, width: u32) {
        let crate::leaf::Net::Value { owner, value } = a.net else { return };
        if owner != b.serial || width >= a.width {
            return;
        }
        let cell = b.module.cell(ValueId(value));
        if !matches!(cell.op, Op::MulUnsigned(..) | Op::MulSigned(..)) {
            return;
        }
        let place = cell.place;
        let message =
            format!("the upper {} of {} bits of a product are dropped", a.width - width, a.width);
        let help = "keep them, `saturate`, or say with `slice(0, width)` that the product modulo \
                    a power of two is meant";
        self.warn(b, "W002", at, &message, help);
        let warning = self.warnings.last_mut().expect("a warning was just pushed");
        warning.label(place, "the product");
    }
}

/// W003 for the streams that a module produces: found by the names of their ports.
fn impatient_streams(design: &Design, id: ModuleId, warnings: &mut Vec<Fault>) {
    let module = design.module(id);
    let pairs = module.ports.iter().enumerate().filter_map(|(i, port)| {
        let stem = port.name.strip_suffix("valid")?;
        let ready = module.find_port(&format!("{stem}ready"))?;
        let produced = port.direction == Direction::Output
            && module.ports[ready.index()].direction == Direction::Input;
        produced.then_some((PortId(i as u32), ready))
    });
    let pairs: Vec<_> = pairs.collect();
    if pairs.is_empty() {
        return;
    }
    let flat = Design { top: id, ..design.clone() }.flatten();
    for (valid, ready) in pairs {
        let mut seen = HashSet::new();
        let mut waiting = vec![flat.ports[valid.index()].value];
        while let Some(value) = waiting.pop() {
            if seen.insert(value) {
                flat.combinational_operands(value, |operand| waiting.push(operand));
            }
        }
        if seen.contains(&flat.ports[ready.index()].value) {
            let [valid, ready] = [valid, ready].map(|p| &module.ports[p.index()]);
            let message = format!(
                "module `{}`: `{}` depends combinationally on `{}`",
                module.name, valid.name, ready.name
            );
            let help = "a producer does not wait for its consumer to be ready (rule 3 of \
                        streams): offer first, and act on `transfer()`";
            let mut warning = Fault::new("W003", valid.place, message, help);
            warning.label(ready.place, "it waits for this");
            warnings.push(warning);
        }
    }
}
