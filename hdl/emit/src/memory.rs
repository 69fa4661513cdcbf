//! Memories, in the forms that synthesis tools take for block or distributed RAM.

use crate::literal::literal;
use crate::plan::Plan;
use crate::state::{edge, power_up};
use crate::text::{Lines, range};
use crate::{Options, Undefined};
use olivine_netlist::{Bits, Collision, DomainId, Memory, ReadKind, ReadPort, ValueId, WritePort};

/// The number of address bits that `depth` words need.
pub(crate) fn index_bits(depth: u32) -> u32 {
    depth.max(1).next_power_of_two().trailing_zeros()
}

/// Whether a read port's addresses are compared with those of the write ports.
pub(crate) fn compares(read: &ReadPort, options: &Options) -> bool {
    match read.kind {
        ReadKind::Async | ReadKind::Sync { collision: Collision::Old, .. } => false,
        ReadKind::Sync { collision: Collision::New, .. } => true,
        ReadKind::Sync { collision: Collision::Undefined, .. } => {
            options.undefined != Undefined::Free
        }
    }
}

/// Whether no collision has a defined outcome. Yosys is told, and spends nothing on the outcome
/// that the text shows.
fn collisions_are_free(memory: &Memory, options: &Options) -> bool {
    let mut collisions = memory.reads.iter().filter_map(|read| match read.kind {
        ReadKind::Async => None,
        ReadKind::Sync { collision, .. } => Some(collision),
    });
    let first = collisions.next();
    options.undefined == Undefined::Free
        && first.into_iter().chain(collisions).all(|c| c == Collision::Undefined)
        && first.is_some()
}

/// A memory under its name.
struct Named<'a> {
    plan: &'a Plan<'a>,
    memory: &'a Memory,
    name: &'a str,
    index: &'a str,
}

fn all<'a>(plan: &'a Plan<'a>) -> impl Iterator<Item = Named<'a>> {
    let names = plan.names.memories.iter();
    plan.module.memories.iter().zip(names).map(move |(memory, names)| Named {
        plan,
        memory,
        name: &names.name,
        index: &names.index,
    })
}

/// Declarations and init values.
pub(crate) fn declare(plan: &Plan, out: &mut Lines) {
    for named in all(plan) {
        out.gap();
        let Named { memory, name, .. } = named;
        let free =
            if collisions_are_free(memory, plan.options) { "(* no_rw_check *) " } else { "" };
        let text = format!("{free}reg {}{name} [0:{}];", range(memory.width), memory.depth - 1);
        let two_clocks = memory.writes.windows(2).any(|pair| pair[0].domain != pair[1].domain);
        if two_clocks {
            out.line(1, "// Written in several clock domains.");
            out.line(1, "// verilator lint_off MULTIDRIVEN");
        }
        out.commented(1, &text, &plan.note(memory.place));
        if two_clocks {
            out.line(1, "// verilator lint_on MULTIDRIVEN");
        }
        memory.reads.iter().for_each(|read| declare_read(plan, read, memory.width, out));
        named.init(out);
    }
}

fn declare_read(plan: &Plan, read: &ReadPort, width: u32, out: &mut Lines) {
    let Some(name) = plan.own_name(read.value) else { return };
    let registered = matches!(read.kind, ReadKind::Sync { .. });
    if plan.names.bound[read.value.index()].is_none() {
        let class = if registered { "reg" } else { "wire" };
        out.commented(1, &format!("{class} {}{name};", range(width)), &plan.note(read.place));
    }
    if registered && let Some(zero) = power_up(plan, width) {
        out.line(1, &format!("initial {name} = {};", literal(&zero)));
    }
}

/// The blocks that write and read.
pub(crate) fn write(plan: &Plan, out: &mut Lines) {
    for named in all(plan) {
        for domain in 0..plan.module.domains.len() {
            named.writes(DomainId(domain as u32), out);
        }
        for read in &named.memory.reads {
            match read.kind {
                ReadKind::Async => named.read_async(read, out),
                ReadKind::Sync { domain, enable, collision } => {
                    named.read_sync(read, domain, enable, collision, out);
                }
            }
        }
    }
}

