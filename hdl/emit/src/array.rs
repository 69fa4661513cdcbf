//! How the inputs of an instance array are wired: the regular forms that a loop can say.

use crate::liveness::{Demand, Part};
use olivine_netlist::{Direction, Instance, InstanceId, Module, Op, PortId, ValueId};
use std::collections::HashMap;

/// What one input port of an array is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wiring {
    /// A value for every element.
    Feed(Feed),
    /// The output `port` of the next element along dimension `dim`; the elements at the border
    /// have none and take `edge`.
    Neighbour {
        /// The dimension along which values travel.
        dim: usize,
        /// True if they come from the element with the lower index.
        from_lower: bool,
        /// The output that is taken.
        port: PortId,
        /// For the border: indexed by the other dimensions.
        edge: Feed,
    },
}

/// Values indexed by some of the dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Feed {
    /// One value for all.
    Same(ValueId),
    /// Consecutive parts of one vector, from bit `low` on, indexed by `dims`.
    Run {
        /// The vector.
        vector: Vector,
        /// Where the first part begins.
        low: u32,
        /// The dimensions that index it, outermost first.
        dims: Vec<usize>,
    },
    /// Any values, to be packed into a vector that `dims` index.
    Packed {
        /// In the order of the index.
        values: Vec<ValueId>,
        /// The dimensions that index it, outermost first.
        dims: Vec<usize>,
    },
}

/// Something that has a name and can be indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Vector {
    /// A value.
    Value(ValueId),
    /// The outputs of an instance array, element 0 lowest.
    Outputs(InstanceId, PortId),
}

impl Wiring {
    /// What this wiring asks of the values it uses.
    pub(crate) fn demands(&self, visit: &mut impl FnMut(ValueId, Demand)) {
        match self {
            Self::Feed(feed) | Self::Neighbour { edge: feed, .. } => match feed {
                Feed::Same(value) => visit(*value, Demand::Name),
                Feed::Run { vector: Vector::Value(value), .. } => visit(*value, Demand::Name),
                Feed::Run { vector: Vector::Outputs(..), .. } => {}
                Feed::Packed { values, .. } => {
                    values.iter().for_each(|&v| visit(v, Demand::Expression));
                }
            },
        }
    }
}

/// The wiring of each input port of each instance array; `None` for outputs and for single
/// instances.
pub(crate) fn wiring(module: &Module, parts: &[Part]) -> Vec<Vec<Option<Wiring>>> {
    let of = |(index, instance): (usize, &Instance)| {
        let grid = Grid { module, parts, instance, id: InstanceId(index as u32) };
        let of_port = |values: &Vec<ValueId>| {
            (!instance.dims.is_empty() && !values.is_empty()).then(|| grid.wire(values))
        };
        instance.inputs.iter().map(of_port).collect()
    };
    module.instances.iter().enumerate().map(of).collect()
}

/// The vector and first bit of a value, if it has a name.
pub(crate) fn vector_of(module: &Module, part: Part) -> Option<(Vector, u32)> {
    let cell = module.cell(part.base);
    match cell.op {
        Op::Const(_) | Op::Undefined if cell.label.is_none() => None,
        Op::InstanceOutput { instance, port, element }
            if cell.label.is_none() && !module.instances[instance.index()].dims.is_empty() =>
        {
            Some((Vector::Outputs(instance, port), element * cell.width + part.low))
        }
        _ => Some((Vector::Value(part.base), part.low)),
    }
}

struct Grid<'a> {
    module: &'a Module,
    parts: &'a [Part],
    instance: &'a Instance,
    id: InstanceId,
}

/// Equal for values that are certainly the same.
#[derive(PartialEq, Eq)]
enum Identity<'a> {
    Part(Part),
    Const(&'a olivine_netlist::Bits, u32),
}

impl<'a> Grid<'a> {
    fn wire(&self, values: &[ValueId]) -> Wiring {
        let dims = &self.instance.dims;
        let everywhere: Vec<_> = (0..values.len()).collect();
        let feed = self.feed(values, &everywhere, &(0..dims.len()).collect::<Vec<_>>());
        if !matches!(&feed, Feed::Packed { .. }) {
            return Wiring::Feed(feed);
        }
        let directions = (0..dims.len()).flat_map(|dim| [(dim, true), (dim, false)]);
        let neighbour = directions
            .filter(|&(dim, _)| dims[dim] > 1)
            .find_map(|(dim, from_lower)| self.neighbour(values, dim, from_lower));
        neighbour.unwrap_or(Wiring::Feed(feed))
    }

