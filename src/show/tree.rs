//! The hierarchy: who places whom.

use super::draw::Canvas;
use super::place::Rect;
use olivine_netlist::{Design, ModuleId};
use std::collections::BTreeSet;

const ROW: f64 = 20.0;
const STEP: f64 = 26.0;

/// The modules of the design that the top uses, the top first, then those it places.
pub(super) fn reached(design: &Design) -> Vec<ModuleId> {
    let mut order = vec![design.top];
    let mut at = 0;
    while at < order.len() {
        for instance in &design.module(order[at]).instances {
            if !order.contains(&instance.module) {
                order.push(instance.module);
            }
        }
        at += 1;
    }
    order
}

/// Draws the tree from `y` on; where it ends. What a module places is shown where it is met first.
pub(super) fn draw(canvas: &mut Canvas, design: &Design, x: f64, y: f64) -> f64 {
    canvas.text(x, y + 14.0, "title", &format!("{}: hierarchy", design.top().name), "");
    let mut rows = Rows { canvas, design, shown: BTreeSet::new(), y: y + 28.0 };
    rows.module(x, "", design.top, 1);
    rows.y
}

struct Rows<'a> {
    canvas: &'a mut Canvas,
    design: &'a Design,
    shown: BTreeSet<u32>,
    y: f64,
}

impl Rows<'_> {
    /// A row and those below it; the middle of the row.
    fn module(&mut self, x: f64, name: &str, id: ModuleId, elements: u32) -> f64 {
        let module = self.design.module(id);
        let middle = self.y + ROW / 2.0;
        if elements > 1 {
            let behind = Rect { x: x + 3.0, y: middle - 8.0, width: 12.0, height: 10.0 };
            self.canvas.rect(behind, 2.0, "instance", "");
        }
        let mark = Rect { x, y: middle - 5.0, width: 12.0, height: 10.0 };
        let tip = self.design.show_place(module.place);
        self.canvas.rect(mark, 2.0, "instance", &tip);
        let joined = if name.is_empty() { String::new() } else { format!("{name}: ") };
        let seen = !self.shown.insert(id.0) && !module.instances.is_empty();
        let more = if seen { " (as above)" } else { "" };
        let text = format!("{joined}{}{more}", module.name);
        self.canvas.text(x + 22.0, middle + 4.0, "name", &text, "");
        self.y += ROW;
        if seen {
            return middle;
        }
        let mut last = middle;
        for instance in &module.instances {
            let dims: String = instance.dims.iter().map(|d| format!("[{d}]")).collect();
            let title = format!("{}{dims}", instance.name);
            let below = self.module(x + STEP, &title, instance.module, instance.elements());
            self.canvas.line(x + 6.0, below, x + STEP, below, "tree");
            last = below;
        }
        self.canvas.line(x + 6.0, middle + 5.0, x + 6.0, last, "tree");
        middle
    }
}
