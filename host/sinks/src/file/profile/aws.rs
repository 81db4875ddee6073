//! The shared credentials file of AWS, which other S3 and IAM tools read too: `~/.aws/credentials`.
//!
//! Sections `[profile]` with lines `key = value`; comments are lines that begin with `#` or `;`; an indented line goes on
//! with the setting above it (AWS SDKs and Tools Reference Guide, "Format of the config file").

use std::ops::Range;

use zeroize::Zeroizing;

use super::{Editor, Entries, Trouble};

const KEYS: &[(&str, &[&str])] = &[
    ("aws_access_key_id", &["access_key_id", "access_key"]),
    ("aws_secret_access_key", &["secret_access_key", "secret_key"]),
];

/// A key of temporary credentials, which makes no sense next to one that lasts.
const SESSION_TOKEN: &str = "aws_session_token";

#[derive(Debug)]
pub(super) struct Aws;

impl Editor for Aws {
    fn get(&self, text: &str, profile: &str) -> Result<Entries, Trouble> {
        let Some(section) = Section::find(text, profile)? else { return Ok(Vec::new()) };
        let value = |(key, _): &(&'static str, &[&str])| {
            let setting = section.settings.iter().find(|setting| setting.key == *key && !setting.value.is_empty())?;
            Some((*key, Zeroizing::new(setting.value.to_owned())))
        };
        Ok(KEYS.iter().filter_map(value).collect())
    }

    fn set(&self, text: &str, profile: &str, entries: &Entries) -> Result<Zeroizing<String>, Trouble> {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let section = Section::find(text, profile)?;
        if section.as_ref().is_some_and(|section| section.has_session_token) {
            return Err(Trouble::Occupied(format!(
                "has {SESSION_TOKEN} in the profile {profile}, which makes every key next to it invalid: remove that line"
            )));
        }
        let size = text.len() + 512 + entries.iter().map(|(_, value)| value.len()).sum::<usize>();
        let mut new = Zeroizing::new(String::with_capacity(size));
        let mut at = 0;
        let insert_at = section.as_ref().map_or(text.len(), |section| section.insert_at);
        let settings = section.as_ref().map_or(&[][..], |section| &section.settings);
        for setting in settings {
            let Some((_, value)) = entries.iter().find(|(key, _)| *key == setting.key) else { continue };
            new.push_str(&text[at..setting.value_at.start]);
            new.push_str(value);
            at = setting.value_at.end;
        }
        let missing = entries.iter().filter(|(key, _)| settings.iter().all(|setting| setting.key != *key));
        let missing: Vec<_> = missing.collect();
        if missing.is_empty() {
            new.push_str(&text[at..]);
            return Ok(new);
        }
        // The place for new lines may be before a value that was replaced: then they go after it.
        let insert_at = insert_at.max(line_end(text, at));
        new.push_str(&text[at..insert_at]);
        if !new.is_empty() && !new.ends_with('\n') {
            new.push_str(newline);
        }
        if section.is_none() {
            if !new.is_empty() {
                new.push_str(newline);
            }
            new.push_str(&format!("[{profile}]{newline}"));
        }
        for (key, value) in missing {
            for piece in [key, " = ", value.as_str(), newline] {
                new.push_str(piece);
            }
        }
        new.push_str(&text[insert_at..]);
        Ok(new)
    }

    fn unset(&self, text: &str, profile: &str) -> Result<Zeroizing<String>, Trouble> {
        let Some(section) = Section::find(text, profile)? else { return Ok(Zeroizing::new(text.to_owned())) };
        let mut new = Zeroizing::new(String::with_capacity(text.len()));
        let mut at = 0;
        for setting in &section.settings {
            new.push_str(&text[at..setting.line.start]);
            at = setting.line.end;
        }
        new.push_str(&text[at..]);
        // The section alone, if nothing is left in it.
        if let Some(left) = Section::find(&new, profile)?
            && new[left.body.clone()].trim().is_empty()
        {
            let rest = [&new[..left.heading_at], &new[left.body.end..]].concat();
            new = Zeroizing::new(rest);
        }
        Ok(new)
    }

    fn keys(&self) -> &'static [(&'static str, &'static [&'static str])] {
        KEYS
    }

    fn what(&self) -> &'static str {
        "an access key"
    }
}

/// A section of the file.
struct Section<'a> {
    heading_at: usize,
    /// What is below the heading.
    body: Range<usize>,
    /// After the last line that is a setting or the heading.
    insert_at: usize,
    /// The settings that are in `KEYS`, in the order of the file.
    settings: Vec<Setting<'a>>,
    has_session_token: bool,
}

struct Setting<'a> {
    key: &'static str,
    value: &'a str,
    value_at: Range<usize>,
    line: Range<usize>,
}

