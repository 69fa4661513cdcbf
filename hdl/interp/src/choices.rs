//! [`Choices`]: undefined values that somebody has chosen one by one.

use crate::Undefined;
use olivine_netlist::Bits;
use std::collections::HashMap;
use std::sync::Arc;

/// Values for undefined things, by the path and time that the table at
/// [`Interp`](crate::Interp) gives them. What is not chosen is zero.
///
/// A counterexample is such a choice: it replays only if the undefined values are its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    chosen: HashMap<String, HashMap<u64, Bits>>,
}

impl Choices {
    /// Chooses the value of `path` at `time`; it has the width of what it is for.
    pub fn choose(&mut self, path: impl Into<String>, time: u64, value: Bits) {
        self.chosen.entry(path.into()).or_default().insert(time, value);
    }

    fn value(&self, path: &str, time: u64, width: u32) -> Bits {
        let chosen = self.chosen.get(path).and_then(|times| times.get(&time));
        let value = chosen.cloned().unwrap_or_else(|| Bits::zero(width));
        assert_eq!(value.width(), width, "the value chosen for `{path}` has another width");
        value
    }
}

/// Where the interpreter takes undefined values from.
#[derive(Clone, Debug)]
pub(crate) enum Policy {
    Rule(Undefined),
    Chosen(Arc<Choices>),
}

impl Policy {
    /// The value of the thing with the path that `path` gives.
    pub fn value(&self, path: impl FnOnce() -> String, time: u64, width: u32) -> Bits {
        match self {
            Self::Rule(rule) => rule.value_at(path, time, width),
            Self::Chosen(choices) => choices.value(&path(), time, width),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Engine, Interp};
    use olivine_netlist::{Design, DomainId};

    #[test]
    fn each_open_value_is_what_was_chosen() {
        let text = "top m\nmodule m {\ndomain rising\noutput q : bits 8 = r\n\
            output any : bits 8 = u\nregister r : bits 8\nset u\n\
            r : bits 8 = register r\nu : bits 8 = undefined\n}\n";
        let design = Design::parse(text).unwrap();
        let mut choices = Choices::default();
        choices.choose("r", 0, Bits::new(8, 3));
        choices.choose("u", 1, Bits::new(8, 5));
        let mut interp = Interp::with_choices(&design, choices);
        let [q, any] = ["q", "any"].map(|p| interp.interface().find(p).unwrap());
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push((interp.get_u64(q), interp.get_u64(any)));
            interp.step(DomainId(0));
        }
        assert_eq!(seen, [(3, 0), (0, 5), (5, 0)]);
    }
}
