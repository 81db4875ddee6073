//! What Keywright needs to know of AWS IAM.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, SetEnabled, Update, Verify};
use keywright_sdk::{Descriptor, LastUsedPrecision, Operation, Part, QuotaScope, Rule, Scheme, Signature};

use crate::access_key::{ACTIVE, INACTIVE};
use crate::call::{IAM, IAM_VERSION, STS, STS_VERSION};

/// **Choice**: the vendor documents no form. Visible ASCII is what every token and key of an HTTP API is made of, and keeps
/// a blank or a look-alike letter from costing a refused try.
const VISIBLE: &str = "^[!-~]+$";

/// `accessKeyIdType` of the service model.
const ACCESS_KEY_ID: &str = "^[A-Za-z0-9_]{16,128}$";

/// `existingUserNameType` and `accessKeyIdType` of the service model.
const ID: &str = "^[A-Za-z0-9_+=,.@-]{1,128}/[A-Za-z0-9_]{16,128}$";

/// Where the answer to a creation holds the secret.
const SECRET: &str = "xml:/CreateAccessKeyResponse/CreateAccessKeyResult/AccessKey/SecretAccessKey";

/// The most access keys of a user, inactive ones included. It cannot be raised.
pub(crate) const QUOTA: u32 = 2;

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("aws-iam", "AWS IAM access keys", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        // Of the partition `aws`, and its STS also of `aws-us-gov`. The hosts of other partitions have other names, which no
        // region is a part of in the same way: an account there overrides the endpoints.
        .endpoint(IAM, "https://iam.amazonaws.com")
        .endpoint(STS, "https://sts.{settings.region}.amazonaws.com")
        .scheme(Scheme::new("iam").signature(signature("iam").session_token("{parts.session_token}")))
        .scheme(Scheme::new("sts").signature(signature("sts").session_token("{parts.session_token}")))
        // An issued access key is not a session's, so it has no session token.
        .scheme(Scheme::new("sts-key").signature(signature("sts")))
        .part(
            Part::public("access_key_id", "access key id")
                .identifies()
                .pattern(ACCESS_KEY_ID)
                .environment(&["AWS_ACCESS_KEY_ID"]),
        )
        .part(
            Part::secret("secret_access_key", "secret access key")
                .pattern(VISIBLE)
                .environment(&["AWS_SECRET_ACCESS_KEY"]),
        )
        .administrator_part(
            Part::secret("session_token", "session token, with temporary credentials")
                .optional()
                .environment(&["AWS_SESSION_TOKEN"]),
        )
        .id(ID, &["USER_NAME/ACCESS_KEY_ID"])
        .rule(iam(&[Create], "CreateAccessKey").mints("secret_access_key", SECRET))
        .rule(iam(&[Get, List, Update, SetEnabled], "ListAccessKeys"))
        .rule(iam(&[Check, Get, Update, SetEnabled, Revoke], "GetAccessKeyLastUsed"))
        .rule(iam(&[Update, SetEnabled], "UpdateAccessKey").demand_form("Status", &[ACTIVE, INACTIVE]))
        // A new key is active, so a creation only ever has to disable it.
        .rule(iam(&[Create], "UpdateAccessKey").demand_form("Status", &[INACTIVE]))
        .rule(iam(&[Revoke], "DeleteAccessKey"))
        .rule(sts(&[Check], "sts"))
        .rule(sts(&[Verify], "sts-key"))
        // Samples in the documentation show whole minutes. The use shows minutes later; how many, AWS does not say.
        .last_used(LastUsedPrecision::Instant)
        .quota(Some(QUOTA), QuotaScope::Owner)
        .disabling(true, None)
        // **Choice**: users report 2 to 15 seconds, and AWS says nothing.
        .consistency_delay(60)
}

fn signature(service: &'static str) -> Signature {
    Signature::new("aws4", "{parts.access_key_id}", "{parts.secret_access_key}", "{settings.region}", service)
}

/// Method, host and path of all calls are the same: the form tells them apart.
fn iam(operations: &[Operation], action: &'static str) -> Rule {
    Rule::post(operations, IAM, "/").demand_form("Action", &[action]).demand_form("Version", &[IAM_VERSION])
}

fn sts(operations: &[Operation], scheme: &'static str) -> Rule {
    Rule::post(operations, STS, "/")
        .demand_form("Action", &["GetCallerIdentity"])
        .demand_form("Version", &[STS_VERSION])
        .scheme(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::AwsIam>(), Ok(()));
    }
}
