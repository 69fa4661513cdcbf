//! [`Pe`]: one processing element of the array.

use olivine_float::{AddProduct, Format, Multiply, Product};
use olivine_lang::prelude::*;

/// Multiplies a pair of bf16 numbers a cycle and sums in fp32, output stationary.
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
/// *Behaviour*:
/// 1. `a`, `step` and `shift` go on to the east and `b` to the south, unchanged, after one cycle.
/// 2. A valid step adds `a·b` to the sum, which the first step of a tile starts from +0.
/// 3. After the last step of a tile the sum is in `drain_next`. With `shift`, `drain_next` takes
///    what comes from the north; else it stays.
///
/// *Timing*: one step a cycle. The product of a step is registered after one cycle, the sum after
/// two, and `drain_next` has it in the third cycle after the last step. No combinational path from
/// input to output.
///
/// *Reset*: no step is in flight. Sum and drain register are undefined until the first `first`
/// and `last` steps.
///
/// *Numerics*: [`Mac`](olivine_float::Mac) over the steps of a tile in order.
///
/// *Undefined*: `shift` in the second cycle after a last step, when the sum is about to enter the
/// drain register: asserted not to happen.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Pe;

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

/// The ports of [`Pe`].
#[derive(Ports)]
pub struct PePorts {
    /// From the west: a factor.
    pub a: In<Float>,
    /// From the west: what to do.
    pub step: In<Step>,
    /// From the west: the drain register takes what comes from the north.
    pub shift: In<Bit>,
    /// From the north: the other factor.
    pub b: In<Float>,
    /// From the north: the drain register there.
    pub drain: In<Float>,
    /// To the east: `a` a cycle ago.
    pub a_next: Out<Float>,
    /// To the east: `step` a cycle ago.
    pub step_next: Out<Step>,
    /// To the east: `shift` a cycle ago.
    pub shift_next: Out<Bit>,
    /// To the south: `b` a cycle ago.
    pub b_next: Out<Float>,
    /// To the south: the drain register.
    pub drain_next: Out<Float>,
}

impl Module for Pe {
    type Ports = PePorts;

    fn ports(&self) -> PePorts {
        let (operand, sum) = (Format::BF16.shape(), Format::FP32.shape());
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

    #[named]
    fn build(&self, p: PePorts) {
        let step = pass_on(&p);

        let (operand, format) = (Format::BF16, Format::FP32);
        let multiply = instance(Multiply { operand, sum: format }, "multiply");
        multiply.a.drive(p.a);
        multiply.b.drive(p.b);
        let product = reg(Product::shape_of(operand, format));
        product.set(multiply.product);

        let sum = reg(format.shape());
        let add = instance(AddProduct { operand, sum: format }, "add");
        add.c.drive(sum);
        add.fresh.drive(step.first);
        add.product.drive(product);
        when(step.valid, || sum.set(add.sum));

        let drain = reg(format.shape());
        let finished = reg(bit()).reset(false);
        finished.set(step.valid & step.last);
        when(p.shift, || drain.set(p.drain));
        when(finished, || drain.set(sum));
        p.drain_next.drive(drain);
        always("a finished sum does not meet one that is drained", !(finished & p.shift));
    }
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
    let step_next = reg(p.step.shape());
    step_next.set(p.step);
    let step_next = Step { valid: step_next.valid.reset(false), ..step_next };
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
