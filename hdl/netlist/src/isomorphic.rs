//! Comparing designs by structure: what they are, not how they are numbered.

mod pairs;
mod state;
mod unobserved;
mod walk;

use crate::{ClockDomain, Design, Module, ModuleId, Place};
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use walk::Walk;

/// Where two designs part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is different, in one line.
    pub message: String,
    /// How it was reached: module, port, and on from there towards what feeds it.
    pub path: Vec<String>,
    /// Its place in the first design.
    pub left: Place,
    /// Its place in the second design.
    pub right: Place,
}

impl std::error::Error for Difference {}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  at {}", self.message, self.path.join(", "))
    }
}

/// Whether two designs are the same but for numbering, order and inner names.
///
/// Ports, clock domains and properties are matched by name; values, registers, memories and
/// instances by what they do, walking from the outputs and properties to what feeds them, each
/// matched with exactly one of the other side. State and instances that nothing observes are
/// matched by name, unobserved operators not at all. Order counts where it has a meaning:
/// operands, register cases, write ports. The designs are validated ones.
///
/// # Errors
/// The first difference met.
pub fn isomorphic(left: &Design, right: &Design) -> Result<(), Difference> {
    let mut waiting = VecDeque::from([(left.top, right.top)]);
    let mut seen: HashSet<(ModuleId, ModuleId)> = waiting.iter().copied().collect();
    while let Some((l, r)) = waiting.pop_front() {
        let (l, r) = (left.module(l), right.module(r));
        let mut walk = Walk::new((left, l), (right, r));
        for pair in compare(&mut walk, l, r)? {
            if seen.insert(pair) {
                waiting.push_back(pair);
            }
        }
    }
    Ok(())
}

/// Compares two modules; gives the modules that must be equal for these to be.
fn compare(
    walk: &mut Walk<'_>,
    l: &Module,
    r: &Module,
) -> Result<Vec<(ModuleId, ModuleId)>, Difference> {
    for (this, other, side) in [(l, r, "left"), (r, l, "right")] {
        let ports: HashSet<&str> = other.ports.iter().map(|p| p.name.as_str()).collect();
        if let Some(p) = this.ports.iter().find(|p| !ports.contains(&*p.name)) {
            return Err(walk.differ(format!("port `{}` is on the {side} only", p.name), &[]));
        }
        let has =
            |d: &ClockDomain| other.domains.iter().any(|o| o.name == d.name && o.acts_like(d));
        if let Some(d) = this.domains.iter().find(|d| !has(d)) {
            let clock = d.clock_name();
            let message = format!("clock `{clock}` ({}) is on the {side} only", d.manner());
            return Err(walk.differ(message, &[]));
        }
        let names: HashSet<&str> = other.properties.iter().map(|p| p.name.as_str()).collect();
        if let Some(p) = this.properties.iter().find(|p| !names.contains(&*p.name)) {
            return Err(walk.differ(format!("property {:?} is on the {side} only", p.name), &[]));
        }
    }
    let alike = match (&l.external, &r.external) {
        (Some(l), Some(r)) => l.is_like(r),
        (l, r) => l.is_none() && r.is_none(),
    };
    if !alike {
        return Err(walk.differ("the two are different things in Verilog".to_string(), &[]));
    }
    compare_ports(walk, l, r)?;
    let properties: HashMap<&str, _> = r.properties.iter().map(|p| (p.name.as_str(), p)).collect();
    for p in &l.properties {
        let q = properties[p.name.as_str()];
        walk.property(p, q)?;
    }
    walk.finish()
}

fn compare_ports(walk: &mut Walk<'_>, l: &Module, r: &Module) -> Result<(), Difference> {
    let ports: HashMap<&str, _> = r.ports.iter().map(|p| (p.name.as_str(), p)).collect();
    for p in &l.ports {
        let q = ports[p.name.as_str()];
        let differs = [
            (p.direction != q.direction, "direction"),
            (p.width != q.width, "width"),
            (p.kind != q.kind, "kind"),
        ];
        if let Some((_, what)) = differs.iter().find(|(differs, _)| *differs) {
            return Err(walk.differ(format!("port `{}` differs in its {what}", p.name), &[]));
        }
        walk.start(format!("port `{}`", p.name), p.value, q.value)?;
    }
    Ok(())
}
