//! Every registered design in the compiled simulator and, as its Verilog, in Verilator: the same
//! outputs in each of [`CYCLES`] cycles of random inputs. All stand side by side in one design, so
//! that Verilator and the C++ compiler run once.

use olivine::cosim::{Model, Options, Verilated};
use olivine::interp::{Engine, Undefined};
use olivine::netlist::{
    Bits, Cell, ClockDomain, Design, Direction, DomainId, Instance, InstanceId, Module, ModuleId,
    Mutation, Op, Place, Port, PortId, ValueId,
};
use olivine::sim::Compiled;
use std::collections::VecDeque;
use std::sync::OnceLock;

/// Edges, over all clocks.
const CYCLES: u64 = 100_000;

/// Changes that are tried of each design until one is noticed, and the edges of each.
const TRIES: usize = 60;
const CYCLES_OF_CHANGED: u64 = 2_000;

/// What chooses the inputs, clocks and resets.
const SEED: u64 = 2_026;

/// Random numbers: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn bits(&mut self, width: u32) -> Bits {
        let words: Vec<u64> = (0..width.div_ceil(64)).map(|_| self.next()).collect();
        Bits::from_words(width, &words)
    }
}

/// The lines of an I²C bus as a manager moves them that speaks to our subordinate most of the time:
/// random ones would never send its address.
struct I2cLine {
    random: Random,
    /// SCL and SDA at the edges of the main clock to come.
    ahead: VecDeque<(bool, bool)>,
}

impl I2cLine {
    /// The address that the subordinate is registered with.
    const OWN: u64 = 42;

    fn new() -> Self {
        Self { random: Random(SEED), ahead: VecDeque::new() }
    }

    /// The levels now.
    fn now(&mut self) -> (bool, bool) {
        if self.ahead.is_empty() {
            self.say();
        }
        self.ahead[0]
    }

    fn edge(&mut self) {
        self.ahead.pop_front();
    }

    /// A START and an address, or a byte.
    fn say(&mut self) {
        let choice = self.random.next();
        let byte = self.random.next() & 0xff;
        if !choice.is_multiple_of(4) {
            return self.byte(byte);
        }
        for levels in [(false, true), (true, true), (true, false)] {
            self.ahead.extend([levels; 4]);
        }
        let other = choice >> 8 & 7 == 0;
        self.byte(if other { byte } else { Self::OWN << 1 | byte & 1 });
    }

    /// Eight bits, the highest first, and a released line.
    fn byte(&mut self, byte: u64) {
        for i in (0..9).rev() {
            let sda = (byte << 1 | 1) >> i & 1 == 1;
            self.ahead.extend([(false, sda); 4]);
            self.ahead.extend([(true, sda); 4]);
        }
    }
}

/// Each registered design under a name of its own; ports are called `NAME__PORT`.
fn side_by_side(designs: &[(String, Design)]) -> Design {
    // Places are not looked at; they only have to be of some file.
    let files = designs.iter().map(|(_, design)| design.files.len()).max().unwrap_or(1);
    let mut all = Design { modules: Vec::new(), top: ModuleId(0), files: vec!["-".into(); files] };
    let mut top = Module::new("side_by_side", Place::UNKNOWN);
    for (name, design) in designs {
        let first = all.modules.len() as u32;
        for module in &design.modules {
            let mut module = module.clone();
            module.name = format!("{name}__{}", module.name);
            for instance in &mut module.instances {
                instance.module = ModuleId(instance.module.0 + first);
            }
            all.modules.push(module);
        }
        let placed = ModuleId(design.top.0 + first);
        place(&mut top, name, placed, design.top());
    }
    all.top = ModuleId(all.modules.len() as u32);
    all.modules.push(top);
    all.validate().unwrap_or_else(|faults| panic!("{faults:#?}"));
    all
}

/// Adds an instance whose ports are ports of the module around it; clocks of one name are one, if
/// they have one edge and one kind of reset.
fn place(top: &mut Module, name: &str, placed: ModuleId, module: &Module) {
    let id = InstanceId(top.instances.len() as u32);
    let mut inputs = vec![Vec::new(); module.ports.len()];
    for (index, port) in module.ports.iter().enumerate() {
        let outer = PortId(top.ports.len() as u32);
        let value = ValueId(top.cells.len() as u32);
        let op = match port.direction {
            Direction::Input => {
                inputs[index] = vec![value];
                Op::Input(outer)
            }
            Direction::Output => {
                Op::InstanceOutput { instance: id, port: PortId(index as u32), element: 0 }
            }
        };
        top.cells.push(Cell { op, width: port.width, place: Place::UNKNOWN, label: None });
        top.ports.push(Port { name: format!("{name}__{}", port.name), value, ..port.clone() });
    }
    let domains = module.domains.iter().map(|domain| {
        let mut wanted = domain.clone();
        if !domain.acts_like(&ClockDomain::new("", Place::UNKNOWN)) {
            wanted.name = format!("{}{}", domain.name, domain.manner()).replace(' ', "_");
        }
        let found = top.domains.iter().position(|known| known.name == wanted.name);
        let index = found.unwrap_or_else(|| {
            top.domains.push(wanted);
            top.domains.len() - 1
        });
        DomainId(index as u32)
    });
    let domains = domains.collect();
    let (dims, place) = (Vec::new(), Place::UNKNOWN);
    top.instances.push(Instance {
        name: name.into(),
        module: placed,
        dims,
        inputs,
        domains,
        place,
    });
}

