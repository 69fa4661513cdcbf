//! BTOR2's witnesses: frames of states (`#`) and inputs (`@`).

use super::Frame;
use crate::btor2::{binary, to_binary};
use crate::format_fault::FormatFault;
use crate::roles::{Roles, StateRole};
use olivine_netlist::Bits;
use std::fmt::Write;

pub(super) fn to_text(roles: &Roles, number: &str, frames: &[Frame]) -> String {
    let mut text = format!("sat\n{number}\n");
    let mut line = |line: String| writeln!(text, "{line}").expect("a string takes it");
    for (k, frame) in frames.iter().enumerate() {
        if frame.states.iter().any(|words| words.iter().any(Option::is_some)) || k == 0 {
            line(format!("#{k}"));
        }
        for (i, words) in frame.states.iter().enumerate() {
            let address = words.len().next_power_of_two().trailing_zeros().max(1);
            for (j, word) in words.iter().enumerate() {
                let Some(word) = word else { continue };
                let at = match &roles.states[i].role {
                    StateRole::Words(..) => {
                        format!("[{}] ", to_binary(&Bits::new(address, j as u64)))
                    }
                    _ => String::new(),
                };
                line(format!("{i} {at}{}", to_binary(word)));
            }
        }
        line(format!("@{k}"));
        for (i, value) in frame.inputs.iter().enumerate() {
            line(format!("{i} {}", to_binary(value)));
        }
    }
    text + ".\n"
}

pub(super) fn read(roles: &Roles, text: &str) -> Result<(String, Vec<Frame>), FormatFault> {
    let mut reader = Reader { roles, frames: Vec::new(), in_states: false, line: 0 };
    let mut number = None;
    for (i, text) in text.lines().enumerate() {
        reader.line = i + 1;
        let text = text.split(';').next().unwrap_or_default().trim();
        match (text, i) {
            ("", _) => {}
            ("sat", 0) => {}
            ("unsat", 0) => return reader.fault("it witnesses no violation"),
            (_, 0) => return reader.fault("it begins with no `sat`"),
            (".", _) => {
                let number = number.ok_or_else(|| FormatFault {
                    line: i + 1,
                    message: "no property is named".to_string(),
                })?;
                return Ok((number, reader.frames));
            }
            _ if number.is_none() => {
                number = text.split_whitespace().next().map(str::to_string);
            }
            _ => reader.entry(text)?,
        }
    }
    reader.line += 1;
    reader.fault("it ends without `.`")
}

struct Reader<'a> {
    roles: &'a Roles,
    frames: Vec<Frame>,
    in_states: bool,
    line: usize,
}

impl Reader<'_> {
    fn fault<T>(&self, message: impl Into<String>) -> Result<T, FormatFault> {
        Err(FormatFault { line: self.line, message: message.into() })
    }

    fn entry(&mut self, text: &str) -> Result<(), FormatFault> {
        if let Some(step) = text.strip_prefix(['#', '@']) {
            self.in_states = text.starts_with('#');
            return self.begin(step);
        }
        let mut words = text.split_whitespace();
        let index = words.next().and_then(|word| word.parse::<usize>().ok());
        let mut value = words.next();
        let mut address = None;
        if let Some(inner) = value.and_then(|v| v.strip_prefix('[')) {
            address = Some(inner.trim_end_matches(']'));
            value = words.next();
        }
        let (Some(index), Some(value)) = (index, value) else {
            return self.fault(format!("`{text}` gives nothing a value"));
        };
        let value = value.replace('x', "0");
        let Some(value) = binary(&value) else {
            return self.fault(format!("`{value}` is no value"));
        };
        if self.in_states { self.state(index, address, value) } else { self.input(index, value) }
    }

    fn begin(&mut self, step: &str) -> Result<(), FormatFault> {
        let Some(step) = step.parse::<usize>().ok() else {
            return self.fault(format!("`{step}` is no step"));
        };
        let known = self.frames.len();
        if step != known && step + 1 != known {
            return self.fault(format!("step {step} does not come after the one before it"));
        }
        if step == known {
            let inputs = self.roles.inputs.iter().map(|(_, width)| Bits::zero(*width));
            let states = self.roles.states.iter().map(|state| match &state.role {
                StateRole::Words(_, paths) => vec![None; paths.len()],
                _ => vec![None],
            });
            self.frames.push(Frame { states: states.collect(), inputs: inputs.collect() });
        }
        Ok(())
    }

    fn fits(&self, value: &Bits, width: u32) -> Result<(), FormatFault> {
        match value.width() {
            given if given == width => Ok(()),
            given => self.fault(format!("{given} bits are given to something of {width}")),
        }
    }

    fn state(
        &mut self,
        index: usize,
        address: Option<&str>,
        value: Bits,
    ) -> Result<(), FormatFault> {
        let Some(state) = self.roles.states.get(index) else {
            return self.fault(format!("the file has no state {index}"));
        };
        self.fits(&value, state.width)?;
        let is_array = matches!(state.role, StateRole::Words(..));
        let word = match address {
            Some(digits) if is_array => match binary(digits).and_then(|bits| bits.to_u64()) {
                Some(word) => word as usize,
                None => return self.fault(format!("`{digits}` is no address")),
            },
            None if !is_array => 0,
            _ => return self.fault("a word of an array, and of an array alone, has an address"),
        };
        let Some(frame) = self.frames.last_mut() else { return self.fault("no step has begun") };
        // What lies beyond a memory has no meaning in the design.
        if let Some(slot) = frame.states[index].get_mut(word) {
            *slot = Some(value);
        }
        Ok(())
    }

    fn input(&mut self, index: usize, value: Bits) -> Result<(), FormatFault> {
        let Some(&(_, width)) = self.roles.inputs.get(index) else {
            return self.fault(format!("the file has no input {index}"));
        };
        self.fits(&value, width)?;
        let Some(frame) = self.frames.last_mut() else { return self.fault("no step has begun") };
        frame.inputs[index] = value;
        Ok(())
    }
}
