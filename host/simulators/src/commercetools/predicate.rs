//! Query predicates, as far as they are needed: comparisons of texts, joined with `and`.

use std::cmp::Ordering;

use super::api_client::ApiClient;

/// What a client has to be like.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Predicate(Vec<Comparison>);

#[derive(Debug, PartialEq, Eq)]
struct Comparison {
    field: Field,
    relation: Relation,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Name,
    /// Any of the client's scopes, with or without the project.
    Scopes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    NotEqual,
    Less,
    Greater,
    AtMost,
    AtLeast,
}

impl Relation {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::Greater => ordering.is_gt(),
            Self::AtMost => ordering.is_le(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

impl Predicate {
    /// Reads `FIELD RELATION "TEXT" [and ...]`. A word may go without quotation marks, as in the API description's own
    /// sample `scopes = view_products`; `:NAME` stands for the value of the parameter `var.NAME`.
    pub(super) fn parse(text: &str, variables: &[(String, String)]) -> Option<Self> {
        let mut comparisons = Vec::new();
        let mut rest = text.trim();
        loop {
            let (comparison, after) = comparison(rest, variables)?;
            comparisons.push(comparison);
            match after.trim_start() {
                "" => return Some(Self(comparisons)),
                more => rest = more.strip_prefix("and ")?.trim_start(),
            }
        }
    }

    pub(super) fn matches(&self, client: &ApiClient) -> bool {
        self.0.iter().all(|comparison| {
            let Comparison { field, relation, value } = comparison;
            let text = match field {
                Field::Id => &client.id,
                Field::Name => &client.name,
                Field::Scopes => {
                    let is_it = |scope: &String| scope == value || scope.split(':').next() == Some(value);
                    return client.scopes.iter().any(is_it) == (*relation == Relation::Equal);
                }
            };
            relation.holds(text.as_str().cmp(value))
        })
    }
}

fn comparison<'t>(text: &'t str, variables: &[(String, String)]) -> Option<(Comparison, &'t str)> {
    let end = text.find(|character: char| !character.is_ascii_alphanumeric())?;
    let field = match &text[..end] {
        "id" => Field::Id,
        "name" => Field::Name,
        "scope" | "scopes" => Field::Scopes,
        _ => return None,
    };
    let rest = text[end..].trim_start();
    let relations = [
        ("!=", Relation::NotEqual),
        ("<>", Relation::NotEqual),
        ("<=", Relation::AtMost),
        (">=", Relation::AtLeast),
        ("=", Relation::Equal),
        ("<", Relation::Less),
        (">", Relation::Greater),
    ];
    let (relation, rest) =
        relations.iter().find_map(|(sign, relation)| Some((*relation, rest.strip_prefix(sign)?.trim_start())))?;
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => unquoted(quoted)?,
        None => {
            let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
            let value = match word.strip_prefix(':') {
                Some(variable) => {
                    variables.iter().find(|(name, _)| name == variable).map(|(_, value)| value.clone())?
                }
                // No word has the characters of a relation: `name == x` is a mistake.
                None => {
                    Some(word).filter(|word| !word.is_empty() && !word.contains(['=', '<', '>', '!', '"']))?.to_owned()
                }
            };
            (value, after)
        }
    };
    Some((Comparison { field, relation, value }, rest))
}

/// The text up to the closing quotation mark, and what comes after it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[index + 1..])),
            '\\' => value.push(characters.next()?.1),
            character => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_read_however_they_are_spaced_and_quoted() {
        for text in [r#"name="a \"b\" \\""#, r#" name  =  "a \"b\" \\" "#] {
            let expected = Comparison { field: Field::Name, relation: Relation::Equal, value: r#"a "b" \"#.to_owned() };
            assert_eq!(Predicate::parse(text, &[]), Some(Predicate(vec![expected])), "{text}");
        }
        assert!(Predicate::parse(r#"id > "a" and name != "b""#, &[]).is_some());
        assert!(Predicate::parse("scopes = view_products", &[]).is_some());
    }

    #[test]
    fn a_variable_stands_for_its_value() {
        let variables = [("n".to_owned(), r#"a "b" and c"#.to_owned())];
        let expected = Comparison { field: Field::Name, relation: Relation::Equal, value: variables[0].1.clone() };
        assert_eq!(Predicate::parse("name = :n", &variables), Some(Predicate(vec![expected])));
        assert_eq!(Predicate::parse("name = :n and id = :m", &variables), None);
    }

    #[test]
    fn what_is_no_predicate_is_none() {
        for text in [
            "",
            "name",
            "name =",
            "name ==",
            "name == x",
            "name = = x",
            "name = :none",
            "name = \"open",
            "colour = \"red\"",
            "id > \"a\" or id < \"b\"",
            "id ~ \"a\"",
        ] {
            assert_eq!(Predicate::parse(text, &[]), None, "{text}");
        }
    }
}
