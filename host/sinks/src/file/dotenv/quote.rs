//! Values of dotenv lines, written so that all who read such files read the same.
//!
//! The readers disagree on almost everything. From their sources, of a value
//!
//! * without quotes, all take letters, digits and `_./:@%+,=-` as they are;
//! * in single quotes, docker compose, systemd (from version 240 on), Node's dotenv, Python's python-dotenv and shells
//!   take everything as it is, line breaks too, but for these: compose and python-dotenv end the value elsewhere when
//!   `\` stands before `'`, python-dotenv makes one of two `\`, and expands `${` even there;
//! * in double quotes, all take what is left if there is no `$`, `\`, `` ` `` and `"`;
//! * Node makes a line feed of a carriage return, and systemd refuses control characters other than tab and line feed.
//!
//! What has no such form is refused.

use zeroize::Zeroizing;

/// The value as it is written after `=`, or why it cannot be.
pub(super) fn quoted(value: &str) -> Result<Zeroizing<String>, &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@%+,=-".contains(&byte);
    if value.bytes().all(plain) {
        return Ok(Zeroizing::new(value.to_owned()));
    }
    if value.chars().any(|character| character.is_control() && !matches!(character, '\t' | '\n')) {
        return Err(
            "it has a control character, which the readers of such files take differently: use the format json",
        );
    }
    if value.contains("${") {
        return Err("it has `${`, which the readers of such files take differently: use the format json");
    }
    if value.contains("\\\\") || value.contains("\\'") || value.ends_with('\\') {
        return Err(
            "it has a `\\` before a `\\`, before a `'` or at its end, which the readers of such files take differently: use \
             the format json",
        );
    }
    if !value.contains('\'') {
        return Ok(Zeroizing::new(format!("'{value}'")));
    }
    if !value.contains(['"', '$', '\\', '`']) {
        return Ok(Zeroizing::new(format!("\"{value}\"")));
    }
    Err(
        "it has a `'` and also a `\"`, `$`, `\\` or backquote, which the readers of such files take differently: use the \
         format json",
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_value_is_quoted_only_where_it_must_be() {
        for (value, written) in [
            ("5f6e7d8c-9bab-4cad-8ebf-0a1b2c3d4e5f", "5f6e7d8c-9bab-4cad-8ebf-0a1b2c3d4e5f"),
            ("a+b/c==", "a+b/c=="),
            ("", ""),
            ("a b", "'a b'"),
            ("a#b", "'a#b'"),
            ("$HOME", "'$HOME'"),
            ("a\\nb", "'a\\nb'"),
            ("a\nb", "'a\nb'"),
            ("\"", "'\"'"),
            ("it's", "\"it's\""),
        ] {
            assert_eq!(quoted(value).as_deref().map(String::as_str), Ok(written));
        }
    }

    #[test]
    fn what_readers_take_differently_is_refused_without_being_quoted_in_the_message() {
        for value in
            ["hush-1\rx", "hush-1\0", "hush-1${x}", "hush-1\\", "hush-1\\\\x", "hush-1\\'x", "hush-1'\"", "hush-1'$"]
        {
            assert!(!quoted(value).unwrap_err().contains("hush"), "{value:?}");
        }
    }

    /// The characters that readers have opinions on, and a few others.
    fn values() -> impl Strategy<Value = String> {
        let special = prop::sample::select("'\"\\`$#{}()!~;&|<>*?=:%+ \t\nabcXYZ019éß_-".chars().collect::<Vec<_>>());
        prop::collection::vec(special, 0..12).prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn another_library_reads_the_same(values in prop::collection::vec(values(), 1..8)) {
            let written: Vec<(String, String)> = values.into_iter().filter_map(|value| {
                let written = quoted(&value).ok()?.to_string();
                Some((value, written))
            }).collect();
            let mut text = String::new();
            for (index, (_, written)) in written.iter().enumerate() {
                text += &format!("K{index}={written}\n");
            }
            let read: Result<Vec<(String, String)>, _> = dotenvy::from_read_iter(text.as_bytes()).collect();
            let expected: Vec<(String, String)> =
                written.iter().enumerate().map(|(index, (value, _))| (format!("K{index}"), value.clone())).collect();
            prop_assert_eq!(read.unwrap(), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_the_same(value in values()) {
            let Ok(written) = quoted(&value) else { return Ok(()) };
            let mut file = tempfile::NamedTempFile::new().unwrap();
            writeln!(file, "KEY={}", *written).unwrap();
            let script = ". \"$1\" && printf %s \"$KEY\"";
            let output = Command::new("sh").args(["-c", script, "sh"]).arg(file.path()).output().unwrap();
            prop_assert!(output.status.success());
            prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), value);
        }
    }
}
