//! The lines of one credential among those of others.

use std::ops::Range;

use zeroize::Zeroizing;

use super::super::layout::Trouble;
use super::super::record::Record;
use crate::delivery::Subject;

/// What a comment of ours begins with.
pub(super) const MARK: &str = "# keywright: ";

const END: &str = "# keywright: end credential=";

/// Where the lines of a credential are, or would be.
#[derive(Debug)]
pub(super) struct Block {
    /// With its comments. Empty, at the end of the text, if there is none.
    whole: Range<usize>,
    /// Without them.
    inner: Range<usize>,
    /// What the first comment says.
    pub(super) record: Option<Record>,
}

impl Block {
    pub(super) fn find(text: &str, subject: &Subject) -> Result<Self, Trouble> {
        let mut blocks = Vec::new();
        let mut start: Option<(usize, usize, Record)> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (from, to) = (at, at + line.len());
            at = to;
            let line = line.trim_end();
            if let Some(record) = record(line).filter(|record| record.is_of(subject)) {
                if start.is_some() {
                    return Err(broken(subject));
                }
                start = Some((from, to, record));
            } else if line.strip_prefix(END) == Some(subject.credential()) {
                let (whole, inner, record) = start.take().ok_or_else(|| broken(subject))?;
                blocks.push(Self { whole: whole..to, inner: inner..from, record: Some(record) });
            }
        }
        match (blocks.pop(), blocks.is_empty(), start) {
            (None, _, None) => Ok(Self { whole: at..at, inner: at..at, record: None }),
            (Some(block), true, None) => Ok(block),
            _ => Err(broken(subject)),
        }
    }

    /// The lines of the credential.
    pub(super) fn lines<'a>(&self, text: &'a str) -> &'a str {
        &text[self.inner.clone()]
    }

    /// Refuses variables that are set elsewhere in the file: most readers take the last one, and not all.
    pub(super) fn check_variables(&self, text: &str, variables: &[String]) -> Result<(), Trouble> {
        let mut at = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let ours = self.whole.contains(&at);
            at += line.len();
            let set = line.trim_start();
            let set = set.strip_prefix("export ").unwrap_or(set).trim_start();
            let Some(end) = set.find(['=', ':']).filter(|_| !ours) else { continue };
            let name = set[..end].trim_end();
            if variables.iter().any(|variable| variable == name) {
                return Err(Trouble::Occupied(format!(
                    "sets {name} in line {} as well: remove that line, or choose another name in `variables`",
                    index + 1
                )));
            }
        }
        Ok(())
    }

    /// The text with these lines in the place of those that were there, or at the end.
    pub(super) fn replaced(&self, text: &str, record: &Record, lines: &str) -> Zeroizing<String> {
        let before = &text[..self.whole.start];
        // One allocation, so that growing leaves no copies behind.
        let mut new = Zeroizing::new(String::with_capacity(text.len() + lines.len() + 512));
        new.push_str(before);
        if !before.is_empty() && !before.ends_with('\n') {
            new.push('\n');
        }
        let Record { credential, generation, digest, check } = record;
        new.push_str(&format!("{MARK}credential={credential} generation={generation} digest={digest} check={check}\n"));
        new.push_str(lines);
        new.push_str(&format!("{END}{credential}\n"));
        new.push_str(&text[self.whole.end..]);
        new
    }

    /// The text without them.
    pub(super) fn removed(&self, text: &str) -> Zeroizing<String> {
        Zeroizing::new([&text[..self.whole.start], &text[self.whole.end..]].concat())
    }
}

/// The record in a first comment.
fn record(line: &str) -> Option<Record> {
    let mut fields = line.strip_prefix(MARK)?.split(' ');
    let mut field = |name: &str| fields.next()?.strip_prefix(name)?.strip_prefix('=');
    let credential = field("credential")?.to_owned();
    let generation = field("generation")?.parse().ok()?;
    let digest = field("digest")?.parse().ok()?;
    let check = field("check")?.to_owned();
    Some(Record { credential, generation, digest, check })
}

fn broken(subject: &Subject) -> Trouble {
    Trouble::Malformed(format!(
        "does not have one pair of the comments `{MARK}credential={subject} …` and `{END}{subject}` around the lines of \
         {subject}: restore them, or remove those lines"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Hasher;

    fn subject(name: &str) -> Subject {
        Subject::new(name).unwrap()
    }

    fn written(text: &str, name: &str, lines: &str) -> String {
        let digest = Hasher::new("test").finish();
        let record = Record { credential: name.to_owned(), generation: 3, digest, check: "0".to_owned() };
        Block::find(text, &subject(name)).unwrap().replaced(text, &record, lines).to_string()
    }

    #[test]
    fn lines_of_others_stay_where_they_are() {
        let text = written("# mine\nA=1", "ci", "K=1\n");
        assert!(text.starts_with("# mine\nA=1\n# keywright: credential=ci generation=3 digest=sha256:"));
        let text = written(&text, "cd", "L=1\n") + "B=2\n";
        let changed = written(&text, "ci", "K=2\nM=3\n");
        assert_eq!(changed, text.replace("K=1\n", "K=2\nM=3\n"));
        let block = Block::find(&changed, &subject("ci")).unwrap();
        assert_eq!(block.lines(&changed), "K=2\nM=3\n");
        assert_eq!(block.record.as_ref().unwrap().generation, 3);
        let without = block.removed(&changed).to_string();
        let block = Block::find(&without, &subject("cd")).unwrap();
        assert_eq!(block.removed(&without).as_str(), "# mine\nA=1\nB=2\n");
    }

    #[test]
    fn a_block_that_is_not_whole_is_refused() {
        let text = written("", "ci", "K=1\n");
        let without_end = text.replace("# keywright: end credential=ci\n", "");
        let without_start = text.lines().skip(1).collect::<Vec<_>>().join("\n");
        for broken in [&without_end, &without_start, &format!("{text}{text}"), &format!("{text}{without_end}")] {
            assert!(matches!(Block::find(broken, &subject("ci")), Err(Trouble::Malformed(_))), "{broken}");
            assert!(Block::find(broken, &subject("cd")).unwrap().record.is_none());
        }
    }

    #[test]
    fn a_variable_that_is_set_elsewhere_is_noticed() {
        let text = written("A=1\n", "ci", "K=1\n") + " export L = 2\n#M=1\nN: 3\n";
        let block = Block::find(&text, &subject("ci")).unwrap();
        let check = |name: &str| block.check_variables(&text, &[name.to_owned()]);
        for free in ["K", "M", "AA"] {
            assert!(check(free).is_ok(), "{free}");
        }
        for (taken, line) in [("A", 1), ("L", 5), ("N", 7)] {
            let Err(Trouble::Occupied(reason)) = check(taken) else { panic!("{taken} is free") };
            assert!(reason.contains(&format!("sets {taken} in line {line}")), "{reason}");
        }
    }
}
