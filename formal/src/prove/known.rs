//! [`Known`]: what following words of memories, or algebra, proves before anything else is tried;
//! neither is asked where k-induction is soon done.

use super::{Certifier, split_by_size};
use crate::algebra::{Found, SHARE, algebra, of_arithmetic};
use crate::bits::BitSystem;
use crate::certificate::Certificate;
use crate::engine::{Outcome, Progress, Search};
use crate::options::{Engine, Options};
use crate::solver::Deadline;
use crate::system::{TransitionSystem, memory_bits};
use crate::tracked::Tracking;
use olivine_netlist::{Design, Module, PropertyId, PropertyKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A property that is proved already.
pub(super) struct Known {
    pub target: PropertyId,
    /// As in a verdict.
    pub k: u32,
    pub certificate: Arc<Certificate>,
    /// When it was proved, from the start on.
    pub elapsed: Duration,
}

/// What k-induction is given to find out whether any words are needed.
const SOON: Duration = Duration::from_secs(1);
/// The most bits of memory that are expanded to find out whether it is soon done.
const FEW: u64 = 1 << 14;
/// The most cells that are lowered for that.
const SMALL: usize = 1 << 16;

/// Whether k-induction proves them all before the deadline, with all memories expanded: as it will
/// again, once nothing else is tried.
fn are_easy(
    flat: &Module,
    targets: &[PropertyId],
    options: &Options,
    (start, deadline): (Instant, Deadline),
    observe: &mut dyn FnMut(Progress),
) -> bool {
    let bits = flat.memories.iter().map(memory_bits).sum::<u64>();
    if bits > FEW || flat.cells.len() > SMALL {
        return false;
    }
    let system = TransitionSystem::new(flat.clone(), targets.to_vec());
    let bits = BitSystem::new(&system);
    let induction = Options { engine: Engine::KInduction, ..options.clone() };
    let mut search = Search::new(&bits, &induction, deadline, start, observe);
    search.search();
    search.findings.iter().all(|finding| matches!(finding.state, Outcome::Proved(_)))
}

/// The assertions among these that are proved with memories followed by word, if that is asked for.
/// Whether some run meets them has not been looked at.
pub(super) fn by_words(
    design: &Design,
    flat: &Module,
    targets: &[PropertyId],
    options: &Options,
    (start, deadline): (Instant, Deadline),
    observe: &mut dyn FnMut(Progress),
) -> Vec<Known> {
    let (bits_min, deadline) = match options.engine {
        Engine::Auto => {
            let third = deadline.left().map(|left| left / 3);
            (options.memory_bits_tracked, deadline.min(Deadline::after(third)))
        }
        Engine::Track => (0, deadline),
        _ => return Vec::new(),
    };
    let is_assertion = |p: &PropertyId| flat.properties[p.index()].kind == PropertyKind::Assert;
    let targets: Vec<PropertyId> = targets.iter().copied().filter(is_assertion).collect();
    let Some(tracking) = Tracking::new(flat, &targets, bits_min) else { return Vec::new() };
    let alone = options.engine == Engine::Track;
    let soon = deadline.min(Deadline::after(Some(SOON)));
    if !alone && are_easy(flat, &targets, options, (start, soon), observe) {
        return Vec::new();
    }
    let (targets, _) = split_by_size(&tracking.flat, targets, options);
    let system = TransitionSystem::new(tracking.flat.clone(), targets);
    let bits = BitSystem::new(&system);
    let all_engines = Options { engine: Engine::Auto, ..options.clone() };
    let mut search = Search::new(&bits, &all_engines, deadline, start, observe);
    search.search();
    let findings = search.findings;
    let certifier = Certifier {
        digest: design.digest(),
        options,
        system: &system,
        findings: &findings,
        tracking: Some(&tracking),
        known: &[],
    };
    let known = |(index, &target): (usize, &PropertyId)| {
        let Outcome::Proved(proof) = &findings[index].state else { return None };
        let certificate = Arc::new(certifier.certificate(index, proof));
        Some(Known { target, k: proof.k(), certificate, elapsed: findings[index].elapsed })
    };
    system.targets.iter().enumerate().filter_map(known).collect()
}

/// What k-induction is given to find out whether algebra is needed.
const AT_ONCE: Duration = Duration::from_millis(300);

/// What algebra proves, if it is asked for; of what k-induction shows at once it is not.
pub(super) fn by_algebra(
    flat: &Module,
    wanted: &[PropertyId],
    options: &Options,
    (start, deadline): (Instant, Deadline),
    observe: &mut dyn FnMut(Progress),
) -> Found {
    match options.engine {
        Engine::Algebra => algebra(flat, wanted, deadline),
        Engine::Auto => {
            let arithmetic = of_arithmetic(flat, wanted);
            let soon = deadline.min(Deadline::after(Some(AT_ONCE)));
            if arithmetic.is_empty() || are_easy(flat, &arithmetic, options, (start, soon), observe)
            {
                return Found::default();
            }
            algebra(flat, &arithmetic, deadline.min(Deadline::after(Some(SHARE))))
        }
        _ => Found::default(),
    }
}
