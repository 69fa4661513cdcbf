//! How a waveform file is laid out, whatever its format: times, scopes, and readings for people.

use crate::{Signal, Trace};
use olivine_netlist::Kind;
use std::collections::HashSet;

/// Nanoseconds that a cycle takes in a file: the clock rises at its start and falls half way.
pub(crate) const CYCLE_NS: u64 = 10;

/// Signals by scope, in the order in which they are met.
#[derive(Default)]
struct Scope<'t> {
    name: &'t str,
    /// Name within the scope, and index of the signal.
    signals: Vec<(&'t str, usize)>,
    scopes: Vec<Scope<'t>>,
}

/// What a file declares, in this order.
pub(crate) enum Entry<'t> {
    /// A scope begins.
    Open(&'t str),
    /// A signal of the scope that was opened last and is not closed, with the name of the variable
    /// that holds its reading, if it has one.
    Signal { name: &'t str, index: usize, reading: Option<String> },
    /// The scope ends.
    Close,
}

/// The entries for all signals of a trace; of several with one path, the first.
pub(crate) fn entries(trace: &Trace) -> Vec<Entry<'_>> {
    let root = Scope::tree(trace);
    let mut entries = Vec::new();
    let mut waiting = vec![Part::Open(&root)];
    while let Some(part) = waiting.pop() {
        let Part::Open(scope) = part else {
            entries.push(Entry::Close);
            continue;
        };
        if !scope.name.is_empty() {
            entries.push(Entry::Open(scope.name));
            waiting.push(Part::Close);
        }
        entries.extend(scope.signals.iter().map(|(name, index)| {
            let reading = reading(scope, &trace.signals[*index], name);
            Entry::Signal { name, index: *index, reading }
        }));
        waiting.extend(scope.scopes.iter().rev().map(Part::Open));
    }
    entries
}

/// What is left to enter: a scope, or the end of one.
enum Part<'s, 't> {
    Open(&'s Scope<'t>),
    Close,
}

impl<'t> Scope<'t> {
    fn tree(trace: &'t Trace) -> Self {
        let mut root = Scope::default();
        let mut seen = HashSet::new();
        for (index, signal) in trace.signals.iter().enumerate() {
            if seen.insert(&signal.path) {
                let (scope, name) = signal.path.rsplit_once('.').unwrap_or(("", &signal.path));
                let parts = scope.split('.').filter(|part| !part.is_empty());
                parts.fold(&mut root, Scope::child).signals.push((name, index));
            }
        }
        root
    }

    fn child<'s>(&'s mut self, name: &'t str) -> &'s mut Scope<'t> {
        let found = self.scopes.iter().position(|s| s.name == name);
        let index = found.unwrap_or_else(|| {
            self.scopes.push(Scope { name, ..Scope::default() });
            self.scopes.len() - 1
        });
        &mut self.scopes[index]
    }

    fn has(&self, name: &str) -> bool {
        self.signals.iter().any(|(known, _)| *known == name)
    }
}

/// The name of the variable with a signal's reading, if it has one.
fn reading(scope: &Scope<'_>, signal: &Signal, name: &str) -> Option<String> {
    let suffix = match &signal.kind {
        Kind::Enum(_) => "name",
        Kind::Float { exponent, .. } if *exponent <= 11 => "value",
        _ => return None,
    };
    Some(format!("{name}_{suffix}")).filter(|second| !scope.has(second))
}
