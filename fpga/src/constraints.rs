//! The constraint file (LPF): pins, their electrical standard, the clock.

use crate::connect::Connection;
use crate::{Board, Pull};
use std::fmt::Write;

/// Every pin of every board so far is on a 3.3 V bank.
const STANDARD: &str = "IO_TYPE=LVCMOS33";

/// The constraints for the wrapper's ports, at a clock of `mhz`.
pub(crate) fn constraints(board: &Board, connections: &[Connection], mhz: f64) -> String {
    let mut text = String::new();
    if !board.settings.is_empty() {
        writeln!(text, "SYSCONFIG {};", board.settings).expect("a string takes all");
    }
    pin(&mut text, "clk", &board.clock.pin, Pull::None, None);
    writeln!(text, "FREQUENCY PORT \"clk\" {mhz} MHZ;").expect("a string takes all");
    if let Some(reset) = &board.reset {
        pin(&mut text, "reset_button", &reset.pin, reset.pull, None);
    }
    for connection in connections {
        let like = connection.like;
        for (bit, site) in connection.pins.iter().enumerate() {
            let port = match connection.pins.len() {
                1 => connection.name.to_string(),
                _ => format!("{}[{bit}]", connection.name),
            };
            pin(&mut text, &port, site, like.pull, like.drive_ma);
        }
    }
    for (name, held) in &board.held {
        pin(&mut text, &format!("held_{name}"), &held.pin, Pull::None, None);
    }
    text
}

fn pin(text: &mut String, port: &str, site: &str, pull: Pull, drive_ma: Option<u32>) {
    let pull = match pull {
        Pull::None => "NONE",
        Pull::Up => "UP",
        Pull::Down => "DOWN",
    };
    let drive = drive_ma.map(|ma| format!(" DRIVE={ma}")).unwrap_or_default();
    *text += &format!(
        "LOCATE COMP \"{port}\" SITE \"{site}\";\n\
         IOBUF PORT \"{port}\" PULLMODE={pull} {STANDARD}{drive};\n"
    );
}
