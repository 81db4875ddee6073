//! Forms and queries, which carry the parameters of a call.

use percent_encoding::percent_decode_str;

/// The parameters in their order. What is not UTF-8 is replaced, and then fits no pattern: unknown; a choice.
pub(super) fn parse(form: &[u8]) -> Vec<(String, String)> {
    let form = String::from_utf8_lossy(form);
    let parameters = form.split('&').filter(|parameter| !parameter.is_empty());
    parameters
        .map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// The value of a parameter. Of one that is given twice the first counts (asserted against AWS's STS).
pub(super) fn first<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}

fn decode(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        let parameters = parse(b"UserName=a%2Bb%40example.com&&Marker=a+b%3D&Path&%50=%FF");
        let expected = [("UserName", "a+b@example.com"), ("Marker", "a b="), ("Path", ""), ("P", "\u{fffd}")];
        assert_eq!(parameters, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn the_first_of_two_counts() {
        assert_eq!(first(&parse(b"Action=A&Action=B"), "Action"), Some("A"));
        assert_eq!(first(&parse(b"Version=1"), "Action"), None);
    }
}
