//! [`RegisterMap`]: the description.

use std::collections::HashSet;

/// What software and hardware may do with a field.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum FieldAccess {
    /// `rw`: software writes and reads it, hardware sees it.
    ReadWrite,
    /// `ro`: hardware gives it, software reads it; writes are ignored.
    ReadOnly,
    /// `w1c`: hardware sets bits, software reads them and clears those that it writes as one. A
    /// bit that is set and cleared in one cycle is set: no event is lost.
    WriteOneToClear,
    /// `rc`: hardware sets bits, reading clears them. A bit that is set while it is read is set.
    ReadToClear,
    /// `w1p`: bits that software writes as one are one for one cycle; read as zero.
    Pulse,
}

impl FieldAccess {
    /// Its short name in documents.
    pub fn short(self) -> &'static str {
        match self {
            Self::ReadWrite => "rw",
            Self::ReadOnly => "ro",
            Self::WriteOneToClear => "w1c",
            Self::ReadToClear => "rc",
            Self::Pulse => "w1p",
        }
    }
}

/// Bits of a register that belong together.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CsrField {
    /// A Rust identifier.
    pub name: String,
    /// Its lowest bit.
    pub low: u32,
    /// Its bits, at least one.
    pub width: u32,
    /// Who does what with it.
    pub access: FieldAccess,
    /// Its value under reset; of `ro` and `w1p` fields 0.
    pub reset: u64,
    /// A sentence.
    pub doc: String,
}

impl CsrField {
    fn new(name: &str, low: u32, width: u32, access: FieldAccess) -> Self {
        Self { name: name.to_string(), low, width, access, reset: 0, doc: String::new() }
    }

    /// A field of `width` bits from bit `low` on that software writes and reads.
    pub fn read_write(name: &str, low: u32, width: u32) -> Self {
        Self::new(name, low, width, FieldAccess::ReadWrite)
    }

    /// One that hardware gives.
    pub fn read_only(name: &str, low: u32, width: u32) -> Self {
        Self::new(name, low, width, FieldAccess::ReadOnly)
    }

    /// One that hardware sets and software clears by writing ones.
    pub fn write_one_to_clear(name: &str, low: u32, width: u32) -> Self {
        Self::new(name, low, width, FieldAccess::WriteOneToClear)
    }

    /// One that hardware sets and that reading clears.
    pub fn read_to_clear(name: &str, low: u32, width: u32) -> Self {
        Self::new(name, low, width, FieldAccess::ReadToClear)
    }

    /// One whose written ones last one cycle.
    pub fn pulse(name: &str, low: u32, width: u32) -> Self {
        Self::new(name, low, width, FieldAccess::Pulse)
    }

    /// With this value under reset.
    #[must_use]
    pub fn reset(self, reset: u64) -> Self {
        Self { reset, ..self }
    }

    /// With this sentence about it.
    #[must_use]
    pub fn doc(self, doc: &str) -> Self {
        Self { doc: doc.to_string(), ..self }
    }

    /// As many ones as it has bits, at its place in the word.
    pub(super) fn mask(&self) -> u128 {
        ((1u128 << self.width.min(64)) - 1) << self.low.min(63)
    }

    fn check(&self, data: u32) -> Result<(), String> {
        identifier(&self.name)?;
        if self.width == 0 || self.low.checked_add(self.width).is_none_or(|end| end > data) {
            let Self { low, width, .. } = self;
            return Err(format!(
                "{width} bits from bit {low} on: a word has bits 0 to {}",
                data - 1
            ));
        }
        if u128::from(self.reset) << self.low & !self.mask() != 0 {
            return Err(format!("the reset value {} does not fit {} bits", self.reset, self.width));
        }
        if self.reset != 0 && matches!(self.access, FieldAccess::ReadOnly | FieldAccess::Pulse) {
            let short = self.access.short();
            return Err(format!("a field that is `{short}` has no reset value; leave it away"));
        }
        Ok(())
    }
}

/// One word.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CsrRegister {
    /// A Rust identifier.
    pub name: String,
    /// The byte address, a multiple of the word's bytes.
    pub offset: u64,
    /// A sentence.
    pub doc: String,
    /// What it consists of; bits of no field read as zero.
    pub fields: Vec<CsrField>,
}

