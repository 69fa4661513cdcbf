//! [`CriticalPath`]: the slowest way through the logic.

use serde::{Deserialize, Serialize};

/// The slowest way from one clock edge (or input) to the next (or output).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriticalPath {
    /// What launches it: `posedge clk`, or `<async>`.
    pub from: String,
    /// What captures it.
    pub to: String,
    /// The whole delay.
    pub delay_ns: f64,
    /// The part of it inside cells, registers' own times included.
    pub logic_ns: f64,
    /// The part of it in wires.
    pub routing_ns: f64,
    /// The way, in order.
    pub steps: Vec<Step>,
}

/// A part of a critical path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Which sort.
    pub kind: StepKind,
    /// Its delay.
    pub delay_ns: f64,
    /// The cell it starts at.
    pub from: String,
    /// The cell it ends at.
    pub to: String,
    /// The net, for a step in wires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<String>,
    /// The author's source line, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// The sorts of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// From the clock edge to a register's output.
    ClkToQ,
    /// From an input.
    Source,
    /// Through a cell.
    Logic,
    /// Through wires.
    Routing,
    /// The time an input must be stable before the edge.
    Setup,
    /// The time it must be stable after the edge.
    Hold,
}

impl CriticalPath {
    /// The path with these steps.
    pub(crate) fn new(from: String, to: String, steps: Vec<Step>) -> Self {
        let sum = |routing: bool| {
            let some = steps.iter().filter(|s| (s.kind == StepKind::Routing) == routing);
            rounded(some.map(|s| s.delay_ns).sum())
        };
        let (logic_ns, routing_ns) = (sum(false), sum(true));
        Self { from, to, delay_ns: rounded(logic_ns + routing_ns), logic_ns, routing_ns, steps }
    }

    /// The number of cells between the first register and the last.
    pub fn levels(&self) -> usize {
        self.steps.iter().filter(|step| step.kind == StepKind::Logic).count()
    }

    /// The nets at both ends, which keep the author's names, else the cells.
    pub fn ends(&self) -> (&str, &str) {
        let mut nets = self.steps.iter().filter_map(|step| step.net.as_deref());
        let first = nets.next().or(self.steps.first().map(|step| step.from.as_str()));
        let last = self.steps.last().map(|step| step.to.as_str());
        (first.unwrap_or(&self.from), last.unwrap_or(&self.to))
    }
}

/// To three decimals: the tools' figures are single precision.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
