//! Where Verilator finds the registers of all instances.

use crate::naming::InstanceNames;
use crate::plan::Plan;
use crate::state::is_frozen;
use olivine_netlist::{Design, Kind, ModuleId};

/// A register of an instance, as the author and as the Verilog call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicRegister {
    /// The author's names joined by dots: `pe[1][2].sum`.
    pub path: String,
    /// The Verilog scope, from the top module on: `grid.pe[1].at[2].unit`.
    pub scope: String,
    /// The name in that scope.
    pub name: String,
    /// Width in bits.
    pub width: u32,
    /// The reading.
    pub kind: Kind,
}

/// What a module calls its registers and instances; of somebody else's module, nothing is known.
#[derive(Default)]
pub(crate) struct Inside {
    /// By register; `None` for one that never changes.
    registers: Vec<Option<String>>,
    instances: Vec<InstanceNames>,
}

impl Inside {
    pub(crate) fn of(plan: &Plan) -> Self {
        let name = |r: &olivine_netlist::Register| {
            let name = plan.own_name(r.value).unwrap_or_default().to_string();
            (!is_frozen(r)).then_some(name)
        };
        Self {
            registers: plan.module.registers.iter().map(name).collect(),
            instances: plan.names.instances.clone(),
        }
    }
}

/// The registers of a design whose modules have these `insides`, instance by instance.
pub(crate) fn registers(design: &Design, top: &str, insides: &[Inside]) -> Vec<PublicRegister> {
    let mut walk = Walk { design, insides, found: Vec::new() };
    walk.module(design.top, "", top);
    walk.found
}

struct Walk<'a> {
    design: &'a Design,
    insides: &'a [Inside],
    found: Vec<PublicRegister>,
}

impl Walk<'_> {
    fn module(&mut self, id: ModuleId, path: &str, scope: &str) {
        let (module, inside) = (self.design.module(id), &self.insides[id.0 as usize]);
        for (register, name) in module.registers.iter().zip(&inside.registers) {
            if let Some(name) = name {
                self.found.push(PublicRegister {
                    path: format!("{path}{}", register.name),
                    scope: scope.to_string(),
                    name: name.clone(),
                    width: register.width,
                    kind: register.kind.clone(),
                });
            }
        }
        for (instance, names) in module.instances.iter().zip(&inside.instances) {
            for element in 0..instance.elements() {
                let path = format!("{path}{}.", instance.element_name(element));
                let scope = format!("{scope}.{}", names.scope(&instance.dims, element));
                self.module(instance.module, &path, &scope);
            }
        }
    }
}

impl InstanceNames {
    /// The scope of an element: `pe[1].at[2].unit`, or just the name of a single instance.
    fn scope(&self, dims: &[u32], element: u32) -> String {
        if dims.is_empty() {
            return self.name.clone();
        }
        let mut rest = element;
        let mut scope = self.unit.clone();
        for (&dim, (_, block)) in dims.iter().zip(&self.loops).rev() {
            scope = format!("{block}[{}].{scope}", rest % dim);
            rest /= dim;
        }
        scope
    }
}
