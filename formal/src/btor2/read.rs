//! Reading BTOR2.

use super::arrays::{self, ARRAY_BITS_MAX, Decoders, Words};
use super::constants::constant;
use super::line::Line;
use super::maker::Maker;
use super::sort::Sort;
use super::states::{Finisher, State, drive, input, register};
use crate::format_fault::FormatFault;
use olivine_netlist::{
    Bits, ClockDomain, Design, DomainId, ModuleId, Op, Place, Property, PropertyKind, ValueId,
};
use std::collections::HashMap;

/// Most bits of one value.
const WIDTH_MAX: u32 = 1 << 16;
/// Most cells of what is read.
const CELLS_MAX: usize = 1 << 24;

#[derive(Clone)]
enum Value {
    Bits(ValueId),
    Array(u32, Words),
}

/// A design from a file in BTOR2: inputs `i0`, …, registers `s0`, … from power-up (`s3_5` is word
/// 5 of state 3, an array; `h3` what state 3 is behind the first step, if its first value is no
/// constant), an assertion `bad 0`, … for each bad state, an assumption for each constraint, a live
/// property for each justice property. To be proved from
/// [`Start::PowerUp`](crate::Start::PowerUp).
///
/// Arrays are read word by word, up to 65,536 bits each. A state without a next value is an input.
///
/// # Errors
/// The first line that is wrong, and how.
pub fn read_btor2(text: &str) -> Result<Design, FormatFault> {
    let mut reader = Reader::new();
    for (i, text) in text.lines().enumerate() {
        if let Some(line) = Line::new(i + 1, text) {
            reader.line(&line)?;
        }
    }
    reader.finish()
}

struct Reader {
    maker: Maker,
    decoders: Decoders,
    sorts: HashMap<u32, Sort>,
    values: HashMap<u32, Value>,
    states: Vec<State>,
    /// By node: index into `states`.
    state_of: HashMap<u32, usize>,
    inputs: usize,
    last: u32,
    constraints: usize,
    bad: usize,
    fair: usize,
    justice: usize,
}

impl Reader {
    fn new() -> Self {
        let mut maker = Maker::new("btor2");
        maker.module.domains.push(ClockDomain::new("", Place::UNKNOWN));
        Self {
            maker,
            decoders: Decoders::default(),
            sorts: HashMap::new(),
            values: HashMap::new(),
            states: Vec::new(),
            state_of: HashMap::new(),
            inputs: 0,
            last: 0,
            constraints: 0,
            bad: 0,
            fair: 0,
            justice: 0,
        }
    }

    fn line(&mut self, line: &Line<'_>) -> Result<(), FormatFault> {
        let id = line.number_at(0, "the number of the line's node")?;
        if id <= self.last {
            return line.fault(format!("node {id} does not come after node {}", self.last));
        }
        self.last = id;
        match line.word(1, "what the node is")? {
            "sort" => self.sort(id, line),
            "init" => self.init(line),
            "next" => self.next(line),
            "bad" => self.property(line, PropertyKind::Assert),
            "constraint" => self.property(line, PropertyKind::Assume),
            "fair" => self.property(line, PropertyKind::Fair),
            "justice" => self.justice(line),
            "output" => self.operand(line, 2).map(|_| ()),
            name => {
                let value = self.node(id, name, line)?;
                self.values.insert(id, value);
                match self.maker.module.cells.len() > CELLS_MAX {
                    true => line.fault(format!("up to here there are more than {CELLS_MAX} cells")),
                    false => Ok(()),
                }
            }
        }
    }

    fn sort(&mut self, id: u32, line: &Line<'_>) -> Result<(), FormatFault> {
        let sort = match line.word(2, "`bitvec` or `array`")? {
            "bitvec" => match line.number_at(3, "a width")? {
                width @ 1..=WIDTH_MAX => Sort::Bits(width),
                width => return line.fault(format!("{width} bits are not from 1 to {WIDTH_MAX}")),
            },
            "array" => {
                let (address, data) = (self.sort_at(line, 3)?, self.sort_at(line, 4)?);
                let (Sort::Bits(address), Sort::Bits(data)) = (address, data) else {
                    return line.fault("an array is of bit-vectors by bit-vectors");
                };
                let bits = 1u64.checked_shl(address).and_then(|n| n.checked_mul(data.into()));
                if address > 16 || bits.is_none_or(|bits| bits > ARRAY_BITS_MAX) {
                    return line.fault(format!(
                        "an array of {data} bits by addresses of {address} is too large: arrays \
                         are read word by word, up to {ARRAY_BITS_MAX} bits"
                    ));
                }
                Sort::Array { address, data }
            }
            other => return line.fault(format!("`{other}` should be `bitvec` or `array`")),
        };
        self.sorts.insert(id, sort);
        Ok(())
    }

