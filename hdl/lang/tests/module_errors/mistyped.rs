//! Mistakes that rustc finds; each stands where its author wrote it.
use olivine_lang::prelude::*;

#[module]
pub fn WrongShape() {
    let a: In<Bit> = unsigned(8); //~ mismatched types
    cover("a", a);
}

#[module]
pub fn WrongReset() {
    let a: In<Unsigned> = unsigned(8);
    let held: Out<Unsigned> = reg(unsigned(8)).reset(false); //~ not a `olivine_lang::Unsigned` and no literal
    held.set(a);
}

#[module]
pub fn WrongOperand(n: u32) {
    let a: In<Unsigned> = unsigned(n);
    let y: Out<Bit> = bit();
    y.drive(a); //~ not a `olivine_lang::Bit` and no literal
}

#[module]
pub fn NoSuchName() {
    let a: In<Bit> = bit();
    cover("b", b); //~ cannot find value `b`
    cover("a", a);
}
