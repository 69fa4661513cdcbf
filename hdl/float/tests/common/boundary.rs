//! The boundaries of formats, by name; tables of what units make of them.

use crate::batch::Batch;
use crate::stimulus::golden_format;
use olivine_float::{Format, Specials};
use olivine_golden::number::Value;
use olivine_netlist::Design;
use std::fmt::Write as _;

/// The codes of a format at which something changes, ascending, with their names.
pub fn points(format: Format) -> Vec<(String, u64)> {
    let (m, sign) = (format.mantissa, 1u64 << (format.width() - 1));
    let top = sign - 1;
    let (largest, infinity, nan) = match format.specials {
        Specials::Ieee => {
            let infinity = top & !((1 << m) - 1);
            (infinity - 1, Some(infinity), Some(infinity | 1 << (m - 1)))
        }
        Specials::NanOnly => (top - 1, None, Some(top)),
        Specials::Numbers => (top, None, None),
    };
    let one = format.bias() as u64;
    let magnitudes = [
        ("0", Some(0)),
        ("least", Some(1)),
        ("normal", Some(1 << m)),
        ("1", Some(one << m)),
        ("largest", Some(largest)),
        ("∞", infinity),
    ];
    let known = magnitudes.iter().filter_map(|(name, code)| code.map(|code| (*name, code)));
    let known: Vec<(&str, u64)> = known.collect();
    let below = known.iter().rev().map(|(name, code)| (format!("−{name}"), code | sign));
    let above = known.iter().map(|(name, code)| (format!("+{name}"), *code));
    below.chain(above).chain(nan.map(|code| ("NaN".to_string(), code))).collect()
}

/// The boundaries and their neighbours on either side.
pub fn around(format: Format) -> Vec<u64> {
    let all = (1u64 << format.width()) - 1;
    let near = |code: u64| [-2i64, -1, 0, 1, 2].map(|k| code.wrapping_add_signed(k) & all);
    let mut codes: Vec<u64> = points(format).into_iter().flat_map(|(_, code)| near(code)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A code in words: a boundary's name, that of its neighbour, or the number.
pub fn name(code: u64, format: Format) -> String {
    if let Some((name, _)) = points(format).into_iter().find(|(_, point)| *point == code) {
        return name;
    }
    for (step, side) in [(1, "below"), (-1, "above")] {
        let next = points(format).into_iter().find(|(_, p)| code.wrapping_add_signed(step) == *p);
        if let Some((name, _)) = next.filter(|(name, _)| !name.ends_with(['0', 't'])) {
            return format!("{side} {name}");
        }
    }
    match Value::decode(code, golden_format(format)) {
        Value::Nan => "another NaN".into(),
        Value::Infinity { .. } => "∞".into(),
        Value::Finite { negative, magnitude, exponent } => {
            let number = magnitude as f64 * 2f64.powi(exponent);
            let sign = if negative { "−" } else { "" };
            let plain = number.to_string();
            if plain.len() < 12 { format!("{sign}{plain}") } else { format!("{sign}{number:.7e}") }
        }
    }
}

/// A table of Markdown.
pub fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// What a unit makes of all pairs of boundaries: rows are its first operand.
pub fn matrix(
    corner: &str,
    formats: [Format; 2],
    mut unit: impl FnMut(u64, u64) -> String,
) -> String {
    let [rows, columns] = formats.map(points);
    let head = [corner.to_string()].into_iter().chain(columns.iter().map(|c| c.0.clone()));
    let line = |(name, a): &(String, u64)| {
        let results = columns.iter().map(|(_, b)| unit(*a, *b));
        [format!("**{name}**")].into_iter().chain(results.collect::<Vec<_>>()).collect()
    };
    let rows: Vec<Vec<String>> = rows.iter().map(line).collect();
    table(&head.collect::<Vec<_>>(), &rows)
}

/// A unit that is asked for single results.
pub struct Asked<const I: usize, const O: usize>(Batch<I, O>);

impl<const I: usize, const O: usize> Asked<I, O> {
    /// The top module of this design.
    pub fn new(design: &Design) -> Self {
        Self(Batch::new(design))
    }

    /// Its results, which the golden model must give too at each of these stimuli.
    #[track_caller]
    pub fn checked(
        &mut self,
        stimuli: impl IntoIterator<Item = [u64; I]>,
        golden: impl Fn([u64; I]) -> [u64; O],
    ) {
        self.0.compare(stimuli, golden);
    }

    /// The result of one.
    pub fn of(&mut self, stimulus: [u64; I]) -> [u64; O] {
        let mut found = [0; O];
        self.0.results([stimulus], |_, results| found = results);
        found
    }
}