    fn sort_at(&self, line: &Line<'_>, index: usize) -> Result<Sort, FormatFault> {
        let id = line.number_at(index, "the number of a sort")?;
        match self.sorts.get(&id) {
            Some(sort) => Ok(*sort),
            None => line.fault(format!("{id} is no sort")),
        }
    }

    fn operand(&mut self, line: &Line<'_>, index: usize) -> Result<Value, FormatFault> {
        let (id, inverted) = line.node_at(index)?;
        match self.values.get(&id) {
            Some(value) if !inverted => Ok(value.clone()),
            Some(&Value::Bits(value)) => Ok(Value::Bits(self.maker.not(value))),
            Some(Value::Array(..)) => line.fault(format!("{id} is an array, and has no opposite")),
            None => line.fault(format!("node {id} has no value, or comes later")),
        }
    }

    fn word(&mut self, line: &Line<'_>, index: usize) -> Result<ValueId, FormatFault> {
        match self.operand(line, index)? {
            Value::Bits(value) => Ok(value),
            Value::Array(..) => line.fault("an array stands where a bit-vector should"),
        }
    }

    fn words(&mut self, line: &Line<'_>, index: usize) -> Result<(u32, Words), FormatFault> {
        match self.operand(line, index)? {
            Value::Array(address, words) => Ok((address, words)),
            Value::Bits(_) => line.fault("a bit-vector stands where an array should"),
        }
    }

    fn bit(&mut self, line: &Line<'_>, index: usize) -> Result<ValueId, FormatFault> {
        let value = self.word(line, index)?;
        match self.maker.width(value) {
            1 => Ok(value),
            width => line.fault(format!("{width} bits stand where one should")),
        }
    }

    fn sort_of(&self, value: &Value) -> Sort {
        match value {
            Value::Bits(value) => Sort::Bits(self.maker.width(*value)),
            Value::Array(address, words) => {
                Sort::Array { address: *address, data: self.maker.width(words[0]) }
            }
        }
    }

    fn node(&mut self, id: u32, name: &str, line: &Line<'_>) -> Result<Value, FormatFault> {
        let sort = self.sort_at(line, 2)?;
        let value = match (name, sort) {
            ("input", Sort::Bits(width)) => {
                let name = format!("i{}", self.inputs);
                self.inputs += 1;
                Value::Bits(input(&mut self.maker, name, width))
            }
            ("input", Sort::Array { address, data }) => {
                let index = self.inputs;
                self.inputs += 1;
                let word = |i| input(&mut self.maker, format!("i{index}_{i}"), data);
                Value::Array(address, (0..1usize << address).map(word).collect())
            }
            ("state", _) => self.state(id, sort),
            ("zero" | "one" | "ones" | "const" | "constd" | "consth", Sort::Bits(width)) => {
                let bits = constant_of(name, line, width)?;
                Value::Bits(self.maker.constant(bits))
            }
            ("sext" | "uext" | "slice", Sort::Bits(_)) => Value::Bits(self.indexed(name, line)?),
            _ => self.operator(name, line)?,
        };
        match self.sort_of(&value) {
            given if given == sort => Ok(value),
            given => line.fault(format!("`{name}` gives {given} here, and its sort is {sort}")),
        }
    }

    fn state(&mut self, id: u32, sort: Sort) -> Value {
        let (count, width) = match sort {
            Sort::Bits(width) => (1, width),
            Sort::Array { address, data } => (1usize << address, data),
        };
        // What each is stands where the state ends.
        let undefined = |_| self.maker.add_cell(Op::Undefined, width);
        let seen: Words = (0..count).map(undefined).collect();
        let index = self.states.len();
        self.state_of.insert(id, index);
        let is_array = matches!(sort, Sort::Array { .. });
        let (init, next) = (None, None);
        self.states.push(State { index, seen: seen.clone(), is_array, init, next });
        match sort {
            Sort::Bits(_) => Value::Bits(seen[0]),
            Sort::Array { address, .. } => Value::Array(address, seen),
        }
    }

