//! Instances, and arrays of instances as loops.

use crate::array::{Feed, Wiring};
use crate::module::ports_of;
use crate::naming::InstanceNames;
use crate::plan::Plan;
use crate::text::{Lines, range};
use olivine_netlist::{Instance, InstanceId, Op, PortId, ValueId};

/// Declares what instances drive.
pub(crate) fn declare(plan: &Plan, out: &mut Lines) {
    let mut singles = vec![Vec::new(); plan.module.instances.len()];
    for (i, cell) in plan.module.cells.iter().enumerate() {
        if let Op::InstanceOutput { instance, .. } = cell.op
            && plan.module.instances[instance.index()].dims.is_empty()
            && plan.names.bound[i].is_none()
            && let Some(name) = plan.own_name(ValueId(i as u32))
        {
            singles[instance.index()].push(format!("wire {}{name};", range(cell.width)));
        }
    }
    for (i, instance) in plan.module.instances.iter().enumerate() {
        out.gap();
        singles[i].iter().for_each(|line| out.line(1, line));
        let placed = plan.design.module(instance.module);
        for (port, is_output) in ports_of(placed) {
            let id = (InstanceId(i as u32), PortId(port as u32));
            if is_output
                && !instance.dims.is_empty()
                && let Some(name) = plan.output_name(id.0, id.1)
            {
                let total = placed.ports[port].width * instance.elements();
                out.line(1, &format!("wire [{}:0] {name};", total - 1));
            }
        }
    }
}

/// Places the instances.
pub(crate) fn write(plan: &Plan, out: &mut Lines) {
    for (i, (instance, names)) in
        plan.module.instances.iter().zip(&plan.names.instances).enumerate()
    {
        out.gap();
        let placed = Placed { plan, instance, names, id: InstanceId(i as u32) };
        match instance.dims.is_empty() {
            true => placed.single(out),
            false => placed.array(out),
        }
    }
}

struct Placed<'a> {
    plan: &'a Plan<'a>,
    instance: &'a Instance,
    names: &'a InstanceNames,
    id: InstanceId,
}

