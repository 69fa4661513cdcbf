//! Fixed point and trees mean what Rust's integers say.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_lang::{greatest, running, sum};
use olivine_netlist::PortId;
use proptest::prelude::*;

/// What is made of the inputs, as bits.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
enum Body {
    /// Operators on two numbers, and conversions of their sum.
    Fixed { a: [u32; 2], b: [u32; 2], to: [u32; 2] },
    /// As `Fixed`, on numbers without a sign; and conversions of their difference.
    UnsignedFixed { a: [u32; 2], b: [u32; 2], to: [u32; 2] },
    /// Trees of eight-bit numbers.
    Trees { items: usize },
}

#[derive(Ports)]
struct BodyPorts {
    inputs: Vec<In<Unsigned>>,
    results: Vec<Out<Unsigned>>,
}

const FIXED_RESULTS: usize = 12;
const UNSIGNED_RESULTS: usize = 16;

impl Module for Body {
    type Ports = BodyPorts;

    fn ports(&self) -> BodyPorts {
        match self {
            Self::Fixed { a, b, .. } => BodyPorts {
                inputs: vec![unsigned(a[0] + a[1]), unsigned(b[0] + b[1])],
                results: vec![unsigned(64); FIXED_RESULTS],
            },
            Self::UnsignedFixed { a, b, .. } => BodyPorts {
                inputs: vec![unsigned(a[0] + a[1]), unsigned(b[0] + b[1])],
                results: vec![unsigned(64); UNSIGNED_RESULTS],
            },
            Self::Trees { items } => BodyPorts {
                inputs: vec![unsigned(8); *items],
                results: vec![unsigned(64); 4 + items],
            },
        }
    }

    fn build(&self, p: BodyPorts) {
        let results = match self {
            Self::Fixed { a, b, to } => {
                let number =
                    |i: usize, shape: &[u32; 2]| p.inputs[i].as_signed().as_fixed(shape[1]);
                fixed_results(number(0, a), number(1, b), fixed(to[0], to[1]))
            }
            Self::UnsignedFixed { a, b, to } => {
                let number = |i: usize, shape: &[u32; 2]| p.inputs[i].as_unsigned_fixed(shape[1]);
                unsigned_results(number(0, a), number(1, b), unsigned_fixed(to[0], to[1]))
            }
            Self::Trees { .. } => tree_results(&p.inputs),
        };
        p.results.iter().zip(results).for_each(|(port, result)| port.drive(result));
    }
}

fn raw(number: Fixed) -> Unsigned {
    number.as_signed().extend(64).as_unsigned()
}

fn fixed_results(a: Fixed, b: Fixed, to: Fixed) -> Vec<Unsigned> {
    let truth = |bit: Bit| bit.as_unsigned().extend(64);
    let sum = a + b;
    vec![
        raw(sum),
        raw(a - b),
        raw(a * b),
        raw(-a),
        raw(a + 0),
        truth(a.eq(b)),
        truth(a.lt(b)),
        truth(a.ge(b)),
        raw(sum.convert(to, Rounding::Floor, Overflow::Saturate)),
        raw(sum.convert(to, Rounding::NearestEven, Overflow::Saturate)),
        raw(sum.convert(to, Rounding::Floor, Overflow::Wrap)),
        raw(sum.convert(to, Rounding::NearestEven, Overflow::Wrap)),
    ]
}

fn unsigned_results(a: UnsignedFixed, b: UnsignedFixed, to: UnsignedFixed) -> Vec<Unsigned> {
    let truth = |bit: Bit| bit.as_unsigned().extend(64);
    let raw_unsigned = |number: UnsignedFixed| number.as_unsigned().extend(64);
    let (sum, difference) = (a + b, a - b);
    let mut results = vec![
        raw_unsigned(sum),
        raw(difference),
        raw_unsigned(a * b),
        raw(a.to_signed()),
        raw_unsigned(a + 0),
        truth(a.eq(b)),
        truth(a.lt(b)),
        truth(a.ge(b)),
    ];
    for (rounding, overflow) in WAYS {
        results.push(raw_unsigned(sum.convert(to, rounding, overflow)));
        results.push(raw_unsigned(difference.to_unsigned(to, rounding, overflow)));
    }
    results
}

