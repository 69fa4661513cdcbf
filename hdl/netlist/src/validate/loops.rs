//! Combinational loops, through instances too.
//!
//! Each module is searched once. What its instances contribute is their module's [`Summary`]:
//! which outputs depend on which inputs without a register between.

use super::Checker;
use crate::order::depth_first;
use crate::{Design, Direction, Module, ModuleId, Op, PortId, ValueId};

/// A loop longer than this is shown in part.
const LABELS_MAX: usize = 64;

/// For each port, the input ports it depends on combinationally (none for inputs).
#[derive(Default)]
pub(super) struct Summary(Vec<Vec<PortId>>);

impl Summary {
    fn inputs_of(&self, output: PortId) -> &[PortId] {
        self.0.get(output.index()).map_or(&[], Vec::as_slice)
    }
}

/// Calls `visit` with all that `value` settles after, instances looked through.
fn feeds(module: &Module, summaries: &[Summary], value: ValueId, mut visit: impl FnMut(ValueId)) {
    if let Op::InstanceOutput { instance, port, element } = module.cell(value).op {
        let instance = &module.instances[instance.index()];
        for input in summaries[instance.module.index()].inputs_of(port) {
            visit(instance.inputs[input.index()][element as usize]);
        }
    }
    module.combinational_operands(value, visit);
}

pub(super) fn check(c: &mut Checker<'_>, summaries: &[Summary]) -> Summary {
    let m = c.module;
    let mut loops: Vec<Vec<ValueId>> = Vec::new();
    let mut looping = vec![false; m.cells.len()];
    let push_feeds = |value, list: &mut Vec<ValueId>| {
        feeds(m, summaries, value, |operand| list.push(operand));
    };
    let order = depth_first(m.cells.len(), push_feeds, |cycle| {
        if cycle.iter().all(|v| !looping[v.index()]) {
            cycle.iter().for_each(|v| looping[v.index()] = true);
            loops.push(cycle.to_vec());
        }
    });
    for mut cycle in loops {
        let first = cycle.iter().enumerate().min_by_key(|(_, v)| **v).map_or(0, |(i, _)| i);
        cycle.rotate_left(first);
        report(c, summaries, &cycle);
    }
    summarize(m, summaries, &order)
}

/// Which inputs reach which outputs, 64 inputs at a time.
fn summarize(module: &Module, summaries: &[Summary], order: &[ValueId]) -> Summary {
    let ports = |direction| {
        let wanted = module.ports.iter().enumerate().filter(move |(_, p)| p.direction == direction);
        wanted.map(|(i, p)| (PortId(i as u32), p.value)).collect::<Vec<_>>()
    };
    let mut result = vec![Vec::new(); module.ports.len()];
    for chunk in ports(Direction::Input).chunks(64) {
        let mut reached = vec![0u64; module.cells.len()];
        chunk.iter().enumerate().for_each(|(bit, (_, v))| reached[v.index()] |= 1 << bit);
        for value in order {
            let mut mask = reached[value.index()];
            feeds(module, summaries, *value, |operand| mask |= reached[operand.index()]);
            reached[value.index()] = mask;
        }
        for (output, value) in ports(Direction::Output) {
            let bits = chunk.iter().enumerate();
            let inputs = bits.filter(|(bit, _)| reached[value.index()] >> bit & 1 == 1);
            result[output.index()].extend(inputs.map(|(_, (port, _))| *port));
        }
    }
    Summary(result)
}

fn report(c: &mut Checker<'_>, summaries: &[Summary], cycle: &[ValueId]) {
    let m = c.module;
    let mut walk = Walk { design: c.design, summaries, labels: Vec::new() };
    let last = cycle[cycle.len() - 1];
    let froms = std::iter::once(&last).chain(cycle);
    let hops = froms.zip(cycle).map(|(from, to)| Step::Hop(*from, *to));
    walk.run(hops.collect(), m);
    let names = match cycle {
        [one] => format!("{} feeds itself", c.show(*one)),
        many => format!("{} values feed each other, {} among them", many.len(), c.show(many[0])),
    };
    let message = format!("a combinational loop: {names}");
    let help = "put a register on the path, or let one of these not depend on the one before it";
    c.fault("N060", m.cell(cycle[0]).place, message, help).labels = walk.labels;
}

