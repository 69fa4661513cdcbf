//! Registers, memories and properties: widths and sizes.

use super::widths::{check_kind, check_width};
use super::{Checker, MAX_MEMORY_BITS};
use crate::fault::count;
use crate::{Bits, Memory, Place, ReadKind, Register, ValueId, WritePort};

pub(super) fn check(c: &mut Checker<'_>) {
    let m = c.module;
    m.registers.iter().for_each(|r| check_register(c, r));
    m.memories.iter().for_each(|x| check_memory(c, x));
    for p in &m.properties {
        check_condition(c, p.place, "a property", p.condition);
    }
}

fn check_register(c: &mut Checker<'_>, r: &Register) {
    let what = || format!("register `{}`", r.name);
    check_width(c, r.place, what, r.width);
    check_kind(c, r.place, &r.name, &r.kind, r.width);
    for (name, bits) in [("reset value", &r.reset), ("init value", &r.init)] {
        let Some(bits) = bits else { continue };
        check_constant(c, r.place, &format!("{name} of {}", what()), bits, r.width);
    }
    for case in &r.cases {
        check_same(c, case.place, "a case of register", &r.name, r.width, case.value);
        case.condition
            .into_iter()
            .for_each(|v| check_condition(c, case.place, "a case of a register", v));
    }
}

fn check_constant(c: &mut Checker<'_>, place: Place, what: &str, bits: &Bits, width: u32) {
    if bits.width() != width {
        let message = format!("the {what} is {bits}, but should be {} wide", count(width, "bit"));
        c.fault("N024", place, message, format!("write it in {}", count(width, "bit")));
    }
}

fn check_condition(c: &mut Checker<'_>, place: Place, what: &str, value: ValueId) {
    let width = c.module.width(value);
    if width != 1 {
        let shown = c.show(value);
        let message = format!("{what} has the condition {shown} of {}", count(width, "bit"));
        let defined = c.module.cell(value).place;
        c.fault("N022", place, message, "a condition is 1 bit wide: compare or reduce it")
            .label(defined, format!("{shown} is {} wide", count(width, "bit")));
    }
}

/// `value` is as wide as what it is assigned to.
pub(super) fn check_same(
    c: &mut Checker<'_>,
    place: Place,
    what: &str,
    name: &str,
    width: u32,
    value: ValueId,
) {
    let found = c.module.width(value);
    if found != width {
        let shown = c.show(value);
        let message =
            format!("{what} `{name}` takes {}, but {shown} has {found}", count(width, "bit"));
        let defined = c.module.cell(value).place;
        c.fault("N023", place, message, "extend or slice the value, or change the width")
            .label(defined, format!("{shown} is {} wide", count(found, "bit")));
    }
}

fn check_memory(c: &mut Checker<'_>, m: &Memory) {
    check_width(c, m.place, || format!("memory `{}`", m.name), m.width);
    check_kind(c, m.place, &m.name, &m.kind, m.width);
    let bits = u64::from(m.width) * u64::from(m.depth);
    if m.depth == 0 || bits > MAX_MEMORY_BITS {
        let message = format!(
            "memory `{}` has {} of {}",
            m.name,
            count(m.depth, "word"),
            count(m.width, "bit")
        );
        let help = format!("a memory has at least 1 word and at most {MAX_MEMORY_BITS} bits");
        c.fault("N040", m.place, message, help);
    }
    if m.init.len() as u64 > u64::from(m.depth) {
        let message = format!(
            "memory `{}` has {}, but {} initial ones",
            m.name,
            count(m.depth, "word"),
            m.init.len()
        );
        c.fault("N041", m.place, message, "drop the words that have no place");
    }
    for (address, word) in m.init.iter().enumerate() {
        let what = format!("initial word {address} of memory `{}`", m.name);
        check_constant(c, m.place, &what, word, m.width);
    }
    for read in &m.reads {
        check_same(c, read.place, "a read port of memory", &m.name, m.width, read.value);
        if let ReadKind::Sync { enable: Some(enable), .. } = read.kind {
            check_condition(c, read.place, "the enable of a read port", enable);
        }
    }
    m.writes.iter().for_each(|w| check_write(c, m, w));
}

fn check_write(c: &mut Checker<'_>, m: &Memory, w: &WritePort) {
    check_same(c, w.place, "a write port of memory", &m.name, m.width, w.data);
    w.enable.into_iter().for_each(|v| check_condition(c, w.place, "the enable of a write port", v));
    let Some(mask) = w.mask else { return };
    let parts = c.module.width(mask);
    if parts == 0 || !m.width.is_multiple_of(parts) {
        let shown = c.show(mask);
        let message = format!(
            "memory `{}` has words of {} bits, which a mask of {parts} does not divide",
            m.name, m.width
        );
        let defined = c.module.cell(mask).place;
        c.fault("N042", w.place, message, "make the mask's width a divisor of the word's")
            .label(defined, format!("{shown} is {} wide", count(parts, "bit")));
    }
}
