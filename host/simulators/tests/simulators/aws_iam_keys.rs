//! Keys over their life, and both positions of each switch.

use std::time::Duration;

use keywright_simulators::Vendor as _;

use crate::{
    aws_iam_client::{AwsIam, code, document, form, keys, status_and_code, value, values},
    aws_iam_signing::{Keys, Signer},
};

#[tokio::test]
async fn a_key_lives_is_switched_off_and_on_and_ends() {
    let aws = AwsIam::start(&[]).await;
    let key = aws.key().await;
    assert_eq!(status_and_code(&aws.identity(&key).await), code(200, ""));
    for (status, expected) in [
        ("Inactive", code(403, "InvalidClientTokenId")),
        ("Inactive", code(403, "InvalidClientTokenId")),
        ("Active", code(200, "")),
    ] {
        aws.set_status(&key, status).await;
        assert_eq!(status_and_code(&aws.identity(&key).await), expected, "{status}");
        let listed = aws.granted("ListAccessKeys", &[("UserName", &aws.user)]).await;
        assert_eq!(values(&listed, "Status"), [status]);
    }
    // An active key may be deleted.
    aws.delete(&key).await;
    assert_eq!(status_and_code(&aws.identity(&key).await), code(403, "InvalidClientTokenId"));
    let again = [("UserName", aws.user.as_str()), ("AccessKeyId", key.id.as_str())];
    assert_eq!(aws.refused("DeleteAccessKey", &again).await, code(404, "NoSuchEntity"));
    assert!(aws.listed().await.is_empty());
}

#[tokio::test]
async fn an_owner_has_two_keys_inactive_ones_included() {
    for (option, most) in [(None, 2), (Some(("quota", "3")), 3)] {
        let aws = AwsIam::start(option.as_slice()).await;
        for _ in 0..most {
            let key = aws.key().await;
            aws.set_status(&key, "Inactive").await;
        }
        let answer = aws.call("CreateAccessKey", &[("UserName", &aws.user)]).await;
        assert_eq!(status_and_code(&answer), code(409, "LimitExceeded"));
        let message = format!("Cannot exceed quota for AccessKeysPerUser: {most}");
        assert_eq!(value(&document(&answer), "Message"), message);
        aws.granted("CreateAccessKey", &[]).await;
    }
}

/// Every creation makes another key: a lost answer leaves one that nobody can use.
#[tokio::test]
async fn a_creation_that_is_sent_again_makes_another_key() {
    let aws = AwsIam::start(&[]).await;
    let (one, other) = (aws.key().await, aws.key().await);
    assert_ne!((&one.id, &one.secret), (&other.id, &other.secret));
    assert_eq!(aws.listed().await, [one.id, other.id]);
}

/// The trap of the API: without a user name it is the caller's own keys.
#[tokio::test]
async fn without_a_user_name_the_caller_is_meant() {
    let aws = AwsIam::start(&[]).await;
    let key = aws.key().await;
    let own = aws.granted("ListAccessKeys", &[]).await;
    assert_eq!(values(&own, "AccessKeyId"), [aws.administrator.id.as_str()]);
    assert_eq!(value(&own, "UserName"), "keywright-admin");
    for (action, parameters) in [
        ("DeleteAccessKey", vec![("AccessKeyId", key.id.as_str())]),
        ("UpdateAccessKey", vec![("AccessKeyId", key.id.as_str()), ("Status", "Inactive")]),
    ] {
        assert_eq!(aws.refused(action, &parameters).await, code(404, "NoSuchEntity"), "{action}");
    }
    aws.vendor.set_rights(&aws.user, true);
    let listed = document(&aws.call_as(&key, "ListAccessKeys", &[]).await);
    assert_eq!((value(&listed, "AccessKeyId"), value(&listed, "UserName")), (key.id.clone(), aws.user.clone()));
    let second = keys(&document(&aws.call_as(&key, "CreateAccessKey", &[]).await));
    assert_eq!(aws.listed().await, [key.id, second.id]);
}

