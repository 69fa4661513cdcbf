//! The end of a module: assignments become definitions, what is missing becomes a fault, and
//! cells that nobody asks for go.

use crate::builder::{Builder, Drive, Driven, Target};
use crate::elaborate::Elaboration;
use crate::scope::{BODY, ScopeId};
use olivine_netlist::{Case, Direction, Module, Op, ReadKind, RegisterId, ValueId};
use std::collections::HashMap;

impl Builder {
    pub(crate) fn finish(mut self, e: &mut Elaboration) -> Module {
        self.finish_registers(e);
        let driven = std::mem::take(&mut self.driven);
        let values: Vec<ValueId> = driven.iter().map(|d| self.definition(e, d)).collect();
        for (wire, value) in driven.iter().zip(&values) {
            self.module.cells[wire.value.index()].op = Op::Wire(*value);
        }
        self.check_unread(e);
        self.check_stages(e);
        self.forward_wires(&driven);
        self.settle_names(e);
        self.assert_states(e);
        sweep(&mut self.module);
        self.module
    }

    fn finish_registers(&mut self, e: &mut Elaboration) {
        let sets = std::mem::take(&mut self.sets);
        for (index, list) in sets.iter().enumerate() {
            self.check_hidden(e, list, "set");
            if list.is_empty() {
                let at = self.register_at[index];
                let what = self.show(self.module.registers[index].value);
                let message = format!("{what} is never set");
                let help = "say what it takes at an edge with `set`, or make it a constant";
                e.fault(self, "L025", at, message, help);
            }
            let case = |d: &Drive| {
                let condition = self.scope(d.scope).enable;
                Case { condition, value: d.value, place: e.files.place(d.at) }
            };
            let cases = list.iter().map(case).collect();
            self.module.registers[index].cases = cases;
        }
    }

    fn check_hidden(&self, e: &mut Elaboration, drives: &[Drive], verb: &str) {
        for (i, drive) in drives.iter().enumerate() {
            let Some(later) = self.hidden_by(drives, i) else { continue };
            let what = if verb == "set" { "a register" } else { "a wire" };
            let message = format!("{what} is {verb} here, but always {verb} again later");
            let help = "remove one; the last assignment whose condition holds wins";
            let (first, second) = (e.files.place(drive.at), e.files.place(later.at));
            e.fault(self, "L022", drive.at, message, help)
                .label(first, "this is never seen")
                .label(second, "this always wins");
        }
    }

    /// The value of a wire from its assignments; any value after a fault.
    fn definition(&mut self, e: &mut Elaboration, wire: &Driven) -> ValueId {
        self.check_hidden(e, &wire.drives, "driven");
        let value = self.resolve(e, &wire.drives, BODY, None);
        if let Ok(Some(value)) = value {
            return value;
        }
        if wire.drives.is_empty() {
            self.never_driven(e, wire);
        } else {
            let message = format!("{} is driven only under conditions", self.show_wire(e, wire));
            let help = "drive a default before the `when`, or end it with `otherwise`; to keep a \
                        value there are registers";
            let places: Vec<_> = wire.drives.iter().map(|d| e.files.place(d.at)).collect();
            let fault = e.fault(self, "L024", wire.at, message, help);
            for place in places {
                fault.label(place, "driven under a condition");
            }
        }
        let width = self.module.width(wire.value);
        self.cell(e, wire.at, Op::Undefined, width)
    }

    /// Of the elements of an array, one is shown for each port.
    fn never_driven(&mut self, e: &mut Elaboration, wire: &Driven) {
        let help = match wire.target {
            Target::Wire => "drive it, or do not declare it",
            Target::Output(_) => "drive it; `undefined(shape)` says that any value will do",
            Target::Input { .. } => "drive it where the instance is placed",
        };
        if let Target::Input { instance, port, .. } = wire.target
            && !self.undriven_inputs.insert((instance, port))
        {
            return;
        }
        let message = format!("{} is never driven", self.show_wire(e, wire));
        e.fault(self, "L023", wire.at, message, help);
    }

    fn show_wire(&self, e: &Elaboration, wire: &Driven) -> String {
        match wire.target {
            Target::Output(port) => {
                format!("the output `{}`", self.module.ports[port.index()].name)
            }
            Target::Input { instance, port, element } => {
                let instance = &self.module.instances[instance as usize];
                let ports = &e.modules[instance.module.index()].ports;
                let name = &ports[port as usize].name;
                format!("the input `{}.{name}`", instance.element_name(element))
            }
            Target::Wire => match &self.module.cell(wire.value).label {
                Some(label) => format!("the wire `{}`", label.name),
                None => "a wire".to_string(),
            },
        }
    }

