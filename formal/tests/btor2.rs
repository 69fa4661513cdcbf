//! The word-level form of the model-checking competition, written and read.

use olivine_formal::fuzz::machine::{endless_machine, machine, reset_at_once};
use olivine_formal::fuzz::{CASES, options};
use olivine_formal::{Btor2, Engine, Options, Report, Start, Verdict, prove, read_btor2};
use olivine_interp::{Engine as _, Interp};
use olivine_netlist::arbitrary::{self, design_from};
use olivine_netlist::{Bits, Design, DomainId, PropertyKind};
use proptest::collection::vec;
use proptest::prelude::*;

mod asserted;
use asserted::with_assertions;

/// By property: how many cycles the run has that violates it, or that there is none.
fn told(report: &Report) -> Vec<Option<usize>> {
    let cycles = |verdict: &Verdict| match verdict {
        Verdict::Violated(run) => Some(run.stimulus.cycles.len()),
        _ => None,
    };
    let kept = report.rows.iter().filter(|row| row.kind == PropertyKind::Assert);
    kept.map(|row| cycles(&row.verdict)).collect()
}

/// The words of verdicts on properties of runs without end.
fn endless(report: &Report) -> Vec<&'static str> {
    let word = |verdict: &Verdict| match verdict {
        Verdict::Violated(_) => "violated",
        Verdict::Proved { .. } => "proved",
        _ => "open",
    };
    let kept = report.rows.iter().filter(|row| row.kind == PropertyKind::Live);
    kept.map(|row| word(&row.verdict)).collect()
}

fn vacuous(report: &Report) -> bool {
    report.rows.iter().any(|row| matches!(row.verdict, Verdict::Vacuous { .. }))
}

fn read(text: &str) -> Design {
    let design = read_btor2(text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    design.validate().unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
    design
}

fn asserts(design: &Design) -> bool {
    design.top().properties.iter().any(|p| p.kind == PropertyKind::Assert)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    /// What is written is read as a system of the same verdicts, each run as long.
    #[test]
    fn written_and_read_it_is_the_same(
        choices in vec(any::<u32>(), 20..120),
        which in 0..CASES,
        at_once: bool,
    ) {
        let design = machine(&choices);
        let design = if at_once { reset_at_once(design) } else { design };
        let options = Options { engine: Engine::Auto, ..options(which) };
        if !asserts(&design) {
            return Ok(());
        }
        let report = prove(&design, &options).expect("it has properties");
        if vacuous(&report) {
            return Ok(());
        }
        let text = Btor2::of(&design, &options).expect("it has assertions").to_text();
        let again = Options { start: Start::PowerUp, depth: options.depth + 2, ..options };
        let other = prove(&read(&text), &again).unwrap_or_else(|faults| panic!("{faults}"));
        prop_assert_eq!(told(&other), told(&report), "{}\n{}\n{}\n{}", report, other, design, text);
    }

    /// Also of runs without end.
    #[test]
    fn justice_is_the_same(choices in vec(any::<u32>(), 20..120), which in 0..CASES) {
        let design = endless_machine(&choices);
        let options = Options { engine: Engine::Auto, ..options(which) };
        let report = prove(&design, &options).expect("it has properties");
        if vacuous(&report) {
            return Ok(());
        }
        let text = Btor2::of(&design, &options).expect("it has assertions").to_text();
        let again = Options { start: Start::PowerUp, depth: options.depth + 2, ..options };
        let other = prove(&read(&text), &again).unwrap_or_else(|faults| panic!("{faults}"));
        prop_assert_eq!(
            endless(&other), endless(&report), "{}\n{}\n{}\n{}", report, other, design, text
        );
    }

    /// Of designs with wide values, memories and several clocks: the outputs are not zero in the
    /// same samples.
    #[test]
    fn of_any_design_the_same(choices in vec(any::<u32>(), 0..300), edges in 0..2u32) {
        let kind = arbitrary::Options { width: 20, operators: 8, ..Default::default() };
        let design = with_assertions(design_from(&choices, &kind));
        let start = if edges == 0 { Start::PowerUp } else { Start::AfterReset { edges } };
        let options = Options { engine: Engine::Bmc, depth: 3, start, ..Options::default() };
        if !asserts(&design) {
            return Ok(());
        }
        let report = prove(&design, &options).unwrap_or_else(|faults| panic!("{faults}"));
        let text = Btor2::of(&design, &options).expect("it has assertions").to_text();
        let domains = design.top().domains.len() as u32;
        let depth = options.depth + edges * domains;
        let again = Options { start: Start::PowerUp, depth, ..options };
        let other = prove(&read(&text), &again).unwrap_or_else(|faults| panic!("{faults}"));
        prop_assert_eq!(told(&other), told(&report), "{}\n{}\n{}\n{}", report, other, design, text);
    }
}

/// A file with one operator for another, or without its constraints, is told apart: somewhere among
/// so many designs its verdicts are others.
#[test]
fn planted_faults_are_seen() {
    let kind = arbitrary::Options { width: 9, domains: 1, modules: 1, ..Default::default() };
    let options = Options { engine: Engine::Bmc, depth: 3, ..Options::default() };
    let again = Options { start: Start::PowerUp, depth: 4, ..options.clone() };
    let mut unseen: Vec<(&str, &str)> = vec![
        (" ult ", " slt "),
        (" and ", " or "),
        (" sll ", " srl "),
        (" uext ", " sext "),
        (" redor ", " redand "),
        (" const ", " zero "),
    ];
    let mut random = 1u32;
    for _ in 0..400 {
        let mut next = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            random >> 8
        };
        let choices: Vec<u32> = (0..120).map(|_| next()).collect();
        let design = with_assertions(design_from(&choices, &kind));
        if !asserts(&design) {
            continue;
        }
        let text = Btor2::of(&design, &options).expect("it has assertions").to_text();
        let verdicts = |text: &str| Some(told(&prove(&read_btor2(text).ok()?, &again).ok()?));
        let right = verdicts(&text);
        unseen.retain(|(word, other)| {
            let planted = text.replace(word, other);
            planted == text || verdicts(&planted).is_none_or(|told| Some(told) == right)
        });
        if unseen.is_empty() {
            return;
        }
    }
    panic!("nobody sees {unseen:?}");
}

