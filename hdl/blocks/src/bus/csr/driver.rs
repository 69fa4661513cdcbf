//! A [`RegisterMap`] as a Rust driver.

use super::map::{CsrField, CsrRegister, FieldAccess, RegisterMap};
use std::fmt::Write;

impl RegisterMap {
    /// The source of a driver: a type with a method for everything that software can do with a
    /// field, over a trait that reads and writes words. The same map always gives the same text.
    /// It is for maps that [`RegisterMap::check`] accepts.
    pub fn driver(&self) -> String {
        let word = format!("u{}", self.data);
        let mut text = format!(
            "// Generated from the register map `{}`; change that, not this.\n\
             \n\
             /// Words of {} bits at byte offsets.\n\
             pub trait Bus {{\n    \
                 /// Why an access was refused.\n    \
                 type Error;\n\
             \n    \
                 /// The word at a byte offset.\n    \
                 fn read(&mut self, offset: u64) -> Result<{word}, Self::Error>;\n\
             \n    \
                 /// Makes the word at a byte offset this one.\n    \
                 fn write(&mut self, offset: u64, word: {word}) -> Result<(), Self::Error>;\n\
             }}\n\
             \n",
            self.name, self.data
        );
        let kind = camel(&self.name);
        line(&mut text, 0, &doc(&self.doc));
        text += &format!("pub struct {kind}<B> {{\n    bus: B,\n}}\n\nimpl<B: Bus> {kind}<B> {{\n");
        text += "    /// The driver of the registers on this bus.\n    \
                 pub fn new(bus: B) -> Self {\n        Self { bus }\n    }\n";
        for (register, field) in self.fields() {
            method(&mut text, &word, register, field);
        }
        text + "}\n"
    }
}

fn line(text: &mut String, depth: usize, line: &str) {
    writeln!(text, "{:1$}{line}", "", 4 * depth).expect("a string takes all");
}

fn doc(sentence: &str) -> String {
    format!("/// {sentence}").trim_end().to_string()
}

/// `TimerUnit` of `timer_unit`.
fn camel(name: &str) -> String {
    let parts = name.split('_').filter(|part| !part.is_empty());
    parts.map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

/// The Rust type of a field's value.
fn kind(field: &CsrField) -> &'static str {
    match field.width {
        1 => "bool",
        2..=8 => "u8",
        9..=16 => "u16",
        17..=32 => "u32",
        _ => "u64",
    }
}

/// The expression of type `kind` for the field in `word`.
fn taken(field: &CsrField, word: &str) -> String {
    let (low, mask) = (field.low, field.mask() >> field.low);
    let shifted = if low == 0 { "word".to_string() } else { format!("(word >> {low})") };
    match kind(field) {
        "bool" => format!("{shifted} & 1 == 1"),
        own if own == word => format!("{shifted} & {mask:#x}"),
        own => format!("({shifted} & {mask:#x}) as {own}"),
    }
}

/// The expression of type `word` for `value` at the field's place; bits too many are dropped.
fn placed(field: &CsrField, word: &str) -> String {
    let (low, mask) = (field.low, field.mask() >> field.low);
    let value = match kind(field) {
        own if own == word => format!("value & {mask:#x}"),
        "bool" => format!("{word}::from(value)"),
        _ => format!("{word}::from(value) & {mask:#x}"),
    };
    match (low, kind(field)) {
        (0, _) => value,
        (_, "bool") => format!("{value} << {low}"),
        _ => format!("({value}) << {low}"),
    }
}

fn method(text: &mut String, word: &str, register: &CsrRegister, field: &CsrField) {
    let name = format!("{}_{}", register.name, field.name);
    if field.access != FieldAccess::Pulse {
        let what = if field.access == FieldAccess::ReadToClear { "Takes" } else { "Reads" };
        head(text, what, register, field);
        let kind = kind(field);
        line(text, 1, &format!("pub fn {name}(&mut self) -> Result<{kind}, B::Error> {{"));
        line(text, 2, &format!("let word = self.bus.read({:#x})?;", register.offset));
        line(text, 2, &format!("Ok({})", taken(field, word)));
        line(text, 1, "}");
    }
    let (what, verb) = match field.access {
        FieldAccess::ReadWrite => ("Writes", "set"),
        FieldAccess::WriteOneToClear => ("Clears the ones of `value` in", "clear"),
        FieldAccess::Pulse => ("For one cycle raises the ones of `value` in", "raise"),
        FieldAccess::ReadOnly | FieldAccess::ReadToClear => return,
    };
    head(text, what, register, field);
    let arguments = format!("&mut self, value: {}", kind(field));
    line(text, 1, &format!("pub fn {verb}_{name}({arguments}) -> Result<(), B::Error> {{"));
    // Beside the field: what is `rw` stays, the rest of what can be written does nothing as 0.
    let others = register.fields.iter().filter(|f| f.access == FieldAccess::ReadWrite);
    let keep = others.filter(|f| f.name != field.name).fold(0, |mask, f| mask | f.mask());
    let offset = register.offset;
    if keep == 0 {
        line(text, 2, &format!("self.bus.write({offset:#x}, {})", placed(field, word)));
    } else {
        line(text, 2, &format!("let kept = self.bus.read({offset:#x})? & {keep:#x};"));
        line(text, 2, &format!("self.bus.write({offset:#x}, kept | {})", argument(field, word)));
    }
    line(text, 1, "}");
}

/// [`placed`] as an operand of `|`.
fn argument(field: &CsrField, word: &str) -> String {
    let placed = placed(field, word);
    if placed.contains(' ') { format!("({placed})") } else { placed }
}

fn head(text: &mut String, what: &str, register: &CsrRegister, field: &CsrField) {
    text.push('\n');
    let sentence = format!("{what} `{}.{}`: {}", register.name, field.name, field.doc);
    line(text, 1, doc(&sentence).trim_end_matches(": ").trim_end_matches(':'));
}
