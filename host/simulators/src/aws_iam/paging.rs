//! Pages of a list.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{
    errors::{Code, Refusal},
    input::{Input, MARKER},
    xml::{Element, text},
};

/// As many as there are in a page when nothing is said (the model of the API).
const USUAL: i32 = 100;

/// What a request says of the page that it wants.
pub(super) struct Paging<'a> {
    marker: Option<&'a str>,
    max_items: usize,
}

/// A page, and what leads to the next one.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    marker: Option<String>,
}

impl<'a> Paging<'a> {
    pub(super) fn read(input: &mut Input<'a>) -> Self {
        let max_items = input.number("MaxItems", 1..=1000).unwrap_or(USUAL);
        Self { marker: input.text("Marker", &MARKER), max_items: usize::try_from(max_items).unwrap_or(1) }
    }

    /// Cuts the page out of all `items`, each with its number, which rises. A page may hold less than was asked for: `most` at
    /// most. A marker is good for the `listing` that gave it (pull request 21 of awsets); how a bad one is refused is a choice.
    pub(super) fn cut<T>(
        &self,
        listing: &str,
        items: impl Iterator<Item = (u64, T)>,
        most: usize,
    ) -> Result<Page<T>, Refusal> {
        let after = self.marker.map(|marker| {
            let marker = String::from_utf8(BASE64_STANDARD.decode(marker).ok()?).ok()?;
            marker.strip_prefix(listing)?.strip_prefix(' ')?.parse::<u64>().ok()
        });
        let after = match after {
            None => None,
            Some(Some(number)) => Some(number),
            Some(None) => return Err(Code::ValidationError.because("Invalid Marker.")),
        };
        let mut items = items.filter(|(number, _)| after.is_none_or(|after| *number > after)).peekable();
        let (mut page, mut last) = (Vec::new(), 0);
        for (number, item) in items.by_ref().take(self.max_items.min(most)) {
            last = number;
            page.push(item);
        }
        let more = items.peek().is_some();
        Ok(Page { items: page, marker: more.then(|| BASE64_STANDARD.encode(format!("{listing} {last}"))) })
    }
}

impl<T> Page<T> {
    /// The marker comes only when there is more.
    pub(super) fn elements(&self) -> Vec<Element> {
        let truncated = text("IsTruncated", self.marker.is_some().to_string());
        let marker = self.marker.as_deref().map(|marker| text("Marker", marker));
        [truncated].into_iter().chain(marker).collect()
    }
}