/// What an operator says of two whole numbers.
type Meaning = fn(i64, i64) -> i64;

/// Operators on two operands of three bits, each with its meaning in whole numbers.
const MEANINGS: [(&str, u32, Meaning); 37] = [
    ("and", 3, |a, b| a & b),
    ("nand", 3, |a, b| !(a & b)),
    ("or", 3, |a, b| a | b),
    ("nor", 3, |a, b| !(a | b)),
    ("xor", 3, |a, b| a ^ b),
    ("xnor", 3, |a, b| !(a ^ b)),
    ("add", 3, |a, b| a + b),
    ("sub", 3, |a, b| a - b),
    ("mul", 3, |a, b| a * b),
    ("udiv", 3, |a, b| if b == 0 { 7 } else { a / b }),
    ("urem", 3, |a, b| if b == 0 { a } else { a % b }),
    ("sdiv", 3, |a, b| match (signed(a), signed(b)) {
        (a, 0) => {
            if a < 0 {
                1
            } else {
                -1
            }
        }
        (a, b) => a / b,
    }),
    ("srem", 3, |a, b| if b == 0 { a } else { signed(a) % signed(b) }),
    ("smod", 3, |a, b| match (signed(a), signed(b)) {
        (a, 0) => a,
        (a, b) => (a % b + b) % b,
    }),
    ("sll", 3, |a, b| a << b),
    ("srl", 3, |a, b| a >> b),
    ("sra", 3, |a, b| signed(a) >> b),
    ("rol", 3, |a, b| a << (b % 3) | a >> (3 - b % 3)),
    ("ror", 3, |a, b| a >> (b % 3) | a << (3 - b % 3)),
    ("eq", 1, |a, b| i64::from(a == b)),
    ("neq", 1, |a, b| i64::from(a != b)),
    ("ult", 1, |a, b| i64::from(a < b)),
    ("ulte", 1, |a, b| i64::from(a <= b)),
    ("ugt", 1, |a, b| i64::from(a > b)),
    ("ugte", 1, |a, b| i64::from(a >= b)),
    ("slt", 1, |a, b| i64::from(signed(a) < signed(b))),
    ("slte", 1, |a, b| i64::from(signed(a) <= signed(b))),
    ("sgt", 1, |a, b| i64::from(signed(a) > signed(b))),
    ("sgte", 1, |a, b| i64::from(signed(a) >= signed(b))),
    ("uaddo", 1, |a, b| i64::from(a + b > 7)),
    ("saddo", 1, |a, b| i64::from(!(-4..4).contains(&(signed(a) + signed(b))))),
    ("usubo", 1, |a, b| i64::from(a < b)),
    ("ssubo", 1, |a, b| i64::from(!(-4..4).contains(&(signed(a) - signed(b))))),
    ("umulo", 1, |a, b| i64::from(a * b > 7)),
    ("smulo", 1, |a, b| i64::from(!(-4..4).contains(&(signed(a) * signed(b))))),
    ("sdivo", 1, |a, b| i64::from(signed(a) == -4 && signed(b) == -1)),
    ("concat", 6, |a, b| a << 3 | b),
];

