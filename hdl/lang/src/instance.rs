//! Instances, single and in arrays.

use crate::builder::{Builder, Target};
use crate::elaborate::{Elaboration, with};
use crate::grid::Dims;
use crate::leaf::{Leaf, Net};
use crate::module::{Module, placed};
use crate::names;
use crate::place::{At, here};
use crate::ports::Ports;
use crate::walk::{Visit, Walk};
use olivine_netlist::{Direction, Instance, InstanceId, ModuleId, Op, PortId, ValueId};

/// Places one module. The result is its record of ports, seen from outside: its inputs are to
/// be driven.
#[track_caller]
pub fn instance<M: Module>(config: M, name: &str) -> M::Ports {
    let at = here();
    let mut elements = place_all(at, &config, &[], name);
    elements.pop().expect("an instance has one element")
}

/// Places an array of equal modules: `instances(pe, [rows, columns], "pe")`, then
/// `grid[r][c]` is the record of ports of one. The array stays one in the netlist.
#[track_caller]
pub fn instances<M: Module, D: Dims>(config: M, dims: D, name: &str) -> D::Grid<M::Ports> {
    let at = here();
    let sizes = dims.sizes();
    dims.grid(place_all(at, &config, &sizes, name))
}

fn place_all<M: Module>(at: At, config: &M, dims: &[usize], name: &str) -> Vec<M::Ports> {
    let count: usize = dims.iter().product();
    let only_shapes = with(|b, e| e.only_shapes(b, at, "an instance"));
    let (id, shapes) = if only_shapes { (None, config.ports()) } else { placed(config, at) };
    let id = id.filter(|_| count > 0);
    if count == 0 {
        with(|b, e| {
            let message = format!("the array `{name}` has no elements");
            e.fault(b, "L040", at, message, "place arrays of at least one element");
        });
    }
    let Some(id) = id else {
        return (0..count).map(|_| poisoned(&shapes)).collect();
    };
    let placing = with(|b, e| Placing::new(b, e, at, id, dims, name));
    (0..count).map(|element| placing.element(&shapes, element as u32)).collect()
}

fn poisoned<P: Ports>(shapes: &P) -> P {
    shapes.walk_ports(&mut Walk::new(&mut |_, leaf| leaf.with_net(Net::Poison)))
}

/// An instance that is being placed.
struct Placing {
    at: At,
    instance: InstanceId,
    /// For each port of the module its direction.
    directions: Vec<Direction>,
}

impl Placing {
    fn new(
        b: &mut Builder,
        e: &mut Elaboration,
        at: At,
        module: ModuleId,
        dims: &[usize],
        name: &str,
    ) -> Self {
        let inner = e.modules[module.index()].domains.clone();
        let domains = inner.iter().map(|d| b.domain_of_instance(e, at, d)).collect();
        let ports = &e.modules[module.index()].ports;
        let directions: Vec<_> = ports.iter().map(|p| p.direction).collect();
        let instance = InstanceId(b.module.instances.len() as u32);
        let name = b.unique(&names::word(name));
        b.module.instances.push(Instance {
            name,
            module,
            dims: dims.iter().map(|d| *d as u32).collect(),
            inputs: vec![Vec::new(); directions.len()],
            domains,
            place: e.files.place(at),
        });
        Self { at, instance, directions }
    }

    fn element<P: Ports>(&self, shapes: &P, element: u32) -> P {
        let mut next = 0;
        shapes.walk_ports(&mut Walk::new(&mut |visit: Visit<'_>, leaf| {
            let port = PortId(next);
            next += 1;
            let declared = self.directions.get(port.index()).copied();
            if declared != visit.direction {
                return with(|b, e| self.unsteady(b, e, leaf));
            }
            with(|b, e| self.leaf(b, e, port, element, leaf))
        }))
    }

    fn unsteady(&self, b: &Builder, e: &mut Elaboration, leaf: Leaf) -> Leaf {
        let message = "`ports()` does not give the same ports each time";
        e.fault(b, "L041", self.at, message, "let it depend on the configuration alone");
        leaf.with_net(Net::Poison)
    }

    fn leaf(
        &self,
        b: &mut Builder,
        e: &mut Elaboration,
        port: PortId,
        element: u32,
        leaf: Leaf,
    ) -> Leaf {
        let width = leaf.width.max(1);
        let instance = self.instance;
        let value: ValueId = match self.directions[port.index()] {
            Direction::Output => {
                b.cell(e, self.at, Op::InstanceOutput { instance, port, element }, width)
            }
            Direction::Input => {
                let target = Target::Input { instance: instance.0, port: port.0, element };
                let value = b.wire(e, self.at, target, width);
                b.module.instances[instance.index()].inputs[port.index()].push(value);
                value
            }
        };
        b.leaf(value, leaf.reading)
    }
}
