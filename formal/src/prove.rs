//! [`prove`]: from a design to a report.

mod known;

use crate::algebra::Found;
use crate::bits::BitSystem;
use crate::cache::open_row;
use crate::certificate::{Certificate, Evidence, StateBit};
use crate::engine::{Finding, Halt, Model, Outcome, Progress, Proof, Search, has_legal_run};
use crate::live::{Live, LiveFinding, LiveOutcome};
use crate::options::{Engine, Options, Selection};
use crate::pdr::{Bit, Cube};
use crate::placed::{Given, with_authored_kinds};
use crate::report::{Counterexample, Report, Row, Verdict};
use crate::sabotage::{Bug, planted};
use crate::solver::Deadline;
use crate::stimulus::Stimulus;
use crate::sweep::sweep;
use crate::system::{
    Cone, TransitionSystem, assumptions, fairness, find_property, memory_bits, properties,
};
use crate::tracked::Tracking;
use known::{Known, by_algebra, by_words};
use olivine_netlist::{Design, Fault, Faults, Module, PropertyId, PropertyKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Proves the assertions of a design and what its placed modules assume, and reaches its covers, as
/// far as the options allow. What the top assumes is given.
///
/// # Errors
/// The faults of an invalid design; nothing to prove; a property that does not exist.
pub fn prove(design: &Design, options: &Options) -> Result<Report, Faults> {
    prove_with(design, options, &mut |_| {})
}

/// As [`prove`]; `observe` is told after each depth.
///
/// # Errors
/// As [`prove`].
pub fn prove_with(
    design: &Design,
    options: &Options,
    observe: &mut dyn FnMut(Progress),
) -> Result<Report, Faults> {
    let swept = options.engine == Engine::Sweep;
    let asked = Asked { swept, reported: &|_| true, given: Given::Top };
    run(design, options, &asked, observe)
}

/// As [`prove`], of a module by itself: what is assumed of what it places is given, too.
///
/// # Errors
/// As [`prove`].
pub(crate) fn prove_view(view: &Design, options: &Options) -> Result<Report, Faults> {
    let swept = options.engine == Engine::Sweep;
    let asked = Asked { swept, reported: &|_| true, given: Given::All };
    run(view, options, &asked, &mut |_| {})
}

/// The properties that are asked for, in the order of a report, without verdicts.
pub(crate) fn selected(design: &Design, options: &Options) -> Result<Vec<Row>, Faults> {
    let faults = |list| Faults::new(design, list);
    design.validate().map_err(faults)?;
    let (flat, kinds) = with_authored_kinds(design, Given::Top);
    let mut targets = select(&flat, options).map_err(faults)?;
    targets.sort_unstable();
    let row = |p: PropertyId| {
        let (property, kind) = (&flat.properties[p.index()], kinds[p.index()]);
        open_row(property.name.clone(), kind, design.show_place(property.place))
    };
    Ok(targets.into_iter().map(row).collect())
}

/// What is done with which properties.
pub(crate) struct Asked<'a> {
    /// Sweeping comes first.
    pub swept: bool,
    /// Only these have rows; the others help, if they can be proved.
    pub reported: &'a dyn Fn(&str) -> bool,
    /// Whose assumptions bind the runs.
    pub given: Given,
}

