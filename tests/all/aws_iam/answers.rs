//! AWS's answers as they should be, and what may become of them on the way.

use proptest::prelude::*;

pub(super) const KEY: &str = "AKIAEXAMPLE000000002";
pub(super) const ID: &str = "ci/AKIAEXAMPLE000000002";
pub(super) const SECRET: &str = "MadeUpSecret/ForTheMutations+01234567890";

fn key(status: &str, secret: &str) -> String {
    format!(
        "<UserName>ci</UserName><AccessKeyId>{KEY}</AccessKeyId><Status>{status}</Status>{secret}\
         <CreateDate>2026-03-01T09:30:00Z</CreateDate>"
    )
}

pub(super) fn answer(action: &str, result: &str) -> String {
    let result = match result {
        "" => String::new(),
        result => format!("<{action}Result>{result}</{action}Result>"),
    };
    format!(
        "<{action}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">{result}<ResponseMetadata>\
         <RequestId>00000000-0000-4000-8000-000000000001</RequestId></ResponseMetadata></{action}Response>"
    )
}

pub(super) fn created() -> String {
    let secret = format!("<SecretAccessKey>{SECRET}</SecretAccessKey>");
    answer("CreateAccessKey", &format!("<AccessKey>{}</AccessKey>", key("Active", &secret)))
}

pub(super) fn list(status: &str) -> String {
    let keys = format!("<AccessKeyMetadata><member>{}</member></AccessKeyMetadata>", key(status, ""));
    answer("ListAccessKeys", &format!("<IsTruncated>false</IsTruncated>{keys}"))
}

pub(super) fn last_used() -> String {
    let last =
        "<LastUsedDate>2026-03-01T09:31:00Z</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-3</Region>";
    answer("GetAccessKeyLastUsed", &format!("<UserName>ci</UserName><AccessKeyLastUsed>{last}</AccessKeyLastUsed>"))
}

pub(super) fn caller() -> String {
    let caller = "<Arn>arn:aws:iam::123456789012:user/ci</Arn><UserId>AIDAEXAMPLE0000000001</UserId>\
                  <Account>123456789012</Account>";
    answer("GetCallerIdentity", caller)
}

/// The vendor's errors, with the usual status of each.
const ERRORS: [(u16, &str); 14] = [
    (404, "NoSuchEntity"),
    (409, "LimitExceeded"),
    (403, "AccessDenied"),
    (403, "InvalidClientTokenId"),
    (403, "SignatureDoesNotMatch"),
    (403, "ExpiredToken"),
    (400, "IncompleteSignature"),
    (400, "Throttling"),
    (503, "RequestLimitExceeded"),
    (400, "ValidationError"),
    (400, "InvalidInput"),
    (409, "ConcurrentModification"),
    (400, "InvalidAction"),
    (500, "ServiceFailure"),
];

/// What is done to an answer.
#[derive(Clone, Debug)]
pub(super) enum Mutation {
    None,
    Truncate(prop::sample::Index),
    /// Takes out an element with what is in it.
    Drop(prop::sample::Index),
    /// Puts this in the place of an element's content.
    Replace(prop::sample::Index, String),
    /// Puts it there twice.
    Repeat(prop::sample::Index),
    Error(u16, &'static str, String),
    Bytes(Vec<u8>),
    Whole(String),
}

fn any_content() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-zA-Z0-9:/. é]{0,12}",
        prop::sample::select(vec!["Inactive", "Expired", "true", "N/A", "2026-13-45T99:99:99Z", KEY, "ci", "root"])
            .prop_map(str::to_owned),
        prop::sample::select(vec!["&amp;", "&nope;", "<!-- c -->x", "<x>y</x>", "<![CDATA[z]]>", "<x>", "\u{1}"])
            .prop_map(str::to_owned),
        Just("<member/>".to_owned()),
        Just("-262144-01-01T00:00:00+23:59".to_owned()),
    ]
}

pub(super) fn any_mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        1 => Just(Mutation::None),
        2 => index().prop_map(Mutation::Truncate),
        3 => index().prop_map(Mutation::Drop),
        5 => (index(), any_content()).prop_map(|(at, content)| Mutation::Replace(at, content)),
        1 => index().prop_map(Mutation::Repeat),
        4 => (prop::sample::select(ERRORS.to_vec()), any_content())
            .prop_map(|((status, code), message)| Mutation::Error(status, code, message)),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Mutation::Bytes),
        1 => prop::sample::select(vec!["", "<html><p>signed in</p></html>", "{}", "<!DOCTYPE html><p>x</p>"])
            .prop_map(|whole| Mutation::Whole(whole.to_owned())),
    ]
}

/// Where the elements of a document begin and end, tags included, and their content.
fn elements(document: &str) -> Vec<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    for (start, _) in document.match_indices('<').filter(|(at, _)| !document[at + 1..].starts_with('/')) {
        let name_end = start + document[start..].find([' ', '>']).expect("a tag");
        let content = start + document[start..].find('>').expect("a tag") + 1;
        let end_tag = format!("</{}>", &document[start + 1..name_end]);
        let end = content + document[content..].find(&end_tag).expect("its end");
        found.push((start..end + end_tag.len(), content..end));
    }
    found
}

pub(super) fn mutated(document: &str, mutation: &Mutation) -> Vec<u8> {
    let elements = elements(document);
    let cut = |range: &std::ops::Range<usize>, with: &str| {
        [&document[..range.start], with, &document[range.end..]].concat().into_bytes()
    };
    match mutation {
        Mutation::None => document.into(),
        Mutation::Truncate(at) => document.as_bytes()[..at.index(document.len())].to_vec(),
        Mutation::Drop(at) => cut(&at.get(&elements).0, ""),
        Mutation::Replace(at, content) => cut(&at.get(&elements).1, content),
        Mutation::Repeat(at) => {
            let range = &at.get(&elements).0;
            cut(range, &document[range.clone()].repeat(2))
        }
        Mutation::Error(_, code, message) => format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>r</RequestId></ErrorResponse>"
        )
        .into_bytes(),
        Mutation::Bytes(bytes) => bytes.clone(),
        Mutation::Whole(whole) => whole.clone().into_bytes(),
    }
}
