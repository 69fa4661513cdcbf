//! Random numbers, random designs side by side, and lockstep with the interpreter.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::arbitrary::{self, design_from, with_resets};
use olivine_netlist::{
    Bits, ClockDomain, Design, Direction, DomainId, Instance, InstanceId, Module, ModuleId, Op,
    Place, Port, PortId, ValueId,
};
use std::collections::BTreeMap;

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform bits; in every fourth value few ones or few zeros, which finds corners.
    pub fn bits(&mut self, width: u32) -> Bits {
        let words: Vec<u64> = (0..width.div_ceil(64)).map(|_| self.next()).collect();
        let bits = Bits::from_words(width, &words);
        match self.next() % 8 {
            0 => bits.and(&self.uniform(width)).and(&self.uniform(width)),
            1 => bits.or(&self.uniform(width)).or(&self.uniform(width)),
            _ => bits,
        }
    }

    fn uniform(&mut self, width: u32) -> Bits {
        let words: Vec<u64> = (0..width.div_ceil(64)).map(|_| self.next()).collect();
        Bits::from_words(width, &words)
    }
}

/// A random valid design.
pub fn random_design(seed: u64) -> Design {
    let mut random = Random(seed);
    let options = arbitrary::Options { operators: 30, ..arbitrary::Options::default() };
    let choices: Vec<u32> = (0..400).map(|_| random.next() as u32).collect();
    with_resets(design_from(&choices, &options), seed)
}

/// Designs side by side below one top. Domains of the same number and edge are one at the top.
pub fn siblings(designs: Vec<Design>) -> Design {
    let mut all = Design { modules: vec![], top: ModuleId(0), files: vec![String::new()] };
    let mut top = Module::new("siblings", Place::UNKNOWN);
    for (i, design) in designs.into_iter().enumerate() {
        let first = all.modules.len() as u32;
        let inner = ModuleId(first + design.top.0);
        for mut module in design.modules {
            module.name = format!("s{i}_{}", module.name);
            module.instances.iter_mut().for_each(|p| p.module.0 += first);
            all.modules.push(module);
        }
        place(&mut top, &all.modules[inner.0 as usize], inner, i);
    }
    all.modules.push(top);
    all.top = ModuleId(all.modules.len() as u32 - 1);
    assert_eq!(all.validate(), Ok(()));
    all
}

fn place(top: &mut Module, placed: &Module, id: ModuleId, index: usize) {
    let instance = InstanceId(top.instances.len() as u32);
    let mut inputs = Vec::new();
    for (p, port) in placed.ports.iter().enumerate() {
        let own = PortId(top.ports.len() as u32);
        let op = match port.direction {
            Direction::Input => Op::Input(own),
            Direction::Output => {
                Op::InstanceOutput { instance, port: PortId(p as u32), element: 0 }
            }
        };
        let value = top.add(op, port.width, Place::UNKNOWN);
        let name = format!("s{index}_{}", port.name);
        top.ports.push(Port { name, value, place: Place::UNKNOWN, ..port.clone() });
        let is_input = port.direction == Direction::Input;
        inputs.push(if is_input { vec![value] } else { Vec::<ValueId>::new() });
    }
    let domains = placed.domains.iter().enumerate().map(|(i, d)| domain(top, i, d)).collect();
    top.instances.push(Instance {
        name: format!("s{index}"),
        module: id,
        dims: vec![],
        inputs,
        domains,
        place: Place::UNKNOWN,
    });
}

fn domain(top: &mut Module, index: usize, inner: &ClockDomain) -> DomainId {
    let name = format!("{}{index}", inner.manner()).replace(' ', "_");
    let found = top.domains.iter().position(|d| d.name == name);
    let index = found.unwrap_or_else(|| {
        top.domains.push(ClockDomain { name, place: Place::UNKNOWN, ..inner.clone() });
        top.domains.len() - 1
    });
    DomainId(index as u32)
}

/// Drives an engine and the interpreter alike for some steps; the names of the output ports that
/// ever differed, with the first difference of each.
pub fn differences(
    design: &Design,
    engine: &mut dyn Engine,
    steps: u64,
    seed: u64,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut meaning = Interp::new(design, Undefined::Zero);
    let mut random = Random(seed);
    for step in 0..steps {
        for (port, text) in differing_step(&mut meaning, engine, &mut random) {
            found.entry(port).or_insert_with(|| format!("step {step}: {text}"));
        }
    }
    found
}

/// Sets inputs and resets, compares the ports, and makes one or two edges of some domain.
pub fn differing_step(
    meaning: &mut Interp,
    engine: &mut dyn Engine,
    random: &mut Random,
) -> Vec<(String, String)> {
    let interface = meaning.interface().clone();
    let ports = || interface.ports.iter().enumerate().map(|(p, port)| (PortId(p as u32), port));
    for (id, port) in ports().filter(|(_, port)| port.direction == Direction::Input) {
        if !random.next().is_multiple_of(4) {
            let value = random.bits(port.width);
            meaning.set(id, &value);
            engine.set(id, &value);
        }
    }
    for domain in (0..interface.domains.len() as u32).map(DomainId) {
        let active = random.next().is_multiple_of(8);
        meaning.set_reset(domain, active);
        engine.set_reset(domain, active);
    }
    let mut found = Vec::new();
    for (id, port) in ports() {
        let (expect, got) = (meaning.get(id), engine.get(id));
        if expect != got {
            found.push((port.name.clone(), format!("{expect} expected, {got} found")));
        }
    }
    if let Some(domain) = random.next().checked_rem(interface.domains.len() as u64) {
        let (domain, count) = (DomainId(domain as u32), 1 + random.next() % 2);
        meaning.step_by(domain, count);
        engine.step_by(domain, count);
    }
    found
}
