//! [`diagnose`]: what a verdict, or the lack of one, says of how the question was put.
//!
//! Errors and warnings with the author's places: assumptions that contradict each other, what can
//! never happen, reset values and initial values that a violation rests on, limits that came first.

use crate::bits::WholeSystem;
use crate::engine::{legal_samples, triggered_under_reset};
use crate::gates::Lit;
use crate::options::{Engine, Options, Selection, Start};
use crate::placed::flattened;
use crate::prove::prove;
use crate::report::{Counterexample, Report, Row, Verdict};
use crate::system::{Cone, TransitionSystem, assumptions, fairness, find_property};
use olivine_netlist::{
    Design, Fault, Module, Op, Property, PropertyId, PropertyKind, Register, ValueId,
};
use std::time::Duration;

/// What finding out more may cost.
const EFFORT: Duration = Duration::from_secs(2);

/// Parts that are shown of many.
const SHOWN: usize = 4;

/// What is to be said of a report of [`prove`] about this design under these options: an error or a
/// warning each, with the place. Nothing, if every assertion is proved, every cover reached, and
/// each of them means something.
pub fn diagnose(design: &Design, options: &Options, report: &Report) -> Vec<Fault> {
    let flat = flattened(design);
    let doctor = Doctor { design, options, flat: &flat };
    let mut faults: Vec<Fault> = Vec::new();
    for (property, constant) in flat.properties.iter().zip(constants(&flat)) {
        faults.extend(doctor.of_property(property, constant));
    }
    for row in &report.rows {
        if let Some(id) = find_property(&flat, &row.property) {
            faults.extend(doctor.of_row(id, row));
        }
    }
    let mut told: Vec<Fault> = Vec::new();
    for fault in faults {
        if !told.contains(&fault) {
            told.push(fault);
        }
    }
    told
}

/// By property: whether its condition is always one, or always zero, by its form alone.
fn constants(flat: &Module) -> Vec<Option<bool>> {
    let mut asked = flat.clone();
    asked.properties.iter_mut().for_each(|property| property.kind = PropertyKind::Cover);
    let all: Vec<PropertyId> = (0..flat.properties.len() as u32).map(PropertyId).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let system = TransitionSystem::with_whole_memories(asked, all);
    let bits = WholeSystem::new(&system).bits;
    let constant = |(&bad, &domain): (&Lit, &usize)| match bad {
        Lit::ZERO => Some(false),
        holds if holds == bits.turns[domain] => Some(true),
        _ => None,
    };
    bits.bad.iter().zip(&bits.target_domains).map(constant).collect()
}

struct Doctor<'a> {
    design: &'a Design,
    options: &'a Options,
    flat: &'a Module,
}

