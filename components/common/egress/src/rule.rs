//! Rules and sets of them, as text.

use std::fmt;
use std::str::FromStr;

use http::Method;
use keywright_settings::{Reference, Template, TemplateError};
use serde_json::{Map, Value};

use crate::mint::Minted;
use crate::origin::{Origin, OriginError};
use crate::path::{PathError, PathTemplate};

/// What operations may send: `OPERATION[,OPERATION…] METHOD URL [mints PART=POINTER [after CHARACTERS]…]` on one line.
///
/// `Display` writes the line in its one normal form, which parses to the same rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// The operations that may send it.
    pub operations: Vec<String>,
    /// The method.
    pub method: Method,
    /// The scheme, host and port: `https://` and a host that may hold settings, in lower case and without port 443.
    pub endpoint: Template,
    /// The path.
    pub path: PathTemplate,
    /// The secrets that the answer holds.
    pub mints: Vec<Minted>,
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}{}", self.operations.join(","), self.method, self.endpoint, self.path)?;
        self.mints.iter().try_for_each(|minted| write!(formatter, " {minted}"))
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(line: &str) -> Result<Self, RuleError> {
        let mut words = line.split_ascii_whitespace().peekable();
        let mut operations = words.next().unwrap_or_default().to_owned();
        // Spaces around the commas are a reader's, not the rule's.
        while let Some(word) = words.next_if(|word| operations.ends_with(',') || word.starts_with(',')) {
            operations.push_str(word);
        }
        let (Some(method), Some(url)) = (words.next(), words.next()) else { return Err(RuleError::Form) };
        let mints = Minted::read_all(words)?;
        Ok(Self { mints, ..Self::new(operations.split(','), method, url)? })
    }
}

impl Rule {
    /// A rule from its three parts, which mints nothing.
    pub fn new<'o>(operations: impl IntoIterator<Item = &'o str>, method: &str, url: &str) -> Result<Self, RuleError> {
        let (endpoint, path) = split_url(url)?;
        Self::at(operations, method, endpoint, path)
    }

    /// A rule for a path at an endpoint, which mints nothing.
    pub fn at<'o>(
        operations: impl IntoIterator<Item = &'o str>,
        method: &str,
        endpoint: &str,
        path: &str,
    ) -> Result<Self, RuleError> {
        let operations: Vec<String> = operations.into_iter().map(operation).collect::<Result<_, _>>()?;
        if operations.is_empty() {
            return Err(RuleError::Form);
        }
        let (method, endpoint, path) = (method_from(method)?, endpoint_from(endpoint)?, path.parse()?);
        Ok(Self { operations, method, endpoint, path, mints: Vec::new() })
    }
}

fn operation(name: &str) -> Result<String, RuleError> {
    let plain = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if plain { Ok(name.to_owned()) } else { Err(RuleError::Operation(excerpt(name))) }
}

/// The methods that vendors' APIs use. `CONNECT` opens a tunnel and `TRACE` echoes credentials, so there are no rules
/// for those; others are no methods that a vendor documents.
fn method_from(name: &str) -> Result<Method, RuleError> {
    const METHODS: [Method; 6] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    METHODS.into_iter().find(|method| method.as_str() == name).ok_or_else(|| RuleError::Method(excerpt(name)))
}

fn endpoint_from(url: &str) -> Result<Template, RuleError> {
    let template: Template = url.parse()?;
    let refused = |cause| RuleError::Endpoint { url: excerpt(url), cause };
    // With letters in the places of its settings it must be an origin: no setting can then bring a path along unseen.
    let settings: Option<Map<String, Value>> = template
        .references()
        .map(|reference| match reference {
            Reference::Setting(name) => Some((name.to_owned(), "x".into())),
            Reference::Part(_) => None,
        })
        .collect();
    let example = settings.and_then(|settings| template.expand(&settings, &|_| None).ok());
    let example = example.ok_or_else(|| refused(OriginError::Host))?;
    match example.parse::<Origin>() {
        Ok(_) if url.ends_with('/') => Err(refused(OriginError::Host)),
        Ok(origin) if origin.is_address() => Err(refused(OriginError::Address)),
        Ok(_) => {
            // One spelling, so that two rules for one place are equal.
            let url = url.to_ascii_lowercase();
            Ok(url.strip_suffix(":443").unwrap_or(&url).parse()?)
        }
        Err(cause) => Err(refused(cause)),
    }
}

fn split_url(url: &str) -> Result<(&str, &str), RuleError> {
    let start = "https://".len();
    let slash = url.get(start..).and_then(|rest| rest.find('/')).map(|slash| slash + start);
    slash.map(|slash| url.split_at(slash)).ok_or(RuleError::Form)
}

fn excerpt(text: &str) -> String {
    text.escape_debug().take(80).collect()
}

/// A set of rules: what an adapter asks for, or what an operator grants. One rule a line; `#` before or after it starts a
/// comment. Whatever is not read is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSet {
    /// The rules.
    pub rules: Vec<Rule>,
}

impl FromStr for RuleSet {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, without_comment(line).trim_ascii()));
        let rules = lines
            .filter(|(_, line)| !line.is_empty())
            .map(|(number, line)| line.parse().map_err(|cause| RuleError::Line { number, cause: Box::new(cause) }))
            .collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }
}

