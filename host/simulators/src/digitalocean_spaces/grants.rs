//! What a key may do.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// Everything, or what its grants allow. Full access is a grant, not the lack of one: a key without grants may do nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Access {
    Full,
    Limited(Vec<Grant>),
}

/// What a key may do with one bucket. The bucket's name carries no region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Grant {
    pub(super) bucket: String,
    pub(super) permission: Permission,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Permission {
    /// Nothing: meant for a revocation that does not last (its author's words in the API description's repository).
    #[serde(rename = "")]
    Nothing,
    #[serde(rename = "read")]
    Read,
    /// Deletes objects too: the control panel calls it "Read/Write/Delete".
    #[serde(rename = "readwrite")]
    ReadWrite,
    #[serde(rename = "fullaccess")]
    FullAccess,
}

/// Why grants are refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AccessError {
    #[error("grant {position} {cause}")]
    Grant { position: usize, cause: GrantError },
    #[error("a bucket is required unless the permission is fullaccess")]
    NoBucket,
    #[error("a bucket can have one grant only")]
    BucketTwice,
}

/// Why a grant is refused; the rest of a sentence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum GrantError {
    #[error("must be an object")]
    NotAnObject,
    #[error("has an unknown field: {0}")]
    UnknownField(String),
    #[error("must have a text for {0}")]
    NoText(&'static str),
    #[error("must have a permission of read, readwrite, fullaccess or nothing")]
    Permission,
}

impl Permission {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::Nothing),
            "read" => Some(Self::Read),
            "readwrite" => Some(Self::ReadWrite),
            "fullaccess" => Some(Self::FullAccess),
            _ => None,
        }
    }
}

impl Access {
    pub(super) const NONE: Self = Self::Limited(Vec::new());

    pub(super) fn reading(bucket: &str) -> Self {
        Self::Limited(vec![Grant { bucket: bucket.to_owned(), permission: Permission::Read }])
    }

    /// The grants of a request. One of full access beats all others (API description); that it does so for any bucket that it
    /// names is a choice, as are the refusals of a grant without a bucket and of two for the same one.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with them.
    pub(super) fn read(grants: &[Value]) -> Result<Self, AccessError> {
        let mut read = Vec::new();
        for (position, grant) in grants.iter().enumerate() {
            read.push(Grant::read(grant).map_err(|cause| AccessError::Grant { position, cause })?);
        }
        if read.iter().any(|grant| grant.permission == Permission::FullAccess) {
            return Ok(Self::Full);
        }
        if read.iter().any(|grant| grant.bucket.is_empty()) {
            return Err(AccessError::NoBucket);
        }
        let buckets: BTreeSet<&str> = read.iter().map(|grant| grant.bucket.as_str()).collect();
        if buckets.len() < read.len() {
            return Err(AccessError::BucketTwice);
        }
        Ok(Self::Limited(read))
    }

    /// As it is shown.
    pub(super) fn grants(&self) -> Vec<Grant> {
        match self {
            Self::Full => vec![Grant { bucket: String::new(), permission: Permission::FullAccess }],
            Self::Limited(grants) => grants.clone(),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        matches!(self, Self::Full)
    }

    /// Whether the objects of a bucket may be listed.
    pub(super) fn may_read(&self, bucket: &str) -> bool {
        match self {
            Self::Full => true,
            Self::Limited(grants) => {
                grants.iter().any(|grant| grant.bucket == bucket && grant.permission != Permission::Nothing)
            }
        }
    }
}

impl Grant {
    fn read(grant: &Value) -> Result<Self, GrantError> {
        let grant = grant.as_object().ok_or(GrantError::NotAnObject)?;
        if let Some(unknown) = grant.keys().find(|name| !["bucket", "permission"].contains(&name.as_str())) {
            return Err(GrantError::UnknownField(unknown.clone()));
        }
        let text = |name| grant.get(name).and_then(Value::as_str).ok_or(GrantError::NoText(name));
        let permission = Permission::parse(text("permission")?);
        Ok(Self { bucket: text("bucket")?.to_owned(), permission: permission.ok_or(GrantError::Permission)? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(grants: Value) -> Result<Access, AccessError> {
        Access::read(grants.as_array().unwrap())
    }

    #[test]
    fn full_access_beats_all_other_grants() {
        let full = json!({"bucket": "", "permission": "fullaccess"});
        let read_one = json!({"bucket": "photos", "permission": "read"});
        assert_eq!(read(json!([full])), Ok(Access::Full));
        assert_eq!(read(json!([read_one, full])), Ok(Access::Full));
        assert_eq!(read(json!([{"bucket": "photos", "permission": "fullaccess"}])), Ok(Access::Full));
        assert_eq!(json!(Access::Full.grants()), json!([full]));
    }

    #[test]
    fn a_key_reads_the_buckets_that_it_has_a_permission_for() {
        let grants = json!([
            {"bucket": "photos", "permission": "read"},
            {"bucket": "logs", "permission": "readwrite"},
            {"bucket": "suspended", "permission": ""},
        ]);
        let access = read(grants.clone()).unwrap();
        let readable = ["photos", "logs", "suspended", "other", ""].map(|bucket| access.may_read(bucket));
        assert_eq!(readable, [true, true, false, false, false]);
        assert_eq!(json!(access.grants()), grants);
        assert!(!Access::NONE.may_read("photos"));
        assert!(Access::Full.may_read("photos"));
    }

    #[test]
    fn what_is_no_grant_is_refused_with_what_is_wrong() {
        let cases = [
            (json!(["photos"]), "grant 0 must be an object"),
            (json!([{"bucket": "photos"}]), "permission"),
            (json!([{"bucket": 7, "permission": "read"}]), "bucket"),
            (json!([{"permission": "read"}]), "bucket"),
            (json!([{"bucket": "photos", "permission": "ReadWrite"}]), "fullaccess or nothing"),
            (json!([{"bucket": "photos", "permission": "read", "region": "nyc3"}]), "unknown field: region"),
            (json!([{"bucket": "", "permission": "read"}]), "a bucket is required"),
            (
                json!([{"bucket": "photos", "permission": "read"}, {"bucket": "photos", "permission": "readwrite"}]),
                "one grant only",
            ),
        ];
        for (grants, expected) in cases {
            let problem = read(grants.clone()).unwrap_err().to_string();
            assert!(problem.contains(expected), "{grants}: {problem}");
        }
    }
}
