//! Identifiers and secrets in the alphabets that vendors use.

/// Upper-case letters and digits.
pub(crate) const UPPER_ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// `length` characters drawn evenly from `alphabet`, which is ASCII and not empty.
pub(crate) fn text(alphabet: &[u8], length: usize) -> String {
    (0..length).map(|_| char::from(alphabet[rand::random_range(..alphabet.len())])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_the_length_and_the_alphabet_asked_for() {
        let text = text(UPPER_ALPHANUMERIC, 17);
        assert_eq!(text.len(), 17);
        assert!(text.bytes().all(|byte| UPPER_ALPHANUMERIC.contains(&byte)));
    }
}