impl CsrRegister {
    /// A register without fields.
    pub fn new(name: &str, offset: u64, doc: &str) -> Self {
        Self { name: name.to_string(), offset, doc: doc.to_string(), fields: Vec::new() }
    }

    /// With one field more.
    #[must_use]
    pub fn field(mut self, field: CsrField) -> Self {
        self.fields.push(field);
        self
    }

    fn check(&self, data: u32) -> Result<(), String> {
        identifier(&self.name)?;
        let mut taken = 0u128;
        let mut names = HashSet::new();
        for field in &self.fields {
            let inside = |e| format!("field `{}`: {e}", field.name);
            field.check(data).map_err(inside)?;
            if taken & field.mask() != 0 {
                return Err(inside("it overlaps a field before it".to_string()));
            }
            if !names.insert(&field.name) {
                return Err(inside("the name is taken".to_string()));
            }
            taken |= field.mask();
        }
        let has = |access| self.fields.iter().any(|f| f.access == access);
        if has(FieldAccess::ReadToClear) && has(FieldAccess::ReadWrite) {
            return Err(
                "a driver reads a register to change an `rw` field of it, and would clear \
                        the `rc` field beside it; put them into registers of their own"
                    .to_string(),
            );
        }
        Ok(())
    }
}

/// All registers of a block.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisterMap {
    /// A Rust identifier.
    pub name: String,
    /// A sentence.
    pub doc: String,
    /// Bits of a word: 8, 16, 32 or 64.
    pub data: u32,
    /// In any order.
    pub registers: Vec<CsrRegister>,
}

impl RegisterMap {
    /// A map without registers, of words of `data` bits.
    pub fn new(name: &str, doc: &str, data: u32) -> Self {
        Self { name: name.to_string(), doc: doc.to_string(), data, registers: Vec::new() }
    }

    /// With one register more.
    #[must_use]
    pub fn register(mut self, register: CsrRegister) -> Self {
        self.registers.push(register);
        self
    }

    /// Every field with its register, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&CsrRegister, &CsrField)> {
        self.registers.iter().flat_map(|r| r.fields.iter().map(move |f| (r, f)))
    }

    /// The index of a register's word.
    pub(super) fn index(&self, register: &CsrRegister) -> u64 {
        register.offset / u64::from((self.data / 8).max(1))
    }

    /// Whether hardware and driver can be made of it.
    ///
    /// # Errors
    /// What is wrong first, with the register and field it is wrong in.
    pub fn check(&self) -> Result<(), String> {
        let map = &self.name;
        identifier(map).map_err(|e| format!("register map: {e}"))?;
        if ![8, 16, 32, 64].contains(&self.data) {
            return Err(format!(
                "register map `{map}`: words of {} bits: give 8, 16, 32 or 64",
                self.data
            ));
        }
        if self.registers.is_empty() {
            return Err(format!("register map `{map}` has no registers"));
        }
        let (mut names, mut offsets) = (HashSet::new(), HashSet::new());
        for register in &self.registers {
            let inside = |e| format!("register map `{map}`: register `{}`: {e}", register.name);
            register.check(self.data).map_err(inside)?;
            let (offset, bytes) = (register.offset, u64::from(self.data / 8));
            if !offset.is_multiple_of(bytes) {
                return Err(inside(format!("offset {offset} is no multiple of {bytes}")));
            }
            if !offsets.insert(offset) {
                return Err(inside(format!("offset {offset} is taken")));
            }
            if !names.insert(&register.name) {
                return Err(inside("the name is taken".to_string()));
            }
        }
        let mut full = HashSet::new();
        let names = self.fields().map(|(r, f)| format!("{}_{}", r.name, f.name));
        match names.into_iter().find(|name| !full.insert(name.clone())) {
            Some(name) => Err(format!("register map `{map}`: two fields are called `{name}`")),
            None => Ok(()),
        }
    }
}

/// Whether a name can be part of a Rust method's and a port's.
fn identifier(name: &str) -> Result<(), String> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(good) {
        return Ok(());
    }
    Err(format!("`{name}` is no name: give a lower-case letter, then such, digits and `_`"))
}
