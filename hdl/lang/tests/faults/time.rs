//! As `cases.rs`: clock domains and pipelines.

use super::Inputs;
use super::cases::SilentPorts;
use olivine_lang::prelude::*;

/// Every case in order.
pub const CASES: &[fn(Inputs)] = &[
    crossing_of_a_bit,
    crossing_into_a_condition,
    crossing_into_an_instance,
    crossing_of_words,
    crossing_into_a_memory,
    input_of_two_domains,
    domain_of_two_edges_and_two_resets,
    domain_of_two_levels,
    instance_on_another_edge,
    instance_with_another_reset,
    stages_meet,
    stages_meet_in_a_choice,
    stages_after_a_read,
    two_pipelines_meet,
    latency_misjudged,
    exit_without_entry,
    a_read_that_does_not_stall,
    a_read_that_stalls_alone,
];

const FAST: Domain = Domain::new("fast");

fn crossing_of_a_bit(p: Inputs) {
    let flag = in_domain(FAST, || reg(bit()).reset(false));
    flag.set(p.c);
    let taken = reg(bit()).reset(false); //~ L090
    taken.set(flag);
    cover("taken", taken);
}

fn crossing_into_a_condition(p: Inputs) {
    let enable = in_domain(FAST, || delay(p.c, 1));
    let count = reg(unsigned(8)).reset(0).named("count"); //~ L090
    when(enable, || count.set(count.wrapping_add(p.a)));
    cover("count", count.any());
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Delayed;

impl Module for Delayed {
    type Ports = SilentPorts;

    fn ports(&self) -> SilentPorts {
        SilentPorts { x: bit(), y: bit() }
    }

    fn build(&self, p: SilentPorts) {
        p.y.drive(delay(p.x, 1)); //~ L090
    }
}

fn crossing_into_an_instance(p: Inputs) {
    let near = instance(Delayed, "near");
    near.x.drive(p.c);
    let far = in_domain(FAST, || instance(Delayed, "far"));
    far.x.drive(near.y);
    cover("far", far.y);
}

fn crossing_of_words(p: Inputs) {
    let ram = memory(unsigned(8), 16).named("ram");
    in_domain(FAST, || ram.write(p.b, p.a));
    let word = reg(unsigned(8)).named("word"); //~ L090
    word.set(ram.read(0));
    cover("word", word.any());
}

fn crossing_into_a_memory(p: Inputs) {
    let data = in_domain(FAST, || delay(p.a, 1));
    let ram = memory(unsigned(8), 16).named("ram");
    ram.write(0, data); //~ L090
    cover("word", ram.read(0).any());
}

fn input_of_two_domains(p: Inputs) {
    let here = delay(p.c, 1);
    let there = in_domain(FAST, || delay(p.c, 1)); //~ L090
    cover("both", here & there);
}

fn domain_of_two_edges_and_two_resets(p: Inputs) {
    let early = in_domain(FAST, || reg(bit()).reset(false));
    let late = in_domain(FAST.falling(), || reg(bit()).reset(false)); //~ L091
    let soon = in_domain(FAST.asynchronous_reset(), || reg(bit()).reset(false)); //~ L091
    early.set(p.c);
    late.set(p.c);
    soon.set(p.c);
    cover("all", early & late & soon);
}

fn domain_of_two_levels(p: Inputs) {
    let late = in_domain(Domain::MAIN.active_low(), || delay(p.c, 1));
    let early = delay(p.c, 1); //~ L091
    in_domain(Domain::MAIN.active_low(), || cover("both", early & late));
}

/// Says of its own domain what only some others are.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Particular(Domain);

impl Module for Particular {
    type Ports = SilentPorts;

    fn ports(&self) -> SilentPorts {
        SilentPorts { x: bit(), y: bit() }
    }

    fn build(&self, p: SilentPorts) {
        p.y.drive(in_domain(self.0, || delay(p.x, 1)));
    }
}

fn instance_on_another_edge(p: Inputs) {
    let fits = in_domain(FAST, || instance(Particular(Domain::MAIN), "fits"));
    fits.x.drive(p.c);
    let late = in_domain(FAST, || instance(Particular(Domain::MAIN.falling()), "late")); //~ L091
    late.x.drive(p.c);
    cover("both", fits.y & late.y);
}

fn instance_with_another_reset(p: Inputs) {
    let calm = instance(Particular(FAST), "calm");
    calm.x.drive(p.c);
    let hasty = instance(Particular(FAST.asynchronous_reset()), "hasty"); //~ L091
    hasty.x.drive(p.c);
    cover("both", calm.y & hasty.y);
}

fn stages_meet(p: Inputs) {
    let mac = pipeline("mac");
    let (a, b) = mac.enter((p.a, p.b));
    let product = mac.stage(a * b);
    let sum = product + b; //~ L100
    cover("sum", sum.any());
}

fn stages_meet_in_a_choice(p: Inputs) {
    let choice = pipeline("choice");
    let (a, b, c) = choice.enter((p.a, p.b.extend(8), p.c));
    let chosen = mux(c, choice.stage(a), choice.stage(b)); //~ L100
    cover("chosen", chosen.any());
}

fn stages_after_a_read(p: Inputs) {
    let lookup = pipeline("lookup");
    let (a, b) = lookup.enter((p.a, p.b));
    let table = memory(unsigned(8), 16).init([1, 2, 3]);
    let sum = table.read_sync(b) + a; //~ L100
    cover("sum", sum.any());
}

fn two_pipelines_meet(p: Inputs) {
    let (first, second) = (pipeline("first"), pipeline("second"));
    let both = first.enter(p.c) & second.enter(p.c); //~ L100
    cover("both", both);
}

fn latency_misjudged(p: Inputs) {
    let mac = pipeline("mac");
    let a = mac.enter(p.a);
    let held = mac.exit(mac.stage(a), 2); //~ L101
    cover("held", held.any());
}

fn exit_without_entry(p: Inputs) {
    let mac = pipeline("mac");
    let held = mac.exit(delay(p.a, 1), 1); //~ L101
    cover("held", held.any());
}

fn a_read_that_does_not_stall(p: Inputs) {
    let lookup = pipeline("lookup").advancing_when(p.c);
    let b = lookup.enter(p.b);
    let table = memory(unsigned(8), 16).init([1, 2, 3]);
    let word = lookup.exit(table.read_sync(b), 1); //~ L102
    cover("word", word.any());
}

fn a_read_that_stalls_alone(p: Inputs) {
    let lookup = pipeline("lookup");
    let b = lookup.enter(p.b);
    let table = memory(unsigned(8), 16).init([1, 2, 3]);
    let word = lookup.exit(table.read_sync_when(p.c, b), 1); //~ L102
    cover("word", word.any());
}
