//! What a module is in Verilog: each of its ports has pins there, and each pin is one thing here.

use super::Checker;
use crate::fault::count;
use crate::{Bits, Direction, External, PinTo, Setting};
use std::collections::HashSet;

pub(super) fn check(c: &mut Checker<'_>) {
    let Some(external) = &c.module.external else { return };
    check_names(c, external);
    check_ports(c, external);
    check_domains(c, external);
}

/// `[A-Za-z_][A-Za-z0-9_$]*`
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
}

fn check_names(c: &mut Checker<'_>, external: &External) {
    let pins = external.pins.iter().map(|pin| ("pin", &pin.name));
    let parameters = external.parameters.iter().map(|(name, _)| ("parameter", name));
    let own = std::iter::once(("module", &external.name));
    let mut seen = HashSet::new();
    for (what, name) in own.chain(parameters).chain(pins) {
        if !is_identifier(name) {
            let message = format!(
                "the Verilog {what} `{}` has no identifier for a name",
                name.escape_debug()
            );
            let help = "use letters, digits, `_` and `$`, not a digit first";
            c.fault("N080", external.place, message, help);
        }
        if !seen.insert((what, name)) {
            let message = format!("the {what} `{name}` of `{}` is named twice", external.name);
            c.fault("N080", external.place, message, format!("name each {what} once"));
        }
    }
    for (name, setting) in &external.parameters {
        if let Setting::Text(text) = setting
            && text.chars().any(|c| c.is_control() || !c.is_ascii() || c == '"' || c == '\\')
        {
            let message = format!("the parameter `{name}` is a text that Verilog cannot have");
            let help = "leave out quotes, backslashes, control characters and what is not ASCII";
            c.fault("N080", external.place, message, help);
        }
    }
}

fn check_ports(c: &mut Checker<'_>, external: &External) {
    let mut pins: Vec<Vec<u32>> =
        c.module.ports.iter().map(|port| vec![0; port.width as usize]).collect();
    for pin in &external.pins {
        let bits = match pin.to {
            PinTo::Port(port) => &mut pins[port.index()][..],
            PinTo::Bit(port, bit) => match pins[port.index()].get_mut(bit as usize) {
                Some(one) => std::slice::from_mut(one),
                None => {
                    let port = &c.module.ports[port.index()];
                    let (name, width) = (&port.name, count(port.width, "bit"));
                    let message = format!(
                        "the pin `{}` is bit {bit} of `{name}`, which has {width}",
                        pin.name
                    );
                    let declared = port.place;
                    c.fault("N081", external.place, message, "name a bit that the port has")
                        .label(declared, "the port");
                    continue;
                }
            },
            _ => continue,
        };
        bits.iter_mut().for_each(|pins| *pins += 1);
    }
    for (port, pins) in c.module.ports.iter().zip(pins) {
        let output = port.direction == Direction::Output;
        let (name, declared) = (&port.name, port.place);
        if pins.contains(&0) {
            let message =
                format!("`{name}` has no pin of `{}` for each of its bits", external.name);
            let help = "connect the port, whole or bit by bit; a model has no more ports than what \
                        it is a model of";
            c.fault("N081", external.place, message, help).label(declared, "the port");
        } else if output && pins.iter().any(|&n| n > 1) {
            let message = format!("several pins of `{}` drive the output `{name}`", external.name);
            c.fault("N081", external.place, message, "connect one pin to each bit of an output")
                .label(declared, "the port");
        }
    }
}

/// A clock for what has one, a reset for what is reset.
fn check_domains(c: &mut Checker<'_>, external: &External) {
    for (index, domain) in c.module.domains.iter().enumerate() {
        let is = |pin: &PinTo, reset: bool| match pin {
            PinTo::Clock(id) => !reset && id.index() == index,
            PinTo::Reset(id, _) => reset && id.index() == index,
            _ => false,
        };
        let has = |reset| external.pins.iter().any(|pin| is(&pin.to, reset));
        let resets = |value: &Option<Bits>| value.is_some();
        let registers = c.module.registers.iter().filter(|r| r.domain.index() == index);
        let is_reset = registers.clone().any(|r| resets(&r.reset));
        for (wanted, line) in [(true, domain.clock_name()), (is_reset, domain.reset_name())] {
            let reset = line != domain.clock_name();
            if wanted && !has(reset) {
                let message = format!("`{line}` is connected to no pin of `{}`", external.name);
                let help = "name the pin: the model has state of this domain";
                c.fault("N082", external.place, message, help)
                    .label(domain.place, "the clock domain");
            }
        }
    }
}
