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
}
