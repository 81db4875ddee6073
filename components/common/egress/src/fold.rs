//! Names that some servers take for one.

/// Whether some server takes two names of query keys or form fields for one: letters match in either case; `_`, `-`, `.` and
/// spaces do not count, for frameworks turn one into another; and what follows a `[` is an index into a list.
pub(crate) fn same_key(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> bool {
    folded_key(one).eq(folded_key(other))
}

/// What counts of the name of a query key or a form field, in lower case.
pub(crate) fn folded_key(name: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let significant = |character: &char| !matches!(character, '_' | '-' | '.' | ' ');
    name.take_while(|character| *character != '[').filter(significant).map(fold)
}

/// Whether some reader of JSON takes two names of members for one: Go's standard library, for example, matches letters in
/// either case.
pub(crate) fn same_member(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> bool {
    one.map(fold).eq(other.map(fold))
}

/// Simple case folding; the two letters outside ASCII that fold into it are the long s and the Kelvin sign.
fn fold(character: char) -> char {
    match character {
        'ſ' => 's',
        'K' => 'k',
        _ if character.is_ascii() => character.to_ascii_lowercase(),
        _ => character.to_lowercase().next().unwrap_or(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_how_they_are_written_are_one() {
        for (one, other, same) in [
            ("api_key", "Api-Key", true),
            ("api_key", "apikey", true),
            ("Action", "action[]", true),
            ("Action", "action[0]", true),
            ("a.b", "a_b", true),
            ("Action", "Actions", false),
            ("Action", "Action.member.1", false),
        ] {
            assert_eq!(same_key(one.chars(), other.chars()), same, "{one} {other}");
        }
    }

    #[test]
    fn names_of_members_are_one_in_either_case() {
        for (one, other, same) in
            [("type", "Type", true), ("kiſs", "KISS", true), ("type", "ty_pe", false), ("É", "é", true)]
        {
            assert_eq!(same_member(one.chars(), other.chars()), same, "{one} {other}");
        }
    }
}
