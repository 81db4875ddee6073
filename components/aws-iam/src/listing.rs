//! A user's keys, page by page.

use keywright_sdk::{Account, Failure, FieldProblem, Filter, Page, Problem, Reason, Result, cursor as cursors};
use serde_json::Value;

use crate::access_key::AccessKey;
use crate::call::{Answer, Done, list_access_keys, text};
use crate::key_id::KeyId;
use crate::last_use;

/// A user has two keys, and more only by a race; a list that does not end is broken.
const MOST_PAGES: u32 = 100;

/// A page as AWS gives it.
struct Listing {
    keys: Vec<AccessKey>,
    /// How many keys in it could not be read.
    unreadable: usize,
    next: Option<String>,
}

impl Listing {
    /// A page may be shorter than was asked for, or empty: `IsTruncated` decides whether there is more.
    fn read(answer: &Done, user: &str) -> Result<Self> {
        let members = answer.result.child("AccessKeyMetadata");
        let members = members.ok_or_else(|| answer.unexpected("it is not a list of access keys"))?;
        let (mut keys, mut unreadable) = (Vec::new(), 0);
        for member in members.all("member") {
            match AccessKey::read(member, user) {
                Some(key) => keys.push(key),
                None => unreadable += 1,
            }
        }
        let next = match (text(&answer.result, "IsTruncated"), answer.text("Marker")) {
            (None | Some("false"), _) => None,
            (Some("true"), Some(marker)) => Some(marker.to_owned()),
            _ => return Err(answer.unexpected("it does not say where the list goes on")),
        };
        Ok(Self { keys, unreadable, next })
    }
}

/// One key, by as many pages as it takes: there is no call for one. Nothing when AWS says that it does not exist.
pub(crate) fn find(account: &Account, key: KeyId<'_>) -> Result<Option<AccessKey>> {
    let mut marker = None;
    for _ in 0..MOST_PAGES {
        let answer = match list_access_keys(account, key.user, marker.as_deref(), "/id")? {
            Answer::Done(answer) => answer,
            Answer::Refused(refusal) if refusal.is_no_such_entity() => {
                return last_use::confirm_absence(account, key).map(|()| None);
            }
            Answer::Refused(refusal) => return Err(refusal.failure),
        };
        let listing = Listing::read(&answer, key.user)?;
        if let Some(found) = listing.keys.into_iter().find(|found| found.id == key.access_key) {
            return Ok(Some(found));
        }
        // It may be the one.
        if listing.unreadable > 0 {
            return Err(answer.unexpected("a key in it has no id"));
        }
        match listing.next {
            None => return Ok(None),
            next if next == marker => return Err(answer.unexpected("it goes on where it began")),
            next => marker = next,
        }
    }
    Err(Failure::new(Reason::UnexpectedResponse, "AWS's list of the user's keys does not end"))
}

/// A page of one user's keys. The cursor is AWS's marker.
pub(crate) fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
    let of_filter = |name| filter.attributes.get(name).and_then(Value::as_str);
    let user = of_filter("user_name")
        .ok_or_else(|| at_user(Problem::Required, "is missing: AWS lists the keys of one user"))?;
    if cursor == Some("") {
        return Err(cursors::invalid());
    }
    let answer = match list_access_keys(account, user, cursor, USER)? {
        Answer::Done(answer) => answer,
        // An empty list would claim that a renamed user has no keys.
        Answer::Refused(refusal) if refusal.is_no_such_entity() => {
            return Err(at_user(Problem::Constraint, ["names no IAM user: ", refusal.failure.message()].concat()));
        }
        Answer::Refused(refusal) => return Err(refusal.failure),
    };
    let listing = Listing::read(&answer, user)?;
    let status = of_filter("status");
    let mut page = Page { next: listing.next, ..Page::default() };
    for key in listing.keys {
        if status.is_none_or(|status| status == key.status) {
            page.credentials.push(key.credential());
        }
    }
    for _ in 0..listing.unreadable {
        page.report(None, "it has no access key id");
    }
    Ok(page)
}

/// Where a filter names the user.
const USER: &str = "/filter/attributes/user_name";

fn at_user(problem: Problem, message: impl AsRef<str>) -> Failure {
    FieldProblem::new(USER, problem, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::tests::read as answer;

    fn read(result: &str) -> Result<Listing> {
        let body = format!(
            "<ListAccessKeysResponse><ListAccessKeysResult>{result}</ListAccessKeysResult></ListAccessKeysResponse>"
        );
        Listing::read(&answer(true, "ListAccessKeys", &body).unwrap(), "ci")
    }

    const MEMBER: &str = "<member><UserName>CI</UserName><AccessKeyId>AKIAEXAMPLE000000002</AccessKeyId>\
                          <Status>Inactive</Status><CreateDate>2026-03-01T09:30:00Z</CreateDate></member>";

    #[test]
    fn a_list_is_read_whatever_the_order_of_its_elements() {
        let keys = format!("<AccessKeyMetadata>{MEMBER}</AccessKeyMetadata>");
        for result in
            [format!("<IsTruncated>false</IsTruncated>{keys}"), format!("{keys}<IsTruncated>false</IsTruncated>"), keys]
        {
            let listing = read(&result).unwrap();
            assert_eq!((listing.keys.len(), listing.unreadable, listing.next), (1, 0, None));
            let key = listing.keys[0].credential();
            assert_eq!(key.id, "CI/AKIAEXAMPLE000000002", "by the name as AWS writes it");
            assert!(!key.enabled && key.created_at.instant() == keywright_sdk::parse_rfc3339("2026-03-01T09:30:00Z"));
        }
    }

    #[test]
    fn whether_there_is_more_is_what_the_list_says_of_it() {
        let next = |end: &str| read(&format!("<AccessKeyMetadata/>{end}")).map(|listing| listing.next).ok();
        let marker = "<Marker>a&amp;b=</Marker>";
        assert_eq!(next(&format!("<IsTruncated>true</IsTruncated>{marker}")), Some(Some("a&b=".to_owned())));
        assert_eq!(next(&format!("<IsTruncated>false</IsTruncated>{marker}")), Some(None));
        assert_eq!(next("<IsTruncated>true</IsTruncated>"), None, "it goes on, and does not say where");
        assert_eq!(next("<IsTruncated>perhaps</IsTruncated>"), None);
    }

    #[test]
    fn a_key_that_cannot_be_read_does_not_spoil_the_list_and_a_list_that_is_missing_is_not_empty() {
        let broken = MEMBER.replace("AccessKeyId", "AccessKey");
        let listing = read(&format!("<AccessKeyMetadata>{broken}{MEMBER}</AccessKeyMetadata>")).unwrap();
        assert_eq!((listing.keys.len(), listing.unreadable), (1, 1));
        assert!(read("<IsTruncated>false</IsTruncated>").is_err());
    }
}
