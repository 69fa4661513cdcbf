//! Names: made from Rust's, and unique where they must be.

use std::collections::{HashMap, HashSet};

/// A name longer than this is shortened.
const LENGTH_MAX: usize = 40;

/// Names that are taken.
#[derive(Default)]
pub(crate) struct Taken {
    names: HashSet<String>,
    /// For names that were wanted again, the next suffix to try.
    next: HashMap<String, u64>,
}

impl Taken {
    pub(crate) fn insert(&mut self, name: impl Into<String>) {
        self.names.insert(name.into());
    }

    /// `wanted`, or with the first of the suffixes `_v2`, `_v3`, … that makes it new.
    pub(crate) fn unique(&mut self, wanted: &str) -> String {
        if self.names.insert(wanted.to_string()) {
            return wanted.to_string();
        }
        let next = self.next.entry(wanted.to_string()).or_insert(2);
        loop {
            let name = format!("{wanted}_v{next}");
            *next += 1;
            if self.names.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Only lower case letters, digits and `_`, no digit first, no `_<digits>` last.
pub(crate) fn word(text: &str) -> String {
    let mut name = String::new();
    for c in text.trim_start_matches("r#").chars() {
        if c.is_ascii_uppercase() && name.ends_with(|p: char| p.is_ascii_lowercase()) {
            name.push('_');
        }
        name.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') {
        name.insert(0, 'n');
    }
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    match stem.strip_suffix('_') {
        Some(front) if stem.len() < name.len() => format!("{front}_v{}", &name[stem.len()..]),
        _ => name,
    }
}

/// The default name of a module: its type in snake case and its parameters.
pub(crate) fn module_name(type_name: &str, parameters: &str) -> String {
    let base = type_name.split('<').next().unwrap_or(type_name);
    let base = word(base.rsplit("::").next().unwrap_or(base));
    let rest = parameters.find(['{', '(']).map_or("", |i| &parameters[i..]);
    let mut name = base.clone();
    for item in rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-') {
        let item = item.replace('-', "m");
        match item.chars().next() {
            None => {}
            Some(c) if c.is_ascii_digit() && name.ends_with(|p: char| p.is_ascii_digit()) => {
                name = name + "x" + &word_tail(&item);
            }
            Some(c) if c.is_ascii_digit() && name.len() > base.len() => name += &word_tail(&item),
            Some(c) if c.is_ascii_digit() => name = name + "_n" + &word_tail(&item),
            Some(_) => name = name + "_" + &word(&item),
        }
    }
    if name.len() <= LENGTH_MAX {
        return name;
    }
    format!("{base}_h{:08x}", hash(parameters))
}

fn word_tail(digits: &str) -> String {
    digits.to_ascii_lowercase()
}

/// FNV-1a: the same on every machine and in every build.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_names() {
        let check = |t, p, expect: &str| assert_eq!(module_name(t, p), expect);
        check("a::Counter", "Counter { limit: 3 }", "counter_limit3");
        check("a::Counter", "Counter", "counter");
        check("Pe", "Pe { kind: Bf16, n: 4 }", "pe_kind_bf16_n4");
        check("Grid<a::B>", "Grid { dims: [1, 2] }", "grid_dims1x2");
        check("Fifo<Unsigned>", "Fifo { of: unsigned(8), depth: 16 }", "fifo_of_unsigned8_depth16");
        check("AxiLite", "AxiLite(-4)", "axi_lite_m4");
        check("AxiLite", "AxiLite(4)", "axi_lite_n4");
        let long = "Wide { a_rather_long_parameter: 1, another_long_parameter: 2 }";
        check("Wide", long, "wide_h12cb8100");
    }

    #[test]
    fn words() {
        let check = |text, expect: &str| assert_eq!(word(text), expect);
        check("FooBar", "foo_bar");
        check("r#type", "type");
        check("x_2", "x_v2");
        check("q2", "q2");
        check("2q", "n2q");
    }

    #[test]
    fn unique_names_do_not_end_in_an_index() {
        let mut taken = Taken::default();
        let names: Vec<_> = (0..3).map(|_| taken.unique("sum")).collect();
        assert_eq!(names, ["sum", "sum_v2", "sum_v3"]);
    }
}
