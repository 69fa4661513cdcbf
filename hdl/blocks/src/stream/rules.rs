//! The rules of streams for blocks whose producers' promises rest on those of others.

use olivine_lang::prelude::*;

/// Whether the producer of a stream keeps rules 1 and 2 in this cycle.
#[track_caller]
pub(crate) fn keeps_rules<T: Shape>(stream: Stream<T>) -> Bit {
    let waited = past_valid() & past(stream.valid & !stream.ready);
    waited.implies(stream.valid & stream.payload.same_as(past(stream.payload)))
}

/// Asserts rules 1 and 2 of a stream, in cycles where `others` keep theirs.
#[track_caller]
pub(crate) fn assert_rules_if<T: Shape>(others: Bit, stream: Stream<T>, name: &str) {
    when(others, || stream.assert_rules(name)).end();
}
