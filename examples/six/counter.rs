//! A counter.

use olivine::prelude::*;

/// Counts enabled cycles modulo `limit`.
#[module]
pub fn Counter(limit: u64) {
    let enable: In<Bit> = bit();
    let count: Out<Unsigned> = reg(unsigned(bits_for(limit - 1))).reset(0);
    let wraps: Out<Bit> = bit();

    let last = count.eq(limit - 1);
    when(enable, || count.set(mux(last, 0, count.wrapping_add(1))));
    wraps.drive(enable & last);
}