    /// What `drives`, all within `scope`, make of `incoming`; nothing where a case is left out.
    fn resolve(
        &mut self,
        e: &mut Elaboration,
        drives: &[Drive],
        scope: ScopeId,
        incoming: Option<ValueId>,
    ) -> Result<Option<ValueId>, ()> {
        let mut current = incoming;
        let mut rest = drives;
        while let Some(first) = rest.first() {
            if first.scope == scope {
                current = Some(first.value);
                rest = &rest[1..];
                continue;
            }
            let group = self.scope(self.scopes.below(scope, first.scope)).group;
            let in_group = |d: &Drive| {
                d.scope != scope
                    && self.encloses(scope, d.scope)
                    && self.scope(self.scopes.below(scope, d.scope)).group == group
            };
            let length = rest.iter().take_while(|d| in_group(d)).count();
            let (run, after) = rest.split_at(length);
            current = self.resolve_group(e, run, scope, group, current)?;
            rest = after;
        }
        Ok(current)
    }

    fn resolve_group(
        &mut self,
        e: &mut Elaboration,
        run: &[Drive],
        scope: ScopeId,
        group: usize,
        incoming: Option<ValueId>,
    ) -> Result<Option<ValueId>, ()> {
        let arms = self.scopes.groups[group].arms.clone();
        let mut result = if self.scopes.groups[group].complete { None } else { Some(incoming) };
        for arm in arms.iter().rev() {
            let of_arm = |d: &&Drive| self.scopes.below(scope, d.scope) == *arm;
            let own: Vec<Drive> = run.iter().filter(of_arm).copied().collect();
            let at = own.last().map(|d| d.at);
            let value = self.resolve(e, &own, *arm, incoming)?;
            result = Some(match (result, self.scope(*arm).condition) {
                (None, _) => value,
                (Some(other), _) if other == value => value,
                (Some(Some(otherwise)), Some(condition)) => {
                    let Some(then) = value else { return Ok(None) };
                    let at = at.or(run.last().map(|d| d.at));
                    Some(self.choice(e, at, condition, then, otherwise))
                }
                _ => return Ok(None),
            });
        }
        Ok(result.flatten())
    }

    fn choice(
        &mut self,
        e: &mut Elaboration,
        at: Option<crate::place::At>,
        condition: ValueId,
        then: ValueId,
        otherwise: ValueId,
    ) -> ValueId {
        let width = self.module.width(then);
        let at = at.expect("a group in a run has an assignment");
        self.cell(e, at, Op::Mux { condition, then, otherwise }, width)
    }

    fn check_unread(&self, e: &mut Elaboration) {
        let read = uses(&self.module);
        let is_read =
            |v: &ValueId| read.get(v.index()).copied().unwrap_or(false) || self.excused.contains(v);
        for declared in &self.declared {
            if !declared.values.is_empty() && !declared.values.iter().any(is_read) {
                let what = self.show(declared.values[0]);
                let message = format!("{what} is never read");
                let help = "remove it, or say `unused(x)` where that is meant";
                e.fault(self, "L026", declared.at, message, help);
            }
        }
        for (index, memory) in self.module.memories.iter().enumerate() {
            let tried = &self.memory_tried[index];
            let what = match memory.name.as_str() {
                "" => "this memory".to_string(),
                name => format!("`{name}`"),
            };
            let (message, help) = if !tried.read {
                ("is never read", "read it, or remove it")
            } else if !tried.written {
                ("is never written", "write it, or give it contents with `init`")
            } else {
                continue;
            };
            e.fault(self, "L026", tried.at, format!("{what} {message}"), help);
        }
    }

    /// Unnamed wires, ports and connections give way to what drives them.
    fn forward_wires(&mut self, driven: &[Driven]) {
        let mut target: Vec<ValueId> = (0..self.module.cells.len() as u32).map(ValueId).collect();
        for wire in driven {
            let cell = self.module.cell(wire.value);
            if let (Op::Wire(source), None) = (&cell.op, &cell.label) {
                target[wire.value.index()] = *source;
            }
        }
        self.pipeline.wires().for_each(|(wire, source)| target[wire.index()] = source);
        let end = |start: ValueId| {
            let mut at = start;
            // As many hops as there are wires, or it is a loop, for validation to show.
            for _ in 0..=target.len() {
                let next = target[at.index()];
                if next == at {
                    return at;
                }
                at = next;
            }
            start
        };
        let ends: Vec<ValueId> = (0..target.len() as u32).map(|i| end(ValueId(i))).collect();
        self.module.map_values(|v| ends[v.index()]);
    }