/// The designs at their default sizes; the chip and its array at the smallest.
fn designs() -> Vec<(String, Design)> {
    let registry = olivine::designs::all();
    let size = |name: &str| match name {
        "peridot" | "array" => format!("{name}:array=2"),
        // A bit in every cycle: else random ones would make no frames.
        "peridot_uart" => format!("{name}:array=2,divisor=1"),
        _ => name.to_string(),
    };
    let load = |name: &str| registry.load(&size(name)).unwrap_or_else(|e| panic!("{}", e.message));
    registry.entries().iter().map(|entry| (entry.name.to_string(), load(entry.name))).collect()
}

/// The first output that differs: its name and the cycle.
fn difference(
    mut ours: impl Engine,
    mut theirs: impl Engine,
    cycles: u64,
) -> Option<(String, u64)> {
    let mut random = Random(SEED);
    let ports = ours.interface().ports.clone();
    let domains = ours.interface().domains.len() as u64;
    let main = ours.interface().domains.iter().position(String::is_empty);
    let mut line = I2cLine::new();
    for cycle in 0..cycles {
        for (index, port) in ports.iter().enumerate() {
            let id = PortId(index as u32);
            if port.direction == Direction::Input {
                let value = match port.name.as_str() {
                    "i2c_subordinate__scl" => Bits::new(1, u64::from(line.now().0)),
                    "i2c_subordinate__sda" => Bits::new(1, u64::from(line.now().1)),
                    _ => random.bits(port.width),
                };
                ours.set(id, &value);
                theirs.set(id, &value);
            }
        }
        // All clocks begin in reset, and come into it again now and then.
        let active = cycle < 4 * domains || random.next().is_multiple_of(2000);
        let domain =
            DomainId((if cycle < 4 * domains { cycle } else { random.next() } % domains) as u32);
        if Some(domain.index()) == main {
            line.edge();
        }
        for engine in [&mut ours as &mut dyn Engine, &mut theirs] {
            engine.set_reset(domain, active);
            engine.step(domain);
        }
        if cycle < 4 * domains {
            continue;
        }
        for (index, port) in ports.iter().enumerate() {
            let id = PortId(index as u32);
            if port.direction == Direction::Output && ours.get(id) != theirs.get(id) {
                return Some((port.name.clone(), cycle));
            }
        }
    }
    None
}

/// The model of all of them, built once for all tests.
fn verilated(all: &Design) -> Verilated {
    static MODEL: OnceLock<Model> = OnceLock::new();
    let build = || Model::build(all, &Options::default()).unwrap_or_else(|e| panic!("{e}"));
    MODEL.get_or_init(build).start()
}

fn compiled(design: &Design) -> Compiled {
    Compiled::new(design, Undefined::Zero)
}

#[test]
fn each_does_what_its_verilog_does_in_verilator() {
    let designs = designs();
    assert!(designs.len() >= 50, "{}", designs.len());
    let all = side_by_side(&designs);
    let found = difference(compiled(&all), verilated(&all), CYCLES);
    assert_eq!(found, None, "an output, and the cycle after which it differs with seed {SEED}");
}

#[test]
fn a_small_change_of_each_is_noticed() {
    let designs = designs();
    let all = side_by_side(&designs);
    for (name, _) in &designs {
        let own = format!("{name}__");
        let of_design = |m: &Mutation| all.module(m.module).name.starts_with(&own);
        let mutations: Vec<Mutation> = all.mutations().into_iter().filter(of_design).collect();
        let tried = mutations.iter().step_by(mutations.len().div_ceil(TRIES).max(1));
        let noticed = tried.filter_map(|mutation| {
            let changed = compiled(&mutation.apply(&all));
            difference(changed, verilated(&all), CYCLES_OF_CHANGED)
        });
        let port = noticed.map(|(port, _)| port).next();
        assert!(port.as_ref().is_some_and(|p| p.starts_with(&own)), "{name}: {port:?}");
    }
}