    /// An operator with numbers behind its operand.
    fn indexed(&mut self, name: &str, line: &Line<'_>) -> Result<ValueId, FormatFault> {
        let value = self.word(line, 3)?;
        let width = self.maker.width(value);
        let first = line.number_at(4, "a number of bits")?;
        if name == "slice" {
            let low = line.number_at(5, "the lowest bit")?;
            if low > first || first >= width {
                return line.fault(format!("bits {first} to {low} of {width} are not there"));
            }
            return Ok(self.maker.slice(value, low, first - low + 1));
        }
        match width.checked_add(first).filter(|&wide| wide <= WIDTH_MAX) {
            Some(wide) => Ok(self.maker.extend(value, wide, name == "sext")),
            None => line.fault(format!("{first} bits more are too many")),
        }
    }

    fn operator(&mut self, name: &str, line: &Line<'_>) -> Result<Value, FormatFault> {
        match name {
            "read" => {
                let (width, words) = self.words(line, 3)?;
                let address = self.word(line, 4)?;
                self.fits(line, address, width)?;
                return Ok(Value::Bits(arrays::read(&mut self.maker, &words, address)));
            }
            "write" => {
                let (width, words) = self.words(line, 3)?;
                let (address, data) = (self.word(line, 4)?, self.word(line, 5)?);
                self.fits(line, address, width)?;
                self.fits(line, data, self.maker.width(words[0]))?;
                let written = self.decoders.written(&mut self.maker, &words, address, data);
                return Ok(Value::Array(width, written));
            }
            "ite" => return self.choice(line),
            _ => {}
        }
        let first = self.operand(line, 3)?;
        if let Value::Bits(a) = first
            && let Some(value) = self.maker.unary(name, a)
        {
            return Ok(Value::Bits(value));
        }
        if !is_binary(name) {
            return line.fault(format!("`{name}` is nothing that a node can be"));
        }
        let second = self.operand(line, 4)?;
        match (first, second) {
            (Value::Bits(high), Value::Bits(low)) if name == "concat" => {
                Ok(Value::Bits(self.maker.concat(&[low, high])))
            }
            (Value::Bits(a), Value::Bits(b)) => {
                self.fits(line, b, self.maker.width(a))?;
                let value = self.maker.binary(name, a, b);
                value.map_or_else(
                    || line.fault(format!("`{name}` is not known")),
                    |value| Ok(Value::Bits(value)),
                )
            }
            (Value::Array(_, a), Value::Array(_, b)) if a.len() == b.len() => {
                self.fits(line, b[0], self.maker.width(a[0]))?;
                let equal = arrays::equal(&mut self.maker, &a, &b);
                match name {
                    "eq" => Ok(Value::Bits(equal)),
                    "neq" => Ok(Value::Bits(self.maker.not(equal))),
                    _ => line.fault(format!("`{name}` is not for arrays")),
                }
            }
            _ => line.fault(format!("the operands of `{name}` are not of one sort")),
        }
    }

    fn choice(&mut self, line: &Line<'_>) -> Result<Value, FormatFault> {
        let condition = self.bit(line, 3)?;
        match (self.operand(line, 4)?, self.operand(line, 5)?) {
            (Value::Bits(then), Value::Bits(otherwise)) => {
                self.fits(line, otherwise, self.maker.width(then))?;
                Ok(Value::Bits(self.maker.mux(condition, then, otherwise)))
            }
            (Value::Array(address, then), Value::Array(_, otherwise))
                if then.len() == otherwise.len() =>
            {
                self.fits(line, otherwise[0], self.maker.width(then[0]))?;
                let words = arrays::mux(&mut self.maker, condition, &then, &otherwise);
                Ok(Value::Array(address, words))
            }
            _ => line.fault("the branches of `ite` are not of one sort"),
        }
    }

    fn fits(&self, line: &Line<'_>, value: ValueId, wanted: u32) -> Result<(), FormatFault> {
        match self.maker.width(value) {
            width if width == wanted => Ok(()),
            width => line.fault(format!("an operand has {width} bits and should have {wanted}")),
        }
    }

