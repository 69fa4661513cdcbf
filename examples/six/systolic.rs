//! A systolic array with its controller: C = A·B of N×N sums, int8.

use olivine::prelude::*;

/// One multiplier with its sum; operands go on to the east and to the south.
#[module]
pub fn Element() {
    let clear: In<Bit> = bit();
    let [a, b]: [In<Signed>; 2] = [signed(8); 2];
    let [a_next, b_next]: [Out<Signed>; 2] = reg([signed(8); 2]).reset(0);
    let sum: Out<Signed> = reg(signed(32)).reset(0);

    a_next.set(a);
    b_next.set(b);
    sum.set(mux(clear, 0, sum.wrapping_add((a * b).extend(32))));
}

#[derive(Clone, State)]
pub enum Phase {
    Idle,
    Feed,
    Drain,
}

/// Sums of `k` products, `k` at least 2.
#[module]
pub fn Systolic(n: usize, k: usize) {
    let start: In<Bit> = bit();
    /// While this is one, a column of A and a row of B are taken in each cycle.
    let feeding: Out<Bit> = bit();
    let a: In<Vec<Signed>> = vec![signed(8); n];
    let b: In<Vec<Signed>> = vec![signed(8); n];
    /// The sums are complete.
    let done: Out<Bit> = bit();
    let sums: Out<Vec<Signed>> = vec![signed(32); n * n];

    let phase = state(Phase::Idle);
    let left = reg(unsigned(index_width(k.max(2 * n))));
    let go = |next, cycles: usize| {
        phase.set(next);
        left.set(cycles - 1);
    };
    left.set(left.wrapping_sub(1));
    phase.each(|now| match now {
        Phase::Idle => when(start, || go(Phase::Feed, k)),
        Phase::Feed => when(left.eq(0), || go(Phase::Drain, 2 * n)),
        Phase::Drain => when(left.eq(0), || phase.set(Phase::Idle)),
    });
    let clear = start & phase.is(Phase::Idle);
    feeding.drive(phase.is(Phase::Feed));
    done.drive(left.eq(0) & phase.is(Phase::Drain));

    let skewed = |x: Signed, cycles: usize| history(mux(feeding, x, 0), cycles + 1, 0)[cycles];
    let pe = instances(Element, [n, n], "pe");
    for (r, c) in pe.indices() {
        pe[r][c].clear.drive(clear);
        pe[r][c].a.drive(if c == 0 { skewed(a[r], r) } else { pe[r][c - 1].a_next });
        pe[r][c].b.drive(if r == 0 { skewed(b[c], c) } else { pe[r - 1][c].b_next });
        sums[r * n + c].drive(pe[r][c].sum);
    }
}
