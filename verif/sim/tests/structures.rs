//! Structures that the compiled engine treats in a way of their own: each against the
//! interpreter.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::{Bits, Design, Direction, DomainId, PortId};
use olivine_sim::{Compiled, Lockstep, Tier, Tuning};

/// A full adder; chained, its carry ripples through the array within a cycle.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct FullAdder;

#[derive(Ports)]
struct FullAdderPorts {
    a: In<Bit>,
    b: In<Bit>,
    carry: In<Bit>,
    sum: Out<Bit>,
    carry_out: Out<Bit>,
}

impl Module for FullAdder {
    type Ports = FullAdderPorts;

    fn ports(&self) -> FullAdderPorts {
        FullAdderPorts { a: bit(), b: bit(), carry: bit(), sum: bit(), carry_out: bit() }
    }

    fn build(&self, p: FullAdderPorts) {
        p.sum.drive(p.a ^ p.b ^ p.carry);
        p.carry_out.drive((p.a & p.b) | (p.carry & (p.a ^ p.b)));
    }
}

/// An adder of a chain of full adders.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct RippleAdder {
    width: u32,
}

#[derive(Ports)]
struct RippleAdderPorts {
    a: In<Unsigned>,
    b: In<Unsigned>,
    sum: Out<Unsigned>,
}

impl Module for RippleAdder {
    type Ports = RippleAdderPorts;

    fn ports(&self) -> RippleAdderPorts {
        let word = unsigned(self.width);
        RippleAdderPorts { a: word, b: word, sum: unsigned(self.width + 1) }
    }

    fn build(&self, p: RippleAdderPorts) {
        let stages = instances(FullAdder, [self.width as usize], "stage");
        let mut carry = constant(bit(), false);
        for i in stages.indices() {
            stages[i].a.drive(p.a.bit(i as u32));
            stages[i].b.drive(p.b.bit(i as u32));
            stages[i].carry.drive(carry);
            carry = stages[i].carry_out;
        }
        let mut bits: Vec<Bit> = stages.indices().map(|i| stages[i].sum).collect();
        bits.push(carry);
        p.sum.drive(cat(bits));
    }
}

/// Adders in an array, each of a chain: arrays within arrays. Sums are accumulated in words wider
/// than the machine's.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Adders {
    count: usize,
}

#[derive(Ports)]
struct AddersPorts {
    a: Vec<In<Unsigned>>,
    total: Out<Unsigned>,
    history: Out<Unsigned>,
}

impl Module for Adders {
    type Ports = AddersPorts;

    fn ports(&self) -> AddersPorts {
        let (total, history) = (unsigned(20), unsigned(100));
        AddersPorts { a: vec![unsigned(12); self.count + 1], total, history }
    }

    #[named]
    fn build(&self, p: AddersPorts) {
        let adders = instances(RippleAdder { width: 12 }, [self.count], "adder");
        let total = reg(unsigned(20)).reset(0);
        let history = reg(unsigned(100)).reset(1);
        let mut sum = constant(unsigned(20), 0);
        for i in adders.indices() {
            adders[i].a.drive(p.a[i]);
            adders[i].b.drive(p.a[i + 1]);
            sum = sum.wrapping_add(adders[i].sum.extend(20));
        }
        total.set(sum);
        history.set((history << 3).truncate(100).wrapping_add(total.extend(100)));
        p.total.drive(total);
        p.history.drive(history);
        always("the low bits of the total stay even", !total.bit(0));
    }
}

fn design(module: impl Module) -> Design {
    elaborate(module).unwrap_or_else(|faults| panic!("{faults}"))
}

/// On every tier that this processor can run: both engines with random inputs, everything compared
/// in every cycle. How many violations there were, at least.
fn agree(design: &Design, undefined: Undefined, cycles: u64) -> u64 {
    let tiers = Tier::ALL.into_iter().filter(|tier| tier.is_available());
    tiers.map(|tier| agree_on(tier, design, undefined, cycles)).min().expect("the bytecode")
}

fn agree_on(tier: Tier, design: &Design, undefined: Undefined, cycles: u64) -> u64 {
    let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
    let a = Interp::new(design, undefined);
    let b = Compiled::tuned(design, undefined, tuning);
    let mut both = Lockstep::new(a, b).with_violations();
    let mut violations = 0;
    for cycle in 0..cycles {
        for port in 0..both.interface().ports.len() {
            let info = both.interface().ports[port].clone();
            if info.direction == Direction::Input && cycle % 5 < 3 {
                let value = olivine_interp::undefined_bits(1, &info.name, cycle, info.width);
                both.set(PortId(port as u32), &value);
            }
        }
        let domains = both.interface().domains.len() as u64;
        let domain = DomainId((cycle * 7 / 3 % domains) as u32);
        both.set_reset(domain, cycle == 0);
        both.step(domain);
        violations += both.take_violations().len() as u64;
    }
    both.compare();
    violations
}

