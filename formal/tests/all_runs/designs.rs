//! Small random designs with random properties.

use olivine_netlist::arbitrary::{Options, design_from};
use olivine_netlist::{
    Design, Direction, DomainId, Kind, Module, ModuleId, Op, Port, Property, PropertyKind,
    ReadKind, ValueId,
};

/// SplitMix64: numbers that depend on the seed alone.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `count - 1`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// The property in a random design that is an assertion, and what else may be there.
pub const KINDS: [(PropertyKind, &str); 3] = [
    (PropertyKind::Assert, "asserted"),
    (PropertyKind::Assume, "assumed"),
    (PropertyKind::Cover, "covered"),
];

/// A flat design with one assertion, one cover and perhaps an assumption. All that it remembers
/// besides memory words is at outputs, and so is the condition of each property, under its name.
pub fn random_design(seed: u64) -> Design {
    let mut random = Random(seed);
    let options = Options {
        modules: 1 + random.below(2) as u32,
        operators: 3 + random.below(12) as u32,
        width: 1 + random.below(3) as u32,
        domains: 1 + random.below(4).min(2) as u32,
        memories: random.below(3) == 0,
        undefined: random.below(2) == 0,
        elements: 2,
    };
    let choices: Vec<u32> = (0..400).map(|_| random.next() as u32).collect();
    let generated = design_from(&choices, &options);
    let mut flat = generated.flatten();
    flat.properties.clear();
    expose_state(&mut flat);
    let authored = flat.cells.len();
    for (kind, name) in KINDS {
        if kind != PropertyKind::Assume || random.below(2) == 0 {
            let condition = random_condition(&mut flat, authored, kind, &mut random);
            let domain = DomainId(random.below(flat.domains.len()) as u32);
            output(&mut flat, name, condition);
            let (name, place) = (name.to_string(), flat.place);
            flat.properties.push(Property { name, kind, condition, domain, place });
        }
    }
    Design { modules: vec![flat], top: ModuleId(0), files: generated.files }
}

fn output(flat: &mut Module, name: &str, value: ValueId) {
    flat.ports.push(Port {
        name: name.to_string(),
        direction: Direction::Output,
        width: flat.width(value),
        kind: Kind::Bits,
        place: flat.place,
        value,
    });
}

fn expose_state(flat: &mut Module) {
    let held = flat.memories.iter().flat_map(|m| &m.reads).filter(|r| r.kind != ReadKind::Async);
    let registers = flat.registers.iter().map(|r| r.value);
    let values: Vec<ValueId> = registers.chain(held.map(|r| r.value)).collect();
    for (i, value) in values.into_iter().enumerate() {
        output(flat, &format!("state_{i}"), value);
    }
}

/// A bit, or an *or* of up to four, so that some assertions hold; covers are *and*s, so that some
/// are not reached.
fn random_condition(
    flat: &mut Module,
    authored: usize,
    kind: PropertyKind,
    random: &mut Random,
) -> ValueId {
    let mut condition = random_bit(flat, authored, random);
    for _ in 0..random.below(4) {
        let other = random_bit(flat, authored, random);
        let op = match kind {
            PropertyKind::Cover => Op::And(condition, other),
            _ => Op::Or(condition, other),
        };
        condition = flat.add(op, 1, flat.place);
    }
    condition
}

fn random_bit(flat: &mut Module, authored: usize, random: &mut Random) -> ValueId {
    // Registers are few among the cells but are what runs differ in.
    let registers = flat.registers.len();
    let value = match registers > 0 && random.below(2) == 0 {
        true => flat.registers[random.below(registers)].value,
        false => ValueId(random.below(authored) as u32),
    };
    let low = random.below(flat.width(value) as usize) as u32;
    let bit = flat.add(Op::Slice { value, low }, 1, flat.place);
    if random.below(2) == 0 { flat.add(Op::Not(bit), 1, flat.place) } else { bit }
}
