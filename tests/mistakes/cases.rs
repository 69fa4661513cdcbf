//! Mistakes of who asks for a proof. The line that is to be blamed ends in `// <- CODE`.

use super::{Case, bmc, case, kind, text};
use olivine::formal::{Engine, Options};
use olivine::lang::prelude::*;
use std::time::Duration;

#[module]
fn Contradiction() {
    let a: In<Bit> = bit();
    assume("it comes", a); // <- P020
    assume("it does not come", !a);
    cover("something is", a);
}

#[module]
fn Impossible() {
    let a: In<Unsigned> = unsigned(2);
    let seen: Out<Bit> = bit();
    seen.drive(a.eq(3));
    assume("less than one and more than two", a.lt(1) & a.gt(2)); // <- P020
    always("it is not seen", !seen);
}

#[module]
fn DeadEnd() {
    let count: Out<Unsigned> = reg(unsigned(3)).reset(0);
    let enable: In<Bit> = bit();
    count.set(count.wrapping_add(1));
    assume("it stays small", count.lt(3) | (enable & !enable)); // <- P020
    always("it is less than three", count.lt(3));
}

#[module]
fn WrongReset() {
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(2)).reset(3);
    when(enable, || count.set(mux(count.ge(2), 0, count.wrapping_add(1))));
    always("it is less than three", count.lt(3)); // <- P024
}

#[module]
fn NoReset() {
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(2));
    when(enable, || count.set(mux(count.ge(2), 0, count.wrapping_add(1))));
    always("it is less than three", count.lt(3)); // <- P025
}

#[module]
fn NeverConditional() {
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(2)).reset(0);
    when(enable, || count.set(mux(count.ge(2), 0, count.wrapping_add(1))));
    always("three is followed by nothing", count.eq(3).implies(!enable)); // <- W020
}

#[module]
fn UnderResetAlone() {
    let enable: In<Bit> = bit();
    let booting: Out<Bit> = reg(bit()).init(true);
    booting.set(false);
    always("nothing is enabled while booting", booting.implies(!enable)); // <- W021
}

#[module]
fn Unreachable() {
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(2)).reset(0);
    when(enable, || count.set(mux(count.ge(2), 0, count.wrapping_add(1))));
    cover("three", count.eq(3)); // <- P022
}

#[module]
fn KeptAway() {
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(2)).reset(0);
    when(enable, || count.set(count.wrapping_add(1)));
    assume("nothing is enabled", !enable);
    cover("three", count.eq(3)); // <- P023
}

#[module]
fn SaysNothing() {
    let a: In<Bit> = bit();
    let b: Out<Bit> = bit();
    b.drive(!a);
    always("one of the two", a | b); // <- W022
}

#[module]
fn NeverHolds() {
    let a: In<Bit> = bit();
    let b: Out<Bit> = bit();
    b.drive(!a);
    always("both", a & b); // <- W022
}

#[module]
fn AboutItself() {
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(2)).reset(0);
    when(enable, || count.set(count.wrapping_add(1)));
    assume("it never reaches three", count.ne(3)); // <- W023
    always("it is less than three", count.lt(3));
}

#[module]
fn AboutAnOutput() {
    let enable: In<Bit> = bit();
    let full: Out<Bit> = bit();
    let level = reg(unsigned(2)).reset(0);
    when(enable, || level.set(level.wrapping_add(1)));
    full.drive(level.eq(3));
    assume("it is never full", !full); // <- W023
    always("there is room", level.lt(3));
}

#[module]
fn Trusting() {
    let a: In<Bit> = bit();
    let b: Out<Bit> = bit();
    b.drive(a);
    assume("it does not come", !a); // <- P028
}

#[module]
fn TrustingInside() {
    let a: In<Bit> = bit();
    let b: Out<Bit> = bit();
    let inner = instance(Trusting, "inner");
    inner.a.drive(a);
    b.drive(inner.b);
    always("it does not come", !b);
}

#[module]
fn OptimizedAway() {
    let a: In<Bit> = bit();
    let y: Out<Bit> = bit();
    let mode = reg(bit()).reset(false);
    mode.set(mode);
    y.drive(a & mode);
    always("in that mode nothing comes", mode.implies(!y)); // <- W026
}

#[module]
fn TooShallow() {
    let y: Out<Unsigned> = reg(unsigned(4)).reset(0);
    let step: In<Bit> = bit();
    when(step, || y.set(mux(y.eq(5), 0, y.wrapping_add(1))));
    always("nine is never", y.ne(9)); // <- P034 P035
}

#[module]
fn Product() {
    let a: In<Unsigned> = unsigned(24);
    let b: In<Unsigned> = unsigned(24);
    let y: Out<Unsigned> = unsigned(48);
    y.drive(a * b);
    always("it has no factors", y.ne(PRIME)); // <- P030 P031 P035
}

#[module]
fn Chain() {
    let a: In<Unsigned> = unsigned(16);
    let y: Out<Unsigned> = reg(unsigned(16)).reset(0);
    y.set((y ^ a).wrapping_add(y));
    always("it is not all ones", y.ne(65535)); // <- P032
}

#[module]
fn Large() {
    let a: In<Unsigned> = unsigned(6);
    let data: In<Unsigned> = unsigned(8);
    let y: Out<Unsigned> = unsigned(8);
    let words = memory(unsigned(8), 64);
    words.write(a, data);
    y.drive(words.read(a));
    always("it is never all ones", y.ne(255)); // <- P033
}

