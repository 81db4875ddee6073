//! A small strict reader of XML: elements, text, entities. No DTD, no processing instructions; attributes and the prefixes
//! of names are read over. A component that does not use it does not carry it.

use crate::{Response, Result};

/// How deep elements may be nested.
const DEEPEST: usize = 64;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its local name: without a prefix.
    pub name: String,
    /// Its own text, without white space around it.
    pub text: String,
    /// The elements in it, in their order.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The element at the end of a path of names, from the first child on.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The text of the first child of this name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

/// The root of a document.
///
/// # Errors
///
/// The end of a sentence that says what is wrong with it; it never quotes the document.
///
/// ```
/// use keywright_sdk::xml;
///
/// let root = xml::parse(b"<r><a:key xmlns:a='u'>x &amp; y</a:key><key/></r>")?;
/// assert_eq!(root.text_of("key"), Some("x & y"));
/// assert_eq!(root.all("key").count(), 2);
/// assert!(xml::parse(b"<!DOCTYPE r><r/>").is_err());
/// # Ok::<(), &'static str>(())
/// ```
pub fn parse(document: &[u8]) -> std::result::Result<Element, &'static str> {
    let text = std::str::from_utf8(document).map_err(|_| "it is not UTF-8")?;
    let mut rest = text.trim_start_matches('\u{feff}');
    if let Some(after) = rest.strip_prefix("<?xml") {
        let (declaration, after) = after.split_once("?>").ok_or(BROKEN)?;
        // The bytes are UTF-8: another encoding would have them mean something else.
        if let Some((_, encoding)) = declaration.split_once("encoding") {
            let name = encoding.trim_matches(|character: char| !character.is_ascii_alphanumeric());
            if !["UTF-8", "US-ASCII"]
                .iter()
                .any(|known| name.get(..known.len()).is_some_and(|n| n.eq_ignore_ascii_case(known)))
            {
                return Err("it is XML of another encoding than UTF-8");
            }
        }
        rest = after;
    }
    Reader { open: Vec::new(), root: None }.read(rest)
}

const BROKEN: &str = "it is not well-formed XML";

/// The elements that are open, each with its whole name, and the root once it is closed.
struct Reader<'a> {
    open: Vec<(&'a str, Element)>,
    root: Option<Element>,
}

impl<'a> Reader<'a> {
    fn read(mut self, mut rest: &'a str) -> std::result::Result<Element, &'static str> {
        while let Some(at) = rest.find('<') {
            let (text, markup) = rest.split_at(at);
            self.text(text, true)?;
            if let Some(after) = markup.strip_prefix("<!--") {
                rest = after.split_once("-->").ok_or(BROKEN)?.1;
            } else if let Some(after) = markup.strip_prefix("<![CDATA[") {
                let (text, after) = after.split_once("]]>").ok_or(BROKEN)?;
                self.text(text, false)?;
                rest = after;
            } else if markup.starts_with("<!") || markup.starts_with("<?") {
                return Err("it is XML with a document type or an instruction, which are not read");
            } else if let Some(after) = markup.strip_prefix("</") {
                let (name, after) = after.split_once('>').ok_or(BROKEN)?;
                self.close(Some(name.trim_end()))?;
                rest = after;
            } else {
                rest = self.tag(&markup[1..])?;
            }
        }
        self.text(rest, true)?;
        if self.open.is_empty() { self.root.ok_or(BROKEN) } else { Err(BROKEN) }
    }

    /// Reads on after the `<` of a start tag.
    fn tag(&mut self, tag: &'a str) -> std::result::Result<&'a str, &'static str> {
        let (name, mut rest) = split_name(tag)?;
        if self.root.is_some() || self.open.len() == DEEPEST {
            return Err(BROKEN);
        }
        let local = name.rsplit(':').next().unwrap_or(name);
        self.open.push((name, Element { name: local.to_owned(), ..Element::default() }));
        loop {
            let spaced = rest.trim_start();
            if let Some(after) = spaced.strip_prefix('>') {
                return Ok(after);
            }
            if let Some(after) = spaced.strip_prefix("/>") {
                self.close(None)?;
                return Ok(after);
            }
            if spaced.len() == rest.len() {
                return Err(BROKEN);
            }
            let value = split_name(spaced)?.1.trim_start().strip_prefix('=').ok_or(BROKEN)?.trim_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or(BROKEN)?;
            let (value, after) = value[1..].split_once(quote).ok_or(BROKEN)?;
            if value.contains('<') {
                return Err(BROKEN);
            }
            rest = after;
        }
    }

    /// Closes the innermost element, which must have this name if an end tag gives one.
    fn close(&mut self, end: Option<&str>) -> std::result::Result<(), &'static str> {
        let (name, mut element) = self.open.pop().ok_or(BROKEN)?;
        if end.is_some_and(|end| end != name) {
            return Err(BROKEN);
        }
        element.text = element.text.trim().to_owned();
        match self.open.last_mut() {
            Some((_, parent)) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, entities: bool) -> std::result::Result<(), &'static str> {
        let Some((_, element)) = self.open.last_mut() else {
            return if entities && text.trim().is_empty() { Ok(()) } else { Err(BROKEN) };
        };
        let mut rest = text;
        while entities && let Some((before, after)) = rest.split_once('&') {
            let (entity, after) = after.split_once(';').ok_or(BROKEN)?;
            element.text.push_str(before);
            element.text.push(character(entity).ok_or(BROKEN)?);
            rest = after;
        }
        element.text.push_str(rest);
        Ok(())
    }
}