impl Doctor<'_> {
    /// What is odd about a property whatever its verdict.
    fn of_property(&self, property: &Property, constant: Option<bool>) -> Vec<Fault> {
        let mut faults = Vec::new();
        let name = &property.name;
        let near = Near::of(self.flat, property.condition);
        match constant {
            Some(true) if property.kind != PropertyKind::Cover => {
                let message =
                    format!("\"{name}\" holds by its form alone: the condition folds to one");
                let help = "if it should say more, state it of a signal that can differ";
                faults.push(Fault::new("W022", property.place, message, help));
            }
            Some(_) => {
                let message = format!("\"{name}\": its condition is always the same");
                let help = "state it of a signal that can differ";
                faults.push(Fault::new("W022", property.place, message, help));
            }
            None => faults.extend(self.stuck(property)),
        }
        let assumed = matches!(property.kind, PropertyKind::Assume | PropertyKind::Fair);
        if assumed && !near.inputs && !near.registers.is_empty() {
            let message = format!("\"{name}\" assumes something of the design, not of its inputs");
            let help = "assert it, so that it is shown; or assume what the inputs do";
            let mut fault = Fault::new("W023", property.place, message, help);
            near.registers.iter().take(SHOWN).for_each(|register| {
                fault.label(register.place, format!("`{}`, which it depends on", register.name));
            });
            faults.push(fault);
        }
        let other = |register: &&&Register| register.domain == property.domain;
        if !near.registers.is_empty() && !near.registers.iter().any(|r| other(&r)) {
            let domain = |d: olivine_netlist::DomainId| self.flat.domains[d.index()].clock_name();
            let message = format!(
                "\"{name}\" is sampled by {}, and all that it looks at changes by other clocks",
                domain(property.domain)
            );
            let help = "state it in the domain of its signals";
            let mut fault = Fault::new("W025", property.place, message, help);
            near.registers.iter().take(SHOWN).for_each(|r| {
                fault.label(r.place, format!("`{}` is of {}", r.name, domain(r.domain)));
            });
            faults.push(fault);
        }
        faults
    }

    /// A property that depends on a register that never changes.
    fn stuck(&self, property: &Property) -> Option<Fault> {
        let cone = Cone::of(self.flat, [property.condition]);
        let constant = |value: ValueId| match &self.flat.cell(self.plain(value)).op {
            Op::Const(bits) => Some(bits),
            _ => None,
        };
        let stuck = |register: &&Register| {
            let held = register.reset.as_ref().or(register.init.as_ref());
            let kept = |value: ValueId| {
                self.plain(value) == register.value
                    || constant(value).is_some_and(|c| Some(c) == held)
            };
            held.is_some() && register.cases.iter().all(|case| kept(case.value))
        };
        let stuck: Vec<&Register> = cone.registers(self.flat).filter(stuck).collect();
        let first = stuck.first()?;
        let message = format!(
            "\"{}\" depends on `{}`, which never changes and is optimized away",
            property.name, first.name
        );
        let help = "set the register, or state the property without it";
        let mut fault = Fault::new("W026", property.place, message, help);
        for register in stuck.iter().take(SHOWN) {
            fault.label(register.place, format!("`{}` keeps its first value", register.name));
        }
        Some(fault)
    }

    fn plain(&self, mut value: ValueId) -> ValueId {
        while let Op::Wire(next) = self.flat.cell(value).op {
            value = next;
        }
        value
    }

    fn of_row(&self, id: PropertyId, row: &Row) -> Option<Fault> {
        match &row.verdict {
            Verdict::Vacuous { samples } => Some(self.vacuous(id, row, *samples)),
            Verdict::Proved { .. } if row.kind == PropertyKind::Cover => Some(self.unreachable(id)),
            Verdict::Violated(_)
                if matches!(row.kind, PropertyKind::Assume | PropertyKind::Fair) =>
            {
                Some(self.not_given(id))
            }
            Verdict::Violated(run) => self.violated(id, run),
            Verdict::Unknown { reason, depth } => Some(self.unknown(id, reason, *depth)),
            Verdict::Bounded { depth } => Some(self.bounded(id, *depth)),
            Verdict::Proved { .. } | Verdict::Reached(_) => {
                row.untriggered.map(|samples| self.untriggered(id, samples))
            }
        }
    }

    fn property(&self, id: PropertyId) -> &Property {
        &self.flat.properties[id.index()]
    }

    /// Names the assumptions without any of which there would be a run.
    fn vacuous(&self, id: PropertyId, row: &Row, samples: u32) -> Fault {
        let own = self.property(id);
        if samples == u32::MAX {
            let message = format!("\"{}\": no run without end is fair", row.property);
            let help = "relax what is assumed to hold again and again";
            let all = fairness(self.flat);
            let place = all.first().map_or(own.place, |fair| self.property(*fair).place);
            let mut fault = Fault::new("P021", place, message, help);
            for fair in all {
                let fair = self.property(fair);
                fault.label(fair.place, format!("\"{}\" is assumed again and again", fair.name));
            }
            return fault;
        }
        let legal =
            |of: &[PropertyId]| legal_samples(self.flat, id, of, self.options, samples + 1, EFFORT);
        let mut needed = assumptions(self.flat);
        if legal(&needed) == Some(true) {
            needed.clear();
        }
        for tried in needed.clone() {
            let fewer: Vec<PropertyId> = needed.iter().copied().filter(|p| *p != tried).collect();
            if legal(&fewer) == Some(false) {
                needed = fewer;
            }
        }
        let message = match (needed.len(), samples) {
            (0, _) => format!("\"{}\": no run has a sample of its clock domain", row.property),
            (1, 0) => "an assumption contradicts itself or the design".to_string(),
            (1, _) => format!("an assumption allows no run of more than {samples} samples"),
            (_, 0) => "assumptions contradict each other".to_string(),
            _ => format!("assumptions together allow no run of more than {samples} samples"),
        };
        let first = needed.first().map_or(own.place, |p| self.property(*p).place);
        let mut fault =
            Fault::new("P020", first, message, "relax one of them; nothing is proved of no run");
        for assumption in needed {
            let assumption = self.property(assumption);
            fault.label(assumption.place, format!("\"{}\" is assumed", assumption.name));
        }
        fault
    }

    /// A cover that no run reaches, because of assumptions or in any case.
    fn unreachable(&self, id: PropertyId) -> Fault {
        let own = self.property(id);
        let mut free = self.design.clone();
        free.modules[self.design.top.index()].properties.retain(|p| p.kind != PropertyKind::Assume);
        let options = Options {
            engine: Engine::Bmc,
            time_limit: Some(EFFORT),
            properties: Selection::Named(vec![own.name.clone()]),
            ..self.options.clone()
        };
        let reached = |report: &Report| matches!(report.rows[0].verdict, Verdict::Reached(_));
        let all = assumptions(self.flat);
        let without =
            !all.is_empty() && prove(&free, &options).is_ok_and(|report| reached(&report));
        if !without {
            let message = format!("the cover \"{}\" is unreachable", own.name);
            let help = "look at what its condition needs; no input makes it hold";
            return Fault::new("P022", own.place, message, help);
        }
        let message = format!("the assumptions keep the cover \"{}\" from being reached", own.name);
        let mut fault = Fault::new("P023", own.place, message, "relax the assumptions");
        for assumption in all.into_iter().take(SHOWN) {
            let assumption = self.property(assumption);
            fault.label(assumption.place, format!("\"{}\" is assumed", assumption.name));
        }
        fault
    }

    /// What a placed module assumes, and what surrounds it does not do.
    fn not_given(&self, id: PropertyId) -> Fault {
        let own = self.property(id);
        let message =
            format!("a placed module assumes \"{}\", and what drives it does not do so", own.name);
        let help = "mend what drives the instance; or assume of the top's inputs what it rests on";
        Fault::new("P028", own.place, message, help)
    }

    /// A violation that rests on what nobody has set.
    fn violated(&self, id: PropertyId, run: &Counterexample) -> Option<Fault> {
        let own = self.property(id);
        let cone = Cone::of(self.flat, [own.condition]);
        let registers: Vec<&Register> = cone.registers(self.flat).collect();
        let chosen = |register: &&&Register| {
            let path = &register.name;
            run.stimulus.undefined.iter().any(|chosen| chosen.time == 0 && chosen.path == *path)
        };
        let unset: Vec<&&Register> = registers.iter().filter(chosen).collect();
        if let Some(first) = unset.first() {
            let message =
                format!("\"{}\" is violated by what `{}` is at power-up", own.name, first.name);
            let help = "give the register a reset value or a first value";
            let mut fault = Fault::new("P025", own.place, message, help);
            for register in unset.iter().take(SHOWN) {
                fault.label(register.place, format!("`{}` has no first value", register.name));
            }
            return Some(fault);
        }
        if !run.stimulus.undefined.is_empty() {
            let path = &run.stimulus.undefined[0].path;
            let message = format!("\"{}\" is violated by an undefined value: `{path}`", own.name);
            let help = "define what is read out of range, at a collision, or as undefined";
            return Some(Fault::new("P026", own.place, message, help));
        }
        if own.kind == PropertyKind::Live {
            return fairness(self.flat).is_empty().then(|| {
                let message =
                    format!("\"{}\" is violated, and no run is asked to be fair", own.name);
                let help = "assume what the environment does again and again (`assume_again`)";
                Fault::new("P027", own.place, message, help)
            });
        }
        let edges = match self.options.start {
            Start::AfterReset { edges } => edges as usize * self.flat.domains.len(),
            Start::PowerUp => 0,
        };
        let near = Near::of(self.flat, own.condition);
        let at_once = run.stimulus.cycles.len() <= edges + 1 && !near.registers.is_empty();
        at_once.then(|| {
            let message = format!("\"{}\" is violated in the first sample after reset", own.name);
            let help = "look at the reset values; or ask from `past_valid()` on";
            let mut fault = Fault::new("P024", own.place, message, help);
            for register in near.registers.iter().take(SHOWN) {
                let what = match &register.reset {
                    Some(reset) => format!("`{}` is reset to {reset}", register.name),
                    None => format!("`{}` has no reset value", register.name),
                };
                fault.label(register.place, what);
            }
            fault
        })
    }

    fn untriggered(&self, id: PropertyId, samples: u32) -> Fault {
        let own = self.property(id);
        if own.kind == PropertyKind::Live {
            let message = format!(
                "\"{}\" asks for nothing: nothing waits in the first {samples} samples",
                own.name
            );
            let help = "look at what should be waited for, or ask for longer runs";
            return Fault::new("W027", own.place, message, help);
        }
        if triggered_under_reset(self.flat, id, self.options, EFFORT) == Some(true) {
            let message =
                format!("what \"{}\" is conditional on holds under reset alone", own.name);
            let help = "properties are sampled while reset is inactive; ask for what holds then";
            return Fault::new("W021", own.place, message, help);
        }
        let message = format!(
            "what \"{}\" is conditional on cannot hold in the first {samples} samples",
            own.name
        );
        let help = "look at the condition, or ask for longer runs";
        Fault::new("W020", own.place, message, help)
    }

    fn bounded(&self, id: PropertyId, depth: u32) -> Fault {
        let own = self.property(id);
        let message = format!("\"{}\" is neither proved nor refuted in {depth} samples", own.name);
        let help = match self.options.engine {
            Engine::Bmc => "this engine proves nothing: take another, such as auto",
            _ => "ask for a greater depth, which is also the greatest k; or take pdr",
        };
        Fault::new("P034", own.place, message, help)
    }

    fn unknown(&self, id: PropertyId, reason: &str, depth: u32) -> Fault {
        let own = self.property(id);
        let (code, help) = if reason.starts_with("the time limit") {
            ("P030", "allow more time, prove parts, or write an invariant beside it")
        } else if reason.starts_with("the memory limit") {
            ("P031", "allow more memory, or ask for a smaller depth")
        } else if reason.starts_with("more than") {
            ("P032", "allow more gates, or ask for a smaller depth")
        } else if reason.starts_with("it depends on") {
            ("P033", "prove it of a smaller memory, or allow more bits")
        } else if reason.starts_with("sweeping") {
            ("P035", "it is for two designs that compute alike: take another engine")
        } else if reason.starts_with("algebra") {
            ("P035", "it is for sums and products that are equal: take another engine")
        } else if reason.starts_with("following words") {
            ("P035", "it is for what memories read: take another engine")
        } else if reason.starts_with("trying every pattern") {
            ("P035", "it is for few bits, and what holds in every state: take another engine")
        } else {
            ("P036", "tell us of it, with the design")
        };
        let message = format!("\"{}\" is open after {depth} samples: {reason}", own.name);
        Fault::new(code, own.place, message, help)
    }
}

/// What a value depends on within a step.
struct Near<'a> {
    inputs: bool,
    registers: Vec<&'a Register>,
}

impl<'a> Near<'a> {
    fn of(flat: &'a Module, value: ValueId) -> Self {
        let mut near = Self { inputs: false, registers: Vec::new() };
        let mut seen = vec![false; flat.cells.len()];
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            if std::mem::replace(&mut seen[value.index()], true) {
                continue;
            }
            match flat.cell(value).op {
                Op::Input(_) | Op::Undefined => near.inputs = true,
                Op::Register(r) => near.registers.push(&flat.registers[r.index()]),
                _ => {}
            }
            flat.combinational_operands(value, |operand| waiting.push(operand));
        }
        near
    }
}
