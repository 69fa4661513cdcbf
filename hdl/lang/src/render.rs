//! Faults as a person reads them: with the author's source lines, all parts marked.

use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Origin, Renderer, Snippet};
use olivine_netlist::{Fault, Faults, FileId, Place};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// All faults with the source lines they speak of, as plain text. Sources that cannot be read
/// are only named.
pub fn render(faults: &Faults) -> String {
    render_with(faults, &Renderer::plain())
}

/// As [`render`], with colours for a terminal.
pub fn render_styled(faults: &Faults) -> String {
    render_with(faults, &Renderer::styled())
}

fn render_with(faults: &Faults, renderer: &Renderer) -> String {
    let sources = Sources::read(faults);
    let texts = faults.faults.iter().map(|fault| {
        let level = if fault.code.starts_with('W') { Level::WARNING } else { Level::ERROR };
        let group = level
            .primary_title(fault.message.as_str())
            .id(fault.code)
            .elements(sources.elements(fault))
            .element(Level::HELP.message(fault.help.as_str()));
        renderer.render(&[group])
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// The texts of the files that faults speak of.
struct Sources<'a> {
    names: &'a [String],
    texts: BTreeMap<FileId, String>,
}

impl<'a> Sources<'a> {
    fn read(faults: &'a Faults) -> Self {
        let places = faults
            .faults
            .iter()
            .flat_map(|f| std::iter::once(f.place).chain(f.labels.iter().map(|(place, _)| *place)));
        let mut texts = BTreeMap::new();
        for place in places.filter(|p| p.line > 0) {
            let Some(name) = faults.files.get(place.file.0 as usize) else { continue };
            if !texts.contains_key(&place.file)
                && let Some(text) = read_source(name)
            {
                texts.insert(place.file, text);
            }
        }
        Self { names: &faults.files, texts }
    }

    /// The file of the fault first, then the others that its labels are in.
    fn elements(&'a self, fault: &'a Fault) -> Vec<Element<'a>> {
        let mut files = vec![fault.place.file];
        for (place, _) in &fault.labels {
            if !files.contains(&place.file) {
                files.push(place.file);
            }
        }
        files.into_iter().map(|file| self.element(fault, file)).collect()
    }

    fn element(&'a self, fault: &'a Fault, file: FileId) -> Element<'a> {
        let name = self.names.get(file.0 as usize).map_or("unknown place", String::as_str);
        let Some(text) = self.texts.get(&file) else {
            let here = Some(fault.place).filter(|p| p.file == file);
            let line = here.map_or(0, |p| p.line as usize);
            return Origin::path(name).line(line).into();
        };
        let marks = marks(fault, file);
        let annotations = marks.into_iter().filter_map(|(place, kind, label)| {
            let span = span(text, place)?;
            Some(kind.span(span).label(label))
        });
        let annotations: Vec<Annotation<'_>> = annotations.collect();
        Snippet::source(text.as_str()).path(name).annotations(annotations).into()
    }
}

type Mark<'a> = (Place, AnnotationKind, Option<&'a str>);

/// What is marked in one file: the fault's own place, and its labels.
fn marks(fault: &Fault, file: FileId) -> Vec<Mark<'_>> {
    let own = |place: &Place| *place == fault.place;
    let kind = |place: &Place| match own(place) {
        true => AnnotationKind::Primary,
        false => AnnotationKind::Context,
    };
    let labels = fault.labels.iter().map(|(p, text)| (*p, kind(p), Some(text.as_str())));
    let alone = !fault.labels.iter().any(|(place, _)| own(place));
    let primary = alone.then_some((fault.place, AnnotationKind::Primary, None));
    primary.into_iter().chain(labels).filter(|(place, ..)| place.file == file).collect()
}

/// From the place to the end of the expression, as far as brackets and the line tell.
fn span(text: &str, place: Place) -> Option<Range<usize>> {
    let line_start = match place.line {
        0 => return None,
        1 => 0,
        line => text.match_indices('\n').nth(line as usize - 2)?.0 + 1,
    };
    let line = text[line_start..].lines().next().unwrap_or("");
    let column = place.column.max(1) as usize - 1;
    let from = line.char_indices().nth(column).map_or(line.len(), |(i, _)| i);
    let mut depth = 0;
    let mut to = from;
    for (i, c) in line[from..].char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' | ';' if depth == 0 => break,
            _ => {}
        }
        to = from + i + c.len_utf8();
    }
    let to = from + line[from..to].trim_end().len();
    Some(line_start + from..line_start + to.max(from))
}

/// A source file named as rustc does: from the folder in which cargo was called, which is the
/// present one or one above it.
fn read_source(name: &str) -> Option<String> {
    let present = std::env::current_dir().ok()?;
    let candidates = present.ancestors().map(|folder| folder.join(name));
    std::iter::once(Path::new(name).to_path_buf())
        .chain(candidates)
        .find_map(|path| std::fs::read_to_string(path).ok())
}
