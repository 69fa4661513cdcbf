//! Placed modules and what they are connected to.

use super::arrays::Placed;
use super::json::Bit;
use super::module::Reader;
use olivine_netlist::{Direction, DomainId, Instance, Module, ModuleId};

impl Reader<'_> {
    /// Instances with what they are connected to.
    pub fn connect(&mut self, placed: &[Placed], before: &[Module]) {
        for group in placed {
            let first = &self.source.cells[group.members[0]];
            self.place = self.log.place(&first.src);
            let name = self.names.claim(&group.name, None);
            let domains = self.instance_domains(group);
            let mut inputs = Vec::new();
            for port in &before[group.module].ports {
                let mut values = Vec::new();
                if port.direction == Direction::Input {
                    let source = self.port_of(group.module, &port.name);
                    for &member in &group.members {
                        let mut bits = self.source.cells[member].bits(&source).to_vec();
                        bits.resize(port.width as usize, Bit::Undefined);
                        values.push(self.word(&bits));
                    }
                }
                inputs.push(values);
            }
            self.module.instances.push(Instance {
                name,
                module: ModuleId(group.module as u32),
                dims: group.dims.clone(),
                inputs,
                domains,
                place: self.place,
            });
        }
    }

    fn instance_domains(&mut self, group: &Placed) -> Vec<DomainId> {
        let mut domains = Vec::new();
        let clocks = self.clocks;
        for inner in &clocks[group.module] {
            let mut found = None;
            for &member in &group.members {
                let cell = &self.source.cells[member];
                let net = cell.bits(&inner.port).first().copied().unwrap_or(Bit::Undefined);
                let domain = self.domain(net);
                if domain.is_none() {
                    let message =
                        format!("the clock `{}` of `{}` is not a clock", inner.port, cell.name);
                    let help = "connect it to an input port of this module";
                    self.log.fault("I010", &cell.src, message, help);
                }
                let outer = domain.map(|d| &clocks[self.index][d.index()]);
                let reset = inner.reset.as_ref().map(|r| cell.bits(&r.port));
                let expected = outer.and_then(|o| o.reset.as_ref()).map(|r| Bit::Net(r.net));
                if let (Some(_), Some(bits)) = (outer, reset)
                    && bits.first().copied() != expected
                {
                    let message = format!("`{}` takes a reset that is not its clock's", cell.name);
                    let help = "connect the reset beside the clock, or read without resets";
                    self.log.fault("I013", &cell.src, message, help);
                }
                found = found.or(domain);
            }
            domains.push(found.unwrap_or(DomainId(0)));
        }
        domains
    }
}