    fn stride(&self, dim: usize) -> usize {
        self.instance.dims[dim + 1..].iter().map(|&d| d as usize).product()
    }

    fn coordinate(&self, element: usize, dim: usize) -> usize {
        element / self.stride(dim) % self.instance.dims[dim] as usize
    }

    /// The output of this very array that `value` is, seen through named renamings too.
    fn own_output(&self, value: ValueId) -> Option<(PortId, usize)> {
        let mut value = value;
        loop {
            let part = self.parts[value.index()];
            if part.low != 0 || self.module.width(value) != self.module.width(part.base) {
                return None;
            }
            match self.module.cell(part.base).op {
                Op::Wire(next) => value = next,
                Op::InstanceOutput { instance, port, element } if instance == self.id => {
                    return Some((port, element as usize));
                }
                _ => return None,
            }
        }
    }

    fn neighbour(&self, values: &[ValueId], dim: usize, from_lower: bool) -> Option<Wiring> {
        let last = self.instance.dims[dim] as usize - 1;
        let border = if from_lower { 0 } else { last };
        let (edge, inner): (Vec<_>, Vec<_>) =
            (0..values.len()).partition(|&e| self.coordinate(e, dim) == border);
        let (port, _) = self.own_output(values[inner[0]])?;
        let source = |e: usize| {
            if from_lower { e - self.stride(dim) } else { e + self.stride(dim) }
        };
        let regular = inner.iter().all(|&e| self.own_output(values[e]) == Some((port, source(e))));
        let others: Vec<_> = (0..self.instance.dims.len()).filter(|&d| d != dim).collect();
        regular.then(|| Wiring::Neighbour {
            dim,
            from_lower,
            port,
            edge: self.feed(values, &edge, &others),
        })
    }

    /// The feed of `elements`, which differ in the coordinates `dims` only.
    fn feed(&self, values: &[ValueId], elements: &[usize], dims: &[usize]) -> Feed {
        let needed: Vec<_> =
            dims.iter().copied().filter(|&dim| !self.independent(values, elements, dim)).collect();
        let at_origin = |e: usize, d: usize| needed.contains(&d) || self.coordinate(e, d) == 0;
        let first: Vec<_> = elements
            .iter()
            .filter(|&&e| dims.iter().all(|&d| at_origin(e, d)))
            .map(|&e| values[e])
            .collect();
        if needed.is_empty() {
            return Feed::Same(first[0]);
        }
        match self.run(&first) {
            Some((vector, low)) => Feed::Run { vector, low, dims: needed },
            None => Feed::Packed { values: first, dims: needed },
        }
    }

    fn identity(&self, value: ValueId) -> Identity<'a> {
        let part = self.parts[value.index()];
        match &self.module.cell(part.base).op {
            Op::Const(bits) => Identity::Const(bits, part.low),
            _ => Identity::Part(part),
        }
    }

    /// Whether the value of an element does not depend on its coordinate `dim`.
    fn independent(&self, values: &[ValueId], elements: &[usize], dim: usize) -> bool {
        let origin = |e: usize| e - self.coordinate(e, dim) * self.stride(dim);
        elements.iter().all(|&e| self.identity(values[e]) == self.identity(values[origin(e)]))
    }

    /// The vector of which `values` are consecutive parts, and where they begin.
    fn run(&self, values: &[ValueId]) -> Option<(Vector, u32)> {
        let place = |value: ValueId| vector_of(self.module, self.parts[value.index()]);
        let (vector, low) = place(values[0])?;
        let width = self.module.width(values[0]);
        let follows =
            |(i, &v): (usize, &ValueId)| place(v) == Some((vector, low + i as u32 * width));
        values.iter().enumerate().all(follows).then_some((vector, low))
    }
}

/// The vectors of array outputs that something reads, with the width of an element.
pub(crate) fn output_vectors(module: &Module) -> HashMap<(InstanceId, PortId), u32> {
    let outputs = module.cells.iter().filter_map(|cell| match cell.op {
        Op::InstanceOutput { instance, port, .. } => {
            let is_array = !module.instances[instance.index()].dims.is_empty();
            is_array.then_some(((instance, port), cell.width))
        }
        _ => None,
    });
    outputs.collect()
}

/// Whether the port is an output.
pub(crate) fn is_output(placed: &Module, port: usize) -> bool {
    placed.ports[port].direction == Direction::Output
}
