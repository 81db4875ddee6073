//! Pages of a list.

use crate::parameters::Parameters;

/// Which part of a list is wanted (parameters' limits: validation rules of Scaleway's JavaScript SDK).
pub(super) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// Reads `page` and `page_size`.
    pub(super) fn read(parameters: &mut Parameters) -> Self {
        Self {
            number: parameters.number("page", 1..=10_000).unwrap_or(1),
            // The size of a page when none is given is unknown; 20 is a choice, small enough to need a second page.
            size: parameters.number("page_size", 1..=100).unwrap_or(20),
        }
    }

    /// The items of the page; none past the end.
    pub(super) fn of<'a, T>(&self, items: &'a [T]) -> &'a [T] {
        let start = items.len().min((self.number - 1) * self.size);
        let end = items.len().min(start + self.size);
        &items[start..end]
    }
}
