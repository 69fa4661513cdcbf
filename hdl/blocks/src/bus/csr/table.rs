//! A [`RegisterMap`] as a document.

use super::map::RegisterMap;

impl RegisterMap {
    /// The map in Markdown: a table of the registers, then one of the fields of each.
    pub fn table(&self) -> String {
        let mut text = format!("# Registers of `{}`\n\n{}\n\n", self.name, self.doc);
        text += "| offset | register | |\n|---|---|---|\n";
        for r in &self.registers {
            text += &format!("| {:#06x} | `{}` | {} |\n", r.offset, r.name, cell(&r.doc));
        }
        for r in &self.registers {
            text += &format!("\n## `{}` at {:#06x}\n\n{}\n\n", r.name, r.offset, r.doc);
            text += "| bits | field | access | reset | |\n|---|---|---|---|---|\n";
            let mut fields: Vec<_> = r.fields.iter().collect();
            fields.sort_by_key(|f| f.low);
            for f in fields {
                let bits = match f.width {
                    1 => f.low.to_string(),
                    _ => format!("{}…{}", f.low, f.low + f.width - 1),
                };
                let (name, access, doc) = (&f.name, f.access.short(), cell(&f.doc));
                text += &format!("| {bits} | `{name}` | {access} | {} | {doc} |\n", f.reset);
            }
        }
        text
    }
}

/// Text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
