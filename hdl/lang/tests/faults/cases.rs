//! One small body for each fault. The line that ought to be blamed ends in `//~` and the code.

use super::{Case, Inputs};
use olivine_lang::prelude::*;
use olivine_netlist::Bits as Constant;

/// Every case in order; most blame one line, some show that all faults come at once.
pub const CASES: &[fn(Inputs)] = &[
    shape_as_signal,
    signal_of_another_module,
    memory_of_another_module,
    signal_as_shape,
    port_from_signal,
    rust_comparison,
    widths_differ,
    narrow_assignment,
    packed_width,
    address_fits_no_float,
    literal_too_large,
    literal_negative,
    literal_float,
    no_bits,
    bits_out_of_range,
    extended_down,
    truncated_up,
    vectors_of_two_lengths,
    nothing_joined,
    input_driven,
    expression_driven,
    register_driven,
    wire_set,
    driven_twice,
    set_twice,
    wire_undriven,
    output_undriven,
    instance_undriven,
    latch,
    latch_in_one_arm,
    register_never_set,
    register_never_read,
    memory_never_read,
    memory_never_written,
    reset_of_a_wire,
    reset_not_constant,
    array_without_elements,
    unsteady_ports,
    signal_among_ports,
    memory_without_words,
    memory_with_too_many_words,
    address_too_wide,
    mask_that_does_not_divide,
    module_in_itself,
    black_box_of_other_ports,
    black_box_twice,
    module_that_cannot_be,
    payload_unknown,
    connection_of_two_producers,
    fixed_literal_between,
    fixed_points_differ,
    nothing_summed,
    not_one_bit,
    literal_above_signed,
    too_many_bits,
    nothing_selected,
    truncated_to_nothing,
    expression_set,
    crossing_of_a_wire,
    init_not_constant,
    address_too_narrow,
    condition_of_another_module,
    all_at_once,
];