    /// The name of a register that the author gave none: after what it delays, `x_q1`.
    fn stage_name(&self, e: &Elaboration, register: RegisterId) -> String {
        let Some((source, stage)) = self.stages.get(&register) else { return "reg".to_string() };
        let Some(source) = self.module.cells.get(source.index()) else { return "reg".to_string() };
        let base = match (&source.label, &source.op) {
            (Some(label), _) => label.name.clone(),
            (None, Op::Input(port)) => self.module.ports[port.index()].name.clone(),
            (None, Op::Register(r)) => self.module.registers[r.index()].name.clone(),
            (None, Op::ReadData { memory, .. }) => {
                self.module.memories[memory.index()].name.clone()
            }
            (None, Op::InstanceOutput { instance, port, element }) => {
                let instance = &self.module.instances[instance.index()];
                let port = &e.modules[instance.module.index()].ports[port.index()].name;
                let path = instance.element_name(*element).replace(['[', ']'], "");
                format!("{path}_{port}")
            }
            _ => String::new(),
        };
        if base.is_empty() { "reg".to_string() } else { format!("{base}_q{stage}") }
    }

    /// Makes the names of registers and values unique. What is an output may bear its name, and
    /// a register without a name of its own does.
    fn settle_names(&mut self, e: &Elaboration) {
        let mut outputs: HashMap<ValueId, Vec<String>> = HashMap::new();
        for port in &self.module.ports {
            if port.direction == Direction::Output {
                outputs.entry(port.value).or_default().push(port.name.clone());
            }
        }
        for index in 0..self.module.registers.len() {
            let register = &self.module.registers[index];
            let ports = outputs.get(&register.value).map_or(&[][..], Vec::as_slice);
            let wanted = match (register.name.as_str(), ports) {
                ("", [first, ..]) => first.clone(),
                ("", []) => self.stage_name(e, RegisterId(index as u32)),
                (name, _) => name.to_string(),
            };
            let shared = ports.contains(&wanted);
            self.module.registers[index].name = if shared { wanted } else { self.unique(&wanted) };
        }
        for index in 0..self.module.cells.len() {
            let Some(label) = self.module.cells[index].label.take() else { continue };
            let ports = outputs.get(&ValueId(index as u32));
            let shared = ports.is_some_and(|p| p.contains(&label.name));
            let name = if shared { label.name } else { self.unique(&label.name) };
            let label = olivine_netlist::Label { name, kind: label.kind };
            self.module.cells[index].label = Some(Box::new(label));
        }
        for index in 0..self.module.memories.len() {
            if self.module.memories[index].name.is_empty() {
                self.module.memories[index].name = self.unique("memory");
            }
        }
    }
}

/// Which values are mentioned anywhere.
fn uses(module: &Module) -> Vec<bool> {
    let mut used = vec![false; module.cells.len()];
    module.cells.iter().for_each(|c| c.op.operands(|v| used[v.index()] = true));
    roots(module, |v| used[v.index()] = true);
    used
}

/// Visits what is asked for from outside of the cells.
fn roots(module: &Module, mut visit: impl FnMut(ValueId)) {
    module.ports.iter().for_each(|p| visit(p.value));
    for case in module.registers.iter().flat_map(|r| &r.cases) {
        case.condition.into_iter().for_each(&mut visit);
        visit(case.value);
    }
    for memory in &module.memories {
        for read in &memory.reads {
            visit(read.address);
            if let ReadKind::Sync { enable: Some(enable), .. } = read.kind {
                visit(enable);
            }
        }
        for write in &memory.writes {
            visit(write.address);
            visit(write.data);
            write.enable.into_iter().chain(write.mask).for_each(&mut visit);
        }
    }
    module.instances.iter().flat_map(|i| i.inputs.iter().flatten()).for_each(|v| visit(*v));
    module.properties.iter().for_each(|p| visit(p.condition));
}

/// Removes cells that nothing needs: not the outside, not the state, no name.
fn sweep(module: &mut Module) {
    let mut live = vec![false; module.cells.len()];
    let mut waiting = Vec::new();
    roots(module, |v| waiting.push(v));
    waiting.extend(module.registers.iter().map(|r| r.value));
    waiting.extend(module.memories.iter().flat_map(|m| &m.reads).map(|r| r.value));
    for (index, cell) in module.cells.iter().enumerate() {
        if cell.label.is_some() {
            waiting.push(ValueId(index as u32));
        }
    }
    while let Some(value) = waiting.pop() {
        if !std::mem::replace(&mut live[value.index()], true) {
            module.cell(value).op.operands(|v| waiting.push(v));
        }
    }
    let mut next = 0;
    let renumbered: Vec<ValueId> = live
        .iter()
        .map(|live| {
            let id = ValueId(next);
            next += u32::from(*live);
            id
        })
        .collect();
    let mut keep = live.iter();
    module.cells.retain(|_| *keep.next().expect("one entry for each cell"));
    module.map_values(|v| renumbered[v.index()]);
}