/// Three bits in two's complement.
fn signed(a: i64) -> i64 {
    (a ^ 4) - 4
}

/// All patterns of all operators, on the interpreter.
#[test]
fn operators_mean_what_the_format_says() {
    let mut text =
        "1 sort bitvec 1\n2 sort bitvec 3\n3 sort bitvec 6\n4 input 2\n5 input 2\n".to_string();
    for (i, (name, width, _)) in MEANINGS.iter().enumerate() {
        let (id, sort) = (6 + i, [1, 2, 3][*width as usize / 3]);
        text += &format!("{id} {name} {sort} 4 5\n");
    }
    for (name, id) in [("inc", 50), ("dec", 51), ("neg", 52), ("not", 53)] {
        text += &format!("{id} {name} 2 4\n");
    }
    text += "54 redand 1 4\n55 redor 1 4\n56 redxor 1 4\n57 sext 3 4 3\n58 uext 3 4 3\n";
    text += "59 slice 1 4 1 1\n60 slice 2 58 3 1\n61 ite 2 54 -5 5\n";
    // Each value is a state's next one, so that it can be seen.
    let unary: [(u32, u32, Meaning); 12] = [
        (50, 3, |a, _| a + 1),
        (51, 3, |a, _| a - 1),
        (52, 3, |a, _| -a),
        (53, 3, |a, _| !a),
        (54, 1, |a, _| i64::from(a == 7)),
        (55, 1, |a, _| i64::from(a != 0)),
        (56, 1, |a, _| i64::from(a.count_ones())),
        (57, 6, |a, _| signed(a)),
        (58, 6, |a, _| a),
        (59, 1, |a, _| a >> 1),
        (60, 3, |a, _| a >> 1),
        (61, 3, |a, b| if a == 7 { !b } else { b }),
    ];
    let binary = MEANINGS.iter().zip(6..).map(|(&(_, width, meaning), id)| (id, width, meaning));
    let all: Vec<_> = binary.chain(unary).collect();
    for (i, (id, width, _)) in all.iter().enumerate() {
        let (state, sort) = (100 + 2 * i, [1, 2, 3][*width as usize / 3]);
        text += &format!("{state} state {sort}\n{} next {sort} {state} {id}\n", state + 1);
    }
    let design = read(&text);
    let mut interp = Interp::new(&design, olivine_interp::Undefined::Zero);
    let names: Vec<String> = (0..all.len()).map(|i| format!("s{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let seen = olivine_interp::find_signals(&interp, &names).expect("each state is a register");
    let [a_port, b_port] = ["i0", "i1"].map(|name| interp.interface().find(name).unwrap());
    for (a, b) in (0..64).map(|both| (both / 8, both % 8)) {
        interp.set(a_port, &Bits::new(3, a));
        interp.set(b_port, &Bits::new(3, b));
        interp.step(DomainId(0));
        for ((id, width, meaning), &signal) in all.iter().zip(&seen) {
            let expect = Bits::from_i64(*width, meaning(a as i64, b as i64));
            assert_eq!(interp.read(signal), expect, "node {id} of {a} and {b}\n{text}");
        }
    }
}

fn verdicts(text: &str) -> String {
    let options = Options { start: Start::PowerUp, depth: 12, ..Options::default() };
    let report = prove(&read(text), &options).unwrap_or_else(|faults| panic!("{faults}"));
    let word = |row: &olivine_formal::Row| match &row.verdict {
        Verdict::Proved { .. } => format!("{}: proved", row.property),
        Verdict::Violated(run) => {
            format!("{}: violated in {}", row.property, run.stimulus.cycles.len() - 1)
        }
        other => format!("{}: {other:?}", row.property),
    };
    report.rows.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// First values that are no constants, states without a next value, arrays that begin with words.
#[test]
fn states_of_every_kind() {
    let chosen = "1 sort bitvec 3\n2 sort bitvec 1\n3 state 1\n4 state 1\n5 init 1 4 3\n\
        6 next 1 3 3\n7 next 1 4 4\n8 neq 2 3 4\n9 bad 8\n";
    assert_eq!(verdicts(chosen), "bad 0: proved");
    let free = "1 sort bitvec 3\n2 sort bitvec 1\n3 zero 1\n4 state 1\n5 init 1 4 3\n\
        6 redor 2 4\n7 bad 6\n";
    assert_eq!(verdicts(free), "bad 0: violated in 1");
    let array = "1 sort bitvec 2\n2 sort bitvec 3\n3 sort bitvec 1\n4 sort array 1 2\n\
        5 zero 2\n6 state 4 m\n7 init 4 6 5\n8 input 1 address\n9 one 2\n10 read 2 6 8\n\
        11 add 2 10 9\n12 write 4 6 8 11\n13 next 4 6 12\n14 constd 2 3\n15 eq 3 10 14\n16 bad 15\n\
        17 input 3\n18 ite 4 17 6 12\n19 eq 3 18 12\n20 or 3 19 -17\n21 bad -20 ; never equal\n";
    assert_eq!(verdicts(array), "bad 0: violated in 3, bad 1: violated in 0");
    let turns = "1 sort bitvec 1\n2 zero 1\n3 state 1\n4 init 1 3 2\n5 next 1 3 -3\n\
        6 justice 2 3 -3 never both again and again\n7 and 1 3 -3\n8 justice 1 7\n9 fair 3\n";
    assert_eq!(verdicts(turns), "justice 0: violated in 2, justice 1: proved");
}

#[test]
fn a_file_that_is_wrong_is_told_where() {
    let told = |text: &str| read_btor2(text).unwrap_err().to_string();
    let check = |text: &str, expect: &str| assert_eq!(told(text), expect, "{text}");
    check("x sort bitvec 1", "line 1: `x` should be the number of the line's node, a number");
    check("1 sort bitvec 0", "line 1: 0 bits are not from 1 to 65536");
    check("1 sort tuple 0", "line 1: `tuple` should be `bitvec` or `array`");
    check("; nothing\n\n1 sort bitvec", "line 3: the line ends where a width should stand");
    check("1 sort bitvec 1\n1 input 1", "line 2: node 1 does not come after node 1");
    check("1 sort bitvec 1\n2 input 3", "line 2: 3 is no sort");
    check("1 sort bitvec 1\n2 bad 3", "line 2: node 3 has no value, or comes later");
    check("1 sort bitvec 1\n2 frob 1 1", "line 2: node 1 has no value, or comes later");
    check("1 sort bitvec 1\n2 input 1\n3 frob 1 2", "line 3: `frob` is nothing that a node can be");
    check("1 sort bitvec 4\n2 input 1\n3 bad 2", "line 3: 4 bits stand where one should");
    check(
        "1 sort bitvec 4\n2 sort bitvec 1\n3 input 1\n4 input 2\n5 add 1 3 4",
        "line 5: an operand has 1 bits and should have 4",
    );
    check(
        "1 sort bitvec 4\n2 sort bitvec 1\n3 input 1\n4 add 2 3 3",
        "line 4: `add` gives 4 bits here, and its sort is 1 bit",
    );
    check("1 sort bitvec 4\n2 const 1 01", "line 2: `01` is no const of 4 bits");
    check("1 sort bitvec 4\n2 input 1\n3 slice 1 2 4 1", "line 3: bits 4 to 1 of 4 are not there");
    check("1 sort bitvec 4\n2 input 1\n3 next 1 2 2", "line 3: node 2 is no state");
    check(
        "1 sort bitvec 4\n2 state 1\n3 next 1 2 2\n4 next 1 2 -2",
        "line 4: the state has a next value already",
    );
    check(
        "1 sort bitvec 32\n2 sort array 1 1",
        "line 2: an array of 32 bits by addresses of 32 is too large: arrays are read word by \
         word, up to 65536 bits",
    );
    check("1 sort bitvec 1\n2 justice 0", "line 2: there is no condition");
}
