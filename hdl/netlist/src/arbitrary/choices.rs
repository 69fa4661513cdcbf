//! The list of numbers that decides everything.

use crate::Bits;

pub(super) struct Choices<'c> {
    rest: &'c [u32],
}

impl<'c> Choices<'c> {
    pub(super) fn new(rest: &'c [u32]) -> Self {
        Self { rest }
    }

    fn next(&mut self) -> u32 {
        let (first, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        self.rest = rest;
        *first
    }

    /// 0 to `count - 1`; 0 is the simplest.
    pub(super) fn below(&mut self, count: u32) -> u32 {
        self.next() % count.max(1)
    }

    /// True once in `n`, never where the choices have ended.
    pub(super) fn chance(&mut self, n: u32) -> bool {
        self.below(n) == n - 1
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// Random bits; zero, one, all ones and the sign alone come more often than their share.
    pub(super) fn bits(&mut self, width: u32) -> Bits {
        match self.below(6) {
            0 => Bits::zero(width),
            1 => Bits::new(width, 1),
            2 => Bits::ones(width),
            3 => Bits::new(width, 1).shift_left(u64::from(width - 1)),
            _ => {
                let words = (0..width.div_ceil(64))
                    .map(|_| u64::from(self.next()) << 32 | u64::from(self.next()));
                Bits::from_words(width, &words.collect::<Vec<_>>())
            }
        }
    }
}
