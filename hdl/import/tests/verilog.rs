//! Verilog as others write it: what is read, and what is a fault.

use olivine_import::{ImportError, Options, verilog};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::{Bits, Collision, Design, DomainId, Op, ReadKind};
use olivine_tools::Tools;

fn read(text: &str, options: &Options) -> Result<Design, ImportError> {
    verilog(text, "top", options, &Tools::find())
}

#[track_caller]
fn accepted(text: &str) -> Design {
    read(text, &Options::default()).unwrap_or_else(|e| panic!("{e}"))
}

#[track_caller]
fn refused(text: &str) -> String {
    read(text, &Options::default()).expect_err("a fault").to_string()
}

#[test]
fn a_module_keeps_its_names_places_and_values() {
    let design = accepted(
        "module stage #(parameter W = 4) (input clk, input rst, input signed [W-1:0] d,
             output reg signed [W-1:0] q);
         always @(posedge clk) if (rst) q <= 5; else q <= d;
         endmodule
         module top (input clk, input rst, input [11:0] d, output [11:0] q, output reg [3:0] n);
         initial n = 4'b1x01;
         always @(posedge clk) n <= n + 1;
         genvar i;
         generate for (i = 0; i < 3; i = i + 1) begin : lane
             stage #(.W(4)) unit (.clk(clk), .rst(rst), .d(d[i*4 +: 4]), .q(q[i*4 +: 4]));
         end endgenerate
         endmodule",
    );
    insta::assert_snapshot!(design);
}

#[test]
fn asynchronous_resets_act_at_once() {
    let design = accepted(
        "module top (input clk, input rst, input [3:0] d, output reg [3:0] q);
         always @(posedge clk or posedge rst) if (rst) q <= 9; else q <= d;
         endmodule",
    );
    assert_eq!(design.top().domains[0].manner().to_string(), "rising asynchronous");
    let mut interp = Interp::new(&design, Undefined::Random(1));
    let port = |interp: &Interp, name: &str| interp.interface().find(name).expect("a port");
    let (d, q) = (port(&interp, "d"), port(&interp, "q"));
    interp.set(d, &Bits::new(4, 3));
    interp.set_reset(DomainId(0), true);
    assert_eq!(interp.get(q), Bits::new(4, 9), "before any edge");
    interp.step(DomainId(0));
    interp.set_reset(DomainId(0), false);
    assert_eq!(interp.get(q), Bits::new(4, 9), "kept");
    interp.step(DomainId(0));
    assert_eq!(interp.get(q), Bits::new(4, 3));
}

#[test]
fn an_asynchronous_reset_without_a_domain_is_a_level() {
    let design = accepted(
        "module top (input clk, input clear, input [3:0] d, output reg [3:0] q);
         always @(posedge clk or posedge clear) if (clear) q <= 9; else q <= d;
         endmodule",
    );
    let mut interp = Interp::new(&design, Undefined::Random(1));
    let port = |interp: &Interp, name: &str| interp.interface().find(name).expect("a port");
    let (d, q, clear) = (port(&interp, "d"), port(&interp, "q"), port(&interp, "clear"));
    interp.set(d, &Bits::new(4, 3));
    interp.set(clear, &Bits::new(1, 1));
    assert_eq!(interp.get(q), Bits::new(4, 9), "before any edge");
    interp.step(DomainId(0));
    interp.set(clear, &Bits::new(1, 0));
    assert_eq!(interp.get(q), Bits::new(4, 9), "kept");
    interp.step(DomainId(0));
    assert_eq!(interp.get(q), Bits::new(4, 3));
}

#[test]
fn a_reset_of_any_name_is_one_where_it_is_connected_to_one() {
    let design = accepted(
        "module cell (input CK, input CLRN, input d, output reg q);
         always @(posedge CK or negedge CLRN) if (!CLRN) q <= 1; else q <= d;
         endmodule
         module run (input t, input then, input d, output reg q);
         always @(posedge t) if (!then) q <= 1; else q <= d;
         endmodule
         module top (input clk, input rst_n, input clk_b, input rst_b_n, input d, output q, output r);
         cell one (.CK(clk), .CLRN(rst_n), .d(d), .q(q));
         run two (.t(clk_b), .then(rst_b_n), .d(d), .q(r));
         endmodule",
    );
    let manners = |name: &str| -> Vec<String> {
        let module = design.modules.iter().find(|m| m.name == name).expect("a module");
        assert!(module.registers.iter().all(|r| r.reset.is_some()));
        module.domains.iter().map(|d| d.manner().to_string()).collect()
    };
    let (at_once, at_edges) = ("rising asynchronous active_low", "rising active_low");
    assert_eq!(manners("cell"), [at_once]);
    assert_eq!(manners("run"), [at_edges]);
    assert_eq!(manners("top"), [at_once, at_edges]);
}

/// The domain of a module of two registers with these events, this reset, and this use of it.
fn manner(events: [&str; 2], active: &str, port: &str, more: &str) -> Vec<String> {
    let [one, two] = events.map(|events| {
        let edge = if events.is_empty() { "" } else { " or " };
        format!("always @(posedge clk{edge}{events}) if ({active})")
    });
    let design = accepted(&format!(
        "module top (input clk, input {port}, input d, output reg q, output reg r, output s);
         {one} q <= 1; else q <= d;
         {two} r <= 0; else r <= q;
         assign s = {more};
         endmodule"
    ));
    let resets = design.top().registers.iter().filter(|r| r.reset.is_some()).count();
    assert_eq!(resets, if design.top().find_port(port).is_some() { 0 } else { 2 });
    design.top().domains.iter().map(|d| d.manner().to_string()).collect()
}

