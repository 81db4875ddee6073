//! Names for accounts and credentials, from what Terraform calls them.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The most characters of a name.
const LONGEST: usize = 63;

/// What is to be named.
pub(crate) struct Subject {
    /// The words of its name.
    pub(crate) words: Vec<String>,
    /// What tells it from all others, in a name that its words cannot give.
    pub(crate) identity: String,
}

/// A name for each: its words in letters, digits, `_` and `-`, which TOML takes as a key without quotes. Where that loses
/// characters, is too long, or is another's name too, eight digits of a digest of the identity follow. So a name depends on what it
/// names and on which names collide with it, not on the order.
pub(crate) fn unique(subjects: &[Subject], taken: &BTreeSet<String>) -> Vec<String> {
    let plain: Vec<(String, bool)> = subjects.iter().map(|subject| plain(&subject.words)).collect();
    let mut wanted: HashMap<&str, usize> = HashMap::new();
    for (name, _) in &plain {
        *wanted.entry(name).or_default() += 1;
    }
    let mut used = taken.clone();
    // Those that keep their words come first, so that no digest takes a name away.
    let keeps =
        |(name, exact): &(String, bool)| *exact && wanted.get(name.as_str()) == Some(&1) && !taken.contains(name);
    used.extend(plain.iter().filter(|it| keeps(it)).map(|(name, _)| name.clone()));
    let name = |(plain, subject): (&(String, bool), &Subject)| {
        if keeps(plain) { plain.0.clone() } else { with_digest(&plain.0, &subject.identity, &mut used) }
    };
    plain.iter().zip(subjects).map(name).collect()
}

/// The words as a name, and whether that lost nothing.
fn plain(words: &[String]) -> (String, bool) {
    let mut exact = true;
    let mut parts = Vec::new();
    for word in words {
        // The quotes of an instance key are not part of it.
        let word = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word);
        let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
        let name: String = word.chars().map(|character| if is_plain(character) { character } else { '-' }).collect();
        let name = name.trim_matches('-');
        exact &= name == word && !name.is_empty();
        if !name.is_empty() {
            parts.push(name.to_owned());
        }
    }
    let mut name = parts.join("-");
    exact &= name.len() <= LONGEST;
    // All of it is ASCII.
    name.truncate(LONGEST);
    (name, exact)
}

fn with_digest(name: &str, identity: &str, used: &mut BTreeSet<String>) -> String {
    let mut salted = identity.to_owned();
    loop {
        let digest = Sha256::digest(salted.as_bytes());
        let mut suffixed: String = name.chars().take(LONGEST - 9).collect();
        suffixed.push('-');
        for byte in digest.iter().take(4) {
            // Writing to a string cannot fail.
            let _ = write!(suffixed, "{byte:02x}");
        }
        if used.insert(suffixed.clone()) {
            return suffixed;
        }
        salted.push('+');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(subjects: &[&[&str]], taken: &[&str]) -> Vec<String> {
        let subject = |words: &&[&str]| Subject {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            identity: words.join("\u{1f}"),
        };
        let subjects: Vec<Subject> = subjects.iter().map(subject).collect();
        unique(&subjects, &taken.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_name_is_its_words() {
        assert_eq!(
            names(&[&["scaleway", "a", "\"x\"", "main", "0"], &["gcore", "b_c"]], &[]),
            ["scaleway-a-x-main-0", "gcore-b_c"]
        );
    }

    #[test]
    fn a_digest_tells_apart_what_the_words_do_not() {
        let all: [&[&str]; 5] = [&["a", "b-c"], &["a-b", "c"], &["a", "\"b/c\""], &["d"], &["é"]];
        let named = names(&all, &["d"]);
        assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), 5);
        for (name, start) in named.iter().zip(["a-b-c-", "a-b-c-", "a-b-c-", "d-", "-"]) {
            assert_eq!((name.starts_with(start), name.len()), (true, start.len() + 8), "{name}");
        }
        let mut reversed = all;
        reversed.reverse();
        let mut again = names(&reversed, &["d"]);
        again.reverse();
        assert_eq!(again, named);
    }

    #[test]
    fn a_long_name_is_cut_and_stays_unique() {
        let long = "x".repeat(80);
        let named = names(&[&[&long, "1"], &[&long, "2"]], &[]);
        assert!(named[0] != named[1] && named.iter().all(|name| name.len() == LONGEST), "{named:?}");
    }

    #[test]
    fn one_subject_twice_has_two_names() {
        let named = names(&[&["a"], &["a"]], &[]);
        assert_ne!(named[0], named[1]);
    }
}
