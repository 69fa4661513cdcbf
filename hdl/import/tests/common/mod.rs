//! A design's own Verilog, read back and held against the design.

pub mod random;
mod settle;

use olivine_emit::{BlackBoxes, Options as Emit, Undefined as Emitted, Verilog};
use olivine_formal::{CertificateFile, Options as Proof, Report, Verdict, equivalent, miter};
use olivine_import::{Options, verilog};
use olivine_interp::{Engine, Undefined};
use olivine_netlist::{Bits, Design, Direction, DomainId, Module, Op, PortId, ReadKind};
use olivine_sim::{Compiled, Lockstep};
use olivine_tools::Tools;
use random::Random;
use settle::settle_reads;
use std::time::Duration;

/// What was found of a design and its Verilog.
#[derive(Debug)]
pub enum Outcome {
    /// Equal in every run.
    Proved,
    /// Equal in so many random cycles; not proved.
    Lockstep(u64),
    /// Different; the report says where.
    Different(String),
}

/// The cycles of a comparison that stands in for a proof.
pub const CYCLES: u64 = 10_000;

/// The design that Yosys sees in the Verilog of `design`, with the names of the design's ports
/// and domains. What is undefined is zero in it.
pub fn read_back(design: &Design) -> Design {
    let (undefined, black_boxes) = (Emitted::Zero, BlackBoxes::Models);
    let options = Emit { undefined, black_boxes, ..Emit::default() };
    read_text(design, &Verilog::new(design, &options))
}

/// As [`read_back`], of a text that says as much as is to be compared.
pub fn read_text(design: &Design, written: &Verilog) -> Design {
    let tools = Tools::find();
    let mut read = verilog(&written.text, &written.top, &Options::default(), &tools)
        .unwrap_or_else(|e| panic!("{e}\n{}", written.text));
    let top = &mut read.modules[read.top.index()];
    let own = design.top();
    // An output without bits of its own has a name of its own already.
    for (port, name) in own.ports.iter().zip(&written.ports) {
        let found = top.find_port(name).unwrap_or_else(|| panic!("`{name}` was not read"));
        let found = &mut top.ports[found.index()];
        found.name.clone_from(&port.name);
        found.kind = port.kind.clone();
    }
    top.ports.sort_by_key(|p| own.ports.iter().position(|o| o.name == p.name));
    for index in 0..top.ports.len() {
        let value = top.ports[index].value;
        if top.ports[index].direction == Direction::Input {
            top.cells[value.index()].op = Op::Input(PortId(index as u32));
        }
    }
    assert_eq!(top.domains.len(), own.domains.len(), "{}", written.text);
    let used = used_domains(&read);
    let top = &mut read.modules[read.top.index()];
    for (read, own) in top.domains.iter_mut().zip(&own.domains) {
        assert!(read.edge == own.edge || !used.contains(&read.name), "domain `{}`", own.name);
        read.name.clone_from(&own.name);
    }
    top.name.clone_from(&own.name);
    unlabel(top);
    read.modules.iter_mut().for_each(settle_reads);
    read.validate().unwrap_or_else(|f| panic!("{f:#?}"));
    read
}

/// Domains in which something happens: of the others the text does not tell the edge.
fn used_domains(design: &Design) -> Vec<String> {
    let flat = design.flatten();
    let registers = flat.registers.iter().filter(|r| r.reset.is_some() || !r.cases.is_empty());
    let writes = flat.memories.iter().flat_map(|m| m.writes.iter().map(|w| w.domain));
    let reads = flat.memories.iter().flat_map(|m| &m.reads).filter_map(|read| match read.kind {
        ReadKind::Sync { domain, .. } => Some(domain),
        ReadKind::Async => None,
    });
    let domains = registers.map(|r| r.domain).chain(writes).chain(reads);
    domains.map(|d| flat.domains[d.index()].name.clone()).collect()
}

/// Removes names that the ports' own names could now meet.
fn unlabel(top: &mut Module) {
    let ports: Vec<_> = top.ports.iter().map(|p| (p.name.clone(), p.value)).collect();
    for (index, cell) in top.cells.iter_mut().enumerate() {
        let meets = |l: &olivine_netlist::Label| {
            ports.iter().any(|(name, value)| *name == l.name && value.index() != index)
        };
        if cell.label.as_deref().is_some_and(meets) {
            cell.label = None;
        }
    }
}

/// The design with zero for what is undefined, as far as that is a matter of values: cells that
/// say so, state at power-up, and what memories answer. Its registers have names that Verilog can have.
pub fn settled(design: &Design) -> Design {
    let mut design = design.clone();
    for module in &mut design.modules {
        for cell in &mut module.cells {
            if cell.op == Op::Undefined {
                cell.op = Op::Const(Bits::zero(cell.width));
            }
        }
        for register in &mut module.registers {
            register.init.get_or_insert_with(|| Bits::zero(register.width));
        }
        for memory in &mut module.memories {
            memory.init.resize(memory.depth as usize, Bits::zero(memory.width));
        }
        settle_reads(module);
        rename(module);
    }
    design
}

