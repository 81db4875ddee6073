//! What a component was built from, as cargo writes it down: one rule of a makefile.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, unusable};

/// The inputs that the file lists.
pub(crate) fn read(file: &Path) -> Result<Vec<PathBuf>, Error> {
    fs::read_to_string(file).map(|text| parse(&text)).map_err(|error| unusable(file, &error))
}

fn parse(rule: &str) -> Vec<PathBuf> {
    let Some((_, inputs)) = rule.split_once(": ") else { return Vec::new() };
    let mut paths = Vec::new();
    let mut path = String::new();
    let mut characters = inputs.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => path.extend(characters.next()),
            ' ' | '\n' => paths.extend((!path.is_empty()).then(|| PathBuf::from(std::mem::take(&mut path)))),
            character => path.push(character),
        }
    }
    paths.extend((!path.is_empty()).then(|| PathBuf::from(path)));
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_in_a_path_is_escaped() {
        let paths = parse("/t/a.wasm: /src/lib.rs /my\\ src/b.rs\n");
        assert_eq!(paths, [PathBuf::from("/src/lib.rs"), PathBuf::from("/my src/b.rs")]);
    }
}
