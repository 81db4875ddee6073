//! An IAM user, and how one is shown.

use chrono::{DateTime, Utc};

use super::{
    access_key::write_date,
    account::Account,
    xml::{Element, text},
};
use crate::random;

/// A user as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct User {
    /// Stays when the user is renamed.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) path: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) may_do_everything: bool,
    pub(super) number: u64,
}

impl User {
    pub(super) fn arn(&self, account: &Account) -> String {
        account.arn(&format!("user{}{}", self.path, self.name))
    }

    pub(super) fn shown(&self, account: &Account) -> Vec<Element> {
        vec![
            text("Path", self.path.as_str()),
            text("UserName", self.name.as_str()),
            text("UserId", self.id.as_str()),
            text("Arn", self.arn(account)),
            text("CreateDate", write_date(self.created_at)),
        ]
    }
}

/// A unique id of 21 characters, whose prefix says what kind of thing it identifies.
pub(super) fn new_unique_id(prefix: &str) -> String {
    format!("{prefix}{}", random::text(random::UPPER_ALPHANUMERIC, 17))
}
