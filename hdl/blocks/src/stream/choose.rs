//! [`StreamMux`] and [`StreamDemux`]: one of several streams, chosen by a stream of choices.

use super::rules::{assert_rules_if, keeps_rules};
use olivine_lang::prelude::*;

/// For each of `n` whether it is chosen; the last also by numbers past the end.
#[track_caller]
fn chosen(choice: Unsigned, n: usize) -> Vec<Bit> {
    let is = |i: usize| if i + 1 == n { choice.ge(i) } else { choice.eq(i) };
    (0..n).map(is).collect()
}

/// Takes words from several streams, each from the one that the next choice names.
///
/// ```text
///   pushes[0] ==>+-----------+
///           …    | StreamMux |==> pop
/// pushes[n-1] ==>+-----------+
///     choices ====^
/// ```
///
/// *Parameters*: `of`, the shape of a word; `n`, the number of streams, at least 1.
///
/// *Ports*: see [`StreamMuxPorts`].
///
/// *Behaviour*: word `k` of `pop` is the next word of the stream that word `k` of `choices` names.
/// Choice, word and result are transferred together.
///
/// *Timing*: combinational, no registers: `ready` of the inputs depends on `pop.ready`, on
/// `choices` and on what is chosen.
///
/// *Handshake*: the four rules of [`Stream`] on `pop`, as long as all producers keep them.
///
/// *Undefined*: `pop.payload` while `pop` is not valid. A choice past the end is the last stream.
///
/// *Verification*: proved for several `n`: a word and its choice leave together, from the chosen
/// stream alone, as soon as they can; the rules.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::StreamMux;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(StreamMux { of: unsigned(8), n: 2 });
/// bench.run(2, |p, cycle| {
///     (0..2).for_each(|i| p.pushes[i].payload.poke(10 + i));
///     (0..2).for_each(|i| p.pushes[i].valid.poke(true));
///     p.choices.valid.poke(true);
///     p.choices.payload.poke(cycle);
///     assert_eq!(p.pop.payload.peek(), 10 + cycle as u64);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct StreamMux<T> {
    /// The shape of a word.
    pub of: T,
    /// The number of streams.
    pub n: usize,
}

/// The ports of [`StreamMux`].
#[derive(Ports)]
pub struct StreamMuxPorts<T: Shape> {
    /// The streams.
    pub pushes: Vec<Sink<T>>,
    /// Which stream is next.
    pub choices: Sink<Unsigned>,
    /// Their words.
    pub pop: Source<T>,
}

impl<T: Shape> Module for StreamMux<T> {
    type Ports = StreamMuxPorts<T>;

    fn ports(&self) -> StreamMuxPorts<T> {
        let choices = stream(unsigned(index_width(self.n)));
        StreamMuxPorts { pushes: vec![stream(self.of); self.n], choices, pop: stream(self.of) }
    }

    #[named]
    fn build(&self, p: StreamMuxPorts<T>) {
        let choice = p.choices.payload;
        let words: Vec<T> = p.pushes.iter().map(|push| push.payload).collect();
        let valids: Vec<Bit> = p.pushes.iter().map(|push| push.valid).collect();
        p.pop.payload.drive(select(choice, &words));
        p.pop.valid.drive(p.choices.valid & select(choice, &valids));
        p.choices.ready.drive(p.pop.ready & select(choice, &valids));
        let is_chosen = chosen(choice, self.n);
        for (push, is_chosen) in p.pushes.iter().zip(&is_chosen) {
            push.ready.drive(p.pop.ready & p.choices.valid & *is_chosen);
        }

        let moves = p.pop.transfer();
        always("a choice leaves with its word", p.choices.transfer().eq(moves));
        let kept = all_of(p.pushes.iter().map(|push| keeps_rules(*push)));
        for (i, (push, is_chosen)) in p.pushes.iter().zip(&is_chosen).enumerate() {
            let mine = *is_chosen & p.choices.valid;
            let leaves = mine & push.valid & p.pop.ready;
            always(format!("stream {i}: a word leaves if chosen"), push.transfer().eq(leaves));
            let same = moves & p.pop.payload.same_as(push.payload);
            always(format!("stream {i}: it leaves unchanged"), push.transfer().implies(same));
            cover(format!("stream {i}: a word leaves"), push.transfer());
        }
        always("nothing comes of nothing", moves.eq(any_of(p.pushes.iter().map(Stream::transfer))));
        assert_rules_if(kept & keeps_rules(p.choices), p.pop, "pop");
    }
}

