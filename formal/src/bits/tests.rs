//! A step in gates is what the interpreter does, on random designs of every operator.

use super::BitSystem;
use crate::engine::{Model, ModelStep};
use crate::gates::{Gate, Lit};
use crate::stimulus::Stimulus;
use crate::system::{TransitionSystem, properties};
use olivine_interp::{Engine, Interp};
use olivine_netlist::arbitrary::{Options, designs, with_resets};
use olivine_netlist::{
    Design, Direction, DomainId, Module, ModuleId, Op, PortId, Property, PropertyKind, ValueId,
};
use proptest::prelude::*;

/// A flat design with a cover for each bit of each output and register, so that all of them are
/// in the cone; and the values the bits are of.
fn watched(design: &Design) -> (Design, Vec<(ValueId, u32)>) {
    let mut flat = design.flatten();
    flat.properties.clear();
    let outputs = flat.ports.iter().filter(|p| p.direction == Direction::Output).map(|p| p.value);
    let values: Vec<ValueId> = outputs.chain(flat.registers.iter().map(|r| r.value)).collect();
    let mut bits = Vec::new();
    for value in values {
        for low in 0..flat.width(value) {
            watch(&mut flat, value, low);
            bits.push((value, low));
        }
    }
    (Design { modules: vec![flat], top: ModuleId(0), files: design.files.clone() }, bits)
}

fn watch(flat: &mut Module, value: ValueId, low: u32) {
    let condition = flat.add(Op::Slice { value, low }, 1, flat.place);
    flat.properties.push(Property {
        name: format!("watch {}", flat.properties.len()),
        kind: PropertyKind::Cover,
        condition,
        domain: DomainId(0),
        place: flat.place,
    });
}

/// The value of every gate.
fn evaluate(system: &BitSystem, free: &[bool]) -> Vec<bool> {
    let mut values: Vec<bool> = Vec::new();
    for gate in system.gates.gates() {
        let value = |lit: Lit| values[lit.gate()] != lit.inverted();
        let result = match *gate {
            Gate::Zero => false,
            Gate::Free(i) => free[i as usize],
            Gate::And(a, b) => value(a) && value(b),
            Gate::Xor(a, b) => value(a) != value(b),
            Gate::Mux(c, t, e) => {
                if value(c) {
                    value(t)
                } else {
                    value(e)
                }
            }
        };
        values.push(result);
    }
    values
}

/// Endless bits from a finite list.
fn random_bits(seed: u64) -> impl FnMut(usize) -> Vec<bool> {
    let mut state = seed;
    let mut bit = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 63 == 1
    };
    move |count| (0..count).map(|_| bit()).collect()
}

fn random_model(bits: &BitSystem, seed: u64) -> Model {
    let mut random = random_bits(seed);
    let free = random(bits.latches.len());
    let power_up =
        bits.latches.iter().zip(free).map(|(l, any)| l.power_up.unwrap_or(any)).collect();
    let step = |i: u64| ModelStep {
        reset: random(2) == [true, true],
        domain: (seed >> (i * 3 % 60)) as usize % bits.domains.len(),
        inputs: random(bits.input_bits),
    };
    Model { power_up, steps: (0..6).map(step).collect() }
}

/// One step's values by the gates: the free variables in, the watched bits out.
fn step(bits: &BitSystem, state: &mut Vec<bool>, step: &ModelStep) -> (bool, Vec<bool>) {
    let mut free = state.clone();
    free.push(step.reset);
    free.extend((0..bits.choosers().len()).map(|domain| domain == step.domain));
    free.extend(&step.inputs);
    let values = evaluate(bits, &free);
    let value = |lit: Lit| values[lit.gate()] != lit.inverted();
    *state = bits.latches.iter().map(|l| value(l.next)).collect();
    (value(bits.turns[0]), bits.bad.iter().map(|&b| value(b)).collect())
}

/// Six random steps on both. Nothing can be said if nothing is watched.
fn agree(design: &Design, seed: u64) -> Result<(), TestCaseError> {
    let (design, watched) = watched(design);
    prop_assume!(!watched.is_empty());
    prop_assert_eq!(design.validate(), Ok(()));
    let flat = design.flatten();
    let targets = properties(&flat, |_| true);
    let system = TransitionSystem::new(flat.clone(), targets.clone());
    let bits = BitSystem::new(&system);
    prop_assert_eq!(bits.domains[0], DomainId(0));
    let model = random_model(&bits, seed);
    let stimulus = Stimulus::new(&system, &bits.domains, targets[0], &model);
    let mut interp = Interp::with_choices(&design, stimulus.choices());
    let mut state = model.power_up.clone();
    for (cycle, model_step) in stimulus.cycles.iter().zip(&model.steps) {
        let domain = flat.domains.iter().position(|d| d.name == cycle.domain).unwrap();
        for d in 0..flat.domains.len() {
            interp.set_reset(DomainId(d as u32), cycle.reset);
        }
        for input in &cycle.inputs {
            let port: PortId = flat.find_port(&input.port).unwrap();
            interp.set(port, &input.value);
        }
        let (sampled, found) = step(&bits, &mut state, model_step);
        if sampled {
            prop_assert_eq!(domain, 0);
            for (&(value, low), found) in watched.iter().zip(found) {
                let signal = signal_of(&flat, value);
                let index = interp.signals().iter().position(|s| s.path == signal).unwrap();
                prop_assert_eq!(interp.read(index).bit(low), found, "{} bit {}", signal, low);
            }
        }
        interp.step(DomainId(domain as u32));
    }
    Ok(())
}

/// With a free reset, a step tells an asynchronous reset from a synchronous one.
#[test]
fn an_asynchronous_reset_is_seen_in_its_own_step() {
    let seen = |manner: &str| {
        let text = format!(
            "netlist 1\ntop m\nmodule m {{\n  domain {manner}\n  register q : bit reset 1'h1\n    \
             set off\n  output q : bit = q\n  q : bit = register q\n  off : bit = 1'h0\n}}\n"
        );
        let (design, _) = watched(&Design::parse(&text).unwrap());
        let flat = design.flatten();
        let targets = properties(&flat, |_| true);
        let bits = BitSystem::new(&TransitionSystem::new(flat, targets));
        let mut state = vec![false];
        let under = |reset| ModelStep { reset, domain: 0, inputs: Vec::new() };
        [false, true, false, false].map(|reset| step(&bits, &mut state, &under(reset)).1[0])
    };
    assert_eq!(seen("rising"), [false, false, true, false]);
    assert_eq!(seen("rising asynchronous"), [false, true, true, false]);
}

fn signal_of(flat: &Module, value: ValueId) -> String {
    let register = flat.registers.iter().find(|r| r.value == value).map(|r| &r.name);
    let port = flat.ports.iter().find(|p| p.value == value).map(|p| &p.name);
    register.or(port).unwrap().clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_the_interpreter(design in designs(Options::default()), seed in any::<u64>()) {
        agree(&with_resets(design, seed >> 7), seed)?;
    }

    #[test]
    fn small_designs_as_the_interpreter(
        design in designs(Options { width: 5, operators: 20, ..Options::default() }),
        seed in any::<u64>(),
    ) {
        agree(&with_resets(design, seed >> 7), seed)?;
    }
}
