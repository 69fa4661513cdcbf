//! Where each module occurs: the elements of every instance, each a lane of its module.

use olivine_netlist::{Design, DomainId, InstanceId, ModuleId, ValueId};
use std::collections::VecDeque;

/// A module with the top's clock domains that its own stand for. Occurrences of a module under
/// different clocks are different variants.
#[derive(Debug)]
pub(crate) struct Variant {
    pub module: ModuleId,
    /// For each domain of the module, the top's.
    pub domains: Vec<DomainId>,
    /// Number of occurrences.
    pub lanes: u32,
    /// Who places it.
    pub placers: Vec<Placer>,
    /// Placement of each lane.
    pub placements: Vec<u32>,
    first_vertex: u32,
}

/// An instance that places a variant. Element `e` of the instance in the placing variant's lane
/// `p` is lane `first + p * elements + e`.
#[derive(Debug)]
pub(crate) struct Placer {
    pub variant: u32,
    pub instance: InstanceId,
    pub elements: u32,
    first: u32,
}

/// One occurrence, in the order of [`Design::flatten`].
#[derive(Debug)]
pub(crate) struct Placement {
    pub variant: u32,
    pub lane: u32,
    /// Who places it: its placement, the instance there and the element; the top's own are zero.
    placer: (u32, InstanceId, u32),
    /// Index of its first cell in the flat design.
    pub first_cell: u32,
}

/// All occurrences of all modules.
#[derive(Debug)]
pub(crate) struct Occurrences {
    pub variants: Vec<Variant>,
    pub placements: Vec<Placement>,
    /// By variant and instance: the variant that it places, and which of its placers it is.
    children: Vec<Vec<(u32, u32)>>,
    vertices: u32,
}

impl Occurrences {
    /// The variant of the top module; it has one lane.
    pub const TOP: u32 = 0;

    /// The occurrences in a validated design.
    pub fn of(design: &Design) -> Self {
        let mut all = Self {
            variants: Vec::new(),
            placements: Vec::new(),
            children: Vec::new(),
            vertices: 0,
        };
        all.find_variants(design);
        all.place(design);
        all
    }

    /// Number of vertices: cells of variants.
    pub fn vertices(&self) -> u32 {
        self.vertices
    }

    /// The vertex of a cell of a variant.
    pub fn vertex(&self, variant: u32, cell: ValueId) -> u32 {
        self.variants[variant as usize].first_vertex + cell.0
    }

    /// The variant and cell of a vertex.
    pub fn cell(&self, vertex: u32) -> (u32, ValueId) {
        let variant = self.variants.partition_point(|v| v.first_vertex <= vertex) - 1;
        (variant as u32, ValueId(vertex - self.variants[variant].first_vertex))
    }

    /// The variant, lane and cell of a value of the flattened design.
    pub fn locate(&self, flat: ValueId) -> (u32, u32, ValueId) {
        let index = self.placements.partition_point(|p| p.first_cell <= flat.0) - 1;
        let placement = &self.placements[index];
        (placement.variant, placement.lane, ValueId(flat.0 - placement.first_cell))
    }

    /// The variant that an instance places, and the lane of an element of it.
    pub fn child(&self, variant: u32, instance: InstanceId, lane: u32, element: u32) -> (u32, u32) {
        let (child, placer) = self.children[variant as usize][instance.index()];
        let placer = &self.variants[child as usize].placers[placer as usize];
        (child, placer.first + lane * placer.elements + element)
    }

    /// The path before the names in an occurrence.
    pub fn prefix(&self, design: &Design, variant: u32, lane: u32) -> String {
        let placement = self.variants[variant as usize].placements[lane as usize];
        self.path(design, &self.placements[placement as usize])
    }

    /// The path before the names in a placement, with a dot at its end; empty for the top.
    pub fn path(&self, design: &Design, placement: &Placement) -> String {
        let (mut names, mut here) = (Vec::new(), placement);
        while here.variant != Self::TOP {
            let (parent, instance, element) = here.placer;
            here = &self.placements[parent as usize];
            let module = design.module(self.variants[here.variant as usize].module);
            names.push(module.instances[instance.index()].element_name(element) + ".");
        }
        names.into_iter().rev().collect()
    }

