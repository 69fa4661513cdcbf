//! [`Parameters`] of a bench: named values, checked against what the bench declares.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Something that a plan can set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// `lower_snake_case`.
    pub name: &'static str,
    /// The value where a plan says nothing; a plan's value has the same sort.
    pub default: Value,
    /// One line for people.
    pub meaning: &'static str,
}

impl Parameter {
    /// A parameter of this name.
    pub fn new(name: &'static str, default: impl Into<Value>, meaning: &'static str) -> Self {
        Self { name, default: default.into(), meaning }
    }
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
}

impl Value {
    fn sort(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Text(_) => "a text",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Text(value) => f.write_str(value),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

/// The values of all parameters of a bench.
///
/// Asking for one that the bench did not declare, or as another sort, is the bench's own mistake
/// and panics; plans have been checked before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<String, Value>);

impl Parameters {
    /// What is declared, with the values that `given` sets; or everything wrong with `given`.
    pub fn new(
        declared: &[Parameter],
        given: &BTreeMap<String, Value>,
    ) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        for (name, value) in given {
            match declared.iter().find(|p| p.name == name) {
                None => faults.push(unknown(name, declared)),
                Some(p) if p.default.sort() != value.sort() => {
                    let (sort, found) = (p.default.sort(), value.sort());
                    faults.push(format!("parameter `{name}` is {sort}, not {found} (`{value}`)"));
                }
                Some(_) => (),
            }
        }
        let value = |p: &Parameter| given.get(p.name).unwrap_or(&p.default).clone();
        let all = declared.iter().map(|p| (p.name.to_string(), value(p))).collect();
        if faults.is_empty() { Ok(Self(all)) } else { Err(faults) }
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> i64 {
        match self.get(name) {
            Value::Integer(value) => *value,
            other => panic!("parameter `{name}` is {}, not a whole number", other.sort()),
        }
    }

    /// A whole number that is a size: `None` if it is negative.
    pub fn size(&self, name: &str) -> Option<usize> {
        usize::try_from(self.integer(name)).ok()
    }

    /// A truth value.
    pub fn boolean(&self, name: &str) -> bool {
        match self.get(name) {
            Value::Boolean(value) => *value,
            other => panic!("parameter `{name}` is {}, not true or false", other.sort()),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Value::Text(value) => value,
            other => panic!("parameter `{name}` is {}, not a text", other.sort()),
        }
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or_else(|| panic!("parameter `{name}` is not declared"))
    }
}

fn unknown(name: &str, declared: &[Parameter]) -> String {
    let known: Vec<_> = declared.iter().map(|p| format!("{} = {}", p.name, p.default)).collect();
    let known = if known.is_empty() { "none".into() } else { known.join(", ") };
    format!("there is no parameter `{name}`; known, with defaults: {known}")
}
