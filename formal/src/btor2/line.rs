//! [`Line`]: one line of a file, and what is wrong with it.

use crate::format_fault::FormatFault;

/// The words of a line, comments taken away.
pub(super) struct Line<'a> {
    pub number: usize,
    words: Vec<&'a str>,
}

impl<'a> Line<'a> {
    /// `None` if nothing stands there.
    pub fn new(number: usize, text: &'a str) -> Option<Self> {
        let words: Vec<&str> =
            text.split_whitespace().take_while(|word| !word.starts_with(';')).collect();
        (!words.is_empty()).then_some(Self { number, words })
    }

    pub fn fault<T>(&self, message: impl Into<String>) -> Result<T, FormatFault> {
        Err(FormatFault { line: self.number, message: message.into() })
    }

    /// Word `index`; `what` says what should stand there.
    pub fn word(&self, index: usize, what: &str) -> Result<&'a str, FormatFault> {
        match self.words.get(index) {
            Some(word) => Ok(word),
            None => self.fault(format!("the line ends where {what} should stand")),
        }
    }

    /// Word `index` as a number without a sign.
    pub fn number_at(&self, index: usize, what: &str) -> Result<u32, FormatFault> {
        let word = self.word(index, what)?;
        word.parse().or_else(|_| self.fault(format!("`{word}` should be {what}, a number")))
    }

    /// Word `index` as the number of a node and whether it is inverted.
    pub fn node_at(&self, index: usize) -> Result<(u32, bool), FormatFault> {
        let what = "the number of a node";
        let word = self.word(index, what)?;
        let number: Option<i64> = word.parse().ok().filter(|&number| number != 0);
        let id = number.and_then(|number| u32::try_from(number.unsigned_abs()).ok());
        match (id, number) {
            (Some(id), Some(number)) => Ok((id, number < 0)),
            _ => self.fault(format!("`{word}` should be {what}")),
        }
    }
}
