//! Buckets: what a caller may ask of them, and what is answered.

use std::fmt::Write as _;

use http::StatusCode;

use super::{
    super::{
        account::{Bucket, SpacesAccount},
        quirks::AnonymousList,
    },
    answer::{Answer, Code, Refusal, escaped},
    authentication::Caller,
};

/// What is asked for.
pub(super) enum Wanted {
    /// ListBuckets.
    Buckets,
    /// ListObjects, in either version, or HeadBucket.
    Objects(String, Page),
    /// CreateBucket.
    Create(String),
    /// DeleteBucket.
    Delete(String),
    /// Something that is not here: objects, and the access control lists, policies and the like of buckets.
    Other,
}

/// Which objects a list is to have, as far as its answer repeats that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    prefix: String,
    max_keys: u32,
    /// Whether it is the second version of the operation.
    second: bool,
}

impl Page {
    pub(super) fn read(parameters: &[(String, String)]) -> Result<Self, Refusal> {
        let value = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let max_keys = value("max-keys").map_or(Ok(1000), str::parse).map_err(|_| Code::InvalidArgument)?;
        let prefix = value("prefix").unwrap_or_default().to_owned();
        Ok(Self { prefix, max_keys, second: value("list-type") == Some("2") })
    }
}

/// Answers a caller.
pub(super) fn answer(account: &SpacesAccount, caller: &Caller, wanted: Wanted) -> Result<Answer, Refusal> {
    let access = match caller {
        Caller::Key(access) => access,
        Caller::Anonymous => match (wanted, account.quirks.anonymous_list) {
            (Wanted::Buckets, AnonymousList::Empty) => return Ok(list("anonymous", &[])),
            _ => return Err(Code::AccessDenied.into()),
        },
    };
    match wanted {
        // Every key learns that a bucket does not exist; for a limited one that is likely, not known.
        Wanted::Objects(name, page) => {
            if account.records().bucket(&name).is_none() {
                Err(Code::NoSuchBucket.into())
            } else if access.may_read(&name) {
                Ok(objects(&name, &page))
            } else {
                Err(Code::AccessDenied.into())
            }
        }
        // A limited key is refused the list of buckets, the creation of one, and the access control list even of its own
        // (issues of parse-server-s3-adapter and owncloud); that the rest is refused as well is a choice.
        _ if !access.is_full() => Err(Code::AccessDenied.into()),
        Wanted::Buckets => Ok(list(&account.id, &account.records().buckets)),
        Wanted::Create(name) if !is_name(&name) => Err(Code::InvalidBucketName.into()),
        // One that is there already is the account's own, and stays (Ceph's object gateway).
        Wanted::Create(name) => {
            account.add_bucket(&name);
            Ok(Answer::empty(StatusCode::OK))
        }
        Wanted::Delete(name) => delete(account, &name),
        Wanted::Other => Err(Code::NotImplemented.into()),
    }
}

/// The owner and its buckets, wherever they are (seen on the live service). The owner of DigitalOcean's examples has the
/// same number for its id and its name.
fn list(owner: &str, buckets: &[Bucket]) -> Answer {
    let mut inner = format!("<Owner><ID>{owner}</ID><DisplayName>{owner}</DisplayName></Owner><Buckets>");
    for bucket in buckets {
        let created = bucket.created_at.format("%Y-%m-%dT%H:%M:%S%.3fZ");
        // Writing to a string cannot fail.
        let _ok = write!(
            inner,
            "<Bucket><Name>{}</Name><CreationDate>{created}</CreationDate></Bucket>",
            escaped(&bucket.name)
        );
    }
    inner.push_str("</Buckets>");
    Answer::document("ListAllMyBucketsResult", inner)
}

/// No bucket has objects here.
fn objects(name: &str, page: &Page) -> Answer {
    let count = if page.second { "<KeyCount>0</KeyCount>" } else { "<Marker></Marker>" };
    let inner = format!(
        "<Name>{}</Name><Prefix>{}</Prefix><MaxKeys>{}</MaxKeys>{count}<IsTruncated>false</IsTruncated>",
        escaped(name),
        escaped(&page.prefix),
        page.max_keys
    );
    Answer::document("ListBucketResult", inner)
}

fn delete(account: &SpacesAccount, name: &str) -> Result<Answer, Refusal> {
    let mut records = account.records();
    let place = records.place(name).map_err(|_| Code::NoSuchBucket)?;
    records.buckets.remove(place);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// From 3 to 63 lower-case letters, digits and hyphens, a hyphen neither first nor last (documentation, "create buckets").
fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=63).contains(&name.len()) && name.bytes().all(allowed) && !name.starts_with('-') && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_buckets_are_those_of_hosts() {
        let longest = "a".repeat(63);
        for name in ["abc", "photos-eu", "0-0", &longest] {
            assert!(is_name(name), "{name}");
        }
        let longer = "a".repeat(64);
        for name in ["", "v2", "Photos", "a_b", "-ab", "ab-", "a.b", &longer] {
            assert!(!is_name(name), "{name}");
        }
    }
}
