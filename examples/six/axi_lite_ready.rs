//! A bank of registers behind AXI4-Lite, of what the library has.

use olivine::blocks::bus::axi_lite::{AxiLite, axi_lite};
use olivine::blocks::bus::{self, AxiLiteFront};
use olivine::prelude::*;

/// `n` registers of 32 bits.
#[module]
pub fn ReadyBank(n: usize) {
    let address = index_width(n) + 2;
    let bus: Flipped<AxiLite> = axi_lite(address, 32);
    let registers: Out<Vec<Unsigned>> = vec![unsigned(32); n];

    let front = AxiLiteFront { address, data: 32 };
    let bank = instance(bus::RegisterBank { bus: front, registers: n }, "bank");
    connect(bus, bank.bus);
    registers.drive(bank.values);
}
