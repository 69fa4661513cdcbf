//! Forms that the attribute refuses; all are told at once.
use olivine_lang::prelude::*;

#[module]
pub fn WithSelf(&self) {} //~ without `self`

#[module]
pub fn Returning(a: u32) -> Unsigned { //~ a module returns nothing
    unsigned(a)
}

#[module]
pub fn Borrowing(taps: &[i64]) {} //~ a module owns its parameters

#[module]
pub fn Unnamed(of: impl Shape) {} //~ the type of a parameter has a name

#[module]
pub fn Patterned((a, b): (u32, u32)) {} //~ a parameter of a module is a name

#[module]
pub async fn Waiting() {} //~ a module is a plain `fn`

#[module(fast)] //~ takes no arguments
pub fn Argued() {}

#[module]
pub fn Shapeless() {
    let a: In<Bit>; //~ a port needs its shape: `let a: .. = unsigned(8);`
}

#[module]
pub fn Late() {
    let a: In<Bit> = bit();
    cover("a", a);
    let y: Out<Bit> = bit(); //~ a port stands before all other statements
    y.drive(a);
}

#[module]
pub fn Held() {
    let a: In<Bit> = reg(bit()); //~ only an `Out<..>` can be a register
    cover("a", a);
}

#[module]
pub fn Taken() {
    let (a, b): In<(Bit, Bit)> = (bit(), bit()); //~ a port is a name
    cover("a", a & b);
}

#[module]
pub fn Apart() {
    let [a, b]: In<[Bit; 2]> = [bit(); 2]; //~ ports of one pattern are an array
    cover("a", a & b);
}

#[derive(Clone, State)]
#[encoding(onehot)] //~ say `#[encoding(binary)]`, `#[encoding(one_hot)]` or `#[encoding(gray)]`
pub enum Misspelt {
    Idle,
    Busy,
}
