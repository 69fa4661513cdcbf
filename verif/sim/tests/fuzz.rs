//! Random designs under random stimulus: the compiled engine is the interpreter.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::arbitrary::{Options, design_from, with_resets};
use olivine_netlist::{Bits, Design, Direction, DomainId, PortId, ResetKind};
use olivine_sim::{Adaptive, Compiled, Lockstep, Tier, Tuning};
use proptest::prelude::*;

/// On every tier that this processor can run: runs both engines for some cycles and compares
/// everything before each edge and at the end.
fn agree(design: &Design, seed: u64, cycles: u64) -> Result<(), TestCaseError> {
    let undefined = if seed.is_multiple_of(4) { Undefined::Zero } else { Undefined::Random(seed) };
    let vector_lanes = if seed & 8 == 0 { 2 } else { 6 };
    let least_body = if seed & 16 == 0 { 1 } else { 8 };
    // What stands still is left out, or taken as known, or neither.
    let [still_after, known_after] = match seed >> 5 & 3 {
        0 => [Some(0), None],
        1 => [None, Some(0)],
        2 => [Some(0), Some(0)],
        _ => [None, None],
    };
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        let tier = Some(tier);
        let tuning = Tuning {
            vector_lanes,
            least_body,
            tier,
            still_after,
            known_after,
            ..Tuning::default()
        };
        agree_on(design, undefined, tuning, seed, cycles)?;
    }
    Ok(())
}

/// Both engines have the same snapshot, and new ones that change it for theirs go on.
fn exchanged(
    both: Lockstep<Interp, Compiled>,
    design: &Design,
    undefined: Undefined,
    tuning: Tuning,
) -> Result<Lockstep<Interp, Compiled>, TestCaseError> {
    if both.difference().is_some() {
        return Ok(both);
    }
    let (interp, compiled) = both.into_engines();
    let snapshots = [interp.snapshot().unwrap(), compiled.snapshot().unwrap()];
    prop_assert_eq!(&snapshots[0], &snapshots[1], "{:?}", tuning.tier);
    let mut new = Interp::new(design, undefined);
    new.restore(&snapshots[1]).unwrap();
    let mut new_compiled = Compiled::tuned(design, undefined, tuning);
    new_compiled.restore(&snapshots[0]).unwrap();
    Ok(Lockstep::new(new, new_compiled).with_violations().keep_going())
}

fn agree_on(
    design: &Design,
    undefined: Undefined,
    tuning: Tuning,
    seed: u64,
    cycles: u64,
) -> Result<(), TestCaseError> {
    let (interp, compiled) =
        (Interp::new(design, undefined), Compiled::tuned(design, undefined, tuning));
    prop_assert_eq!(Some(compiled.tier()), tuning.tier);
    prop_assert_eq!(interp.signals(), compiled.signals());
    prop_assert_eq!(interp.memories(), compiled.memories());
    let mut both = Lockstep::new(interp, compiled).with_violations().keep_going();
    for cycle in 0..cycles {
        if cycle == cycles / 2 {
            both = exchanged(both, design, undefined, tuning)?;
        }
        one_cycle(&mut both, seed, cycle);
    }
    same(both, design)
}

/// New inputs, and an edge of a domain with or without its reset.
fn one_cycle<A: Engine, B: Engine>(both: &mut Lockstep<A, B>, seed: u64, cycle: u64) {
    // Quiet cycles let parts of a design stand still.
    if !choice(seed, cycle / 3, "quiet").is_multiple_of(3) {
        drive(both, seed, cycle);
    }
    let domains = both.interface().domains.len() as u64;
    if domains == 0 {
        return both.compare();
    }
    let chosen = choice(seed, cycle, "domain") % domains;
    let active = choice(seed, cycle, "reset").is_multiple_of(8);
    // A reset is active for some edges, or for a moment without one, of any domain.
    let pulsed = DomainId((choice(seed, cycle, "pulsed") % domains) as u32);
    if choice(seed, cycle, "pulse").is_multiple_of(6) {
        both.set_reset(pulsed, true);
        both.compare();
        both.set_reset(pulsed, false);
    }
    both.set_reset(DomainId(chosen as u32), active);
    both.step(DomainId(chosen as u32));
}

/// Nothing differs, to the end.
fn same<A: Engine, B: Engine>(
    mut both: Lockstep<A, B>,
    design: &Design,
) -> Result<(), TestCaseError> {
    both.compare();
    match both.difference() {
        None => Ok(()),
        Some(difference) => Err(TestCaseError::fail(format!("{difference}\n{design}"))),
    }
}

