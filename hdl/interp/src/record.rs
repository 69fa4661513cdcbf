//! [`record`]: an engine's signals over cycles, as a trace.

use crate::Engine;
use olivine_netlist::DomainId;
use olivine_trace::Trace;

/// Runs `engine` for `cycles` edges of `domain` and records the signals with these indices (into
/// [`Engine::signals`]) in each cycle: `drive(engine, cycle)` sets inputs, the settled values are
/// recorded, the edge follows. `cycle` counts from 0.
///
/// # Panics
/// If an index is out of range.
pub fn record<E: Engine + ?Sized>(
    engine: &mut E,
    domain: DomainId,
    signals: &[usize],
    cycles: u64,
    mut drive: impl FnMut(&mut E, u64),
) -> Trace {
    let observed = signals.iter().map(|&s| engine.signals()[s].clone());
    let mut trace = Trace { signals: observed.collect(), cycles: Vec::new() };
    for cycle in 0..cycles {
        drive(engine, cycle);
        trace.cycles.push(signals.iter().map(|&s| engine.read(s)).collect());
        engine.step(domain);
    }
    trace
}

/// The indices into [`Engine::signals`] of these paths, for [`record`].
///
/// # Errors
/// The first path that the engine does not observe.
pub fn find_signals<'a, E: Engine + ?Sized>(
    engine: &E,
    paths: &[&'a str],
) -> Result<Vec<usize>, &'a str> {
    let find = |path: &&'a str| engine.signals().iter().position(|s| s.path == *path).ok_or(*path);
    paths.iter().map(find).collect()
}
