//! Parsing a whole design.

use super::lex::{Lexer, Spot, Tok};
use super::parse_body::Body;
use crate::validate::MAX_WIDTH;
use crate::{Bits, Design, Encoding, EnumKind, Kind, ModuleId, Place};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Why a text is no design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseFault {
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// What is wrong, in one line.
    pub message: String,
    /// How to mend it, in one line.
    pub help: String,
}

impl std::error::Error for ParseFault {}

impl fmt::Display for ParseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\nhelp: {}", self.line, self.column, self.message, self.help)
    }
}

pub(super) type Parsed<T> = Result<T, ParseFault>;

impl Design {
    /// Reads the [text form](crate::text). What it gives is not yet validated, but its values are
    /// all defined.
    ///
    /// # Errors
    /// The first thing in the text that cannot be understood.
    pub fn parse(text: &str) -> Result<Design, ParseFault> {
        let design = Design { modules: Vec::new(), top: ModuleId(0), files: Vec::new() };
        let lexer = Lexer::new(text);
        Parser { lexer, design, enums: HashMap::new(), modules: HashMap::new(), ports: Vec::new() }
            .design()
    }
}

/// Names of one sort with their indices; `None` where a name is borne twice.
pub(super) type Names = HashMap<String, Option<u32>>;

pub(super) fn add_name(names: &mut Names, name: &str, index: u32) {
    names.entry(name.to_string()).and_modify(|held| *held = None).or_insert(Some(index));
}

pub(super) struct Parser<'t> {
    lexer: Lexer<'t>,
    pub(super) design: Design,
    enums: HashMap<String, Arc<EnumKind>>,
    pub(super) modules: Names,
    /// The ports of each module by name.
    pub(super) ports: Vec<Names>,
}

