//! How a value is called.

use crate::{Design, Module, Op, ValueId};

impl Module {
    /// The name of `value` for a person: its label, or the name of the register, port, read port
    /// or instance output it is, or `%7` for cell 7.
    ///
    /// It does not ask the design to be valid.
    pub fn value_name(&self, design: &Design, value: ValueId) -> String {
        let label = self.cells.get(value.index()).and_then(|c| c.label.as_ref());
        label
            .map(|l| l.name.clone())
            .or_else(|| self.link_name(design, value))
            .unwrap_or_else(|| format!("%{}", value.0))
    }

    /// The name of what the cell stands for, if it stands for something.
    pub(crate) fn link_name(&self, design: &Design, value: ValueId) -> Option<String> {
        match &self.cells.get(value.index())?.op {
            Op::Input(port) => Some(self.ports.get(port.index())?.name.clone()),
            Op::Register(r) => Some(self.registers.get(r.index())?.name.clone()),
            Op::ReadData { memory, port } => {
                Some(format!("{}.read[{port}]", self.memories.get(memory.index())?.name))
            }
            Op::InstanceOutput { instance, port, element } => {
                let instance = self.instances.get(instance.index())?;
                let placed = design.modules.get(instance.module.index())?;
                let name = &placed.ports.get(port.index())?.name;
                let zero = instance.dims.contains(&0);
                let element = if zero { String::new() } else { instance.element_name(*element) };
                Some(format!("{element}.{name}"))
            }
            _ => None,
        }
    }
}
