//! Names of signals: of bindings by [`named`](crate::named), explicit ones by `.named("x")`.

use crate::builder::Builder;
use crate::elaborate::{try_with, with};
use crate::leaf::{Leaf, Net};
use crate::names;
use crate::place::At;
use crate::signal::Signal;
use crate::walk::Walk;
use olivine_netlist::{Label, Op, ValueId};

/// What a binding can give its name to.
pub trait Nameable {
    /// Takes the name, where it has none yet.
    fn take_name(&self, name: &str);
}

/// Calls [`Nameable::take_name`] if the value is nameable, and nothing otherwise: method
/// resolution finds [`Yes`] before [`No`]. For the code that `#[named]` writes.
pub struct Binding<'a, T>(pub &'a T);

/// Bindings that are nameable.
pub trait Yes {
    /// Names the value.
    fn bind(&self, name: &str);
}

/// Bindings that are not.
pub trait No {
    /// Does nothing.
    fn bind(&self, _name: &str) {}
}

impl<T: Nameable> Yes for Binding<'_, T> {
    fn bind(&self, name: &str) {
        self.0.take_name(name);
    }
}

impl<T> No for &Binding<'_, T> {}

/// Gives every leaf of `signal` its name, where it has none.
pub fn name_signal<T: Signal>(signal: &T, name: &str) {
    each(signal, name, |b, value, reading_of, name| b.name_value(value, reading_of, name, false));
}

/// Gives every leaf of `signal` its name, also where it has one.
pub(crate) fn rename<T: Signal>(_at: At, signal: &T, name: &str) {
    each(signal, name, |b, value, leaf, name| b.name_value(value, leaf, name, true));
}

fn each<T: Signal>(signal: &T, name: &str, give: impl Fn(&mut Builder, ValueId, Leaf, &str)) {
    let _ = signal.walk(&mut Walk::new(&mut |visit, leaf| {
        let full = match visit.name {
            "" => name.to_string(),
            n if n.starts_with(|c: char| c.is_ascii_digit()) => format!("{name}{n}"),
            n => format!("{name}_{n}"),
        };
        try_with(|b, _| match leaf.net {
            Net::Value { owner, value } if owner == b.serial => {
                give(b, ValueId(value), leaf, &names::word(&full));
            }
            _ => {}
        });
        leaf
    }));
}

impl Builder {
    fn name_value(&mut self, value: ValueId, leaf: Leaf, name: &str, force: bool) {
        match self.module.cell(value).op {
            Op::Const(_) | Op::Input(_) => {}
            Op::Register(register) => {
                let index = register.index();
                if force || self.module.registers[index].name.is_empty() {
                    self.module.registers[index].name = name.to_string();
                }
            }
            Op::InstanceOutput { .. } if !force => {}
            // Names are made unique at the end of the module, where it is known which values are
            // ports.
            _ => {
                let is_port = self.driven_index(value).is_some_and(|i| {
                    !matches!(self.driven[i].target, crate::builder::Target::Wire)
                });
                if is_port || (!force && self.module.cell(value).label.is_some()) {
                    return;
                }
                let label = Label { name: name.to_string(), kind: leaf.reading.kind() };
                self.module.cells[value.index()].label = Some(Box::new(label));
            }
        }
    }
}

/// Where the module's body begins; called by what `#[named]` writes into `build`.
#[doc(hidden)]
#[track_caller]
pub fn body() {
    let at = crate::place::here();
    with(|b, e| b.module.place = e.files.place(at));
}

macro_rules! nameable {
    ($($kind:ty)*) => {$(
        impl Nameable for $kind {
            fn take_name(&self, name: &str) {
                name_signal(self, name);
            }
        }
    )*};
}

nameable! {
    crate::Bit crate::Unsigned crate::Signed crate::Float crate::Fixed crate::UnsignedFixed
}
