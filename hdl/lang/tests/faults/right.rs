//! One body for each right example of `explain`: none has a fault.

use super::cases::{Average, Job, Producer};
use super::{Case, Inputs};
use olivine_lang::prelude::*;

/// Every body.
pub const BODIES: &[fn(Inputs)] = &[
    held_and_summed,
    through_ports,
    shapes_of_signals,
    parts_and_literals,
    vectors,
    wires,
    registers,
    placed,
    memories,
    machine,
    connected,
    crossed,
    probed,
    one_edge_each,
    pipelined,
];

fn held_and_summed(p: Inputs) {
    let held = reg(unsigned(8)).reset(0);
    held.set(p.a);
    cover("sum", (p.a + held).any());
    let sum = reg(unsigned(8)).reset(0);
    sum.set(sum.wrapping_add(p.a));
    let index = reg(unsigned(index_width(1))).reset(0);
    index.set(p.c.as_unsigned());
    cover("index", index.any());
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Both;

#[derive(Ports)]
struct BothPorts {
    x: In<Bit>,
    y: In<Bit>,
}

impl Module for Both {
    type Ports = BothPorts;

    fn ports(&self) -> BothPorts {
        BothPorts { x: bit(), y: bit() }
    }

    fn build(&self, p: BothPorts) {
        cover("both", p.x & p.y);
    }
}

fn through_ports(p: Inputs) {
    let inner = instance(Both, "inner");
    inner.x.drive(p.c);
    inner.y.drive(p.a.any());
}

fn shapes_of_signals(p: Inputs) {
    let copy = reg(p.a.shape());
    copy.set(p.a);
    cover("copy", copy.any());
    let same = p.a.eq(p.b.extend(8));
    cover("same", same);
}

fn parts_and_literals(p: Inputs) {
    cover("large", p.b.eq(15));
    cover("bits", p.a.slice(5, 3).any());
    cover("short", p.a.truncate(4).any());
    cover("nothing", cat(vec![p.c]).any());
}

fn vectors(p: Inputs) {
    let list = wire(vec![unsigned(8); 3]);
    list.drive(vec![p.a; 3]);
    cover("list", list[0].any());
}

fn wires(p: Inputs) {
    let now = wire(unsigned(8));
    now.drive(0);
    when(p.c, || now.drive(p.a));
    cover("now", now.any());
    let now = wire(unsigned(8));
    now.drive(p.a);
    cover("now, too", now.any());
    let now = wire(bit());
    now.drive(undefined(bit()));
    cover("any value", now);
    let now = wire(unsigned(8)).named("now");
    when(p.c, || now.drive(p.a)).otherwise(|| now.drive(0));
    cover("one or the other", now.any());
}

fn registers(p: Inputs) {
    let held = reg(unsigned(8));
    held.set(p.a);
    cover("held", held.any());
    let still = constant(unsigned(8), 3);
    cover("still", still.any());
    let lost = reg((unsigned(8), bit()));
    lost.set((p.a, p.c));
    unused(lost);
    let now = reg(bit()).reset(false);
    now.set(p.c);
    cover("now", now);
    let held = reg(unsigned(8)).reset(0);
    when(p.c, || held.set(p.a));
    cover("held from a signal", held.any());
}

/// A tree of modules that ends at one leaf.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Tree {
    leaves: u32,
}

impl Module for Tree {
    type Ports = BothPorts;

    fn ports(&self) -> BothPorts {
        BothPorts { x: bit(), y: bit() }
    }

    fn build(&self, p: BothPorts) {
        cover("both", p.x & p.y);
        if self.leaves > 1 {
            for half in ["left", "right"] {
                let inner = instance(Tree { leaves: self.leaves / 2 }, half);
                inner.x.drive(p.x);
                inner.y.drive(p.y);
            }
        }
    }
}

#[module]
fn InOrder() {
    let x: In<Bit> = bit();
    let held = reg(bit()).reset(false);

    held.set(x);
    cover("held", held);
}

