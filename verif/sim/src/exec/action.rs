//! [`Action`]: an instruction before it has its place in time and storage.

use super::{elem::Elem, scalar::ScalarOp, vector::VectorOp};

/// A value's storage, by index; where it lies is settled late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Var(pub u32);

/// A place within a variable, by its distance in bytes.
pub(crate) type Place = (Var, u32);

/// An operand of a vector action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operand {
    /// Where it is.
    pub var: Var,
    /// Of what type.
    pub elem: Elem,
    /// A value for each lane; else one chunk of equal values for all of them.
    pub whole: bool,
}

/// What makes one variable.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// An element of a batch.
    Scalar { op: ScalarOp, from: Vec<Place>, parameter: u32 },
    /// The option with this index.
    Select { index: Var, options: Vec<Var> },
    /// A vector operation; the result has type `elem` and `lanes` lanes.
    Vector { op: VectorOp, from: Vec<Operand>, elem: Elem, lanes: u32, shift: u8, mask: u64 },
    /// A chunk filled with a slot.
    Splat { from: Var, elem: Elem },
    /// Lanes from anywhere: runs of bytes, then single lanes.
    Gather { elem: Elem, copies: Vec<Copy>, patches: Vec<(u32, Place)> },
    /// The read with this index into the context's plans.
    Read { plan: u32, address: Var, lanes: u32 },
    /// The undefined cell with this index.
    Undefined { index: u32, elem: Elem, lanes: u32 },
}

/// A run of bytes within a gather.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copy {
    /// Distance within the result.
    pub to: u32,
    /// The source.
    pub from: Place,
    /// How many.
    pub bytes: u32,
}

impl Action {
    /// Calls `visit` with each variable read.
    pub fn reads(&self, mut visit: impl FnMut(Var)) {
        match self {
            Self::Scalar { from, .. } => from.iter().for_each(|(var, _)| visit(*var)),
            Self::Select { index, options } => {
                visit(*index);
                options.iter().copied().for_each(visit);
            }
            Self::Vector { from, .. } => from.iter().for_each(|o| visit(o.var)),
            Self::Splat { from, .. } => visit(*from),
            Self::Gather { copies, patches, .. } => {
                copies.iter().for_each(|c| visit(c.from.0));
                patches.iter().for_each(|(_, (var, _))| visit(*var));
            }
            Self::Read { address, .. } => visit(*address),
            Self::Undefined { .. } => {}
        }
    }

    /// The operator, if the action can join a batch.
    pub fn batch(&self) -> Option<ScalarOp> {
        match self {
            Self::Scalar { op, .. } => Some(*op),
            Self::Select { .. } => Some(ScalarOp::Select),
            _ => None,
        }
    }
}