#[tokio::test]
async fn the_session_of_a_role_is_not_a_user_and_must_name_one() {
    let aws = AwsIam::start(&[("administrator", "session")]).await;
    assert!(aws.administrator.id.starts_with("ASIA"));
    let id = aws.key().await.id;
    for (action, parameters) in [
        ("CreateAccessKey", vec![]),
        ("ListAccessKeys", vec![]),
        ("UpdateAccessKey", vec![("AccessKeyId", id.as_str()), ("Status", "Active")]),
        ("DeleteAccessKey", vec![("AccessKeyId", id.as_str())]),
        ("GetUser", vec![]),
    ] {
        assert_eq!(aws.refused(action, &parameters).await, code(400, "ValidationError"), "{action}");
    }
    let identity = document(&aws.identity(&aws.administrator).await);
    let account = value(&identity, "Account");
    let arn = format!("arn:aws:sts::{account}:assumed-role/keywright-admin/keywright");
    assert_eq!(value(&identity, "Arn"), arn);
    let user_id = value(&identity, "UserId");
    assert!(user_id.starts_with("AROA") && user_id.ends_with(":keywright"), "{user_id}");
    aws.granted("GetAccessKeyLastUsed", &[("AccessKeyId", &id)]).await;
}

#[tokio::test]
async fn root_handles_its_own_keys_without_a_name_and_others_cannot() {
    let aws = AwsIam::start(&[("administrator", "root")]).await;
    let identity = document(&aws.identity(&aws.administrator).await);
    assert!(value(&identity, "Arn").ends_with(":root"));
    assert_eq!(value(&identity, "UserId"), value(&identity, "Account"));
    let own = aws.granted("ListAccessKeys", &[]).await;
    assert_eq!(value(&own, "AccessKeyId"), aws.administrator.id);
    assert!(values(&own, "UserName").is_empty());
    keys(&aws.granted("CreateAccessKey", &[]).await);
    assert_eq!(aws.refused("CreateAccessKey", &[]).await, code(409, "LimitExceeded"));

    let key = aws.key().await;
    aws.vendor.set_rights(&aws.user, true);
    let asked = aws.call_as(&key, "GetAccessKeyLastUsed", &[("AccessKeyId", &aws.administrator.id)]).await;
    assert_eq!(status_and_code(&asked), code(403, "AccessDenied"));
    aws.granted("GetAccessKeyLastUsed", &[("AccessKeyId", &aws.administrator.id)]).await;
}

#[tokio::test]
async fn a_new_key_is_refused_as_unknown_for_a_while() {
    let aws = AwsIam::start(&[("consistency-delay", "8000")]).await;
    assert_eq!(aws.identity(&aws.administrator).await.status, 200, "the administrator's is not new");
    let key = aws.key().await;
    assert_eq!(status_and_code(&aws.identity(&key).await), code(403, "InvalidClientTokenId"));
    assert_eq!(aws.listed().await, [key.id.as_str()], "it is listed at once");
    aws.vendor.clock().advance(Duration::from_secs(8));
    assert_eq!(aws.identity(&key).await.status, 200);
}

#[tokio::test]
async fn a_key_that_was_switched_off_or_deleted_signs_for_a_while() {
    let aws = AwsIam::start(&[("change-delay", "4000")]).await;
    let (off, deleted) = (aws.key().await, aws.key().await);
    aws.set_status(&off, "Inactive").await;
    aws.delete(&deleted).await;
    assert_eq!(aws.listed().await, [off.id.as_str()]);
    for key in [&off, &deleted] {
        assert_eq!(aws.identity(key).await.status, 200);
    }
    aws.vendor.clock().advance(Duration::from_secs(4));
    for key in [&off, &deleted] {
        assert_eq!(status_and_code(&aws.identity(key).await), code(403, "InvalidClientTokenId"));
    }
    aws.set_status(&off, "Active").await;
    assert_eq!(status_and_code(&aws.identity(&off).await), code(403, "InvalidClientTokenId"));
    aws.vendor.clock().advance(Duration::from_secs(4));
    assert_eq!(aws.identity(&off).await.status, 200);
}

#[tokio::test]
async fn a_list_may_miss_a_new_key_for_a_while() {
    let aws = AwsIam::start(&[("listing-delay", "5000")]).await;
    let key = aws.key().await;
    assert!(aws.listed().await.is_empty());
    assert_eq!(aws.identity(&key).await.status, 200);
    aws.vendor.clock().advance(Duration::from_secs(5));
    assert_eq!(aws.listed().await, [key.id]);
}

