//! Pipelines whose latency is checked: values of different stages do not meet.

use crate::builder::{Builder, Poisoned};
use crate::elaborate::{Elaboration, with};
use crate::leaf::{Leaf, Net};
use crate::place::{At, here};
use crate::scope::outside_conditions;
use crate::signal::Signal;
use crate::{Bit, when};
use olivine_netlist::{Op, ReadKind, ValueId};
use std::collections::HashMap;

/// A pipeline; see [`pipeline`].
#[derive(Clone, Copy, Debug)]
pub struct Pipeline {
    index: usize,
    advance: Option<Bit>,
}

/// A pipeline, whose name is for messages.
///
/// ```
/// use olivine_lang::prelude::*;
///
/// # #[derive(Clone, Debug, Hash, PartialEq, Eq)]
/// # struct Mac;
/// # #[derive(Ports)]
/// # struct MacPorts { a: In<Unsigned>, b: In<Unsigned>, c: In<Unsigned>, y: Out<Unsigned> }
/// # impl Module for Mac {
/// #     type Ports = MacPorts;
/// #     fn ports(&self) -> MacPorts {
/// #         MacPorts { a: unsigned(8), b: unsigned(8), c: unsigned(8), y: unsigned(17) }
/// #     }
/// #     fn build(&self, p: MacPorts) {
/// let mac = pipeline("mac");
/// let (a, b, c) = mac.enter((p.a, p.b, p.c));
/// let product = mac.stage(a * b);
/// let sum = mac.stage(product + mac.stage(c));
/// p.y.drive(mac.exit(sum, 2));
/// #     }
/// # }
/// # elaborate(Mac).unwrap();
/// ```
///
/// What has entered is of stage 0, what went through [`Pipeline::stage`] of the next stage; so is
/// what a synchronous read gives for an address. An operator on values of one stage gives that
/// stage, and on values of two it is a fault (L100) that names both. Constants, registers that are
/// no stages and the outputs of instances are of no stage and mix with any.
#[track_caller]
pub fn pipeline(name: &str) -> Pipeline {
    with(|b, _| {
        b.pipeline.pipelines.push(Named { name: name.to_string(), advance: None });
        Pipeline { index: b.pipeline.pipelines.len() - 1, advance: None }
    })
}

impl Pipeline {
    /// The same, with stages that advance only at edges where `advance` holds, and stall elsewhere.
    /// A synchronous read in it does not stall by itself: give it the same condition, with
    /// [`Memory::read_sync_when`](crate::Memory::read_sync_when); another is a fault (L102).
    #[must_use]
    #[track_caller]
    pub fn advancing_when(self, advance: Bit) -> Self {
        let at = here();
        with(|b, e| b.pipeline.pipelines[self.index].advance = b.read(e, at, advance.0).ok());
        Self { advance: Some(advance), ..self }
    }

    /// A signal as it is at stage 0.
    #[track_caller]
    pub fn enter<T: Signal>(&self, signal: T) -> T {
        let at = here();
        self.wires(at, &signal, Mark::Entry)
    }

    /// A signal of the next stage: registers without reset, unless it is said of what this gives.
    #[track_caller]
    pub fn stage<T: Signal>(&self, signal: T) -> T {
        let at = here();
        let later = signal.map_leaves(|leaf| with(|b, e| self.register(b, e, at, leaf)));
        let next = crate::operand::Given::Signal(signal);
        outside_conditions(|| match self.advance {
            Some(advance) => when(advance, || crate::drive::set(at, &later, next)).end(),
            None => crate::drive::set(at, &later, next),
        });
        later
    }

    /// A signal that leaves the pipeline, of no stage any more. That it is `latency` stages behind
    /// what entered is checked (L101).
    #[track_caller]
    pub fn exit<T: Signal>(&self, signal: T, latency: u32) -> T {
        let at = here();
        self.wires(at, &signal, Mark::Exit { latency })
    }

