//! [`Design`]: modules and the one at the top.

use crate::{FileId, Module, Place};

/// Index into [`Design::modules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

impl ModuleId {
    /// The arena index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A whole design. Engines take one that validation accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// Every module once; instantiated modules stand before those that instantiate them.
    pub modules: Vec<Module>,
    /// The outermost module.
    pub top: ModuleId,
    /// Source files that places refer to. File 0 stands for *unknown* when it is empty.
    pub files: Vec<String>,
}

impl Design {
    /// The module with index `id`.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The outermost module.
    pub fn top(&self) -> &Module {
        self.module(self.top)
    }

    /// `file:line:column`, or `unknown place`.
    pub fn show_place(&self, place: Place) -> String {
        place.show(&self.files)
    }

    /// The file's index, added if it is new.
    pub fn intern_file(&mut self, file: &str) -> FileId {
        let found = self.files.iter().position(|f| f == file);
        let index = found.unwrap_or_else(|| {
            self.files.push(file.to_string());
            self.files.len() - 1
        });
        FileId(index as u32)
    }
}
