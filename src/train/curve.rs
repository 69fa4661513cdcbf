//! [`Curve`]: the loss over the steps, as a picture.

use super::report::Report;
use plotters::prelude::*;

const SIZE: (u32, u32) = (960, 560);
/// Steps over which the thick lines are the mean.
const WINDOW: usize = 20;
const CHIP: RGBColor = RGBColor(0x1f, 0x77, 0xb4);
const REFERENCE: RGBColor = RGBColor(0xd9, 0x5f, 0x02);
const TEXT: RGBColor = RGBColor(0x33, 0x33, 0x33);
const GRID: RGBColor = RGBColor(0xe6, 0xe6, 0xe6);

/// The loss over the steps, of the device and of float32.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    title: String,
    chip: Vec<f64>,
    reference: Vec<f64>,
}

type DrawError = DrawingAreaErrorKind<std::io::Error>;

impl Curve {
    /// The curve of a run.
    pub fn of(report: &Report) -> Self {
        let Report { workload, network, array, engine, seed, result, reference, .. } = report;
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let (ours, theirs) = (percent(result.test_accuracy), percent(reference.test_accuracy));
        let losses = |loss: fn(&super::StepRecord) -> f32| {
            report.history.iter().map(|s| f64::from(loss(s))).collect()
        };
        Self {
            title: format!(
                "{workload}, MLP {network}: {array}×{array} chip on {engine}, seed {seed}; test accuracy {ours}, float32 {theirs}"
            ),
            chip: losses(|s| s.loss),
            reference: losses(|s| s.reference_loss),
        }
    }

    /// An SVG picture: the loss on a logarithmic scale; thin each step, thick the mean of the last
    /// 20 steps.
    pub fn svg(&self) -> String {
        let mut text = String::new();
        self.draw(&mut text).expect("drawing into a string");
        text
    }

    fn draw(&self, text: &mut String) -> Result<(), DrawError> {
        let area = SVGBackend::with_string(text, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let (low, high) = self.range();
        let style = |size: i32| ("sans-serif", size).into_font().color(&TEXT);
        let steps = 1.0..self.chip.len().max(2) as f64;
        let mut chart = ChartBuilder::on(&area)
            .caption(&self.title, style(17))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d(steps, (low..high).log_scale())?;
        chart
            .configure_mesh()
            .x_desc("training step")
            .y_desc("cross-entropy loss")
            .label_style(style(13))
            .axis_desc_style(style(15))
            .axis_style(TEXT)
            .bold_line_style(GRID)
            .light_line_style(WHITE)
            .x_label_formatter(&|step| format!("{step:.0}"))
            .y_label_formatter(&|loss| format!("{loss}"))
            .draw()?;
        let lines = [
            ("float32 reference, host", &self.reference, REFERENCE, 3),
            ("Peridot, bf16 × bf16 + fp32", &self.chip, CHIP, 1),
        ];
        for (_, losses, color, _) in &lines {
            chart.draw_series(LineSeries::new(numbered(losses), color.mix(0.25)))?;
        }
        for (name, losses, color, width) in lines {
            let style = color.stroke_width(width + 1);
            chart
                .draw_series(LineSeries::new(numbered(&smooth(losses)), style))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .label_font(style(14))
            .background_style(WHITE.mix(0.9))
            .border_style(GRID)
            .draw()?;
        area.present()
    }

    /// A little more than what is drawn; a logarithm needs positive numbers.
    fn range(&self) -> (f64, f64) {
        let all = || self.chip.iter().chain(&self.reference).copied();
        let low = all().fold(f64::INFINITY, f64::min).max(1e-4);
        let high = all().fold(low, f64::max);
        (low * 0.8, high * 1.25)
    }
}

/// Points at steps 1, 2, 3, …; what is too small for the scale is drawn at its edge.
fn numbered(losses: &[f64]) -> Vec<(f64, f64)> {
    losses.iter().enumerate().map(|(i, &loss)| ((i + 1) as f64, loss.max(1e-4))).collect()
}

/// The mean of each step and those before it, [`WINDOW`] in all.
fn smooth(losses: &[f64]) -> Vec<f64> {
    let mean = |end: usize| {
        let window = &losses[end.saturating_sub(WINDOW)..end];
        window.iter().sum::<f64>() / window.len() as f64
    };
    (1..=losses.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_both_lines_axes_and_legend() {
        let falling: Vec<f64> = (1..=60).map(|i| 2.3 / f64::from(i)).collect();
        let reference = falling.iter().map(|x| x * 1.1).collect();
        let curve = Curve { title: "a title & more".into(), chip: falling, reference };
        let svg = curve.svg();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
        for text in
            ["training step", "cross-entropy loss", "Peridot", "float32", "a title &amp; more"]
        {
            assert!(svg.contains(text), "no `{text}` in the picture");
        }
        assert!(svg.matches("<polyline").count() >= 4);
        assert_eq!(svg, curve.svg());
    }

    #[test]
    fn one_step_and_zero_loss_can_be_drawn() {
        for losses in [vec![1.0], vec![0.0, 0.0]] {
            let curve = Curve { title: String::new(), chip: losses.clone(), reference: losses };
            assert!(curve.svg().contains("</svg>"));
        }
    }

    #[test]
    fn the_mean_runs_over_what_there_is() {
        let losses: Vec<f64> = (0..30).map(f64::from).collect();
        let smoothed = smooth(&losses);
        assert_eq!((smoothed[0], smoothed[3], smoothed[29]), (0.0, 1.5, 19.5));
    }
}
