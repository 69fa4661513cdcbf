//! A FIFO between two streams.

use olivine::prelude::*;

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct StreamFifo<T> {
    pub of: T,
    /// A power of two.
    pub depth: usize,
}

#[derive(Ports)]
pub struct StreamFifoPorts<T: Shape> {
    pub push: Sink<T>,
    pub pop: Source<T>,
}

impl<T: Shape> Module for StreamFifo<T> {
    type Ports = StreamFifoPorts<T>;

    fn ports(&self) -> StreamFifoPorts<T> {
        StreamFifoPorts { push: stream(self.of), pop: stream(self.of) }
    }

    #[named]
    fn build(&self, p: StreamFifoPorts<T>) {
        let words = memory(self.of, self.depth);
        // One bit more than an address: full and empty are told apart by it.
        let pointer = unsigned(words.address_width() + 1);
        let (head, tail) = (reg(pointer).reset(0), reg(pointer).reset(0));
        let address = |pointer: Unsigned| pointer.truncate(words.address_width());
        when(p.push.transfer(), || {
            words.write(address(tail), p.push.payload);
            tail.set(tail.wrapping_add(1));
        });
        when(p.pop.transfer(), || head.set(head.wrapping_add(1)));
        p.push.ready.drive(tail.wrapping_sub(head).ne(self.depth));
        p.pop.valid.drive(tail.ne(head));
        p.pop.payload.drive(words.read(address(head)));
        p.pop.assert_rules("pop");
        always("no more words than there is room for", tail.wrapping_sub(head).le(self.depth));
    }
}