fn placed(p: Inputs) {
    let some = instances(Both, [1, 4], "some");
    for (r, c) in some.indices() {
        some[r][c].x.drive(p.c);
        some[r][c].y.drive(p.c);
    }
    let inner = instance(Both, "inner");
    inner.x.drive(p.c);
    inner.y.drive(p.c);
    instance(InOrder, "in_order").x.drive(p.c);
    let tree = instance(Tree { leaves: 4 }, "tree");
    tree.x.drive(p.c);
    tree.y.drive(p.c);
    let average = instance(Average { of: 4 }, "average");
    Inputs::given(p, average);
}

fn memories(p: Inputs) {
    let ram = memory(unsigned(8), 16).init([1, 2, 3]);
    let mask = constant(unsigned(2), 1);
    ram.write_masked(p.b, p.a, mask);
    cover("byte", ram.read(p.b).any());
    let rom = memory(unsigned(8), 4).init([1, 2, 3]);
    cover("small", rom.read(p.b.truncate(2)).any());
    let rom = memory(unsigned(8), 16).init([1, 2, 3]);
    cover("word", rom.read(p.a.truncate(4)).any());
}

fn machine(p: Inputs) {
    let s = state(Job::Idle).with(Job::Busy { left: unsigned(8) });
    s.each(|now| match now {
        Job::Idle => when(p.c, || s.set(Job::Busy { left: p.a })).end(),
        Job::Busy { left } => {
            when(left.eq(0), || s.set(Job::Idle))
                .otherwise(|| s.set(Job::Busy { left: left.wrapping_sub(1) }));
        }
    });
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Consumer;

#[derive(Ports)]
struct ConsumerPorts {
    taken: Sink<Unsigned>,
}

impl Module for Consumer {
    type Ports = ConsumerPorts;

    fn ports(&self) -> ConsumerPorts {
        ConsumerPorts { taken: stream(unsigned(8)) }
    }

    fn build(&self, p: ConsumerPorts) {
        p.taken.ready.drive(p.taken.valid & p.taken.payload.any());
    }
}

fn connected(_p: Inputs) {
    let (left, right) = (instance(Producer, "left"), instance(Consumer, "right"));
    connect(left, right.taken);
}

const FAST: Domain = Domain::new("fast");

fn crossed(p: Inputs) {
    let flag = in_domain(FAST, || reg(bit()).reset(false));
    flag.set(p.c);
    let settling = reg(bit()).reset(false).crossing();
    settling.set(flag);
    let taken = reg(bit()).reset(false);
    taken.set(settling);
    cover("taken", taken);
}

fn probed(_p: Inputs) {
    black_box("ACME_PROBE").pin("A", "a").pin("B", "b").pin("C", "c");
}

fn one_edge_each(p: Inputs) {
    let early = in_domain(FAST, || reg(bit()).reset(false));
    let late = in_domain(Domain::new("late").falling(), || reg(bit()).reset(false));
    let soon = in_domain(Domain::new("soon").asynchronous_reset(), || reg(bit()).reset(false));
    early.set(p.c);
    late.set(p.a.any());
    soon.set(p.b.any());
    cover("all", early & late & soon);
}

fn pipelined(p: Inputs) {
    let mac = pipeline("mac");
    let (a, b) = mac.enter((p.a, p.b));
    let product = mac.stage(a * b);
    let sum = product + mac.stage(b);
    cover("sum", mac.exit(sum, 1).any());
    let held = mac.exit(mac.stage(a), 1);
    cover("held", held.any());
    let table = memory(unsigned(8), 16).init([1, 2, 3]);
    let lookup = pipeline("lookup").advancing_when(p.c);
    let b = lookup.enter(p.b);
    let word = lookup.exit(table.read_sync_when(p.c, b), 1);
    cover("word", word.any());
}

/// The bodies have [`Case`] for their module.
pub fn elaborated() -> impl Iterator<Item = Result<Design, Faults>> {
    BODIES.iter().map(|body| elaborate(Case(*body)))
}