    /// The state that the line is about, and the words that it gives it.
    fn given(&mut self, line: &Line<'_>) -> Result<(usize, Words), FormatFault> {
        let sort = self.sort_at(line, 2)?;
        let (id, inverted) = line.node_at(3)?;
        let Some(&index) = self.state_of.get(&id).filter(|_| !inverted) else {
            return line.fault(format!("node {id} is no state"));
        };
        let value = self.operand(line, 4)?;
        let state = &self.states[index];
        let own = self.sort_of(&self.values[&id]);
        if own != sort {
            return line.fault(format!("the state is {own}, and the line says {sort}"));
        }
        match value {
            Value::Bits(value) if state.is_array => {
                let (count, width) = (state.seen.len(), self.maker.width(state.seen[0]));
                self.fits(line, value, width)?;
                Ok((index, std::iter::repeat_n(value, count).collect()))
            }
            value if self.sort_of(&value) != own => {
                line.fault(format!("the value is {}, and the state {own}", self.sort_of(&value)))
            }
            Value::Bits(value) => Ok((index, [value].into())),
            Value::Array(_, words) => Ok((index, words)),
        }
    }

    fn init(&mut self, line: &Line<'_>) -> Result<(), FormatFault> {
        let (index, words) = self.given(line)?;
        match self.states[index].init.replace(words) {
            None => Ok(()),
            Some(_) => line.fault("the state has a first value already"),
        }
    }

    fn next(&mut self, line: &Line<'_>) -> Result<(), FormatFault> {
        let (index, words) = self.given(line)?;
        match self.states[index].next.replace(words) {
            None => Ok(()),
            Some(_) => line.fault("the state has a next value already"),
        }
    }

    fn property(&mut self, line: &Line<'_>, kind: PropertyKind) -> Result<(), FormatFault> {
        let value = self.bit(line, 2)?;
        let (count, word, condition) = match kind {
            PropertyKind::Assert => (&mut self.bad, "bad", self.maker.not(value)),
            PropertyKind::Assume => (&mut self.constraints, "constraint", value),
            _ => (&mut self.fair, "fair", value),
        };
        let name = format!("{word} {count}");
        *count += 1;
        self.add_property(name, kind, condition);
        Ok(())
    }

    fn add_property(&mut self, name: String, kind: PropertyKind, condition: ValueId) {
        let (domain, place) = (DomainId(0), Place::UNKNOWN);
        self.maker.module.properties.push(Property { name, kind, condition, domain, place });
    }

    /// Runs that meet all of these again and again are wrong. In a run a guess is made at some time
    /// that it is one of them: from then on only such runs are fair, and the guess is not open
    /// again and again.
    fn justice(&mut self, line: &Line<'_>) -> Result<(), FormatFault> {
        let index = self.justice;
        self.justice += 1;
        let count = line.number_at(2, "how many conditions there are")? as usize;
        if count == 0 {
            return line.fault("there is no condition");
        }
        let guess = input(&mut self.maker, format!("guess_{index}"), 1);
        let name = format!("guessed_{index}");
        let (id, guessed) = register(&mut self.maker, name, 1, Some(Bits::zero(1)));
        let stays = self.maker.or(guessed, guess);
        drive(&mut self.maker, id, stays);
        let open = self.maker.not(guessed);
        for i in 0..count {
            let condition = self.bit(line, 3 + i)?;
            let met = self.maker.or(open, condition);
            self.add_property(format!("justice {index}, condition {i}"), PropertyKind::Fair, met);
        }
        self.add_property(format!("justice {index}"), PropertyKind::Live, open);
        Ok(())
    }

    fn finish(mut self) -> Result<Design, FormatFault> {
        let mut finisher = Finisher::default();
        for state in &self.states {
            finisher.finish(&mut self.maker, state);
        }
        let modules = vec![self.maker.module];
        Ok(Design { modules, top: ModuleId(0), files: Vec::new() })
    }
}

fn constant_of(name: &str, line: &Line<'_>, width: u32) -> Result<Bits, FormatFault> {
    match name {
        "zero" => Ok(Bits::zero(width)),
        "one" => Ok(Bits::new(width, 1)),
        "ones" => Ok(Bits::ones(width)),
        _ => {
            let digits = line.word(3, "the digits of a constant")?;
            let bits = constant(name, digits, width);
            bits.map_or_else(|| line.fault(format!("`{digits}` is no {name} of {width} bits")), Ok)
        }
    }
}

/// Whether there is an operator of this name on two operands.
fn is_binary(name: &str) -> bool {
    const NAMES: &str = " concat eq neq iff implies ult ulte ugt ugte slt slte sgt sgte and nand \
        or nor xor xnor sll srl sra rol ror add sub mul udiv urem sdiv srem smod uaddo saddo usubo \
        ssubo umulo smulo sdivo ";
    NAMES.split_whitespace().any(|known| known == name)
}
