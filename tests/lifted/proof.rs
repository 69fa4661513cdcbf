//! The sum of two fp32 numbers, subnormal numbers as zero: what the gates of a unit give that says
//! that it adds is, for all pairs, the textbook's sum.

use crate::cases::{Case, prove_all};
use crate::float::{Add, AddPorts};
use crate::textbook::{AddBySwap, WIDE, narrowed, widened};
use olivine::prelude::*;

/// Every so manieth certificate is checked, too.
const CERTIFIED: usize = 5;

/// The unit and the textbook agree in one case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct SumsAgree {
    case: Case,
    /// Whether the signs differ.
    opposed: bool,
    /// Doubles a term on one side, which is wrong.
    fault: bool,
}

#[derive(Ports)]
struct TermsPorts {
    x: In<Unsigned>,
    y: In<Unsigned>,
}

impl TermsPorts {
    fn new() -> Self {
        Self { x: unsigned(32), y: unsigned(32) }
    }

    /// The terms as numbers of a wider exponent, where nothing underflows.
    fn widened(&self) -> [Float; 2] {
        [self.x, self.y].map(|term| widened(term.as_float(float(8, 23))))
    }
}

impl Module for SumsAgree {
    type Ports = TermsPorts;

    fn ports(&self) -> TermsPorts {
        TermsPorts::new()
    }

    fn build(&self, p: TermsPorts) {
        let AddPorts { x, y, z } = instance(Add, "unit");
        x.drive(p.x);
        y.drive(p.y);
        let [a, b] = p.widened();
        let textbook = instance(AddBySwap { format: WIDE }, "textbook");
        textbook.a.drive(a);
        textbook.b.drive(if self.fault { a } else { b });
        assume("the case", self.case.holds(a, b));
        assume("the signs", (a.top_bit() ^ b.top_bit()).eq(self.opposed));
        always("the sums agree", z.eq(narrowed(textbook.result).as_bits()));
    }
}

/// Every pair belongs to a case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct CasesAreAll;

impl Module for CasesAreAll {
    type Ports = TermsPorts;

    fn ports(&self) -> TermsPorts {
        TermsPorts::new()
    }

    fn build(&self, p: TermsPorts) {
        let [a, b] = p.widened();
        let opposed = a.top_bit() ^ b.top_bit();
        let cases = Case::normal()
            .into_iter()
            .flat_map(|case| [false, true].map(|signs| case.holds(a, b) & opposed.eq(signs)));
        always("every pair belongs to a case", any_of(cases));
    }
}

fn claims(fault: bool) -> Vec<Design> {
    let signs = |case: Case| [false, true].map(|opposed| (case, opposed));
    let agree = |(case, opposed)| elaborate(SumsAgree { case, opposed, fault }).unwrap();
    let claims = Case::normal().into_iter().flat_map(signs).map(agree);
    claims.chain([elaborate(CasesAreAll).unwrap()]).collect()
}

#[test]
fn the_gates_of_a_lifted_sum_are_the_textbooks() {
    assert_eq!(prove_all(&claims(false), CERTIFIED), Ok(2 * (52 + 4) + 1));
    let difference = prove_all(&claims(true), CERTIFIED).unwrap_err();
    assert!(difference.contains("VIOLATED"), "{difference}");
}
