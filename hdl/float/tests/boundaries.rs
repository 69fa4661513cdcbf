//! What units make of zeros, subnormal numbers, infinities, NaNs and of what is too large: at all
//! boundaries and their neighbours as the golden model says, and printed in `BOUNDARIES.md`, which
//! must be what they do. `OLIVINE_BOUNDARIES=write` writes it anew.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/boundary.rs"]
mod boundary;
#[path = "common/references.rs"]
mod references;
#[path = "common/stimulus.rs"]
mod stimulus;

use boundary::{Asked, around, matrix, name, points, table};
use olivine_float::{
    Add, BlockDot, Cast, Compare, Divide, Element, End, Evaluate, Extreme, Fma, Format, Function,
    IntegerMac, Mac, Overflow, Quantize, Rounding, Times, ToInteger,
};
use olivine_golden::number;
use olivine_lang::prelude::{Design, Module, elaborate};
use references::Reference;
use stimulus::{golden_element, golden_format, golden_rounding};

const KEPT: &str = include_str!("../BOUNDARIES.md");
const SINGLE: Format = Format::FP32;
const NEAREST: Rounding = Rounding::NearestEven;
const GOLDEN: number::Rounding = number::Rounding::NearestEven;

fn design(module: impl Module) -> Design {
    elaborate(module).unwrap()
}

fn pairs([a, b]: [Format; 2]) -> Vec<[u64; 2]> {
    let (a, b) = (around(a), around(b));
    a.iter().flat_map(|a| b.iter().map(move |b| [*a, *b])).collect()
}

/// A section with the results of all pairs.
fn binary(
    title: &str,
    corner: &str,
    (operands, result): ([Format; 2], Format),
    module: impl Module,
    golden: impl Fn([u64; 2]) -> u64,
) -> String {
    let mut unit = Asked::<2, 1>::new(&design(module));
    unit.checked(pairs(operands), |s| [golden(s)]);
    let results = matrix(corner, operands, |a, b| name(unit.of([a, b])[0], result));
    format!("## {title}\n\n{results}")
}

fn sums_products_and_quotients() -> Vec<String> {
    let f = golden_format(SINGLE);
    let add = |rounding, title: &str| {
        let golden = |s| {
            let [soft, ap] = Reference::ALL.map(|judge| judge.add(s, rounding));
            assert_eq!(soft, ap, "{s:x?}");
            assert_eq!(soft, number::add(s[0], s[1], f, golden_rounding(rounding, 0)), "{s:x?}");
            soft
        };
        binary(title, "a + b", ([SINGLE; 2], SINGLE), Add { format: SINGLE, rounding }, golden)
    };
    let times = |format: Format, title: &str| {
        let f = golden_format(format);
        let golden = |[a, b]: [u64; 2]| number::multiply(a, b, f, f, GOLDEN);
        let unit = Times { operand: format, result: format, rounding: NEAREST };
        binary(title, "a · b", ([format; 2], format), unit, golden)
    };
    let divide = |format: Format, title: &str| {
        let f = golden_format(format);
        let golden = |s: [u64; 2]| {
            let golden = number::divide(s[0], s[1], f, GOLDEN);
            let judged = Reference::ALL.map(|judge| judge.divide(s, NEAREST));
            assert!(format != SINGLE || judged == [golden; 2], "{s:x?}");
            golden
        };
        binary(title, "a / b", ([format; 2], format), Divide { format, rounding: NEAREST }, golden)
    };
    vec![
        add(NEAREST, "`Add`, fp32, to nearest"),
        add(Rounding::Down, "`Add`, fp32, down"),
        add(Rounding::TowardZero, "`Add`, fp32, toward zero"),
        times(SINGLE, "`Times`, fp32"),
        times(Format::E5M2, "`Times`, e5m2"),
        times(Format::E4M3, "`Times`, e4m3: too large is NaN, as there is no infinity"),
        times(Format::E2M1, "`Times`, e2m1: too large is the largest, as there is no NaN either"),
        divide(SINGLE, "`Divide`, fp32"),
        divide(Format::E4M3, "`Divide`, e4m3: by zero is NaN, as there is no infinity"),
    ]
}

