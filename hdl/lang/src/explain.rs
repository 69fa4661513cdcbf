//! [`explain`]: what a code means at length, with a wrong and a right example.

/// Each a page of sections that begin with `# CODE: meaning`.
const PAGES: [&str; 5] = [
    include_str!("explain/handles.md"),
    include_str!("explain/assignment.md"),
    include_str!("explain/structure.md"),
    include_str!("explain/time.md"),
    include_str!("explain/papercuts.md"),
];

/// The meaning of a code of [`CODES`](crate::CODES) or [`WARNINGS`](crate::WARNINGS), with an example that has the fault and one
/// that does it right; Markdown. `None` if it is no code of the language: the netlist's own are in
/// [`olivine_netlist::explain`].
pub fn explain(code: &str) -> Option<&'static str> {
    PAGES.iter().find_map(|page| olivine_netlist::section(page, code))
}
