//! Names from elsewhere, made well-formed and unique.

use olivine_netlist::ValueId;
use std::collections::HashMap;

/// Lower case, words of letters, digits and `_`.
pub(crate) fn word(name: &str) -> String {
    let mut result = String::new();
    for c in name.trim_start_matches('\\').chars() {
        let c = c.to_ascii_lowercase();
        let fits = c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let c = if fits { c } else { '_' };
        if fits || !(result.is_empty() || result.ends_with('_')) {
            result.push(c);
        }
    }
    if !result.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') {
        result.insert(0, '_');
    }
    if result.len() > 1 && result.ends_with('_') && !name.ends_with('_') {
        result.pop();
    }
    result
}

/// Gives each name once. Things that are the same value may share one.
#[derive(Default)]
pub(crate) struct Names {
    taken: HashMap<String, Option<ValueId>>,
}

impl Names {
    /// A well-formed name near `name` for what is `value`, or for something that is no value.
    pub fn claim(&mut self, name: &str, value: Option<ValueId>) -> String {
        let base = word(name);
        let mut candidate = base.clone();
        let mut number = 1;
        while !self.free(&candidate, value) {
            number += 1;
            candidate = format!("{base}_{number}");
        }
        self.taken.insert(candidate.clone(), value);
        candidate
    }

    /// Whether `name` can be given to this value.
    pub fn free(&self, name: &str, value: Option<ValueId>) -> bool {
        match self.taken.get(name) {
            None => true,
            Some(holder) => value.is_some() && *holder == value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        let check = |from: &str, to: &str| assert_eq!(word(from), to);
        check("\\Top$fifo", "top_fifo");
        check("pe[0].at[1].unit", "pe_0_at_1_unit");
        check("mem[3]", "mem_3");
        check("7seg", "_7seg");
        check("kept_", "kept_");
        check("$paramod\\fifo\\W=8", "paramod_fifo_w_8");
    }

    #[test]
    fn one_name_for_one_value() {
        let mut names = Names::default();
        assert_eq!(names.claim("a", Some(ValueId(1))), "a");
        assert_eq!(names.claim("A", Some(ValueId(1))), "a");
        assert_eq!(names.claim("a", Some(ValueId(2))), "a_2");
        assert_eq!(names.claim("a", None), "a_3");
    }
}