    /// A wire of its own for each leaf, with a mark.
    fn wires<T: Signal>(&self, at: At, signal: &T, mark: Mark) -> T {
        signal.map_leaves(|leaf| {
            with(|b, e| match b.read(e, at, leaf) {
                Err(Poisoned) => Leaf::poison(leaf.width, leaf.reading),
                Ok(source) => {
                    let value = b.cell(e, at, Op::Wire(source), leaf.width);
                    b.pipeline.marks.insert(value, Marked { mark, source, of: self.index, at });
                    b.leaf(value, leaf.reading)
                }
            })
        })
    }

    fn register(&self, b: &mut Builder, e: &mut Elaboration, at: At, source: Leaf) -> Leaf {
        let made = b.stage(e, at, source, 1);
        if let (Net::Value { value, .. }, Ok(source)) = (made.net, b.read(e, at, source)) {
            let mark = Marked { mark: Mark::Stage, source, of: self.index, at };
            b.pipeline.marks.insert(ValueId(value), mark);
        }
        made
    }
}

#[derive(Clone, Copy)]
enum Mark {
    Entry,
    Stage,
    Exit { latency: u32 },
}

/// A cell that a pipeline made.
#[derive(Clone, Copy)]
struct Marked {
    mark: Mark,
    source: ValueId,
    of: usize,
    at: At,
}

/// What a pipeline is called, and the condition under which it advances.
struct Named {
    name: String,
    advance: Option<ValueId>,
}

/// What the module being built says of pipelines.
#[derive(Default)]
pub(crate) struct Staged {
    pipelines: Vec<Named>,
    marks: HashMap<ValueId, Marked>,
}

impl Staged {
    /// Wires that only mark where values enter and leave, with what they carry.
    pub(crate) fn wires(&self) -> impl Iterator<Item = (ValueId, ValueId)> {
        let wires = self.marks.iter().filter(|(_, m)| !matches!(m.mark, Mark::Stage));
        wires.map(|(value, marked)| (*value, marked.source))
    }
}

/// A stage of a pipeline.
type Stage = (usize, u32);

impl Builder {
    /// Checks that no values of two stages meet. Wires have their definitions.
    pub(crate) fn check_stages(&self, e: &mut Elaboration) {
        if self.pipeline.marks.is_empty() {
            return;
        }
        let mut stages: Vec<Option<Stage>> = vec![None; self.module.cells.len()];
        for value in self.stage_order() {
            stages[value.index()] = self.stage_of(e, &stages, value);
        }
        let mut exits: Vec<_> = self.pipeline.marks.values().collect();
        exits.sort_by_key(|marked| (marked.at.line(), marked.source));
        for marked in exits {
            let Mark::Exit { latency } = marked.mark else { continue };
            let found = stages[marked.source.index()];
            if found != Some((marked.of, latency)) {
                self.wrong_exit(e, marked, latency, found);
            }
        }
    }

    /// What a value's stage is made of: operands, the source of a stage, the address of a read.
    fn stage_operands(&self, value: ValueId, mut visit: impl FnMut(ValueId)) {
        if let Some(marked) = self.pipeline.marks.get(&value) {
            return visit(marked.source);
        }
        if let Op::ReadData { memory, port } = self.module.cell(value).op {
            visit(self.module.memories[memory.index()].reads[port as usize].address);
        }
        self.module.cell(value).op.operands(visit);
    }

    /// Every value after those its stage is made of; loops are cut anywhere.
    fn stage_order(&self) -> Vec<ValueId> {
        let count = self.module.cells.len();
        let (mut entered, mut order) = (vec![false; count], Vec::with_capacity(count));
        let mut stack: Vec<(ValueId, bool)> = Vec::new();
        for root in 0..count as u32 {
            stack.push((ValueId(root), false));
            while let Some((value, left)) = stack.pop() {
                if left {
                    order.push(value);
                } else if !std::mem::replace(&mut entered[value.index()], true) {
                    stack.push((value, true));
                    self.stage_operands(value, |operand| stack.push((operand, false)));
                }
            }
        }
        order
    }