/// A comment starts a line or a word: within a word, a `#` would be a fragment, which is no part of a rule.
fn without_comment(line: &str) -> &str {
    let starts = |at: &usize| *at == 0 || line.as_bytes()[at - 1].is_ascii_whitespace();
    let comment = line.match_indices('#').map(|(at, _)| at).find(starts);
    comment.map_or(line, |at| &line[..at])
}

impl FromIterator<Rule> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        Self { rules: rules.into_iter().collect() }
    }
}

impl fmt::Display for RuleSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules.iter().try_for_each(|rule| writeln!(formatter, "{rule}"))
    }
}

/// Why a text is not a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Its words are not those of a rule.
    #[error(
        "a rule is `OPERATION[,OPERATION] METHOD https://HOST/PATH`, and `mints PART=POINTER` where the answer holds a secret"
    )]
    Form,
    /// The place of a secret is malformed.
    #[error("`{0}` does not say where a secret stands: write the part and a JSON pointer, such as `token=/token`")]
    Minted(String),
    /// An operation's name is malformed.
    #[error("`{0}` is not the name of an operation: those are lower case, such as `create` or `set-enabled`")]
    Operation(String),
    /// The method is not one that rules can name.
    #[error("`{0}` is not a method that a rule can name: use GET, HEAD, POST, PUT, PATCH or DELETE, in capitals")]
    Method(String),
    /// The endpoint is not an origin.
    #[error("`{url}` is not an endpoint: {cause}")]
    Endpoint {
        /// The endpoint, shortened.
        url: String,
        /// What is wrong with it.
        cause: OriginError,
    },
    /// A placeholder is malformed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The path is malformed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A line of a set is not a rule.
    #[error("line {number}: {cause}")]
    Line {
        /// The line, from 1.
        number: usize,
        /// What is wrong with it.
        cause: Box<RuleError>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_writes_itself_as_it_was_read() {
        for line in [
            "create POST https://api.example.com/v1/keys",
            "get,verify GET https://api.{settings.region}.example.com:8443/{settings.project}/keys/{id}",
        ] {
            assert_eq!(line.parse::<Rule>().unwrap().to_string(), line);
        }
    }

    #[test]
    fn a_set_may_be_laid_out_and_commented() {
        let set: RuleSet = "# keys\n\n get , verify   GET  https://a.example/k/{id}  # one\n".parse().unwrap();
        assert_eq!(set.to_string(), "get,verify GET https://a.example/k/{id}\n");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, says) in [
            ("get GET", "line 1: a rule is"),
            ("\nget get https://a.example/k", "line 2: `get` is not a method"),
            ("get TRACE https://a.example/k", "`TRACE` is not a method"),
            ("Get GET https://a.example/k", "`Get` is not the name of an operation"),
            ("get GET http://a.example/k", "must start with https://"),
            ("get GET https://u@a.example/k", "plain host name"),
            ("get GET https://a.example/k/../x", "`..` is not a path segment"),
            ("get GET https://a.{region}.example/k", "settings.NAME"),
            ("get GET https://a.example/k?x=1", "is not a path segment"),
            ("get GET https://a.example/k#x", "is not a path segment"),
            ("get GET https://a.example/k , /x", "a rule is"),
            ("get GET https://a.example/k\u{a0}#", "is not a path segment"),
            ("get GET https://{parts.secret}.example/k", "is not an endpoint"),
            ("get GET https://a.example/{parts.secret}", "is not a path segment"),
            ("get GET https://a.{{b/k", "plain host name"),
            ("get GET https://a.{{b}}/k", "plain host name"),
            ("get GET https://10.0.0.1/k", "a rule names a host, never an address"),
            ("get GET https://[::1]/k", "a rule names a host, never an address"),
            ("get GET https://2130706433/k", "plain host name"),
            ("get GET https://*.example/k", "plain host name"),
        ] {
            let message = text.parse::<RuleSet>().unwrap_err().to_string();
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn a_word_or_a_key_that_is_not_known_is_an_error() {
        const RULE: &str = "get GET https://a.example/k";
        for text in [
            format!("{RULE} once"),
            format!("{RULE} timeout=3"),
            format!("allow {RULE}"),
            format!("deny: {RULE}"),
            format!("{RULE},https://b.example/k"),
            format!("{RULE} get GET https://b.example/k"),
            format!("{RULE}\rget GET https://b.example/k"),
            format!("[rules]\n{RULE}"),
            "get verify GET https://a.example/k".to_owned(),
            "get, GET https://a.example/k".to_owned(),
            "get,,verify GET https://a.example/k".to_owned(),
            "* GET https://a.example/k".to_owned(),
            "get * https://a.example/k".to_owned(),
            "get GET,POST https://a.example/k".to_owned(),
            "get GET https://a.example/*".to_owned(),
            "get GET https://a.example/k/**".to_owned(),
            "get GET https://a.example:80-90/k".to_owned(),
            "get GET https://a.example:{settings.port}/k".to_owned(),
            "get GET https://a.example".to_owned(),
            "get GET //a.example/k".to_owned(),
        ] {
            match text.parse::<RuleSet>() {
                Ok(rules) => panic!("{text:?} was read as {rules}"),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn one_endpoint_has_one_spelling() {
        let rule: Rule = "get GET https://API.{settings.region}.Example.com:443/K".parse().unwrap();
        assert_eq!(rule.to_string(), "get GET https://api.{settings.region}.example.com/K");
    }
}