/// As [`prove_with`].
pub(crate) fn run(
    design: &Design,
    options: &Options,
    asked: &Asked<'_>,
    observe: &mut dyn FnMut(Progress),
) -> Result<Report, Faults> {
    let start = Instant::now();
    let deadline = Deadline::after(options.time_limit).within_memory(options.memory_limit);
    let faults = |list| Faults::new(design, list);
    design.validate().map_err(faults)?;
    let (flat, kinds) = with_authored_kinds(design, asked.given);
    let mut targets = select(&flat, options).map_err(faults)?;
    let mut rows: Vec<(PropertyId, Row)> = Vec::new();
    let reported = |p: &PropertyId| (asked.reported)(&flat.properties[p.index()].name);
    let safe = targets.iter().copied().filter(|p| is_safe(&flat, *p) && reported(p));
    let wanted: Vec<PropertyId> = safe.collect();
    let found = by_algebra(&flat, &wanted, options, (start, deadline), observe);
    let open = |p: &PropertyId| !found.proved.contains(p);
    if !wanted.is_empty() && !wanted.iter().any(open) {
        // Nobody needs what would only help.
        targets.retain(|p| reported(p));
    } else if asked.swept {
        let wanted: Vec<PropertyId> = wanted.into_iter().filter(open).collect();
        if !wanted.is_empty() {
            rows = swept(design, &flat, &wanted, options, start, observe);
        }
        let proved = |p: &PropertyId| rows.iter().any(|(proved, _)| proved == p);
        let done = !wanted.is_empty() && wanted.iter().all(proved);
        targets.retain(|p| !(done && is_safe(&flat, *p) && open(p) || proved(p)));
    }
    let is_live = |p: &PropertyId| flat.properties[p.index()].kind == PropertyKind::Live;
    let (live, targets): (Vec<_>, Vec<_>) = targets.into_iter().partition(is_live);
    // The others, which share the engines' work, have one share together.
    let shares = live.len() + usize::from(!targets.is_empty());
    for (i, target) in live.into_iter().enumerate() {
        let share = deadline.left().map(|left| left / (shares - i) as u32);
        let searched = searched_live(design, &flat, target, options, (start, share), observe);
        rows.push((target, searched));
    }
    if !targets.is_empty() {
        let asked = (targets, found);
        rows.extend(searched(design, flat, asked, options, (start, deadline), observe));
    }
    rows.retain(|(_, row)| (asked.reported)(&row.property));
    rows.sort_by_key(|(property, _)| *property);
    rows.iter_mut().for_each(|(property, row)| row.kind = kinds[property.index()]);
    Ok(Report {
        design: design.top().name.clone(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        elapsed: start.elapsed(),
    })
}

/// Whether a property speaks of samples, rather than of runs without end.
fn is_safe(flat: &Module, property: PropertyId) -> bool {
    flat.properties[property.index()].kind != PropertyKind::Live
}

/// The row for a property of runs without end.
fn searched_live(
    design: &Design,
    flat: &Module,
    target: PropertyId,
    options: &Options,
    (start, share): (Instant, Option<Duration>),
    observe: &mut dyn FnMut(Progress),
) -> Row {
    let (_, too_large) = split_by_size(flat, vec![target], options);
    let deadline = Deadline::after(share).within_memory(options.memory_limit);
    let system = TransitionSystem::of_live(flat.clone(), target, 1, false);
    let bits = BitSystem::new(&system);
    let judge = Judge { design, options, system: &system, bits: &bits, halt: None, known: &[] };
    if let Some((_, reason)) = too_large.into_iter().next() {
        return judge.unknown(target, reason);
    }
    let finding = Live { flat, target, options, deadline, start }.run(observe);
    let judge = Judge { halt: finding.halt, ..judge };
    Row {
        verdict: judge.live(target, &finding),
        elapsed: start.elapsed(),
        untriggered: finding.never_waits.filter(|_| !matches!(finding.state, LiveOutcome::Ends(_))),
        ..judge.unknown(target, String::new())
    }
}

/// Rows for the properties that sweeping proves.
fn swept(
    design: &Design,
    flat: &Module,
    targets: &[PropertyId],
    options: &Options,
    start: Instant,
    observe: &mut dyn FnMut(Progress),
) -> Vec<(PropertyId, Row)> {
    let share = match options.engine {
        Engine::Sweep => options.time_limit,
        // The other engines are the ones for what has no likeness, such as multipliers.
        _ => options.time_limit.map(|limit| limit / 3),
    };
    let deadline = Deadline::after(share).within_memory(options.memory_limit);
    let system = TransitionSystem::with_whole_memories(flat.clone(), targets.to_vec());
    // Sweeping makes no use of assumptions.
    if !has_samples(flat, options, deadline) {
        return Vec::new();
    }
    let Some(swept) = sweep(&system, options.start, deadline, observe) else { return Vec::new() };
    let property = |p: PropertyId| &flat.properties[p.index()];
    let proved = targets.iter().zip(&swept.proved).filter(|(_, proved)| **proved);
    let proved: Vec<PropertyId> = proved.map(|(p, _)| *p).collect();
    if proved.len() < targets.len() {
        // The evidence has to be about what these alone depend on.
        return match proved.is_empty() {
            true => Vec::new(),
            false => self::swept(design, flat, &proved, options, start, observe),
        };
    }
    let certificate = Arc::new(Certificate {
        design: design.digest(),
        start: options.start,
        properties: proved.iter().map(|&p| property(p).name.clone()).collect(),
        evidence: swept.evidence,
        given: Vec::new(),
    });
    let row = |p: PropertyId| Row {
        property: property(p).name.clone(),
        kind: property(p).kind,
        place: design.show_place(property(p).place),
        verdict: Verdict::Proved { k: 1, certificate: certificate.clone() },
        elapsed: start.elapsed(),
        untriggered: None,
    };
    proved.into_iter().map(|p| (p, row(p))).collect()
}

/// Whether the assumptions are found to allow a sample of each property.
fn has_samples(flat: &Module, options: &Options, deadline: Deadline) -> bool {
    let assumed = assumptions(flat);
    if assumed.is_empty() {
        return true;
    }
    let cone = Cone::of(flat, assumed.iter().map(|p| flat.properties[p.index()].condition));
    let bits: u64 = cone.memories(flat).map(memory_bits).sum();
    if flat.domains.len() > 1 || bits > options.memory_bits_max {
        return false;
    }
    let system = TransitionSystem::new(flat.clone(), Vec::new());
    has_legal_run(&BitSystem::new(&system), options, deadline)
}

/// Rows for these properties by the engines that go through samples.
fn searched(
    design: &Design,
    flat: Module,
    (targets, found): (Vec<PropertyId>, Found),
    options: &Options,
    (start, deadline): (Instant, Deadline),
    observe: &mut dyn FnMut(Progress),
) -> Vec<(PropertyId, Row)> {
    let known = by_words(design, &flat, &targets, options, (start, deadline), observe);
    let (targets, too_large) = split_by_size(&flat, targets, options);
    let large_have_samples = !too_large.is_empty() && has_samples(&flat, options, deadline);
    let system = TransitionSystem::new(flat, targets);
    let bits = BitSystem::new(&system);
    let mut search = Search::new(&bits, options, deadline, start, observe);
    for (index, target) in system.targets.iter().enumerate() {
        if let Some(known) = known.iter().find(|known| known.target == *target) {
            search.know(index, known.elapsed);
        }
    }
    let index = |p: &PropertyId| system.targets.iter().position(|target| target == p);
    let proved: Vec<usize> = found.proved.iter().filter_map(index).collect();
    search.by_algebra = Some(Proof::Algebra { targets: proved, merges: found.merges.into() });
    search.run();
    let (findings, halt) = (search.findings, search.halt);
    let judge = Judge { design, options, system: &system, bits: &bits, halt, known: &known };
    let mut rows: Vec<(PropertyId, Row)> = judge.rows(findings);
    rows.extend(too_large.into_iter().map(|(p, reason)| {
        let row = if large_have_samples { judge.known(p) } else { None };
        (p, row.unwrap_or_else(|| judge.unknown(p, reason)))
    }));
    rows
}

/// The properties asked for.
fn select(flat: &Module, options: &Options) -> Result<Vec<PropertyId>, Vec<Fault>> {
    if options.depth == 0 {
        let help = "ask for a depth of at least 1";
        return Err(vec![Fault::new(
            "P003",
            flat.place,
            "a depth of 0 samples shows nothing",
            help,
        )]);
    }
    let all = properties(flat, PropertyKind::is_goal);
    if all.is_empty() {
        let message = format!("nothing to prove: `{}` has no assertion and no cover", flat.name);
        let help = "assert something, such as `always(\"the count stays below its limit\", …)`";
        return Err(vec![Fault::new("P001", flat.place, message, help)]);
    }
    let Selection::Named(names) = &options.properties else { return Ok(all) };
    let find = |name: &String| {
        find_property(flat, name).filter(|p| all.contains(p)).ok_or_else(|| {
            let known = all.iter().map(|p| format!("\"{}\"", flat.properties[p.index()].name));
            let help = format!("there are: {}", known.collect::<Vec<_>>().join(", "));
            let message = format!("no assertion or cover is called \"{name}\"");
            Fault::new("P002", flat.place, message, help)
        })
    };
    let (found, missing): (Vec<_>, Vec<_>) = names.iter().map(find).partition(Result::is_ok);
    let missing: Vec<Fault> = missing.into_iter().filter_map(Result::err).collect();
    if names.is_empty() {
        let help = "name a property, or select all";
        return Err(vec![Fault::new(
            "P001",
            flat.place,
            "nothing to prove: no name is given",
            help,
        )]);
    }
    if missing.is_empty() { Ok(found.into_iter().flatten().collect()) } else { Err(missing) }
}

type TooLarge = Vec<(PropertyId, String)>;

/// The targets whose memories are small enough, and the others with the reason.
fn split_by_size(
    flat: &Module,
    targets: Vec<PropertyId>,
    options: &Options,
) -> (Vec<PropertyId>, TooLarge) {
    let assumed: Vec<PropertyId> = assumptions(flat);
    let fair: Vec<PropertyId> = fairness(flat);
    let (mut small, mut large) = (Vec::new(), Vec::new());
    if flat.memories.iter().map(memory_bits).sum::<u64>() <= options.memory_bits_max {
        return (targets, large);
    }
    for target in targets {
        let fair = fair.iter().filter(|_| !is_safe(flat, target));
        let roots = assumed.iter().chain([&target]).chain(fair);
        let cone = Cone::of(flat, roots.map(|p| flat.properties[p.index()].condition));
        let bits: u64 = cone.memories(flat).map(memory_bits).sum();
        if bits <= options.memory_bits_max {
            small.push(target);
            continue;
        }
        let names: Vec<String> = cone.memories(flat).map(|m| format!("`{}`", m.name)).collect();
        let limit = options.memory_bits_max;
        let names = names.join(", ");
        let reason = format!("it depends on {bits} bits of memory ({names}), the limit is {limit}");
        large.push((target, reason));
    }
    (small, large)
}

/// Turns proofs into certificates.
struct Certifier<'a> {
    digest: String,
    options: &'a Options,
    system: &'a TransitionSystem,
    findings: &'a [Finding],
    /// What the system is made of, if memories of it are followed by word.
    tracking: Option<&'a Tracking>,
    /// What was proved before.
    known: &'a [Known],
}

