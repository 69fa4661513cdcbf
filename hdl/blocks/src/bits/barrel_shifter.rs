//! [`BarrelShifter`].

use olivine_lang::prelude::*;

/// How a [`BarrelShifter`] shifts.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Shift {
    /// Towards the most significant bit, zeros enter.
    Left,
    /// Towards the least significant bit, zeros enter.
    Right,
    /// Towards the least significant bit, copies of the sign enter.
    Arithmetic,
    /// Towards the most significant bit, what leaves enters again.
    RotateLeft,
    /// Towards the least significant bit, what leaves enters again.
    RotateRight,
}

impl Shift {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Left, Self::Right, Self::Arithmetic, Self::RotateLeft, Self::RotateRight];
}

/// Shifts a word by a variable amount, in stages of powers of two.
///
/// ```text
///            +---------------+
///   value -->| BarrelShifter |--> shifted
///  amount -->|               |
///            +---------------+
/// ```
///
/// *Parameters*: `width`, at least 1; `shift`, how.
///
/// *Ports*: see [`BarrelShifterPorts`].
///
/// *Behaviour*: `shifted` is `value` shifted `amount` times by one place.
///
/// *Timing*: combinational: one multiplexer for each bit of `amount`.
///
/// *Undefined*: nothing; amounts at or above the width shift everything out, or rotate modulo the
/// width.
///
/// *Verification*: proved for all ways and several widths to be the shift of the language, rotation
/// as two of them.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{BarrelShifter, Shift};
///
/// let mut bench = Bench::new(BarrelShifter { width: 8, shift: Shift::RotateLeft });
/// bench.run(1, |p, _| {
///     p.value.poke(0b1100_0001u8);
///     p.amount.poke(3u8);
///     assert_eq!(p.shifted.peek(), 0b0000_1110);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct BarrelShifter {
    /// Bits of the word.
    pub width: u32,
    /// How it shifts.
    pub shift: Shift,
}

/// The ports of [`BarrelShifter`].
#[derive(Ports)]
pub struct BarrelShifterPorts {
    /// The word.
    pub value: In<Unsigned>,
    /// By how many places: up to the width, at least.
    pub amount: In<Unsigned>,
    /// The word shifted.
    pub shifted: Out<Unsigned>,
}

impl Module for BarrelShifter {
    type Ports = BarrelShifterPorts;

    fn ports(&self) -> BarrelShifterPorts {
        let word = unsigned(self.width);
        let amount = unsigned(bits_for(self.width.into()));
        BarrelShifterPorts { value: word, amount, shifted: word }
    }

    #[named]
    fn build(&self, p: BarrelShifterPorts) {
        let stages = p.amount.bits().into_iter().enumerate();
        let shifted = stages.fold(p.value, |now, (i, on)| mux(on, self.by(now, 1 << i), now));
        p.shifted.drive(shifted);

        always("it is the shift of the language", p.shifted.eq(self.spec(&p)));
        cover("shifted by the whole width", p.amount.eq(self.width));
    }
}

impl BarrelShifter {
    /// Shifted by a number of places.
    #[track_caller]
    fn by(&self, value: Unsigned, places: u32) -> Unsigned {
        let width = self.width;
        let turned = places % width;
        let entering = places.min(width);
        match self.shift {
            Shift::RotateLeft if turned > 0 => rotated(value, width - turned),
            Shift::RotateRight if turned > 0 => rotated(value, turned),
            Shift::RotateLeft | Shift::RotateRight => value,
            Shift::Left => {
                let joined = constant(unsigned(entering), 0).concat(value);
                joined.truncate(width)
            }
            Shift::Right => value.concat(constant(unsigned(entering), 0)).slice(entering, width),
            Shift::Arithmetic => {
                value.concat(value.top_bit().repeat(entering)).slice(entering, width)
            }
        }
    }

    /// The same in the language's own operators.
    #[named]
    fn spec(&self, p: &BarrelShifterPorts) -> Unsigned {
        let (value, width) = (p.value, p.amount.width() + 1);
        let amount = p.amount.extend(width);
        let turned = mux(amount.ge(self.width), amount.wrapping_sub(self.width), amount);
        // Twice at most: the amount has as many bits as the width.
        let turned = mux(turned.ge(self.width), turned.wrapping_sub(self.width), turned);
        let back = constant(turned.shape(), self.width).wrapping_sub(turned);
        match self.shift {
            Shift::Left => value.shift_left(p.amount),
            Shift::Right => value.shift_right(p.amount),
            Shift::Arithmetic => value.as_signed().shift_right(p.amount).as_unsigned(),
            Shift::RotateLeft => value.shift_left(turned) | value.shift_right(back),
            Shift::RotateRight => value.shift_right(turned) | value.shift_left(back),
        }
    }
}

/// The upper bits down to `low` first, then those below it.
#[track_caller]
fn rotated(value: Unsigned, low: u32) -> Unsigned {
    value.slice(low, value.width() - low).concat(value.slice(0, low))
}
