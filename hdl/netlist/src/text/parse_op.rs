//! Parsing what stands behind a cell's `=`.

use super::lex::{Spot, Tok};
use super::parse::{Parsed, look_up};
use super::parse_body::Body;
use crate::{Instance, InstanceId, MemoryId, Op, PortId, RegisterId, ValueId};

impl Body<'_, '_> {
    pub(super) fn op(&mut self) -> Parsed<Op> {
        if matches!(self.parser.peek(0)?, Tok::Numeral(_)) {
            return self.parser.constant().map(Op::Const);
        }
        let (word, spot) = self.parser.name("an operator")?;
        match word.as_str() {
            "undefined" => Ok(Op::Undefined),
            "input" => {
                let (name, spot) = self.parser.name("the port")?;
                look_up(&self.ports, &name, spot, "port").map(|i| Op::Input(PortId(i)))
            }
            "register" => {
                let (name, spot) = self.parser.name("the register")?;
                look_up(&self.registers, &name, spot, "register")
                    .map(|i| Op::Register(RegisterId(i)))
            }
            "read" => {
                let (name, spot) = self.parser.name("the memory")?;
                let memory = MemoryId(look_up(&self.memories, &name, spot, "memory")?);
                let port = self.parser.number("the index of the read port")?.0;
                Ok(Op::ReadData { memory, port })
            }
            "output" => self.instance_output(),
            _ => self.operator(&word, spot),
        }
    }

    /// `pe[0][1].sum`
    fn instance_output(&mut self) -> Parsed<Op> {
        let (path, spot) = self.parser.name("an instance output")?;
        let help = "write it as `pe[0][1].sum`, or `pe.sum` for a single instance";
        let bad = || spot.fault(format!("`{path}` is no instance output"), help);
        let (scope, port) = path.rsplit_once('.').ok_or_else(bad)?;
        let (name, indices) = scope.split_at(scope.find('[').unwrap_or(scope.len()));
        let instance = InstanceId(look_up(&self.instances, name, spot, "instance")?);
        let at = &self.module.instances[instance.index()];
        let element = element(at, indices).ok_or_else(|| {
            let message = format!("`{name}` has no element `{indices}`");
            spot.fault(message, format!("its dimensions are {:?}", at.dims))
        })?;
        let port = look_up(&self.parser.ports[at.module.index()], port, spot, "port")?;
        Ok(Op::InstanceOutput { instance, port: PortId(port), element })
    }

    fn operator(&mut self, word: &str, spot: Spot) -> Parsed<Op> {
        self.parser.mark('(')?;
        let mut operands = Vec::new();
        let mut low = None;
        while !self.parser.take_mark(')')? {
            if !(operands.is_empty() && low.is_none()) {
                self.parser.mark(',')?;
            }
            if word == "slice" && operands.len() == 1 && low.is_none() {
                low = Some(self.parser.number("the lowest bit")?.0);
            } else {
                operands.push(self.value()?);
            }
        }
        build(word, &operands, low).ok_or_else(|| {
            let message = format!("`{word}` with {} operands is no operator", operands.len());
            spot.fault(message, "the operators and their operands are those of `Op`")
        })
    }
}

fn build(word: &str, operands: &[ValueId], low: Option<u32>) -> Option<Op> {
    Some(match (word, operands) {
        ("wire", &[a]) => Op::Wire(a),
        ("not", &[a]) => Op::Not(a),
        ("reduce_and", &[a]) => Op::ReduceAnd(a),
        ("reduce_or", &[a]) => Op::ReduceOr(a),
        ("reduce_xor", &[a]) => Op::ReduceXor(a),
        ("extend", &[a]) => Op::Extend(a),
        ("extend_signed", &[a]) => Op::ExtendSigned(a),
        ("slice", &[value]) => Op::Slice { value, low: low? },
        ("and", &[a, b]) => Op::And(a, b),
        ("or", &[a, b]) => Op::Or(a, b),
        ("xor", &[a, b]) => Op::Xor(a, b),
        ("add", &[a, b]) => Op::Add(a, b),
        ("sub", &[a, b]) => Op::Sub(a, b),
        ("mul_unsigned", &[a, b]) => Op::MulUnsigned(a, b),
        ("mul_signed", &[a, b]) => Op::MulSigned(a, b),
        ("eq", &[a, b]) => Op::Eq(a, b),
        ("less_unsigned", &[a, b]) => Op::LessUnsigned(a, b),
        ("less_signed", &[a, b]) => Op::LessSigned(a, b),
        ("shift_left", &[a, b]) => Op::ShiftLeft(a, b),
        ("shift_right", &[a, b]) => Op::ShiftRight(a, b),
        ("shift_right_signed", &[a, b]) => Op::ShiftRightSigned(a, b),
        ("mux", &[condition, then, otherwise]) => Op::Mux { condition, then, otherwise },
        ("select", &[index, ref options @ ..]) => Op::Select { index, options: options.into() },
        ("concat", parts) => Op::Concat(parts.into()),
        _ => return None,
    })
}

/// The row-major index of the element with these indices.
fn element(instance: &Instance, indices: &str) -> Option<u32> {
    let index = |i: &str| i.strip_suffix(']').and_then(|digits| digits.parse::<u32>().ok());
    let indices: Vec<u32> = indices.split('[').skip(1).map(index).collect::<Option<_>>()?;
    if indices.len() != instance.dims.len() {
        return None;
    }
    indices.iter().zip(&instance.dims).try_fold(0u32, |element, (index, dim)| {
        let row = element.checked_mul(*dim)?;
        if index < dim { row.checked_add(*index) } else { None }
    })
}
