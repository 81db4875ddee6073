//! Why a text is not a rule.

use keywright_settings::TemplateError;

use crate::origin::OriginError;
use crate::path::PathError;

/// Why a text is not a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// Its first three words are not those of a rule.
    #[error(
        "a rule is `OPERATION[,OPERATION] METHOD https://HOST/PATH`, and clauses such as `mints token=/token` after it"
    )]
    Form,
    /// A word stands where a clause should begin.
    #[error("`{0}` is not a clause of a rule: those start with `as`, `where`, `headers`, `sends`, `mints` or `hides`")]
    Clause(String),
    /// A clause ends too early.
    #[error("the clause `{0}` is not complete")]
    Incomplete(&'static str),
    /// A clause that a rule has at most once stands there again.
    #[error("`{0}` stands in the rule twice")]
    Repeated(String),
    /// A text in quotes is malformed.
    #[error("`{0}` is not a JSON string, or is followed by something else than a space")]
    Quotes(String),
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
    /// The name of a query key or of a form field is malformed.
    #[error(
        "`{0}` is not the name of a query key or a form field: write letters, digits and -._~$:@[] as they are, and \
         anything else percent-encoded"
    )]
    Key(String),
    /// The name of an authentication scheme is malformed.
    #[error("`{0}` is not the name of an authentication scheme: those are lower case, such as `admin-token`")]
    Scheme(String),
    /// A demand has no known location.
    #[error("`{0}` is not a location that a rule can demand a value at: use `query`, `form`, `json` or `header`")]
    DemandLocation(String),
    /// A demand's value is malformed.
    #[error(
        "`{0}` is not a value that can be demanded there: use text, with `{{settings.NAME}}` where a setting belongs, or \
         at `json` also a number, `true`, `false` or `null`"
    )]
    DemandValue(String),
    /// A demand at a pointer that means several places.
    #[error("`{0}` means several places, and a demand is on one: a member named `*` is written `~2`")]
    DemandWildcard(String),
    /// A form and a JSON document are demanded in one body.
    #[error("a body cannot be a form and JSON at once: use either `where form` or `where json`")]
    TwoBodies,
    /// A header's name is malformed.
    #[error("`{0}` is not the name of a header")]
    Header(String),
    /// A header that no rule can open.
    #[error("no rule can let an adapter set the header `{0}`: it authenticates, or decides how a request is read")]
    ForbiddenHeader(String),
    /// A secret is sent in a header that the rule does not name.
    #[error("the header `{0}`, in which a secret is sent, must stand in the rule's `headers` too")]
    UnnamedHeader(String),
    /// A JSON pointer is malformed.
    #[error(
        "`{0}` is not a JSON pointer: it starts with `/`, is visible ASCII, and has no other escapes than `~0` for `~`, \
         `~1` for `/`, `~2` for `*` and `~3` for `#`"
    )]
    Pointer(String),
    /// An XML path is malformed.
    #[error("`{0}` is not an XML path: write local names of elements, such as `/CreateResult/Key/Secret`, or `*`")]
    XmlPath(String),
    /// The place of a secret in an answer is malformed.
    #[error(
        "`{0}` does not say where an answer holds a secret: write PART=LOCATION, such as `token=/token`; a location is a \
         JSON pointer, `json:/OUTER#/INNER`, `xml:/PATH`, `form:NAME`, `header:NAME` or `text`"
    )]
    SecretLocation(String),
    /// The place of a secret in a request is malformed.
    #[error(
        "`{0}` does not say where a request sends a secret: write PART=LOCATION or settings.NAME=LOCATION; a location is \
         a JSON pointer, `form:NAME`, `header:NAME` or `text`"
    )]
    Placement(String),
    /// The characters that end a public prefix are not separators.
    #[error("`{0}` cannot end a public prefix: only punctuation can, such as `_` or `$`, each character once")]
    PublicPrefix(String),
    /// A rule both mints and hides.
    #[error("a rule that mints writes all its secrets with `mints`: `hides` is for rules that do not mint")]
    MintsAndHides,
    /// A rule mints for an operation that does not make a secret.
    #[error("`{0}` does not make a secret: only rules for create, update, set-enabled and regenerate can mint")]
    MintingOperation(String),
    /// A line of a set is not a rule.
    #[error("line {number}: {cause}")]
    Line {
        /// The line, from 1.
        number: usize,
        /// What is wrong with it.
        cause: Box<RuleError>,
    },
}

impl RuleError {
    pub(crate) fn string(text: &str) -> Self {
        Self::Quotes(excerpt(text))
    }
}

/// A text, escaped and shortened, fit for an error.
pub(crate) fn excerpt(text: &str) -> String {
    text.escape_debug().take(80).collect()
}
