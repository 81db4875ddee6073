//! Who signs, by STS.

use keywright_sdk::Result;
use serde_json::{Map, Value};

use crate::call::Done;

/// The answer to `GetCallerIdentity`.
#[derive(Debug)]
pub(crate) struct Caller {
    /// `arn:PARTITION:iam::ACCOUNT:user/PATH/NAME`, or of a role's session `arn:PARTITION:sts::ACCOUNT:assumed-role/…`.
    pub(crate) arn: String,
    account: String,
    user_id: String,
}

impl Caller {
    pub(crate) fn read(answer: &Done) -> Result<Self> {
        let text = |name| answer.text(name).unwrap_or_default().to_owned();
        let caller = Self { arn: text("Arn"), account: text("Account"), user_id: text("UserId") };
        match caller.resource() {
            Some(_) => Ok(caller),
            None => Err(answer.unexpected("it has no ARN of a caller")),
        }
    }

    /// The number of the account.
    pub(crate) fn account(&self) -> Option<&str> {
        Some(self.account.as_str()).filter(|account| !account.is_empty())
    }

    /// The name of the IAM user, without the path; nothing for root and for sessions.
    pub(crate) fn user(&self) -> Option<&str> {
        self.resource()?.strip_prefix("user/")?.rsplit('/').next()
    }

    pub(crate) fn is_root(&self) -> bool {
        self.resource() == Some("root")
    }

    /// What stands in the ARN after partition, service and account.
    fn resource(&self) -> Option<&str> {
        let mut fields = self.arn.splitn(6, ':');
        (fields.next() == Some("arn")).then_some(())?;
        fields.nth(4).filter(|resource| !resource.is_empty())
    }

    /// All that is known, by AWS's names.
    pub(crate) fn details(&self) -> Map<String, Value> {
        let all = [("arn", &self.arn), ("account", &self.account), ("user_id", &self.user_id)];
        let known = all.into_iter().filter(|(_, value)| !value.is_empty());
        known.map(|(name, value)| (name.to_owned(), value.as_str().into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(arn: &str) -> Caller {
        Caller { arn: arn.to_owned(), account: String::new(), user_id: String::new() }
    }

    #[test]
    fn a_users_name_is_the_end_of_its_arn_in_every_partition() {
        for (arn, user) in [
            ("arn:aws:iam::123456789012:user/ci-deploy", Some("ci-deploy")),
            ("arn:aws-cn:iam::123456789012:user/system/a:b/ci+deploy@x", Some("ci+deploy@x")),
            ("arn:aws:sts::123456789012:assumed-role/admin/user/x", None),
            ("arn:aws:iam::123456789012:root", None),
            ("arn:aws:iam::123456789012:users/x", None),
        ] {
            assert_eq!(caller(arn).user(), user, "{arn}");
            assert_eq!(caller(arn).is_root(), arn.ends_with(":root"));
        }
    }

    #[test]
    fn what_is_not_an_arn_names_nobody() {
        for arn in ["", "user/x", "arn:aws:iam::123456789012", "arn:aws:iam::123456789012:", "x:aws:iam::1:root"] {
            assert_eq!(caller(arn).resource(), None, "{arn}");
        }
    }
}
