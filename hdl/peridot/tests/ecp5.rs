//! The kept report of what elements cost on an ECP5: elements are synthesized again and must cost
//! what it says; the arrays in it, placed and routed by `scripts/bench ecp5`, must keep the bounds.

#[path = "common/ecp5.rs"]
mod ecp5;

use ecp5::{KINDS, element};

const KEPT: &str = include_str!("../reports/ecp5.md");

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// The cells of the line that begins with a name, of the table whose head begins with another.
fn line(table: &str, name: &str) -> Option<Vec<&'static str>> {
    let after = KEPT.lines().skip_while(|line| cells(line)[0] != table);
    let lines = after.take_while(|line| line.starts_with('|'));
    lines.map(cells).find(|cells| cells[0] == name)
}

#[test]
fn elements_cost_what_is_kept() {
    for bound in KINDS {
        let found = element(bound.kind).unwrap().map(|count| count.to_string());
        let kept = line("element", bound.name).expect("it is kept");
        assert_eq!(kept[1..], found, "{}: run `scripts/bench ecp5` and keep it", bound.name);
    }
}

#[test]
fn arrays_that_are_kept_keep_their_bounds() {
    for bound in KINDS {
        let kept = line("array 4×4", bound.name).expect("it is kept");
        let number = |column: usize| kept[column].parse::<f64>().unwrap();
        assert!(number(1) > 0.0 && number(1) <= bound.tables, "{kept:?}");
        assert!(number(4) <= bound.multipliers, "{kept:?}");
        assert!(number(6) >= bound.mhz, "{kept:?}");
        let columns = [number(2), number(5), number(7)];
        assert_eq!(columns, [bound.tables, bound.multipliers, bound.mhz], "the bounds");
    }
}