impl Parser<'_> {
    fn design(mut self) -> Parsed<Design> {
        let mut top = None;
        loop {
            let (tok, spot) = self.next()?;
            let Tok::Word(word) = &tok else {
                if tok == Tok::EndOfText {
                    break;
                }
                return Err(self.unexpected(&tok, spot));
            };
            match word.as_str() {
                "netlist" => self.version()?,
                "file" => {
                    let file = self.text()?;
                    self.design.files.push(file);
                }
                "enum" => self.enumeration()?,
                "top" => top = Some(self.name("the top module")?),
                "module" => {
                    self.module()?;
                }
                _ => return Err(self.unexpected(&tok, spot)),
            }
            self.end_of_line()?;
        }
        let (name, spot) = top.ok_or_else(|| {
            Spot { line: 1, column: 1 }.fault("no top module is named", "add a line `top NAME`")
        })?;
        self.design.top = ModuleId(look_up(&self.modules, &name, spot, "module")?);
        Ok(self.design)
    }

    fn unexpected(&self, tok: &Tok, spot: Spot) -> ParseFault {
        let help = "here stands `netlist`, `file`, `enum`, `top` or `module`";
        spot.fault(format!("{} was not expected", tok.show()), help)
    }

    fn version(&mut self) -> Parsed<()> {
        let (version, spot) = self.number("the version of the text form")?;
        if version == 1 {
            return Ok(());
        }
        let message = format!("the text form has version {version}");
        Err(spot.fault(message, "this reader knows version 1"))
    }

    fn enumeration(&mut self) -> Parsed<()> {
        let (alias, spot) = self.name("the enumeration")?;
        let name = if self.take_word("named")? { self.text()? } else { alias.clone() };
        let encoding = self.encoding()?;
        self.mark('=')?;
        let mut variants = Vec::new();
        while *self.peek(0)? != Tok::EndOfLine {
            variants.push(self.name("a variant")?.0);
            if !self.take_mark(',')? {
                break;
            }
        }
        if self.enums.contains_key(&alias) {
            let message = format!("there are two enumerations `{alias}`");
            return Err(spot.fault(message, "write `enum \"OTHER\" named \"NAME\" = …`"));
        }
        self.enums.insert(alias, Arc::new(EnumKind { name, variants, encoding }));
        Ok(())
    }

    /// The name of an encoding; without one it is binary.
    fn encoding(&mut self) -> Parsed<Encoding> {
        for encoding in Encoding::ALL {
            if self.take_word(encoding.name())? {
                return Ok(encoding);
            }
        }
        Ok(Encoding::Binary)
    }

    fn module(&mut self) -> Parsed<()> {
        let (name, _) = self.name("the module")?;
        let parameters =
            if matches!(self.peek(0)?, Tok::Str(_)) { self.text()? } else { String::new() };
        let place = self.place()?;
        self.mark('{')?;
        self.end_of_line()?;
        let module = Body::new(self, name, parameters, place).parse()?;
        let index = self.design.modules.len() as u32;
        add_name(&mut self.modules, &module.name, index);
        let mut ports = Names::new();
        let named = module.ports.iter().enumerate();
        named.for_each(|(i, p)| add_name(&mut ports, &p.name, i as u32));
        self.ports.push(ports);
        self.design.modules.push(module);
        Ok(())
    }

    /// A kind with its width; `None` for a bare width.
    pub(super) fn kind(&mut self) -> Parsed<(Option<Kind>, u32)> {
        if matches!(self.peek(0)?, Tok::Numeral(_)) {
            return Ok((None, self.number("a width")?.0));
        }
        let (word, spot) = self.name("a kind or a width")?;
        let (kind, width) = match word.as_str() {
            "bits" => (Kind::Bits, None),
            "unsigned" => (Kind::Unsigned, None),
            "signed" => (Kind::Signed, None),
            "bit" => (Kind::Bit, Some(1)),
            "enum" => {
                let (alias, spot) = self.name("the enumeration")?;
                let known = self.enums.get(&alias).cloned();
                let help = "declare it before the modules: `enum NAME = VARIANT, …`";
                let message = format!("there is no enumeration `{alias}`");
                (Kind::Enum(known.ok_or_else(|| spot.fault(message, help))?), None)
            }
            "float" => self.float()?,
            _ => {
                let help = "kinds are bits, unsigned, signed, bit, float(E, M) and enum NAME";
                return Err(spot.fault(format!("`{word}` is no kind"), help));
            }
        };
        match width {
            Some(width) if !matches!(self.peek(0)?, Tok::Numeral(_)) => Ok((Some(kind), width)),
            _ => Ok((Some(kind), self.number("a width")?.0)),
        }
    }

    fn float(&mut self) -> Parsed<(Kind, Option<u32>)> {
        self.mark('(')?;
        let exponent = self.number("the exponent's width")?.0;
        self.mark(',')?;
        let mantissa = self.number("the mantissa's width")?.0;
        self.mark(')')?;
        let width = exponent.checked_add(mantissa).and_then(|sum| sum.checked_add(1));
        Ok((Kind::Float { exponent, mantissa }, width))
    }

    pub(super) fn peek(&mut self, distance: usize) -> Parsed<&Tok> {
        self.lexer.peek(distance)
    }

    pub(super) fn next(&mut self) -> Parsed<(Tok, Spot)> {
        self.lexer.next()
    }

    /// Where the next token begins.
    pub(super) fn spot(&mut self) -> Parsed<Spot> {
        self.lexer.spot()
    }

    /// A word, or a text in quotes.
    pub(super) fn name(&mut self, what: &str) -> Parsed<(String, Spot)> {
        match self.next()? {
            (Tok::Word(name) | Tok::Str(name), spot) => Ok((name, spot)),
            (tok, spot) => {
                let message = format!("{} stands where the name of {what} should be", tok.show());
                Err(spot.fault(message, "write a name; in quotes, if it is no plain word"))
            }
        }
    }

    pub(super) fn text(&mut self) -> Parsed<String> {
        match self.next()? {
            (Tok::Str(text), _) => Ok(text),
            (tok, spot) => {
                let message = format!("{} stands where a text should be", tok.show());
                Err(spot.fault(message, "write it in double quotes"))
            }
        }
    }

    pub(super) fn number(&mut self, what: &str) -> Parsed<(u32, Spot)> {
        let (tok, spot) = self.next()?;
        let number = if let Tok::Numeral(text) = &tok { text.parse().ok() } else { None };
        let message = || format!("{} stands where {what} should be", tok.show());
        let help = "write a number below 2^32, in decimal";
        number.map(|n| (n, spot)).ok_or_else(|| spot.fault(message(), help))
    }

    /// A constant such as `8'h2a`.
    pub(super) fn constant(&mut self) -> Parsed<Bits> {
        let (tok, spot) = self.next()?;
        let bits = if let Tok::Numeral(text) = &tok { parse_constant(text) } else { None };
        let message = || format!("{} stands where a constant should be", tok.show());
        let help = "write width, `'h` and digits that fit the width, such as 8'h2a";
        bits.ok_or_else(|| spot.fault(message(), help))
    }

    pub(super) fn take_word(&mut self, word: &str) -> Parsed<bool> {
        let found = matches!(self.peek(0)?, Tok::Word(found) if found == word);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    pub(super) fn take_mark(&mut self, mark: char) -> Parsed<bool> {
        let found = *self.peek(0)? == Tok::Mark(mark);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    pub(super) fn mark(&mut self, mark: char) -> Parsed<()> {
        let (tok, spot) = self.next()?;
        if tok == Tok::Mark(mark) {
            return Ok(());
        }
        let message = format!("{} stands where `{mark}` should be", tok.show());
        Err(spot.fault(message, format!("write `{mark}` there")))
    }

    pub(super) fn place(&mut self) -> Parsed<Place> {
        if let Tok::Place(place) = *self.peek(0)? {
            self.next()?;
            return Ok(place);
        }
        Ok(Place::UNKNOWN)
    }

    pub(super) fn end_of_line(&mut self) -> Parsed<()> {
        let (tok, spot) = self.next()?;
        if tok == Tok::EndOfLine {
            return Ok(());
        }
        let message = format!("{} stands where the line should end", tok.show());
        Err(spot.fault(message, "begin a new line, or remove it"))
    }

    /// The place at the end of a line, and that end.
    pub(super) fn place_and_end(&mut self) -> Parsed<Place> {
        let place = self.place()?;
        self.end_of_line()?;
        Ok(place)
    }
}

fn parse_constant(text: &str) -> Option<Bits> {
    let (width, digits) = text.split_once("'h")?;
    let width: u32 = width.parse().ok()?;
    if width == 0 && digits.is_empty() {
        return Some(Bits::zero(0));
    }
    (width <= MAX_WIDTH).then(|| Bits::parse_hex(width, digits))?
}

/// The index that `name` stands for.
pub(super) fn look_up(names: &Names, name: &str, spot: Spot, what: &str) -> Parsed<u32> {
    match names.get(name) {
        Some(Some(index)) => Ok(*index),
        Some(None) => {
            let message = format!("there are two of the name `{name}`: {what}");
            Err(spot.fault(message, "rename one of them"))
        }
        None => {
            let message = format!("there is no {what} `{name}`");
            Err(spot.fault(message, format!("define the {what} further up, or mend the name")))
        }
    }
}