fn rename(module: &mut Module) {
    for index in 0..module.registers.len() {
        let name = module.registers[index].name.replace(['.', '['], "_").replace(']', "");
        let taken = module.registers.iter().any(|r| r.name == name)
            || module.memories.iter().any(|m| m.name == name)
            || module.instances.iter().any(|i| i.name == name)
            || module.ports.iter().any(|p| p.name == name)
            || module.cells.iter().any(|c| c.label.as_ref().is_some_and(|l| l.name == name));
        if !taken {
            let value = module.registers[index].value;
            module.registers[index].name = name;
            module.cells[value.index()].label = None;
        }
    }
}

/// Proves the two equal, and has the proof checked. Runs them beside each other where that is out
/// of reach in this time.
pub fn compare(design: &Design, other: &Design, seconds: u64) -> Outcome {
    let proof = proof(seconds);
    match equivalent(design, other, &proof) {
        Ok(report) if report.succeeded() => {
            let joint = miter(design, other).unwrap_or_else(|faults| panic!("{faults}"));
            let checked = CertificateFile::new(&joint, &report).check(proof.time_limit);
            let checked = checked.unwrap_or_else(|fault| panic!("{fault}"));
            assert!(checked.iter().all(|c| *c == Ok(())), "{checked:?}");
            return Outcome::Proved;
        }
        // A design that shows what is undefined is not even equal to itself.
        Ok(report) if is_violated(&report) && is_itself(design, &proof) => {
            return Outcome::Different(report.to_string());
        }
        Ok(_) => {}
        Err(faults) if faults.faults.iter().any(|f| f.code == "P011") => {}
        Err(faults) if faults.faults.iter().all(|f| f.code == "P012") => {
            return Outcome::Different(faults.to_string());
        }
        Err(faults) => panic!("{faults}"),
    }
    lockstep(design, other, CYCLES)
}

/// Changes a design at some places, one at a time, and asks of each change that makes another
/// design of it whether its Verilog is found to be another.
pub fn one_change_is_found(name: &str, design: &Design, places: usize) {
    let mutations = design.mutations();
    let mut found = 0;
    for mutation in mutations.iter().step_by(mutations.len().div_ceil(places)) {
        let mutant = mutation.apply(design);
        let outcome = compare(design, &read_back(&mutant), 1);
        let caught = matches!(outcome, Outcome::Different(_));
        let differs = || !matches!(compare(design, &mutant, 1), Outcome::Proved);
        assert!(caught || !differs(), "{name}: {} is not found", mutation.description);
        found += u32::from(caught);
    }
    assert!(found > 0, "{name}: no change was found");
}

/// How a proof is sought.
pub fn proof(seconds: u64) -> Proof {
    Proof { time_limit: Some(Duration::from_secs(seconds)), ..Proof::default() }
}

fn is_violated(report: &Report) -> bool {
    report.rows.iter().any(|row| matches!(row.verdict, Verdict::Violated(_)))
}

fn is_itself(design: &Design, proof: &Proof) -> bool {
    equivalent(design, design, proof).is_ok_and(|report| !is_violated(&report))
}

/// Runs both on the same random inputs and resets. Ports are compared in every cycle, what is
/// inside a large design every so often.
pub fn lockstep(design: &Design, other: &Design, cycles: u64) -> Outcome {
    let engine = |d| Compiled::new(d, Undefined::Zero);
    let mut both = Lockstep::new(engine(design), engine(other)).keep_going();
    let inside = 1 + both.compared().0 as u64 / 100;
    both = both.every(inside, 1000);
    let interface = both.interface().clone();
    let mut random = Random(cycles);
    for _ in 0..cycles {
        for (port, id) in interface.ports.iter().zip((0..).map(PortId)) {
            if port.direction == Direction::Input && !random.next().is_multiple_of(4) {
                both.set(id, &random.bits(port.width));
            }
        }
        for domain in (0..interface.domains.len() as u32).map(DomainId) {
            both.set_reset(domain, random.next().is_multiple_of(64));
        }
        for (port, id) in interface.ports.iter().zip((0..).map(PortId)) {
            if port.direction == Direction::Output {
                both.get(id);
            }
        }
        if let Some(domain) = random.next().checked_rem(interface.domains.len() as u64) {
            both.step(DomainId(domain as u32));
        }
        if let Some(difference) = both.difference() {
            return Outcome::Different(difference.to_string());
        }
    }
    Outcome::Lockstep(cycles)
}
