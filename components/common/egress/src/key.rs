//! Names of query keys and form fields, as rules write them.

use crate::percent::{Characters, encode_unless};
use crate::rule_error::{RuleError, excerpt};

/// Reads the name of a query key or a form field as a rule writes it.
pub(crate) fn parse_key(text: &str) -> Result<String, RuleError> {
    let characters = Characters::of(text);
    let key: Option<String> = characters
        .map(|character| {
            let character = character.ok()?;
            (character.encoded || is_plain_in_key(character.value)).then_some(character.value)
        })
        .collect();
    key.filter(|key| is_key(key)).ok_or_else(|| RuleError::Key(excerpt(text)))
}

/// Whether this can be the name of a query key or a form field.
pub(crate) fn is_key(key: &str) -> bool {
    !key.is_empty() && !key.chars().any(char::is_control)
}

/// The name of a query key or a form field as a rule writes it.
pub(crate) fn display_key(key: &str) -> String {
    encode_unless(key, is_plain_in_key)
}

fn is_plain_in_key(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~$:@[]".contains(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_that_is_not_written_plainly_is_refused() {
        for key in ["", "a=b", "a b", "a&b", "a,b", "%", "%0a", "%c0%ae", "é", "a#b", "a+b", "a\"b"] {
            assert!(parse_key(key).is_err(), "{key}");
        }
        assert_eq!(parse_key("filter[a%2Cb]").unwrap(), "filter[a,b]");
    }

    proptest! {
        #[test]
        fn any_key_comes_back_from_how_it_is_written(key in "\\PC{1,12}") {
            prop_assert_eq!(parse_key(&display_key(&key)), Ok(key));
        }
    }
}
