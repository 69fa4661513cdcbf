//! Where `rust-hdl`'s simulator and its own Verilog disagree: each found by trying the inputs in
//! order, and drawn from the last cycle in which they agree to the first in which they do not.

use crate::lockstep::Wires;
use crate::read::try_read;
use olivine_interp::Engine;
use olivine_netlist::{Bits as Value, Kind};
use olivine_trace::{Signal as Line, Trace};
use rust_hdl::prelude::*;

/// The mean of two numbers, shifted before it is widened.
#[derive(LogicBlock, Default)]
struct Mean {
    pub a: Signal<In, Bits<8>>,
    pub b: Signal<In, Bits<8>>,
    pub y: Signal<Out, Bits<16>>,
}

impl Logic for Mean {
    #[hdl_gen]
    fn update(&mut self) {
        self.y.next = bit_cast::<16, 8>((self.a.val() + self.b.val()) >> 1);
    }
}

/// A sum that overflows, compared after it is widened.
#[derive(LogicBlock, Default)]
struct Small {
    pub a: Signal<In, Bits<8>>,
    pub b: Signal<In, Bits<8>>,
    pub y: Signal<Out, Bits<16>>,
}

impl Logic for Small {
    #[hdl_gen]
    fn update(&mut self) {
        self.y.next = 0.into();
        if bit_cast::<16, 8>(self.a.val() + self.b.val()) < 16 {
            self.y.next = 1.into();
        }
    }
}

/// A signed number cut to four bits and widened again.
#[derive(LogicBlock, Default)]
struct Narrow {
    pub a: Signal<In, Signed<8>>,
    pub y: Signal<Out, Signed<8>>,
}

impl Logic for Narrow {
    #[hdl_gen]
    fn update(&mut self) {
        self.y.next = signed_bit_cast::<8, 4>(signed_bit_cast::<4, 8>(self.a.val()));
    }
}

/// A product under a cast, of numbers that are widened with zeros.
#[derive(LogicBlock, Default)]
struct Product {
    pub a: Signal<In, Bits<8>>,
    pub b: Signal<In, Bits<8>>,
    pub y: Signal<Out, Bits<32>>,
    wide_a: Signal<Local, Bits<16>>,
    wide_b: Signal<Local, Bits<16>>,
}

impl Logic for Product {
    #[hdl_gen]
    fn update(&mut self) {
        self.wide_a.next = bit_cast::<16, 8>(self.a.val()) << 1;
        self.wide_b.next = bit_cast::<16, 8>(self.b.val());
        self.y.next =
            unsigned_cast(signed_cast(self.wide_a.val()) * signed_cast(self.wide_b.val()));
    }
}

/// Elements in rows of rows.
#[derive(LogicBlock, Default)]
struct Grid {
    pub clock: Signal<In, Clock>,
    pub a: Signal<In, Bits<8>>,
    pub y: Signal<Out, Bits<8>>,
    cell: [[DFF<Bits<8>>; 2]; 2],
}

impl Logic for Grid {
    #[hdl_gen]
    fn update(&mut self) {
        for i in 0..2 {
            for j in 0..2 {
                self.cell[i][j].clock.next = self.clock.val();
                self.cell[i][j].d.next = self.a.val();
            }
        }
        self.y.next = self.cell[0][0].q.val();
    }
}

/// Gives a block inputs one after the other; the cycles around the first disagreement.
fn first_disagreement<B: Block>(
    block: &mut B,
    inputs: impl Iterator<Item = Vec<(&'static str, Value)>>,
    set: impl Fn(&mut B, &[(&'static str, Value)]),
    get: impl Fn(&B) -> Value,
    kind: Kind,
) -> String {
    let mut run = Wires::new(block);
    let mut before: Option<Vec<Value>> = None;
    for input in inputs {
        for (name, value) in &input {
            let port = run.design.interface().find(name).expect("a port");
            run.design.set(port, value);
        }
        set(run.block, &input);
        run.settle();
        let theirs = get(run.block);
        let port = run.design.interface().find("y").expect("a port");
        let read = run.design.get(port);
        let mut row: Vec<Value> = input.iter().map(|(_, value)| value.clone()).collect();
        row.extend([theirs.clone(), read.clone()]);
        if theirs == read {
            before = Some(row);
            continue;
        }
        let line = |path: &str, width| Line { path: path.into(), width, kind: kind.clone() };
        let names = input.iter().map(|(name, value)| line(name, value.width()));
        let both = ["rust_hdl.y", "verilog.y"].map(|path| line(path, theirs.width()));
        let signals = names.chain(both).collect();
        let cycles = before.into_iter().chain([row]).collect();
        return Trace { signals, cycles }.to_string();
    }
    panic!("no disagreement was found");
}

fn pairs() -> impl Iterator<Item = Vec<(&'static str, Value)>> {
    let number = |n: u64| Value::new(8, n);
    let all = (0..256).flat_map(|b| (0..256).map(move |a| (a, b)));
    all.map(move |(a, b)| vec![("a", number(a)), ("b", number(b))])
}

fn low(input: &[(&'static str, Value)], index: usize) -> Bits<8> {
    input[index].1.low_u64().to_bits()
}

#[test]
fn a_shift_keeps_the_carry_in_verilog() {
    let set = |block: &mut Mean, input: &[(&'static str, Value)]| {
        block.a.next = low(input, 0);
        block.b.next = low(input, 1);
    };
    let get = |block: &Mean| Value::new(16, block.y.val().to_u64());
    let block = &mut Mean::default();
    insta::assert_snapshot!(first_disagreement(block, pairs(), set, get, Kind::Unsigned));
}

#[test]
fn a_comparison_sees_the_carry_in_verilog() {
    let set = |block: &mut Small, input: &[(&'static str, Value)]| {
        block.a.next = low(input, 0);
        block.b.next = low(input, 1);
    };
    let get = |block: &Small| Value::new(16, block.y.val().to_u64());
    let block = &mut Small::default();
    insta::assert_snapshot!(first_disagreement(block, pairs(), set, get, Kind::Unsigned));
}

#[test]
fn a_signed_cut_does_not_cut_in_verilog() {
    // Not −128, nor what is cut to −8: the simulator recurses for ever there.
    let bytes = (0..128).filter(|a| a % 16 != 8).map(|a| vec![("a", Value::new(8, a))]);
    let set = |block: &mut Narrow, input: &[(&'static str, Value)]| {
        block.a.next = signed_cast(low(input, 0));
    };
    let get = |block: &Narrow| Value::new(8, unsigned_cast(block.y.val()).to_u64());
    let block = &mut Narrow::default();
    insta::assert_snapshot!(first_disagreement(block, bytes, set, get, Kind::Signed));
}

#[test]
fn a_product_under_a_cast_is_cut_in_verilog() {
    let set = |block: &mut Product, input: &[(&'static str, Value)]| {
        block.a.next = low(input, 0);
        block.b.next = low(input, 1);
    };
    let get = |block: &Product| Value::new(32, block.y.val().to_u64());
    let block = &mut Product::default();
    insta::assert_snapshot!(first_disagreement(block, pairs(), set, get, Kind::Unsigned));
}

#[test]
fn arrays_of_arrays_are_broken_verilog() {
    let mut block = Grid::default();
    block.connect_all();
    let refused = try_read(&block).expect_err("broken Verilog").to_string();
    assert!(refused.contains("Yosys cannot read this Verilog"), "{refused}");
}