const WAYS: [(Rounding, Overflow); 4] = [
    (Rounding::Floor, Overflow::Saturate),
    (Rounding::NearestEven, Overflow::Saturate),
    (Rounding::Floor, Overflow::Wrap),
    (Rounding::NearestEven, Overflow::Wrap),
];

/// As [`converted`], to a shape without a sign.
fn converted_unsigned(value: i128, from: u32, to: [u32; 2], way: (Rounding, Overflow)) -> i128 {
    let wide = [40, to[1]];
    let rounded = converted(value, from, wide, way.0 == Rounding::NearestEven, false);
    let limit = 1i128 << (to[0] + to[1]);
    match way.1 {
        Overflow::Saturate => rounded.clamp(0, limit - 1),
        Overflow::Wrap => rounded.rem_euclid(limit),
    }
}

fn unsigned_expected(a: i128, b: i128, shapes: [[u32; 2]; 3]) -> Vec<i128> {
    let fraction = shapes[0][1].max(shapes[1][1]);
    let (x, y) = (a << (fraction - shapes[0][1]), b << (fraction - shapes[1][1]));
    let mut results =
        vec![x + y, x - y, a * b, a, a, i128::from(x == y), i128::from(x < y), i128::from(x >= y)];
    for way in WAYS {
        results.push(converted_unsigned(x + y, fraction, shapes[2], way));
        results.push(converted_unsigned(x - y, fraction, shapes[2], way));
    }
    results
}

fn tree_results(items: &[Unsigned]) -> Vec<Unsigned> {
    let (index, most) = greatest(items).expect("there are items");
    let joined = tree(items.iter().copied(), |a, b| a.concat(b)).expect("there are items");
    let mut results = vec![
        sum(items.iter().copied()).extend(64),
        index.extend(64),
        most.extend(64),
        joined.extend(64),
    ];
    let sums = running(items.iter().copied(), |a, b| a.wrapping_add(b));
    results.extend(sums.iter().map(|x| x.extend(64)));
    results
}

/// The results of a body for these inputs.
fn results_of(body: Body, inputs: &[u64]) -> Vec<u64> {
    let design = elaborate(body).unwrap_or_else(|f| panic!("{f}"));
    let mut interp = Interp::new(&design, Undefined::Random(1));
    let count = interp.interface().ports.len();
    for (i, value) in inputs.iter().enumerate() {
        interp.set_u64(PortId(i as u32), *value);
    }
    (inputs.len()..count).map(|i| interp.get_u64(PortId(i as u32))).collect()
}

/// `value`'s low bits as a number in two's complement.
fn signed_of(value: i128, width: u32) -> i128 {
    value << (128 - width) >> (128 - width)
}

/// `value` over 2^`from` in another shape, by the definition.
fn converted(value: i128, from: u32, to: [u32; 2], nearest: bool, saturate: bool) -> i128 {
    let (numerator, divisor) = (value << to[1], 1i128 << from);
    let floor = numerator.div_euclid(divisor);
    let rest = numerator.rem_euclid(divisor) * 2;
    let up = nearest && (rest > divisor || rest == divisor && floor % 2 != 0);
    let rounded = floor + i128::from(up);
    let limit = 1i128 << (to[0] + to[1] - 1);
    if saturate { rounded.clamp(-limit, limit - 1) } else { signed_of(rounded, to[0] + to[1]) }
}

fn fixed_expected(a: i128, b: i128, shapes: [[u32; 2]; 3]) -> Vec<i128> {
    let [fa, fb, to] = [shapes[0][1], shapes[1][1], shapes[2][1]];
    let fraction = fa.max(fb);
    let (x, y) = (a << (fraction - fa), b << (fraction - fb));
    let convert = |nearest, saturate| converted(x + y, fraction, shapes[2], nearest, saturate);
    assert_eq!(to, shapes[2][1]);
    vec![
        x + y,
        x - y,
        a * b,
        -a,
        a,
        i128::from(x == y),
        i128::from(x < y),
        i128::from(x >= y),
        convert(false, true),
        convert(true, true),
        convert(false, false),
        convert(true, false),
    ]
}