impl<'a> Section<'a> {
    fn find(text: &'a str, profile: &str) -> Result<Option<Self>, Trouble> {
        let mut found: Option<Self> = None;
        let mut inside = false;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let range = at..at + line.len();
            at = range.end;
            let content = line.trim_end();
            if content.is_empty() || content.starts_with(['#', ';']) {
            } else if let Some(heading) = content.strip_prefix('[') {
                let name = heading.split(']').next().unwrap_or_default().trim();
                inside = name == profile;
                if inside && found.is_some() {
                    return Err(Trouble::Malformed(format!(
                        "has the profile {profile} twice: make one of both, which profile is used is not certain"
                    )));
                }
                if inside {
                    found = Some(Section {
                        heading_at: range.start,
                        body: range.end..range.end,
                        insert_at: range.end,
                        settings: Vec::new(),
                        has_session_token: false,
                    });
                }
            } else if let (true, Some(section)) = (inside, &mut found) {
                section.insert_at = range.end;
                if !content.starts_with([' ', '\t']) {
                    section.add(text, range.clone(), content)?;
                }
            }
            if let (true, Some(section)) = (inside, &mut found) {
                section.body.end = range.end;
            }
        }
        Ok(found)
    }

    fn add(&mut self, text: &'a str, line: Range<usize>, content: &str) -> Result<(), Trouble> {
        let Some(equals) = content.find('=') else { return Ok(()) };
        let name = content[..equals].trim().to_ascii_lowercase();
        self.has_session_token |= name == SESSION_TOKEN;
        let Some((key, _)) = KEYS.iter().find(|(key, _)| *key == name) else { return Ok(()) };
        if self.settings.iter().any(|setting| setting.key == *key) {
            return Err(Trouble::Malformed(format!("has {key} twice in one profile: remove one of them")));
        }
        let after = &content[equals + 1..];
        let start = line.start + equals + 1 + (after.len() - after.trim_start().len());
        let value_at = start..line.start + content.len();
        self.settings.push(Setting { key, value: &text[value_at.clone()], value_at, line });
        Ok(())
    }
}

/// The end of the line that this is in; where it is, at the beginning of one.
fn line_end(text: &str, at: usize) -> usize {
    if at == 0 || text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(id: &str, secret: &str) -> Entries {
        vec![
            ("aws_access_key_id", Zeroizing::new(id.to_owned())),
            ("aws_secret_access_key", Zeroizing::new(secret.to_owned())),
        ]
    }

    fn set(text: &str, profile: &str) -> String {
        let new = Aws.set(text, profile, &entries("AKIA1", "x/+=")).unwrap();
        assert_eq!(Aws.get(&new, profile).unwrap(), entries("AKIA1", "x/+="), "{}", *new);
        new.to_string()
    }

    #[test]
    fn all_else_stays_as_it_is() {
        let written = "[ci]\naws_access_key_id = AKIA1\naws_secret_access_key = x/+=\n";
        for (before, profile, after) in [
            ("", "ci", written.to_owned()),
            ("# mine", "ci", format!("# mine\n\n{written}")),
            ("[default]\na = b\n", "ci", format!("[default]\na = b\n\n{written}")),
            (
                "[default]\nregion = x\n\n# next\n[ci]\nregion = y\n",
                "default",
                "[default]\nregion = x\naws_access_key_id = AKIA1\naws_secret_access_key = x/+=\n\n# next\n[ci]\nregion = y\n"
                    .to_owned(),
            ),
            (
                "[a]\nAWS_Secret_Access_Key=old\ns3 =\n  aws_access_key_id = no\n[b]\naws_access_key_id=b\n",
                "a",
                "[a]\nAWS_Secret_Access_Key=x/+=\ns3 =\n  aws_access_key_id = no\naws_access_key_id = AKIA1\n[b]\naws_access_key_id=b\n"
                    .to_owned(),
            ),
            (
                "[a]\r\naws_access_key_id = old\r\n",
                "a",
                "[a]\r\naws_access_key_id = AKIA1\r\naws_secret_access_key = x/+=\r\n".to_owned(),
            ),
            (
                "[a]\naws_access_key_id =\naws_secret_access_key = old",
                "a",
                "[a]\naws_access_key_id =AKIA1\naws_secret_access_key = x/+=".to_owned(),
            ),
        ] {
            assert_eq!(set(before, profile), after);
        }
    }

    #[test]
    fn only_our_keys_are_removed() {
        for (before, after) in [
            ("# a\n[ci]\naws_access_key_id = A\naws_secret_access_key = B\n", "# a\n"),
            ("[ci]\naws_access_key_id = A\nregion = x\naws_secret_access_key = B\n[b]\n", "[ci]\nregion = x\n[b]\n"),
            ("[ci]\naws_access_key_id = A\n# kept\n", "[ci]\n# kept\n"),
            ("[b]\naws_access_key_id = A\n", "[b]\naws_access_key_id = A\n"),
        ] {
            assert_eq!(Aws.unset(before, "ci").unwrap().as_str(), after);
        }
    }

    #[test]
    fn what_would_not_work_is_refused() {
        for (text, says) in [
            ("[ci]\naws_session_token = x\n", "aws_session_token"),
            ("[ci]\n[ci]\n", "twice"),
            ("[ci]\naws_access_key_id = a\naws_access_key_id = b\n", "twice"),
        ] {
            let trouble = Aws.set(text, "ci", &entries("a", "b")).unwrap_err();
            let (Trouble::Occupied(reason) | Trouble::Malformed(reason)) = trouble else { panic!("{trouble:?}") };
            assert!(reason.contains(says), "{reason}");
        }
    }
}
