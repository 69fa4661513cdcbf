//! [`prove_composed`]: modules proved once, each by itself, from what was proved of those it places.
//!
//! What a module asserts is shown of it alone, under what it assumes. Where it is placed, what it
//! assumes has to be shown of the module around it, and only then, in later proofs, is what it
//! asserts relied on: no proof rests on itself. What it asserts and cannot be shown of it alone is
//! asked of the module around it. Such proofs first see of an instance no more than
//! what is relied on of it, and what it computes only where that is not enough.

pub(crate) mod view;

use crate::certificate::{Certificate, ComposedStep, Evidence, Placed};
use crate::options::{Options, Selection};
use crate::prove::{prove, prove_view, selected};
use crate::report::{Report, Row, Verdict};
use crate::solver::Deadline;
use olivine_netlist::{Design, Faults, Instance, ModuleId, PropertyKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use view::{keeps_domains, of_elements, owed, properties, view};

/// What came of a proof by modules.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a lost verdict is a wrong verdict"]
pub struct Composed {
    /// The selected properties of the whole design, and what placed modules assume.
    pub report: Report,
    /// How it was shown, in order.
    pub steps: Vec<ComposedStep>,
}

impl fmt::Display for Composed {
    /// A line for each step.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = BTreeSet::new();
        for step in &self.steps {
            let shown = step.proofs.iter().flat_map(|p| &p.properties);
            let shown = shown.filter(|&name| before.insert((&step.module, name))).count();
            write!(f, "module {}: {shown} shown by itself", step.module)?;
            let named = |wanted: &dyn Fn(&Placed) -> bool| -> String {
                let all = step.placed.iter().filter(|p| wanted(p));
                all.map(|p| p.instance.as_str()).collect::<Vec<_>>().join(", ")
            };
            let parts = [
                ("whatever these do:", named(&|p| p.cut && p.relied.is_empty())),
                ("from the contracts alone of", named(&|p| p.cut && !p.relied.is_empty())),
                ("from contracts and logic of", named(&|p| !p.cut)),
            ];
            for (how, names) in parts.iter().filter(|(_, names)| !names.is_empty()) {
                write!(f, ", {how} {names}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Proves the assertions of a design module by module, and that what placed modules assume is
/// given to them; what that leaves open, and covers and runs without end, of the whole design as
/// [`prove`] does.
///
/// # Errors
/// As [`prove`].
pub fn prove_composed(design: &Design, options: &Options) -> Result<Composed, Faults> {
    let start = Instant::now();
    let wanted = selected(design, options)?;
    let mut composer = Composer {
        design,
        options,
        deadline: Deadline::after(options.time_limit),
        shown: BTreeMap::new(),
        steps: Vec::new(),
    };
    composer.run()?;
    composer.finish(wanted, start)
}

/// What is to be shown of a module.
struct Open {
    /// Names.
    open: Vec<String>,
    /// What was asked, and from what.
    tried: Vec<(Vec<Placed>, Vec<String>)>,
    /// The time of an attempt.
    effort: Duration,
    /// One has taken it all.
    stopped: bool,
}

impl Open {
    /// Tries everything again, for longer, if there is time.
    fn more_effort(&mut self, deadline: Deadline) -> bool {
        self.effort = self.effort.saturating_mul(4);
        self.stopped = false;
        self.tried.clear();
        !deadline.is_over()
    }
}

/// The time of an attempt, until no attempt of that time shows anything.
const EFFORT: Duration = Duration::from_secs(1);

/// The time of an attempt, even if there is none left.
const LEAST: Duration = Duration::from_millis(100);

struct Composer<'a> {
    design: &'a Design,
    options: &'a Options,
    deadline: Deadline,
    /// By module: names of its own assertions, and of the assumptions and assertions of what it
    /// places.
    shown: BTreeMap<u32, BTreeSet<String>>,
    steps: Vec<ComposedStep>,
}

impl Composer<'_> {
    /// Every module that the top is made of, those that are placed first.
    fn run(&mut self) -> Result<(), Faults> {
        let used = used(self.design);
        for (done, &id) in used.iter().enumerate() {
            let parts = (used.len() - done) as u32 + 1;
            let share = self.deadline.left().map(|left| left / parts);
            self.module(id, Deadline::after(share))?;
        }
        Ok(())
    }

    fn has(&self, module: ModuleId, name: &str) -> bool {
        self.shown.get(&module.0).is_some_and(|names| names.contains(name))
    }

    fn is_served(&self, module: ModuleId, instance: &Instance) -> bool {
        owed(self.design, instance).iter().all(|name| self.has(module, name))
    }

    /// First what each instance assumes, so that it can be relied on for the rest; and on as long
    /// as what is shown lets more be relied on. What is hard now may be easy then: more time is
    /// spent only where it is not.
    fn module(&mut self, id: ModuleId, deadline: Deadline) -> Result<(), Faults> {
        let body = self.design.module(id);
        let owed: Vec<Vec<String>> = body.instances.iter().map(|i| owed(self.design, i)).collect();
        let own = properties(body, PropertyKind::Assert).map(str::to_string);
        let left = body.instances.iter().flat_map(|i| self.left(i));
        let open = own.chain(owed.concat()).chain(left).collect();
        let mut search = Open { open, tried: Vec::new(), effort: EFFORT, stopped: false };
        let mut all = false;
        while !search.open.is_empty() {
            let before = search.open.len();
            let wanted = if all { vec![search.open.clone()] } else { owed.clone() };
            for wanted in wanted {
                self.ask(id, &wanted, &mut search, deadline)?;
            }
            if search.open.len() < before {
                continue;
            }
            if all && !(search.stopped && search.more_effort(deadline)) {
                break;
            }
            all = !all;
        }
        Ok(())
    }

    /// Tries what is wanted and open, from contracts alone and from contracts and logic.
    fn ask(
        &mut self,
        id: ModuleId,
        wanted: &[String],
        search: &mut Open,
        deadline: Deadline,
    ) -> Result<(), Faults> {
        for cut in [true, false] {
            let placed = self.placed(id, cut);
            let asked: Vec<String> =
                wanted.iter().filter(|name| search.open.contains(name)).cloned().collect();
            let attempt = (placed.clone(), asked.clone());
            let useless = cut && placed.is_empty();
            if asked.is_empty() || useless || search.tried.contains(&attempt) {
                continue;
            }
            let left = deadline.left().map(|left| if cut { left / 2 } else { left });
            let time = left.map_or(search.effort, |left| left.min(search.effort)).max(LEAST);
            search.stopped |= self.attempt(id, &placed, &asked, time)?;
            search.open.retain(|name| !self.has(id, name));
            search.tried.push(attempt);
        }
        Ok(())
    }

    /// What an instance asserts and its module alone does not show.
    fn left(&self, instance: &Instance) -> Vec<String> {
        let mut names = of_elements(self.design, instance, PropertyKind::Assert);
        let child = self.design.module(instance.module);
        let own = properties(child, PropertyKind::Assert).cycle();
        let mut shown = own.map(|name| self.has(instance.module, name));
        names.retain(|_| !(keeps_domains(instance) && shown.next() == Some(true)));
        names
    }

    /// What is relied on of each instance, as far as it is given what it assumes. One without a
    /// contract is what it computes.
    fn placed(&self, id: ModuleId, cut: bool) -> Vec<Placed> {
        let mut placed = Vec::new();
        for instance in &self.design.module(id).instances {
            let child = self.design.module(instance.module);
            let may = keeps_domains(instance) && self.is_served(id, instance);
            let relied: Vec<String> = properties(child, PropertyKind::Assert)
                .filter(|name| may && self.has(instance.module, name))
                .map(str::to_string)
                .collect();
            let assumes = properties(child, PropertyKind::Assume).next().is_some();
            if !relied.is_empty() || cut && assumes {
                placed.push(Placed { instance: instance.name.clone(), relied, cut });
            }
        }
        placed
    }

    /// Tries what is asked, beside what the module asserts and is shown already, and keeps what is
    /// proved. Whether it took all its time.
    fn attempt(
        &mut self,
        id: ModuleId,
        placed: &[Placed],
        asked: &[String],
        time: Duration,
    ) -> Result<bool, Faults> {
        let begin = Instant::now();
        let own = properties(self.design.module(id), PropertyKind::Assert);
        let helping = own.filter(|name| self.has(id, name)).map(str::to_string);
        let names = asked.iter().cloned().chain(helping).collect();
        let properties = Selection::Named(names);
        let options = Options { properties, time_limit: Some(time), ..self.options.clone() };
        let report = prove_view(&view(self.design, id, placed), &options)?;
        let mut proofs = Vec::<Certificate>::new();
        for row in &report.rows {
            if let Verdict::Proved { certificate, .. } = &row.verdict {
                self.shown.entry(id.0).or_default().insert(row.property.clone());
                if !proofs.contains(certificate) {
                    proofs.push(Certificate::clone(certificate));
                }
            }
        }
        if !proofs.is_empty() {
            let module = self.design.module(id).name.clone();
            self.steps.push(ComposedStep { module, placed: placed.to_vec(), proofs });
        }
        Ok(begin.elapsed() >= time)
    }

    /// The paths of all that is shown of a placed module and of what it places.
    fn placements(&self, module: ModuleId, prefix: &str, all: &mut BTreeSet<String>) {
        let names = self.shown.get(&module.0).into_iter().flatten();
        all.extend(names.map(|name| format!("{prefix}{name}")));
        for instance in &self.design.module(module).instances {
            let founded = keeps_domains(instance) && self.is_served(module, instance);
            for element in (0..instance.elements()).filter(|_| founded) {
                let prefix = format!("{prefix}{}.", instance.element_name(element));
                self.placements(instance.module, &prefix, all);
            }
        }
    }

    fn finish(self, wanted: Vec<Row>, start: Instant) -> Result<Composed, Faults> {
        let mut all = BTreeSet::new();
        self.placements(self.design.top, "", &mut all);
        let every = Options { properties: Selection::All, ..self.options.clone() };
        let mut owed = selected(self.design, &every)?;
        owed.retain(|row| row.kind == PropertyKind::Assume && !wanted.contains(row));
        let mut rows: Vec<Row> = wanted.into_iter().chain(owed).collect();
        let shown = |row: &Row| row.is_safe() && all.contains(&row.property);
        let claimed: Vec<String> =
            rows.iter().filter(|r| shown(r)).map(|r| r.property.clone()).collect();
        let certificate = Arc::new(Certificate {
            design: self.design.digest(),
            start: self.options.start,
            properties: claimed,
            evidence: Evidence::Composition { steps: self.steps.clone() },
            given: Vec::new(),
        });
        for row in rows.iter_mut().filter(|row| shown(row)) {
            row.verdict = Verdict::Proved { k: 0, certificate: certificate.clone() };
            row.elapsed = start.elapsed();
        }
        self.rest(&mut rows, |row| !shown(row), start)?;
        let design = self.design.top().name.clone();
        let report = Report { design, rows, elapsed: start.elapsed() };
        Ok(Composed { report, steps: self.steps })
    }

    /// What is left, of the whole design: a run that violates it is one.
    fn rest(
        &self,
        rows: &mut [Row],
        is_open: impl Fn(&Row) -> bool,
        start: Instant,
    ) -> Result<(), Faults> {
        let open = rows.iter().filter(|row| is_open(row));
        let names: Vec<String> = open.map(|row| row.property.clone()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let properties = Selection::Named(names);
        let time_limit = self.deadline.left();
        let options = Options { properties, time_limit, ..self.options.clone() };
        let found = prove(self.design, &options)?;
        for row in rows.iter_mut().filter(|row| is_open(row)) {
            if let Some(found) = found.row(&row.property) {
                *row = Row { elapsed: start.elapsed(), ..found.clone() };
            }
        }
        Ok(())
    }
}

/// The modules that the top is made of, in the design's order: those that are placed come first.
fn used(design: &Design) -> Vec<ModuleId> {
    let mut used = vec![false; design.modules.len()];
    used[design.top.index()] = true;
    for index in (0..used.len()).rev() {
        if used[index] {
            design.modules[index].instances.iter().for_each(|i| used[i.module.index()] = true);
        }
    }
    (0..used.len()).filter(|&i| used[i]).map(|i| ModuleId(i as u32)).collect()
}
