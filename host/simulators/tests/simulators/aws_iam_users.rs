//! Users, and lists in pages.

use crate::aws_iam_client::{AwsIam, code, status_and_code, value, values};

#[tokio::test]
async fn a_user_is_made_found_renamed_and_ends_without_keys() {
    let aws = AwsIam::start(&[]).await;
    let made = aws.granted("CreateUser", &[("UserName", "jo+ci@example.com"), ("Path", "/ci/")]).await;
    let id = value(&made, "UserId");
    assert!(id.starts_with("AIDA") && id.len() == 21, "{id}");
    assert!(value(&made, "Arn").ends_with(":user/ci/jo+ci@example.com"));
    let key = aws.granted("CreateAccessKey", &[("UserName", "jo+ci@example.com")]).await;
    let rename = [("UserName", "jo+ci@example.com"), ("NewUserName", "jo"), ("NewPath", "/")];
    aws.granted("UpdateUser", &rename).await;
    assert_eq!(aws.refused("GetUser", &[("UserName", "jo+ci@example.com")]).await, code(404, "NoSuchEntity"));
    let renamed = aws.granted("GetUser", &[("UserName", "jo")]).await;
    assert_eq!((value(&renamed, "UserId"), value(&renamed, "Path")), (id, "/".to_owned()));

    let listed = aws.granted("ListAccessKeys", &[("UserName", "jo")]).await;
    assert_eq!(value(&listed, "UserName"), "jo", "keys follow");
    assert_eq!(value(&listed, "AccessKeyId"), value(&key, "AccessKeyId"));
    assert_eq!(aws.refused("DeleteUser", &[("UserName", "jo")]).await, code(409, "DeleteConflict"));
    let key = value(&listed, "AccessKeyId");
    aws.granted("DeleteAccessKey", &[("UserName", "jo"), ("AccessKeyId", &key)]).await;
    aws.granted("DeleteUser", &[("UserName", "jo")]).await;
    for action in ["ListAccessKeys", "CreateAccessKey", "DeleteUser", "UpdateUser"] {
        assert_eq!(aws.refused(action, &[("UserName", "jo")]).await, code(404, "NoSuchEntity"), "{action}");
    }
}

#[tokio::test]
async fn names_are_unique_without_regard_to_case_and_looked_up_in_one_way_or_the_other() {
    for (lookup, expected) in [("exact", 404), ("any-case", 200)] {
        let aws = AwsIam::start(&[("user-lookup", lookup)]).await;
        aws.granted("CreateUser", &[("UserName", "Alice")]).await;
        assert_eq!(aws.refused("CreateUser", &[("UserName", "ALICE")]).await, code(409, "EntityAlreadyExists"));
        let rename = [("UserName", aws.user.as_str()), ("NewUserName", "aLICE")];
        assert_eq!(aws.refused("UpdateUser", &rename).await, code(409, "EntityAlreadyExists"));
        aws.granted("UpdateUser", &[("UserName", "Alice"), ("NewUserName", "alicE")]).await;
        let answer = aws.call("CreateAccessKey", &[("UserName", "ALICE")]).await;
        assert_eq!(answer.status, expected, "{lookup}");
        if expected == 200 {
            assert_eq!(values(&String::from_utf8_lossy(&answer.body), "UserName"), ["alicE"], "as it is written");
        }
    }
}

#[tokio::test]
async fn a_caller_asks_for_itself_without_a_name() {
    let aws = AwsIam::start(&[]).await;
    assert_eq!(value(&aws.granted("GetUser", &[]).await, "UserName"), "keywright-admin");
    let root = AwsIam::start(&[("administrator", "root")]).await;
    let user = root.granted("GetUser", &[]).await;
    assert!(value(&user, "Arn").ends_with(":root"));
    assert!(values(&user, "UserName").is_empty() && values(&user, "Path").is_empty());
}

/// All pages of a list, each of which says whether there is another.
async fn pages(aws: &AwsIam, action: &str, parameters: &[(&str, &str)], element: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut marker = None;
    loop {
        let mut parameters = parameters.to_vec();
        parameters.extend(marker.as_deref().map(|marker| ("Marker", marker)));
        let page = aws.granted(action, &parameters).await;
        pages.push(values(&page, element));
        match value(&page, "IsTruncated").as_str() {
            "true" => marker = Some(value(&page, "Marker")),
            _ => {
                assert!(values(&page, "Marker").is_empty());
                return pages;
            }
        }
    }
}

#[tokio::test]
async fn lists_come_in_pages_that_may_be_shorter_than_asked() {
    let aws = AwsIam::start(&[("users", "3")]).await;
    let users = ["keywright-admin", "keywright-demo", "user-1", "user-2", "user-3"];
    let found = pages(&aws, "ListUsers", &[("MaxItems", "2")], "UserName").await;
    assert_eq!(found, [&users[..2], &users[2..4], &users[4..]]);
    assert_eq!(pages(&aws, "ListUsers", &[], "UserName").await, [users]);
    assert_eq!(pages(&aws, "ListUsers", &[("PathPrefix", "/keywright/")], "UserName").await, [["keywright-demo"]]);
    assert_eq!(pages(&aws, "ListUsers", &[("PathPrefix", "/key")], "UserName").await, [["keywright-demo"]]);
    let (one, other) = (aws.key().await, aws.key().await);
    let owner = ("UserName", aws.user.as_str());
    let found = pages(&aws, "ListAccessKeys", &[owner, ("MaxItems", "1")], "AccessKeyId").await;
    assert_eq!(found, [[one.id], [other.id]]);

    let short = AwsIam::start(&[("users", "3"), ("page-size", "1")]).await;
    let found = pages(&short, "ListUsers", &[("MaxItems", "100")], "UserName").await;
    assert_eq!(found, users.map(|user| [user]));
}

#[tokio::test]
async fn what_is_deleted_between_two_pages_does_not_move_the_others() {
    let aws = AwsIam::start(&[("users", "3")]).await;
    let first = aws.granted("ListUsers", &[("MaxItems", "3")]).await;
    for user in ["user-1", "user-2"] {
        aws.granted("DeleteUser", &[("UserName", user)]).await;
    }
    let rest = aws.granted("ListUsers", &[("Marker", &value(&first, "Marker"))]).await;
    assert_eq!(values(&rest, "UserName"), ["user-3"]);
}

#[tokio::test]
async fn a_marker_is_good_for_its_own_list_only() {
    let aws = AwsIam::start(&[("page-size", "1")]).await;
    aws.key().await;
    aws.key().await;
    let marker = value(&aws.granted("ListUsers", &[]).await, "Marker");
    let keys = [("UserName", aws.user.as_str()), ("Marker", marker.as_str())];
    assert_eq!(aws.refused("ListAccessKeys", &keys).await, code(400, "ValidationError"));
    let narrowed = [("PathPrefix", "/keywright/"), ("Marker", marker.as_str())];
    assert_eq!(aws.refused("ListUsers", &narrowed).await, code(400, "ValidationError"));
    for bad in ["", "2", "AAAA", "\u{100}"] {
        assert_eq!(
            status_and_code(&aws.call("ListUsers", &[("Marker", bad)]).await),
            code(400, "ValidationError"),
            "{bad}"
        );
    }
    aws.granted("ListUsers", &[("Marker", &marker)]).await;
}
