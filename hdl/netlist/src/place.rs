//! Where in the author's source something was made.

/// Index into [`Design::files`](crate::Design::files).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A position in a source file. Line and column count from 1; line 0 means *unknown*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Line, from 1; 0 if unknown.
    pub line: u32,
    /// Column in characters, from 1; 0 if unknown.
    pub column: u32,
}

impl Place {
    /// No place is known.
    pub const UNKNOWN: Self = Self { file: FileId(0), line: 0, column: 0 };

    /// `file:line:column`, or `unknown place`; `files` as in
    /// [`Design::files`](crate::Design::files).
    pub fn show(self, files: &[String]) -> String {
        match (self.line, files.get(self.file.0 as usize)) {
            (1.., Some(file)) => format!("{file}:{}:{}", self.line, self.column),
            _ => "unknown place".to_string(),
        }
    }
}
