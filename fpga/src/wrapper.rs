//! The Verilog around a design on a board: clock, reset, synchronized inputs.

use crate::connect::Connection;
use crate::{Active, Board, Pull};
use olivine_emit::Verilog;
use olivine_netlist::Direction;
use std::fmt::Write;

/// The reset lasts 2^(this - 1) cycles after power-up and after the button.
const RESET_BITS: u32 = 16;

/// The top module of the bitstream.
pub(crate) struct Wrapper {
    /// Its name.
    pub name: String,
    /// Its source.
    pub text: String,
}

/// Wraps `design` for `board`. Every input passes two registers, since nothing outside knows the
/// clock; bits of a wide input may arrive in neighbouring cycles.
pub(crate) fn wrapper(design: &Verilog, board: &Board, connections: &[Connection]) -> Wrapper {
    let name = format!("{}_on_{}", design.top, identifier(&board.name));
    let mut body = String::new();
    if !design.domains.is_empty() {
        reset(&mut body, board);
    }
    for connection in connections.iter().filter(|c| c.direction == Direction::Input) {
        synchronizer(&mut body, connection);
    }
    for (held, at) in &board.held {
        writeln!(body, "    assign held_{held} = 1'b{};", at.value).expect("a string takes all");
    }
    let ports = ports(design, board, connections).join(",\n    ");
    let pins = instance_pins(design, connections).join(",\n        ");
    let text = format!(
        "`default_nettype none\n\n\
         // `{top}` on the board {board}: clock, reset, synchronized inputs.\n\
         module {name} (\n    {ports}\n);\n{body}\n    \
         {top} dut (\n        {pins}\n    );\n\
         endmodule\n\n`default_nettype wire\n",
        top = design.top,
        board = board.name,
    );
    Wrapper { name, text }
}

fn identifier(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn has_reset_button(design: &Verilog, board: &Board) -> bool {
    !design.domains.is_empty() && board.reset.is_some()
}

fn ports(design: &Verilog, board: &Board, connections: &[Connection]) -> Vec<String> {
    let mut ports = vec!["input  wire clk".to_string()];
    if has_reset_button(design, board) {
        ports.push("input  wire reset_button".into());
    }
    for connection in connections {
        let direction = match connection.direction {
            Direction::Input => "input  wire",
            Direction::Output => "output wire",
        };
        ports.push(format!("{direction} {}{}", range(connection), connection.name));
    }
    ports.extend(board.held.keys().map(|held| format!("output wire held_{held}")));
    ports
}

fn range(connection: &Connection) -> String {
    match connection.pins.len() {
        1 => String::new(),
        width => format!("[{}:0] ", width - 1),
    }
}

/// A register whose bits have one value by the bitstream.
fn register(body: &mut String, name: &str, width: u32, value: u8) {
    let range = if width == 1 { String::new() } else { format!("[{}:0] ", width - 1) };
    *body += &format!("    reg {range}{name};\n    initial {name} = {{{width}{{1'b{value}}}}};\n");
}

/// A counter that starts at 0, holds the reset until its top bit is set, and starts again when
/// the button is pressed: long enough for a button to stop bouncing.
fn reset(body: &mut String, board: &Board) {
    let top = RESET_BITS - 1;
    let mut restart = String::new();
    if let Some(button) = &board.reset {
        let (idle, not) = match button.active {
            Active::High => (0, ""),
            Active::Low => (1, "~"),
        };
        register(body, "button", 2, idle);
        *body += "    always @(posedge clk) button <= {button[0], reset_button};\n";
        restart = format!("if ({not}button[1]) reset_count <= {RESET_BITS}'d0;\n        else ");
    }
    register(body, "reset_count", RESET_BITS, 0);
    *body += &format!(
        "    wire reset = ~reset_count[{top}];\n    \
         always @(posedge clk)\n        \
         {restart}if (reset) reset_count <= reset_count + {RESET_BITS}'d1;\n"
    );
}

fn synchronizer(body: &mut String, connection: &Connection) {
    let name = connection.name;
    let idle = u8::from(connection.like.pull == Pull::Up);
    for stage in ["q1", "q2"] {
        register(body, &format!("{name}_{stage}"), connection.pins.len() as u32, idle);
    }
    *body += &format!(
        "    always @(posedge clk) begin\n        \
         {name}_q1 <= {name};\n        {name}_q2 <= {name}_q1;\n    end\n"
    );
}

fn instance_pins(design: &Verilog, connections: &[Connection]) -> Vec<String> {
    let domains = design.domains.iter();
    let mut pins: Vec<_> = domains
        .flat_map(|d| {
            let not = if d.active_low { "~" } else { "" };
            [format!(".{}(clk)", d.clock), format!(".{}({not}reset)", d.reset)]
        })
        .collect();
    pins.extend(connections.iter().map(|connection| {
        let synchronized = match connection.direction {
            Direction::Input => "_q2",
            Direction::Output => "",
        };
        format!(".{}({}{synchronized})", design.ports[connection.port], connection.name)
    }));
    pins
}
