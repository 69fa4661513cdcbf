//! [`Flow`]: which values are written, in which order, and what each use asks of its operand.

use crate::array::{self, Wiring};
use crate::expr::SHIFT_BITS_MAX;
use crate::{Options, Undefined, memory};
use olivine_netlist::{Direction, Module, Op, ReadKind, ValueId};

/// Bits from `low` upward of the value `base`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    pub(crate) base: ValueId,
    pub(crate) low: u32,
}

/// Where a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Nowhere: nothing needs it.
    Dead,
    /// Among the module's logic.
    Main,
    /// With the properties, which alone need it.
    Formal,
}

/// What a use asks of its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Any expression of the operand's width.
    Expression,
    /// A name, because bits are selected from it, or it is repeated, or Verilog would evaluate
    /// an expression there in another width.
    Name,
}

/// The liveness of a module's values.
pub(crate) struct Flow {
    /// For each value the one it is (a part of), seen through anonymous renamings.
    pub(crate) parts: Vec<Part>,
    /// For each value how many live uses it has.
    pub(crate) uses: Vec<u32>,
    /// Whether some use asks for a name.
    pub(crate) by_name: Vec<bool>,
    /// Where each value is written.
    pub(crate) section: Vec<Section>,
    /// The live values, operands before their users.
    pub(crate) order: Vec<ValueId>,
    /// How the inputs of each instance array are wired: by instance, then port.
    pub(crate) wiring: Vec<Vec<Option<Wiring>>>,
}

impl Flow {
    pub(crate) fn new(module: &Module, options: &Options) -> Self {
        let parts = resolve_all(module);
        let wiring = array::wiring(module, &parts);
        let count = module.cells.len();
        let mut flow = Self {
            parts,
            uses: vec![0; count],
            by_name: vec![false; count],
            section: vec![Section::Dead; count],
            order: Vec::new(),
            wiring,
        };
        flow.mark(module, options);
        flow.sort(module);
        flow
    }

    fn mark(&mut self, module: &Module, options: &Options) {
        let mut roots = Vec::new();
        self.root_demands(module, options, |value, demand| roots.push((value, demand)));
        self.mark_from(module, roots, Section::Main);
        let checked = self.reach_of_properties(module);
        for (i, cell) in module.cells.iter().enumerate() {
            if cell.label.is_some() && !checked[i] && self.section[i] == Section::Dead {
                let value = ValueId(i as u32);
                self.mark_from(module, vec![(value, Demand::Name)], Section::Main);
            }
        }
        let conditions = module.properties.iter().map(|p| (p.condition, Demand::Expression));
        self.mark_from(module, conditions.collect(), Section::Formal);
    }

    fn mark_from(&mut self, module: &Module, roots: Vec<(ValueId, Demand)>, section: Section) {
        let mut work = roots;
        while let Some((value, demand)) = work.pop() {
            let part = self.parts[value.index()];
            let base = part.base.index();
            let whole = part.low == 0 && module.width(value) == module.cells[base].width;
            self.uses[base] += 1;
            self.by_name[base] |= demand == Demand::Name || !whole;
            if self.section[base] == Section::Dead {
                self.section[base] = section;
                operand_demands(module, part.base, |v, d| work.push((v, d)));
            }
        }
    }

    fn reach_of_properties(&self, module: &Module) -> Vec<bool> {
        let mut reached = vec![false; module.cells.len()];
        let mut work: Vec<_> = module.properties.iter().map(|p| p.condition).collect();
        while let Some(value) = work.pop() {
            let base = self.parts[value.index()].base;
            if !std::mem::replace(&mut reached[base.index()], true) {
                module.cell(base).op.operands(|v| work.push(v));
            }
        }
        reached
    }

    /// What state, instances and outputs ask.
    fn root_demands(
        &self,
        module: &Module,
        options: &Options,
        mut visit: impl FnMut(ValueId, Demand),
    ) {
        let outputs = module.ports.iter().filter(|p| p.direction == Direction::Output);
        outputs.for_each(|p| visit(p.value, Demand::Expression));
        for case in module.registers.iter().flat_map(|r| &r.cases) {
            case.condition.iter().for_each(|&c| visit(c, Demand::Expression));
            visit(case.value, Demand::Expression);
        }
        module.memories.iter().for_each(|m| memory_demands(module, m, options, &mut visit));
        for (instance, wiring) in module.instances.iter().zip(&self.wiring) {
            for (values, wiring) in instance.inputs.iter().zip(wiring) {
                match wiring {
                    Some(wiring) => wiring.demands(&mut visit),
                    None => values.iter().for_each(|&v| visit(v, Demand::Expression)),
                }
            }
        }
    }

