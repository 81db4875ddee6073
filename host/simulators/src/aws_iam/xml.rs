//! XML as AWS writes it: two spaces for each level, and a line feed at the end (asserted against AWS's STS).

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Elements(Vec<Element>),
}

/// An element of text.
pub(super) fn text(name: impl Into<String>, text: impl Into<String>) -> Element {
    Element { name: name.into(), content: Content::Text(text.into()) }
}

/// An element of elements.
pub(super) fn tree(name: impl Into<String>, elements: impl IntoIterator<Item = Element>) -> Element {
    Element { name: name.into(), content: Content::Elements(elements.into_iter().collect()) }
}

/// A list, each item a `member`.
pub(super) fn list(name: impl Into<String>, items: impl IntoIterator<Item = Vec<Element>>) -> Element {
    tree(name, items.into_iter().map(|item| tree("member", item)))
}

/// A document with this root, whose names are all in `namespace`.
pub(super) fn document(root: &Element, namespace: &str) -> String {
    let mut out = String::new();
    write(root, 0, &format!(" xmlns=\"{}\"", escape(namespace)), &mut out);
    out
}

fn write(element: &Element, depth: usize, attribute: &str, out: &mut String) {
    let Element { name, content } = element;
    let margin = "  ".repeat(depth);
    match content {
        Content::Text(text) => out.push_str(&format!("{margin}<{name}{attribute}>{}</{name}>\n", escape(text))),
        Content::Elements(elements) if elements.is_empty() => out.push_str(&format!("{margin}<{name}{attribute}/>\n")),
        Content::Elements(elements) => {
            out.push_str(&format!("{margin}<{name}{attribute}>\n"));
            elements.iter().for_each(|element| write(element, depth + 1, "", out));
            out.push_str(&format!("{margin}</{name}>\n"));
        }
    }
}

/// What XML 1.0 has no way to write, as a refused value that is quoted may hold, becomes a replacement character.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' => escaped.push(character),
            '\r' => escaped.push_str("&#13;"),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_indented_and_escaped() {
        let root = tree("A", [text("B", "1 < 2 & \"3\"\u{1}"), list("Cs", [vec![text("D", "")]]), list("Es", [])]);
        assert_eq!(
            document(&root, "urn:x"),
            "<A xmlns=\"urn:x\">\n  <B>1 &lt; 2 &amp; &quot;3&quot;\u{fffd}</B>\n  <Cs>\n    <member>\n      <D></D>\n    \
             </member>\n  </Cs>\n  <Es/>\n</A>\n"
        );
    }
}
