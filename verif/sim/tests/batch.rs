//! Many stimuli at once: each is the simulation that it would be alone.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::arbitrary::{Options, design_from, with_resets};
use olivine_netlist::{Bits, Design, Direction, DomainId, PortId};
use olivine_sim::{Batch, Compiled, Series, SeriesMut, Tier, Tuning};
use proptest::prelude::*;

fn bits(seed: u64, what: &str, cycle: u64, width: u32) -> Bits {
    olivine_interp::undefined_bits(seed, what, cycle, width)
}

fn ports(engine: &Compiled, direction: Direction) -> Vec<PortId> {
    let of_direction = |p: &usize| engine.interface().ports[*p].direction == direction;
    let all = 0..engine.interface().ports.len();
    all.filter(of_direction).map(|p| PortId(p as u32)).collect()
}

/// Random inputs for each stimulus of its own, the same resets; all outputs before each edge.
fn agree(design: &Design, seed: u64, stimuli: u32, tier: Tier) -> Result<(), TestCaseError> {
    let undefined = if seed.is_multiple_of(2) { Undefined::Zero } else { Undefined::Random(seed) };
    let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
    let mut batch = Batch::tuned(design, undefined, stimuli, tuning);
    prop_assert_eq!(batch.tier(), tier);
    let mut alone = vec![Compiled::new(design, undefined); stimuli as usize];
    let domains = alone[0].interface().domains.len() as u64;
    let (inputs, outputs) =
        (ports(&alone[0], Direction::Input), ports(&alone[0], Direction::Output));
    for cycle in 0..12 {
        for (s, one) in alone.iter_mut().enumerate() {
            for &port in &inputs {
                let info = one.interface().ports[port.index()].clone();
                let value = bits(seed ^ s as u64, &info.name, cycle, info.width);
                one.set(port, &value);
                batch.set(port, s as u32, &value);
            }
            for &port in &outputs {
                let (alone, together) = (one.get(port), batch.get(port, s as u32));
                prop_assert_eq!(alone, together, "{}: stimulus {}, {}\n{}", tier, s, cycle, design);
            }
        }
        if domains > 0 {
            let domain = DomainId((bits(seed, "domain", cycle, 32).low_u64() % domains) as u32);
            let active = bits(seed, "reset", cycle, 2).low_u64() == 0;
            // A reset that is asynchronous is active for a moment now and then, without an edge.
            let pulse = bits(seed, "pulse", cycle, 2).low_u64() == 0;
            batch.set_reset(domain, pulse || active);
            batch.set_reset(domain, active);
            batch.run(domain, 1);
            for one in &mut alone {
                one.set_reset(domain, pulse || active);
                one.set_reset(domain, active);
                one.step(domain);
            }
        }
    }
    for (s, one) in alone.iter_mut().enumerate() {
        prop_assert_eq!(one.take_violations(), batch.take_violations(s as u32));
    }
    Ok(())
}

fn designs(options: Options) -> impl Strategy<Value = Design> {
    let choices = proptest::collection::vec(any::<u32>(), 0..2000);
    (choices, 0..16u64)
        .prop_map(move |(choices, resets)| with_resets(design_from(&choices, &options), resets))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_stimulus_is_a_simulation_of_its_own(
        design in designs(Options { width: 80, elements: 10, modules: 3, ..Options::default() }),
        seed: u64,
        stimuli in prop_oneof![Just(1u32), Just(3), Just(16), Just(20)],
    ) {
        for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
            agree(&design, seed, stimuli, tier)?;
        }
    }
}

/// The accumulator of a text: what is exchanged as arrays is what is set and read one by one.
#[test]
fn arrays_for_many_cycles_are_single_steps() {
    let design = design_from(&[7; 400], &Options { width: 100, ..Options::default() });
    let alone = Compiled::new(&design, Undefined::Zero);
    let (inputs, outputs) = (ports(&alone, Direction::Input), ports(&alone, Direction::Output));
    let (stimuli, cycles, domain) = (4u32, 6u64, DomainId(0));
    assert!(!inputs.is_empty() && !outputs.is_empty(), "the design has ports");
    assert!(!alone.interface().domains.is_empty(), "the design has a clock");
    let width = |port: PortId| alone.interface().ports[port.index()].width;
    let value = |port: PortId, cycle: u64, s: u32| bits(u64::from(s), "x", cycle, width(port));
    let series: Vec<Vec<u64>> = inputs
        .iter()
        .map(|&port| {
            let all = (0..cycles).flat_map(|c| (0..stimuli).map(move |s| (c, s)));
            all.flat_map(|(c, s)| value(port, c, s).words().to_vec()).collect()
        })
        .collect();
    let limbs = |port: PortId| width(port).div_ceil(64) as usize;
    let room = |port: &PortId| vec![0; cycles as usize * stimuli as usize * limbs(*port)];
    let mut seen: Vec<Vec<u64>> = outputs.iter().map(room).collect();
    let given: Vec<Series> =
        inputs.iter().zip(&series).map(|(&port, values)| Series { port, values }).collect();
    let mut taken: Vec<SeriesMut> =
        outputs.iter().zip(&mut seen).map(|(&port, values)| SeriesMut { port, values }).collect();
    let mut batch = Batch::new(&design, Undefined::Zero, stimuli);
    batch.exchange(domain, cycles, &given, &mut taken);
    for s in 0..stimuli {
        let mut one = alone.clone();
        for cycle in 0..cycles {
            inputs.iter().for_each(|&port| one.set(port, &value(port, cycle, s)));
            for (&port, seen) in outputs.iter().zip(&seen) {
                let limbs = limbs(port);
                let at = (cycle as usize * stimuli as usize + s as usize) * limbs;
                assert_eq!(one.get(port).words(), &seen[at..at + limbs], "{port:?} of {s}");
            }
            one.step(domain);
        }
    }
}

