//! Registers.

use crate::plan::Plan;
use crate::text::{Lines, range};
use crate::{DomainPins, Undefined};
use olivine_netlist::{Bits, Case, Edge, Register};

/// Whether nothing can ever change the register.
pub(crate) fn is_frozen(register: &Register) -> bool {
    register.reset.is_none() && register.cases.is_empty()
}

/// The cases that can take effect: those from the last unconditional one on.
fn effective(register: &Register) -> &[Case] {
    let last = register.cases.iter().rposition(|c| c.condition.is_none());
    &register.cases[last.unwrap_or(0)..]
}

/// Declarations and init values.
pub(crate) fn declare(plan: &Plan, out: &mut Lines) {
    out.gap();
    let public = plan.options.public_registers;
    for register in &plan.module.registers {
        let name = plan.own_name(register.value).unwrap_or_default();
        let bound = plan.names.bound[register.value.index()].is_some();
        let note = plan.note(register.place);
        if is_frozen(register) {
            let value = match &register.init {
                Some(init) => plan.literal(init, &register.kind),
                None => plan.undefined(register.width),
            };
            let left =
                if bound { "assign ".into() } else { format!("wire {}", range(register.width)) };
            out.commented(1, &format!("{left}{name} = {value};"), &note);
        } else if !bound {
            let mark = if public { " /*verilator public_flat_rd*/" } else { "" };
            out.commented(1, &format!("reg {}{name}{mark};", range(register.width)), &note);
        }
    }
    for register in plan.module.registers.iter().filter(|r| !is_frozen(r)) {
        let init = register.init.clone().or_else(|| power_up(plan, register.width));
        if let Some(init) = init {
            let name = plan.own_name(register.value).unwrap_or_default();
            out.line(1, &format!("initial {name} = {};", plan.literal(&init, &register.kind)));
        }
    }
}

/// The value at power-up of state that has no init value, if one is to be written.
pub(crate) fn power_up(plan: &Plan, width: u32) -> Option<Bits> {
    (plan.options.undefined == Undefined::Zero).then(|| Bits::zero(width))
}

/// `posedge clk`.
pub(crate) fn edge(plan: &Plan, domain: olivine_netlist::DomainId) -> String {
    let edge = match plan.module.domains[domain.index()].edge {
        Edge::Rising => "posedge",
        Edge::Falling => "negedge",
    };
    format!("{edge} {}", plan.pins(domain).clock)
}

/// The event that makes a reset active: `negedge rst_n`.
fn activation(pins: &DomainPins) -> String {
    format!("{} {}", if pins.active_low { "negedge" } else { "posedge" }, pins.reset)
}

/// The `always` block of each register.
pub(crate) fn write(plan: &Plan, out: &mut Lines) {
    for register in plan.module.registers.iter().filter(|r| !is_frozen(r)) {
        out.gap();
        block(plan, register, out);
    }
}

fn block(plan: &Plan, register: &Register, out: &mut Lines) {
    let name = plan.own_name(register.value).unwrap_or_default();
    let mut events = edge(plan, register.domain);
    if register.reset.is_some() && plan.module.domains[register.domain.index()].resets_at_once() {
        events += &format!(" or {}", activation(plan.pins(register.domain)));
    }
    let always = format!("always @({events})");
    let cases = effective(register);
    let assign = |case: &Case| {
        let value = plan.value(case.value, &register.kind).text;
        match case.condition {
            Some(condition) => format!("if ({}) {name} <= {value};", plan.plain(condition)),
            None => format!("{name} <= {value};"),
        }
    };
    let reset = register.reset.as_ref().map(|reset| {
        let active = plan.pins(register.domain).active();
        format!("if ({active}) {name} <= {};", plan.literal(reset, &register.kind))
    });
    match (reset, cases) {
        (None, [only]) => {
            out.commented(1, &format!("{always} {}", assign(only)), &plan.note(only.place))
        }
        (Some(reset), []) => out.line(1, &format!("{always} {reset}")),
        (None, several) => {
            out.line(1, &format!("{always} begin"));
            several.iter().for_each(|c| out.commented(2, &assign(c), &plan.note(c.place)));
            out.line(1, "end");
        }
        (Some(reset), [only]) => {
            out.line(1, &always);
            out.line(2, &reset);
            out.commented(2, &format!("else {}", assign(only)), &plan.note(only.place));
        }
        (Some(reset), several) => {
            out.line(1, &always);
            out.line(2, &reset);
            out.line(2, "else begin");
            several.iter().for_each(|c| out.commented(3, &assign(c), &plan.note(c.place)));
            out.line(2, "end");
        }
    }
}
