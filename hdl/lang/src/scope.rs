//! Scopes: the tree of conditions under which statements stand.

use crate::builder::Builder;
use crate::elaborate::Elaboration;
use crate::place::At;
use olivine_netlist::{Op, ValueId};

/// Runs `body` as if no condition stood around it.
pub(crate) fn outside_conditions<R>(body: impl FnOnce() -> R) -> R {
    let outer = crate::elaborate::with(|b, _| b.scopes.enter(BODY));
    let result = body();
    crate::elaborate::with(|b, _| b.scopes.enter(outer));
    result
}

/// Index of a scope; 0 is the module's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ScopeId(pub(crate) u32);

pub(crate) const BODY: ScopeId = ScopeId(0);

/// One arm of a group.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) parent: ScopeId,
    pub(crate) group: usize,
    /// The arm's own condition; `None` for `otherwise`.
    pub(crate) condition: Option<ValueId>,
    /// The condition with those of the arms before and of the scopes around; `None` for always.
    pub(crate) enable: Option<ValueId>,
}

/// Arms of which the first whose condition holds is taken.
pub(crate) struct Group {
    pub(crate) parent: ScopeId,
    pub(crate) arms: Vec<ScopeId>,
    /// Whether the arms cover every case, so that the last needs no asking.
    pub(crate) complete: bool,
    /// Whether no two conditions hold at once.
    disjoint: bool,
    /// None of the arms so far is taken.
    rest: Option<ValueId>,
}

pub(crate) struct Scopes {
    scopes: Vec<Scope>,
    pub(crate) groups: Vec<Group>,
    current: ScopeId,
}

impl Scopes {
    pub(crate) fn new() -> Self {
        let body = Scope { parent: BODY, group: 0, condition: None, enable: None };
        Self { scopes: vec![body], groups: Vec::new(), current: BODY }
    }

    pub(crate) fn get(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    pub(crate) fn current(&self) -> &Scope {
        self.get(self.current)
    }

    pub(crate) fn id(&self) -> ScopeId {
        self.current
    }

    /// Goes into a scope and says which was current.
    pub(crate) fn enter(&mut self, id: ScopeId) -> ScopeId {
        std::mem::replace(&mut self.current, id)
    }

    /// A new group of arms in the current scope.
    pub(crate) fn group(&mut self, disjoint: bool) -> usize {
        let parent = self.current;
        let arms = Vec::new();
        self.groups.push(Group { parent, arms, complete: false, disjoint, rest: None });
        self.groups.len() - 1
    }

    /// The scope just below `ancestor` on the way to `scope`.
    pub(crate) fn below(&self, ancestor: ScopeId, scope: ScopeId) -> ScopeId {
        let mut at = scope;
        while self.get(at).parent != ancestor {
            at = self.get(at).parent;
        }
        at
    }
}

impl Builder {
    /// The next arm of a group; without a condition, the last.
    pub(crate) fn arm(
        &mut self,
        e: &mut Elaboration,
        at: At,
        group: usize,
        condition: Option<ValueId>,
    ) -> ScopeId {
        let Group { parent, disjoint, rest, .. } = self.scopes.groups[group];
        let outer = self.scopes.get(parent).enable;
        let here = match (rest, condition) {
            (Some(rest), Some(own)) if !disjoint => Some(self.both(e, at, rest, own)),
            (Some(rest), None) => Some(rest),
            (_, own) => own,
        };
        let enable = match (outer, here) {
            (Some(outer), Some(here)) => Some(self.both(e, at, outer, here)),
            (outer, here) => outer.or(here),
        };
        if let (Some(own), false) = (condition, disjoint) {
            let no = self.cell(e, at, Op::Not(own), 1);
            let rest = rest.map_or(no, |rest| self.both(e, at, rest, no));
            self.scopes.groups[group].rest = Some(rest);
        }
        let id = ScopeId(self.scopes.scopes.len() as u32);
        self.scopes.scopes.push(Scope { parent, group, condition, enable });
        self.scopes.groups[group].arms.push(id);
        self.scopes.groups[group].complete |= condition.is_none();
        id
    }

    pub(crate) fn both(&mut self, e: &mut Elaboration, at: At, a: ValueId, b: ValueId) -> ValueId {
        self.cell(e, at, Op::And(a, b), 1)
    }
}
