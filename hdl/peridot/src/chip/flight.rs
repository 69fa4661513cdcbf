//! [`Flight`]: the result tiles on their way, for the properties of the engine of GEMM.

use super::array::Array;
use olivine_lang::prelude::*;

/// Result tiles whose last pair has been asked for and whose last column is not yet written, by
/// age. Nothing but properties depends on it.
///
/// ```text
///  age (cycles since the last pair was asked for)
///  0     1 … READ_LATENCY   …   leaving, N cycles   …   N - 1 cycles   written
///  asked    to the array        rows leave column 0     to column N-1
/// ```
pub(super) struct Flight {
    /// N: rows and columns of a tile.
    size: u32,
    /// The age at which the first row leaves the array.
    leaves: u32,
    /// Bit `i`: a tile is of age `i + 1`.
    ages: Unsigned,
}

impl Flight {
    /// Tiles of an array of this size. With `asked` the last pair of one is asked for, which is
    /// with the array `latency` cycles later.
    #[named]
    pub fn new(asked: Bit, size: usize, latency: u32) -> Self {
        let leaves = latency + Array::bf16(size).leaves() as u32;
        let size = size as u32;
        let flight = reg(unsigned(leaves + 2 * size - 2)).reset(0);
        flight.set(cat((asked, flight.truncate(flight.width() - 1))));
        Self { size, leaves, ages: flight }
    }

    /// A tile is of this age, which is at least 1.
    pub fn has_age(&self, age: u32) -> Bit {
        self.ages.bit(age - 1)
    }

    /// A tile's last column is written.
    pub fn written(&self) -> Bit {
        self.ages.top_bit()
    }

    /// Bit `i`: row `N - 1 - i` of a tile leaves the array.
    pub fn leaving(&self) -> Unsigned {
        self.ages.slice(self.leaves - 1, self.size)
    }

    /// The number of tiles, at most one among any N ages that follow each other.
    pub fn count(&self, like: Unsigned) -> Unsigned {
        let width = self.ages.width();
        let parts = (0..width).step_by(self.size as usize);
        let parts = parts.map(|low| self.ages.slice(low, self.size.min(width - low)).any());
        parts.fold(zero(like.shape()), |sum, any| {
            sum.wrapping_add(any.as_unsigned().extend(like.width()))
        })
    }

    /// Any two tiles are N cycles apart, or more.
    pub fn is_spaced(&self) -> Bit {
        // Tiles that are older by 1, by up to 2, 4, …, by less than N.
        let (mut older, mut by) = (self.ages.shift_right(1), 1);
        while 2 * by < self.size {
            older = older | older.shift_right(by);
            by *= 2;
        }
        older = older | older.shift_right(self.size - 1 - by);
        !(self.ages & older).any()
    }

    /// No tile is of an age from 1 to `line`.
    pub fn is_older_than(&self, line: Unsigned) -> Bit {
        let below = line.decoded().wrapping_sub(1);
        !(self.ages.truncate(self.size) & below).any()
    }
}
