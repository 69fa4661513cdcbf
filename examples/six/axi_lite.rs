//! A bank of registers behind AXI4-Lite, written out; [`super::axi_lite_ready`] is the same of the
//! library's.

use olivine::blocks::bus::axi_lite::{AxiLite, AxiLiteDone, AxiLiteRead, AxiResponse, axi_lite};
use olivine::prelude::*;

/// `n` registers of 32 bits, a power of two.
#[module]
pub fn RegisterBank(n: usize) {
    let bus: Flipped<AxiLite> = axi_lite(index_width(n) + 2, 32);
    let registers: Out<Vec<Unsigned>> = reg(vec![unsigned(32); n]).reset(0);

    let index = |address: Unsigned| address.slice(2, index_width(n));
    // Address and data are taken together, when the answer to the last write has gone.
    let answered = reg(bit()).reset(false);
    let write = bus.aw.valid & bus.w.valid & (!answered | bus.b.ready);
    bus.aw.ready.drive(write);
    bus.w.ready.drive(write);
    when(write, || answered.set(true)).otherwise_when(bus.b.ready, || answered.set(false));
    let okay = constant(enumeration(), AxiResponse::Okay);
    bus.b.offer(answered, AxiLiteDone { resp: okay });
    let mask = cat(bus.w.payload.strb.bits().iter().map(|b| b.repeat(8)).collect::<Vec<_>>());
    for (i, word) in registers.iter().enumerate() {
        when(write & index(bus.aw.payload.addr).eq(i), || {
            word.set((*word & !mask) | (bus.w.payload.data & mask));
        });
    }

    let (found, data) = (reg(bit()).reset(false), reg(unsigned(32)));
    bus.ar.ready.drive(!found | bus.r.ready);
    when(bus.r.ready, || found.set(false));
    when(bus.ar.transfer(), || {
        found.set(true);
        data.set(select(index(bus.ar.payload.addr), &registers));
    });
    bus.r.offer(found, AxiLiteRead { data, resp: okay });
    bus.b.assert_rules("b");
    bus.r.assert_rules("r");
}
