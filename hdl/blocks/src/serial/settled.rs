//! Lines that belong to no clock of ours.

use olivine_lang::prelude::*;

/// Through two registers, which begin with this value.
#[named]
pub(super) fn settled(line: Bit, at_rest: bool) -> Bit {
    let (unsettled, settled) = (reg(bit()).reset(at_rest), reg(bit()).reset(at_rest));
    unsettled.set(line);
    settled.set(unsettled);
    settled
}
