//! [`Board`]: a part, its clock and its pins, read from a TOML file.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The boards that are built in: name and text.
const BUILT_IN: &[(&str, &str)] = &[("ulx3s-85f", include_str!("../boards/ulx3s-85f.toml"))];

/// A board: what a design can be connected to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// The name it was loaded by.
    #[serde(skip)]
    pub name: String,
    /// For people.
    pub title: String,
    /// Settings of the configuration memory, in the words of the constraint file; may be empty.
    #[serde(default)]
    pub settings: String,
    /// The programmable part.
    pub part: Part,
    /// The oscillator that clocks the design.
    pub clock: Clock,
    /// A button that resets the design, beside the reset at power-up.
    pub reset: Option<ResetButton>,
    /// What a design's inputs can be connected to, by name.
    #[serde(default)]
    pub inputs: BTreeMap<String, Pins>,
    /// What a design's outputs can be connected to, by name.
    #[serde(default)]
    pub outputs: BTreeMap<String, Pins>,
    /// Pins that must have a level whatever the design does.
    #[serde(default)]
    pub held: BTreeMap<String, Held>,
}

/// The programmable part, in the words of its tools.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The vendor's order code.
    pub name: String,
    /// The tool family: `ecp5`.
    pub family: String,
    /// The size: `85k`.
    pub device: String,
    /// The package: `CABGA381`.
    pub package: String,
    /// The speed grade.
    pub speed: u32,
}

/// An oscillator.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The pin it drives.
    pub pin: String,
    /// Its frequency in MHz.
    pub mhz: f64,
}

/// A button that resets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetButton {
    /// The pin it drives.
    pub pin: String,
    /// The pin's level while the button is pressed.
    pub active: Active,
    /// The pin's resistor.
    #[serde(default)]
    pub pull: Pull,
}

/// The level at which something acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Active {
    /// Acts while 0.
    Low,
    /// Acts while 1.
    High,
}

/// A resistor inside the part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pull {
    /// None.
    #[default]
    None,
    /// To 1.
    Up,
    /// To 0.
    Down,
}

/// Pins that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// What the pins do, for people.
    pub meaning: String,
    /// Bit 0 first.
    pub pins: Vec<String>,
    /// The pins' resistors.
    #[serde(default)]
    pub pull: Pull,
    /// The current an output can drive, in mA; the part's default without it.
    pub drive_ma: Option<u32>,
}

/// A pin that must have a level whatever the design does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The pin.
    pub pin: String,
    /// 0 or 1.
    pub value: u8,
}

/// Why there is no such board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardError(String);

impl fmt::Display for BoardError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BoardError {}

