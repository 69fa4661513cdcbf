//! The order of data through a block that holds words: a contract that k-induction proves.
//!
//! Words are numbered as they come and as they leave, modulo a power of two above the number of
//! words that fit. One number `n` is chosen, arbitrary but fixed: a register that nothing changes.
//! The word that comes as number `n` is kept aside, and the word that leaves as number `n` must be
//! that word. As `n` is any number, no word is lost, doubled, changed or overtaken.
//!
//! What makes it inductive is the claim about the words still inside: while number `n` is inside,
//! behind `d` others, the block holds the kept word at the place of distance `d` from the exit.
//! The block says which place that is. A block may also let a word through in the cycle in which it
//! comes.

use olivine_lang::prelude::*;

/// Asserts that `pop` gives the words of `push` in order. `level` counts the words inside, at most
/// `depth`; `inside(distance)` is the word behind `distance` others, where there is one.
#[named]
pub fn assert_order<T: Shape>(
    push: Stream<T>,
    pop: Stream<T>,
    level: Unsigned,
    depth: usize,
    inside: impl FnOnce(Unsigned) -> T,
) {
    let number = unsigned(bits_for(depth as u64));
    let (came, went) = (reg(number).reset(0), reg(number).reset(0));
    when(push.transfer(), || came.set(came.wrapping_add(1)));
    when(pop.transfer(), || went.set(went.wrapping_add(1)));

    let chosen = reg(number);
    chosen.set(chosen);
    let kept = reg(push.payload.shape());
    when(push.transfer() & came.eq(chosen), || kept.set(push.payload));

    let level = level.extend(number.width());
    always("as many words are inside as came and have not left", came.wrapping_sub(went).eq(level));
    let distance = chosen.wrapping_sub(went);
    when(distance.lt(level), || {
        always("the chosen word is inside unchanged", inside(distance).same_as(kept));
    });
    // With nothing inside, what leaves is what comes in the same cycle.
    let due = mux(level.eq(0), push.payload, kept);
    when(pop.valid & went.eq(chosen), || {
        always("the chosen word leaves in its turn", pop.payload.same_as(due));
    });
    cover("the chosen word leaves", pop.transfer() & went.eq(chosen));
}

/// Asserts that every word of `push` leaves at `pop`, whatever number it has, of a block that keeps
/// their [order](assert_order) and holds at most `depth`. It is for runs without end: say beside it
/// what they may rely on, such as `assume_again("the consumer is ready", pop.ready)`.
#[named]
pub fn assert_leaves<T: Shape>(push: Stream<T>, pop: Stream<T>, depth: usize) {
    let number = unsigned(bits_for(depth as u64));
    let (came, went) = (reg(number).reset(0), reg(number).reset(0));
    when(push.transfer(), || came.set(came.wrapping_add(1)));
    when(pop.transfer(), || went.set(went.wrapping_add(1)));
    let chosen = reg(number);
    chosen.set(chosen);
    let (comes, goes) = (push.transfer() & came.eq(chosen), pop.transfer() & went.eq(chosen));
    answered("every word that comes leaves", comes, goes);
}