#[test]
fn a_carry_ripples_through_an_array() {
    let design = design(RippleAdder { width: 40 });
    let mut engine = Compiled::new(&design, Undefined::Zero);
    let [a, b, sum] = ["a", "b", "sum"].map(|n| engine.interface().find(n).unwrap());
    engine.set_u64(a, 0xff_ffff_ffff);
    engine.set_u64(b, 1);
    assert_eq!(engine.get_u64(sum), 1 << 40);
    engine.set_u64(b, 0);
    assert_eq!(engine.get_u64(sum), 0xff_ffff_ffff);
}

#[test]
fn arrays_within_arrays_agree_and_so_do_violations() {
    let violations = agree(&design(Adders { count: 9 }), Undefined::Zero, 60);
    assert!(violations > 5, "the property fails about every other cycle");
}

/// Everything that is odd about memories, in an array large enough for lanes and in a small one;
/// one module under two clocks.
const MEMORIES: &str = r#"netlist 1
top top
module bank {
  domain rising
  input address : unsigned 4
  input data : unsigned 70
  input enable : bit 1
  input mask : unsigned 7
  output now : unsigned 70 = read0
  output old : unsigned 70 = read1
  output new : unsigned 70 = read2
  output open : unsigned 70 = read3
  memory words : unsigned 70 x 11
    init 000000000000000011 000000000000000022
    read async address
    read sync address when enable collision old
    read sync address collision new
    read sync address collision undefined
    write address data when enable mask mask
    write other data when enable
  address : unsigned 4 = input address
  data : unsigned 70 = input data
  enable : bit 1 = input enable
  mask : unsigned 7 = input mask
  other : unsigned 4 = not(address)
  read0 : unsigned 70 = read words 0
  read1 : unsigned 70 = read words 1
  read2 : unsigned 70 = read words 2
  read3 : unsigned 70 = read words 3
}
module top {
  domain rising
  domain second rising
  input a : unsigned 4
  input d : unsigned 70
  input e : bit 1
  input m : unsigned 7
  output x : unsigned 70 = many[6].open
  instance many[8] of bank
    address = a, %5, a, %5, a, a, a, %5
    data = d, d, d, d, d, d, d, d
    enable = e, e, e, e, e, e, e, e
    mask = m, m, m, m, m, m, m, m
  instance few[2] of bank in second
    address = a, %5
    data = d, d
    enable = e, e
    mask = m, m
  %0 : 4 = input a
  %1 : 70 = input d
  %2 : 1 = input e
  %3 : 7 = input m
  %4 : 70 = output many[6].open
  %5 : 4 = xor(a, %6)
  %6 : 4 = 4'h5
}
"#;

#[test]
fn memories_in_lanes_agree() {
    let design = Design::parse(MEMORIES).unwrap_or_else(|faults| panic!("{faults}"));
    for undefined in [Undefined::Zero, Undefined::Random(5)] {
        agree(&design, undefined, 80);
    }
}

