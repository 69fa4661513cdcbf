//! [`Access`]: what a register bank sees of its bus, whichever it is.

use super::Rules;
use olivine_lang::prelude::*;

/// Accesses of single words, as the front of a bus makes them. One read and one write can happen
/// in each cycle.
///
/// *Behaviour*: in a cycle with `read`, `read_data` and `read_fault` are the answer, at once. In a
/// cycle with `write`, the bytes of `write_strobe` are to be written at the coming edge, unless
/// `write_fault` refuses them, at once. Without `read` and `write` the rest means nothing.
#[derive(Clone, Copy, Debug, Ports)]
pub struct Access {
    /// A word is read.
    pub read: Out<Bit>,
    /// Which, counted in words.
    pub read_index: Out<Unsigned>,
    /// What it holds.
    pub read_data: In<Unsigned>,
    /// There is no such word, or it cannot be read.
    pub read_fault: In<Bit>,
    /// A word is written.
    pub write: Out<Bit>,
    /// Which, counted in words.
    pub write_index: Out<Unsigned>,
    /// With what.
    pub write_data: Out<Unsigned>,
    /// Bit `i`: byte `i` is written.
    pub write_strobe: Out<Unsigned>,
    /// There is no such word, or it cannot be written.
    pub write_fault: In<Bit>,
}

/// The shape of accesses of words of `data` bits, with indices of `index` bits.
pub fn access(index: u32, data: u32) -> Access {
    let (index, data) = (unsigned(index), unsigned(data));
    Access {
        read: bit(),
        read_index: index,
        read_data: data,
        read_fault: bit(),
        write: bit(),
        write_index: index,
        write_data: data,
        write_strobe: unsigned(data.width() / 8),
        write_fault: bit(),
    }
}

/// The ports of a front.
#[derive(Ports)]
pub struct FrontPorts<L: Ports> {
    /// The bus.
    pub bus: Flipped<L>,
    /// The registers behind it.
    pub access: Access,
}

/// The front of a bus: what a [`RegisterBank`](super::RegisterBank) can stand behind.
pub trait RegisterBus: Module<Ports = FrontPorts<Self::Link>> {
    /// The record of the bus.
    type Link: Ports + Copy;

    /// The rules of the bus; those of the subordinate are kept.
    fn rules(link: &Self::Link) -> Rules;
}

/// Whether words of `data` bits have addresses of `address` bits that reach more than a word.
pub(super) fn check_widths(address: u32, data: u32) -> Result<(), String> {
    let bytes = data / 8;
    if data == 0 || !data.is_multiple_of(8) || !bytes.is_power_of_two() {
        return Err(format!("words of {data} bits: give 8, 16, 32, 64, …"));
    }
    if address <= bytes.trailing_zeros() || address > 64 {
        let least = bytes.trailing_zeros() + 1;
        return Err(format!("addresses of {address} bits: give {least} to 64"));
    }
    Ok(())
}

/// The width of a word's index, of a byte address of `address` bits.
pub(super) fn word_index_width(address: u32, data: u32) -> u32 {
    address.saturating_sub((data / 8).max(1).trailing_zeros()).max(1)
}

/// The index of the word that holds the byte at `address`.
#[track_caller]
pub(super) fn word_index(address: Unsigned, data: u32) -> Unsigned {
    address >> (data / 8).max(1).trailing_zeros()
}