impl Certifier<'_> {
    fn certificate(&self, target: usize, proof: &Proof) -> Certificate {
        let own = [target];
        let (targets, evidence, given) = match proof {
            Proof::Induction { k, targets, distinct } => {
                let k = if planted(Bug::DepthUnderstated) { k.saturating_sub(1) } else { *k };
                let distinct_states = *distinct && !planted(Bug::DistinctUnsaid);
                let evidence = Evidence::Induction { k, distinct_states };
                (targets.as_slice(), evidence, self.known())
            }
            Proof::Exhaustion { free_bits } => {
                (own.as_slice(), Evidence::Exhaustion { free_bits: *free_bits }, Vec::new())
            }
            Proof::Algebra { targets, merges } => {
                (targets.as_slice(), Evidence::Algebra { merges: merges.to_vec() }, Vec::new())
            }
            Proof::Invariant { cubes, given } => {
                let evidence = Evidence::Invariant { clauses: self.clauses(cubes) };
                (own.as_slice(), evidence, self.given(given))
            }
        };
        let evidence = match &self.system.watch {
            Some(watch) => {
                let less = u32::from(planted(Bug::RoundsUnderstated));
                let rounds = (watch.rounds - less.min(watch.rounds - 1)).max(1);
                Evidence::Rounds { rounds, because: Box::new(evidence) }
            }
            None => evidence,
        };
        let certificate = Certificate {
            design: self.digest.clone(),
            start: self.options.start,
            properties: targets.iter().map(|&t| self.name(t).to_string()).collect(),
            evidence,
            given,
        };
        self.with_words(certificate)
    }

    fn name(&self, target: usize) -> &str {
        &self.system.flat.properties[self.system.targets[target].index()].name
    }

    /// Says which words of memories the proof follows, if it depends on any.
    fn with_words(&self, certificate: Certificate) -> Certificate {
        let Some(tracking) = self.tracking else { return certificate };
        let given = certificate.given.iter().flat_map(|given| &given.properties);
        let names: Vec<&String> = certificate.properties.iter().chain(given).collect();
        let targets = (0..self.system.targets.len())
            .filter(|&t| names.iter().any(|name| *name == self.name(t)))
            .map(|t| self.system.targets[t]);
        let memories = tracking.needed(&targets.collect::<Vec<_>>());
        if memories.is_empty() {
            return certificate;
        }
        let evidence = Evidence::Tracked { memories, because: Box::new(certificate.evidence) };
        Certificate { evidence, ..certificate }
    }

    /// What was proved before, and, of those by k-induction, the proof that covers them all: the
    /// one of most targets.
    fn given(&self, targets: &[usize]) -> Vec<Certificate> {
        let proof = |t: usize| match &self.findings[t].state {
            Outcome::Proved(proof @ Proof::Induction { targets, .. }) => {
                Some((targets.len(), t, proof))
            }
            _ => None,
        };
        let widest = targets.iter().filter_map(|&t| proof(t)).max_by_key(|(size, ..)| *size);
        let widest = widest.map(|(_, t, proof)| self.certificate(t, proof));
        widest.into_iter().chain(self.known()).collect()
    }

    /// The proofs from before, each once.
    fn known(&self) -> Vec<Certificate> {
        let mut all: Vec<Certificate> = Vec::new();
        for known in self.known {
            if self.system.targets.contains(&known.target) && !all.contains(&known.certificate) {
                all.push(Certificate::clone(&known.certificate));
            }
        }
        all
    }

    fn clauses(&self, cubes: &[Cube]) -> Vec<Vec<StateBit>> {
        let mut places = Vec::new();
        for &state in &self.system.states {
            let name = self.system.state_name(state);
            places.extend((0..self.system.state_width(state)).map(|bit| (name.clone(), bit)));
        }
        let part = |bit: Bit| {
            let (state, index) = &places[bit.latch()];
            StateBit { state: state.clone(), bit: *index, value: !bit.value() }
        };
        cubes.iter().map(|cube| cube.bits().map(part).collect()).collect()
    }
}

