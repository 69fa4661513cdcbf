//! A systolic array with its controller: C = A·B of N×N sums, int8.

use olivine::prelude::*;

/// One multiplier with its sum; operands go on to the east and to the south.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Element;

#[derive(Ports)]
pub struct ElementPorts {
    pub clear: In<Bit>,
    pub a: In<Signed>,
    pub b: In<Signed>,
    pub a_next: Out<Signed>,
    pub b_next: Out<Signed>,
    pub sum: Out<Signed>,
}

impl Module for Element {
    type Ports = ElementPorts;

    fn ports(&self) -> ElementPorts {
        let (operand, sum) = (signed(8), signed(32));
        ElementPorts { clear: bit(), a: operand, b: operand, a_next: operand, b_next: operand, sum }
    }

    #[named]
    fn build(&self, p: ElementPorts) {
        let sum = reg(p.sum.shape()).reset(0);
        sum.set(sum.wrapping_add((p.a * p.b).extend(32)));
        when(p.clear, || sum.set(0));
        p.sum.drive(sum);
        p.a_next.drive(later(p.a));
        p.b_next.drive(later(p.b));
    }
}

fn later(x: Signed) -> Signed {
    let next = reg(x.shape()).reset(0);
    next.set(x);
    next
}

#[derive(Clone, State)]
pub enum Phase {
    Idle,
    Feed { left: Unsigned },
    Drain { left: Unsigned },
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Systolic {
    pub n: usize,
    /// The length of the sums, at least 2.
    pub k: usize,
}

#[derive(Ports)]
pub struct SystolicPorts {
    pub start: In<Bit>,
    /// While this is one, a column of A and a row of B are taken in each cycle.
    pub feeding: Out<Bit>,
    pub a: In<Vec<Signed>>,
    pub b: In<Vec<Signed>>,
    /// The sums are complete.
    pub done: Out<Bit>,
    pub sums: Out<Vec<Signed>>,
}

impl Module for Systolic {
    type Ports = SystolicPorts;

    fn ports(&self) -> SystolicPorts {
        let edge = vec![signed(8); self.n];
        let sums = vec![signed(32); self.n * self.n];
        SystolicPorts { start: bit(), feeding: bit(), a: edge.clone(), b: edge, done: bit(), sums }
    }

    #[named]
    fn build(&self, p: SystolicPorts) {
        let (feed, drain) = (self.k as u64 - 1, 2 * self.n as u64 - 1);
        let (feed_left, drain_left) = (unsigned(bits_for(feed)), unsigned(bits_for(drain)));
        let phase = state(Phase::Idle)
            .with(Phase::Feed { left: feed_left })
            .with(Phase::Drain { left: drain_left });
        let (clear, feeding) = (wire(bit()), wire(bit()));
        clear.drive(false);
        feeding.drive(false);
        p.done.drive(false);
        phase.each(|now| match now {
            Phase::Idle => when(p.start, || {
                clear.drive(true);
                phase.set(Phase::Feed { left: constant(feed_left, feed) });
            }),
            Phase::Feed { left } => {
                feeding.drive(true);
                phase.set(Phase::Feed { left: left.wrapping_sub(1) });
                when(left.eq(0), || phase.set(Phase::Drain { left: constant(drain_left, drain) }))
            }
            Phase::Drain { left } => {
                phase.set(Phase::Drain { left: left.wrapping_sub(1) });
                when(left.eq(0), || {
                    p.done.drive(true);
                    phase.set(Phase::Idle);
                })
            }
        });
        p.feeding.drive(feeding);

        let skewed = |x: Signed, cycles| (0..cycles).fold(mux(feeding, x, 0), |x, _| later(x));
        let pe = instances(Element, [self.n, self.n], "pe");
        for (r, c) in pe.indices() {
            let at = &pe[r][c];
            at.clear.drive(clear);
            at.a.drive(if c == 0 { skewed(p.a[r], r) } else { pe[r][c - 1].a_next });
            at.b.drive(if r == 0 { skewed(p.b[c], c) } else { pe[r - 1][c].b_next });
            p.sums[r * self.n + c].drive(at.sum);
            unused((at.a_next, at.b_next));
        }
    }
}
