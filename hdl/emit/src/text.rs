//! Lines: indentation, wrapping, comments.

use olivine_netlist::{Design, Place};

/// The longest line that is written, comments apart.
const LINE_LENGTH_MAX: usize = 96;

/// Text in the making.
pub(crate) struct Lines {
    out: String,
}

impl Lines {
    pub(crate) fn new() -> Self {
        Self { out: String::new() }
    }

    /// A line `depth` steps in; a long one goes on in the next, deeper by two steps. Breaks may
    /// come at any space, which Verilog allows.
    pub(crate) fn line(&mut self, depth: usize, text: &str) {
        self.commented(depth, text, "");
    }

    /// [`Lines::line`] with a comment behind it, if that is not empty.
    pub(crate) fn commented(&mut self, depth: usize, text: &str, comment: &str) {
        let mut room = LINE_LENGTH_MAX - 4 * depth;
        self.out.extend(std::iter::repeat_n(' ', 4 * depth));
        let mut used = 0;
        for (i, word) in text.split(' ').enumerate() {
            if i > 0 && used + 1 + word.len() > room {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(' ', 4 * depth + 8));
                room = LINE_LENGTH_MAX.saturating_sub(4 * depth + 8);
                used = 0;
            } else if i > 0 {
                self.out.push(' ');
                used += 1;
            }
            self.out.push_str(word);
            used += word.len();
        }
        if !comment.is_empty() {
            self.out.push_str("  // ");
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }

    /// Text that has its line ends already.
    pub(crate) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// An empty line, unless one is there or nothing is.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// `[7:0] `, or nothing for a single bit.
pub(crate) fn range(width: u32) -> String {
    if width == 1 { String::new() } else { format!("[{}:0] ", width - 1) }
}

/// One line of comment: no line ends, nothing that a tool takes for a directive of its own.
pub(crate) fn comment(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.replace("verilator ", "verilator_").replace("synopsys ", "synopsys_")
}

/// `line 12`, or with the file where that is not `home`; empty if the place is unknown.
pub(crate) fn place(design: &Design, home: Place, place: Place) -> String {
    match design.files.get(place.file.0 as usize) {
        Some(file) if place.line > 0 && place.file != home.file => {
            let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
            comment(&format!("{name}:{}", place.line))
        }
        _ if place.line > 0 => format!("line {}", place.line),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_at_spaces() {
        let mut lines = Lines::new();
        lines.commented(1, &format!("wire a = {};", ["bbbbbbbb"; 12].join(" & ")), "line 3");
        let text = lines.finish();
        assert_eq!(text.lines().count(), 2);
        assert!(text.lines().all(|l| l.len() <= LINE_LENGTH_MAX + 10));
        assert!(text.lines().nth(1).is_some_and(|l| l.starts_with("            ")));
        assert!(text.ends_with(";  // line 3\n"));
    }

    #[test]
    fn a_comment_stays_a_comment() {
        assert_eq!(comment("a\nb"), "a b");
        assert_eq!(comment("verilator lint_off X"), "verilator_lint_off X");
    }
}
