//! Many copies of a unit side by side, so that the compiled simulator takes them as lanes.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::{Design, Direction, Instance, Module, ModuleId, Op, Port, PortId, ValueId};
use olivine_sim::Compiled;

/// Copies of a combinational unit; `I` inputs and `O` outputs, in the order of its ports.
pub struct Batch<const I: usize, const O: usize> {
    engine: Box<dyn Engine>,
    lanes: usize,
}

/// How many copies.
pub const LANES: usize = 512;

impl<const I: usize, const O: usize> Batch<I, O> {
    /// Copies of the top module of this design.
    pub fn new(unit: &Design) -> Self {
        assert_ports::<I, O>(unit);
        let design = copies(unit);
        design.validate().unwrap_or_else(|faults| panic!("{faults:?}"));
        Self { engine: Box::new(Compiled::new(&design, Undefined::Random(1))), lanes: LANES }
    }

    #[allow(dead_code)] // Most compare more than few.
    /// A single copy, interpreted: for so few stimuli that compiling would take longer.
    pub fn interpreted(unit: &Design) -> Self {
        assert_ports::<I, O>(unit);
        Self { engine: Box::new(Interp::new(unit, Undefined::Random(1))), lanes: 1 }
    }

    fn port(&self, group: usize, lane: usize) -> PortId {
        PortId((group * self.lanes + lane) as u32)
    }

    fn give(&mut self, batch: &[[u64; I]]) {
        for (lane, stimulus) in batch.iter().enumerate() {
            for (input, value) in stimulus.iter().enumerate() {
                self.engine.set_u64(self.port(input, lane), *value);
            }
        }
    }

    fn found(&mut self, lane: usize) -> [u64; O] {
        std::array::from_fn(|o| self.engine.get_u64(self.port(I + o, lane)))
    }

    /// Whether the unit does as the golden model on every stimulus; how many there were, or the
    /// first difference.
    pub fn agrees(
        &mut self,
        stimuli: impl IntoIterator<Item = [u64; I]>,
        golden: impl Fn([u64; I]) -> [u64; O],
    ) -> Result<u64, String> {
        let mut stimuli = stimuli.into_iter();
        let mut shown = 0;
        let mut batch = Vec::with_capacity(self.lanes);
        loop {
            batch.clear();
            batch.extend(stimuli.by_ref().take(self.lanes));
            self.give(&batch);
            for (lane, stimulus) in batch.iter().enumerate() {
                let wanted = golden(*stimulus);
                let found = self.found(lane);
                if found != wanted {
                    return Err(format!("{stimulus:x?} gives {found:x?}, not {wanted:x?}"));
                }
            }
            shown += batch.len() as u64;
            if batch.len() < self.lanes {
                return Ok(shown);
            }
        }
    }

    #[allow(dead_code)] // Most compare.
    /// Shows every stimulus and its results; how many there were.
    pub fn results(
        &mut self,
        stimuli: impl IntoIterator<Item = [u64; I]>,
        mut see: impl FnMut([u64; I], [u64; O]),
    ) -> u64 {
        let mut stimuli = stimuli.into_iter();
        let mut shown = 0;
        loop {
            let batch: Vec<[u64; I]> = stimuli.by_ref().take(self.lanes).collect();
            self.give(&batch);
            for (lane, stimulus) in batch.iter().enumerate() {
                let found = self.found(lane);
                see(*stimulus, found);
            }
            shown += batch.len() as u64;
            if batch.len() < self.lanes {
                return shown;
            }
        }
    }

    #[allow(dead_code)] // Mutants are to differ.
    /// [`Batch::agrees`], for tests: panics at a difference, and if there is no stimulus.
    #[track_caller]
    pub fn compare(
        &mut self,
        stimuli: impl IntoIterator<Item = [u64; I]>,
        golden: impl Fn([u64; I]) -> [u64; O],
    ) -> u64 {
        let shown =
            self.agrees(stimuli, golden).unwrap_or_else(|difference| panic!("{difference}"));
        assert!(shown > 0, "no stimulus: nothing would be shown");
        shown
    }
}

fn assert_ports<const I: usize, const O: usize>(unit: &Design) {
    let count = |direction| unit.top().ports.iter().filter(|p| p.direction == direction).count();
    assert_eq!((count(Direction::Input), count(Direction::Output)), (I, O), "its ports");
}

/// A design with an array of the unit, and every port of it once for each copy.
pub fn copies(unit: &Design) -> Design {
    let mut design = unit.clone();
    let inner = unit.top();
    let mut top = Module::new(format!("{}_copies", inner.name), inner.place);
    let mut instance = Instance {
        name: "unit".into(),
        module: unit.top,
        dims: vec![LANES as u32],
        inputs: vec![Vec::new(); inner.ports.len()],
        domains: Vec::new(),
        place: inner.place,
    };
    let by_direction = |direction: Direction| {
        inner.ports.iter().enumerate().filter(move |(_, port)| port.direction == direction)
    };
    let add_port = |top: &mut Module, port: &Port, lane: usize, value: ValueId| {
        let name = format!("{}_lane{lane}", port.name);
        top.ports.push(Port { name, value, ..port.clone() });
    };
    for (index, port) in by_direction(Direction::Input) {
        for lane in 0..LANES {
            let id = PortId(top.ports.len() as u32);
            let value = top.add(Op::Input(id), port.width, port.place);
            add_port(&mut top, port, lane, value);
            instance.inputs[index].push(value);
        }
    }
    let id = olivine_netlist::InstanceId(0);
    for (index, port) in by_direction(Direction::Output) {
        for lane in 0..LANES {
            let (element, of) = (lane as u32, PortId(index as u32));
            let op = Op::InstanceOutput { instance: id, element, port: of };
            let value = top.add(op, port.width, port.place);
            add_port(&mut top, port, lane, value);
        }
    }
    top.instances.push(instance);
    design.top = ModuleId(design.modules.len() as u32);
    design.modules.push(top);
    design
}
