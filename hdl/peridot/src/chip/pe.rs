//! [`Pe`]: one processing element of the array.

use super::pe_kind::{BLOCK, PeKind};
use olivine_float::{
    AddProduct, BlockTotal, Element, ElementTimes, Format, Multiply, Pipelined, Product, Term,
};
use olivine_lang::prelude::*;

/// Multiplies a pair of numbers a cycle and sums, output stationary.
///
/// ```text
///              b      drain
///              |        |
///              v        v
///          +----------------+
///    a --->|                |---> a_next
/// step --->|       Pe       |---> step_next
/// shift -->|                |---> shift_next
///          +----------------+
///              |        |
///              v        v
///           b_next  drain_next
/// ```
///
/// *Parameters*: `kind`, what is multiplied and how it is summed.
///
/// *Behaviour*:
/// 1. `a`, `step` and `shift` go on to the east and `b` to the south, unchanged, after one cycle.
/// 2. A valid step adds `a·b` to the sum, which the first step of a tile starts from zero. Where
///    there are several sums ([`PeKind::interleaved`]), cycle `t` belongs to sum `t` modulo their
///    number.
/// 3. After the last step of a tile its sum enters the drain registers, a row of as many as there
///    are sums, whose end is `drain_next`. With `shift` they take what comes from the north; else
///    they stay.
///
/// *Timing*: one step a cycle. The sum is in the first drain register [`PeKind::latency`] cycles
/// after the last step. No combinational path from input to output.
///
/// *Reset*: no step is in flight. Sums of integers are zero; floats and the drain registers are
/// undefined until the first `first` and `last` steps.
///
/// *Numerics*: see [`PeKind`]. A bubble of a float adds −0, which changes no sum.
///
/// *Undefined*: `shift` in the cycle before a sum enters the drain registers: asserted not to
/// happen. A tile whose first step does not follow the last one of the tile before: of integers,
/// asserted not to happen.
///
/// *Verification*: against the golden models, every kind, with bubbles.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Pe {
    /// What is multiplied and how it is summed.
    pub kind: PeKind,
}

/// What to do with the pair of operands that comes with it.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Step {
    /// There is a pair.
    pub valid: Bit,
    /// The sum starts from +0.
    pub first: Bit,
    /// The sum is complete with it.
    pub last: Bit,
}

impl Step {
    /// The shape of a step.
    pub fn shape_of() -> Self {
        Self { valid: bit(), first: bit(), last: bit() }
    }
}

/// A step one cycle later.
pub(crate) fn later(step: Step) -> Step {
    let next = reg(step.shape());
    next.set(step);
    Step { valid: next.valid.reset(false), ..next }
}

/// The ports of [`Pe`].
#[derive(Ports)]
pub struct PePorts {
    /// From the west: a factor.
    pub a: In<Unsigned>,
    /// From the west: what to do.
    pub step: In<Step>,
    /// From the west: the drain register takes what comes from the north.
    pub shift: In<Bit>,
    /// From the north: the other factor.
    pub b: In<Unsigned>,
    /// From the north: the drain register there.
    pub drain: In<Unsigned>,
    /// To the east: `a` a cycle ago.
    pub a_next: Out<Unsigned>,
    /// To the east: `step` a cycle ago.
    pub step_next: Out<Step>,
    /// To the east: `shift` a cycle ago.
    pub shift_next: Out<Bit>,
    /// To the south: `b` a cycle ago.
    pub b_next: Out<Unsigned>,
    /// To the south: the drain register.
    pub drain_next: Out<Unsigned>,
}

impl Module for Pe {
    type Ports = PePorts;

    fn check(&self) -> Result<(), String> {
        self.kind.possible()
    }

    fn ports(&self) -> PePorts {
        let (operand, sum) = (self.kind.factor(), self.kind.sum());
        PePorts {
            a: operand,
            step: Step::shape_of(),
            shift: bit(),
            b: operand,
            drain: sum,
            a_next: operand,
            step_next: Step::shape_of(),
            shift_next: bit(),
            b_next: operand,
            drain_next: sum,
        }
    }

    fn name(&self) -> String {
        format!("pe_{}", self.kind.tag())
    }

    #[named]
    fn build(&self, p: PePorts) {
        let step = pass_on(&p);
        let done = match self.kind {
            PeKind::Int8 => integers(&p, step),
            PeKind::Bf16 { stages } => floats(&p, step, stages),
            PeKind::Mx(element) => block(&p, step, element),
        };
        let Done { finished, sum } = done;
        let drain: Vec<_> = (0..self.kind.interleaved()).map(|_| reg(p.drain.shape())).collect();
        when(p.shift | finished, || {
            drain[0].set(finished.select(sum, p.drain));
            (1..drain.len()).for_each(|i| drain[i].set(drain[i - 1]));
        });
        p.drain_next.drive(drain[drain.len() - 1]);
        always("a finished sum does not meet one that is drained", !(finished & p.shift));
    }
}

/// A sum that is complete.
struct Done {
    /// It is, in this cycle.
    finished: Bit,
    /// Namely this one.
    sum: Unsigned,
}

