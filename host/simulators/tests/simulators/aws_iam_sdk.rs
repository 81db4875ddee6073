//! Requests as botocore and the Terraform provider put them on the wire, and the documents that they get.

use http::{HeaderMap, Method};

use crate::{
    aws_iam_client::{AwsIam, document, keys, value, values},
    aws_iam_signing::Signer,
};

/// What boto3 1.44.8 was seen to send, its headers that are not signed included.
#[tokio::test]
async fn what_botocore_sends_is_accepted() {
    let aws = AwsIam::start(&[]).await;
    let send = async |service, body: &str| {
        let mut headers = Signer::botocore(service).sign(&aws.administrator, "POST", aws.authority(), "", body);
        for (name, value) in [
            (
                "user-agent",
                "Boto3/1.44.8 md/Botocore#1.44.8 ua/2.1 os/linux#6.18 md/arch#x86_64 lang/python#3.11.7 \
                 cfg/retry-mode#standard Botocore/1.44.8",
            ),
            ("amz-sdk-invocation-id", "d7c53ee9-c10c-4084-b3ec-89c3787c4bd9"),
            ("amz-sdk-request", "attempt=1; max=3"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let answer = aws.send(Method::POST, "/", headers, body).await;
        assert_eq!(answer.status, 200, "{body}: {}", document(&answer));
        assert_eq!(answer.header("content-type"), Some("text/xml"));
        let document = document(&answer);
        assert_eq!(answer.header("x-amzn-requestid"), Some(value(&document, "RequestId").as_str()));
        document
    };
    send("sts", "Action=GetCallerIdentity&Version=2011-06-15").await;
    send("iam", "Action=CreateUser&Version=2010-05-08&UserName=jo%2Bx%40example.com&Path=%2Fa%2F").await;
    let made = send("iam", "Action=CreateAccessKey&Version=2010-05-08&UserName=jo%2Bx%40example.com").await;
    let key = keys(&made);
    send("iam", "Action=ListAccessKeys&Version=2010-05-08&UserName=jo%2Bx%40example.com").await;
    let id = &key.id;
    let update = "Action=UpdateAccessKey&Version=2010-05-08&UserName=jo%2Bx%40example.com";
    send("iam", &format!("{update}&AccessKeyId={id}&Status=Inactive")).await;
    send("iam", &format!("Action=GetAccessKeyLastUsed&Version=2010-05-08&AccessKeyId={id}")).await;
    let users = send("iam", "Action=ListUsers&Version=2010-05-08").await;
    assert!(values(&users, "UserName").contains(&"jo+x@example.com".to_owned()));
    let delete = "Action=DeleteAccessKey&Version=2010-05-08&UserName=jo%2Bx%40example.com";
    send("iam", &format!("{delete}&AccessKeyId={id}")).await;
    send("iam", "Action=DeleteUser&Version=2010-05-08&UserName=jo%2Bx%40example.com").await;
}

/// The second example of the resource's page with a status, a refresh, a change, an import and the end, as the provider's
/// `access_key.go` makes them. Go's SDK writes the parameters in the order of their names.
#[tokio::test]
async fn what_the_terraform_provider_sends_is_accepted() {
    let aws = AwsIam::start(&[]).await;
    let send = async |parameters: &str| {
        let (action, rest) = parameters.split_once('&').unwrap_or((parameters, ""));
        let separator = if rest.is_empty() { "" } else { "&" };
        let body = format!("Action={action}{separator}{rest}&Version=2010-05-08");
        let answer = aws.signed(&Signer::go("iam", &body), &aws.administrator, &body).await;
        assert_eq!(answer.status, 200, "{body}: {}", document(&answer));
        document(&answer)
    };
    send("CreateUser&Path=%2Ftest%2F&UserName=test").await;
    let id = value(&send("CreateAccessKey&UserName=test").await, "AccessKeyId");
    send(&format!("UpdateAccessKey&AccessKeyId={id}&Status=Inactive&UserName=test")).await;
    let refreshed = send("ListAccessKeys&UserName=test").await;
    assert_eq!((value(&refreshed, "AccessKeyId"), value(&refreshed, "Status")), (id.clone(), "Inactive".to_owned()));
    send(&format!("UpdateAccessKey&AccessKeyId={id}&Status=Active&UserName=test")).await;
    let imported = send(&format!("GetAccessKeyLastUsed&AccessKeyId={id}")).await;
    assert_eq!(value(&imported, "UserName"), "test");
    send(&format!("DeleteAccessKey&AccessKeyId={id}&UserName=test")).await;
    send("DeleteUser&UserName=test").await;
}

/// A document with what differs from one request to another made the same.
fn shape(document: &str) -> String {
    ["UserId", "AccessKeyId", "SecretAccessKey", "CreateDate", "RequestId", "Account"].iter().fold(
        document.to_owned(),
        |document, name| {
            values(&document, name).iter().fold(document.clone(), |text, value| {
                text.replace(&format!(">{value}</{name}>"), &format!(">…</{name}>"))
            })
        },
    )
}

#[tokio::test]
async fn documents_are_written_as_aws_writes_them() {
    let aws = AwsIam::start(&[]).await;
    let owner = ("UserName", aws.user.as_str());
    let metadata = "  <ResponseMetadata>\n    <RequestId>…</RequestId>\n  </ResponseMetadata>\n";
    let namespace = "xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"";
    let empty = shape(&aws.granted("ListAccessKeys", &[owner]).await);
    let expected = format!(
        "<ListAccessKeysResponse {namespace}>\n  <ListAccessKeysResult>\n    <IsTruncated>false</IsTruncated>\n    \
         <AccessKeyMetadata/>\n  </ListAccessKeysResult>\n{metadata}</ListAccessKeysResponse>\n"
    );
    assert_eq!(empty, expected);

    let made = aws.granted("CreateAccessKey", &[owner]).await;
    let expected = format!(
        "<CreateAccessKeyResponse {namespace}>\n  <CreateAccessKeyResult>\n    <AccessKey>\n      \
         <UserName>keywright-demo</UserName>\n      <AccessKeyId>…</AccessKeyId>\n      <Status>Active</Status>\n      \
         <SecretAccessKey>…</SecretAccessKey>\n      <CreateDate>…</CreateDate>\n    </AccessKey>\n  \
         </CreateAccessKeyResult>\n{metadata}</CreateAccessKeyResponse>\n"
    );
    assert_eq!(shape(&made), expected);
    let key = keys(&made);
    assert!(key.id.starts_with("AKIA") && key.id.len() == 20, "{}", key.id);
    assert_eq!(key.secret.len(), 40);
    let date = value(&made, "CreateDate");
    assert!(date.len() == 20 && date.ends_with('Z'), "whole seconds: {date}");
    assert!(uuid::Uuid::parse_str(&value(&made, "RequestId")).is_ok());

    let listed = aws.granted("ListAccessKeys", &[owner]).await;
    assert!(!listed.contains(&key.secret) && !listed.contains("SecretAccessKey"));
    assert!(listed.contains("    <AccessKeyMetadata>\n      <member>\n        <UserName>keywright-demo</UserName>\n"));

    let update = [owner, ("AccessKeyId", key.id.as_str()), ("Status", "Active")];
    let updated = shape(&aws.granted("UpdateAccessKey", &update).await);
    assert_eq!(updated, format!("<UpdateAccessKeyResponse {namespace}>\n{metadata}</UpdateAccessKeyResponse>\n"));

    let identity = shape(&document(&aws.identity(&key).await));
    let account = aws.identity(&key).await;
    let arn = value(&document(&account), "Arn");
    let expected = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <GetCallerIdentityResult>\n    \
         <Arn>{arn}</Arn>\n    <UserId>…</UserId>\n    <Account>…</Account>\n  </GetCallerIdentityResult>\n{metadata}\
         </GetCallerIdentityResponse>\n"
    );
    assert_eq!(identity, expected);

    let refused = aws.call("ListAccessKeys", &[("UserName", "nobody")]).await;
    let expected = format!(
        "<ErrorResponse {namespace}>\n  <Error>\n    <Type>Sender</Type>\n    <Code>NoSuchEntity</Code>\n    \
         <Message>The user with name nobody cannot be found.</Message>\n  </Error>\n  <RequestId>…</RequestId>\n\
         </ErrorResponse>\n"
    );
    assert_eq!(shape(&document(&refused)), expected);
    assert_eq!(refused.status, 404);
    let unsigned = aws.send(Method::POST, "/", HeaderMap::new(), "").await;
    assert!(unsigned.body.is_empty() && unsigned.header("x-amzn-requestid").is_some());
}
