//! What of a model's state its step depends on.

use crate::gates::{Gate, Gates, Lit};

/// How many latches it takes, at the least, to make a gate zero and to make it one.
pub(super) struct Costs(Vec<[u32; 2]>);

impl Costs {
    /// The costs of gates in which `latches` are the state.
    pub fn new(gates: &Gates, latches: &[Lit]) -> Self {
        let mut costs: Vec<[u32; 2]> = Vec::with_capacity(gates.gates().len());
        let mut is_latch = vec![false; gates.gates().len()];
        latches.iter().for_each(|lit| is_latch[lit.gate()] = true);
        for (index, gate) in gates.gates().iter().enumerate() {
            let of =
                |lit: Lit, value: bool| costs[lit.gate()][usize::from(value != lit.inverted())];
            let cost = match *gate {
                Gate::Zero => [0, 0],
                Gate::Free(_) => [u32::from(is_latch[index]); 2],
                Gate::And(a, b) => {
                    [of(a, false).min(of(b, false)), of(a, true).saturating_add(of(b, true))]
                }
                Gate::Xor(a, b) => [true, false].map(|same| {
                    let pair = |v: bool| of(a, v).saturating_add(of(b, v == same));
                    pair(false).min(pair(true))
                }),
                Gate::Mux(c, t, e) => [false, true].map(|value| {
                    let then = of(c, true).saturating_add(of(t, value));
                    then.min(of(c, false).saturating_add(of(e, value)))
                }),
            };
            costs.push(cost);
        }
        Self(costs)
    }

    fn of(&self, lit: Lit, value: bool) -> u32 {
        self.0[lit.gate()][usize::from(value != lit.inverted())]
    }
}

/// By gate: whether the values of the roots follow from the values of the needed gates. Of an
/// *and* that is zero one operand is enough: the one needed already, or else the cheaper.
pub(super) fn justify(
    gates: &Gates,
    costs: &Costs,
    roots: impl Iterator<Item = Lit>,
    value: impl Fn(Lit) -> bool,
) -> Vec<bool> {
    let mut needed = vec![false; gates.gates().len()];
    let mut waiting: Vec<Lit> = roots.collect();
    while let Some(lit) = waiting.pop() {
        if std::mem::replace(&mut needed[lit.gate()], true) {
            continue;
        }
        match gates.gate(lit) {
            Gate::Zero | Gate::Free(_) => {}
            Gate::And(a, b) => match (value(a), value(b)) {
                (true, true) => waiting.extend([a, b]),
                (false, true) => waiting.push(a),
                (true, false) => waiting.push(b),
                (false, false) if needed[a.gate()] => waiting.push(a),
                (false, false) if needed[b.gate()] => waiting.push(b),
                (false, false) => {
                    let first = costs.of(a, false) <= costs.of(b, false);
                    waiting.push(if first { a } else { b });
                }
            },
            Gate::Xor(a, b) => waiting.extend([a, b]),
            Gate::Mux(c, t, e) => waiting.extend([c, if value(c) { t } else { e }]),
        }
    }
    needed
}
