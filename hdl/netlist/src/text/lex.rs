//! Tokens, one at a time, with two of look-ahead.

use super::ParseFault;
use crate::{FileId, Place};
use std::collections::VecDeque;
use std::iter::Peekable;
use std::str::Chars;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok {
    /// Letters, digits, `_`, `.`, `[` and `]`, a letter or `_` first.
    Word(String),
    /// Begins with a digit: a number, or a constant such as `8'h2a`.
    Numeral(String),
    /// `%7`
    Index(u32),
    /// In quotes, escapes resolved.
    Str(String),
    /// `@file:line:column`
    Place(Place),
    /// One of `: = ( ) { } , `.
    Mark(char),
    /// The end of a line that is not empty and does not end in a comma.
    EndOfLine,
    EndOfText,
}

impl Tok {
    pub(super) fn show(&self) -> String {
        match self {
            Tok::Word(text) | Tok::Numeral(text) => format!("`{text}`"),
            Tok::Index(index) => format!("`%{index}`"),
            Tok::Str(text) => format!("{text:?}"),
            Tok::Place(_) => "a place".to_string(),
            Tok::Mark(mark) => format!("`{mark}`"),
            Tok::EndOfLine => "the end of the line".to_string(),
            Tok::EndOfText => "the end of the text".to_string(),
        }
    }
}

/// Where a token begins; both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Spot {
    pub(super) fn fault(self, message: impl Into<String>, help: impl Into<String>) -> ParseFault {
        ParseFault {
            line: self.line,
            column: self.column,
            message: message.into(),
            help: help.into(),
        }
    }
}

pub(super) struct Lexer<'t> {
    chars: Peekable<Chars<'t>>,
    at: Spot,
    ahead: VecDeque<(Tok, Spot)>,
    /// The last token was the end of a line, or a comma: what follows may be on the next line.
    open: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = Spot { line: 1, column: 1 };
        Self { chars: text.chars().peekable(), at, ahead: VecDeque::new(), open: true }
    }

    /// The token `distance` ahead: 0 is the one that [`Lexer::next`] gives.
    pub(super) fn peek(&mut self, distance: usize) -> Result<&Tok, ParseFault> {
        while self.ahead.len() <= distance {
            let token = self.read()?;
            self.ahead.push_back(token);
        }
        Ok(&self.ahead[distance].0)
    }

    /// Where the next token begins.
    pub(super) fn spot(&mut self) -> Result<Spot, ParseFault> {
        self.peek(0)?;
        Ok(self.ahead[0].1)
    }

    pub(super) fn next(&mut self) -> Result<(Tok, Spot), ParseFault> {
        match self.ahead.pop_front() {
            Some(token) => Ok(token),
            None => self.read(),
        }
    }

    fn take(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        if c == '\n' {
            self.at = Spot { line: self.at.line.saturating_add(1), column: 1 };
        } else {
            self.at.column = self.at.column.saturating_add(1);
        }
        Some(c)
    }

    fn take_while(&mut self, into: &mut String, wanted: impl Fn(char) -> bool) {
        while let Some(c) = self.chars.next_if(|c| wanted(*c)) {
            self.at.column = self.at.column.saturating_add(1);
            into.push(c);
        }
    }

    fn read(&mut self) -> Result<(Tok, Spot), ParseFault> {
        loop {
            let spot = self.at;
            let Some(c) = self.take() else {
                // The last line ends even without a line break.
                let tok = if self.open { Tok::EndOfText } else { Tok::EndOfLine };
                self.open = true;
                return Ok((tok, spot));
            };
            match c {
                ' ' | '\t' | '\r' => {}
                '#' => self.take_while(&mut String::new(), |c| c != '\n'),
                '\n' if self.open => {}
                '\n' => {
                    self.open = true;
                    return Ok((Tok::EndOfLine, spot));
                }
                c => {
                    let tok = self.token(c, spot)?;
                    self.open = tok == Tok::Mark(',');
                    return Ok((tok, spot));
                }
            }
        }
    }

    fn token(&mut self, first: char, spot: Spot) -> Result<Tok, ParseFault> {
        let mut text = String::from(first);
        match first {
            ':' | '=' | '(' | ')' | '{' | '}' | ',' => Ok(Tok::Mark(first)),
            'a'..='z' | 'A'..='Z' | '_' => {
                let more =
                    |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
                self.take_while(&mut text, more);
                Ok(Tok::Word(text))
            }
            '0'..='9' => {
                self.take_while(&mut text, |c| c.is_ascii_alphanumeric() || c == '\'');
                Ok(Tok::Numeral(text))
            }
            '%' => {
                self.take_while(&mut text, |c| c.is_ascii_digit());
                let index = text[1..].parse().map_err(|_| {
                    spot.fault(format!("`{text}` is no index"), "write a number behind `%`")
                })?;
                Ok(Tok::Index(index))
            }
            '@' => self.place(spot),
            '"' => self.string(spot),
            other => {
                let message = format!("`{}` begins nothing", other.escape_debug());
                Err(spot.fault(message, "remove it, or put the name in quotes"))
            }
        }
    }

    fn place(&mut self, spot: Spot) -> Result<Tok, ParseFault> {
        let mut text = String::new();
        self.take_while(&mut text, |c| c.is_ascii_digit() || c == ':');
        let parts: Option<Vec<u32>> = text.split(':').map(|part| part.parse().ok()).collect();
        match parts.as_deref() {
            Some(&[file, line, column]) => {
                Ok(Tok::Place(Place { file: FileId(file), line, column }))
            }
            _ => Err(spot.fault("this is no place", "write `@FILE:LINE:COLUMN`, three numbers")),
        }
    }

    fn string(&mut self, spot: Spot) -> Result<Tok, ParseFault> {
        let mut text = String::new();
        let unended = || spot.fault("this text does not end on its line", "end it with `\"`");
        loop {
            self.take_while(&mut text, |c| !matches!(c, '"' | '\\' | '\n'));
            match self.take().ok_or_else(unended)? {
                '"' => return Ok(Tok::Str(text)),
                '\\' => text.push(self.escape(spot)?),
                _ => return Err(unended()),
            }
        }
    }

    fn escape(&mut self, spot: Spot) -> Result<char, ParseFault> {
        let help = "write `\\\"`, `\\\\` or `\\u{2a}`";
        let bad = || spot.fault("this text has an escape that is none", help);
        match self.take() {
            Some(c @ ('"' | '\\')) => Ok(c),
            Some('u') if self.take() == Some('{') => {
                let mut digits = String::new();
                self.take_while(&mut digits, |c| c.is_ascii_hexdigit());
                let c = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                if self.take() == Some('}') { c.ok_or_else(bad) } else { Err(bad()) }
            }
            _ => Err(bad()),
        }
    }
}
