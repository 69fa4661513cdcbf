//! [`Handshake`] and the proof of its order.

use super::{both, seen_at, two_flops};
use olivine_lang::prelude::*;

/// Takes words from one clock domain into another, one after the other.
///
/// ```text
///           +-----------+
///   send ==>| Handshake |==> receive
///   (from)  +-----------+    (to)
/// ```
///
/// *Parameters*: `of`, the shape of a word; `from` and `to`, the domains.
///
/// *Ports*: see [`HandshakePorts`].
///
/// *Behaviour*: a word that is sent is held still, a bit changes to say so, goes through two flops
/// into `to`, where the word is then taken; the bit goes back the same way. One word at a time is
/// on its way, and one more waits to be received.
///
/// *Timing*: a word arrives 3 edges of `to` after it was sent; the next can be sent 3 edges of
/// `from` after that. No combinational path.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: empty. Both domains are reset together: a word on its way is lost, and a reset of one
/// alone may lose or double one.
///
/// *Undefined*: `receive.payload` while it is not valid.
///
/// *Verification*: proved without bound, edges of both clocks in any order: at most one word is on
/// its way; `receive` keeps its rules; both delays; as [`HandshakeOrder`], no word is lost,
/// doubled, changed or overtaken.
///
/// *Example*:
/// ```
/// use olivine_blocks::cdc::Handshake;
/// use olivine_lang::{Domain, elaborate, unsigned};
///
/// let slow = Domain::new("slow");
/// let design = elaborate(Handshake { of: unsigned(8), from: Domain::MAIN, to: slow }).unwrap();
/// let names: Vec<_> = design.top().domains.iter().map(|d| d.name.as_str()).collect();
/// assert_eq!(names, ["", "slow"]);
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Handshake<T> {
    /// The shape of a word.
    pub of: T,
    /// The domain that sends.
    pub from: Domain,
    /// The domain that receives.
    pub to: Domain,
}

/// The ports of [`Handshake`].
#[derive(Ports)]
pub struct HandshakePorts<T: Shape> {
    /// Words that come, in domain `from`.
    pub send: Sink<T>,
    /// Words that leave, in domain `to`.
    pub receive: Source<T>,
}

/// What is inside, for properties.
struct Inside<T> {
    held: T,
    word: T,
    on_its_way: Bit,
    full: Bit,
}

impl<T: Shape> Handshake<T> {
    fn domains(&self) -> [Domain; 2] {
        [self.from, self.to]
    }

    #[named]
    fn body(&self, p: &HandshakePorts<T>) -> Inside<T> {
        let (held, sent) =
            in_domain(self.from, || (reg(self.of), reg(bit()).reset(false).init(false)));
        let (word, taken, full) = in_domain(self.to, || {
            let word = reg(self.of).crossing();
            (word, reg(bit()).reset(false).init(false), reg(bit()).reset(false).init(false))
        });
        let [came1, came2] = in_domain(self.to, || two_flops("came", sent, false));
        let [back1, back2] = in_domain(self.from, || two_flops("back", taken, false));

        p.send.ready.drive(back2.eq(sent));
        when(p.send.transfer(), || {
            held.set(p.send.payload);
            sent.set(!sent);
        });
        p.receive.valid.drive(full);
        p.receive.payload.drive(word);
        when(p.receive.transfer(), || full.set(false));
        when(!full & came2.ne(taken), || {
            word.set(held);
            taken.set(came2);
            full.set(true);
        });

        let ring = [back2, back1, taken, came2, came1, sent];
        let changes: Vec<Unsigned> =
            ring.windows(2).map(|pair| pair[0].ne(pair[1]).as_unsigned()).collect();
        let changes = olivine_lang::sum(changes);
        both(self.domains(), "at most one word is on its way", || changes.le(1));
        let (lately, before) = (seen_at(self.to, 3, sent), seen_at(self.from, 2, taken));
        in_domain(self.to, || {
            let late = lately.ne(taken) & past_valid();
            always("a word arrives three edges later, unless one waits", late.implies(past(full)));
        });
        in_domain(self.from, || {
            always("room is seen two edges later", p.send.ready.eq(before.eq(sent)));
        });
        in_domain(self.to, || {
            p.receive.assert_rules("receive");
            cover("a word arrives", p.receive.transfer());
        });
        in_domain(self.from, || {
            cover("a second word is sent", sent.eq(taken) & came2 & p.send.transfer());
        });
        Inside { held, word, on_its_way: sent.ne(taken), full }
    }
}

fn ports<T: Shape>(of: T) -> HandshakePorts<T> {
    HandshakePorts { send: stream(of), receive: stream(of) }
}

impl<T: Shape> Module for Handshake<T> {
    type Ports = HandshakePorts<T>;

    fn ports(&self) -> HandshakePorts<T> {
        ports(self.of)
    }

    #[named]
    fn build(&self, p: HandshakePorts<T>) {
        self.body(&p);
    }
}

/// A [`Handshake`] with the [order](crate::order) of its words as a property. For proofs: it is
/// larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct HandshakeOrder<T>(
    /// What is proved.
    pub Handshake<T>,
);

impl<T: Shape> Module for HandshakeOrder<T> {
    type Ports = HandshakePorts<T>;

    fn ports(&self) -> HandshakePorts<T> {
        ports(self.0.of)
    }

    #[named]
    fn build(&self, p: HandshakePorts<T>) {
        let Handshake { of, from, to } = self.0;
        let inside = self.0.body(&p);
        let number = unsigned(2);
        let (came, chosen, kept) = in_domain(from, || (reg(number).reset(0), reg(number), reg(of)));
        let went = in_domain(to, || reg(number).reset(0));
        chosen.set(chosen);
        when(p.send.transfer(), || came.set(came.wrapping_add(1)));
        when(p.send.transfer() & came.eq(chosen), || kept.set(p.send.payload));
        when(p.receive.transfer(), || went.set(went.wrapping_add(1)));

        let distance = chosen.wrapping_sub(went);
        let count = inside.on_its_way.as_unsigned() + inside.full.as_unsigned();
        both([from, to], "as many words are inside as came and have not left", || {
            came.wrapping_sub(went).eq(count)
        });
        both([from, to], "the chosen word waits unchanged", || {
            (inside.full & distance.eq(0)).implies(inside.word.same_as(kept))
        });
        both([from, to], "the chosen word is held unchanged", || {
            let behind = distance.eq(inside.full.as_unsigned().extend(2));
            (inside.on_its_way & behind).implies(inside.held.same_as(kept))
        });
        in_domain(to, || {
            let leaves = p.receive.valid & went.eq(chosen);
            let same = p.receive.payload.same_as(kept);
            always("the chosen word leaves in its turn", leaves.implies(same));
        });
    }
}
