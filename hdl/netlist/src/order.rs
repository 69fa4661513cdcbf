//! The order in which combinational values settle.

use crate::{Module, Op, ReadKind, ValueId};

impl Module {
    /// Calls `visit` with each value that the value settles after: its operands, and the address
    /// of an asynchronous read. Registers and synchronous reads settle after nothing; so do
    /// instance outputs, whose dependence is not this module's alone (flatten first).
    pub fn combinational_operands(&self, value: ValueId, mut visit: impl FnMut(ValueId)) {
        let op = &self.cell(value).op;
        if let Op::ReadData { memory, port } = op {
            let read = &self.memories[memory.index()].reads[*port as usize];
            if read.kind == ReadKind::Async {
                visit(read.address);
            }
        }
        op.operands(visit);
    }

    /// All cells of a flat module, each after those it settles after.
    ///
    /// # Errors
    /// A combinational loop, in the direction of the data: each cell feeds the next, and the last
    /// feeds the first.
    pub fn combinational_order(&self) -> Result<Vec<ValueId>, Vec<ValueId>> {
        let mut first_loop = None;
        let feeds = |value, list: &mut Vec<ValueId>| {
            self.combinational_operands(value, |operand| list.push(operand));
        };
        let order = depth_first(self.cells.len(), feeds, |cycle| {
            first_loop.get_or_insert_with(|| cycle.to_vec());
        });
        first_loop.map_or(Ok(order), Err)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    OnPath,
    Done,
}

#[derive(Clone, Copy)]
enum Step {
    Enter(ValueId),
    Leave(ValueId),
}

/// All of `0..count`, each after what `feeds` pushes for it, found by depth-first search without
/// recursion. `on_loop` is told each loop met, in the direction of the data; the edge that closes
/// it is then ignored.
pub(crate) fn depth_first(
    count: usize,
    mut feeds: impl FnMut(ValueId, &mut Vec<ValueId>),
    mut on_loop: impl FnMut(&[ValueId]),
) -> Vec<ValueId> {
    let mut marks = vec![Mark::New; count];
    let mut order = Vec::with_capacity(count);
    let (mut stack, mut operands) = (Vec::new(), Vec::new());
    for root in 0..count {
        stack.push(Step::Enter(ValueId(root as u32)));
        while let Some(step) = stack.pop() {
            match step {
                Step::Leave(value) => {
                    marks[value.index()] = Mark::Done;
                    order.push(value);
                }
                Step::Enter(value) => match marks[value.index()] {
                    Mark::Done => {}
                    Mark::OnPath => on_loop(&path_back_to(value, &stack)),
                    Mark::New => {
                        marks[value.index()] = Mark::OnPath;
                        stack.push(Step::Leave(value));
                        feeds(value, &mut operands);
                        stack.extend(operands.drain(..).rev().map(Step::Enter));
                    }
                },
            }
        }
    }
    order
}

/// The cells being left on the stack are the present path; its part from the top down to `value`.
fn path_back_to(value: ValueId, stack: &[Step]) -> Vec<ValueId> {
    let mut cycle = Vec::new();
    for step in stack.iter().rev() {
        if let Step::Leave(on_path) = step {
            cycle.push(*on_path);
            if *on_path == value {
                break;
            }
        }
    }
    cycle
}