#[test]
fn resets_are_read_in_every_manner() {
    let low = ["negedge rst_n"; 2];
    assert_eq!(manner([""; 2], "rst", "rst", "d"), ["rising"]);
    assert_eq!(manner(["posedge rst"; 2], "rst", "rst", "d"), ["rising asynchronous"]);
    assert_eq!(manner([""; 2], "!rst_n", "rst_n", "d"), ["rising active_low"]);
    assert_eq!(manner(low, "!rst_n", "rst_n", "d"), ["rising asynchronous active_low"]);
    let wrong_way = ["posedge rst_n"; 2];
    assert_eq!(manner(wrong_way, "rst_n", "rst_n", "d"), ["rising asynchronous"]);
    // What does more, or is mixed, is an ordinary input.
    assert_eq!(manner(low, "!rst_n", "rst_n", "rst_n"), ["rising"]);
    assert_eq!(manner(["", "negedge rst_n"], "!rst_n", "rst_n", "d"), ["rising"]);
}

#[test]
fn memories_keep_their_ports() {
    let design = accepted(
        "module top (input clk, input we, input [3:0] be, input [4:0] a, input [15:0] d,
             output [15:0] q, output reg [15:0] r);
         reg [15:0] ram [0:31];
         initial begin ram[0] = 16'h1234; ram[2] = 7; end
         integer i;
         always @(posedge clk) begin
             for (i = 0; i < 4; i = i + 1) if (we & be[i]) ram[a][i*4 +: 4] <= d[i*4 +: 4];
             r <= ram[a];
         end
         assign q = ram[~a];
         endmodule",
    );
    let memory = &design.top().memories[0];
    assert_eq!((memory.name.as_str(), memory.width, memory.depth), ("ram", 16, 32));
    let words = [0x1234, 0, 7].map(|word| Bits::new(16, word));
    assert_eq!(memory.init, words);
    assert!(memory.reads.iter().all(|r| r.kind == ReadKind::Async));
    assert_eq!(design.top().registers[0].name, "r");
}

#[test]
fn read_ports_with_registers_are_synchronous() {
    let json = include_str!("data/memory_rdff.json");
    let design = olivine_import::yosys_json(json, &Options::default()).expect("a design");
    let memory = &design.top().memories[0];
    let collision = match memory.reads[0].kind {
        ReadKind::Sync { collision, .. } => collision,
        ReadKind::Async => panic!("asynchronous"),
    };
    assert_eq!(collision, Collision::Old);
}

#[test]
fn undefined_is_explicit() {
    let design = accepted(
        "module top (input [1:0] s, input [3:0] a, output reg [3:0] y);
         always @* case (s) 0: y = a; 1: y = ~a; default: y = 4'bx; endcase
         endmodule",
    );
    let undefined = design.top().cells.iter().filter(|c| c.op == Op::Undefined).count();
    assert_eq!(undefined, 1, "{design}");
}

#[test]
fn properties_are_read() {
    let text = "module top (input clk, input rst, input a, output reg q);
         always @(posedge clk) if (rst) q <= 0; else q <= q | a;
         `ifdef FORMAL
         reg seen = 0;
         always @(posedge clk) begin
             seen <= 1;
             if (!rst) stays_a_bit: assert (q | ~q);
             if (!rst & seen) rises: cover (q);
         end
         `endif
         endmodule";
    let options = Options { formal: true, ..Options::default() };
    let design = read(text, &options).unwrap_or_else(|e| panic!("{e}"));
    let names: Vec<&str> = design.top().properties.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["rises", "stays a bit"]);
    let options = olivine_formal::Options::default();
    olivine_formal::prove(&design, &options).expect("a report").assert_proved();
}

#[test]
fn what_cannot_be_read_is_told() {
    let faults = [
        "module top (input clk, input en, input d, output reg q);
         wire gated = clk & en; always @(posedge gated) q <= d; endmodule",
        "module top (input clk, input d, output reg q, output c);
         assign c = clk; always @(posedge clk) q <= d; endmodule",
        "module top (input clk, input d, output reg q, output reg p);
         always @(posedge clk) q <= d; always @(negedge clk) p <= d; endmodule",
        "module top (input clk, input rst, input d, output reg q, output ready);
         assign ready = !rst; always @(posedge clk) if (rst) q <= 0; else q <= d; endmodule",
        "module top (input e, input d, output reg q); always @* if (e) q = d; endmodule",
        "(* blackbox *) module cell_of_a_vendor (input a, output y); endmodule
         module top (input a, output y); cell_of_a_vendor u (.a(a), .y(y)); endmodule",
        "module top (input [3:0] a, output [3:0] y); wire [3:0] w = (w & a) | y; assign y = w;
         endmodule",
    ];
    let said: Vec<String> = faults.iter().map(|text| refused(text)).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn text_that_is_none_is_refused() {
    assert!(refused("module top (").contains("Yosys cannot read"));
    let broken = olivine_import::yosys_json("{}", &Options::default()).expect_err("a fault");
    assert_eq!(broken.faults[0].code, "I001");
}

#[test]
fn a_reset_can_be_an_ordinary_input() {
    let text = "module top (input clk, input rst, input d, output reg q, output ready);
         assign ready = !rst; always @(posedge clk) if (rst) q <= 0; else q <= d; endmodule";
    let design = read(text, &Options { resets: false, ..Options::default() });
    let design = design.unwrap_or_else(|e| panic!("{e}"));
    assert!(design.top().find_port("rst").is_some());
    assert_eq!(design.top().domains[0].clock_name(), "clk_clk");
}
