//! Three typical mistakes; what is said of them stands in the guide.

use olivine::prelude::*;

/// A sum that is wider than the register.
#[module]
pub fn TooWide() {
    let go: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(8)).reset(0);

    when(go, || count.set(count + 1));
}

/// An output without a value in some case.
#[module]
pub fn Forgotten() {
    let go: In<Bit> = bit();
    let count: Out<Unsigned> = unsigned(8);

    when(go, || count.drive(1));
}

/// A value that depends on itself at once.
#[module]
pub fn Circle() {
    let go: In<Bit> = bit();
    let next: Out<Unsigned> = unsigned(8);

    let sum = next.wrapping_add(1);
    next.drive(mux(go, sum, 0));
}
