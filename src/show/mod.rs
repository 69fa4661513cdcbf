//! A design as a picture: its hierarchy, and a schematic of every module, as one SVG.
//!
//! A schematic shows ports, registers, memories, instances and named values; unnamed logic between
//! them is what a wire stands for. What only properties see is left out. An array of instances is
//! one stack; what its elements give each other is listed in it.

mod draw;
mod graph;
mod layers;
mod lines;
mod place;
mod tree;

use crate::exit::CommandError;
use draw::Canvas;
use graph::Graph;
use olivine_netlist::{Design, ModuleId};

/// What to draw.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Only this module's schematic, by its name in the design.
    pub module: Option<String>,
    /// A schematic with more boxes than this leaves named values out.
    pub boxes_max: usize,
}

impl Default for Picture {
    fn default() -> Self {
        Self { module: None, boxes_max: 90 }
    }
}

/// Pixels between what stands on the sheet.
const MARGIN: f64 = 24.0;

/// The picture of a validated design, the same for the same design.
///
/// # Errors
/// There is no module of the name that is asked for.
pub fn picture(design: &Design, what: &Picture) -> Result<String, CommandError> {
    let mut canvas = Canvas::default();
    let mut y = MARGIN;
    if what.module.is_none() {
        y = tree::draw(&mut canvas, design, MARGIN, y) + MARGIN;
    }
    for id in sheets(design, what)? {
        y = sheet(&mut canvas, design, id, what, y) + 2.0 * MARGIN;
    }
    Ok(canvas.finish(&format!("{} in Olivine", design.top().name)))
}

/// The modules to draw, the top first, each once.
fn sheets(design: &Design, what: &Picture) -> Result<Vec<ModuleId>, CommandError> {
    let reached = tree::reached(design);
    let Some(name) = &what.module else { return Ok(reached) };
    let found = reached.iter().find(|id| design.module(**id).name == *name);
    found.map(|id| vec![*id]).ok_or_else(|| {
        let known: Vec<_> = reached.iter().map(|id| design.module(*id).name.as_str()).collect();
        CommandError::usage(format!(
            "the design has no module `{name}`; it has {}",
            known.join(", ")
        ))
    })
}

/// Draws one schematic from `y` on; where it ends.
fn sheet(canvas: &mut Canvas, design: &Design, id: ModuleId, what: &Picture, y: f64) -> f64 {
    let module = design.module(id);
    let mut graph = Graph::new(design, module, true);
    if graph.nodes.len() > what.boxes_max {
        graph = Graph::new(design, module, false);
    }
    let place = design.show_place(module.place);
    canvas.text(MARGIN, y + 14.0, "title", &module.name, &place);
    let mut about = module.parameters.clone();
    match module.properties.len() {
        0 => {}
        1 => about += " · 1 property",
        n => about += &format!(" · {n} properties"),
    }
    canvas.text(MARGIN, y + 32.0, "small", about.trim_start_matches(" · "), "");
    let layers = layers::Layers::new(&graph);
    let placed = place::Placed::new(&graph, layers, MARGIN, y + 48.0);
    draw::nodes(canvas, &graph, &placed);
    lines::draw(canvas, &graph, &placed)
}
