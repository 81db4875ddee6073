//! What a key may do.

use keywright_sdk::{FieldProblem, Problem};
use serde_json::{Map, Value};

/// Where grants stand in the input.
pub(crate) const POINTER: &str = "/attributes/grants";

const FULL_ACCESS: &str = "fullaccess";

/// Permissions by bucket: the order of grants means nothing. Full access is a grant too, the only one for no bucket.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grants(Map<String, Value>);

impl Grants {
    /// The grants of a request. A wrong body can make a key that may do more than was meant: DigitalOcean documents that full
    /// access beats the other grants of its request. So nothing is sent that it could read in another way.
    pub(crate) fn requested(grants: &Value) -> Result<Self, FieldProblem> {
        let read = Self::read(grants).and_then(|grants| {
            let known =
                |permission: &Value| ["read", "readwrite", FULL_ACCESS, ""].iter().any(|known| permission == known);
            if grants.0.values().all(known) {
                Ok(grants)
            } else {
                Err("hold a permission that is not `read`, `readwrite`, `fullaccess` or empty")
            }
        });
        read.map_err(|how| FieldProblem::new(POINTER, Problem::Constraint, how))
    }

    /// Grants as an answer has them, permissions that are not known included; or the end of a sentence that says what is
    /// wrong with them.
    pub(crate) fn read(grants: &Value) -> Result<Self, &'static str> {
        let list = grants.as_array().ok_or("are not a list")?;
        let mut read = Map::new();
        for grant in list {
            let member = |name| grant.get(name).and_then(Value::as_str);
            let (Some(bucket), Some(permission)) = (member("bucket"), member("permission")) else {
                return Err("hold something that is not an object of a bucket and a permission, both text");
            };
            match (permission == FULL_ACCESS, bucket.is_empty()) {
                (true, _) if list.len() > 1 => {
                    return Err("mix full access with other grants, which makes a full access key");
                }
                (true, false) => return Err("name a bucket for full access, which is for all buckets: leave it empty"),
                (false, true) => return Err("hold a permission without a bucket: only full access has none"),
                _ => {}
            }
            if read.insert(bucket.to_owned(), permission.into()).is_some() {
                return Err("name a bucket twice");
            }
        }
        Ok(Self(read))
    }

    /// Whether they are the grant for everything.
    pub(crate) fn is_full_access(&self) -> bool {
        self.0.contains_key("")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn full() -> Value {
        json!({"bucket": "", "permission": "fullaccess"})
    }

    fn grant(bucket: &str, permission: &str) -> Value {
        json!({"bucket": bucket, "permission": permission})
    }

    #[test]
    fn what_could_make_a_wider_key_is_refused() {
        for (grants, how) in [
            (json!([full(), grant("photos", "read")]), "mix full access"),
            (json!([grant("photos", "read"), full()]), "mix full access"),
            (json!([full(), full()]), "mix full access"),
            (json!([grant("photos", "fullaccess")]), "leave it empty"),
            (json!([grant("", "read")]), "without a bucket"),
            (json!([grant("", "")]), "without a bucket"),
            (json!([grant("photos", "read"), grant("photos", "readwrite")]), "twice"),
            (json!([grant("photos", "write")]), "a permission that is not"),
            (json!([grant("photos", "FullAccess")]), "a permission that is not"),
            (json!([{"bucket": "photos"}]), "both text"),
            (json!([{"bucket": null, "permission": "read"}]), "both text"),
            (json!(["photos"]), "both text"),
            (json!({}), "not a list"),
            (json!(null), "not a list"),
        ] {
            let problem = Grants::requested(&grants).unwrap_err();
            assert_eq!((problem.pointer.as_str(), &problem.problem), (POINTER, &Problem::Constraint));
            assert!(problem.message.contains(how), "{grants}: {}", problem.message);
        }
    }

    #[test]
    fn full_access_is_one_grant_and_none_is_not_it() {
        let is_full_access = |grants: Value| Grants::requested(&grants).unwrap().is_full_access();
        assert!(is_full_access(json!([full()])));
        assert!(!is_full_access(json!([])));
        assert!(!is_full_access(json!([grant("photos", "readwrite"), grant("logs", "")])));
    }

    #[test]
    fn grants_are_compared_without_their_order() {
        let read = |grants| Grants::read(&grants);
        let (a, b) = (grant("photos", "read"), grant("logs", "readwrite"));
        assert_eq!(read(json!([a, b])), read(json!([b, a])));
        assert_ne!(read(json!([a, b])), read(json!([a])));
        assert_ne!(read(json!([a])), read(json!([grant("photos", "readwrite")])));
    }

    #[test]
    fn an_answer_may_hold_what_a_request_may_not() {
        let grants = json!([{"bucket": "photos", "permission": "list", "prefix": "2027/"}]);
        assert!(Grants::read(&grants).is_ok());
        assert!(Grants::requested(&grants).is_err());
    }
}
