//! [`explain`]: what a code means at length.

/// Each a page of sections that begin with `# CODE: meaning`.
const PAGES: [&str; 2] = [include_str!("explain/values.md"), include_str!("explain/structure.md")];

/// The meaning of a code of [`CODES`](crate::CODES) in Markdown; where the text form can say it,
/// with an example that has the fault and one that does it right. `None` if it is no such code.
pub fn explain(code: &str) -> Option<&'static str> {
    PAGES.iter().find_map(|page| section(page, code))
}

/// The section of a page that explains `code`, its heading included.
#[doc(hidden)]
pub fn section(page: &'static str, code: &str) -> Option<&'static str> {
    let starts = page.match_indices("# ").map(|(at, _)| at);
    let heading = |at: &usize| {
        let own = page[at + 2..].strip_prefix(code).is_some_and(|rest| rest.starts_with(": "));
        own && (*at == 0 || page[..*at].ends_with('\n'))
    };
    let start = starts.into_iter().find(heading)?;
    let end = page[start..].find("\n# ").map_or(page.len(), |length| start + length);
    Some(page[start..end].trim_end())
}