    /// Index in the flattened design of a cell in an occurrence.
    pub fn flat(&self, variant: u32, lane: u32, cell: ValueId) -> ValueId {
        let placement = self.variants[variant as usize].placements[lane as usize];
        ValueId(self.placements[placement as usize].first_cell + cell.0)
    }

    fn find_variants(&mut self, design: &Design) {
        let top = design.top();
        let domains = (0..top.domains.len() as u32).map(DomainId).collect();
        self.add_variant(design, design.top, domains, 1);
        // Modules stand before those that place them, so all placers of a module are complete
        // when its turn comes.
        for module in (0..=design.top.0).rev().map(ModuleId) {
            let of_module = |v: &u32| self.variants[*v as usize].module == module;
            let variants: Vec<u32> = (0..self.variants.len() as u32).filter(of_module).collect();
            variants.into_iter().for_each(|v| self.find_children(design, v));
        }
    }

    fn find_children(&mut self, design: &Design, variant: u32) {
        let Variant { module, lanes, ref domains, .. } = self.variants[variant as usize];
        let domains = domains.clone();
        for (i, instance) in design.module(module).instances.iter().enumerate() {
            let mapped: Vec<_> = instance.domains.iter().map(|d| domains[d.index()]).collect();
            let same = |v: &Variant| v.module == instance.module && v.domains == mapped;
            let found = self.variants.iter().position(same).map(|v| v as u32);
            let child =
                found.unwrap_or_else(|| self.add_variant(design, instance.module, mapped, 0));
            let (instance_id, elements) = (InstanceId(i as u32), instance.elements());
            let target = &mut self.variants[child as usize];
            let first = target.lanes;
            target.placers.push(Placer { variant, instance: instance_id, elements, first });
            target.lanes += lanes * elements;
            let placer = target.placers.len() as u32 - 1;
            self.children[variant as usize].push((child, placer));
        }
    }

    fn add_variant(
        &mut self,
        design: &Design,
        module: ModuleId,
        domains: Vec<DomainId>,
        lanes: u32,
    ) -> u32 {
        let first_vertex = self.vertices;
        self.vertices += design.module(module).cells.len() as u32;
        let (placers, placements) = (Vec::new(), Vec::new());
        self.variants.push(Variant { module, domains, lanes, placers, placements, first_vertex });
        self.children.push(Vec::new());
        self.variants.len() as u32 - 1
    }

    /// Walks the hierarchy as [`Design::flatten`] does: level by level, by instance and element.
    fn place(&mut self, design: &Design) {
        let mut waiting = VecDeque::from([(Self::TOP, 0, (0, InstanceId(0), 0))]);
        let mut first_cell = 0;
        for variant in &mut self.variants {
            variant.placements = vec![0; variant.lanes as usize];
        }
        while let Some((variant, lane, placer)) = waiting.pop_front() {
            let module = design.module(self.variants[variant as usize].module);
            let here = self.placements.len() as u32;
            for (id, instance) in (0..).map(InstanceId).zip(&module.instances) {
                let (child, first) = self.child(variant, id, lane, 0);
                let element = |e| (child, first + e, (here, id, e));
                waiting.extend((0..instance.elements()).map(element));
            }
            self.variants[variant as usize].placements[lane as usize] = here;
            self.placements.push(Placement { variant, lane, placer, first_cell });
            first_cell += module.cells.len() as u32;
        }
    }
}

impl Variant {
    /// Who places a lane: the placer, the placing variant's lane and the element.
    pub fn placer_of(&self, lane: u32) -> (&Placer, u32, u32) {
        let index = self.placers.partition_point(|p| p.first <= lane) - 1;
        let placer = &self.placers[index];
        let relative = lane - placer.first;
        (placer, relative / placer.elements, relative % placer.elements)
    }
}
