//! Multipliers of three structures: an array of rows, Wallace's tree, Booth's digits.

use olivine::netlist::{
    Bits, ClockDomain, Design, Direction, Kind, Module, ModuleId, Op, Place, Port, PortId, ValueId,
};

const AT: Place = Place::UNKNOWN;

struct Maker {
    module: Module,
    width: u32,
}

impl Maker {
    fn new(name: &str, width: u32) -> (Self, ValueId, ValueId) {
        let mut module = Module::new(name, AT);
        let domain = ClockDomain::new("", AT);
        module.domains.push(domain);
        let mut input = |name: &str| {
            let id = PortId(module.ports.len() as u32);
            let value = module.add(Op::Input(id), width, AT);
            let name = name.to_string();
            let direction = Direction::Input;
            let port = Port { name, direction, width, kind: Kind::Bits, value, place: AT };
            module.ports.push(port);
            value
        };
        let (a, b) = (input("a"), input("b"));
        (Self { module, width }, a, b)
    }

    fn add(&mut self, op: Op, width: u32) -> ValueId {
        self.module.add(op, width, AT)
    }

    fn double(&mut self, op: Op) -> ValueId {
        self.add(op, 2 * self.width)
    }

    fn bit(&mut self, value: ValueId, low: u32) -> ValueId {
        self.add(Op::Slice { value, low }, 1)
    }

    fn none(&mut self, width: u32) -> ValueId {
        self.add(Op::Const(Bits::zero(width)), width)
    }

    /// A value of the product's width, moved up; what leaves is lost.
    fn moved(&mut self, value: ValueId, by: u32) -> ValueId {
        if by == 0 {
            return value;
        }
        let below = self.none(by);
        let rest = 2 * self.width - by;
        let above = self.add(Op::Slice { value, low: 0 }, rest);
        self.double(Op::Concat([below, above].into()))
    }

    /// Three into two, until two are left; their sum.
    fn tree(&mut self, mut rows: Vec<ValueId>) -> ValueId {
        while rows.len() > 2 {
            let mut fewer = Vec::new();
            for group in rows.chunks(3) {
                let &[a, b, c] = group else {
                    fewer.extend(group);
                    continue;
                };
                let half = self.double(Op::Xor(a, b));
                fewer.push(self.double(Op::Xor(half, c)));
                let both = self.double(Op::And(a, b));
                let one = self.double(Op::And(half, c));
                let carry = self.double(Op::Or(both, one));
                fewer.push(self.moved(carry, 1));
            }
            rows = fewer;
        }
        self.double(Op::Add(rows[0], rows[1]))
    }

    fn finish(mut self, product: ValueId) -> Design {
        let port = Port {
            name: "y".to_string(),
            direction: Direction::Output,
            width: 2 * self.width,
            kind: Kind::Bits,
            value: product,
            place: AT,
        };
        self.module.ports.push(port);
        Design { modules: vec![self.module], top: ModuleId(0), files: Vec::new() }
    }

    /// For each bit of `b`, `a` or nothing, moved to its place.
    fn rows(&mut self, a: ValueId, b: ValueId) -> Vec<ValueId> {
        let wide = self.double(Op::Extend(a));
        let none = self.none(2 * self.width);
        let mut rows = Vec::new();
        for i in 0..self.width {
            let condition = self.bit(b, i);
            let row = self.double(Op::Mux { condition, then: wide, otherwise: none });
            rows.push(self.moved(row, i));
        }
        rows
    }
}

/// One row after the other is added.
pub fn array(width: u32) -> Design {
    let (mut maker, a, b) = Maker::new("array", width);
    let rows = maker.rows(a, b);
    let sum = rows[1..].iter().fold(rows[0], |sum, &row| maker.double(Op::Add(sum, row)));
    maker.finish(sum)
}

/// The rows are added by a tree of carry-save adders.
pub fn wallace(width: u32) -> Design {
    let (mut maker, a, b) = Maker::new("wallace", width);
    let rows = maker.rows(a, b);
    let sum = maker.tree(rows);
    maker.finish(sum)
}

/// Digits of two bits, from -2 to 2, the rows added by a tree.
pub fn booth(width: u32) -> Design {
    let (mut maker, a, b) = Maker::new("booth", width);
    let once = maker.double(Op::Extend(a));
    let twice = maker.moved(once, 1);
    let none = maker.none(2 * width);
    let no = maker.none(1);
    let mut rows = Vec::new();
    for low in (0..=width).step_by(2) {
        let mut digit = |i: u32| {
            let inside = (1..=width).contains(&i);
            if inside { maker.bit(b, i - 1) } else { no }
        };
        // The bit below the digit, its own two.
        let (below, first, second) = (digit(low), digit(low + 1), digit(low + 2));
        let one = maker.add(Op::Xor(below, first), 1);
        let same = maker.add(Op::Not(one), 1);
        let turn = maker.add(Op::Xor(second, first), 1);
        let two = maker.add(Op::And(same, turn), 1);
        let row = maker.double(Op::Mux { condition: two, then: twice, otherwise: none });
        let row = maker.double(Op::Mux { condition: one, then: once, otherwise: row });
        let inverted = maker.double(Op::Not(row));
        let row = maker.double(Op::Mux { condition: second, then: inverted, otherwise: row });
        rows.push(maker.moved(row, low));
        let negative = maker.double(Op::Extend(second));
        rows.push(maker.moved(negative, low));
    }
    let sum = maker.tree(rows);
    maker.finish(sum)
}
