//! [`Cube`]: the states in which some latches have given values.

/// A latch and a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bit(u32);

impl Bit {
    /// The latch has this value.
    pub fn new(latch: usize, value: bool) -> Self {
        Self((latch as u32) << 1 | u32::from(value))
    }

    /// The latch.
    pub fn latch(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// The value.
    pub fn value(self) -> bool {
        self.0 & 1 == 1
    }
}

/// States in which all these bits are as they say; ascending.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cube(Box<[Bit]>);

impl Cube {
    /// The cube of these bits, of which no two are of one latch.
    pub fn new(bits: impl IntoIterator<Item = Bit>) -> Self {
        let mut bits: Vec<Bit> = bits.into_iter().collect();
        bits.sort_unstable();
        Self(bits.into())
    }

    /// Its bits, ascending.
    pub fn bits(&self) -> impl ExactSizeIterator<Item = Bit> + '_ {
        self.0.iter().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it fixes the bit.
    pub fn has(&self, bit: Bit) -> bool {
        self.0.binary_search(&bit).is_ok()
    }

    /// The cube without a bit: larger.
    pub fn without(&self, bit: Bit) -> Self {
        Self(self.bits().filter(|&b| b != bit).collect())
    }

    /// Whether every state of the other is a state of it.
    pub fn contains(&self, other: &Self) -> bool {
        self.len() <= other.len() && self.bits().all(|bit| other.has(bit))
    }
}
