//! JSON pointers and XML paths: where in a document a value stands.

use std::fmt;
use std::str::FromStr;

use crate::rule_error::{RuleError, excerpt};

/// A JSON pointer (RFC 6901), extended by `*` for all elements of a list or all members of an object.
///
/// Two escapes come with that: `~2` is a `*` and `~3` a `#` that belongs to the name of a member; `~0` and `~1` are `~` and
/// `/`, as in the RFC. It does not mean the whole document. `Display` writes it in its one spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonPointer {
    tokens: Vec<PointerToken>,
}

/// A step of a [`JsonPointer`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PointerToken {
    /// The member of an object with this name, or the element of a list with this index.
    Member(String),
    /// Every member of an object, or every element of a list.
    Any,
}

impl JsonPointer {
    /// The name of the member that this points at, when that is one of the whole document.
    pub(crate) fn only_member(&self) -> Option<&str> {
        match self.tokens() {
            [PointerToken::Member(name)] => Some(name),
            _ => None,
        }
    }

    /// Its steps from the root of the document on; at least one.
    pub fn tokens(&self) -> &[PointerToken] {
        &self.tokens
    }

    /// Whether it may mean several places.
    pub fn has_wildcard(&self) -> bool {
        self.tokens.contains(&PointerToken::Any)
    }
}

impl FromStr for JsonPointer {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let refused = || RuleError::Pointer(excerpt(text));
        let rest = text.strip_prefix('/').ok_or_else(refused)?;
        if !rest.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'#')) {
            return Err(refused());
        }
        let tokens =
            rest.split('/').map(|token| PointerToken::parse(token).ok_or_else(refused)).collect::<Result<_, _>>()?;
        Ok(Self { tokens })
    }
}

impl PointerToken {
    fn parse(token: &str) -> Option<Self> {
        if token == "*" {
            return Some(Self::Any);
        }
        let mut name = String::new();
        let mut characters = token.chars();
        while let Some(character) = characters.next() {
            name.push(match character {
                '~' => match characters.next()? {
                    '0' => '~',
                    '1' => '/',
                    '2' => '*',
                    '3' => '#',
                    _ => return None,
                },
                // Only a whole segment is a wildcard; within a name, nobody could tell what is meant.
                '*' => return None,
                character => character,
            });
        }
        Some(Self::Member(name))
    }
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tokens.iter().try_for_each(|token| match token {
            PointerToken::Any => formatter.write_str("/*"),
            PointerToken::Member(name) => {
                let name = name.replace('~', "~0").replace('/', "~1").replace('*', "~2").replace('#', "~3");
                write!(formatter, "/{name}")
            }
        })
    }
}

/// A path of elements in an XML document, from the root on, by their local names; `*` is any element.
///
/// Every element that it leads to is meant. Namespaces do not matter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct XmlPath {
    steps: Vec<XmlStep>,
}

/// A step of an [`XmlPath`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum XmlStep {
    /// An element with this local name.
    Element(String),
    /// Any element.
    Any,
}

impl XmlPath {
    /// Its steps, of which the first is the root element; at least one.
    pub fn steps(&self) -> &[XmlStep] {
        &self.steps
    }
}

impl FromStr for XmlPath {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let refused = || RuleError::XmlPath(excerpt(text));
        let step = |name: &str| match name {
            "*" => Ok(XmlStep::Any),
            name if is_xml_name(name) => Ok(XmlStep::Element(name.to_owned())),
            _ => Err(refused()),
        };
        let rest = text.strip_prefix('/').ok_or_else(refused)?;
        Ok(Self { steps: rest.split('/').map(step).collect::<Result<_, _>>()? })
    }
}

impl fmt::Display for XmlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| match step {
            XmlStep::Any => formatter.write_str("/*"),
            XmlStep::Element(name) => write!(formatter, "/{name}"),
        })
    }
}

/// A local name of an XML element, as far as it is ASCII.
fn is_xml_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_writes_itself_as_it_was_read() {
        for text in ["/a", "/", "/a//b", "/a/*/b", "/*", "/a~0b~1c~2d~3e", "/0", "/a=b", "/@id"] {
            assert_eq!(text.parse::<JsonPointer>().unwrap().to_string(), text);
        }
        let pointer: JsonPointer = "/~2/*/a~1b".parse().unwrap();
        let member = |name: &str| PointerToken::Member(name.to_owned());
        assert_eq!(pointer.tokens(), [member("*"), PointerToken::Any, member("a/b")]);
        assert!(pointer.has_wildcard() && !"/~2".parse::<JsonPointer>().unwrap().has_wildcard());
    }

    #[test]
    fn what_is_not_a_pointer_is_refused() {
        for text in ["", "a", "/~", "/~4", "/a*", "/**", "/a b", "/é", "/a\"b", "/a#b", "/\u{7f}"] {
            assert_eq!(text.parse::<JsonPointer>(), Err(RuleError::Pointer(excerpt(text))));
        }
    }

    #[test]
    fn an_xml_path_is_made_of_local_names() {
        for text in ["/Root/Child", "/*/_a.b-c"] {
            assert_eq!(text.parse::<XmlPath>().unwrap().to_string(), text);
        }
        for text in ["", "Root", "/", "/Root/", "//Child", "/a:b", "/@id", "/a[1]", "/-a", "/1a", "/é", "/a b", "/**"]
        {
            assert_eq!(text.parse::<XmlPath>(), Err(RuleError::XmlPath(excerpt(text))));
        }
    }
}