    /// Fills `order` with a depth-first walk without recursion: designs can be deep.
    fn sort(&mut self, module: &Module) {
        let mut done = vec![false; module.cells.len()];
        for start in 0..module.cells.len() {
            let mut stack = vec![(ValueId(start as u32), false)];
            while let Some((value, operands_done)) = stack.pop() {
                if self.section[value.index()] == Section::Dead {
                    continue;
                }
                if operands_done {
                    self.order.push(value);
                } else if !std::mem::replace(&mut done[value.index()], true) {
                    stack.push((value, true));
                    let first = stack.len();
                    let parts = &self.parts;
                    module.cell(value).op.operands(|v| stack.push((parts[v.index()].base, false)));
                    stack[first..].reverse();
                }
            }
        }
    }
}

/// What the cell of `value` asks of its operands.
fn operand_demands(module: &Module, value: ValueId, mut visit: impl FnMut(ValueId, Demand)) {
    let cell = module.cell(value);
    let demand = match &cell.op {
        Op::ShiftLeft(_, b) | Op::ShiftRight(_, b) | Op::ShiftRightSigned(_, b)
            if module.width(*b) > SHIFT_BITS_MAX =>
        {
            Demand::Name
        }
        Op::MulUnsigned(..) | Op::MulSigned(..) | Op::Slice { .. } => Demand::Name,
        Op::ExtendSigned(a) if module.width(*a) < cell.width => Demand::Name,
        _ => Demand::Expression,
    };
    cell.op.operands(|v| visit(v, demand));
}

fn memory_demands(
    module: &Module,
    memory: &olivine_netlist::Memory,
    options: &Options,
    visit: &mut impl FnMut(ValueId, Demand),
) {
    let bypassed = memory.reads.iter().any(|r| memory::compares(r, options));
    let address_demand = |address: ValueId, compared: bool| {
        let exact = module.width(address) <= memory::index_bits(memory.depth);
        let plain = exact && options.undefined == Undefined::Free;
        if plain && !compared { Demand::Expression } else { Demand::Name }
    };
    for read in &memory.reads {
        visit(read.address, address_demand(read.address, memory::compares(read, options)));
        if let ReadKind::Sync { enable: Some(enable), .. } = read.kind {
            visit(enable, Demand::Expression);
        }
    }
    for write in &memory.writes {
        let sliced = bypassed || write.mask.is_some();
        let demand = if sliced { Demand::Name } else { Demand::Expression };
        visit(write.address, address_demand(write.address, sliced));
        visit(write.data, demand);
        write.enable.iter().for_each(|&e| visit(e, demand));
        write.mask.iter().for_each(|&m| visit(m, Demand::Name));
    }
}

fn resolve_all(module: &Module) -> Vec<Part> {
    let resolve = |i: usize| {
        let value = ValueId(i as u32);
        let mut part = Part { base: value, low: 0 };
        while module.cell(part.base).label.is_none()
            && let Some(next) = see_through(module, part, module.width(value))
        {
            part = next;
        }
        part
    };
    (0..module.cells.len()).map(resolve).collect()
}

/// One step from a value to what it merely renames.
fn see_through(module: &Module, part: Part, width: u32) -> Option<Part> {
    let at = |base: ValueId, low: u32| Some(Part { base, low });
    match &module.cell(part.base).op {
        Op::Wire(a) => at(*a, part.low),
        Op::Slice { value, low } => at(*value, part.low + low),
        Op::ReduceAnd(a) | Op::ReduceOr(a) | Op::ReduceXor(a) if module.width(*a) == 1 => at(*a, 0),
        Op::Extend(a) | Op::ExtendSigned(a) if part.low + width <= module.width(*a) => {
            at(*a, part.low)
        }
        Op::Concat(pieces) => {
            let mut start = 0;
            pieces.iter().find_map(|&piece| {
                let (from, to) = (start, start + module.width(piece));
                start = to;
                (from <= part.low && part.low + width <= to)
                    .then(|| Part { base: piece, low: part.low - from })
            })
        }
        _ => None,
    }
}
