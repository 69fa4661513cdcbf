//! Every operator means what Rust's integers say.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use proptest::prelude::*;

/// All operators on operands of two widths.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Operators {
    a: u32,
    b: u32,
    narrow: u32,
}

#[derive(Ports)]
struct OperatorsPorts {
    a: In<Unsigned>,
    b: In<Unsigned>,
    results: Vec<Out<Unsigned>>,
}

/// Names and results in hardware.
type Results = Vec<(&'static str, Unsigned)>;

fn unsigned_results(a: Unsigned, b: Unsigned, narrow: u32) -> Results {
    let width = a.width();
    let other = if b.width() < width { b.extend(width) } else { b.truncate(width) };
    vec![
        ("add", a + b),
        ("sub", (a - b).as_unsigned()),
        ("mul", a * b),
        ("add literal", a + 5),
        ("wrapping_add", a.wrapping_add(other)),
        ("wrapping_sub", a.wrapping_sub(other)),
        ("and", a & other),
        ("or", a | other),
        ("xor", a ^ other),
        ("not", !a),
        ("eq", a.eq(other).as_unsigned()),
        ("ne", a.ne(other).as_unsigned()),
        ("lt", a.lt(other).as_unsigned()),
        ("le", a.le(other).as_unsigned()),
        ("gt", a.gt(other).as_unsigned()),
        ("ge", a.ge(other).as_unsigned()),
        ("min", a.min(other)),
        ("max", a.max(other)),
        ("truncate", a.truncate(narrow)),
        ("saturate", a.saturate(narrow)),
        ("shift_left", a.shift_left(b)),
        ("shift_right", a.shift_right(b)),
        ("shl", a << 3),
        ("shr", a >> (narrow - 1)),
        ("any", a.any().as_unsigned()),
        ("all", a.all().as_unsigned()),
        ("parity", a.parity().as_unsigned()),
        ("slice", a.slice(width - narrow, narrow)),
        ("cat", cat((a, b))),
        ("concat", a.concat(b)),
        ("repeat", a.repeat(2)),
        ("bit_at", a.bit_at(b).as_unsigned()),
        ("reversed", a.reversed()),
        ("count_ones", a.count_ones()),
        ("leading_zeros", a.leading_zeros()),
        ("trailing_zeros", a.trailing_zeros()),
        ("decoded", b.decoded()),
        ("mux", mux(a.bit(0), b, 1)),
        ("select", select(a, &[b, !b, zero(b.shape())])),
        ("select end", select(a, &[b, !b])),
    ]
}

fn signed_results(a: Signed, b: Signed, narrow: u32) -> Results {
    let width = a.width();
    let other = if b.width() < width { b.extend(width) } else { b.truncate(width) };
    vec![
        ("signed add", (a + b).as_unsigned()),
        ("signed sub", (a - b).as_unsigned()),
        ("signed mul", (a * b).as_unsigned()),
        ("signed literal", (a + -3).as_unsigned()),
        ("signed neg", (-a).as_unsigned()),
        ("signed abs", a.abs()),
        ("signed lt", a.lt(other).as_unsigned()),
        ("signed le", a.le(other).as_unsigned()),
        ("signed min", a.min(other).as_unsigned()),
        ("signed extend", a.extend(width + 3).as_unsigned()),
        ("signed saturate", a.saturate(narrow).as_unsigned()),
        ("signed shift_right", a.shift_right(b.as_unsigned()).as_unsigned()),
        ("signed shr", (a >> (narrow - 1)).as_unsigned()),
        ("is_negative", a.is_negative().as_unsigned()),
    ]
}

impl Operators {
    fn all(&self, a: Unsigned, b: Unsigned) -> Results {
        let mut all = unsigned_results(a, b, self.narrow);
        all.extend(signed_results(a.as_signed(), b.as_signed(), self.narrow));
        all
    }
}

/// Wide enough for every result.
const WIDE: u32 = 64;

impl Module for Operators {
    type Ports = OperatorsPorts;

    fn ports(&self) -> OperatorsPorts {
        let results = vec![unsigned(WIDE); COUNT];
        OperatorsPorts { a: unsigned(self.a), b: unsigned(self.b), results }
    }

    fn build(&self, p: OperatorsPorts) {
        for (port, (_, result)) in p.results.iter().zip(self.all(p.a, p.b)) {
            port.drive(result.extend(WIDE));
        }
    }
}

const COUNT: usize = 54;

fn mask(width: u32) -> i128 {
    (1 << width) - 1
}

fn signed_of(value: i128, width: u32) -> i128 {
    if value >> (width - 1) & 1 == 1 { value - (1 << width) } else { value }
}

/// What each result is, in integers; a negative number stands for its two's complement.
fn expected(c: &Operators, a: i128, b: i128) -> Vec<(i128, u32)> {
    let (wa, wb, n) = (c.a, c.b, c.narrow);
    let o = b & mask(wa);
    let wide = wa.max(wb) + 1;
    let flag = |f: bool| (i128::from(f), 1);
    let shift = |v: i128, by: i128| if by > 63 { 0 } else { v << by };
    let down = |v: i128, by: i128| v >> by.min(100);
    let count = 128 - (wa as u128).leading_zeros();
    let reversed = (0..wa).fold(0, |r, i| r << 1 | a >> i & 1);
    let mut all = vec![
        (a + b, wide),
        (a - b, wide),
        (a * b, wa + wb),
        (a + 5, wa.max(3) + 1),
        (a + o, wa),
        (a - o, wa),
        (a & o, wa),
        (a | o, wa),
        (a ^ o, wa),
        (!a, wa),
        flag(a == o),
        flag(a != o),
        flag(a < o),
        flag(a <= o),
        flag(a > o),
        flag(a >= o),
        (a.min(o), wa),
        (a.max(o), wa),
        (a, n),
        (a.min(mask(n)), n),
        (shift(a, b), wa),
        (down(a, b), wa),
        (a << 3, wa + 3),
        (a >> (n - 1), wa - n + 1),
        flag(a != 0),
        flag(a == mask(wa)),
        flag(a.count_ones() % 2 == 1),
        (a >> (wa - n), n),
        (a | b << wa, wa + wb),
        (a | b << wa, wa + wb),
        (a | a << wa, 2 * wa),
        flag(down(a, b) & 1 == 1),
        (reversed, wa),
        (i128::from(a.count_ones()), count),
        (i128::from(a.leading_zeros()) - 128 + i128::from(wa), count),
        (i128::from(a.trailing_zeros().min(wa)), count),
        (1 << b, 1 << wb),
        (if a & 1 == 1 { b } else { 1 }, wb),
        ([b, !b, 0][a.min(2) as usize], wb),
        ([b, !b][a.min(1) as usize], wb),
    ];
    all.extend(expected_signed(c, a, b));
    all
}

fn expected_signed(c: &Operators, a: i128, b: i128) -> Vec<(i128, u32)> {
    let (wa, wb, n) = (c.a, c.b, c.narrow);
    let (x, y) = (signed_of(a, wa), signed_of(b, wb));
    let fitted = if wb < wa { y } else { signed_of(b & mask(wa), wa) };
    let wide = wa.max(wb) + 1;
    let flag = |f: bool| (i128::from(f), 1);
    let limit = 1i128 << (n - 1);
    vec![
        (x + y, wide),
        (x - y, wide),
        (x * y, wa + wb),
        (x - 3, wa.max(3) + 1),
        (-x, wa + 1),
        (x.abs(), wa),
        flag(x < fitted),
        flag(x <= fitted),
        (x.min(fitted), wa),
        (x, wa + 3),
        (x.clamp(-limit, limit - 1), n),
        (x >> b.min(100), wa),
        (x >> (n - 1), wa - n + 1),
        flag(x < 0),
    ]
}

fn check(c: &Operators, pairs: &[(u64, u64)]) {
    let design = elaborate(c.clone()).unwrap_or_else(|f| panic!("{f}"));
    let mut engine = Interp::new(&design, Undefined::Zero);
    let names = thread_names(c);
    assert_eq!(names.len(), COUNT);
    let port = |name: &str| design.top().find_port(name).expect("the port is there");
    for (a, b) in pairs {
        let (a, b) = (i128::from(*a) & mask(c.a), i128::from(*b) & mask(c.b));
        engine.set_u64(port("a"), a as u64);
        engine.set_u64(port("b"), b as u64);
        for (i, (value, width)) in expected(c, a, b).into_iter().enumerate() {
            let got = engine.get_u64(port(&format!("results{i}")));
            let (name, own) = &names[i];
            assert_eq!(*own, width, "width of `{name}` in {c:?}");
            let wanted = (value & mask(width)) as u64;
            assert_eq!(got, wanted, "`{name}` of {a} and {b} in {c:?}");
        }
    }
}

/// The names and widths of the results, from a module that does nothing else.
fn thread_names(c: &Operators) -> Vec<(&'static str, u32)> {
    #[derive(Clone, Debug, Hash, PartialEq, Eq)]
    struct Names(Operators);

    thread_local! {
        static NAMES: std::cell::RefCell<Vec<(&'static str, u32)>> =
            const { std::cell::RefCell::new(Vec::new()) };
    }

    impl Module for Names {
        type Ports = OperatorsPorts;

        fn ports(&self) -> OperatorsPorts {
            OperatorsPorts { a: unsigned(self.0.a), b: unsigned(self.0.b), results: Vec::new() }
        }

        fn build(&self, p: OperatorsPorts) {
            let results = self.0.all(p.a, p.b);
            let names = results.iter().map(|(name, result)| (*name, result.width())).collect();
            NAMES.replace(names);
        }
    }

    elaborate(Names(c.clone())).unwrap_or_else(|f| panic!("{f}"));
    NAMES.take()
}

#[test]
fn small_widths_exhaustively() {
    for a in 1..=4u32 {
        for b in 1..=3u32 {
            for narrow in 1..=a {
                let pairs = (0..1 << a).flat_map(|x| (0..1 << b).map(move |y| (x, y)));
                check(&Operators { a, b, narrow }, &pairs.collect::<Vec<_>>());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wide_operands(
        a in 5u32..29,
        b in 1u32..6,
        narrow in 1u32..5,
        pairs in prop::collection::vec(any::<(u64, u64)>(), 20),
    ) {
        check(&Operators { a, b, narrow }, &pairs);
    }
}
