//! Ids: `ACCOUNT_ID/USER/ACCESS_KEY` is a key of an EIM user, `ACCOUNT_ID/ACCESS_KEY` one of the root user. A key does not
//! say whose it is, and OUTSCALE takes a call that names no user to be about whoever signs it. So the id names the owner
//! in full, and means the same whoever the administrator is.

use keywright_sdk::{FieldProblem, Problem, Result};

/// A key and whose it is.
#[derive(Clone, Copy)]
pub(crate) struct KeyId<'a> {
    pub(crate) owner: Owner<'a>,
    pub(crate) access_key: &'a str,
}

/// A user of an account: an EIM user, or the root user when that name is empty.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) account_id: &'a str,
    pub(crate) user_name: &'a str,
}

impl<'a> KeyId<'a> {
    pub(crate) fn parse(id: &'a str) -> Result<Self> {
        match id.rsplit_once('/') {
            Some((owner, access_key)) => Ok(Self { owner: Owner::parse(owner), access_key }),
            None => {
                let message = "is not the id of a key, which has the form ACCOUNT_ID/USER/ACCESS_KEY, or \
                               ACCOUNT_ID/ACCESS_KEY for a key of the root user";
                Err(FieldProblem::new("/id", Problem::Format, message).into())
            }
        }
    }
}

impl<'a> Owner<'a> {
    /// Reads what stands before the access key in an id.
    pub(crate) fn parse(text: &'a str) -> Self {
        let (account_id, user_name) = text.split_once('/').unwrap_or((text, ""));
        Self { account_id, user_name }
    }

    pub(crate) fn is_root(self) -> bool {
        self.user_name.is_empty()
    }

    /// The id of a key of this owner.
    pub(crate) fn id_of(self, access_key: &str) -> String {
        match self.user_name {
            "" => [self.account_id, "/", access_key].concat(),
            user_name => [self.account_id, "/", user_name, "/", access_key].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_apart_as_it_was_put_together() {
        for (user, id) in [
            ("", "123456789012/ABCDEFGHIJ0123456789"),
            ("jo.d+e@x=1", "123456789012/jo.d+e@x=1/ABCDEFGHIJ0123456789"),
            ("123456789012", "123456789012/123456789012/ABCDEFGHIJ0123456789"),
        ] {
            let key = KeyId::parse(id).unwrap();
            assert_eq!((key.owner.account_id, key.owner.user_name), ("123456789012", user));
            assert_eq!(key.access_key, "ABCDEFGHIJ0123456789");
            assert_eq!(key.owner.id_of(key.access_key), id);
            assert_eq!(key.owner.is_root(), user.is_empty());
        }
    }

    #[test]
    fn an_access_key_alone_is_not_an_id() {
        assert!(KeyId::parse("ABCDEFGHIJ0123456789").is_err());
    }
}
