//! Lines that belong to no clock of ours.

use olivine_lang::prelude::*;

/// Through two registers, which begin with this value. The name is for the property that says so.
#[named]
pub(super) fn settled(name: &str, line: Bit, at_rest: bool) -> Bit {
    let (unsettled, settled) = (reg(bit()).reset(at_rest), reg(bit()).reset(at_rest));
    unsettled.set(line);
    settled.set(unsettled);
    let rest = if at_rest { 0b11 } else { 0 };
    let seen = reg(unsigned(2)).reset(rest);
    seen.set(cat((line, seen)).truncate(2));
    always(format!("{name} is seen two cycles later"), settled.eq(seen.top_bit()));
    settled
}