    fn stage_of(
        &self,
        e: &mut Elaboration,
        stages: &[Option<Stage>],
        value: ValueId,
    ) -> Option<Stage> {
        if let Some(marked) = self.pipeline.marks.get(&value) {
            let source = stages[marked.source.index()];
            return match marked.mark {
                Mark::Entry => Some((marked.of, 0)),
                Mark::Stage => source.map(|(of, stage)| (of, stage + 1)),
                Mark::Exit { .. } => None,
            };
        }
        let mut found: Option<(Stage, ValueId)> = None;
        let mut other = None;
        self.stage_operands(value, |operand| match (stages[operand.index()], found) {
            (Some(stage), None) => found = Some((stage, operand)),
            (Some(stage), Some((first, _))) if stage != first => other = Some((stage, operand)),
            _ => {}
        });
        let (stage, operand) = found?;
        if let Some(other) = other {
            self.stages_meet(e, value, (stage, operand), other);
            return None;
        }
        let Some(enable) = self.enable_of_read(value) else { return Some(stage) };
        if enable != self.pipeline.pipelines[stage.0].advance {
            self.stalls_otherwise(e, value, stage.0, enable);
        }
        Some((stage.0, stage.1 + 1))
    }

    /// The enable of a synchronous read.
    fn enable_of_read(&self, value: ValueId) -> Option<Option<ValueId>> {
        let Op::ReadData { memory, port } = self.module.cell(value).op else { return None };
        match self.module.memories[memory.index()].reads[port as usize].kind {
            ReadKind::Async => None,
            ReadKind::Sync { enable, .. } => Some(enable),
        }
    }

    fn show_stage(&self, (of, stage): Stage) -> String {
        format!("stage {stage} of `{}`", self.pipeline.pipelines[of].name)
    }

    fn stalls_otherwise(
        &self,
        e: &mut Elaboration,
        read: ValueId,
        of: usize,
        enable: Option<ValueId>,
    ) {
        let Named { name, advance } = &self.pipeline.pipelines[of];
        let when = |condition: Option<ValueId>| match condition {
            Some(value) => format!("when {} holds", self.show(value)),
            None => "at every edge".to_string(),
        };
        let message = format!(
            "module `{}`: pipeline `{name}` advances {}, a read in it {}",
            self.module.name,
            when(*advance),
            when(enable)
        );
        let help = match advance {
            Some(_) => "read with `read_sync_when` and the condition given to `advancing_when`",
            None => "read with `read_sync`, or give the pipeline the condition: `advancing_when`",
        };
        let place = self.module.cell(read).place;
        let mut fault = olivine_netlist::Fault::new("L102", place, message, help);
        for (who, condition) in [("the pipeline advances", *advance), ("it is read", enable)] {
            if let Some(condition) = condition {
                let place = self.module.cell(condition).place;
                fault.label(place, format!("{who} where this holds"));
            }
        }
        e.faults.push(fault);
    }

    fn stages_meet(
        &self,
        e: &mut Elaboration,
        value: ValueId,
        first: (Stage, ValueId),
        second: (Stage, ValueId),
    ) {
        let (a, b) = (self.show_stage(first.0), self.show_stage(second.0));
        let place = self.module.cell(value).place;
        let message = format!("module `{}`: {a} meets {b}", self.module.name);
        let help = "put the younger through `stage` until both are of one stage, or let it leave \
                    the pipeline with `exit`";
        let mut fault = olivine_netlist::Fault::new("L100", place, message, help);
        for (text, (_, operand)) in [(a, first), (b, second)] {
            let what = self.show(operand);
            fault.label(self.module.cell(operand).place, format!("{what} is of {text}"));
        }
        e.faults.push(fault);
    }

    fn wrong_exit(&self, e: &mut Elaboration, m: &Marked, latency: u32, found: Option<Stage>) {
        let wanted = self.show_stage((m.of, latency));
        let found = found.map_or("no stage".to_string(), |stage| self.show_stage(stage));
        let message = format!("what leaves should be of {wanted}, but is of {found}");
        let help = "add or remove a `stage`, or say the latency that it has";
        let made = self.module.cell(m.source).place;
        e.fault(self, "L101", m.at, message, help).label(made, format!("this is of {found}"));
    }
}