fn shape() -> impl Strategy<Value = [u32; 2]> {
    [1u32..9, 0u32..9]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn fixed_point(shapes in [shape(), shape(), shape()], a in any::<u64>(), b in any::<u64>()) {
        let widths = shapes.map(|s| s[0] + s[1]);
        let [a, b] = [(a, widths[0]), (b, widths[1])].map(|(x, w)| signed_of(i128::from(x), w));
        let inputs = [a, b].map(|x| x as u64);
        let [sa, sb, to] = shapes;
        let found = results_of(Body::Fixed { a: sa, b: sb, to }, &inputs);
        let wanted: Vec<u64> = fixed_expected(a, b, shapes).iter().map(|x| *x as u64).collect();
        prop_assert_eq!(found, wanted, "{} and {} of {:?}", a, b, shapes);
    }

    #[test]
    fn fixed_point_without_a_sign(
        shapes in [shape(), shape(), shape()],
        a in any::<u64>(),
        b in any::<u64>(),
    ) {
        let low = |x: u64, shape: [u32; 2]| x & ((1 << (shape[0] + shape[1])) - 1);
        let inputs = [low(a, shapes[0]), low(b, shapes[1])];
        let [a, b, to] = shapes;
        let found = results_of(Body::UnsignedFixed { a, b, to }, &inputs);
        let expected = unsigned_expected(inputs[0].into(), inputs[1].into(), shapes);
        let wanted: Vec<u64> = expected.iter().map(|x| *x as u64).collect();
        prop_assert_eq!(found, wanted, "{:?} of {:?}", inputs, shapes);
    }

    #[test]
    fn trees(items in proptest::collection::vec(any::<u8>(), 1..9)) {
        let inputs: Vec<u64> = items.iter().map(|x| u64::from(*x)).collect();
        let most = *items.iter().max().expect("there are items");
        let first = items.iter().position(|x| *x == most).expect("it is there");
        let mut bytes = [0; 8];
        bytes[..items.len()].copy_from_slice(&items);
        let mut wanted =
            vec![inputs.iter().sum(), first as u64, u64::from(most), u64::from_le_bytes(bytes)];
        wanted.extend(items.iter().scan(0u8, |sum, x| {
            *sum = sum.wrapping_add(*x);
            Some(u64::from(*sum))
        }));
        prop_assert_eq!(results_of(Body::Trees { items: items.len() }, &inputs), wanted);
    }
}

#[module]
fn Literals() {
    let shown: Out<UnsignedFixed> = unsigned_fixed(3, 4);
    let half: Out<UnsignedFixed> = reg(unsigned_fixed(0, 8)).reset(0.5).init(0.5);
    let more: Out<Bit> = bit();

    shown.drive(7.9375);
    half.set(half);
    more.drive(shown.gt(half) & shown.ge(7.5) & half.ne(0.25));
}

#[test]
fn literals_without_a_sign_are_exact() {
    let mut interp = Interp::new(&elaborate(Literals).unwrap(), Undefined::Random(1));
    assert_eq!([0, 1, 2].map(|port| interp.get_u64(PortId(port))), [127, 128, 1]);
}

#[test]
fn literals_are_exact() {
    let held = |value: f64| {
        #[derive(Clone, Debug)]
        struct Literal(f64);
        impl PartialEq for Literal {
            fn eq(&self, other: &Self) -> bool {
                self.0.to_bits() == other.0.to_bits()
            }
        }
        impl Eq for Literal {}
        impl std::hash::Hash for Literal {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.0.to_bits().hash(state);
            }
        }
        impl Module for Literal {
            type Ports = BodyPorts;
            fn ports(&self) -> BodyPorts {
                BodyPorts { inputs: vec![], results: vec![unsigned(64)] }
            }
            fn build(&self, p: BodyPorts) {
                p.results[0].drive(raw(constant(fixed(3, 4), self.0)));
            }
            fn name(&self) -> String {
                "literal".to_string()
            }
        }
        elaborate(Literal(value))
            .map(|design| Interp::new(&design, Undefined::Random(1)).get_u64(PortId(0)) as i64)
    };
    for (value, raw) in [(0.0, 0), (1.5, 24), (-4.0, -64), (3.9375, 63), (-0.0625, -1)] {
        assert_eq!(held(value), Ok(raw), "{value}");
    }
    for value in [4.0, -4.0625, 0.03125, f64::NAN, f64::INFINITY, 1e30] {
        assert_eq!(held(value).unwrap_err().faults[0].code, "L011", "{value}");
    }
}
