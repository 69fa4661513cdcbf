//! The rows as a page to keep: a line for each task, a column for each engine.

use super::measure::Measured;
use std::fmt::Write;

/// The names in a column of the rows, once each, in their order.
fn names<'a>(rows: &'a [Measured], name: impl Fn(&'a Measured) -> &'a str) -> Vec<&'a str> {
    let mut found = Vec::new();
    for row in rows {
        if !found.contains(&name(row)) {
            found.push(name(row));
        }
    }
    found
}

fn cell(row: &Measured) -> String {
    match (row.verdict.as_str(), row.certified) {
        ("Proved", true) => format!("{:.2}", row.seconds),
        ("Proved", false) => "refused".to_string(),
        (verdict, _) => format!("{verdict} ({:.0})", row.seconds),
    }
}

/// Markdown. A proof whose certificate is refused, or an engine that does not answer, counts as no
/// proof; its seconds count.
pub fn markdown(rows: &[Measured], limit: f64) -> String {
    let engines = names(rows, |row| &row.engine);
    let mut page = format!(
        "# What is proved, and how soon

Printed by `scripts/bench proof --table FILE`: seconds to a proof that is certified, or a verdict
and the seconds that it took; at most {limit:.0} for each, for all cases of a task {} times that. All
engines ran one after the other in one run, a peer on the BTOR2 or AIGER of the same task; its
certificate is checked as ours are, which counts for nobody.

",
        super::measure::CASES
    );
    let mut line = |cells: &[String]| writeln!(page, "| {} |", cells.join(" | "));
    let heads = ["task".to_string()].into_iter().chain(engines.iter().map(|e| e.to_string()));
    let mut lines = vec![heads.collect::<Vec<_>>()];
    lines.push(vec!["---".to_string(); 1 + engines.len()]);
    for task in names(rows, |row| &row.task) {
        let of = |engine: &&str| {
            let row = rows.iter().find(|row| row.task == task && row.engine == **engine);
            row.map_or("–".to_string(), cell)
        };
        lines.push([task.to_string()].into_iter().chain(engines.iter().map(of)).collect());
    }
    let sum = |name: &str, of: &dyn Fn(&str) -> String| {
        [name.to_string()].into_iter().chain(engines.iter().map(|e| of(e))).collect::<Vec<_>>()
    };
    let of = |engine: &str| rows.iter().filter(|row| row.engine == engine).collect::<Vec<_>>();
    lines.push(sum("**proved and certified**", &|engine| {
        let all = of(engine);
        format!("{} of {}", all.iter().filter(|row| row.certified).count(), all.len())
    }));
    lines.push(sum("**seconds**", &|engine| {
        format!("{:.1}", of(engine).iter().map(|row| row.seconds).sum::<f64>())
    }));
    lines.iter().for_each(|cells| line(cells).expect("a string takes everything"));
    page + &faster(rows, &engines) + "\n" + include_str!("reasons.md")
}

/// The tasks that another engine proves sooner than the first.
fn faster(rows: &[Measured], engines: &[&str]) -> String {
    let Some((first, others)) = engines.split_first() else { return String::new() };
    let mut page =
        format!("\nProved sooner than by `{first}`, by more than a tenth of a second:\n\n");
    let begin = page.len();
    for row in rows.iter().filter(|row| row.certified && others.contains(&row.engine.as_str())) {
        let ours = rows.iter().find(|r| r.task == row.task && r.engine == *first);
        let Some(ours) = ours.filter(|r| !r.certified || r.seconds > row.seconds + 0.1) else {
            continue;
        };
        let (task, engine) = (&row.task, &row.engine);
        writeln!(page, "- {task}: {engine} {:.2}, {first} {}", row.seconds, cell(ours))
            .expect("a string takes everything");
    }
    if page.len() == begin {
        page.push_str("none.\n");
    }
    page
}
