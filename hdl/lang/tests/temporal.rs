//! The temporal layer against its definitions, read from whole random traces.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::{DomainId, PortId};
use proptest::prelude::*;

/// Every operator on inputs `a`, `b`, `c`.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Operators {
    cycles: u32,
}

#[derive(Ports)]
struct OperatorPorts {
    a: In<Bit>,
    b: In<Bit>,
    c: In<Bit>,
    results: Vec<Out<Bit>>,
}

/// What an operator is at cycle `t` of a trace of `a`, `b`, `c`.
type Meaning = fn(&[[bool; 3]], usize, usize) -> bool;

/// For each operator, as in the module: its name and what it means.
const MEANINGS: [(&str, Meaning); 9] = [
    ("rose", |x, t, _| t > 0 && x[t][0] && !x[t - 1][0]),
    ("fell", |x, t, _| t > 0 && !x[t][0] && x[t - 1][0]),
    ("stable", |x, t, _| t == 0 || x[t][0] == x[t - 1][0]),
    ("changed", |x, t, _| t > 0 && x[t][0] != x[t - 1][0]),
    ("implies_next", |x, t, _| t == 0 || !x[t - 1][0] || x[t][1]),
    ("implies_after", |x, t, n| t < n || !x[t - n][0] || x[t][1]),
    ("within", |x, t, n| t < n || !x[t - n][0] || (t - n..=t).any(|u| x[u][1])),
    ("until", |x, t, _| {
        let bound = |s: &usize| x[*s][0] && (*s..=t).all(|u| !x[u][2]);
        x[t][1] || (0..=t).filter(bound).count() == 0
    }),
    ("past_n", |x, t, n| t < n || x[t - n][0]),
];

impl Module for Operators {
    type Ports = OperatorPorts;

    fn ports(&self) -> OperatorPorts {
        let results = vec![bit(); MEANINGS.len()];
        OperatorPorts { a: bit(), b: bit(), c: bit(), results }
    }

    fn build(&self, p: OperatorPorts) {
        let (a, b, n) = (p.a, p.b, self.cycles);
        let old_enough = (0..n).fold(constant(bit(), true), |held, _| {
            let next = reg(bit()).reset(false).init(false);
            next.set(held);
            next
        });
        let never = constant(bit(), false);
        p.results.iter().for_each(|result| result.drive(false));
        // What stands around them does not change what they see.
        when(never, || {}).otherwise(|| {
            let results = [
                rose(a),
                fell(a),
                stable(a),
                changed(a),
                implies_next(a, b),
                implies_after(a, n, b),
                within(a, n, b),
                until(a, b, p.c),
                old_enough.implies(past_n(a, n)),
            ];
            p.results.iter().zip(results).for_each(|(port, result)| port.drive(result));
        });
    }
}

fn ports_of(interp: &Interp) -> (Vec<PortId>, Vec<PortId>) {
    let interface = interp.interface();
    let find = |name: String| {
        let ports = &interface.ports;
        let at = ports.iter().position(|p| p.name == name);
        PortId(at.unwrap_or_else(|| panic!("no port `{name}`")) as u32)
    };
    let inputs = ["a", "b", "c"].map(|n| find(n.to_string()));
    let outputs = (0..MEANINGS.len()).map(|i| find(format!("results{i}")));
    (inputs.to_vec(), outputs.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn operators_are_what_they_say(
        cycles in 0u32..5,
        before in proptest::collection::vec(any::<[bool; 3]>(), 0..4),
        trace in proptest::collection::vec(any::<[bool; 3]>(), 1..24),
    ) {
        let design = elaborate(Operators { cycles }).unwrap_or_else(|f| panic!("{f}"));
        let mut interp = Interp::new(&design, Undefined::Random(1));
        let (inputs, outputs) = ports_of(&interp);
        let poke = |interp: &mut Interp, row: &[bool; 3]| {
            for (port, value) in inputs.iter().zip(row) {
                interp.set_u64(*port, u64::from(*value));
            }
        };
        // What happened before and under reset is forgotten.
        for row in &before {
            poke(&mut interp, row);
            interp.step(DomainId(0));
        }
        interp.set_reset(DomainId(0), true);
        interp.step(DomainId(0));
        interp.set_reset(DomainId(0), false);
        for t in 0..trace.len() {
            poke(&mut interp, &trace[t]);
            for ((name, meaning), port) in MEANINGS.iter().zip(&outputs) {
                let found = interp.get_u64(*port) == 1;
                let wanted = meaning(&trace, t, cycles as usize);
                prop_assert_eq!(found, wanted, "{} at {} of {:?}, n = {}", name, t, trace, cycles);
            }
            interp.step(DomainId(0));
        }
    }
}