/// A part of a loop that is still to be shown.
#[derive(Clone, Copy)]
enum Step {
    /// The second value, and what lies between it and the first inside an instance.
    Hop(ValueId, ValueId),
    /// The value alone.
    Show(ValueId),
}

/// A step in the module where it happens.
struct At<'a> {
    scope: String,
    module: &'a Module,
    step: Step,
}

struct Walk<'a> {
    design: &'a Design,
    summaries: &'a [Summary],
    labels: Vec<(crate::Place, String)>,
}

impl<'a> Walk<'a> {
    fn run(&mut self, steps: Vec<Step>, module: &'a Module) {
        let at = |step| At { scope: String::new(), module, step };
        let mut stack: Vec<At<'a>> = steps.into_iter().rev().map(at).collect();
        while let Some(at) = stack.pop() {
            if self.labels.len() == LABELS_MAX {
                self.labels.push((crate::Place::UNKNOWN, "and so on".to_string()));
                return;
            }
            match at.step {
                Step::Show(value) => self.show(&at, value),
                Step::Hop(from, to) => match self.inside(&at, from, to) {
                    None => self.show(&at, to),
                    Some(inner) => {
                        let show = Step::Show(to);
                        stack.push(At { scope: at.scope, module: at.module, step: show });
                        stack.extend(inner.into_iter().rev());
                    }
                },
            }
        }
    }

    fn show(&mut self, at: &At<'a>, value: ValueId) {
        let cell = at.module.cell(value);
        let name = at.module.value_name(self.design, value);
        self.labels.push((cell.place, format!("{}{name} = {}", at.scope, cell.op.name())));
    }

    /// The path from `from` to `to` inside the instance that `to` is an output of.
    fn inside(&self, at: &At<'a>, from: ValueId, to: ValueId) -> Option<Vec<At<'a>>> {
        let Op::InstanceOutput { instance, port, element } = at.module.cell(to).op else {
            return None;
        };
        let instance = &at.module.instances[instance.index()];
        let inputs = self.summaries[instance.module.index()].inputs_of(port);
        let connects = |p: &&PortId| instance.inputs[p.index()][element as usize] == from;
        let input = inputs.iter().find(connects)?;
        let placed = self.design.module(instance.module);
        let path = self.path(instance.module, *input, port)?;
        let scope = format!("{}{}.", at.scope, instance.element_name(element));
        let hops = path.windows(2).map(|pair| Step::Hop(pair[0], pair[1]));
        let steps = std::iter::once(Step::Show(path[0])).chain(hops);
        let place = |step| At { scope: scope.clone(), module: placed, step };
        Some(steps.map(place).collect())
    }

    /// A shortest combinational path from an input of a module to an output.
    fn path(&self, module: ModuleId, input: PortId, output: PortId) -> Option<Vec<ValueId>> {
        let module = self.design.module(module);
        let (start, end) = (module.ports[input.index()].value, module.ports[output.index()].value);
        let mut next: Vec<Option<ValueId>> = vec![None; module.cells.len()];
        let mut waiting = std::collections::VecDeque::from([end]);
        while let Some(value) = waiting.pop_front() {
            if value == start {
                let mut path = vec![start];
                while path[path.len() - 1] != end {
                    path.push(next[path[path.len() - 1].index()]?);
                }
                return Some(path);
            }
            feeds(module, self.summaries, value, |operand| {
                if operand != end && next[operand.index()].is_none() {
                    next[operand.index()] = Some(value);
                    waiting.push_back(operand);
                }
            });
        }
        None
    }
}
