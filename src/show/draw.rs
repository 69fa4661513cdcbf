//! [`Canvas`]: what is drawn, as SVG; and the boxes.

use super::graph::{Graph, Node, Shape};
use super::lines;
use super::place::{PIN, Placed, Rect, head};
use std::fmt::Write as _;

/// Marks in a growing picture.
#[derive(Default)]
pub(super) struct Canvas {
    body: String,
    width: f64,
    height: f64,
}

const STYLE: &str = "\
text { font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2933; }
.title { font-size: 15px; font-weight: bold; } .name { font-size: 12px; }
.small, .pin, .width { font-size: 10px; fill: #52606d; } .width { fill: #829ab1; font-size: 9px; }
.middle { text-anchor: middle; } .end { text-anchor: end; }
.wire { stroke: #52606d; stroke-width: 1; fill: none; }
.bus { stroke: #334e68; stroke-width: 2; fill: none; }
.tree { stroke: #9fb3c8; stroke-width: 1; fill: none; }
.arrow, .dot { fill: #334e68; }
.box { stroke: #334e68; stroke-width: 1.2; }
.input, .output { fill: #e3f8ff; } .register { fill: #fff3c4; } .memory { fill: #fde8d7; }
.instance { fill: #e7f5e9; } .value { fill: #ffffff; stroke: #829ab1; } .mark { fill: none; }";

impl Canvas {
    /// The picture is at least as large as to show this point.
    pub fn reach(&mut self, x: f64, y: f64) {
        self.width = self.width.max(x);
        self.height = self.height.max(y);
    }

    pub fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, class: &str) {
        if (x1 - x2).abs() < 0.5 && (y1 - y2).abs() < 0.5 {
            return;
        }
        self.reach(x1.max(x2), y1.max(y2));
        let _ =
            writeln!(self.body, "<path class=\"{class}\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\"/>");
    }

    /// The end of a wire in a pin.
    pub fn arrow(&mut self, x: f64, y: f64) {
        let _ = writeln!(self.body, "<path class=\"arrow\" d=\"M{x:.1} {y:.1}l-6 -3v6z\"/>");
    }

    pub fn dot(&mut self, x: f64, y: f64) {
        let _ =
            writeln!(self.body, "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\"/>");
    }

    pub fn text(&mut self, x: f64, y: f64, class: &str, text: &str, tip: &str) {
        if text.is_empty() {
            return;
        }
        let width = if class.contains("middle") || class.contains("end") {
            0.0
        } else {
            text.chars().count() as f64 * 9.2
        };
        self.reach(x + width, y);
        let tip =
            if tip.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(tip)) };
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{tip}{}</text>",
            escaped(text)
        );
    }

    pub fn path(&mut self, class: &str, d: &str, tip: &str) {
        let tip =
            if tip.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(tip)) };
        let _ = writeln!(self.body, "<path class=\"{class}\" d=\"{d}\">{tip}</path>");
    }

    pub fn rect(&mut self, r: Rect, round: f64, class: &str, tip: &str) {
        self.reach(r.x + r.width, r.y + r.height);
        let (x, y, w, h) = (r.x, r.y, r.width, r.height);
        let tip =
            if tip.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(tip)) };
        let _ = writeln!(
            self.body,
            "<rect class=\"box {class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"{round}\">{tip}</rect>"
        );
    }

    /// The whole picture.
    pub fn finish(self, title: &str) -> String {
        let (w, h) = ((self.width + 24.0).ceil(), (self.height + 24.0).ceil());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\">\n\
             <title>{}</title>\n<style>\n{STYLE}\n</style>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}</svg>\n",
            escaped(title),
            self.body
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Draws the boxes.
pub(super) fn nodes(canvas: &mut Canvas, graph: &Graph, placed: &Placed) {
    let lefts = lines::edges(graph, placed);
    for (index, node) in graph.nodes.iter().enumerate() {
        let rect = Rect { x: lefts[index], ..placed.rects[index] };
        outline(canvas, node, rect);
        match node.shape {
            Shape::Instance | Shape::Memory => {
                titles(canvas, node, rect, rect.y + 16.0);
                pins(canvas, node, rect);
            }
            _ => {
                let text = 15.0 * (1 + node.about.len()) as f64;
                titles(canvas, node, rect, rect.y + (rect.height - text) / 2.0 + 12.0);
            }
        }
    }
}

fn outline(canvas: &mut Canvas, node: &Node, r: Rect) {
    let (x, y, w, h) = (r.x, r.y, r.width, r.height);
    let tip = node.tip.as_str();
    match node.shape {
        Shape::Input | Shape::Output => {
            let d = format!(
                "M{x:.1} {y:.1}h{:.1}l8 {:.1}l-8 {:.1}h{:.1}z",
                w - 8.0,
                h / 2.0,
                h / 2.0,
                8.0 - w
            );
            let class = if node.shape == Shape::Input { "box input" } else { "box output" };
            canvas.path(class, &d, tip);
            canvas.reach(x + w, y + h);
        }
        Shape::Register => {
            canvas.rect(r, 0.0, "register", tip);
            let (cx, cy) = (x + w / 2.0, y + h);
            canvas.path("box mark", &format!("M{:.1} {cy:.1}l5 -6l5 6", cx - 5.0), "");
        }
        Shape::Memory => {
            canvas.rect(r, 0.0, "memory", tip);
            canvas.path("box mark", &format!("M{x:.1} {:.1}h{w:.1}", y + head(node) - 4.0), "");
        }
        Shape::Instance => {
            if node.stack {
                for behind in [8.0, 4.0] {
                    let shifted = Rect { x: x + behind, y: y - behind, ..r };
                    canvas.rect(shifted, 3.0, "instance", "");
                }
            }
            canvas.rect(r, 3.0, "instance", tip);
            canvas.path("box mark", &format!("M{x:.1} {:.1}h{w:.1}", y + head(node) - 4.0), "");
        }
        Shape::Value => canvas.rect(r, h.min(24.0) / 2.0, "value", tip),
    }
}

fn titles(canvas: &mut Canvas, node: &Node, r: Rect, y: f64) {
    let middle = r.x + r.width / 2.0;
    canvas.text(middle, y, "name middle", &node.title, "");
    for (i, line) in node.about.iter().enumerate() {
        canvas.text(middle, y + 14.0 * (i + 1) as f64, "small middle", line, "");
    }
}

fn pins(canvas: &mut Canvas, node: &Node, r: Rect) {
    let y = |at: usize| r.y + head(node) + PIN * (at as f64 + 0.5) + 3.5;
    let mut last = "";
    for (at, pin) in node.inputs.iter().enumerate() {
        // Several wires may go to one pin through logic: its name stands once.
        if pin.name != last {
            canvas.text(r.x + 7.0, y(at), "pin", &pin.name, "");
        }
        last = &pin.name;
    }
    for (at, pin) in node.outputs.iter().enumerate() {
        canvas.text(r.x + r.width - 7.0, y(at), "pin end", &pin.name, "");
    }
}
