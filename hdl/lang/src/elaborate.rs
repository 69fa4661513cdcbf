//! Elaboration: runs authoring code and hands back the design, or every fault at once.
//!
//! What is under elaboration stands behind a thread-local, and only while it is elaborated: a
//! stack of modules, the innermost being built. The finished [`Design`] is a plain value.

use crate::builder::Builder;
use crate::module::{self, Module};
use crate::names::Taken;
use crate::place::{At, Files, here};
use olivine_netlist::{Design, Fault, Faults, Module as Netlist, ModuleId};
use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Modules placed in each other deeper than this are taken for an endless recursion.
const DEPTH_MAX: usize = 128;

thread_local! {
    static CURRENT: RefCell<Option<Elaboration>> = const { RefCell::new(None) };
}

/// Everything under elaboration.
pub(crate) struct Elaboration {
    stack: Vec<Builder>,
    pub(crate) modules: Vec<Netlist>,
    names: Taken,
    /// For each type of configuration a `HashMap<M, Option<ModuleId>>`; `None` while it is built.
    cache: HashMap<TypeId, Box<dyn Any>>,
    pub(crate) files: Files,
    pub(crate) faults: Vec<Fault>,
    /// Configurations are being compared, and so the handles in them.
    pub(crate) comparing: bool,
    pub(crate) warnings: Vec<Fault>,
    pub(crate) shapes: Shapes,
}

/// Whether shapes of ports are asked for, and so no signal may be made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shapes {
    No,
    /// For the first time.
    Asked,
    /// Where the module is placed: its faults are told already.
    AskedAgain,
}

/// Runs `f` on the module being built.
///
/// # Panics
/// If none is: a signal was used outside of [`Module::build`].
#[track_caller]
pub(crate) fn with<R>(f: impl FnOnce(&mut Builder, &mut Elaboration) -> R) -> R {
    try_with(f).unwrap_or_else(|| {
        panic!(
            "no module is being built: signals are made and used inside `Module::build`, which \
             runs when a configuration is elaborated"
        )
    })
}

/// As [`with`], but nothing if no module is being built.
pub(crate) fn try_with<R>(f: impl FnOnce(&mut Builder, &mut Elaboration) -> R) -> Option<R> {
    CURRENT.with(|current| {
        let mut current = current.try_borrow_mut().ok()?;
        let elaboration = current.as_mut()?;
        let mut builder = elaboration.stack.pop()?;
        let result = f(&mut builder, elaboration);
        elaboration.stack.push(builder);
        Some(result)
    })
}

fn with_elaboration<R>(f: impl FnOnce(&mut Elaboration) -> R) -> R {
    CURRENT.with(|current| f(current.borrow_mut().as_mut().expect("an elaboration is under way")))
}

/// Puts the outer elaboration back, also when authoring code panics.
struct Restore(Option<Elaboration>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.with(|current| *current.borrow_mut() = self.0.take());
    }
}

/// Elaborates `config` and all it places.
///
/// # Errors
/// Every fault of the authoring code (codes `L…`, see [`CODES`](crate::CODES)) and, if there are
/// none, every fault of the design that it makes (codes `N…`).
#[track_caller]
pub fn elaborate<M: Module>(config: M) -> Result<Design, Faults> {
    let at = here();
    elaborated(&config, at).map(|(design, _)| design)
}

/// The design, and what is legal in it but surely not meant.
pub(crate) fn elaborated<M: Module>(config: &M, at: At) -> Result<(Design, Vec<Fault>), Faults> {
    let fresh = Elaboration {
        stack: Vec::new(),
        modules: Vec::new(),
        names: Taken::default(),
        cache: HashMap::new(),
        files: Files::new(),
        faults: Vec::new(),
        comparing: false,
        warnings: Vec::new(),
        shapes: Shapes::No,
    };
    let restore = Restore(CURRENT.with(|current| current.borrow_mut().replace(fresh)));
    let top = module_of(config, at);
    let done = CURRENT.with(|current| current.borrow_mut().take()).expect("it was put there");
    drop(restore);
    let Elaboration { modules, files, mut faults, warnings, .. } = done;
    if let (Some(top), true) = (top, faults.is_empty()) {
        let design = Design { modules, top, files: files.names };
        let faults = match design.validate() {
            Ok(()) => crate::domain::unsafe_crossings(&design).faults,
            Err(faults) => faults,
        };
        let failed = !faults.is_empty();
        if failed {
            return Err(Faults { faults, files: design.files });
        }
        return Ok((design, warnings));
    }
    let mut seen = HashSet::new();
    faults.retain(|f| seen.insert((f.code, f.place, f.message.clone())));
    Err(Faults { faults, files: files.names })
}

/// The module of a configuration, built if it is new. `None` after a fault.
pub(crate) fn module_of<M: Module>(config: &M, at: At) -> Option<ModuleId> {
    match cached(config) {
        Some(Some(id)) => return Some(id),
        Some(None) => return recursion(config, at),
        None => {}
    }
    if with_elaboration(|e| e.stack.len()) >= DEPTH_MAX {
        return recursion(config, at);
    }
    if let Err(reason) = config.check() {
        return impossible(config, at, &reason);
    }
    remember(config, None);
    let parameters = format!("{config:?}");
    let name = with_elaboration(|e| e.names.unique(&config.name()));
    with_elaboration(|e| {
        let place = e.files.place(at);
        let builder = Builder::new(name, parameters, place);
        e.stack.push(builder);
    });
    module::build(config);
    let id = with_elaboration(|e| {
        let builder = e.stack.pop().expect("it was pushed above");
        let module = builder.finish(e);
        e.modules.push(module);
        ModuleId(e.modules.len() as u32 - 1)
    });
    remember(config, Some(id));
    Some(id)
}

fn recursion<M: Module>(config: &M, at: At) -> Option<ModuleId> {
    with_elaboration(|e| {
        let place = e.files.place(at);
        let message = format!("`{config:?}` is placed inside itself");
        let help = "end the recursion: place nothing where the parameters are smallest";
        e.faults.push(Fault::new("L060", place, message, help));
    });
    None
}

fn impossible<M: Module>(config: &M, at: At, reason: &str) -> Option<ModuleId> {
    with_elaboration(|e| {
        let place = e.files.place(at);
        let message = format!("there is no `{config:?}`: {reason}");
        e.faults.push(Fault::new("L061", place, message, "place it with other parameters"));
    });
    None
}

/// The table of a type is taken out while it is asked, as comparing configurations is the
/// author's code.
fn with_cache<M: Module, R>(f: impl FnOnce(&mut HashMap<M, Option<ModuleId>>) -> R) -> R {
    let key = TypeId::of::<M>();
    let table = with_elaboration(|e| {
        e.comparing = true;
        e.cache.remove(&key)
    });
    let mut table = table.unwrap_or_else(|| Box::new(HashMap::<M, Option<ModuleId>>::new()));
    let result = f(table.downcast_mut().expect("the table of this type"));
    with_elaboration(|e| {
        e.comparing = false;
        e.cache.insert(key, table)
    });
    result
}

fn cached<M: Module>(config: &M) -> Option<Option<ModuleId>> {
    with_cache(|table: &mut HashMap<M, _>| table.get(config).copied())
}

fn remember<M: Module>(config: &M, id: Option<ModuleId>) {
    with_cache(|table| table.insert(config.clone(), id));
}