/// c with a, and b one.
fn with_addend() -> Vec<String> {
    let one = 0x3f80;
    let both = [SINGLE, Format::BF16];
    let triples = || pairs(both).into_iter().map(move |[c, a]| [c, a, one]);
    let mut mac = Asked::<3, 1>::new(&design(Mac::BF16));
    mac.checked(triples(), |s| {
        let [soft, ap] = Reference::ALL.map(|judge| judge.accumulate(s));
        assert_eq!(soft, ap, "{s:x?}");
        let golden = olivine_golden::mac(s[0] as u32, s[1] as u16, s[2] as u16);
        assert_eq!(soft, u64::from(golden), "{s:x?}");
        [soft]
    });
    let unit = Fma { operand: Format::BF16, sum: SINGLE, rounding: NEAREST };
    let mut fma = Asked::<3, 1>::new(&design(unit));
    fma.checked(triples(), |[c, a, b]| {
        let wide = [c, a << 16, b << 16];
        let [soft, ap] = Reference::ALL.map(|judge| judge.fused(wide, NEAREST));
        assert_eq!(soft, ap, "{wide:x?}");
        [soft]
    });
    let of_mac = matrix("c + a · 1", both, |c, a| name(mac.of([c, a, one])[0], SINGLE));
    let of_fma = matrix("c + a · 1", both, |c, a| name(fma.of([c, a, one])[0], SINGLE));
    let products =
        matrix("+0 + a · b", [Format::BF16; 2], |a, b| name(mac.of([0, a, b])[0], SINGLE));
    vec![
        format!("## `Mac`, bf16 and fp32: subnormal numbers are zeros\n\n{of_mac}\n{products}"),
        format!("## `Fma`, bf16 and fp32: gradual underflow\n\n{of_fma}"),
    ]
}

fn order() -> Vec<String> {
    let f = golden_format(SINGLE);
    let mut compare = Asked::<2, 4>::new(&design(Compare { format: SINGLE }));
    compare.checked(pairs([SINGLE; 2]), |[a, b]| {
        let order = number::compare(a, b, f);
        [order.less, order.equal, order.greater, order.unordered].map(u64::from)
    });
    let sign = |flags: [u64; 4]| {
        let at = flags.iter().position(|flag| *flag == 1).expect("one of four");
        ["less", "equal", "greater", "unordered"][at].to_string()
    };
    let flags = matrix("a is", [SINGLE; 2], |a, b| sign(compare.of([a, b])));
    let extreme = |end, title: &str, golden: fn(u64, u64, number::Format) -> u64| {
        let unit = Extreme { format: SINGLE, end };
        binary(title, "", ([SINGLE; 2], SINGLE), unit, move |[a, b]| golden(a, b, f))
    };
    vec![
        format!("## `Compare`, fp32\n\n{flags}"),
        extreme(End::Minimum, "`Extreme`, minimum, fp32", number::minimum),
        extreme(End::Maximum, "`Extreme`, maximum, fp32", number::maximum),
    ]
}

/// The boundaries of a format, and where another's range ends in it, between its least and its
/// largest numbers and what would come next.
fn ends(from: Format, to: Format) -> Vec<u64> {
    let (f, t) = (golden_format(from), golden_format(to));
    let finite = |code: u64| matches!(number::Value::decode(code, t), number::Value::Finite { .. });
    let codes = (0..1u64 << (to.width() - 1)).filter(|code| finite(*code));
    let largest = codes.max().expect("it has numbers");
    let cut = |code| number::cast(code, t, f, number::Rounding::TowardZero, OVERFLOW.1);
    // Half a last place above the largest; half of the least, if that is normal in the wide format.
    let half = cut(largest) + (1 << (from.mantissa - to.mantissa - 1));
    let mut all = vec![cut(largest), half - 1, half, half + 1, cut(1)];
    let half = cut(1).checked_sub(1 << from.mantissa).filter(|code| code >> from.mantissa > 0);
    all.extend(half.iter().flat_map(|code| [*code, code + 1]));
    all.extend(points(from).into_iter().map(|(_, code)| code));
    all.sort_by_key(|code| (code >> (from.width() - 1), *code));
    all.dedup();
    all
}

const OVERFLOW: (Overflow, number::Overflow) = (Overflow::Special, number::Overflow::Special);

fn casts() -> Vec<String> {
    let both = [OVERFLOW, (Overflow::Saturate, number::Overflow::Saturate)];
    let one = |from: Format, to: Format, title: &str| {
        let (f, t) = (golden_format(from), golden_format(to));
        let mut units = both.map(|(overflow, golden)| {
            let mut unit = Asked::<1, 1>::new(&design(Cast::new(from, to).overflow(overflow)));
            let all = around(from).into_iter().chain(ends(from, to)).map(|x| [x]);
            unit.checked(all, |[x]| [number::cast(x, f, t, GOLDEN, golden)]);
            unit
        });
        let head = ["x", "`Special`", "`Saturate`"].map(String::from);
        let line = |x: u64| {
            let results = units.each_mut().map(|unit| name(unit.of([x])[0], to));
            [vec![format!("**{}**", name(x, from))], results.to_vec()].concat()
        };
        let rows: Vec<Vec<String>> = ends(from, to).into_iter().map(line).collect();
        format!("## `Cast`, {title}\n\n{}", table(&head, &rows))
    };
    vec![
        one(SINGLE, Format::BF16, "fp32→bf16"),
        one(SINGLE, Format::FP16, "fp32→fp16"),
        one(SINGLE, Format::E5M2, "fp32→e5m2"),
        one(SINGLE, Format::E4M3, "fp32→e4m3"),
        one(SINGLE, Format::E2M1, "fp32→e2m1"),
    ]
}

