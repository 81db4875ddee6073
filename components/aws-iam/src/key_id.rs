//! Ids: `USER_NAME/ACCESS_KEY_ID`. A key does not say whose it is, and every call must.

use keywright_sdk::{Account, Failure, FieldProblem, Problem, Result};

/// A key and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyId<'a> {
    pub(crate) user: &'a str,
    pub(crate) access_key: &'a str,
}

impl<'a> KeyId<'a> {
    pub(crate) fn parse(id: &'a str) -> Result<Self> {
        match id.split_once('/') {
            Some((user, access_key)) if !user.is_empty() && !access_key.is_empty() && !access_key.contains('/') => {
                Ok(Self { user, access_key })
            }
            _ => Err(problem(Problem::Format, "does not have the form USER_NAME/ACCESS_KEY_ID")),
        }
    }

    /// The id of this access key of this user.
    pub(crate) fn join(user: &str, access_key: &str) -> String {
        [user, "/", access_key].concat()
    }

    /// A key that switches itself off, or deletes itself, cannot undo anything after.
    pub(crate) fn refuse_own(self, account: &Account) -> Result<()> {
        match account.part("access_key_id") {
            Some(own) if own == self.access_key => {
                Err(problem(Problem::Constraint, "is the key that signs: use another one to end or disable it"))
            }
            _ => Ok(()),
        }
    }
}

/// A failure at the id.
pub(crate) fn problem(problem: Problem, message: impl AsRef<str>) -> Failure {
    FieldProblem::new("/id", problem, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_split_as_it_was_joined() {
        for user in ["ci-deploy", "a+b=c,d.e@f-g_h"] {
            let id = KeyId::join(user, "AKIAIOSFODNN7EXAMPLE");
            assert_eq!(KeyId::parse(&id), Ok(KeyId { user, access_key: "AKIAIOSFODNN7EXAMPLE" }));
        }
    }

    #[test]
    fn an_id_without_a_user_or_with_a_path_is_refused() {
        for id in ["", "AKIAIOSFODNN7EXAMPLE", "/AKIAIOSFODNN7EXAMPLE", "ci/", "system/ci/AKIAIOSFODNN7EXAMPLE"] {
            assert!(KeyId::parse(id).unwrap_err().message().starts_with("/id does not have the form"), "{id}");
        }
    }
}