impl Placed<'_> {
    /// `module name (connections);` with clocks first.
    fn place(&self, name: &str, depth: usize, connect: impl Fn(usize) -> String, out: &mut Lines) {
        let inner = &self.plan.boundaries[self.instance.module.0 as usize];
        let head = format!("{} {name} (", inner.name);
        out.commented(depth, &head, &self.plan.note(self.instance.place));
        let mut connections = Vec::new();
        for (pins, &domain) in inner.domains.iter().zip(&self.instance.domains) {
            let own = self.plan.pins(domain);
            connections.push(format!(".{}({})", pins.clock, own.clock));
            connections.push(format!(".{}({})", pins.reset, own.reset));
        }
        for (port, name) in inner.ports.iter().enumerate() {
            connections.push(format!(".{name}({})", connect(port)));
        }
        let last = connections.len().saturating_sub(1);
        for (i, connection) in connections.iter().enumerate() {
            out.line(depth + 1, &format!("{connection}{}", if i == last { "" } else { "," }));
        }
        out.line(depth, ");");
    }

    fn single(&self, out: &mut Lines) {
        let placed = self.plan.design.module(self.instance.module);
        let connect = |port: usize| match self.instance.inputs[port].first() {
            Some(&value) => self.plan.value(value, &placed.ports[port].kind).text,
            None => {
                let name = self.plan.output_name(self.id, PortId(port as u32));
                name.unwrap_or_default().to_string()
            }
        };
        self.place(&self.names.name, 1, connect, out);
    }

    fn array(&self, out: &mut Lines) {
        self.packed_inputs(out);
        let variables: Vec<_> = self.names.loops.iter().map(|(v, _)| v.as_str()).collect();
        out.line(1, &format!("genvar {};", variables.join(", ")));
        out.line(1, "generate");
        let mut depth = 2;
        for ((variable, block), count) in self.names.loops.iter().zip(&self.instance.dims) {
            let (v, n) = (variable, count);
            out.line(depth, &format!("for ({v} = 0; {v} < {n}; {v} = {v} + 1) begin : {block}"));
            depth += 1;
        }
        self.neighbour_inputs(depth, out);
        self.place(&self.names.unit, depth, |port| self.connection(port), out);
        while depth > 2 {
            depth -= 1;
            out.line(depth, "end");
        }
        out.line(1, "endgenerate");
    }

    fn width(&self, port: usize) -> u32 {
        self.plan.design.module(self.instance.module).ports[port].width
    }

    fn wiring(&self, port: usize) -> Option<&Wiring> {
        self.plan.flow.wiring[self.id.index()][port].as_ref()
    }

    /// Vectors for inputs that are no regular function of the loop variables.
    fn packed_inputs(&self, out: &mut Lines) {
        for (port, names) in self.names.ports.iter().enumerate() {
            let (name, values) = match self.wiring(port) {
                Some(Wiring::Feed(Feed::Packed { values, .. })) => (&names.packed, values),
                Some(Wiring::Neighbour { edge: Feed::Packed { values, .. }, .. }) => {
                    (&names.packed, values)
                }
                _ => continue,
            };
            let total = self.width(port) * values.len() as u32;
            let parts: Vec<_> = values.iter().rev().map(|&v| self.plan.plain(v)).collect();
            let text = format!("wire [{}:0] {name} = {{{}}};", total - 1, parts.join(", "));
            out.line(1, &text);
        }
    }

    fn neighbour_inputs(&self, depth: usize, out: &mut Lines) {
        for (port, names) in self.names.ports.iter().enumerate() {
            let Some(Wiring::Neighbour { dim, from_lower, port: source, edge }) = self.wiring(port)
            else {
                continue;
            };
            let width = self.width(port);
            let name = &names.inner;
            let [at_border, inside] = &names.blocks;
            let variable = &self.names.loops[*dim].0;
            let border = if *from_lower { 0 } else { self.instance.dims[*dim] - 1 };
            let step = if *from_lower { (*dim, "- 1") } else { (*dim, "+ 1") };
            let every: Vec<_> = (0..self.instance.dims.len()).collect();
            let vector = self.plan.output_name(self.id, *source).unwrap_or_default();
            let inner = select(vector, &self.index(&every, Some(step)), 0, width);
            let edge = self.feed(edge, &names.packed, width);
            out.line(depth, &format!("wire {}{name};", range(width)));
            out.line(depth, &format!("if ({variable} == {border}) begin : {at_border}"));
            out.line(depth + 1, &format!("assign {name} = {edge};"));
            out.line(depth, &format!("end else begin : {inside}"));
            out.line(depth + 1, &format!("assign {name} = {inner};"));
            out.line(depth, "end");
        }
    }

    /// What a port is connected to inside the loops.
    fn connection(&self, port: usize) -> String {
        let width = self.width(port);
        let names = &self.names.ports[port];
        match self.wiring(port) {
            Some(Wiring::Feed(feed)) => self.feed(feed, &names.packed, width),
            Some(Wiring::Neighbour { .. }) => names.inner.clone(),
            None => match self.plan.output_name(self.id, PortId(port as u32)) {
                Some(vector) => {
                    let every: Vec<_> = (0..self.instance.dims.len()).collect();
                    select(vector, &self.index(&every, None), 0, width)
                }
                None => String::new(),
            },
        }
    }

    fn feed(&self, feed: &Feed, packed: &str, width: u32) -> String {
        match feed {
            Feed::Same(value) => self.plan.plain(*value),
            Feed::Run { vector, low, dims } => {
                let name = self.plan.vector(*vector).map_or("", |(name, _)| name);
                select(name, &self.index(dims, None), *low, width)
            }
            Feed::Packed { dims, .. } => select(packed, &self.index(dims, None), 0, width),
        }
    }

    /// The row-major index of an element by its coordinates `dims`, one of them moved by `step`.
    fn index(&self, dims: &[usize], step: Option<(usize, &str)>) -> String {
        let mut terms = Vec::new();
        let mut stride = 1;
        for &dim in dims.iter().rev() {
            let variable = &self.names.loops[dim].0;
            let step = step.filter(|(moved, _)| *moved == dim).map(|(_, by)| by);
            terms.push(match (step, stride) {
                (None, 1) => variable.clone(),
                (None, _) => format!("{variable}*{stride}"),
                (Some(by), 1) => format!("{variable} {by}"),
                (Some(by), _) => format!("({variable} {by})*{stride}"),
            });
            stride *= self.instance.dims[dim];
        }
        terms.reverse();
        terms.join(" + ")
    }
}

/// The element at `index` of a vector of elements `width` wide that begins at bit `low`.
fn select(vector: &str, index: &str, low: u32, width: u32) -> String {
    let scaled = match (width, index.contains(' ')) {
        (1, _) => index.to_string(),
        (_, false) => format!("{index}*{width}"),
        (_, true) => format!("({index})*{width}"),
    };
    let offset = if low == 0 { String::new() } else { format!("{low} + ") };
    match width {
        1 => format!("{vector}[{offset}{scaled}]"),
        _ => format!("{vector}[{offset}{scaled} +: {width}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::select;

    #[test]
    fn elements_are_selected_by_width() {
        assert_eq!(select("v", "i", 0, 1), "v[i]");
        assert_eq!(select("v", "i*4 + j", 0, 1), "v[i*4 + j]");
        assert_eq!(select("v", "i*4 + j", 0, 8), "v[(i*4 + j)*8 +: 8]");
        assert_eq!(select("v", "i", 16, 8), "v[16 + i*8 +: 8]");
    }
}
