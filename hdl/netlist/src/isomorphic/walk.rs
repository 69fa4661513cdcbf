//! Walking two modules at once, from what is observed to what feeds it.

use super::Difference;
use super::pairs::{Pairing, Pairs};
use crate::{Design, DomainId, InstanceId, MemoryId, Module, Op, Place, RegisterId, ValueId};

/// A pair to compare, and how it was reached.
struct Visit {
    /// None for state, which is compared at once.
    values: Option<(ValueId, ValueId)>,
    places: (Place, Place),
    step: String,
    /// Index into the visits; none for a start.
    from: Option<usize>,
}

pub(super) struct Walk<'a> {
    designs: (&'a Design, &'a Design),
    pub(super) modules: (&'a Module, &'a Module),
    pub(super) values: Pairs<ValueId>,
    pub(super) registers: Pairs<RegisterId>,
    pub(super) memories: Pairs<MemoryId>,
    pub(super) reads: Pairs<(MemoryId, u32)>,
    pub(super) instances: Pairs<InstanceId>,
    visits: Vec<Visit>,
    /// Visits before this are done.
    done: usize,
}

pub(super) type Outcome = Result<(), Difference>;

impl<'a> Walk<'a> {
    pub(super) fn new(left: (&'a Design, &'a Module), right: (&'a Design, &'a Module)) -> Self {
        Self {
            designs: (left.0, right.0),
            modules: (left.1, right.1),
            values: Pairs::new(),
            registers: Pairs::new(),
            memories: Pairs::new(),
            reads: Pairs::new(),
            instances: Pairs::new(),
            visits: Vec::new(),
            done: 0,
        }
    }

    /// A difference at the values (left, right), or in the module as a whole.
    pub(super) fn differ(&self, message: String, at: &[(Place, Place)]) -> Difference {
        let path = vec![format!("module `{}`", self.modules.0.name)];
        let (left, right) =
            at.first().copied().unwrap_or((self.modules.0.place, self.modules.1.place));
        Difference { message, path, left, right }
    }

    pub(super) fn differ_at(&self, visit: usize, message: String) -> Difference {
        let mut difference = self.differ(message, &[self.visits[visit].places]);
        let mut steps = Vec::new();
        let mut at = Some(visit);
        while let Some(index) = at {
            steps.push(self.visits[index].step.clone());
            at = self.visits[index].from;
        }
        difference.path.extend(steps.into_iter().rev());
        difference
    }

    /// Compares two values and all that feeds them.
    pub(super) fn start(&mut self, step: String, left: ValueId, right: ValueId) -> Outcome {
        self.visit(None, step, left, right);
        self.run()
    }

    /// A start at state instead of a value; its index.
    pub(super) fn start_state(&mut self, step: String, places: (Place, Place)) -> usize {
        self.visits.push(Visit { values: None, places, step, from: None });
        self.visits.len() - 1
    }

    fn visit(&mut self, from: Option<usize>, step: String, left: ValueId, right: ValueId) {
        let places = (self.modules.0.cell(left).place, self.modules.1.cell(right).place);
        self.visits.push(Visit { values: Some((left, right)), places, step, from });
    }

    pub(super) fn run(&mut self) -> Outcome {
        while self.done < self.visits.len() {
            let at = self.done;
            self.done += 1;
            let Some((l, r)) = self.visits[at].values else { continue };
            match self.values.add(l, r) {
                Pairing::Known => {}
                Pairing::New => self.cells(at, l, r)?,
                Pairing::Conflict => {
                    let message = format!(
                        "{} and {} are shared with different others",
                        self.name(0, l),
                        self.name(1, r)
                    );
                    return Err(self.differ_at(at, message));
                }
            }
        }
        Ok(())
    }

    fn name(&self, side: usize, value: ValueId) -> String {
        let (design, module) = match side {
            0 => (self.designs.0, self.modules.0),
            _ => (self.designs.1, self.modules.1),
        };
        let cell = module.cell(value);
        let shown =
            if let Op::Const(bits) = &cell.op { format!("{bits}") } else { cell.op.name().into() };
        format!("`{}` = {shown}", module.value_name(design, value))
    }

    pub(super) fn follow(&mut self, from: usize, step: String, left: ValueId, right: ValueId) {
        self.visit(Some(from), step, left, right);
    }

    pub(super) fn optional(
        &mut self,
        from: usize,
        step: String,
        left: Option<ValueId>,
        right: Option<ValueId>,
    ) -> Outcome {
        match (left, right) {
            (Some(l), Some(r)) => self.follow(from, step, l, r),
            (None, None) => {}
            _ => return Err(self.differ_at(from, format!("{step} is on one side only"))),
        }
        Ok(())
    }

    fn cells(&mut self, at: usize, l: ValueId, r: ValueId) -> Outcome {
        let (left, right) = (self.modules.0.cell(l), self.modules.1.cell(r));
        let same = left.width == right.width && self.same_operator(&left.op, &right.op);
        if !same {
            let widths = match (left.width, right.width) {
                (a, b) if a == b => String::new(),
                (a, b) => format!(", {a} against {b} bits"),
            };
            let message = format!("{} against {}{widths}", self.name(0, l), self.name(1, r));
            return Err(self.differ_at(at, message));
        }
        match (&left.op, &right.op) {
            (Op::Register(a), Op::Register(b)) => return self.register(at, *a, *b),
            (Op::ReadData { memory: a, port: p }, Op::ReadData { memory: b, port: q }) => {
                return self.read(at, (*a, *p), (*b, *q));
            }
            (Op::InstanceOutput { instance: a, .. }, Op::InstanceOutput { instance: b, .. }) => {
                return self.instance(at, *a, *b);
            }
            _ => {}
        }
        let mut operands = (Vec::new(), Vec::new());
        left.op.operands(|v| operands.0.push(v));
        right.op.operands(|v| operands.1.push(v));
        for (i, (a, b)) in operands.0.into_iter().zip(operands.1).enumerate() {
            self.follow(at, format!("operand {i} of {}", left.op.name()), a, b);
        }
        Ok(())
    }

    /// The operators are equal but for the values and state they speak of.
    fn same_operator(&self, left: &Op, right: &Op) -> bool {
        let counts = |op: &Op| {
            let mut count = 0;
            op.operands(|_| count += 1);
            count
        };
        let port = |m: &'a Module, p: crate::PortId| &m.ports[p.index()].name;
        let same_kind = std::mem::discriminant(left) == std::mem::discriminant(right);
        same_kind
            && match (left, right) {
                (Op::Const(a), Op::Const(b)) => a == b,
                (Op::Slice { low: a, .. }, Op::Slice { low: b, .. }) => a == b,
                (Op::Input(a), Op::Input(b)) => {
                    port(self.modules.0, *a) == port(self.modules.1, *b)
                }
                (
                    Op::InstanceOutput { instance: i, port: p, element: a },
                    Op::InstanceOutput { instance: j, port: q, element: b },
                ) => {
                    let placed = self.placed(*i, *j);
                    a == b && port(placed.0, *p) == port(placed.1, *q)
                }
                _ => counts(left) == counts(right),
            }
    }

    pub(super) fn placed(&self, l: InstanceId, r: InstanceId) -> (&'a Module, &'a Module) {
        let left = self.modules.0.instances[l.index()].module;
        let right = self.modules.1.instances[r.index()].module;
        (self.designs.0.module(left), self.designs.1.module(right))
    }

    pub(super) fn same_domain(&self, left: DomainId, right: DomainId) -> bool {
        self.modules.0.domains[left.index()].name == self.modules.1.domains[right.index()].name
    }
}
