//! Places in the author's source.

use olivine_netlist::{FileId, Place};
use std::collections::HashMap;
use std::panic::Location;

/// Where the author called, as rustc tells it.
pub(crate) type At = &'static Location<'static>;

/// The caller of the caller, if that one is `#[track_caller]`.
#[track_caller]
pub(crate) fn here() -> At {
    Location::caller()
}

/// The files of a design, each once.
pub(crate) struct Files {
    pub(crate) names: Vec<String>,
    known: HashMap<&'static str, FileId>,
    last: Option<(*const u8, FileId)>,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self { names: Vec::new(), known: HashMap::new(), last: None }
    }

    pub(crate) fn place(&mut self, at: At) -> Place {
        Place { file: self.file(at.file()), line: at.line(), column: at.column() }
    }

    /// Most calls come from the same file as the one before, and rustc shares its name.
    fn file(&mut self, name: &'static str) -> FileId {
        if let Some((pointer, id)) = self.last
            && pointer == name.as_ptr()
        {
            return id;
        }
        let next = FileId(self.names.len() as u32);
        let id = *self.known.entry(name).or_insert(next);
        if id == next {
            self.names.push(name.to_string());
        }
        self.last = Some((name.as_ptr(), id));
        id
    }
}