fn integers() -> Vec<String> {
    let f = golden_format(SINGLE);
    let mut to =
        Asked::<1, 1>::new(&design(ToInteger { from: SINGLE, width: 8, rounding: NEAREST }));
    let edges = [126.5f32, 127.0, 127.49, 127.5, -127.5, -128.0, -128.5, -129.0, 0.5, 1.5, -0.5];
    let edges = edges.map(|x| u64::from(x.to_bits()));
    let all = around(SINGLE).into_iter().chain(edges).map(|x| [x]);
    to.checked(all, |[x]| [number::to_integer(x, f, 8, GOLDEN) as u64 & 255]);
    let inputs = points(SINGLE).into_iter().map(|(_, code)| code).chain(edges);
    let line = |x| vec![format!("**{}**", name(x, SINGLE)), (to.of([x])[0] as i8).to_string()];
    let rows: Vec<Vec<String>> = inputs.map(line).collect();
    let casts = table(&["x", "int8"].map(String::from), &rows);
    let mut mac = Asked::<3, 1>::new(&design(IntegerMac::INT8));
    let ends = [i32::MIN, -1, 0, i32::MAX];
    let wraps = |[c, a, b]: [u64; 3]| {
        let product = i32::from(a as u8 as i8) * i32::from(b as u8 as i8);
        [u64::from((c as u32 as i32).wrapping_add(product) as u32)]
    };
    let stimuli = || {
        ends.iter().flat_map(|c| {
            [[0x80, 0x80], [0x80, 0x7f], [0x7f, 0x7f], [0, 0x80]]
                .map(|[a, b]| [u64::from(*c as u32), a, b])
        })
    };
    mac.checked(stimuli(), wraps);
    let small = |code: u64| (code as u8 as i8).to_string();
    let line = |s: [u64; 3]| {
        let (c, sum) = (s[0] as u32 as i32, mac.of(s)[0] as u32 as i32);
        vec![c.to_string(), small(s[1]), small(s[2]), sum.to_string()]
    };
    let rows: Vec<Vec<String>> = stimuli().map(line).collect();
    let sums = table(&["c", "a", "b", "c + a · b"].map(String::from), &rows);
    vec![
        format!("## `ToInteger`, fp32→int8: saturating, a NaN by its rule\n\n{casts}"),
        format!("## `IntegerMac`, int8 and int32: modulo 2³²\n\n{sums}"),
    ]
}

fn functions() -> String {
    let all = [
        Function::Exp2,
        Function::Log2,
        Function::Reciprocal,
        Function::ReciprocalRoot,
        Function::Sigmoid,
        Function::Tanh,
        Function::Erf,
        Function::Gelu,
        Function::GeluDerivative,
    ];
    let format = Format::BF16;
    let mut units = all.map(|function| Asked::<1, 1>::new(&design(Evaluate { function, format })));
    let names = all.iter().map(|function| format!("{function:?}"));
    let head: Vec<String> = ["x".to_string()].into_iter().chain(names).collect();
    let line = |(point, x): (String, u64)| {
        let results = units.each_mut().map(|unit| name(unit.of([x])[0], format));
        [vec![format!("**{point}**")], results.to_vec()].concat()
    };
    let rows: Vec<Vec<String>> = points(format).into_iter().map(line).collect();
    format!("## `Evaluate`, bf16\n\n{}", table(&head, &rows))
}

/// Blocks of two: sums of products, by what is special in them.
fn blocks() -> String {
    let element = Element::Float(Format::E5M2);
    let (one, infinity, nan, largest) = (0x3c, 0x7c, 0x7e, 0x7b);
    let minus = 0x80;
    let fp_infinity = 0x7f80_0000;
    // c, the codes of a, its scale, those of b and its.
    let cases: [(&str, [u64; 7]); 11] = [
        ("1·1 + 1·1", [0, one, one, 127, one, one, 127]),
        ("1·1 − 1·1", [0, one, one, 127, one, one | minus, 127]),
        ("−0 + 0·1 + 0·1", [1 << 31, 0, 0, 127, one, one, 127]),
        ("∞·1 + 1·1", [0, infinity, one, 127, one, one, 127]),
        ("∞·0 + 1·1", [0, infinity, one, 127, 0, one, 127]),
        ("∞·1 − ∞·1", [0, infinity, infinity, 127, one, one | minus, 127]),
        ("−∞ + ∞·1", [fp_infinity | 1 << 31, infinity, 0, 127, one, 0, 127]),
        ("NaN·1 + 1·1", [0, nan, one, 127, one, one, 127]),
        ("a scale of 255", [0, one, one, 255, one, one, 127]),
        ("largest products, scales of 254", [0, largest, largest, 254, largest, largest, 254]),
        ("least products, scales of 0", [0, 1, 1, 0, 1, 1, 0]),
    ];
    let mut unit = Asked::<7, 1>::new(&design(BlockDot { element, size: 2 }));
    let e = golden_element(element);
    unit.checked(cases.map(|case| case.1), |s| {
        let (a, b) = ((&s[1..3], s[3] as u8), (&s[4..6], s[6] as u8));
        [number::block_dot(e, s[0] as u32, a, b, GOLDEN).into()]
    });
    let line = |(case, s): (&str, [u64; 7])| vec![case.to_string(), name(unit.of(s)[0], SINGLE)];
    let rows: Vec<Vec<String>> = cases.map(line).to_vec();
    let results = table(&["c + a · b", "result"].map(String::from), &rows);
    format!("## `BlockDot`, e5m2, c = +0 where nothing else is said\n\n{results}")
}