/// Gives each word of a stream to the consumer that its choice names.
///
/// ```text
///          +-------------+==> pops[0]
///  push ==>| StreamDemux |    …
///          +-------------+==> pops[n-1]
/// choices ==^
/// ```
///
/// *Parameters*: `of`, the shape of a word; `n`, the number of consumers, at least 1.
///
/// *Ports*: see [`StreamDemuxPorts`].
///
/// *Behaviour*: word `k` of `push` leaves on the stream that word `k` of `choices` names. Choice,
/// word and result are transferred together.
///
/// *Timing*: combinational, no registers: `ready` of the inputs depends on that of the chosen
/// consumer and on the other input's `valid`.
///
/// *Handshake*: the four rules of [`Stream`] on `pops`, as long as both producers keep them.
///
/// *Undefined*: `pops.payload` while not valid. A choice past the end is the last consumer.
///
/// *Verification*: proved for several `n`: a word and its choice leave together, to the chosen
/// consumer alone, as soon as they can; the rules.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::StreamDemux;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(StreamDemux { of: unsigned(8), n: 2 });
/// bench.run(2, |p, cycle| {
///     p.push.valid.poke(true);
///     p.choices.valid.poke(true);
///     p.choices.payload.poke(cycle);
///     assert_eq!(p.pops[1].valid.peek(), cycle as u64);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct StreamDemux<T> {
    /// The shape of a word.
    pub of: T,
    /// The number of consumers.
    pub n: usize,
}

/// The ports of [`StreamDemux`].
#[derive(Ports)]
pub struct StreamDemuxPorts<T: Shape> {
    /// The words.
    pub push: Sink<T>,
    /// Where the next one goes.
    pub choices: Sink<Unsigned>,
    /// For each consumer its words.
    pub pops: Vec<Source<T>>,
}

impl<T: Shape> Module for StreamDemux<T> {
    type Ports = StreamDemuxPorts<T>;

    fn ports(&self) -> StreamDemuxPorts<T> {
        let choices = stream(unsigned(index_width(self.n)));
        StreamDemuxPorts { push: stream(self.of), choices, pops: vec![stream(self.of); self.n] }
    }

    #[named]
    fn build(&self, p: StreamDemuxPorts<T>) {
        let both = p.push.valid & p.choices.valid;
        let is_chosen = chosen(p.choices.payload, self.n);
        let readies: Vec<Bit> = p.pops.iter().map(|pop| pop.ready).collect();
        let ready = select(p.choices.payload, &readies);
        p.push.ready.drive(p.choices.valid & ready);
        p.choices.ready.drive(p.push.valid & ready);
        for (pop, is_chosen) in p.pops.iter().zip(&is_chosen) {
            pop.valid.drive(both & *is_chosen);
            pop.payload.drive(p.push.payload);
        }

        let moves = p.push.transfer();
        always("a choice leaves with its word", p.choices.transfer().eq(moves));
        let kept = keeps_rules(p.push) & keeps_rules(p.choices);
        for (i, (pop, is_chosen)) in p.pops.iter().zip(&is_chosen).enumerate() {
            let comes = *is_chosen & both & pop.ready;
            always(format!("consumer {i}: a word comes if chosen"), pop.transfer().eq(comes));
            let same = moves & pop.payload.same_as(p.push.payload);
            always(format!("consumer {i}: it comes unchanged"), pop.transfer().implies(same));
            assert_rules_if(kept, *pop, &format!("consumer {i}"));
            cover(format!("consumer {i}: a word comes"), pop.transfer());
        }
        always("a word goes somewhere", moves.eq(any_of(p.pops.iter().map(Stream::transfer))));
    }
}
