//! Why a descriptor cannot be used.

use keywright_auth::SchemeError;
use keywright_egress::RuleError;
use keywright_model::Operation;

use crate::pattern::PatternError;
use crate::schema_size::SchemaSizeError;
use crate::variable::VariableRole;

/// Why a descriptor cannot be used. Each message names the element that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptorError {
    /// A name does not have the form of one.
    #[error(
        "{element} `{name}` is not a name: use lower-case letters, digits and `{separator}`, and start with a letter"
    )]
    Name {
        /// What is named.
        element: &'static str,
        /// The name, shortened and escaped.
        name: String,
        /// The character that may separate words.
        separator: char,
    },
    /// Two elements have the same name.
    #[error("there are two {element}s of the name `{name}`: each needs its own")]
    Twice {
        /// What is named.
        element: &'static str,
        /// The name.
        name: String,
    },
    /// A text for people has characters that do not print.
    #[error("`{0}` has characters that do not print: leave them out")]
    Unprintable(String),
    /// A text for people is so long that it hides others.
    #[error("`{text}` is longer than {most} characters: shorten it")]
    LongText {
        /// Its start.
        text: String,
        /// The limit, in characters.
        most: usize,
    },
    /// There are so many elements that nobody could read them all.
    #[error("there are {count} {what}, and at most {most} are taken: leave some out")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// Extensions are not a JSON object.
    #[error("the extensions of {element} are not a JSON object")]
    ExtensionsForm {
        /// Whose extensions.
        element: String,
    },
    /// An extension could change what is allowed or hidden, and this host does not know it.
    #[error(
        "{element} has the extension `{name}`, which this host does not know and which could change what is allowed or \
         hidden: use a newer host"
    )]
    UnknownExtension {
        /// Whose extension.
        element: String,
        /// Its name.
        name: String,
    },
    /// A case of a later version of the contract.
    #[error("{element} is `{name}`, which this host does not know: use a newer host")]
    LaterVersion {
        /// What has it.
        element: String,
        /// The case.
        name: String,
    },
    /// An operation works but no rule lets it send anything.
    #[error("`{0}` is said to work, but no rule lets it send anything: add a rule, or leave the operation out")]
    NoRule(Operation),
    /// A rule is for an operation that does not work.
    #[error("rule {number} is for `{operation}`, which is not said to work: implement it, or leave it out of the rule")]
    RuleOperation {
        /// The rule, from 1.
        number: usize,
        /// The operation.
        operation: Operation,
    },
    /// An endpoint has a malformed URL.
    #[error("the endpoint `{name}` is malformed: {cause}")]
    Endpoint {
        /// Its name.
        name: String,
        /// What is wrong with it.
        cause: RuleError,
    },
    /// A rule names an endpoint that is not described.
    #[error("rule {number} names the endpoint `{name}`, which is not described")]
    RuleEndpoint {
        /// The rule, from 1.
        number: usize,
        /// The endpoint.
        name: String,
    },
    /// A rule names a scheme that is not described.
    #[error("rule {number} names the authentication scheme `{name}`, which is not described")]
    RuleScheme {
        /// The rule, from 1.
        number: usize,
        /// The scheme.
        name: String,
    },
    /// A rule is malformed.
    #[error("rule {number}: {cause}")]
    Rule {
        /// The rule, from 1.
        number: usize,
        /// What is wrong with it.
        cause: RuleError,
    },
    /// A secret in an answer is not a secret part that the vendor makes.
    #[error("rule {number} says where `{part}` stands in an answer, which is not a secret part that the vendor makes")]
    SecretPart {
        /// The rule, from 1.
        number: usize,
        /// The part.
        part: String,
    },
    /// A placement's source is not something that the host puts in.
    #[error("rule {number} sends `{source_name}`, which is neither a part that the host makes nor a secret setting")]
    PlacementSource {
        /// The rule, from 1.
        number: usize,
        /// The source.
        source_name: String,
    },
    /// A scheme is malformed.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// A member of a step is malformed.
    #[error("the `{field}` of {element} is malformed: {how}")]
    Step {
        /// The step.
        element: String,
        /// The member.
        field: &'static str,
        /// What is wrong with it.
        how: String,
    },
    /// A scheme sends a request of its own to an endpoint that is not described.
    #[error("the authentication scheme `{scheme}` names the endpoint `{name}`, which is not described")]
    SchemeEndpoint {
        /// The scheme.
        scheme: String,
        /// The endpoint.
        name: String,
    },
    /// A scheme refers to a part that the credential lacks.
    #[error(
        "rule {number} authenticates with the scheme `{scheme}`, which refers to the part `{part}`: {credential} has none \
         of that name"
    )]
    SchemePart {
        /// The rule, from 1.
        number: usize,
        /// The scheme.
        scheme: String,
        /// The part.
        part: String,
        /// Whose part it should be.
        credential: &'static str,
    },
    /// A scheme uses no secret.
    #[error(
        "rule {number} authenticates with the scheme `{scheme}`, which uses no secret part that {credential} always has: it would prove \
         nothing"
    )]
    SchemeWithoutSecret {
        /// The rule, from 1.
        number: usize,
        /// The scheme.
        scheme: String,
        /// Whose part it should be.
        credential: &'static str,
    },
    /// A part is malformed.
    #[error("the part `{part}` of {credential} {how}")]
    Part {
        /// The part.
        part: String,
        /// Of which credential.
        credential: &'static str,
        /// The rest of the sentence.
        how: String,
    },
    /// An environment variable stands for two things.
    #[error("the environment variable `{name}` stands for the {one} and for the {other}: name one of them otherwise")]
    Variable {
        /// The variable.
        name: String,
        /// What it stands for.
        one: VariableRole,
        /// What else.
        other: VariableRole,
    },
    /// What is called an environment variable cannot be one.
    #[error("`{0}` is not the name of an environment variable: use letters, digits and `_`, and start with no digit")]
    VariableName(String),
    /// A pattern is not a regular expression that the host runs.
    #[error("the pattern of {element} {cause}")]
    Pattern {
        /// Whose pattern.
        element: String,
        /// What is wrong with it.
        cause: PatternError,
    },
    /// A schema is not one that the host follows.
    #[error("the schema of the {what} {how}")]
    Schema {
        /// `settings` or `attributes`.
        what: &'static str,
        /// The rest of the sentence.
        how: String,
    },
    /// A schema is not bounded.
    #[error("the schema of the {what} {cause}")]
    SchemaSize {
        /// `settings` or `attributes`.
        what: &'static str,
        /// Why.
        cause: SchemaSizeError,
    },
    /// A trait contradicts the rest.
    #[error("the trait `{name}` {how}")]
    Trait {
        /// The trait.
        name: &'static str,
        /// The rest of the sentence.
        how: String,
    },
}
