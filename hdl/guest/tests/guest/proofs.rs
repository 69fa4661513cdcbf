//! The guests are proved equal to ours.

use crate::cut::cut;
use crate::{blocks, ours, read};
use olivine_formal::{Options, Report, Verdict, equivalent};
use olivine_lang::{Module, elaborate};
use olivine_netlist::{Design, Direction, ModuleId, Op, Port, PortId, isomorphic};
use rust_hdl::prelude::{Bits, Block, SynchronousFIFO};

fn guest<B: Block + Default>() -> Design {
    let mut block = B::default();
    block.connect_all();
    read::flat(&read::read(&block), read::as_ours)
}

fn host<M: Module>(module: M) -> Design {
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{faults}"));
    read::flat(&design, |name| name.to_string())
}

fn compared(first: &Design, second: &Design) -> Report {
    equivalent(first, second, &Options::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn an_int8_element() {
    compared(&cut(&guest::<blocks::Pe>()), &cut(&host(ours::Pe))).assert_proved();
}

/// The element alone has been proved: here every element of the guest, found to be the same but
/// for names, is replaced by ours, so that no product has to be compared again.
#[test]
fn a_4x4_array() {
    let mut array = blocks::Array::default();
    array.connect_all();
    let array = with_our_elements(read::read(&array));
    let guest = read::flat(&array, read::as_ours);
    compared(&cut(&guest), &cut(&host(ours::Array))).assert_proved();
}

/// The module `id` and what is in it, as one module.
fn alone(design: &Design, id: ModuleId) -> Design {
    let design = Design { top: id, ..design.clone() };
    let mut flat = design.flatten();
    flat.cells.iter_mut().for_each(|cell| cell.label = None);
    Design { modules: vec![flat], top: ModuleId(0), files: design.files }
}

fn with_our_elements(mut design: Design) -> Design {
    let mut element = blocks::Pe::default();
    element.connect_all();
    let element = read::read(&element);
    let element = alone(&element, element.top);
    let ours = elaborate(ours::Pe).unwrap_or_else(|faults| panic!("{faults}"));
    let mut replaced = 0;
    for index in 0..design.modules.len() {
        if design.modules[index].find_port("a_next").is_none() {
            continue;
        }
        let guest = alone(&design, ModuleId(index as u32));
        isomorphic(&guest, &element).unwrap_or_else(|difference| panic!("{difference}"));
        let order = design.modules[index].ports.iter();
        let ports: Vec<Port> = order
            .map(|port| ours.top().ports[ours.top().find_port(&port.name).unwrap().index()].clone())
            .collect();
        let mut module = ours.top().clone();
        module.ports = ports;
        for (port, id) in module.ports.clone().into_iter().zip((0..).map(PortId)) {
            if port.direction == Direction::Input {
                module.cells[port.value.index()].op = Op::Input(id);
            }
        }
        module.name.clone_from(&design.modules[index].name);
        design.modules[index] = module;
        replaced += 1;
    }
    assert_eq!(replaced, 16);
    design.files.extend(ours.files);
    design
}

#[test]
fn the_stock_fifo() {
    compared(&guest::<blocks::Fifo>(), &host(ours::Fifo)).assert_proved();
}

#[test]
fn a_fifo_of_another_threshold_is_another_fifo() {
    let other = guest::<SynchronousFIFO<Bits<8>, 2, 3, 2>>();
    let report = compared(&other, &host(ours::Fifo));
    let violated = |name: &str| {
        let row = report.row(name).expect("a row");
        matches!(row.verdict, Verdict::Violated(_))
    };
    assert!(violated("output almostfull agrees"), "{report}");
    assert!(!violated("output full agrees"), "{report}");
}
