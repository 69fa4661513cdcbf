//! A FIFO between two streams.

use olivine::prelude::*;

/// Holds up to `depth` words, a power of two.
#[module]
pub fn StreamFifo<T: Shape>(of: T, depth: usize) {
    let push: Sink<T> = stream(of);
    let pop: Source<T> = stream(of);

    let words = memory(of, depth);
    let width = words.address_width();
    // One bit more than an address: full and empty are told apart by it.
    let [head, tail] = reg([unsigned(width + 1); 2]).reset(0);
    when(push.transfer(), || {
        words.write(tail.truncate(width), push.payload);
        tail.set(tail.wrapping_add(1));
    });
    when(pop.transfer(), || head.set(head.wrapping_add(1)));
    push.ready.drive(tail.wrapping_sub(head).ne(depth));
    pop.offer(tail.ne(head), words.read(head.truncate(width)));
    pop.assert_rules("pop");
    always("no more words than there is room for", tail.wrapping_sub(head).le(depth));
}
