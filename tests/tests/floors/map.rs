//! The floors table.

use std::collections::BTreeMap;

/// The floor of each entry of the table; an entry is a module, or a folder with all that is in it.
pub(crate) struct Floors(pub(crate) BTreeMap<String, u32>);

impl Floors {
    /// Reads the rows that begin with a number.
    pub(crate) fn parse(map: &str) -> Self {
        let rows = map.lines().filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            Some((cells.next()?.parse().ok()?, cells.next()?))
        });
        let entries = rows.flat_map(|(floor, modules)| {
            let names = modules.split('`').skip(1).step_by(2).flat_map(expand_braces);
            names.map(move |name| (name, floor))
        });
        Self(entries.collect())
    }

    /// The floor of a module. A folder's own file stands as high as the highest module listed in the folder.
    pub(crate) fn of(&self, module: &str) -> Option<u32> {
        let listed = ancestors(module).find_map(|entry| self.0.get(entry));
        let inside = self.0.iter().filter(|(entry, _)| is_inside(entry, module));
        let highest = || inside.map(|(_, floor)| floor).max();
        listed.or_else(highest).copied()
    }
}

/// `object/{header, vtable}` is `object/header` and `object/vtable`; `trace/` is `trace`.
fn expand_braces(entry: &str) -> Vec<String> {
    let Some((prefix, rest)) = entry.split_once('{') else {
        return vec![entry.trim_end_matches('/').to_owned()];
    };
    let names = rest.trim_end_matches('}').split(',');
    names.map(|name| format!("{prefix}{}", name.trim())).collect()
}

/// `a/b/c`, then `a/b`, then `a`.
pub(crate) fn ancestors(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |module| module.rsplit_once('/').map(|(folder, _)| folder))
}

pub(crate) fn is_inside(module: &str, folder: &str) -> bool {
    module.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