#[module]
fn OutOfRange() {
    let a: In<Unsigned> = unsigned(2);
    let y: Out<Bit> = bit();
    let words = memory(bit(), 3).init([0; 3]);
    when(a.eq(0), || words.write(a, false));
    y.drive(words.read(a));
    always("nothing is there", !y); // <- P026
}

#[module]
fn Unfair() {
    let a: In<Bit> = bit();
    let gone: Out<Bit> = reg(bit()).reset(false);
    when(a, || gone.set(true));
    assume("it comes at once", past_valid() | a);
    assume_again("it is there again", !gone); // <- P021
    always_again("it comes", a);
}

#[module]
fn NothingWaits() {
    let a: In<Bit> = bit();
    let served: Out<Bit> = bit();
    served.drive(a);
    answered("every request is served", a, served); // <- W027
}

#[module]
fn WaitsForNothing() {
    let a: In<Bit> = bit();
    let busy: Out<Bit> = reg(bit()).reset(false);
    when(a & busy, || busy.set(true));
    answered("who is busy comes to an end", busy, !busy & a); // <- W027
    cover("it comes", a);
}

#[module]
fn NobodyIsReady() {
    let ready: In<Bit> = bit();
    let waiting: Out<Bit> = reg(bit()).reset(true);
    when(ready, || waiting.set(false));
    always_again("what waits leaves", !waiting); // <- P027
}

#[module] // <- P001
fn NoProperty() {
    let a: In<Bit> = bit(); // anywhere
    let y: Out<Bit> = bit();
    y.drive(a);
}

#[module] // <- P002 P003
fn One() {
    let a: In<Bit> = bit();
    cover("it comes", a);
}

/// All of them.
pub fn all() -> Vec<Case> {
    let second = Some(Duration::from_millis(300));
    let short = |engine| Options { engine, time_limit: second, ..Options::default() };
    let plain = Options::default;
    vec![
        case("contradictory assumptions", "P020", Contradiction, plain()),
        case("an assumption that cannot hold", "P020", Impossible, plain()),
        case("an assumption that ends every run", "P020", DeadEnd, plain()),
        case("a wrong reset value", "P024", WrongReset, plain()),
        case("no reset value", "P025", NoReset, plain()),
        case("a condition that cannot hold", "W020", NeverConditional, plain()),
        case("a condition that holds under reset alone", "W021", UnderResetAlone, plain()),
        case("a cover that cannot be reached", "P022", Unreachable, plain()),
        case("a cover that assumptions forbid", "P023", KeptAway, plain()),
        case("an assertion that says nothing", "W022", SaysNothing, plain()),
        case("an assertion that cannot hold", "W022", NeverHolds, plain()),
        case("an assumption about a register", "W023", AboutItself, plain()),
        case("an assumption about an output", "W023", AboutAnOutput, plain()),
        case("an assumption of a placed module", "P028", TrustingInside, plain()),
        case("a signal that is optimized away", "W026", OptimizedAway, plain()),
        case("k is too small", "P034", TooShallow, kind(1)),
        case("an engine that proves nothing", "P034", TooShallow, bmc(4)),
        case("too many patterns", "P035", Product, short(Engine::Exhaust)),
        case("too little time", "P030", Product, short(Engine::Auto)),
        case(
            "too little memory",
            "P031",
            Product,
            Options { memory_limit: Some(1 << 20), ..plain() },
        ),
        case("too many gates", "P032", Chain, Options { gates_max: 10, ..kind(50) }),
        case("too much memory inside", "P033", Large, Options { memory_bits_max: 100, ..plain() }),
        case(
            "sweeping of one design",
            "P035",
            TooShallow,
            Options { engine: Engine::Sweep, ..plain() },
        ),
        case("a memory read beyond its end", "P026", OutOfRange, plain()),
        case("fairness that no run keeps", "P021", Unfair, plain()),
        case("a request that is served at once", "W027", NothingWaits, plain()),
        case("a request that never comes", "W027", WaitsForNothing, plain()),
        case("nobody is asked to be ready", "P027", NobodyIsReady, plain()),
        case("nothing to prove", "P001", NoProperty, plain()),
        case(
            "a property that does not exist",
            "P002",
            One,
            Options {
                properties: olivine::formal::Selection::Named(vec!["it goes".to_string()]),
                ..plain()
            },
        ),
        case("a depth of nothing", "P003", One, Options { depth: 0, ..plain() }),
        text(
            "a property of two bits",
            "N022",
            "domain rising\n  input a : 2\n  a : 2 = input a\n  assert \"wide\" a @0:7:3",
        ),
        text(
            "a property without a clock",
            "parse",
            "input a : bit\n  a : bit = input a\n  assert \"when\" a @0:6:3",
        ),
        text(
            "two properties of one name",
            "N011",
            "domain rising\n  input a : bit\n  a : bit = input a\n  cover \"it\" a @0:7:3\n  cover \"it\" a @0:8:3",
        ),
        text(
            "a property of another clock",
            "W025",
            "domain rising\n  domain slow rising\n  register r : bit reset 1'h0 @0:6:3\n    set n\n  r : bit = register r\n  n : bit = not(r)\n  cover \"it is seen\" r in slow @0:10:3",
        ),
    ]
}

/// Which no two factors of 24 bits give.
const PRIME: u64 = (1 << 47) - 115;
