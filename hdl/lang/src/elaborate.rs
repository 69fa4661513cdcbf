//! Elaboration: runs authoring code and hands back the design, or every fault at once.
//!
//! What is under elaboration stands behind a thread-local, and only while it is elaborated: a
//! stack of modules, the innermost being built. The finished [`Design`] is a plain value.

use crate::builder::Builder;
use crate::domain::Domain;
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
    /// For each type of configuration, and the domain in which it is placed, a
    /// `HashMap<M, Option<ModuleId>>`; `None` while it is built. Without a domain: modules that are
    /// the same in all.
    cache: HashMap<(TypeId, Option<Domain>), Box<dyn Any>>,
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
    elaborate_in(Domain::MAIN, config)
}

/// Elaborates `config` and all it places, its [`Domain::MAIN`] with the edge and the reset of
/// `domain`: `elaborate_in(Domain::MAIN.asynchronous_reset().active_low(), Counter { limit: 10 })`.
///
/// # Errors
/// As [`elaborate`].
#[track_caller]
pub fn elaborate_in<M: Module>(domain: Domain, config: M) -> Result<Design, Faults> {
    let at = here();
    elaborated(&config, at, domain.unnamed()).map(|(design, _)| design)
}

/// The design, and what is legal in it but surely not meant.
pub(crate) fn elaborated<M: Module>(
    config: &M,
    at: At,
    main: Domain,
) -> Result<(Design, Vec<Fault>), Faults> {
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
    let top = module_of(config, at, main);
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

/// The module of a configuration where [`Domain::MAIN`] is `main`, built if it is new. `None` after a
/// fault.
pub(crate) fn module_of<M: Module>(config: &M, at: At, main: Domain) -> Option<ModuleId> {
    match cached(config, main) {
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
    remember(config, Some(main), None);
    let parameters = format!("{config:?}");
    let outermost = with_elaboration(|e| e.stack.is_empty());
    let usual = main == Domain::MAIN || outermost;
    let mut name = config.name();
    with_elaboration(|e| {
        if usual {
            name = e.names.unique(&name);
        }
        let place = e.files.place(at);
        let builder = Builder::new(name, parameters, place, main);
        e.stack.push(builder);
    });
    module::build(config);
    let id = with_elaboration(|e| {
        let builder = e.stack.pop().expect("it was pushed above");
        let mut module = builder.finish(e);
        if !usual {
            let suffix = if has_main(&module) { main.suffix() } else { String::new() };
            module.name = e.names.unique(&(module.name + &suffix));
        }
        e.modules.push(module);
        ModuleId(e.modules.len() as u32 - 1)
    });
    let anywhere = with_elaboration(|e| !has_main(&e.modules[id.index()]));
    remember(config, if anywhere { None } else { Some(main) }, Some(id));
    Some(id)
}

/// Whether a module has anything in the domain in which it is placed.
fn has_main(module: &Netlist) -> bool {
    module.domains.iter().any(|d| d.name.is_empty())
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
fn with_cache<M: Module, R>(
    main: Option<Domain>,
    f: impl FnOnce(&mut HashMap<M, Option<ModuleId>>) -> R,
) -> R {
    let key = (TypeId::of::<M>(), main);
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

fn cached<M: Module>(config: &M, main: Domain) -> Option<Option<ModuleId>> {
    let look = |main| with_cache(main, |table: &mut HashMap<M, _>| table.get(config).copied());
    look(None).or_else(|| look(Some(main)))
}

fn remember<M: Module>(config: &M, main: Option<Domain>, id: Option<ModuleId>) {
    with_cache(main, |table| table.insert(config.clone(), id));
}
