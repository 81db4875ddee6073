//! Where an answer holds a secret that the vendor makes.

use std::fmt;
use std::str::FromStr;

use crate::rule::RuleError;

/// A secret in the answer to a request: `PART=POINTER`.
///
/// The host takes it out before the adapter reads the answer, and a request whose answer holds one is sent at most once in
/// a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Minted {
    /// The part of the credential that it is.
    pub part: String,
    /// A JSON pointer (RFC 6901) into the answer; not the whole of it.
    pub pointer: String,
    /// The value up to and including the first of these characters is public, and the adapter may read it. Often none.
    pub public_prefix_ends_with: String,
}

impl Minted {
    /// A secret at a place that is a JSON pointer.
    ///
    /// # Errors
    ///
    /// When the part is no name, the pointer is none, or either cannot stand in a line.
    pub fn new(part: &str, pointer: &str, public_prefix_ends_with: &str) -> Result<Self, RuleError> {
        let named = !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let plain = |text: &str| text.chars().all(|character| !character.is_whitespace() && !character.is_control());
        let escaped = |pointer: &str| pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if named && pointer.starts_with('/') && escaped(pointer) && plain(pointer) && plain(public_prefix_ends_with) {
            let [part, pointer, ends_with] = [part, pointer, public_prefix_ends_with].map(str::to_owned);
            return Ok(Self { part, pointer, public_prefix_ends_with: ends_with });
        }
        Err(RuleError::Minted(format!("{part}={pointer}").escape_debug().take(80).collect()))
    }

    /// Reads what follows the URL in a rule's line.
    pub(crate) fn read_all<'w>(mut words: impl Iterator<Item = &'w str>) -> Result<Vec<Self>, RuleError> {
        let mut minted: Vec<Self> = Vec::new();
        while let Some(word) = words.next() {
            match (word, words.next(), minted.last_mut()) {
                ("mints", Some(place), _) => minted.push(place.parse()?),
                ("after", Some(characters), Some(last)) if last.public_prefix_ends_with.is_empty() => {
                    *last = Self::new(&last.part, &last.pointer, characters)?;
                }
                _ => return Err(RuleError::Form),
            }
        }
        Ok(minted)
    }
}

impl FromStr for Minted {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (part, pointer) = text.split_once('=').unwrap_or((text, ""));
        Self::new(part, pointer, "")
    }
}

/// As it stands in a rule's line: `mints PART=POINTER`, and ` after CHARACTERS` where there is a public prefix.
impl fmt::Display for Minted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "mints {}={}", self.part, self.pointer)?;
        match self.public_prefix_ends_with.as_str() {
            "" => Ok(()),
            characters => write!(formatter, " after {characters}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Rule, RuleSet};

    const RULE: &str = "create POST https://a.example/k";

    #[test]
    fn what_a_rule_mints_is_read_and_written() {
        for minted in
            ["mints secret_key=/secret_key", "mints token=/token after $_", "mints id=/key/0/id mints a=/b~1c"]
        {
            let line = format!("{RULE} {minted}");
            assert_eq!(line.parse::<Rule>().unwrap().to_string(), line);
        }
        let rule: Rule = format!("{RULE} mints token=/data/token after $_").parse().unwrap();
        assert_eq!((rule.mints[0].part.as_str(), rule.mints[0].pointer.as_str()), ("token", "/data/token"));
        assert_eq!(rule.mints[0].public_prefix_ends_with, "$_");
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for (minted, says) in [
            ("mints", "a rule is"),
            ("mints token", "`token=` does not say where a secret stands"),
            ("mints =/token", "`=/token` does not say"),
            ("mints token=", "does not say"),
            ("mints token=token", "does not say"),
            ("mints token=/a~2", "does not say"),
            ("mints Token=/a", "does not say"),
            ("mints token=/a after", "a rule is"),
            ("mints token=/a after $ after _", "a rule is"),
            ("after $", "a rule is"),
            ("mint token=/a", "a rule is"),
        ] {
            let message = format!("{RULE} {minted}").parse::<Rule>().unwrap_err().to_string();
            assert!(message.contains(says), "{minted}: {message}");
        }
    }

    fn hidden(granted: &str, requested: &str, operation: &str, path: &str) -> Vec<String> {
        let [granted, requested] = [granted, requested].map(|rules| rules.parse::<RuleSet>().unwrap());
        let policy = requested.bind_within(&granted, &serde_json::Map::new(), None).unwrap();
        let url = format!("https://a.example{path}").parse().unwrap();
        let allowed = policy.decide(operation, &http::Method::POST, &url).unwrap();
        policy.mints(allowed).iter().map(|minted| minted.part.clone()).collect()
    }

    #[test]
    fn a_broader_rule_is_no_way_around_what_the_grant_hides() {
        let granted = "create POST https://a.example/keys mints t=/t\ncreate,get POST https://a.example/{any}";
        let broad = "create,get POST https://a.example/{any}";
        assert_eq!(granted.parse::<RuleSet>().unwrap().missing(&broad.parse().unwrap()), []);
        assert_eq!(hidden(granted, broad, "create", "/keys"), ["t"]);
        assert_eq!(hidden(granted, "create POST https://a.example/{any}", "create", "/keys"), ["t"]);
        assert_eq!(hidden("", broad, "create", "/keys"), [""; 0]);
        let elsewhere = "create POST https://b.example/keys mints t=/t\nget POST https://a.example/{any} mints t=/t";
        assert_eq!(hidden(elsewhere, "create POST https://a.example/{any}", "create", "/keys"), [""; 0]);
    }

    #[test]
    fn of_several_rules_that_mint_each_hides_what_all_of_them_hide() {
        let rules = "create POST https://a.example/keys mints t=/t\n\
                     create POST https://a.example/{any} mints u=/u\n\
                     create POST https://a.example/other mints v=/v";
        assert_eq!(hidden("", rules, "create", "/keys"), ["t", "u"]);
        // The open rule is the first that applies, and meets both others.
        assert_eq!(hidden("", rules, "create", "/other"), ["u", "t", "v"]);
        assert_eq!(
            hidden(
                "",
                "create POST https://a.example/{any}\ncreate POST https://a.example/keys mints t=/t",
                "create",
                "/keys"
            ),
            ["t"]
        );
    }

    fn missing(granted: &str, requested: &str) -> usize {
        let set = |minted: &str| format!("{RULE} {minted}").parse::<RuleSet>().unwrap();
        set(granted).missing(&set(requested)).len()
    }

    #[test]
    fn whoever_asks_to_see_more_of_an_answer_asks_for_more() {
        let token = "mints token=/token";
        assert_eq!(missing(token, token), 0);
        assert_eq!(missing("", token), 0, "to see less than is granted is granted");
        assert_eq!(missing(token, ""), 1);
        assert_eq!(missing(token, "mints token=/other"), 1);
        assert_eq!(missing(token, "mints token=/token after _"), 1);
        assert_eq!(missing("mints token=/token after _", token), 1, "another place, as far as anyone can tell");
    }
}
