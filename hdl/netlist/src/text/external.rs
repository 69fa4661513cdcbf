//! The lines that say what a module is in Verilog.

use super::lex::{Spot, Tok};
use super::parse::{Names, Parsed, Parser, look_up};
use super::print::{Name, Quoted};
use crate::{DomainId, External, Module, Pin, PinTo, Polarity, PortId, Setting};
use std::fmt::{self, Formatter};

/// The names that stand before the lines.
pub(super) struct Known<'a> {
    pub ports: &'a Names,
    pub domains: &'a Names,
}

/// What stands behind the word `external`, and below it.
pub(super) fn parse(parser: &mut Parser<'_>, known: &Known<'_>) -> Parsed<External> {
    let (name, _) = parser.name("the Verilog module")?;
    let place = parser.place_and_end()?;
    let mut external = External { name, parameters: Vec::new(), pins: Vec::new(), place };
    loop {
        if parser.take_word("parameter")? {
            let (name, _) = parser.name("the parameter")?;
            parser.mark('=')?;
            external.parameters.push((name, setting(parser)?));
        } else if parser.take_word("pin")? {
            let (name, _) = parser.name("the pin")?;
            parser.mark('=')?;
            external.pins.push(Pin { name, to: pin(parser, known)? });
        } else {
            return Ok(external);
        }
        parser.end_of_line()?;
    }
}

fn setting(parser: &mut Parser<'_>) -> Parsed<Setting> {
    match parser.peek(0)? {
        Tok::Str(_) => parser.text().map(Setting::Text),
        Tok::Numeral(digits) if !digits.contains('\'') => {
            let (number, spot) = (digits.parse().ok(), parser.spot()?);
            parser.next()?;
            let message = "the number is too large";
            let number = number.ok_or_else(|| spot.fault(message, "write one below 2^64"));
            number.map(Setting::Number)
        }
        _ => parser.constant().map(Setting::Bits),
    }
}

fn pin(parser: &mut Parser<'_>, known: &Known<'_>) -> Parsed<PinTo> {
    if matches!(parser.peek(0)?, Tok::Numeral(_)) {
        return parser.constant().map(PinTo::Constant);
    }
    let (word, spot) = parser.name("what the pin is")?;
    match word.as_str() {
        "port" => port(parser, known).map(PinTo::Port),
        "bit" => {
            let port = port(parser, known)?;
            Ok(PinTo::Bit(port, parser.number("the bit")?.0))
        }
        "clock" => domain(parser, known).map(PinTo::Clock),
        "reset" => {
            let low = parser.take_word("active_low")?;
            let level = if low { Polarity::ActiveLow } else { Polarity::ActiveHigh };
            Ok(PinTo::Reset(domain(parser, known)?, level))
        }
        _ => Err(no_pin(&word, spot)),
    }
}

fn no_pin(word: &str, spot: Spot) -> super::ParseFault {
    let help = "write `port NAME`, `bit NAME INDEX`, `clock`, `reset` or a constant";
    spot.fault(format!("`{word}` is nothing that a pin can be"), help)
}

fn port(parser: &mut Parser<'_>, known: &Known<'_>) -> Parsed<PortId> {
    let (name, spot) = parser.name("the port")?;
    look_up(known.ports, &name, spot, "port").map(PortId)
}

fn domain(parser: &mut Parser<'_>, known: &Known<'_>) -> Parsed<DomainId> {
    let here = parser.spot()?;
    let (name, spot) = match parser.take_word("in")? {
        true => parser.name("the clock domain")?,
        false => (String::new(), here),
    };
    look_up(known.domains, &name, spot, "clock domain").map(DomainId)
}

/// Prints the lines; `end` ends the first.
pub(super) fn print(
    f: &mut Formatter<'_>,
    module: &Module,
    external: &External,
    end: impl FnOnce(&mut Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    write!(f, "  external {}", Name(&external.name))?;
    end(f)?;
    for (name, setting) in &external.parameters {
        write!(f, "    parameter {} = ", Name(name))?;
        match setting {
            Setting::Text(text) => writeln!(f, "{}", Quoted(text))?,
            _ => writeln!(f, "{setting}")?,
        }
    }
    external.pins.iter().try_for_each(|pin| {
        write!(f, "    pin {} = ", Name(&pin.name))?;
        print_pin(f, module, &pin.to)?;
        writeln!(f)
    })
}

fn print_pin(f: &mut Formatter<'_>, module: &Module, to: &PinTo) -> fmt::Result {
    let port = |port: &PortId| {
        let named = module.ports.get(port.index()).map(|p| Name(&p.name).to_string());
        named.unwrap_or_else(|| format!("%{}", port.0))
    };
    match to {
        PinTo::Port(id) => write!(f, "port {}", port(id)),
        PinTo::Bit(id, bit) => write!(f, "bit {} {bit}", port(id)),
        PinTo::Clock(domain) => {
            write!(f, "clock")?;
            print_domain(f, module, *domain)
        }
        PinTo::Reset(domain, level) => {
            let low = if *level == Polarity::ActiveLow { " active_low" } else { "" };
            write!(f, "reset{low}")?;
            print_domain(f, module, *domain)
        }
        PinTo::Constant(bits) => write!(f, "{bits}"),
    }
}

fn print_domain(f: &mut Formatter<'_>, module: &Module, domain: DomainId) -> fmt::Result {
    match module.domains.get(domain.index()).map(|d| d.name.as_str()) {
        Some("") => Ok(()),
        Some(name) => write!(f, " in {}", Name(name)),
        None => write!(f, " in %{}", domain.0),
    }
}
