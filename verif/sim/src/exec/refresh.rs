//! [`Refresh`]: copies that notice a change and tell who depends on it.

/// A range of a list.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The part of `list`.
    pub fn of<T>(self, list: &[T]) -> &[T] {
        &list[self.start as usize..self.end as usize]
    }

    /// The part of `list`, to change.
    pub fn of_mut<T>(self, list: &mut [T]) -> &mut [T] {
        &mut list[self.start as usize..self.end as usize]
    }
}

/// Up to 64 regions: bits of one word of a [`RegionSet`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    pub word: u32,
    pub bits: u64,
}

/// The regions that depend on something.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub first: Mark,
    /// In the machine's list of marks.
    pub rest: Span,
}

/// A set of regions, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct RegionSet {
    words: Vec<u64>,
}

impl RegionSet {
    /// All of `count` regions, or none.
    pub fn new(count: usize, full: bool) -> Self {
        let word = |w: usize| match count - 64 * w {
            _ if !full => 0,
            rest @ 0..64 => (1 << rest) - 1,
            _ => u64::MAX,
        };
        // There is always a word for an empty mark to speak of.
        Self { words: (0..count.div_ceil(64).max(1)).map(word).collect() }
    }

    /// Adds a region.
    #[inline]
    pub fn insert(&mut self, region: u32) {
        self.words[region as usize / 64] |= 1 << (region % 64);
    }

    #[inline]
    fn insert_mark(&mut self, mark: Mark) {
        self.words[mark.word as usize] |= mark.bits;
    }

    /// Adds regions; `lists` holds the marks beyond the first.
    #[inline]
    pub fn mark(&mut self, marks: Marks, lists: &[Mark]) {
        self.insert_mark(marks.first);
        marks.rest.of(lists).iter().for_each(|mark| self.insert_mark(*mark));
    }

    /// Adds all of another set.
    pub fn insert_all(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|w| *w == 0)
    }

    /// Number of words.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// Takes the first region of word `word`, if there is one.
    #[inline]
    pub fn take_first(&mut self, word: usize) -> Option<u32> {
        let bits = self.words[word];
        if bits == 0 {
            return None;
        }
        self.words[word] = bits & (bits - 1);
        Some(word as u32 * 64 + bits.trailing_zeros())
    }
}

/// A value and its copy, and the regions that depend on the copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refresh {
    pub from: u32,
    pub to: u32,
    /// A multiple of 8.
    pub bytes: u32,
    pub marks: Marks,
}

impl Refresh {
    /// Brings the copy up to date; true if it was not.
    ///
    /// # Safety
    /// Both lie in the storage at `base` and do not overlap.
    #[inline]
    pub unsafe fn run(&self, base: *mut u8) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            let from = base.add(self.from as usize).cast::<u64>();
            let to = base.add(self.to as usize).cast::<u64>();
            if self.bytes == 8 {
                let (new, old) = (from.read(), to.read());
                to.write(new);
                return new != old;
            }
            let words = self.bytes as usize / 8;
            let (chunks, mut difference) = (words / 8, 0);
            for chunk in 0..chunks {
                let (from, to) = (from.cast::<[u64; 8]>(), to.cast::<[u64; 8]>());
                let (new, old) = (from.add(chunk).read(), to.add(chunk).read());
                to.add(chunk).write(new);
                difference |= new.iter().zip(old).fold(0, |all, (a, b)| all | (a ^ b));
            }
            for word in 8 * chunks..words {
                let (new, old) = (from.add(word).read(), to.add(word).read());
                to.add(word).write(new);
                difference |= new ^ old;
            }
            difference != 0
        }
    }
}

/// Runs refreshes and marks who depends on what changed.
///
/// # Safety
/// As for [`Refresh::run`].
#[inline]
pub(super) unsafe fn refresh_all(
    list: &[Refresh],
    base: *mut u8,
    marks: &[Mark],
    dirty: &mut RegionSet,
) {
    // Marks gather in a register: one word of the set serves many refreshes in a row.
    let mut gathered = Mark::default();
    for refresh in list {
        // SAFETY: the caller's promise.
        let changed = unsafe { refresh.run(base) };
        let Marks { first, rest } = refresh.marks;
        if first.word != gathered.word {
            dirty.insert_mark(gathered);
            gathered = Mark { word: first.word, bits: 0 };
        }
        // Whether a value changes is hard to foresee, so the common case has no branch.
        gathered.bits |= if changed { first.bits } else { 0 };
        if rest.start != rest.end && changed {
            rest.of(marks).iter().for_each(|mark| dirty.insert_mark(*mark));
        }
    }
    dirty.insert_mark(gathered);
}
