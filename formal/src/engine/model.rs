//! [`Model`]: the run that a solver found, reduced to what the hit depends on.

use crate::cnf::Query;
use crate::gates::{Gate, Lit};
use crate::unroll::Unrolling;

/// A run, bit by bit. What the hit does not depend on is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    /// The latches at power-up.
    pub power_up: Vec<bool>,
    /// The steps, those under reset first.
    pub steps: Vec<ModelStep>,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModelStep {
    /// Whether the reset is active.
    pub reset: bool,
    /// The domain whose edge it is, an index into the system's.
    pub domain: usize,
    /// The input bits.
    pub inputs: Vec<bool>,
}

/// The model's run up to the last step, keeping what makes every step legal and `bad` one.
pub(crate) fn needed(unrolling: &Unrolling, query: &Query, bad: Lit, resets: usize) -> Model {
    let legal = unrolling.frames[resets..].iter().map(|frame| frame.legal);
    let needed = justify(unrolling, query, legal.chain([bad]));
    let value = |lit: Lit| match lit.to_constant() {
        Some(constant) => constant,
        None => needed[lit.gate()] && query.value(lit) == Some(true),
    };
    let steps = unrolling.frames.iter().enumerate().map(|(i, frame)| ModelStep {
        reset: i < resets,
        domain: frame.choosers.iter().position(|&c| value(c)).unwrap_or(frame.choosers.len()),
        inputs: frame.inputs.iter().map(|&input| value(input)).collect(),
    });
    let power_up = unrolling.frames[0].state.iter().map(|&bit| value(bit)).collect();
    Model { power_up, steps: steps.collect() }
}

/// By gate: whether the values of the roots follow from the values of the needed gates. Of an
/// *and* that is zero one operand is enough, of a choice the branch that is taken.
fn justify(unrolling: &Unrolling, query: &Query, roots: impl Iterator<Item = Lit>) -> Vec<bool> {
    let gates = &unrolling.gates;
    let mut needed = vec![false; gates.gates().len()];
    let mut waiting: Vec<Lit> = roots.collect();
    let value = |lit: Lit| query.value(lit) == Some(true);
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
                (false, false) => waiting.push(if needed[b.gate()] { b } else { a }),
            },
            Gate::Xor(a, b) => waiting.extend([a, b]),
            Gate::Mux(c, t, e) => waiting.extend([c, if value(c) { t } else { e }]),
        }
    }
    needed
}
