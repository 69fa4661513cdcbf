//! Groups of actions become instructions: every variable gets its place.

use super::action::{Action, Copy, Operand, Place, Var};
use super::data;
use super::elem::{CHUNK, Elem};
use super::insn::{Insn, Run};
use super::scalar::ScalarOp;
use super::schedule::{Group, schedule};
use super::select::Selector;
use super::storage::Storage;
use super::vector::{VectorOp, kernel};

/// Variables in their order, each with its place.
#[derive(Debug)]
pub(super) struct Placed(Vec<Group>);

/// Orders variables of `selector` and gives them their places; what they depend on has its own
/// or gets it before [`encode`]. Within a batch, slots lie in the order of their `key`.
pub(super) fn place<K: Ord>(
    selector: &mut Selector,
    vars: &[Var],
    storage: &mut Storage,
    key: impl Fn(Var) -> K,
) -> Placed {
    let mut groups = schedule(selector, vars);
    for group in &mut groups {
        if let Group::Batch(_, vars) = group {
            vars.sort_by_cached_key(|var| key(*var));
            selector.batched.0 += 1;
            selector.batched.1 += vars.len() as u32;
        }
    }
    settle(selector, storage, &groups);
    Placed(groups)
}

/// Appends instructions to `code`, their lists to `pool`.
pub(super) fn encode(
    selector: &mut Selector,
    placed: &Placed,
    pool: &mut Vec<u32>,
    code: &mut Vec<Insn>,
) {
    let mut encoder = Encoder { selector, pool, code };
    placed.0.iter().for_each(|group| encoder.group(group));
    for group in &placed.0 {
        let vars = group.vars();
        vars.iter().for_each(|var| selector.vars[var.0 as usize].action = None);
    }
}

/// Slots of a batch lie side by side; everything lies in the order in which it is made.
fn settle(selector: &mut Selector, storage: &mut Storage, groups: &[Group]) {
    let mut settle = |var: &Var| {
        let info = &mut selector.vars[var.0 as usize];
        let (bytes, align) = info.size;
        info.offset.get_or_insert_with(|| storage.allocate(bytes, align));
    };
    let is_slot = |group: &&Group| matches!(group, Group::Batch(..));
    for group in groups.iter().filter(is_slot).chain(groups.iter().filter(|g| !is_slot(g))) {
        match group {
            Group::One(var) => settle(var),
            Group::Batch(_, vars) => vars.iter().for_each(&mut settle),
        }
    }
}

struct Encoder<'a> {
    selector: &'a Selector,
    pool: &'a mut Vec<u32>,
    code: &'a mut Vec<Insn>,
}

/// An instruction with nothing said but its kernel and its result.
fn plain(run: Run, to: u32) -> Insn {
    Insn { run, to, a: 0, b: 0, c: 0, count: 1, steps: [0; 3], shift: 0, mask: 0 }
}

