//! [`Rules`]: what a protocol asks of both ends of a link, said once.

use olivine_lang::prelude::*;

/// An end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The end that begins transfers: manager, transmitter.
    Manager,
    /// The end that answers: subordinate, receiver.
    Subordinate,
}

/// The numbered rules of one link. Each binds one end. A block asserts the rules that bind it and
/// its proof may [assume](Rules::assume) those that bind the other end; where both ends stand in
/// one design, [`Rules::assert_both`] makes every assumption an assertion, so that nothing is
/// taken on trust.
pub struct Rules {
    list: Vec<(Side, String, Bit)>,
}

impl Rules {
    /// No rules yet.
    pub(crate) fn new() -> Self {
        Self { list: Vec::new() }
    }

    pub(crate) fn add(&mut self, side: Side, text: &str, holds: Bit) {
        self.list.push((side, text.to_string(), holds));
    }

    /// Rules of a stream in this link: low after reset, held until the transfer.
    #[track_caller]
    pub(crate) fn channel<T: Signal>(&mut self, side: Side, number: &str, s: &Stream<T>) {
        let waited = past_valid() & past(s.valid & !s.ready);
        let same = s.payload.same_as(past(s.payload.clone()));
        self.add(side, &format!("{number}a: not valid just after reset"), past_valid() | !s.valid);
        self.add(side, &format!("{number}b: valid until the transfer"), waited.implies(s.valid));
        self.add(side, &format!("{number}c: unchanged until the transfer"), waited.implies(same));
    }

    /// The same rules, their texts begun with the name of the link: for a second link in one
    /// module.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.list.iter_mut().for_each(|(_, text, _)| text.insert_str(0, &format!("{name}: ")));
        self
    }

    /// Asserts the rules that bind `side`.
    #[track_caller]
    pub fn assert(&self, side: Side) {
        for (_, text, holds) in self.list.iter().filter(|(s, ..)| *s == side) {
            always(text, *holds);
        }
    }

    /// Asserts all rules: both ends are in this design.
    #[track_caller]
    pub fn assert_both(&self) {
        self.assert(Side::Manager);
        self.assert(Side::Subordinate);
    }

    /// Assumes the rules that bind `side`. For the outermost module of a proof: an assumption
    /// about what another module does would hide that it does otherwise.
    #[track_caller]
    pub fn assume(&self, side: Side) {
        for (_, text, holds) in self.list.iter().filter(|(s, ..)| *s == side) {
            assume(text, *holds);
        }
    }
}