/// An engine that takes an asynchronous reset for a synchronous one is found out.
#[test]
fn a_reset_that_waits_for_an_edge_is_noticed() {
    let text = "netlist 1\ntop m\nmodule m {\ndomain rising asynchronous\noutput q : 8 = q\n
        register q : 8 reset 8'h2a\n  set next\nq : 8 = register q\none : 8 = 8'h1\n
        next : 8 = add(q, one)\n}\n";
    let design = Design::parse(text).unwrap();
    let mut late = design.clone();
    late.modules[0].domains[0].reset = ResetKind::Synchronous;
    let agree = |tested: &Design, tier| {
        let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
        let meaning = Interp::new(&design, Undefined::Zero);
        let mut both =
            Lockstep::new(meaning, Compiled::tuned(tested, Undefined::Zero, tuning)).keep_going();
        both.set_reset(DomainId(0), true);
        both.compare();
        both.difference().is_none()
    };
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        assert!(agree(&design, tier), "{tier}");
        assert!(!agree(&late, tier), "{tier}");
        // Edges at one go are without reset; then it is as it was.
        let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
        let mut compiled = Compiled::tuned(&design, Undefined::Zero, tuning);
        compiled.run(DomainId(0), 3);
        assert_eq!(compiled.get_u64(PortId(0)), 3, "{tier}");
        compiled.set_reset(DomainId(0), true);
        compiled.run(DomainId(0), 3);
        assert_eq!(compiled.get_u64(PortId(0)), 0x2a, "{tier}");
        compiled.set_reset(DomainId(0), false);
        compiled.run(DomainId(0), 2);
        assert_eq!(compiled.get_u64(PortId(0)), 0x2c, "{tier}");
    }
}

fn choice(seed: u64, cycle: u64, what: &str) -> u64 {
    olivine_interp::undefined_bits(seed, what, cycle, 64).low_u64()
}

/// Random inputs; small, extreme and kept ones often.
fn drive(engine: &mut impl Engine, seed: u64, cycle: u64) {
    for index in 0..engine.interface().ports.len() {
        let port = engine.interface().ports[index].clone();
        if port.direction == Direction::Output {
            continue;
        }
        let value = match choice(seed, cycle, &port.name) % 8 {
            0 => Bits::zero(port.width),
            1 => Bits::ones(port.width),
            2 => Bits::new(port.width, cycle % 4),
            3 => continue,
            _ => olivine_interp::undefined_bits(!seed, &port.name, cycle, port.width),
        };
        engine.set(PortId(index as u32), &value);
    }
}

/// Designs larger than the netlist's own strategy gives.
fn designs(options: Options) -> impl Strategy<Value = Design> {
    let choices = proptest::collection::vec(any::<u32>(), 0..3000);
    (choices, 0..16u64)
        .prop_map(move |(choices, resets)| with_resets(design_from(&choices, &options), resets))
}

/// `OLIVINE_FUZZ` multiplies the number of cases.
fn config(cases: u32) -> ProptestConfig {
    let times = std::env::var("OLIVINE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let cases = cases * times;
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(400))]

    /// Small designs with everything in them.
    #[test]
    fn small_designs(design in designs(Options::default()), seed: u64) {
        agree(&design, seed, 20)?;
    }
}

proptest! {
    #![proptest_config(config(100))]

    /// What is interpreted first and then compiled runs as what is interpreted alone.
    #[test]
    fn interpreted_first(design in designs(Options::default()), seed: u64) {
        let undefined = Undefined::Random(seed);
        let engines = (Interp::new(&design, undefined), Adaptive::new(&design, undefined));
        let mut both = Lockstep::new(engines.0, engines.1).with_violations().keep_going();
        (0..80).for_each(|cycle| one_cycle(&mut both, seed, cycle));
        same(both, &design)?;
    }
}

proptest! {
    #![proptest_config(config(150))]

    /// Arrays large enough to become vectors, and hierarchy.
    #[test]
    fn arrays(
        design in designs(Options {
            elements: 24,
            modules: 4,
            operators: 30,
            ..Options::default()
        }),
        seed: u64,
    ) {
        agree(&design, seed, 20)?;
    }

    /// Values of many limbs.
    #[test]
    fn wide_values(
        design in designs(Options { width: 300, operators: 30, ..Options::default() }),
        seed: u64,
    ) {
        agree(&design, seed, 8)?;
    }
}