impl Encoder<'_> {
    fn offset(&self, var: Var) -> u32 {
        self.selector.offset(var)
    }

    fn place(&self, (var, distance): Place) -> u32 {
        self.offset(var) + distance
    }

    fn action(&self, var: Var) -> &Action {
        self.selector.action(var)
    }

    fn group(&mut self, group: &Group) {
        match group {
            Group::Batch(ScalarOp::Select, vars) => self.selects(vars),
            Group::Batch(op, vars) => self.batch(*op, vars),
            Group::One(var) => self.alone(*var),
        }
    }

    fn batch(&mut self, op: ScalarOp, vars: &[Var]) {
        if let (&[var], Some(run)) = (vars, op.single()) {
            return self.single(var, run);
        }
        let first = self.pool.len() as u32;
        for k in 0..op.operands() {
            for &var in vars {
                if let Action::Scalar { from, .. } = self.action(var) {
                    let offset = self.place(from[k]);
                    self.pool.push(offset);
                }
            }
        }
        for &var in vars {
            if let Action::Scalar { parameter, .. } = *self.action(var) {
                self.pool.push(parameter);
            }
        }
        let to = self.offset(vars[0]);
        let count = vars.len() as u32;
        self.code.push(Insn { a: first, count, ..plain(op.batch(), to) });
    }

    fn single(&mut self, var: Var, run: Run) {
        let Action::Scalar { from, parameter, .. } = self.action(var) else { return };
        let offset = |k: usize| from.get(k).map_or(0, |place| self.place(*place));
        let (a, b, c, mask) = (offset(0), offset(1), offset(2), u64::from(*parameter));
        let insn = Insn { a, b, c, mask, ..plain(run, self.offset(var)) };
        self.code.push(insn);
    }

    fn selects(&mut self, vars: &[Var]) {
        let (mut indices, mut starts, mut lasts) = (Vec::new(), Vec::new(), Vec::new());
        for &var in vars {
            let Action::Select { index, options } = self.action(var) else { continue };
            let offsets: Vec<u32> = options.iter().map(|o| self.offset(*o)).collect();
            indices.push(self.offset(*index));
            starts.push(self.pool.len() as u32);
            lasts.push(offsets.len() as u32 - 1);
            self.pool.extend(offsets);
        }
        let first = self.pool.len() as u32;
        self.pool.extend(indices.into_iter().chain(starts).chain(lasts));
        let (to, count) = (self.offset(vars[0]), vars.len() as u32);
        self.code.push(Insn { a: first, count, ..plain(ScalarOp::Select.batch(), to) });
    }

    fn alone(&mut self, var: Var) {
        let to = self.offset(var);
        let insn = match self.action(var).clone() {
            Action::Vector { op, from, elem, lanes, shift, mask } => {
                self.vector(to, op, &from, (elem, lanes), (shift, mask))
            }
            Action::Splat { from, elem } => {
                Insn { a: self.offset(from), ..plain(data::splat(elem), to) }
            }
            Action::Gather { elem, copies, patches } => {
                return self.gather(to, elem, &copies, &patches);
            }
            Action::Read { plan, address, lanes } => {
                let a = self.offset(address);
                Insn { a, b: plan, count: lanes, ..plain(data::read, to) }
            }
            Action::Undefined { index, elem, lanes } => {
                let shift = elem.bytes() as u8;
                Insn { b: index, count: lanes, shift, ..plain(data::undefined, to) }
            }
            Action::Scalar { .. } | Action::Select { .. } => unreachable!("in a batch"),
        };
        self.code.push(insn);
    }

    fn vector(
        &self,
        to: u32,
        op: VectorOp,
        from: &[Operand],
        (elem, lanes): (Elem, u32),
        (shift, mask): (u8, u64),
    ) -> Insn {
        // The second operand of an insertion says its type; the first has the result's.
        let of = if op == VectorOp::Insert { from[1].elem } else { from[0].elem };
        let widest = from.iter().map(|o| o.elem).fold(elem, Elem::max);
        let per_chunk = CHUNK / widest.bytes();
        let step = |o: &Operand| if o.whole { (per_chunk * o.elem.bytes()) as u16 } else { 0 };
        let offset = |k: usize| from.get(k).map_or(0, |o| self.offset(o.var));
        let steps = [0, 1, 2].map(|k| from.get(k).map_or(0, step));
        let run = kernel(op, of, elem).expect("selection keeps to the kernels there are");
        let (a, b, c) = (offset(0), offset(1), offset(2));
        Insn { run, to, a, b, c, count: lanes.div_ceil(per_chunk), steps, shift, mask }
    }

    fn gather(&mut self, to: u32, elem: Elem, copies: &[Copy], patches: &[(u32, Place)]) {
        for copy in copies {
            let (a, count) = (self.place(copy.from), copy.bytes);
            self.code.push(Insn { a, count, ..plain(data::copy, to + copy.to) });
        }
        if !patches.is_empty() {
            let first = self.pool.len() as u32;
            self.pool.extend(patches.iter().map(|(lane, _)| to + lane));
            for (_, from) in patches {
                let from = self.place(*from);
                self.pool.push(from);
            }
            let count = patches.len() as u32;
            self.code.push(Insn { a: first, count, ..plain(data::patch(elem), to) });
        }
    }
}
