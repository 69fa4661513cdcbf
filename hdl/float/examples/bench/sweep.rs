//! Four thousand million inputs: the hardware makes them itself, of the number of a case.

use crate::batch::LANES;
use olivine_interp::{Engine, Undefined};
use olivine_lang::prelude::Bits;
use olivine_netlist::{
    Design, Direction, Instance, InstanceId, Kind, Module, ModuleId, Op, Port, PortId, ValueId,
};
use olivine_sim::Compiled;
use std::ops::Range;

/// Width of a case's number.
const INDEX: u32 = 32;

/// What an input is: the number of the case from bit `low` on, and some bits that are always set.
#[derive(Clone, Copy)]
pub struct Feed {
    pub low: u32,
    pub set: u64,
}

/// Copies of a combinational unit of one output, each with the next case.
pub struct Sweep<const I: usize> {
    engine: Compiled,
    feeds: [Feed; I],
    widths: [u32; I],
}

impl<const I: usize> Sweep<I> {
    /// Copies of the top module of this design, whose inputs come of the number so.
    pub fn new(unit: &Design, feeds: [Feed; I]) -> Self {
        let ports =
            |direction| unit.top().ports.iter().filter(move |port| port.direction == direction);
        let widths: Vec<u32> = ports(Direction::Input).map(|port| port.width).collect();
        let widths: [u32; I] = widths.try_into().expect("a feed for each input");
        assert_eq!(ports(Direction::Output).count(), 1, "its outputs");
        let design = side_by_side(&numbered(unit, &feeds));
        design.validate().unwrap_or_else(|faults| panic!("{faults:?}"));
        Self { engine: Compiled::new(&design, Undefined::Random(1)), feeds, widths }
    }

    /// The inputs of a case.
    fn stimulus(&self, case: u64) -> [u64; I] {
        std::array::from_fn(|i| {
            let Feed { low, set } = self.feeds[i];
            (case >> low) & (u64::MAX >> (64 - self.widths[i])) | set
        })
    }

    /// Whether the unit does as the golden model in all of these cases, whose bounds are multiples of
    /// [`LANES`]; how many there were, or the first difference.
    pub fn agrees(
        &mut self,
        cases: Range<u64>,
        golden: impl Fn([u64; I]) -> u64,
    ) -> Result<u64, String> {
        let lanes = LANES as u64;
        let whole = [cases.start, cases.end].iter().all(|bound| bound.is_multiple_of(lanes));
        assert!(whole, "{cases:?}: whole rounds");
        let mut shown = 0;
        for first in cases.step_by(LANES) {
            self.engine.set_u64(PortId(0), first);
            for lane in 0..lanes {
                let stimulus = self.stimulus(first + lane);
                let wanted = golden(stimulus);
                let found = self.engine.get_u64(PortId(1 + lane as u32));
                if found != wanted {
                    return Err(format!("{stimulus:x?} gives {found:x}, not {wanted:x}"));
                }
            }
            shown += lanes;
        }
        Ok(shown)
    }
}

/// The unit with the first number of a round and that of its lane for inputs.
fn numbered<const I: usize>(unit: &Design, feeds: &[Feed; I]) -> Design {
    let mut design = unit.clone();
    let inner = unit.top();
    let mut module = Module::new(format!("{}_numbered", inner.name), inner.place);
    let [first, lane] = ["first", "lane"].map(|name| {
        let id = PortId(module.ports.len() as u32);
        let value = module.add(Op::Input(id), INDEX, inner.place);
        let port = inner.ports[0].clone();
        module.ports.push(Port {
            name: name.into(),
            width: INDEX,
            kind: Kind::Unsigned,
            value,
            ..port
        });
        value
    });
    let case = module.add(Op::Or(first, lane), INDEX, inner.place);
    let mut feeds = feeds.iter();
    let inputs = inner.ports.iter().map(|port| {
        if port.direction == Direction::Output {
            return Vec::new();
        }
        let feed = feeds.next().expect("a feed for each input");
        let taken = port.width.min(INDEX - feed.low);
        let mut add = |op, width| module.add(op, width, inner.place);
        let part = add(Op::Slice { value: case, low: feed.low }, taken);
        let part = if taken < port.width { add(Op::Extend(part), port.width) } else { part };
        let set = add(Op::Const(Bits::from_words(port.width, &[feed.set])), port.width);
        vec![add(Op::Or(part, set), port.width)]
    });
    let inputs = inputs.collect();
    module.instances.push(instance(unit.top, inputs, Vec::new(), unit));
    let (index, port) = output(inner);
    let op = Op::InstanceOutput { instance: InstanceId(0), element: 0, port: index };
    let value = module.add(op, port.width, inner.place);
    module.ports.push(Port { value, ..port.clone() });
    design.top = ModuleId(design.modules.len() as u32);
    design.modules.push(module);
    design
}

/// An array of such a unit: one input for the round, an output for each lane.
fn side_by_side(numbered: &Design) -> Design {
    let mut design = numbered.clone();
    let inner = numbered.top();
    let mut top = Module::new(format!("{}_lanes", inner.name), inner.place);
    let first = top.add(Op::Input(PortId(0)), INDEX, inner.place);
    top.ports.push(Port { value: first, ..inner.ports[0].clone() });
    let lanes: Vec<ValueId> = (0..LANES as u64)
        .map(|lane| top.add(Op::Const(Bits::from_words(INDEX, &[lane])), INDEX, inner.place))
        .collect();
    let inputs = vec![vec![first; LANES], lanes, Vec::new()];
    top.instances.push(instance(numbered.top, inputs, vec![LANES as u32], numbered));
    let (index, port) = output(inner);
    for lane in 0..LANES as u32 {
        let op = Op::InstanceOutput { instance: InstanceId(0), element: lane, port: index };
        let value = top.add(op, port.width, inner.place);
        top.ports.push(Port { name: format!("{}_lane{lane}", port.name), value, ..port.clone() });
    }
    design.top = ModuleId(design.modules.len() as u32);
    design.modules.push(top);
    design
}

fn output(module: &Module) -> (PortId, &Port) {
    let found = module.ports.iter().position(|port| port.direction == Direction::Output);
    let index = found.expect("it has an output");
    (PortId(index as u32), &module.ports[index])
}

fn instance(module: ModuleId, inputs: Vec<Vec<ValueId>>, dims: Vec<u32>, of: &Design) -> Instance {
    let place = of.top().place;
    Instance { name: "unit".into(), module, dims, inputs, domains: Vec::new(), place }
}
