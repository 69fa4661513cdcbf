//! [`Witnesses`]: runs of a design in the model-checking competition's forms, as runs of a file.

mod aiger;
mod btor2;
mod file;

use crate::format_fault::FormatFault;
use crate::roles::{InputRole, Roles, StateRole};
use crate::stimulus::{Assignment, Chosen, Cycle, Stimulus};
use olivine_netlist::{Bits, Design};
use std::collections::HashMap;

/// Writes runs as the witnesses of one file, and reads them: a file that was written from a design
/// ([`Aiger::witnesses`](crate::Aiger::witnesses), [`Btor2::witnesses`](crate::Btor2::witnesses)),
/// or one that a design was read from.
#[derive(Clone, Debug)]
pub struct Witnesses {
    form: Form,
    roles: Roles,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Aiger,
    Btor2,
}

/// One step of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Frame {
    /// By state: its words, where the witness says them.
    states: Vec<Vec<Option<Bits>>>,
    /// By input.
    inputs: Vec<Bits>,
}

impl Witnesses {
    pub(crate) fn in_bits(roles: Roles) -> Self {
        Self { form: Form::Aiger, roles }
    }

    pub(crate) fn in_words(roles: Roles) -> Self {
        Self { form: Form::Btor2, roles }
    }

    /// The run as a witness that the file violates its property. A loop of a run without end is
    /// gone through twice: the file finds out in the second round that it is one.
    ///
    /// # Errors
    /// The property is none of the file's.
    pub fn write(&self, run: &Stimulus) -> Result<String, String> {
        let number = self.number(&run.property).ok_or_else(|| {
            format!("\"{}\" is no bad state and no justice property of the file", run.property)
        })?;
        let frames = self.frames(run);
        Ok(match self.form {
            Form::Aiger => aiger::to_text(&self.roles, &number, &frames),
            Form::Btor2 => btor2::to_text(&self.roles, &number, &frames),
        })
    }

    /// `b` or `j` with the number of a property.
    fn number(&self, property: &str) -> Option<String> {
        let is = |names: &Vec<String>| names.iter().any(|name| name == property);
        let bad = self.roles.bad.iter().position(is).map(|i| format!("b{i}"));
        bad.or_else(|| {
            let found = self.roles.justice.iter().position(|name| name == property);
            found.map(|i| format!("j{i}"))
        })
    }

    /// The run of the design that a witness says, once the interpreter has confirmed that it
    /// violates the property. Of properties of runs without end witnesses are not read.
    ///
    /// # Errors
    /// The line that is wrong; or a run that violates nothing.
    pub fn read(&self, text: &str, design: &Design) -> Result<Stimulus, FormatFault> {
        let (number, frames) = match self.form {
            Form::Aiger => aiger::read(&self.roles, text)?,
            Form::Btor2 => btor2::read(&self.roles, text)?,
        };
        let fault = |message: String| FormatFault { line: 1, message };
        let index = number.strip_prefix('b').and_then(|digits| digits.parse::<usize>().ok());
        let names = index.and_then(|i| self.roles.bad.get(i));
        let names =
            names.ok_or_else(|| fault(format!("`{number}` is no bad state of the file")))?;
        let mut why = String::new();
        for name in names {
            let run = self.run(name, &frames);
            let replay = run.replay(design).map_err(|bad| fault(bad.to_string()))?;
            if replay.confirmed() {
                return Ok(run);
            }
            why = match replay.violated_assumption {
                Some(assumption) => format!("the run violates the assumption \"{assumption}\""),
                None => format!("the last step of the run does not violate {number}"),
            };
        }
        Err(fault(why))
    }

