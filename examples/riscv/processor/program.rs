//! The compiled program.

/// Words of memory that it needs.
pub const WORDS: usize = 16_384;

/// `program/work.c`, compiled by `program/build` into words, eight hexadecimal digits a line.
pub fn words() -> Vec<u32> {
    let lines = include_str!("program/work.hex").lines();
    lines.map(|line| u32::from_str_radix(line, 16).expect("hexadecimal words")).collect()
}