#[tokio::test]
async fn a_use_is_reported_late_and_once_in_a_quarter_of_an_hour() {
    let aws = AwsIam::start(&[("last-used-delay", "60")]).await;
    let key = aws.key().await;
    let asked = [("AccessKeyId", key.id.as_str())];
    let unused = aws.granted("GetAccessKeyLastUsed", &asked).await;
    assert_eq!((value(&unused, "ServiceName"), value(&unused, "Region")), ("N/A".to_owned(), "N/A".to_owned()));
    assert!(values(&unused, "LastUsedDate").is_empty());
    assert_eq!(value(&unused, "UserName"), aws.user);

    // A request with the wrong secret is not a use.
    let wrong = Keys { secret: "0".repeat(40), ..key.clone() };
    assert_eq!(status_and_code(&aws.identity(&wrong).await), code(403, "SignatureDoesNotMatch"));
    aws.vendor.clock().advance(Duration::from_secs(60));
    let paris = Signer { region: "eu-west-3", ..Signer::botocore("sts") };
    let identity = "Action=GetCallerIdentity&Version=2011-06-15";
    assert_eq!(aws.signed(&paris, &key, identity).await.status, 200);
    let asked_again = aws.granted("GetAccessKeyLastUsed", &asked).await;
    assert_eq!(value(&asked_again, "ServiceName"), "N/A", "too soon, and a request with the wrong secret is not a use");
    aws.vendor.clock().advance(Duration::from_secs(60));
    // A second use within fifteen minutes is not written down.
    assert_eq!(status_and_code(&aws.call_as(&key, "ListUsers", &[]).await), code(403, "AccessDenied"));
    aws.vendor.clock().advance(Duration::from_secs(60));
    let used = aws.granted("GetAccessKeyLastUsed", &asked).await;
    assert_eq!((value(&used, "ServiceName"), value(&used, "Region")), ("sts".to_owned(), "eu-west-3".to_owned()));
    assert!(value(&used, "LastUsedDate").ends_with(":00Z"));

    aws.vendor.clock().advance(Duration::from_secs(900));
    assert_eq!(aws.call_as(&key, "ListUsers", &[]).await.status, 403, "refused, and a use");
    aws.vendor.clock().advance(Duration::from_secs(60));
    assert_eq!(value(&aws.granted("GetAccessKeyLastUsed", &asked).await, "ServiceName"), "iam");
}

#[tokio::test]
async fn the_last_use_of_a_key_that_is_not_there_is_denied_to_everyone() {
    let aws = AwsIam::start(&[]).await;
    let answer = aws.call("GetAccessKeyLastUsed", &[("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")]).await;
    assert_eq!(status_and_code(&answer), code(403, "AccessDenied"));
    let message = value(&document(&answer), "Message");
    let expected = "is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE";
    assert!(message.ends_with(expected), "{message}");
}

/// The status that is in the model, and that no call sets.
#[tokio::test]
async fn an_expired_key_is_listed_does_not_sign_and_cannot_be_switched() {
    let aws = AwsIam::start(&[]).await;
    let key = aws.key().await;
    assert!(aws.vendor.expire(&key.id) && !aws.vendor.expire("AKIAIOSFODNN7EXAMPLE"));
    let listed = aws.granted("ListAccessKeys", &[("UserName", &aws.user)]).await;
    assert_eq!(value(&listed, "Status"), "Expired");
    assert_eq!(status_and_code(&aws.identity(&key).await), code(403, "InvalidClientTokenId"));
    let update = |status| [("UserName", aws.user.as_str()), ("AccessKeyId", key.id.as_str()), ("Status", status)];
    for status in ["Active", "Expired"] {
        assert_eq!(aws.refused("UpdateAccessKey", &update(status)).await, code(400, "InvalidInput"), "{status}");
    }
    aws.delete(&key).await;
}

#[tokio::test]
async fn a_partition_has_its_region_and_its_name() {
    for (region, partition) in [
        ("us-east-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("eusc-de-east-1", "aws-eusc"),
    ] {
        let aws = AwsIam::start(&[("region", region)]).await;
        assert_eq!(aws.vendor.account().settings["region"], region);
        let identity = document(&aws.identity(&aws.administrator).await);
        let arn = format!("arn:{partition}:iam::{}:user/keywright-admin", value(&identity, "Account"));
        assert_eq!(value(&identity, "Arn"), arn);
        let list = form("ListUsers", &[]);
        for (signed_for, expected) in [(region, 200), ("eu-west-3", 403)] {
            let signer = Signer { region: signed_for, ..Signer::botocore("iam") };
            assert_eq!(aws.signed(&signer, &aws.administrator, &list).await.status, expected, "{signed_for}");
        }
    }
}

/// What a person at the console makes is found by its id of user and key.
#[tokio::test]
async fn a_key_made_by_hand_is_the_demo_users() {
    let aws = AwsIam::start(&[]).await;
    for _ in 0..3 {
        let id = aws.vendor.issue_by_hand();
        let (user, key) = id.split_once('/').unwrap();
        assert_eq!(user, aws.user);
        assert!(aws.listed().await.iter().any(|listed| listed == key), "beyond the quota too, as a race leaves it");
    }
}
