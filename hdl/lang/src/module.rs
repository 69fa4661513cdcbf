//! [`Module`]: a configuration, its ports and its body.

use crate::builder::Builder;
use crate::elaborate::{Elaboration, Shapes, module_of, with};
use crate::leaf::Net;
use crate::names;
use crate::place::At;
use crate::ports::Ports;
use crate::walk::Walk;
use olivine_netlist::ModuleId;
use std::fmt::Debug;
use std::hash::Hash;

/// A configuration that elaborates into a module. Equal configurations are one module.
pub trait Module: Debug + Clone + Hash + Eq + 'static {
    /// The record of its ports.
    type Ports: Ports;

    /// Whether there can be such a module; if not, why, and how to mend it. Asked before anything
    /// is built; what is placed in spite of it is a fault where it is placed. (Its ports are asked
    /// for all the same, so that all other faults are found, too.)
    ///
    /// # Errors
    /// What is wrong with the parameters.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// The shapes of its ports. The same each time.
    fn ports(&self) -> Self::Ports;

    /// The body: drives the outputs of `p`.
    fn build(&self, p: Self::Ports);

    /// Its name in the design: by default the type and the parameters, `counter_limit3`,
    /// shortened with a stable hash when that is long. A suffix is added when it is taken.
    fn name(&self) -> String {
        names::module_name(std::any::type_name::<Self>(), &format!("{self:?}"))
    }
}

/// Gives the module being built its ports and its body.
pub(crate) fn build<M: Module>(config: &M) {
    let shapes = shapes(config, Shapes::Asked);
    let ports = shapes.walk_ports(&mut Walk::new(&mut |visit, leaf| {
        with(|b, e| {
            if leaf.net != Net::Shape {
                e.fault_shape_wanted(b, visit.at, "a port");
            }
            let direction = visit.direction.expect("ports have a direction");
            b.port(e, visit.at, visit.name, direction, leaf)
        })
    }));
    config.build(ports);
}

/// The shapes of the ports. What makes signals is told instead of making them.
fn shapes<M: Module>(config: &M, asked: Shapes) -> M::Ports {
    let outer = with(|_, e| std::mem::replace(&mut e.shapes, asked));
    let ports = config.ports();
    with(|_, e| e.shapes = outer);
    ports
}

impl Elaboration {
    /// Whether this is no place to make a signal, which is told.
    pub(crate) fn only_shapes(&mut self, b: &Builder, at: At, what: &str) -> bool {
        if self.shapes == Shapes::Asked {
            let message = format!("{what} is made where ports are declared");
            let help = "make it in the body; a port is given its shape, and an output that is a \
                        register `reg(shape)`";
            self.fault(b, "L042", at, message, help);
        }
        self.shapes != Shapes::No
    }
}

/// The module of a configuration and the shapes of its ports.
pub(crate) fn placed<M: Module>(config: &M, at: At) -> (Option<ModuleId>, M::Ports) {
    let main = with(|b, _| b.clock.unnamed());
    (module_of(config, at, main), shapes(config, Shapes::AskedAgain))
}