/// Sums of int8 products. A sum that is complete makes room for the next, so that nothing has to
/// start it. The factors are multiplied from registers of their own, which change only with valid
/// steps and so are not taken for those that pass them on: they can stand beside the multiplier, as
/// one of the two registers behind it can, and the other beside the adder.
#[named]
fn integers(p: &PePorts, step: Step) -> Done {
    let [a, b] = [p.a, p.b].map(|factor| {
        let held = reg(signed(8));
        when(p.step.valid, || held.set(factor.as_signed()));
        held
    });
    let product = reg(signed(16));
    product.set(a * b);
    let product = delay(product, 1);
    let step = later(later(step));
    let sum = reg(signed(p.drain.width())).reset(0);
    let next = sum.wrapping_add(product.extend(sum.width()));
    let finished = step.valid & step.last;
    when(step.valid, || sum.set(next));
    when(finished, || sum.set(0));
    tiles_follow(step);
    complete(finished, next.as_unsigned())
}

/// Sums of bf16 products in fp32. They go round through the stages of the adder.
#[named]
fn floats(p: &PePorts, step: Step, stages: u32) -> Done {
    let (operand, format) = (Format::BF16, Format::FP32);
    let multiply = instance(Multiply { operand, sum: format }, "multiply");
    multiply.a.drive(p.a.as_float(operand.shape()));
    multiply.b.drive(p.b.as_float(operand.shape()));
    let product = reg(Product::shape_of(operand, format));
    let exact = multiply.product;
    let bubble = !p.step.valid;
    product.set(Product {
        nan: exact.nan & p.step.valid,
        infinite: exact.infinite & p.step.valid,
        zero: exact.zero | bubble,
        sign: exact.sign | bubble,
        ..exact
    });

    let sum = reg(format.shape());
    let unit = AddProduct { operand, sum: format };
    let add = instance(Pipelined { unit, latency: stages - 1 }, "add");
    add.c.drive(sum);
    add.fresh.drive(step.valid & step.first);
    add.product.drive(product);
    sum.set(add.sum);

    let mut finished = step.valid & step.last;
    for stage in 1..=stages {
        let next = reg(bit()).reset(false).named(&format!("finished{stage}"));
        next.set(finished);
        finished = next;
    }
    Done { finished, sum: sum.as_bits() }
}

/// Sums of products of MX elements, exact.
#[named]
fn block(p: &PePorts, step: Step, element: Element) -> Done {
    let unit = ElementTimes { element };
    let times = instance(Pipelined { unit, latency: 1 }, "times");
    times.a.drive(p.a);
    times.b.drive(p.b);
    let term = reg(Term::shape_of(element));
    term.set(times.term);
    let step = later(step);

    let shape = BlockTotal::shape_of(element, BLOCK as u32);
    let sum = reg(shape.integer).reset(0);
    let width = sum.width();
    // What is missing of a negative product enters as a carry, through one more bit below.
    let one = constant(bit(), true);
    let [so_far, more] = [cat((one, sum)), cat((term.negative, term.complement.extend(width)))];
    let next = so_far.wrapping_add(more).slice(1, width).as_signed();
    let finished = step.valid & step.last;
    when(step.valid, || sum.set(next));
    when(finished, || sum.set(0));
    // What has been met in this block.
    let met = |now: Option<Bit>, name: &str| {
        now.map_or(constant(bit(), false), |now| {
            let before = reg(bit()).reset(false).named(name);
            when(step.valid & now, || before.set(true));
            when(finished, || before.set(false));
            before | now
        })
    };
    let nan = met(term.nan, "nan");
    let above = met(term.infinite.map(|infinite| infinite & !term.sign), "above");
    let below = met(term.infinite.map(|infinite| infinite & term.sign), "below");
    tiles_follow(step);
    let total = BlockTotal {
        integer: next,
        nan: nan | (above & below),
        infinite: above | below,
        negative: below,
    };
    complete(finished, total.as_bits())
}

/// A sum that is complete, a cycle later: the adder's carry does not go on into the drain.
#[named]
fn complete(finished: Bit, sum: Unsigned) -> Done {
    let complete = reg(sum.shape());
    when(finished, || complete.set(sum));
    let is_complete = reg(bit()).reset(false);
    is_complete.set(finished);
    Done { finished: is_complete, sum: complete }
}

/// A tile's first step is the first one after the last of the tile before.
#[named]
fn tiles_follow(step: Step) {
    let inside = reg(bit()).reset(false);
    when(step.valid, || inside.set(!step.last));
    always("a tile starts where the one before has ended", {
        step.valid.implies(step.first ^ inside)
    });
}

/// Rule 1; the step as it was a cycle ago.
#[named]
fn pass_on(p: &PePorts) -> Step {
    let a_next = reg(p.a.shape());
    a_next.set(p.a);
    p.a_next.drive(a_next);
    let b_next = reg(p.b.shape());
    b_next.set(p.b);
    p.b_next.drive(b_next);
    let step_next = later(p.step);
    p.step_next.drive(step_next);
    let shift_next = reg(bit()).reset(false);
    shift_next.set(p.shift);
    p.shift_next.drive(shift_next);
    always("operands move on unchanged after one cycle", {
        let moved = a_next.same_as(past(p.a)) & b_next.same_as(past(p.b));
        past_valid().implies(moved & step_next.same_as(past(p.step)))
    });
    step_next
}
