//! State and instances that nothing observes.

use super::Difference;
use super::walk::{Outcome, Walk};
use crate::{InstanceId, MemoryId, Module, ModuleId, RegisterId};
use std::collections::HashMap;

impl<'a> Walk<'a> {
    /// Matches by name what was not reached; gives the modules that must be equal.
    pub(super) fn finish(&mut self) -> Result<Vec<(ModuleId, ModuleId)>, Difference> {
        self.unobserved_registers()?;
        self.unobserved_memories()?;
        self.unobserved_instances()?;
        let module = |(a, b): (&InstanceId, &InstanceId)| {
            let (l, r) =
                (&self.modules.0.instances[a.index()], &self.modules.1.instances[b.index()]);
            (l.module, r.module)
        };
        let mut pairs: Vec<_> = self.instances.right_of.iter().map(module).collect();
        pairs.sort_unstable();
        Ok(pairs)
    }

    fn unobserved_registers(&mut self) -> Outcome {
        let (l, r) = self.modules;
        let names = |m: &'a Module| m.registers.iter().map(|r| r.name.as_str()).collect::<Vec<_>>();
        let pairs = |walk: &Self| {
            let left = free(&names(l), |i| walk.registers.right_of.contains_key(&RegisterId(i)));
            let right = free(&names(r), |i| walk.registers.left_of.contains_key(&RegisterId(i)));
            match_names(walk, "register", left, right)
        };
        for (a, b) in pairs(self)? {
            let (a, b) = (&l.registers[a as usize], &r.registers[b as usize]);
            self.start(format!("register `{}`", a.name), a.value, b.value)?;
        }
        Ok(())
    }

    fn unobserved_memories(&mut self) -> Outcome {
        let (l, r) = self.modules;
        let names = |m: &'a Module| m.memories.iter().map(|x| x.name.as_str()).collect::<Vec<_>>();
        let left = free(&names(l), |i| self.memories.right_of.contains_key(&MemoryId(i)));
        let right = free(&names(r), |i| self.memories.left_of.contains_key(&MemoryId(i)));
        for (a, b) in match_names(self, "memory", left, right)? {
            let (x, y) = (&l.memories[a as usize], &r.memories[b as usize]);
            for (i, (p, q)) in x.reads.iter().zip(&y.reads).enumerate() {
                self.start(format!("read port {i} of memory `{}`", x.name), p.value, q.value)?;
            }
            let at = self.start_state(format!("memory `{}`", x.name), (x.place, y.place));
            self.memory(at, MemoryId(a), MemoryId(b))?;
            self.run()?;
        }
        Ok(())
    }

    fn unobserved_instances(&mut self) -> Outcome {
        let (l, r) = self.modules;
        let names = |m: &'a Module| m.instances.iter().map(|x| x.name.as_str()).collect::<Vec<_>>();
        let left = free(&names(l), |i| self.instances.right_of.contains_key(&InstanceId(i)));
        let right = free(&names(r), |i| self.instances.left_of.contains_key(&InstanceId(i)));
        for (a, b) in match_names(self, "instance", left, right)? {
            let (x, y) = (&l.instances[a as usize], &r.instances[b as usize]);
            let at = self.start_state(format!("instance `{}`", x.name), (x.place, y.place));
            self.instance(at, InstanceId(a), InstanceId(b))?;
            self.run()?;
        }
        Ok(())
    }
}

/// Those that are not matched yet, with their names.
fn free<'n>(names: &[&'n str], matched: impl Fn(u32) -> bool) -> Vec<(&'n str, u32)> {
    let all = names.iter().enumerate().map(|(i, name)| (*name, i as u32));
    all.filter(|(_, i)| !matched(*i)).collect()
}

fn match_names(
    walk: &Walk<'_>,
    what: &str,
    left: Vec<(&str, u32)>,
    right: Vec<(&str, u32)>,
) -> Result<Vec<(u32, u32)>, Difference> {
    let by_name: HashMap<&str, u32> = right.iter().copied().collect();
    let left_names: HashMap<&str, u32> = left.iter().copied().collect();
    if let Some((name, _)) = right.iter().find(|(name, _)| !left_names.contains_key(name)) {
        return Err(walk.differ(format!("{what} `{name}` is on the right only"), &[]));
    }
    let pair = |(name, a): &(&str, u32)| match by_name.get(name) {
        Some(b) => Ok((*a, *b)),
        None => Err(walk.differ(format!("{what} `{name}` is on the left only"), &[])),
    };
    left.iter().map(pair).collect()
}