impl Board {
    /// The names of the boards that are built in.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A built-in board by name, or one described in a file whose name ends in `.toml`.
    pub fn load(name: &str) -> Result<Self, BoardError> {
        if let Some((_, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Self::parse(name, text);
        }
        if !name.ends_with(".toml") {
            let known: Vec<_> = Self::names().collect();
            return Err(BoardError(format!(
                "there is no board `{name}`\nhelp: known boards are {}; or give a file that \
                 ends in .toml",
                known.join(", ")
            )));
        }
        let text = std::fs::read_to_string(name)
            .map_err(|error| BoardError(format!("cannot read the board file {name}: {error}")))?;
        let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
        Self::parse(&stem, &text).map_err(|BoardError(text)| BoardError(format!("{name}: {text}")))
    }

    /// A board by its description.
    pub fn parse(name: &str, text: &str) -> Result<Self, BoardError> {
        let mut board: Self = toml::from_str(text)
            .map_err(|error| BoardError(error.to_string().trim_end().to_string()))?;
        board.name = name.into();
        board.check().map_err(BoardError)?;
        Ok(board)
    }

    fn check(&self) -> Result<(), String> {
        if self.part.family != "ecp5" {
            return Err(format!("part.family is `{}`; known is `ecp5`", self.part.family));
        }
        if !(self.clock.mhz > 0.0 && self.clock.mhz.is_finite()) {
            return Err(format!("clock.mhz is {}; it must be above 0", self.clock.mhz));
        }
        for name in self.inputs.keys().chain(self.outputs.keys()).chain(self.held.keys()) {
            if !is_identifier(name) {
                return Err(format!(
                    "`{name}` is no name for pins: use small letters, digits and underscores"
                ));
            }
        }
        if let Some(name) = self.inputs.keys().find(|name| self.outputs.contains_key(*name)) {
            return Err(format!("`{name}` is both an input and an output"));
        }
        self.check_pins()
    }

    /// Every pin belongs to one thing, and everything has a pin.
    fn check_pins(&self) -> Result<(), String> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, pins) in self.all_pins() {
            if pins.is_empty() {
                return Err(format!("`{name}` has no pins"));
            }
            for pin in pins {
                if let Some(other) = owners.insert(pin, name) {
                    return Err(format!("pin {pin} is given to `{other}` and to `{name}`"));
                }
            }
        }
        match self.held.iter().find(|(_, held)| held.value > 1) {
            Some((name, held)) => Err(format!("held.{name}.value is {}, not 0 or 1", held.value)),
            None => Ok(()),
        }
    }

    fn all_pins(&self) -> Vec<(&str, Vec<&str>)> {
        let mut all = vec![("clock", vec![self.clock.pin.as_str()])];
        all.extend(self.reset.iter().map(|reset| ("reset", vec![reset.pin.as_str()])));
        for (name, pins) in self.inputs.iter().chain(&self.outputs) {
            all.push((name, pins.pins.iter().map(String::as_str).collect()));
        }
        all.extend(self.held.iter().map(|(name, held)| (name.as_str(), vec![held.pin.as_str()])));
        all
    }
}

fn is_identifier(name: &str) -> bool {
    let tail = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_board_loads() {
        for name in Board::names() {
            let board = Board::load(name).unwrap();
            assert_eq!(board.name, name);
            assert!(!board.outputs.is_empty(), "{name} has no outputs");
        }
    }

    /// The complaint about the 85F board with `from` replaced by `to`.
    fn complaint(from: &str, to: &str) -> String {
        let text = BUILT_IN[0].1;
        assert!(text.contains(from), "{from}");
        Board::parse("wrong", &text.replacen(from, to, 1)).unwrap_err().to_string()
    }

    #[test]
    fn wrong_boards_are_told_why() {
        let check = |from: &str, to: &str, expect: &str| {
            let complaint = complaint(from, to);
            assert!(complaint.contains(expect), "{from} → {to}: {complaint}");
        };
        check("mhz = 25.0", "mhz = 0.0", "clock.mhz is 0; it must be above 0");
        check("mhz = 25.0", "mhz = \"fast\"", "invalid type: string \"fast\", expected f64");
        check("mhz = 25.0", "hz = 25.0", "unknown field `hz`");
        check("family = \"ecp5\"", "family = \"x\"", "part.family is `x`; known is `ecp5`");
        check("\"R1\"", "\"G2\"", "pin G2 is given to `clock` and to `buttons`");
        check("[\"L4\"]", "[]", "`uart_tx` has no pins");
        check("value = 1", "value = 2", "held.wifi_gpio0.value is 2, not 0 or 1");
        check("[outputs.leds]", "[outputs.Leds]", "`Leds` is no name for pins");
        check("[outputs.leds]", "[outputs.buttons]", "`buttons` is both an input and an output");
        check("[part]", "[part", "TOML parse error at line 7");
    }

    #[test]
    fn an_unknown_board_lists_the_known() {
        let complaint = Board::load("ulx4s").unwrap_err().to_string();
        assert!(complaint.contains("known boards are ulx3s-85f"), "{complaint}");
        let complaint = Board::load("no/such.toml").unwrap_err().to_string();
        assert!(complaint.starts_with("cannot read the board file no/such.toml"), "{complaint}");
    }
}