/// Turns findings into rows.
struct Judge<'a> {
    design: &'a Design,
    options: &'a Options,
    system: &'a TransitionSystem,
    bits: &'a BitSystem,
    halt: Option<Halt>,
    known: &'a [Known],
}

impl Judge<'_> {
    fn rows(&self, findings: Vec<Finding>) -> Vec<(PropertyId, Row)> {
        let certifier = Certifier {
            digest: self.design.digest(),
            options: self.options,
            system: self.system,
            findings: &findings,
            tracking: None,
            known: self.known,
        };
        let row = |(index, finding): (usize, &Finding)| {
            let target = self.system.targets[index];
            let verdict = match &finding.state {
                Outcome::Open => self.open(finding),
                Outcome::Known => {
                    self.known(target).map_or_else(|| self.open(finding), |row| row.verdict)
                }
                Outcome::Vacuous(samples) => Verdict::Vacuous { samples: *samples },
                Outcome::Hit(model) => self.hit(target, model, finding.clear),
                Outcome::Proved(proof) => Verdict::Proved {
                    k: proof.k(),
                    certificate: Arc::new(certifier.certificate(index, proof)),
                },
            };
            let (elapsed, untriggered) = (finding.elapsed, finding.untriggered);
            (target, Row { elapsed, untriggered, ..self.row(target, verdict) })
        };
        findings.iter().enumerate().map(row).collect()
    }

    fn row(&self, target: PropertyId, verdict: Verdict) -> Row {
        let property = &self.system.flat.properties[target.index()];
        let place = self.design.show_place(property.place);
        Row { verdict, ..open_row(property.name.clone(), property.kind, place) }
    }

    /// What was proved before.
    fn known(&self, target: PropertyId) -> Option<Row> {
        let known = self.known.iter().find(|known| known.target == target)?;
        let certificate = known.certificate.clone();
        let row = self.row(target, Verdict::Proved { k: known.k, certificate });
        Some(Row { elapsed: known.elapsed, ..row })
    }

    fn unknown(&self, target: PropertyId, reason: String) -> Row {
        self.row(target, Verdict::Unknown { reason, depth: 0 })
    }

    fn open(&self, finding: &Finding) -> Verdict {
        self.left_open(finding.clear, finding.level)
    }

    fn left_open(&self, depth: u32, level: u32) -> Verdict {
        let mut reason = match self.halt {
            None => return Verdict::Bounded { depth },
            Some(Halt::Disagreement) => {
                "a bug of ours: PDR knows of a run that BMC does not find".to_string()
            }
            Some(Halt::Swept) => "sweeping does not show it".to_string(),
            Some(Halt::Tracked) => "following words of memories does not show it".to_string(),
            Some(Halt::Algebra) => "algebra does not show it".to_string(),
            Some(Halt::Patterns) => "trying every pattern does not show it".to_string(),
            Some(Halt::Size) => format!("more than {} gates", self.options.gates_max),
            Some(Halt::Memory) => {
                let mebibytes = self.options.memory_limit.unwrap_or_default() >> 20;
                format!("the memory limit of {mebibytes} MiB is reached")
            }
            Some(Halt::Time) => {
                let limit = self.options.time_limit.unwrap_or_default().as_secs_f64();
                format!("the time limit of {limit} s is reached")
            }
        };
        if level > 0 {
            reason += &format!(", PDR at level {level}");
        }
        Verdict::Unknown { reason, depth }
    }

    /// Of a target of runs without end.
    fn live(&self, target: PropertyId, finding: &LiveFinding) -> Verdict {
        let depth = finding.clear;
        match &finding.state {
            LiveOutcome::Open => self.left_open(depth, 0),
            LiveOutcome::Ends(samples) => Verdict::Vacuous { samples: *samples },
            LiveOutcome::Unfair => Verdict::Vacuous { samples: u32::MAX },
            LiveOutcome::Violated(lasso) => {
                self.shown(target, &lasso.model, Some(lasso.from), depth)
            }
            LiveOutcome::Proved(counted) => {
                let certifier = Certifier {
                    digest: self.design.digest(),
                    options: self.options,
                    system: &counted.system,
                    findings: &[],
                    tracking: None,
                    known: &[],
                };
                let certificate = Arc::new(certifier.certificate(0, &counted.proof));
                Verdict::Proved { k: counted.proof.k(), certificate }
            }
        }
    }

    fn hit(&self, target: PropertyId, model: &Model, depth: u32) -> Verdict {
        self.shown(target, model, None, depth)
    }

    /// Nothing is shown that the interpreter does not confirm.
    fn shown(
        &self,
        target: PropertyId,
        model: &Model,
        repeats_from: Option<usize>,
        depth: u32,
    ) -> Verdict {
        let stimulus = Stimulus {
            repeats_from,
            ..Stimulus::new(self.system, &self.bits.domains, target, model)
        };
        let bug = |what: String| Verdict::Unknown {
            reason: format!("a bug of ours: the run that was found does not replay, {what}"),
            depth,
        };
        let replay = match stimulus.replay(self.design) {
            Ok(replay) if replay.confirmed() => replay,
            Ok(replay) => {
                return bug(match replay.violated_assumption {
                    Some(name) => format!("it violates the assumption \"{name}\""),
                    None => "its last cycle shows nothing".to_string(),
                });
            }
            Err(fault) => return bug(fault.to_string()),
        };
        let run = Box::new(Counterexample { stimulus, trace: replay.trace });
        match self.system.flat.properties[target.index()].kind {
            PropertyKind::Cover => Verdict::Reached(run),
            _ => Verdict::Violated(run),
        }
    }
}
