//! [`CommandQueue`]: commands that wait for their turn.

use crate::PeridotConfig;
use crate::isa::INSTRUCTION_BITS;
use olivine_lang::prelude::*;

/// Keeps commands in the order in which the host sent them. The one being carried out stays in
/// until it is complete.
///
/// *Behaviour*: a FIFO of `depth` commands. `level` counts those inside.
///
/// *Timing*: a command can leave in the cycle after it came. No combinational path from either
/// side to the other.
///
/// *Handshake*: the four stream rules on both sides.
///
/// *Reset*: empty.
///
/// *Verification*: pushed − completed = level, and commands leave in the order of a tag that counts
/// them: asserted.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CommandQueue {
    /// The number of commands; a power of two.
    pub depth: usize,
}

/// The ports of [`CommandQueue`].
#[derive(Ports)]
pub struct CommandQueuePorts {
    /// Commands from the host.
    pub push: Sink<Unsigned>,
    /// The command whose turn it is; taken when it is complete.
    pub pop: Source<Unsigned>,
    /// Commands inside.
    pub level: Out<Unsigned>,
}

impl CommandQueue {
    /// The queue of a chip.
    pub fn of(config: &PeridotConfig) -> Self {
        Self { depth: config.command_depth as usize }
    }
}

impl Module for CommandQueue {
    type Ports = CommandQueuePorts;

    fn ports(&self) -> CommandQueuePorts {
        let command = stream(unsigned(INSTRUCTION_BITS));
        let level = unsigned(bits_for(self.depth as u64));
        CommandQueuePorts { push: command, pop: command, level }
    }

    #[named]
    fn build(&self, p: CommandQueuePorts) {
        let pointer = unsigned(index_width(self.depth));
        let (head, tail) = (reg(pointer).reset(0), reg(pointer).reset(0));
        let level = reg(p.level.shape()).reset(0);
        let commands = memory(unsigned(INSTRUCTION_BITS), self.depth);
        let (pushed, popped) = (p.push.transfer(), p.pop.transfer());
        when(pushed, || {
            commands.write(tail, p.push.payload);
            tail.set(tail.wrapping_add(1));
        });
        when(popped, || head.set(head.wrapping_add(1)));
        when(pushed & !popped, || level.set(level.wrapping_add(1)));
        when(popped & !pushed, || level.set(level.wrapping_sub(1)));
        p.push.ready.drive(level.ne(self.depth));
        p.pop.valid.drive(level.ne(0));
        p.pop.payload.drive(commands.read(head));
        p.level.drive(level);

        always("no more commands than there is room for", level.le(self.depth));
        always("the pointers are as far apart as there are commands", {
            tail.wrapping_sub(head).eq(level.truncate(pointer.width()))
        });
        self.tags(&p, tail, head);
    }
}

impl CommandQueue {
    /// Nothing is lost, doubled or overtaken: commands, counted as they come, are counted the same
    /// as they leave. The tag lies beside the command.
    #[named]
    fn tags(&self, p: &CommandQueuePorts, tail: Unsigned, head: Unsigned) {
        let tag = unsigned(p.level.width() + 4);
        let (came, went) = (reg(tag).reset(0), reg(tag).reset(0));
        let tags = memory(tag, self.depth);
        when(p.push.transfer(), || {
            tags.write(tail, came);
            came.set(came.wrapping_add(1));
        });
        when(p.pop.transfer(), || went.set(went.wrapping_add(1)));
        let inside = came.wrapping_sub(went);
        always("pushed − completed = level", inside.eq(p.level.extend(tag.width())));
        always("commands leave in the order in which they came", {
            p.pop.valid.implies(tags.read(head).eq(went))
        });
    }
}