/// All outputs of all stimuli over some cycles, then their violations and what they remember.
fn outcome(design: &Design, seed: u64, threads: usize) -> impl PartialEq + std::fmt::Debug {
    let stimuli = 40;
    let mut batch = Batch::new(design, Undefined::Random(seed), stimuli).threads(threads);
    let ports = batch.interface().ports.clone();
    let all = |direction: Direction| {
        let ports = ports.iter().enumerate().filter(move |(_, p)| p.direction == direction);
        ports.map(|(index, p)| (PortId(index as u32), p.width)).collect::<Vec<_>>()
    };
    let cycles = 20;
    let words = |width: u32| (cycles * stimuli * width.div_ceil(64)) as usize;
    let values = |(port, width): &(PortId, u32)| -> Vec<u64> {
        let word = |k| bits(seed ^ k, &port.0.to_string(), 0, 64).low_u64();
        let top = u64::MAX >> (63 - (width - 1) % 64);
        let cut = |k: u64| {
            if (k + 1).is_multiple_of(u64::from(width.div_ceil(64))) { top } else { u64::MAX }
        };
        (0..words(*width) as u64).map(|k| word(k) & cut(k)).collect()
    };
    let inputs: Vec<(PortId, Vec<u64>)> =
        all(Direction::Input).iter().map(|p| (p.0, values(p))).collect();
    let inputs: Vec<Series> =
        inputs.iter().map(|(port, values)| Series { port: *port, values }).collect();
    let mut seen: Vec<Vec<u64>> =
        all(Direction::Output).iter().map(|p| vec![0; words(p.1)]).collect();
    let mut outputs: Vec<SeriesMut> = all(Direction::Output)
        .iter()
        .zip(&mut seen)
        .map(|((port, _), values)| SeriesMut { port: *port, values })
        .collect();
    batch.exchange(DomainId(0), cycles.into(), &inputs, &mut outputs);
    batch.run(DomainId(0), 7);
    let violations: Vec<_> = (0..stimuli).map(|s| batch.take_violations(s)).collect();
    let remembered: Vec<_> = (0..stimuli).map(|s| batch.snapshot(s).unwrap()).collect();
    (seen, violations, remembered)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_thread_or_many_are_the_same(
        design in designs(Options { width: 80, elements: 10, modules: 3, ..Options::default() }),
        seed: u64,
    ) {
        prop_assume!(!design.top().domains.is_empty());
        let one = outcome(&design, seed, 1);
        prop_assert_eq!(&one, &outcome(&design, seed, 3));
        prop_assert_ne!(one, outcome(&design, seed ^ 1, 1), "the seed decides");
    }

    /// A stimulus goes on alone in the interpreter, and the whole batch goes on from there.
    #[test]
    fn a_stimulus_goes_on_elsewhere(
        design in designs(Options { width: 80, elements: 10, modules: 3, ..Options::default() }),
        seed: u64,
    ) {
        prop_assume!(!design.top().domains.is_empty());
        for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
            let (undefined, clock) = (Undefined::Random(seed), DomainId(0));
            let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
            let mut batch = Batch::tuned(&design, undefined, 5, tuning);
            let mut alone = Interp::new(&design, undefined);
            let inputs = ports(&Compiled::new(&design, undefined), Direction::Input);
            for s in 0..5 {
                for &port in &inputs {
                    let info = &batch.interface().ports[port.index()];
                    let value = bits(seed ^ u64::from(s), &info.name.clone(), 0, info.width);
                    batch.set(port, s, &value);
                }
            }
            batch.run(clock, 9);
            let middle = batch.snapshot(3).unwrap();
            alone.restore(&middle).unwrap();
            alone.step_by(clock, 5);
            batch.run(clock, 5);
            prop_assert_eq!(batch.snapshot(3), alone.snapshot(), "{}", tier);
            batch.restore(&middle).unwrap();
            batch.run(clock, 5);
            for s in 0..5 {
                prop_assert_eq!(batch.snapshot(s), alone.snapshot(), "{}", tier);
            }
        }
    }
}
