//! Which port of a design goes to which pins of a board.

use crate::{Board, Pins};
use olivine_netlist::{Direction, Module};
use std::collections::BTreeMap;
use std::fmt;

/// A port of the design on pins of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Connection<'a> {
    /// Index of the design's port.
    pub port: usize,
    /// Which way, as the design sees it.
    pub direction: Direction,
    /// The board's name for the pins.
    pub name: &'a str,
    /// As many of them as the port is wide, bit 0 first.
    pub pins: &'a [String],
    /// What they are like.
    pub like: &'a Pins,
}

/// The boundary of the design does not fit the board: everything that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortError {
    /// One line each.
    pub faults: Vec<String>,
    /// What the board has.
    pub help: String,
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        write!(f, "help: {}", self.help)
    }
}

impl std::error::Error for PortError {}

/// Every port of `top` with its pins: those of the same name, or those that `names` says.
pub(crate) fn connect<'a>(
    top: &Module,
    board: &'a Board,
    names: &BTreeMap<String, String>,
) -> Result<Vec<Connection<'a>>, PortError> {
    let mut faults = Vec::new();
    if top.domains.len() > 1 {
        let domains: Vec<_> = top.domains.iter().map(|d| format!("`{}`", d.name)).collect();
        let (count, list) = (domains.len(), domains.join(", "));
        faults.push(format!("the design has {count} clock domains ({list}), the board one clock"));
    }
    for name in names.keys().filter(|name| top.find_port(name).is_none()) {
        faults.push(format!("the design has no port `{name}` to connect"));
    }
    let mut connections: Vec<Connection> = Vec::new();
    for port in 0..top.ports.len() {
        match connect_one(top, port, board, names) {
            Err(fault) => faults.push(fault),
            Ok(new) => {
                if let Some(old) = connections.iter().find(|old| old.name == new.name) {
                    let (a, b) = (&top.ports[old.port].name, &top.ports[new.port].name);
                    faults.push(format!("ports `{a}` and `{b}` both go to `{}`", new.name));
                }
                connections.push(new);
            }
        }
    }
    if faults.is_empty() { Ok(connections) } else { Err(PortError { faults, help: help(board) }) }
}

fn connect_one<'a>(
    top: &Module,
    index: usize,
    board: &'a Board,
    names: &BTreeMap<String, String>,
) -> Result<Connection<'a>, String> {
    let port = &top.ports[index];
    let wanted = names.get(&port.name).unwrap_or(&port.name);
    let (same, other, word) = match port.direction {
        Direction::Input => (&board.inputs, &board.outputs, "input"),
        Direction::Output => (&board.outputs, &board.inputs, "output"),
    };
    let Some((name, like)) = same.get_key_value(wanted) else {
        let why = if other.contains_key(wanted) { "drives the other way" } else { "is not there" };
        return Err(format!("{word} `{}`: `{wanted}` {why} on {}", port.name, board.name));
    };
    let pins = like.pins.get(..port.width as usize).ok_or_else(|| {
        let (width, has) = (port.width, like.pins.len());
        format!("{word} `{}` has {width} bits, `{name}` of {} has {has}", port.name, board.name)
    })?;
    Ok(Connection { port: index, direction: port.direction, name, pins, like })
}

/// What the board has to offer.
fn help(board: &Board) -> String {
    let list = |pins: &BTreeMap<String, Pins>| {
        let each: Vec<_> = pins.iter().map(|(n, p)| format!("{n}[{}]", p.pins.len())).collect();
        each.join(", ")
    };
    format!(
        "{} has the inputs {} and the outputs {}; rename the port, wrap the design, or connect \
         the port to one of these by name",
        board.name,
        list(&board.inputs),
        list(&board.outputs)
    )
}
