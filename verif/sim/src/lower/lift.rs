//! Modules that say what function of floats they are become one node.
//!
//! Every tier of machine code has all functions: sums, products and the fused sum of a product round
//! once in AVX-512 and in AVX2 with FMA alike, and both take the treatment of subnormal numbers from
//! the same control register.

use super::{Lowering, Who};
use crate::kernel::{NodeId, NodeOp};
use olivine_netlist::{Design, Direction, FloatFunction, ValueId};

/// Which functions are lifted: those that treat subnormal numbers in one way, as the machine's
/// floats do it in one way for all of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lift {
    flushed: bool,
}

impl Lift {
    /// For a design: as most of its modules have it; `None` if no module says what it is.
    pub fn of(design: &Design) -> Option<Self> {
        let functions = design.modules.iter().filter_map(|module| module.computes);
        let (flushed, kept): (Vec<_>, Vec<_>) = functions.partition(|f: &FloatFunction| f.flushed);
        let any = !flushed.is_empty() || !kept.is_empty();
        any.then_some(Self { flushed: flushed.len() > kept.len() })
    }
}

impl Lowering<'_> {
    /// The function that a cell is the result of, with the cells of its operands.
    pub fn lifted(&self, variant: u32, cell: ValueId) -> Option<(FloatFunction, Vec<ValueId>)> {
        let (lift, module) = (self.lift?, self.module(variant));
        let function = module.computes.filter(|f| f.flushed == lift.flushed)?;
        let of = |direction| module.ports.iter().filter(move |p| p.direction == direction);
        let result = of(Direction::Output).next()?.value;
        let operands = of(Direction::Input).map(|port| port.value).collect();
        (result == cell).then_some((function, operands))
    }

    /// The node of a function whose operands are lowered; what has 16 bits is the upper half of an
    /// fp32 number.
    pub fn float(
        &mut self,
        variant: u32,
        (function, operands): (FloatFunction, Vec<ValueId>),
        who: Who,
    ) -> NodeId {
        let of = |this: &mut Self, operand: ValueId| {
            let node = this.operand(variant, operand, who)[0];
            match this.module(variant).width(operand) {
                16 => this.graph().add(NodeOp::Join([(node, 16)].into()), 32),
                _ => node,
            }
        };
        let operands = operands.into_iter().map(|operand| of(self, operand)).collect();
        self.kernel.lifted.insert(self.module(variant).name.clone());
        self.graph().add(NodeOp::Float(function, operands), 32)
    }
}