fn shape_as_signal(p: Inputs) {
    cover("sum", (p.a + unsigned(8)).any()); //~ L001
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Inner {
    of: Unsigned,
}

#[derive(Ports)]
struct InnerPorts {
    x: In<Unsigned>,
    y: Out<Unsigned>,
}

impl Module for Inner {
    type Ports = InnerPorts;

    fn ports(&self) -> InnerPorts {
        InnerPorts { x: unsigned(8), y: unsigned(8) }
    }

    fn build(&self, p: InnerPorts) {
        let outer = self.of;
        p.y.drive(p.x & outer); //~ L002
    }
}

fn signal_of_another_module(p: Inputs) {
    let inner = instance(Inner { of: p.a }, "inner");
    inner.x.drive(p.a);
}

thread_local! {
    static LEAKED: std::cell::Cell<Option<Memory<Unsigned>>> = const { std::cell::Cell::new(None) };
}

fn memory_of_another_module(p: Inputs) {
    let ram = memory(unsigned(8), 256).init([1]);
    LEAKED.set(Some(ram));
    cover("word", ram.read(p.a).any());
    let user: fn(Inputs) = |p| {
        let ram = LEAKED.get().expect("it was put there above");
        cover("word", ram.read(p.a).any()); //~ L002
    };
    Inputs::given(p, instance(Case(user), "user"));
}

fn signal_as_shape(p: Inputs) {
    let copy = reg(p.a); //~ L003
    copy.set(p.a);
    cover("copy", copy.any());
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Borrowed {
    of: Unsigned,
}

#[derive(Ports)]
struct BorrowedPorts {
    x: In<Unsigned>, //~ L003
}

impl Module for Borrowed {
    type Ports = BorrowedPorts;

    fn ports(&self) -> BorrowedPorts {
        BorrowedPorts { x: self.of }
    }

    fn build(&self, _p: BorrowedPorts) {}
}

fn port_from_signal(p: Inputs) {
    let inner = instance(Borrowed { of: p.a }, "inner");
    inner.x.drive(p.a);
}

fn rust_comparison(p: Inputs) {
    let same = if p.a == p.b.extend(8) { 1 } else { 0 }; //~ L004
    cover("same", p.a.eq(same));
}

fn widths_differ(p: Inputs) {
    cover("both", (p.a & p.b).any()); //~ L010
}

fn narrow_assignment(p: Inputs) {
    let sum = reg(unsigned(8)).reset(0);
    sum.set(sum + p.a); //~ L010
}

fn packed_width(p: Inputs) {
    let (high, _low) = (unsigned(4), bit()).unpack(p.a); //~ L010
    cover("high", high.any());
}

fn address_fits_no_float(p: Inputs) {
    cover("float", p.a.as_float(float(8, 7)).eq(1.0)); //~ L010
}

fn literal_too_large(p: Inputs) {
    cover("large", p.b.eq(16)); //~ L011
}

fn literal_negative(p: Inputs) {
    cover("negative", (p.a + -1).any()); //~ L011
}

fn literal_float(_p: Inputs) {
    let tenth = reg(float(8, 7)).reset(0.1); //~ L011
    tenth.set(tenth);
}

fn no_bits(_p: Inputs) {
    let nothing = reg(unsigned(0)); //~ L012
    nothing.set(nothing);
}

fn bits_out_of_range(p: Inputs) {
    cover("bit", p.a.bit(8)); //~ L013
    cover("bits", p.a.slice(6, 3).any()); //~ L013
}

fn extended_down(p: Inputs) {
    cover("short", p.a.extend(4).any()); //~ L014
}

fn truncated_up(p: Inputs) {
    cover("long", p.a.truncate(9).any()); //~ L014
}

fn vectors_of_two_lengths(p: Inputs) {
    let list = wire(vec![unsigned(8); 3]);
    list.drive(vec![p.a; 2]); //~ L015
    list.drive(vec![p.a; 3]);
    cover("list", list[0].any());
}

fn nothing_joined(_p: Inputs) {
    cover("nothing", cat(Vec::<Bit>::new()).any()); //~ L016
}

fn input_driven(p: Inputs) {
    p.a.drive(3); //~ L020
}

fn expression_driven(p: Inputs) {
    let sum = p.a + 1;
    sum.drive(3); //~ L020
}

fn register_driven(p: Inputs) {
    let held = reg(unsigned(8));
    held.drive(p.a); //~ L020
    held.set(p.a);
    cover("held", held.any());
}

fn wire_set(p: Inputs) {
    let now = wire(unsigned(8));
    now.drive(p.a);
    now.set(p.a); //~ L021
    cover("now", now.any());
}

fn driven_twice(p: Inputs) {
    let now = wire(unsigned(8));
    when(p.c, || now.drive(p.a)); //~ L022
    now.drive(p.a);
    cover("now", now.any());
}

fn set_twice(p: Inputs) {
    let held = reg(unsigned(8));
    held.set(p.a); //~ L022
    held.set(0);
    cover("held", held.any());
}

fn wire_undriven(_p: Inputs) {
    let now = wire(bit()); //~ L023
    cover("now", now);
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Silent;

#[derive(Ports)]
pub struct SilentPorts {
    pub x: In<Bit>,
    pub y: Out<Bit>, //~ L023
}

impl Module for Silent {
    type Ports = SilentPorts;

    fn ports(&self) -> SilentPorts {
        SilentPorts { x: bit(), y: bit() }
    }

    fn build(&self, _p: SilentPorts) {}
}

fn output_undriven(p: Inputs) {
    let silent = instance(Silent, "silent");
    silent.x.drive(p.c);
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Through;

impl Module for Through {
    type Ports = SilentPorts;

    fn ports(&self) -> SilentPorts {
        SilentPorts { x: bit(), y: bit() }
    }

    fn build(&self, p: SilentPorts) {
        p.y.drive(p.x);
    }
}

fn instance_undriven(p: Inputs) {
    let row = instances(Through, [2], "row"); //~ L023
    row[0].x.drive(p.c);
}

fn latch(p: Inputs) {
    let now = wire(unsigned(8)).named("now"); //~ L024
    when(p.c, || now.drive(p.a));
    cover("now", now.any());
}

fn latch_in_one_arm(p: Inputs) {
    let now = wire(unsigned(8)); //~ L024
    when(p.c, || now.drive(p.a)).otherwise(|| {
        when(p.a.eq(3), || now.drive(1));
    });
    cover("now", now.any());
}

fn register_never_set(_p: Inputs) {
    let still = reg(unsigned(8)).reset(0); //~ L025
    cover("still", still.any());
}

fn register_never_read(p: Inputs) {
    let lost = reg((unsigned(8), bit())); //~ L026
    lost.set((p.a, p.c));
}

fn memory_never_read(p: Inputs) {
    let ram = memory(unsigned(8), 256); //~ L026
    ram.write(p.a, p.a);
}

fn memory_never_written(p: Inputs) {
    let ram = memory(unsigned(8), 256); //~ L026
    cover("word", ram.read(p.a).any());
}

fn reset_of_a_wire(p: Inputs) {
    let now = wire(bit()).reset(false); //~ L027
    now.drive(p.c);
    cover("now", now);
}

fn reset_not_constant(p: Inputs) {
    let held = reg(unsigned(8)).reset(p.a); //~ L028
    held.set(held);
}

fn array_without_elements(_p: Inputs) {
    let none = instances(Through, [0, 4], "none"); //~ L040
    assert_eq!(none.indices().count(), 0);
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Unsteady;

#[derive(Ports)]
struct UnsteadyPorts {
    x: Vec<In<Bit>>,
}

impl Module for Unsteady {
    type Ports = UnsteadyPorts;

    fn ports(&self) -> UnsteadyPorts {
        thread_local!(static CALLS: std::cell::Cell<usize> = const { std::cell::Cell::new(1) });
        let count = CALLS.replace(CALLS.get() + 1);
        UnsteadyPorts { x: vec![bit(); count] }
    }

    fn build(&self, _p: UnsteadyPorts) {}
}

fn unsteady_ports(p: Inputs) {
    let inner = instance(Unsteady, "inner"); //~ L041
    inner.x.iter().for_each(|x| x.drive(p.c));
}

#[module]
fn Early() {
    let held = reg(bit()).reset(false); //~ L042
    let x: In<Bit> = bit();

    held.set(x);
    cover("held", held);
}

fn signal_among_ports(p: Inputs) {
    let early = instance(Early, "early");
    early.x.drive(p.c);
}

fn memory_without_words(_p: Inputs) {
    let ram = memory(unsigned(8), 0).init([]); //~ L050
    cover("word", ram.read(0).any());
}

fn memory_with_too_many_words(p: Inputs) {
    let rom = memory(unsigned(8), 2).init([1, 2, 3]); //~ L051
    cover("word", rom.read(p.c.as_unsigned()).any());
}

fn address_too_wide(p: Inputs) {
    let rom = memory(unsigned(8), 16).init([1, 2, 3]);
    cover("word", rom.read(p.a).any()); //~ L052
}

fn mask_that_does_not_divide(p: Inputs) {
    let ram = memory(unsigned(8), 16);
    let mask = constant(unsigned(3), Constant::new(3, 5));
    ram.write_masked(p.b, p.a, mask); //~ L053
    ram.write(p.b, p.a);
    cover("word", ram.read(p.b).any());
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Ouroboros;

impl Module for Ouroboros {
    type Ports = ();

    fn ports(&self) {}

    fn build(&self, (): ()) {
        instance(Ouroboros, "tail"); //~ L060
    }
}

fn module_in_itself(_p: Inputs) {
    instance(Ouroboros, "head");
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Average {
    pub of: u32,
}

impl Module for Average {
    type Ports = Inputs;

    fn check(&self) -> Result<(), String> {
        let possible = self.of.is_power_of_two();
        possible.then_some(()).ok_or("`of` must be a power of two".to_string())
    }

    fn ports(&self) -> Inputs {
        Inputs { a: unsigned(8), b: unsigned(4), c: bit() }
    }

    fn build(&self, p: Inputs) {
        cover("all", p.a.all() & p.b.all() & p.c);
    }
}

fn black_box_of_other_ports(_p: Inputs) {
    black_box("ACME_PROBE").pin("A", "a").pin("B", "b").pin("D", "d"); //~ L110
}

fn black_box_twice(_p: Inputs) {
    black_box("ACME_PROBE").pin("A", "a").pin("B", "b").pin("C", "c");
    black_box("ACME_SPY"); //~ L110
}

fn module_that_cannot_be(p: Inputs) {
    let average = instance(Average { of: 3 }, "average"); //~ L061
    Inputs::given(p, average);
}

#[derive(Clone, State)]
pub enum Job {
    Idle,
    Busy { left: Unsigned },
}

fn payload_unknown(_p: Inputs) {
    let s = state(Job::Idle);
    let arms = |now| match now {
        Job::Idle => s.set(Job::Idle),
        Job::Busy { left } => s.set(Job::Busy { left }),
    };
    s.each(arms); //~ L070
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Producer;

impl Module for Producer {
    type Ports = Stream<Unsigned>;

    fn ports(&self) -> Stream<Unsigned> {
        stream(unsigned(8))
    }

    fn build(&self, p: Stream<Unsigned>) {
        p.payload.drive(0);
        p.valid.drive(true);
    }
}

fn connection_of_two_producers(p: Inputs) {
    let (left, right) = (instance(Producer, "left"), instance(Producer, "right"));
    connect(left, right); //~ L080
    right.ready.drive(p.c);
}

fn fixed_literal_between(_p: Inputs) {
    let third = reg(fixed(4, 4)).reset(0.3); //~ L011
    let debt = reg(unsigned_fixed(4, 4)).reset(-0.5); //~ L011
    third.set(third);
    debt.set(debt);
}

fn fixed_points_differ(p: Inputs) {
    let held = reg(fixed(4, 4)).reset(0);
    held.set(p.a.as_signed().as_fixed(3)); //~ L010
    cover("held", held.ge(1));
}

fn nothing_summed(_p: Inputs) {
    cover("sum", sum(Vec::<Unsigned>::new()).any()); //~ L016
}

fn not_one_bit(p: Inputs) {
    cover("bit", p.b.as_bit()); //~ L010
}

fn literal_above_signed(p: Inputs) {
    cover("above", p.b.as_signed().lt(8)); //~ L011
}

fn too_many_bits(_p: Inputs) {
    let wide = reg(unsigned(2_000_000)); //~ L012
    wide.set(wide);
}

fn nothing_selected(p: Inputs) {
    cover("none", p.a.slice(0, 0).any()); //~ L013
}

fn truncated_to_nothing(p: Inputs) {
    cover("none", p.a.truncate(0).any()); //~ L014
}

fn expression_set(p: Inputs) {
    (p.a & 1).set(3); //~ L021
}

fn crossing_of_a_wire(p: Inputs) {
    let now = wire(bit()).crossing(); //~ L027
    now.drive(p.c);
    cover("now", now);
}

fn init_not_constant(p: Inputs) {
    let held = reg(bit()).init(p.c); //~ L028
    held.set(held);
}

fn address_too_narrow(p: Inputs) {
    let ram = memory(unsigned(8), 1024).init([1]);
    cover("word", ram.read(p.a).any()); //~ L052
}

fn condition_of_another_module(p: Inputs) {
    thread_local!(static BIT: std::cell::Cell<Option<Bit>> = const { std::cell::Cell::new(None) });
    BIT.set(Some(p.c));
    let user: fn(Inputs) = |p| {
        let held = reg(unsigned(8)).reset(0);
        let outer = BIT.get().expect("it was put there above");
        when(outer, || held.set(p.a)); //~ L002
        cover("held", held.any());
    };
    Inputs::given(p, instance(Case(user), "user"));
}

fn all_at_once(p: Inputs) {
    let sum = p.a & p.b; //~ L010
    let poisoned = sum + 1;
    cover("no fault follows from poison", poisoned.eq(3));
    cover("bit", p.a.bit(9)); //~ L013
    p.c.drive(true); //~ L020
}
