//! Reads of memories with everything undefined about them zero, and spelled out: Yosys makes the
//! same of them when it reads a text that says so.

use olivine_netlist::{
    Bits, Case, Collision, Kind, MemoryId, Module, Op, ReadKind, ReadPort, Register, RegisterId,
    ValueId, WritePort,
};

/// Words beyond the depth read as zero. A synchronous port becomes an asynchronous one with a
/// register behind it that is zero at power-up and takes zero where the collision is undefined.
pub fn settle_reads(module: &mut Module) {
    for memory in 0..module.memories.len() {
        for port in 0..module.memories[memory].reads.len() {
            settle_read(module, memory, port);
        }
    }
}

fn settle_read(m: &mut Module, memory: usize, port: usize) {
    let depth = u64::from(m.memories[memory].depth);
    let read = m.memories[memory].reads[port].clone();
    let reach = 1u64.checked_shl(m.width(read.address)).unwrap_or(u64::MAX);
    if reach <= depth && read.kind == ReadKind::Async {
        return;
    }
    // Users keep their value; the port gets a new one.
    let data = Op::ReadData { memory: MemoryId(memory as u32), port: port as u32 };
    let word = m.add(data, m.memories[memory].width, read.place);
    let declared = &mut m.memories[memory].reads[port];
    (declared.value, declared.kind) = (word, ReadKind::Async);
    let mut answer = word;
    if let ReadKind::Sync { domain, collision, .. } = read.kind {
        for write in m.memories[memory].writes.clone() {
            if write.domain == domain && collision != Collision::Old {
                answer = seen(m, &write, &read, answer, collision == Collision::New);
            }
        }
    }
    if reach > depth {
        let limit = Op::Const(Bits::new(m.width(read.address), depth));
        let limit = m.add(limit, m.width(read.address), read.place);
        let in_range = m.add(Op::LessUnsigned(read.address, limit), 1, read.place);
        let zero = zero_like(m, answer);
        answer = choice(m, in_range, answer, zero);
    }
    match read.kind {
        ReadKind::Async => m.cells[read.value.index()].op = Op::Wire(answer),
        ReadKind::Sync { .. } => hold(m, format!("held_{memory}_{port}"), &read, answer),
    }
}

/// The read's value as a register that takes the answer.
fn hold(m: &mut Module, name: String, read: &ReadPort, answer: ValueId) {
    let ReadKind::Sync { domain, enable, .. } = read.kind else { return };
    let (width, value, place) = (m.width(read.value), read.value, read.place);
    let cell = &mut m.cells[value.index()];
    // A register's value has no other name.
    (cell.op, cell.label) = (Op::Register(RegisterId(m.registers.len() as u32)), None);
    let cases = vec![Case { condition: enable, value: answer, place }];
    let (kind, init) = (Kind::Bits, Some(Bits::zero(width)));
    m.registers.push(Register {
        name,
        width,
        kind,
        domain,
        reset: None,
        init,
        cases,
        place,
        value,
        crossing: false,
    });
}

/// What a read sees if this port writes at its address: the new bits, or zero.
fn seen(m: &mut Module, write: &WritePort, read: &ReadPort, old: ValueId, new: bool) -> ValueId {
    let place = write.place;
    let width = m.width(read.address).max(m.width(write.address));
    let [a, b] = [read.address, write.address].map(|v| m.add(Op::Extend(v), width, place));
    let mut hit = m.add(Op::Eq(a, b), 1, place);
    if let Some(enable) = write.enable {
        hit = m.add(Op::And(hit, enable), 1, place);
    }
    let mask = write.mask.unwrap_or_else(|| m.add(Op::Const(Bits::ones(1)), 1, place));
    if !new {
        let some = m.add(Op::ReduceOr(mask), 1, place);
        let any = m.add(Op::And(hit, some), 1, place);
        let zero = zero_like(m, old);
        return choice(m, any, zero, old);
    }
    let part = m.width(write.data) / m.width(mask);
    let mut parts = Vec::new();
    for i in 0..m.width(mask) {
        let bit = m.add(Op::Slice { value: mask, low: i }, 1, place);
        let taken = m.add(Op::And(hit, bit), 1, place);
        let slice = |value| Op::Slice { value, low: i * part };
        let [data, kept] = [write.data, old].map(|value| m.add(slice(value), part, place));
        parts.push(choice(m, taken, data, kept));
    }
    m.add(Op::Concat(parts.into()), m.width(old), place)
}

fn zero_like(m: &mut Module, value: ValueId) -> ValueId {
    let (width, place) = (m.width(value), m.cell(value).place);
    m.add(Op::Const(Bits::zero(width)), width, place)
}

fn choice(m: &mut Module, condition: ValueId, then: ValueId, otherwise: ValueId) -> ValueId {
    let (width, place) = (m.width(then), m.cell(then).place);
    m.add(Op::Mux { condition, then, otherwise }, width, place)
}
