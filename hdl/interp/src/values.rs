//! [`Values`]: what every cell of a flat module has at one moment.

use olivine_netlist::{Bits, Module, ValueId};

/// One value per cell, each in as many 64-bit words as it needs.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    words: Vec<u64>,
    /// Where each value starts in `words`.
    start: Vec<u32>,
    width: Vec<u32>,
}

impl Values {
    /// All zero.
    pub fn new(flat: &Module) -> Self {
        let mut next = 0;
        let mut start = Vec::with_capacity(flat.cells.len());
        for cell in &flat.cells {
            start.push(next);
            next += cell.width.div_ceil(64);
        }
        let width = flat.cells.iter().map(|c| c.width).collect();
        Self { words: vec![0; next as usize], start, width }
    }

    /// Width of a value in bits.
    pub fn width(&self, value: ValueId) -> u32 {
        self.width[value.index()]
    }

    /// Index of a value's first word, for [`Values::words_mut`].
    pub fn start(&self, value: ValueId) -> u32 {
        self.start[value.index()]
    }

    /// All words.
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// A value.
    pub fn get(&self, value: ValueId) -> Bits {
        let (start, width) = (self.start(value) as usize, self.width(value));
        Bits::from_words(width, &self.words[start..start + width.div_ceil(64) as usize])
    }

    /// Gives a value its bits, which have its width.
    pub fn set(&mut self, value: ValueId, bits: &Bits) {
        let start = self.start(value) as usize;
        self.words[start..start + bits.words().len()].copy_from_slice(bits.words());
    }

    /// True if any bit of the value is one.
    pub fn any(&self, value: ValueId) -> bool {
        let (start, width) = (self.start(value) as usize, self.width(value));
        self.words[start..start + width.div_ceil(64) as usize].iter().any(|&w| w != 0)
    }

    /// The value, if it fits 64 bits.
    pub fn to_u64(&self, value: ValueId) -> Option<u64> {
        let (start, width) = (self.start(value) as usize, self.width(value));
        let above = &self.words[start + 1..start + width.div_ceil(64) as usize];
        above.iter().all(|&w| w == 0).then(|| self.words[start])
    }
}