    /// The steps of the file that are a run of the design.
    fn frames(&self, run: &Stimulus) -> Vec<Frame> {
        let roles = &self.roles;
        let held = |path: &str| {
            let is = |(role, _): &(InputRole, u32)| matches!(role, InputRole::Undefined { path: p, later: true } if p == path);
            roles.inputs.iter().any(is)
        };
        let longer = run.unrolled(1, held);
        let chosen: HashMap<(&str, u64), &Bits> =
            longer.undefined.iter().map(|c| ((c.path.as_str(), c.time), &c.value)).collect();
        let undefined = |path: &str, time: u64, width: u32| {
            chosen.get(&(path, time)).map_or_else(|| Bits::zero(width), |&bits| bits.clone())
        };
        let lead = roles.lead as usize;
        let frame = |step: usize| {
            let cycle = step.checked_sub(lead).map(|k| (k, &longer.cycles[k]));
            let port = |name: &str, width: u32| {
                let given = cycle.and_then(|(_, c)| c.inputs.iter().find(|a| a.port == name));
                given.map_or_else(|| Bits::zero(width), |a| a.value.clone())
            };
            let input = |(role, width): &(InputRole, u32)| match (role, cycle) {
                (InputRole::Port(name), _) => port(name, *width),
                (InputRole::AtFirst(path), _) if step == 0 => undefined(path, 0, *width),
                (InputRole::Turn(domain), Some((_, c))) => Bits::bit_of(c.domain == *domain),
                (InputRole::Undefined { path, later }, Some((k, _))) => {
                    undefined(path, k as u64 + u64::from(*later), *width)
                }
                (InputRole::Loop(name), Some((k, _))) => {
                    Bits::bit_of(run.repeats_from == Some(k) && run.property == *name)
                }
                _ => Bits::zero(*width),
            };
            let states = roles.states.iter().map(|state| match &state.role {
                StateRole::Undefined(path) if step == 0 => {
                    vec![Some(undefined(path, 0, state.width))]
                }
                StateRole::Words(_, paths) if step == 0 => {
                    let word = |path: &String| undefined(path, 0, state.width);
                    paths.iter().map(|path| path.as_ref().map(word)).collect()
                }
                StateRole::Port(name, later) if step > 0 || !later => {
                    vec![Some(port(name, state.width))]
                }
                _ => Vec::new(),
            });
            Frame { states: states.collect(), inputs: roles.inputs.iter().map(input).collect() }
        };
        (0..lead + longer.cycles.len()).map(frame).collect()
    }

    /// The run of the design that the steps of the file are.
    fn run(&self, property: &str, frames: &[Frame]) -> Stimulus {
        let roles = &self.roles;
        let mut undefined = Vec::new();
        let mut choose = |path: &str, time: usize, value: &Bits| {
            if value.any() {
                let (path, value) = (path.to_string(), value.clone());
                undefined.push(Chosen { path, time: time as u64, value });
            }
        };
        if let Some(first) = frames.first() {
            for (state, words) in roles.states.iter().zip(&first.states) {
                match &state.role {
                    StateRole::Undefined(path) => {
                        words.iter().flatten().for_each(|word| choose(path, 0, word));
                    }
                    StateRole::Words(_, paths) => {
                        for (path, word) in paths.iter().zip(words) {
                            if let (Some(path), Some(word)) = (path, word) {
                                choose(path, 0, word);
                            }
                        }
                    }
                    _ => {}
                }
            }
            for ((role, _), value) in roles.inputs.iter().zip(&first.inputs) {
                if let InputRole::AtFirst(path) = role {
                    choose(path, 0, value);
                }
            }
        }
        let mut cycles = Vec::new();
        for (k, frame) in frames.iter().skip(roles.lead as usize).enumerate() {
            for ((role, _), value) in roles.inputs.iter().zip(&frame.inputs) {
                if let InputRole::Undefined { path, later } = role {
                    choose(path, k + usize::from(*later), value);
                }
            }
            cycles.push(self.cycle(k, frame));
        }
        Stimulus { property: property.to_string(), cycles, repeats_from: None, undefined }
    }

    fn cycle(&self, k: usize, frame: &Frame) -> Cycle {
        let roles = &self.roles;
        let mut values: HashMap<&str, Bits> = HashMap::new();
        let mut turn = None;
        for ((role, _), value) in roles.inputs.iter().zip(&frame.inputs) {
            match role {
                InputRole::Port(name) => {
                    values.insert(name, value.clone());
                }
                InputRole::Turn(domain) if value.any() && turn.is_none() => turn = Some(domain),
                _ => {}
            }
        }
        for (state, words) in roles.states.iter().zip(&frame.states) {
            if let (StateRole::Port(name, _), Some(Some(value))) = (&state.role, words.first()) {
                values.insert(name, value.clone());
            }
        }
        let reset = (k as u32) < roles.edges;
        let count = roles.domains.len();
        let domain = match (reset, turn) {
            (true, _) => &roles.domains[k % count],
            (false, Some(domain)) => domain,
            (false, None) => &roles.domains[count - 1],
        };
        let assign = |(port, width): &(String, u32)| Assignment {
            port: port.clone(),
            value: values.get(port.as_str()).cloned().unwrap_or_else(|| Bits::zero(*width)),
        };
        let inputs = roles.ports.iter().map(assign).collect();
        Cycle { domain: domain.clone(), reset, inputs }
    }
}
