//! AIGER's witnesses: a line of latches, then a line of inputs for each step.

use super::Frame;
use crate::format_fault::FormatFault;
use crate::roles::{Roles, StateRole};
use olivine_netlist::Bits;

fn digits<'a>(values: impl Iterator<Item = &'a Bits>) -> String {
    let bits = values.flat_map(|bits| (0..bits.width()).map(|i| bits.bit(i)));
    bits.map(|bit| if bit { '1' } else { '0' }).collect()
}

pub(super) fn to_text(roles: &Roles, number: &str, frames: &[Frame]) -> String {
    let first = frames.first().map(|frame| frame.states.as_slice()).unwrap_or_default();
    let latches: Vec<Bits> = roles
        .states
        .iter()
        .zip(first)
        .map(|(state, said)| {
            let said = said.first().cloned().flatten();
            said.or_else(|| state.first.clone()).unwrap_or_else(|| Bits::zero(state.width))
        })
        .collect();
    let mut text = format!("1\n{number}\n{}\n", digits(latches.iter()));
    for frame in frames {
        text += &digits(frame.inputs.iter());
        text.push('\n');
    }
    text + ".\n"
}

pub(super) fn read(roles: &Roles, text: &str) -> Result<(String, Vec<Frame>), FormatFault> {
    let fault = |line: usize, message: String| Err(FormatFault { line, message });
    let mut lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim()));
    let mut lines = lines.by_ref().filter(|(_, line)| !line.starts_with('c'));
    match lines.next() {
        Some((_, "1")) => {}
        Some((line, "0" | "2")) => return fault(line, "it witnesses no violation".to_string()),
        _ => return fault(1, "it begins with no `1`".to_string()),
    }
    let Some((_, number)) = lines.next() else {
        return fault(2, "the number of a property is missing".to_string());
    };
    let states: Vec<u32> = roles.states.iter().map(|state| state.width).collect();
    let inputs: Vec<u32> = roles.inputs.iter().map(|(_, width)| *width).collect();
    let Some((line, latches)) = lines.next() else {
        return fault(3, "the line of latches is missing".to_string());
    };
    let latches = values(line, latches, &states)?;
    let mut frames: Vec<Frame> = Vec::new();
    loop {
        match lines.next() {
            Some((_, ".")) => break,
            Some((line, step)) => {
                let inputs = values(line, step, &inputs)?;
                frames.push(Frame { states: vec![Vec::new(); states.len()], inputs });
            }
            None => return fault(text.lines().count(), "it ends without `.`".to_string()),
        }
    }
    if let Some(first) = frames.first_mut() {
        let undefined = |(state, value): (&crate::roles::RoleOfState, Bits)| match state.role {
            StateRole::Undefined(_) => vec![Some(value)],
            _ => Vec::new(),
        };
        first.states = roles.states.iter().zip(latches).map(undefined).collect();
    }
    Ok((number.to_string(), frames))
}

/// Values of these widths from a line of digits; what is open is zero.
fn values(line: usize, text: &str, widths: &[u32]) -> Result<Vec<Bits>, FormatFault> {
    let wanted: u32 = widths.iter().sum();
    let bits: Vec<bool> = text.chars().map(|c| c == '1').collect();
    if bits.len() != wanted as usize || text.chars().any(|c| !matches!(c, '0' | '1' | 'x')) {
        let message = format!("{wanted} digits 0, 1 or x should stand here");
        return Err(FormatFault { line, message });
    }
    let mut rest = bits.as_slice();
    let word = |&width: &u32| {
        let (first, after) = rest.split_at(width as usize);
        rest = after;
        Bits::from_bools(first)
    };
    Ok(widths.iter().map(word).collect())
}
