//! Prefix trees of carries. Each takes what every place does to a carry and gives what all places
//! up to it do together.

use olivine_lang::prelude::*;

/// What some neighbouring places do to a carry.
#[derive(Clone, Copy)]
pub(super) struct Carry {
    /// A carry leaves, whether one enters or not.
    pub(super) generate: Bit,
    /// A carry leaves if one enters.
    pub(super) propagate: Bit,
}

impl Carry {
    /// These places and those right below them.
    #[track_caller]
    fn after(self, below: Self) -> Self {
        Self {
            generate: self.generate | (self.propagate & below.generate),
            propagate: self.propagate & below.propagate,
        }
    }
}

/// Halves, of which the upper is completed by the end of the lower.
#[track_caller]
pub(super) fn sklansky(places: &[Carry]) -> Vec<Carry> {
    if places.len() <= 1 {
        return places.to_vec();
    }
    let (lower, upper) = places.split_at(places.len().next_power_of_two() / 2);
    let mut done = sklansky(lower);
    let end = done[done.len() - 1];
    done.extend(sklansky(upper).into_iter().map(|carry| carry.after(end)));
    done
}

/// In each level every place is joined with what lies twice as far below.
#[track_caller]
pub(super) fn kogge_stone(places: &[Carry]) -> Vec<Carry> {
    let mut now = places.to_vec();
    let mut distance = 1;
    while distance < now.len() {
        let joined = |i: usize| if i < distance { now[i] } else { now[i].after(now[i - distance]) };
        now = (0..now.len()).map(joined).collect();
        distance *= 2;
    }
    now
}

/// Pairs are joined, their prefixes found, and the even places completed from those.
#[track_caller]
pub(super) fn brent_kung(places: &[Carry]) -> Vec<Carry> {
    if places.len() <= 1 {
        return places.to_vec();
    }
    let pairs: Vec<Carry> = places.chunks_exact(2).map(|pair| pair[1].after(pair[0])).collect();
    let odd = brent_kung(&pairs);
    let prefix = |i: usize| match i {
        0 => places[0],
        i if i % 2 == 1 => odd[i / 2],
        i => places[i].after(odd[i / 2 - 1]),
    };
    (0..places.len()).map(prefix).collect()
}