impl Named<'_> {
    fn init(&self, out: &mut Lines) {
        let Self { memory, name, index, .. } = self;
        let nothing = memory.writes.is_empty() && memory.init.is_empty();
        let fill = match power_up(self.plan, memory.width) {
            None if nothing => Some(Bits::zero(memory.width)),
            fill => fill,
        };
        let uniform = memory.init.windows(2).all(|pair| pair[0] == pair[1]);
        let (fill, words) = match memory.init.first() {
            Some(first) if uniform && memory.init.len() == memory.depth as usize => {
                (Some(first.clone()), &[][..])
            }
            _ if memory.init.len() == memory.depth as usize => (None, &memory.init[..]),
            _ => (fill, &memory.init[..]),
        };
        if fill.is_none() && words.is_empty() {
            return;
        }
        if fill.is_some() {
            out.line(1, &format!("integer {index};"));
        }
        out.line(1, "initial begin");
        if let Some(fill) = fill {
            let depth = memory.depth;
            out.line(2, &format!("for ({index} = 0; {index} < {depth}; {index} = {index} + 1)"));
            out.line(3, &format!("{name}[{index}] = {};", literal(&fill)));
        }
        for (address, word) in words.iter().enumerate() {
            out.line(2, &format!("{name}[{address}] = {};", literal(word)));
        }
        out.line(1, "end");
    }

    /// The word at `address`, taken modulo the next power of two of the depth.
    fn word(&self, address: ValueId) -> String {
        let plan = self.plan;
        let width = plan.module.width(address);
        let index = match index_bits(self.memory.depth) {
            0 => "0".to_string(),
            bits if bits < width => plan.piece(address, 0, bits),
            bits if bits > width => {
                format!("{{{}, {}}}", literal(&Bits::zero(bits - width)), plan.plain(address))
            }
            _ => plan.plain(address),
        };
        format!("{}[{index}]", self.name)
    }

    /// The condition that `address` lies within the depth, unless it always does.
    fn within(&self, address: ValueId) -> Option<String> {
        let (width, depth) = (self.plan.module.width(address), self.memory.depth);
        let always = width < 32 && 1 << width <= depth;
        let limit = literal(&Bits::new(width, u64::from(depth)));
        (!always).then(|| format!("{} < {limit}", self.plan.plain(address)))
    }

    /// [`Named::within`] for reads: only where an address past the depth is to show.
    fn readable(&self, address: ValueId) -> Option<String> {
        let shows = self.plan.options.undefined != Undefined::Free;
        self.within(address).filter(|_| shows)
    }

    fn guarded_word(&self, address: ValueId) -> String {
        let word = self.word(address);
        match self.readable(address) {
            Some(inside) => format!("{inside} ? {word} : {}", self.undefined()),
            None => word,
        }
    }

    fn undefined(&self) -> String {
        self.plan.undefined(self.memory.width)
    }

    fn read_async(&self, read: &ReadPort, out: &mut Lines) {
        if let Some(name) = self.plan.own_name(read.value) {
            out.gap();
            let word = self.guarded_word(read.address);
            out.commented(1, &format!("assign {name} = {word};"), &self.plan.note(read.place));
        }
    }

    fn writes(&self, domain: DomainId, out: &mut Lines) {
        let writes: Vec<_> = self.memory.writes.iter().filter(|w| w.domain == domain).collect();
        let mut statements = Vec::new();
        for write in writes {
            self.write_statements(write, &mut statements);
        }
        let always = format!("always @({})", edge(self.plan, domain));
        self.block(&always, &statements, out);
    }

    fn block(&self, always: &str, statements: &[(String, String)], out: &mut Lines) {
        match statements {
            [] => {}
            [(only, note)] => {
                out.gap();
                out.commented(1, &format!("{always} {only}"), note);
            }
            several => {
                out.gap();
                out.line(1, &format!("{always} begin"));
                several.iter().for_each(|(text, note)| out.commented(2, text, note));
                out.line(1, "end");
            }
        }
    }

    fn write_statements(&self, write: &WritePort, statements: &mut Vec<(String, String)>) {
        let plan = self.plan;
        let bits = index_bits(self.memory.depth);
        let aliases = plan.module.width(write.address) > bits;
        let inside = self.within(write.address).filter(|_| aliases);
        let conditions: Vec<_> = write
            .enable
            .map(|e| plan.factor(e))
            .into_iter()
            .chain(inside.map(|i| format!("({i})")))
            .collect();
        let word = self.word(write.address);
        for part in self.parts(write) {
            let all: Vec<_> = conditions.iter().chain(&part.condition).cloned().collect();
            let text = format!("{word}{} <= {};", part.select, part.data);
            statements.push((conditional(&all, &text), plan.note(write.place)));
        }
    }

    /// The parts of a word that a port writes: one without a mask, else one for each mask bit.
    fn parts(&self, write: &WritePort) -> Vec<WrittenPart> {
        let plan = self.plan;
        let count = write.mask.map_or(1, |mask| plan.module.width(mask));
        let width = self.memory.width / count;
        let part = |i: u32| {
            let select = match (count, width) {
                (1, _) => String::new(),
                (_, 1) => format!("[{i}]"),
                _ => format!("[{}:{}]", (i + 1) * width - 1, i * width),
            };
            let data = match count {
                1 => plan.plain(write.data),
                _ => plan.piece(write.data, i * width, width),
            };
            WrittenPart { select, data, condition: write.mask.map(|m| plan.piece(m, i, 1)) }
        };
        (0..count).map(part).collect()
    }

    fn read_sync(
        &self,
        read: &ReadPort,
        domain: DomainId,
        enable: Option<ValueId>,
        collision: Collision,
        out: &mut Lines,
    ) {
        let plan = self.plan;
        let name = plan.own_name(read.value).unwrap_or_default();
        let mut lines = vec![format!("{name} <= {};", self.guarded_word(read.address))];
        if compares(read, plan.options) {
            for write in self.memory.writes.iter().filter(|w| w.domain == domain) {
                self.bypass(read, write, collision, name, &mut lines);
            }
        }
        let condition = enable.map(|e| format!("if ({}) ", plan.plain(e))).unwrap_or_default();
        let always = format!("always @({}) {condition}", edge(plan, domain));
        let note = plan.note(read.place);
        out.gap();
        match lines.as_slice() {
            [only] => out.commented(1, &format!("{always}{only}"), &note),
            several => {
                out.commented(1, &format!("{always}begin"), &note);
                several.iter().for_each(|line| out.line(2, line));
                out.line(1, "end");
            }
        }
    }

    /// What a read takes instead of the old word where `write` goes to the same address.
    fn bypass(
        &self,
        read: &ReadPort,
        write: &WritePort,
        collision: Collision,
        name: &str,
        lines: &mut Vec<String>,
    ) {
        let plan = self.plan;
        let hit = self.same_address(read.address, write.address);
        let inside = self.readable(read.address).map(|i| format!("({i})"));
        let enable = write.enable.map(|e| plan.factor(e));
        let conditions: Vec<_> = enable.into_iter().chain(hit).chain(inside).collect();
        if collision == Collision::Undefined {
            let some_part = write.mask.map(|m| format!("(|{})", plan.plain(m)));
            let conditions: Vec<_> = conditions.into_iter().chain(some_part).collect();
            lines.push(conditional(&conditions, &format!("{name} <= {};", self.undefined())));
            return;
        }
        for part in self.parts(write) {
            let all: Vec<_> = conditions.iter().chain(&part.condition).cloned().collect();
            lines.push(conditional(&all, &format!("{name}{} <= {};", part.select, part.data)));
        }
    }

    /// The condition that two addresses are equal, unless they always are.
    fn same_address(&self, a: ValueId, b: ValueId) -> Option<String> {
        let plan = self.plan;
        let widths = [a, b].map(|v| plan.module.width(v));
        let widest = widths[0].max(widths[1]);
        let extended = |v: ValueId, width: u32| match widest - width {
            0 => plan.plain(v),
            more => format!("{{{}, {}}}", literal(&Bits::zero(more)), plan.plain(v)),
        };
        let (a, b) = (extended(a, widths[0]), extended(b, widths[1]));
        (a != b).then(|| format!("({a} == {b})"))
    }
}

/// A part of a word, what is written there, and when.
struct WrittenPart {
    select: String,
    data: String,
    condition: Option<String>,
}

fn conditional(conditions: &[String], statement: &str) -> String {
    match conditions {
        [] => statement.to_string(),
        [only] if only.starts_with('(') => format!("if {only} {statement}"),
        all => format!("if ({}) {statement}", all.join(" & ")),
    }
}
