//! Checking a composition: each step by itself, and that nothing relies on what comes later.

use super::Rejection;
use crate::certificate::{Certificate, ComposedStep, Evidence, Placed};
use crate::compose::view::{keeps_domains, owed, view};
use crate::solver::Deadline;
use olivine_netlist::{Design, Instance, Module, ModuleId, PropertyKind};
use std::collections::{HashMap, HashSet};

impl Certificate {
    pub(super) fn check_composition(
        &self,
        design: &Design,
        steps: &[ComposedStep],
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        if self.properties.is_empty() {
            return Err(Rejection::Empty);
        }
        if !self.given.is_empty() {
            return Err(Rejection::OtherKind);
        }
        let mut shown = Shown { design, of: HashMap::new() };
        for step in steps {
            self.check_composed(&mut shown, step, deadline)?;
        }
        let mut claimable = HashSet::new();
        shown.placements(design.top, "", &mut claimable);
        let flat = design.flatten();
        for name in &self.properties {
            if flat.properties.iter().filter(|p| p.name == *name).count() != 1 {
                return Err(Rejection::NoSuchProperty(name.clone()));
            }
        }
        match self.properties.iter().find(|name| !claimable.contains(*name)) {
            None => Ok(()),
            Some(name) => Err(Rejection::Unfounded(name.clone())),
        }
    }

    fn check_composed(
        &self,
        shown: &mut Shown<'_>,
        step: &ComposedStep,
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        let missing = || Rejection::Unfounded(step.module.clone());
        let found = shown.design.modules.iter().position(|m| m.name == step.module);
        let id = ModuleId(found.ok_or_else(missing)? as u32);
        for placed in &step.placed {
            shown.may_rely(id, placed)?;
        }
        let view = view(shown.design, id, &step.placed);
        view.validate().map_err(|_| Rejection::Invalid)?;
        let (flat, digest) = (view.flatten(), view.digest());
        for proof in &step.proofs {
            if proof.design != digest {
                return Err(Rejection::OtherDesign);
            }
            if proof.start != self.start {
                return Err(Rejection::OtherStart);
            }
            proof.check_flat(&flat, deadline)?;
            if matches!(proof.evidence, Evidence::Rounds { .. }) {
                return Err(Rejection::OtherKind);
            }
            for name in &proof.properties {
                one_of_that_name(&flat, name)?;
                shown.of.entry(id.0).or_default().insert(name.clone());
            }
        }
        Ok(())
    }
}

/// That an assertion, and nothing else, is called so.
fn one_of_that_name(flat: &Module, name: &str) -> Result<(), Rejection> {
    let mut called = flat.properties.iter().filter(|p| p.name == name);
    match (called.next(), called.next()) {
        (Some(only), None) if only.kind == PropertyKind::Assert => Ok(()),
        _ => Err(Rejection::NoSuchProperty(name.to_string())),
    }
}

/// What has been shown so far.
struct Shown<'a> {
    design: &'a Design,
    /// By module: names of its own assertions, and of the assumptions and assertions of what it
    /// places.
    of: HashMap<u32, HashSet<String>>,
}

impl Shown<'_> {
    fn has(&self, module: ModuleId, name: &str) -> bool {
        self.of.get(&module.0).is_some_and(|names| names.contains(name))
    }

    /// All that the instance assumes has been shown.
    fn is_served(&self, module: ModuleId, instance: &Instance) -> Result<(), Rejection> {
        let owed = owed(self.design, instance);
        match owed.into_iter().find(|name| !self.has(module, name)) {
            Some(name) => Err(Rejection::Unfounded(name)),
            None => Ok(()),
        }
    }

    fn may_rely(&self, module: ModuleId, placed: &Placed) -> Result<(), Rejection> {
        let instances = &self.design.module(module).instances;
        let instance = instances.iter().find(|i| i.name == placed.instance);
        let unfounded = |name: &String| Rejection::Unfounded(name.clone());
        let instance = instance.ok_or_else(|| unfounded(&placed.instance))?;
        if placed.relied.is_empty() {
            return Ok(());
        }
        if !keeps_domains(instance) {
            return Err(unfounded(&placed.instance));
        }
        self.is_served(module, instance)?;
        match placed.relied.iter().find(|name| !self.has(instance.module, name)) {
            Some(name) => Err(unfounded(name)),
            None => Ok(()),
        }
    }

    /// The paths of all that is shown of a placed module and of what it places.
    fn placements(&self, module: ModuleId, prefix: &str, claimable: &mut HashSet<String>) {
        let names = self.of.get(&module.0).into_iter().flatten();
        claimable.extend(names.map(|name| format!("{prefix}{name}")));
        for instance in &self.design.module(module).instances {
            if keeps_domains(instance) && self.is_served(module, instance).is_ok() {
                for element in 0..instance.elements() {
                    let prefix = format!("{prefix}{}.", instance.element_name(element));
                    self.placements(instance.module, &prefix, claimable);
                }
            }
        }
    }
}
