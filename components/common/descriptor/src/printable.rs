//! Characters that do not show, or that change how others do.

/// Whether a character steers a terminal, turns the direction of a text, or shows nothing, so that what is read differs
/// from what is there: control characters (C0, C1 and DEL), line and paragraph separators, and all that Unicode's
/// `Default_Ignorable_Code_Point` names, among them zero-width characters, bidirectional marks, variation selectors and
/// tag characters.
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_found() {
        for character in
            "\0\u{1b}\u{7f}\u{85}\u{9b}\u{200b}\u{200d}\u{202e}\u{2066}\u{2028}\u{feff}\u{fe0f}\u{e0041}".chars()
        {
            assert!(is_unprintable(character), "{character:?}");
        }
        for character in "aZ09 é→漢👍\u{a0}".chars() {
            assert!(!is_unprintable(character), "{character:?}");
        }
    }
}