fn quantizer() -> String {
    let element = Element::Float(Format::E4M3);
    let code = |x: f32| u64::from(x.to_bits());
    let cases: [(&str, [u64; 2]); 9] = [
        ("1 and 0.5", [code(1.0), code(0.5)]),
        ("0 and −0", [0, 1 << 31]),
        ("∞ and 1", [code(f32::INFINITY), code(1.0)]),
        ("NaN and 1", [code(f32::NAN), code(1.0)]),
        ("largest and 1", [code(f32::MAX), code(1.0)]),
        ("least and 0", [1, 0]),
        ("normal and least", [0x80_0000, 1]),
        ("1.9375, rounded past the largest, and 2⁻¹⁰", [code(1.9375), code(0.5f32.powi(10))]),
        ("1 and 2⁻³⁰", [code(1.0), code(0.5f32.powi(30))]),
    ];
    let unit = Quantize { from: SINGLE, element, size: 2, rounding: NEAREST };
    let mut unit = Asked::<2, 3>::new(&design(unit));
    let (e, f) = (golden_element(element), golden_format(SINGLE));
    unit.checked(cases.map(|case| case.1), |s| {
        let (scale, codes) = number::quantize(e, &s, f, &[GOLDEN; 2]);
        [scale.into(), codes[0], codes[1]]
    });
    let line = |(case, s): (&str, [u64; 2])| {
        let [scale, x, y] = unit.of(s);
        let elements = [x, y].map(|code| name(code, Format::E4M3));
        vec![case.to_string(), scale.to_string(), elements[0].clone(), elements[1].clone()]
    };
    let rows: Vec<Vec<String>> = cases.map(line).to_vec();
    let results = table(&["values", "scale", "elements", ""].map(String::from), &rows);
    format!("## `Quantize`, fp32 to MXFP8 e4m3: blocks of two\n\n{results}")
}

const HEAD: &str = "# What units make of boundaries

Printed by `tests/boundaries.rs` of what the hardware does, which there is compared with the golden
model, and fp32 with Berkeley SoftFloat and LLVM's APFloat, at these boundaries and two codes to either
side. *least*: the least subnormal number; *normal*: the least normal one; *largest*: the largest number;
*below* and *above*: the next code of smaller and of larger magnitude.
Other NaNs than the canonical one do not come out of any unit.
";

#[test]
fn boundaries_are_as_kept() {
    let sections =
        [sums_products_and_quotients(), with_addend(), order(), casts(), integers()].concat();
    let last = [functions(), blocks(), quantizer()];
    let sections: Vec<String> = sections.into_iter().chain(last).collect();
    let text = format!("{HEAD}\n{}", sections.join("\n"));
    if std::env::var("OLIVINE_BOUNDARIES").as_deref() == Ok("write") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/BOUNDARIES.md"), &text).unwrap();
        return;
    }
    assert!(!text.contains("another NaN"));
    let differs = text.lines().zip(KEPT.lines()).find(|(is, kept)| is != kept);
    assert!(text == KEPT, "OLIVINE_BOUNDARIES=write writes it anew; {differs:?}");
}

/// A unit that does otherwise at a boundary is noticed: one that saturates, one that flushes.
#[test]
#[should_panic(expected = "gives")]
fn what_is_otherwise_is_noticed() {
    let (f, t) = (golden_format(SINGLE), golden_format(Format::E4M3));
    let unit = Cast::new(SINGLE, Format::E4M3).overflow(Overflow::Saturate);
    let mut unit = Asked::<1, 1>::new(&design(unit));
    unit.checked(around(SINGLE).into_iter().map(|x| [x]), |[x]| {
        [number::cast(x, f, t, GOLDEN, number::Overflow::Special)]
    });
}