#[test]
fn lockstep_shows_the_first_difference() {
    let right = Design::parse(COUNTER).unwrap();
    let wrong = Design::parse(&COUNTER.replace("less_unsigned(count, %3)", "eq(%3, %3)")).unwrap();
    let engines = [&right, &wrong].map(|d| Compiled::new(d, Undefined::Zero));
    let [first, second] = engines;
    let mut both = Lockstep::new(first, second).keep_going();
    both.step_by(DomainId(0), 20);
    let difference = both.difference().expect("they differ").clone();
    assert_eq!((difference.cycle, difference.path.as_str()), (5, "flag"));
    assert_eq!(difference.values, ["0", "1"]);
    insta::assert_snapshot!(difference, @r"
    first and second differ in cycle 5 at `flag`
      first: 0
      second: 1
    cycle        0   1   2   3   4   5
    clk          /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    value        X 0 X 1 X 2 X 3 X 4 X 5
    first.flag   ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\___
    second.flag  ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    ");
}

#[test]
#[should_panic(expected = "first and second differ in cycle 5 at `flag`")]
fn lockstep_stops_at_a_difference_unless_told_otherwise() {
    let right = Design::parse(COUNTER).unwrap();
    let wrong = Design::parse(&COUNTER.replace("less_unsigned(count, %3)", "eq(%3, %3)")).unwrap();
    let engines = [&right, &wrong].map(|d| Compiled::new(d, Undefined::Zero));
    let [first, second] = engines;
    Lockstep::new(first, second).step_by(DomainId(0), 20);
}

const COUNTER: &str = r#"netlist 1
top counter
module counter {
  domain rising
  output value : unsigned 3 = count
  output flag : bit 1 = below
  register count : unsigned 3 init 3'h0
    set %2
  %0 : 3 = register count
  %1 : 3 = 3'h1
  %2 : 3 = add(count, %1)
  %3 : 3 = 3'h5
  below : bit 1 = less_unsigned(count, %3)
}
"#;

#[test]
fn an_input_that_only_a_name_depends_on_is_seen() {
    let text = "netlist 1\ntop m\nmodule m {\n  input a : unsigned 4\n  a : unsigned 4 = input a\n\
        \x20 inverse : unsigned 4 = not(a)\n}\n";
    let mut engine = Compiled::new(&Design::parse(text).unwrap(), Undefined::Zero);
    let inverse = engine.signals().iter().position(|s| s.path == "inverse").unwrap();
    assert_eq!(engine.read(inverse), Bits::new(4, 15));
    engine.set_u64(PortId(0), 3);
    assert_eq!(engine.read(inverse), Bits::new(4, 12));
}

/// A memory of five words whose read address can be beyond them.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Shelf;

#[derive(Ports)]
struct ShelfPorts {
    enable: In<Bit>,
    address: In<Unsigned>,
    data: In<Unsigned>,
    word: Out<Unsigned>,
}

impl Module for Shelf {
    type Ports = ShelfPorts;

    fn ports(&self) -> ShelfPorts {
        let word = unsigned(8);
        ShelfPorts { enable: bit(), address: unsigned(3), data: word, word }
    }

    #[named]
    fn build(&self, p: ShelfPorts) {
        let words = memory(unsigned(8), 5).collision(Collision::Undefined);
        p.word.drive(words.read_sync_when(p.enable, p.address));
        when(p.data.bit(0), || words.write(p.data.slice(1, 3), p.data));
    }
}

/// Shelves that are lanes of one memory, each with an enable of its own.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Shelves;

#[derive(Ports)]
struct ShelvesPorts {
    enable: In<Unsigned>,
    address: In<Unsigned>,
    data: In<Unsigned>,
    words: Vec<Out<Unsigned>>,
}

impl Module for Shelves {
    type Ports = ShelvesPorts;

    fn ports(&self) -> ShelvesPorts {
        let words = vec![unsigned(8); 6];
        ShelvesPorts { enable: unsigned(6), address: unsigned(6), data: unsigned(8), words }
    }

    #[named]
    fn build(&self, p: ShelvesPorts) {
        let shelves = instances(Shelf, [6], "shelf");
        for i in shelves.indices() {
            shelves[i].enable.drive(p.enable.bit(i as u32));
            shelves[i].address.drive(p.address.slice(i as u32 % 4, 3));
            shelves[i].data.drive(p.data);
            p.words[i].drive(shelves[i].word);
        }
    }
}

/// What one lane reads and is left open does not hide behind what another does not read.
#[test]
fn each_lane_reads_what_is_left_open() {
    let design = elaborate(Shelves).unwrap();
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
        let undefined = Undefined::Random(5);
        let (interp, sim) =
            (Interp::new(&design, undefined), Compiled::tuned(&design, undefined, tuning));
        let mut both = Lockstep::new(interp, sim);
        for cycle in 0..200 {
            for port in 0..3 {
                let value = olivine_interp::undefined_bits(9, &format!("{port}"), cycle, 8);
                let width = both.interface().ports[port].width;
                both.set_u64(PortId(port as u32), value.low_u64() & ((1 << width) - 1));
            }
            both.step(DomainId(0));
        }
        both.compare();
        assert!(both.difference().is_none(), "{tier}: {}", both.difference().unwrap());
    }
}

/// Beside a number of a concatenation stand other parts, where the number has zeros.
#[test]
fn a_concatenation_with_a_number_is_compared_part_by_part() {
    let text = "netlist 1
top m

module m {
  input a : bits 4
  output y : bit = %4
  %0 : 4 = input a
  %1 : 3 = 3'h5
  v : bits 7 = concat(a, %1)
  %3 : 7 = 7'h5f
  %4 : 1 = eq(v, %3)
}
";
    let design = Design::parse(text).unwrap_or_else(|faults| panic!("{faults}"));
    let mut engine = Compiled::new(&design, Undefined::Zero);
    let [a, y] = ["a", "y"].map(|name| engine.interface().find(name).unwrap());
    for value in 0..16 {
        engine.set_u64(a, value);
        assert_eq!(engine.get_u64(y), u64::from(value == 15), "{value}");
    }
}
