//! Names: well-formed, and each for one thing.
//!
//! In a module a name stands for one value, memory or instance. A port, a register and a label
//! may share a name if they are the same value. Names that begin with the name of an instance or
//! a memory are paths into it; only an instance's output may bear one: its own.

use super::Checker;
use crate::{ClockDomain, Design, Fault, Op, Place, ValueId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

const WORD_HELP: &str = "use lower case letters, digits and `_`, not a digit first";
const PATH_HELP: &str = "use words of lower case letters, digits and `_`, not a digit first, \
                         joined by `.`; a word may end in indices such as `[3]`";

/// `[a-z_][a-z0-9_]*`
pub(crate) fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Words joined by dots, each with any number of `[index]` behind it.
pub(crate) fn is_path(name: &str) -> bool {
    name.split('.').all(|segment| {
        let (word, indices) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
        let index = |i: &str| i.strip_suffix(']').is_some_and(is_number);
        is_word(word) && indices.split('[').skip(1).all(index)
    })
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

pub(super) fn check_modules(design: &Design, faults: &mut Vec<Fault>) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for m in &design.modules {
        if !is_word(&m.name) {
            let message = format!("the module name `{}` is not well-formed", m.name.escape_debug());
            faults.push(Fault::new("N010", m.place, message, WORD_HELP));
        }
        if let Some(first) = seen.get(&*m.name) {
            let message = format!("two modules have the name `{}`", m.name);
            let mut fault = Fault::new("N011", m.place, message, "give each module its own name");
            fault.label(*first, "the first").label(m.place, "the second");
            faults.push(fault);
        } else {
            seen.insert(&m.name, m.place);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Thing {
    Value(ValueId),
    Memory(usize),
    Instance(usize),
    Clock(usize),
    Reset(usize),
}

struct Holder {
    thing: Thing,
    what: &'static str,
    place: Place,
}

pub(super) fn check(c: &mut Checker<'_>) {
    check_domains(c);
    check_properties(c);
    let mut table: HashMap<String, Holder> = HashMap::new();
    for (i, d) in c.module.domains.iter().enumerate() {
        let clock = Holder { thing: Thing::Clock(i), what: "a clock", place: d.place };
        let reset = Holder { thing: Thing::Reset(i), what: "a reset", place: d.place };
        table.insert(d.clock_name(), clock);
        table.insert(d.reset_name(), reset);
    }
    let m = c.module;
    for p in &m.ports {
        enter(c, &mut table, &p.name, Thing::Value(p.value), "a port", p.place, is_word);
    }
    for r in &m.registers {
        enter(c, &mut table, &r.name, Thing::Value(r.value), "a register", r.place, is_path);
    }
    for (i, x) in m.memories.iter().enumerate() {
        enter(c, &mut table, &x.name, Thing::Memory(i), "a memory", x.place, is_path);
    }
    for (i, x) in m.instances.iter().enumerate() {
        enter(c, &mut table, &x.name, Thing::Instance(i), "an instance", x.place, is_word);
    }
    for (i, cell) in m.cells.iter().enumerate() {
        if let Some(label) = &cell.label {
            let thing = Thing::Value(ValueId(i as u32));
            enter(c, &mut table, &label.name, thing, "a value", cell.place, is_path);
        }
    }
    check_paths(c, &table);
}

fn enter(
    c: &mut Checker<'_>,
    table: &mut HashMap<String, Holder>,
    name: &str,
    thing: Thing,
    what: &'static str,
    place: Place,
    well_formed: fn(&str) -> bool,
) {
    if !well_formed(name) {
        let message = format!("the name `{}` of {what} is not well-formed", name.escape_debug());
        let help = if well_formed("a.a") { PATH_HELP } else { WORD_HELP };
        c.fault("N010", place, message, help);
    }
    match table.entry(name.to_string()) {
        Entry::Vacant(free) => {
            free.insert(Holder { thing, what, place });
        }
        Entry::Occupied(first) if first.get().thing != thing => {
            let first = first.get();
            let message = format!("`{name}` is the name of {} and of {what}", first.what);
            c.fault("N011", place, message, "rename one of them")
                .label(first.place, format!("{} `{name}`", first.what))
                .label(place, format!("{what} `{name}`"));
        }
        Entry::Occupied(_) => {}
    }
}

/// Paths into instances and memories belong to what is inside.
fn check_paths(c: &mut Checker<'_>, table: &HashMap<String, Holder>) {
    let m = c.module;
    let labels = m.cells.iter().enumerate().filter_map(|(i, cell)| {
        let label = cell.label.as_ref()?;
        Some((label.name.as_str(), cell.place, Some(ValueId(i as u32))))
    });
    let registers = m.registers.iter().map(|r| (r.name.as_str(), r.place, None));
    let memories = m.memories.iter().map(|x| (x.name.as_str(), x.place, None));
    for (name, place, value) in labels.chain(registers).chain(memories) {
        let Some(owner) = path_owner(name, table) else { continue };
        let own = value.is_some_and(|v| {
            matches!(m.cell(v).op, Op::InstanceOutput { .. })
                && m.link_name(c.design, v).as_deref() == Some(name)
        });
        if !own {
            let what = owner.what;
            let message = format!("`{name}` is a path into {what}, but names something else");
            let help = "choose a name that does not begin like that";
            c.fault("N011", place, message, help)
                .label(owner.place, format!("{what} of that name"));
        }
    }
}

/// The instance or memory with a name that `name` goes on from.
fn path_owner<'t>(name: &str, table: &'t HashMap<String, Holder>) -> Option<&'t Holder> {
    name.match_indices(['.', '[']).find_map(|(i, _)| {
        let holder = table.get(&name[..i])?;
        matches!(holder.thing, Thing::Instance(_) | Thing::Memory(_)).then_some(holder)
    })
}

fn check_domains(c: &mut Checker<'_>) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    let mut resets: HashMap<String, &ClockDomain> = HashMap::new();
    for d in &c.module.domains {
        if !d.name.is_empty() && !is_word(&d.name) {
            let message = format!(
                "the name `{}` of a clock domain is not well-formed",
                d.name.escape_debug()
            );
            c.fault("N010", d.place, message, WORD_HELP);
        }
        if let Some(first) = seen.insert(&d.name, d.place) {
            let message = format!("two clock domains have the name `{}`", d.name);
            c.fault("N011", d.place, message, "give each its own name")
                .label(first, "the first")
                .label(d.place, "the second");
        } else if let Some(first) = resets.insert(d.reset_name(), d) {
            let reset = d.reset_name();
            let message = format!(
                "`{reset}` is the reset of domain `{}` and of domain `{}`",
                first.name, d.name
            );
            c.fault("N011", d.place, message, "rename one of the domains")
                .label(first.place, "the first")
                .label(d.place, "the second");
        }
    }
}

fn check_properties(c: &mut Checker<'_>) {
    let mut seen: HashMap<&str, Place> = HashMap::new();
    for p in &c.module.properties {
        if p.name.is_empty() || p.name.chars().any(char::is_control) {
            let message =
                format!("the property name `{}` is not well-formed", p.name.escape_debug());
            c.fault("N010", p.place, message, "say the property in one line of text");
        }
        if let Some(first) = seen.insert(&p.name, p.place) {
            let message = format!("two properties have the name `{}`", p.name.escape_debug());
            c.fault("N011", p.place, message, "say each property in its own words")
                .label(first, "the first")
                .label(p.place, "the second");
        }
    }
}