/// The name that a text starts with, and what follows.
fn split_name(text: &str) -> std::result::Result<(&str, &str), &'static str> {
    let of_name =
        |character: char| !character.is_ascii() || character.is_ascii_alphanumeric() || "_:.-".contains(character);
    let end = text.find(|character| !of_name(character)).unwrap_or(text.len());
    let starts = text.starts_with(|first: char| !first.is_ascii() || first.is_ascii_alphabetic() || first == '_');
    if starts { Ok(text.split_at(end)) } else { Err(BROKEN) }
}

/// The character that an entity stands for.
fn character(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(digits) if !digits.starts_with('+') => u32::from_str_radix(digits, 16),
                None if !number.starts_with('+') => number.parse(),
                _ => return None,
            };
            char::from_u32(code.ok()?).filter(|character| *character != '\0')?
        }
    })
}

impl Response {
    /// The body as XML. One that cannot be read is a failure; the answer to a request that acts leaves it in doubt whether
    /// it acted. The failure never quotes the body.
    pub fn xml(&self) -> Result<Element> {
        parse(self.body()).map_err(|how| self.unexpected(how))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_xml_is_read_by_the_names_of_its_elements() {
        let document = r#"<?xml version="1.0" encoding="UTF-8"?>
            <ListResponse xmlns="https://iam.example.com/doc/">
              <!-- two keys -->
              <ListResult>
                <Keys><member><Id>A&#x31;</Id></member><member><Id>A&#50;</Id><Secret><![CDATA[a<b]]></Secret></member></Keys>
                <Truncated flag = 'no' >false</Truncated>
              </ListResult>
            </ListResponse>
        "#;
        let root = parse(document.as_bytes()).unwrap();
        assert_eq!(root.name, "ListResponse");
        let keys = root.at(&["ListResult", "Keys"]).unwrap();
        let ids: Vec<_> = keys.all("member").filter_map(|member| member.text_of("Id")).collect();
        assert_eq!(ids, ["A1", "A2"]);
        assert_eq!(keys.children[1].text_of("Secret"), Some("a<b"));
        assert_eq!(root.at(&["ListResult"]).unwrap().text_of("Truncated"), Some("false"));
        assert_eq!(root.at(&["ListResult", "Other"]), None);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for document in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "<a b></a>",
            "<a b=c></a>",
            "<a b='c'd='e'/>",
            "<a b='<'/>",
            "<a>&nbsp;</a>",
            "<a>&amp</a>",
            "<a>&#x110000;</a>",
            "<a>&#+49;</a>",
            "<a>&#0;</a>",
            "< a/>",
            "<1/>",
            "<![CDATA[x]]><a/>",
            "</a>",
            "<a><!-- </a>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "<a><?php ?></a>",
            "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
        ] {
            assert!(parse(document.as_bytes()).is_err(), "{document}");
        }
        assert!(parse(b"<a>\xff</a>").is_err());
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth: usize| ["<a>".repeat(depth), "</a>".repeat(depth)].concat();
        assert!(parse(nested(DEEPEST).as_bytes()).is_ok());
        assert!(parse(nested(DEEPEST + 1).as_bytes()).is_err());
    }
}
