//! AWS's answers, mutated: the adapter does not break down over one, and never pretends.

use keywright_runtime::{Account, CallError, CreateRequest, Filter, Outcome, Parts};
use keywright_tests::mutations::{Judgement, Scene, kind_of, untold};
use keywright_tests::{AwsIamBench as Bench, Reply, exposed, object};
use proptest::prelude::*;
use serde_json::{Map, json};

use super::answers::{ID, KEY, Mutation, SECRET, answer, any_mutation, caller, created, last_used, list, mutated};

/// The answer that a call is to make something of, mutated; other answers of the same call are right.
#[derive(Clone, Debug)]
struct Given {
    step: usize,
    status: u16,
    body: String,
    /// What the mutation left as it was.
    is_right: bool,
}

impl Given {
    fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

/// Makes the call again and again, each time with one of its answers mutated. More requests than there are right answers
/// fail the test; `expected` are outcomes that must happen.
fn run<J>(right: &[String], expected: &[&str], judge: J)
where
    J: AsyncFn(&Account, &Given) -> Judgement,
{
    let credential =
        Parts::from_iter([("access_key_id", "AKIAEXAMPLE000000001"), ("secret_access_key", "administrator")]);
    let scene = Scene { adapter: Bench::built_in(), settings: Map::new(), credential, aside: |_| None };
    let named = prop::sample::select(vec![200_u16, 202, 204, 301, 304, 400, 401, 403, 404, 409, 410, 429, 500, 503]);
    let status = prop_oneof![3 => Just(None), 2 => named.prop_map(Some), 1 => (200_u16..600).prop_map(Some)];
    let cases = (any::<prop::sample::Index>(), any_mutation(), status);
    let play = |(step, mutation, status): (prop::sample::Index, Mutation, Option<u16>)| {
        let step = step.index(right.len());
        let usual = if let Mutation::Error(status, ..) = &mutation { *status } else { 200 };
        let status = status.unwrap_or(usual);
        // A 204 and a 304 have no body, whatever is put in.
        let body = if matches!(status, 204 | 304) { Vec::new() } else { mutated(&right[step], &mutation) };
        let is_right = (200..300).contains(&status) && body == right[step].as_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        let replies = right.iter().enumerate().map(|(at, right)| match at == step {
            true => Reply::new(status, "text/xml", body.clone()),
            false => Reply::new(200, "text/xml", right.clone()),
        });
        (replies.collect(), Given { step, status, body: text, is_right })
    };
    scene.run_cases(&cases, play, expected, judge);
}

async fn create(account: &Account, given: &Given, status: &str) -> Judgement {
    let attributes = object(json!({"user_name": "ci", "status": status}));
    match account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await {
        Ok(issued) => {
            let secret = exposed(&issued.parts, "secret_access_key");
            if given.step == 0 {
                prop_assert!(given.succeeded());
                // By its own account or as a character reference, it is what stands there.
                prop_assert!(given.has(&format!("<SecretAccessKey>{secret}")) || !given.has(SECRET), "{secret}");
            } else {
                prop_assert_eq!(&secret, SECRET);
                prop_assert_eq!(&issued.credential.id, ID);
                let disabled = given.succeeded() && given.has("<UpdateAccessKeyResponse");
                prop_assert_eq!(!issued.credential.enabled, disabled && issued.warnings.is_empty());
            }
            untold(SECRET, &format!("{issued:?}"))?;
            Ok(if issued.warnings.is_empty() { "made" } else { "made with a warning" }.to_owned())
        }
        Err(error) => {
            prop_assert_eq!(given.step, 0, "what was minted is never lost to what came after");
            let kind = kind_of(&error)?;
            prop_assert!(!given.is_right, "a secret was lost: {error}");
            prop_assert!(!given.succeeded() || kind == "in-doubt", "{error:?}");
            if let CallError::InDoubt { minted, .. } = &error {
                prop_assert!(minted.is_empty() || given.has("SecretAccessKey"));
            }
            untold(SECRET, &format!("{error} {error:?}"))?;
            Ok(kind)
        }
    }
}

#[test]
fn a_creation_whose_answer_is_mutated_loses_no_secret() {
    let expected = ["made", "in-doubt", "quota", "invalid", "unauthenticated", "rate-limited", "forbidden"];
    run(&[created()], &expected, async |account, given| create(account, given, "Active").await);
}

#[test]
fn a_creation_of_an_inactive_key_whose_answers_are_mutated_loses_no_secret() {
    let expected = ["made", "made with a warning", "in-doubt"];
    let right = [created(), answer("UpdateAccessKey", "")];
    run(&right, &expected, async |account, given| create(account, given, "Inactive").await);
}

#[test]
fn a_key_is_absent_only_when_aws_says_so() {
    let expected = ["found", "none", "unavailable", "unauthenticated", "unexpected-response"];
    run(&[list("Active"), last_used()], &expected, async |account, given| match account.get(ID).await {
        Ok(None) => {
            prop_assert_eq!(given.step, 0);
            // A list without the key; that its user does not exist is asked after, and the key is still there then.
            let shown = format!("<AccessKeyId>{KEY}<");
            let without_it = given.succeeded() && given.has("</AccessKeyMetadata>") && !given.has(&shown);
            prop_assert!(without_it);
            Ok("none".to_owned())
        }
        Ok(Some(found)) => {
            prop_assert!(found.id.ends_with(KEY));
            prop_assert!(given.step > 0 || given.succeeded());
            // When AWS refuses the last use, the key is returned without it.
            let is_refusal = given.step == 1 && !given.succeeded();
            prop_assert!(!is_refusal || found.last_used_at.is_none());
            prop_assert!(!is_refusal || given.has("AccessDenied") || given.has("NoSuchEntity"));
            Ok("found".to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn a_list_holds_what_aws_says_of_keys_and_reports_what_cannot_be_read() {
    let of_user = Filter { attributes: object(json!({"user_name": "ci"})), ..Filter::default() };
    let expected = ["listed", "reported", "unavailable", "invalid", "unexpected-response"];
    run(&[list("Active")], &expected, async |account, given| match account.list(&of_user, None).await {
        Ok(page) => {
            prop_assert!(given.succeeded());
            let members = given.body.matches("<member>").count() + given.body.matches("<member/>").count();
            prop_assert!(page.credentials.len() + page.unreadable.len() <= members, "{page:?}");
            prop_assert!(!given.is_right || page.credentials.len() == 1 && page.next.is_none());
            Ok(if page.unreadable.is_empty() { "listed" } else { "reported" }.to_owned())
        }
        Err(error) => kind_of(&error),
    });
}

#[test]
fn a_change_is_done_only_when_aws_says_so() {
    // The last use is told beside the change: what is wrong with that answer does not undo it.
    let right = [list("Active"), answer("UpdateAccessKey", ""), last_used()];
    let expected = ["changed", "in-doubt", "unavailable", "unauthenticated", "rate-limited"];
    run(&right, &expected, async |account, given| match account.set_enabled(ID, false).await {
        Ok(changed) => {
            prop_assert!(!changed.enabled && (given.step == 2 || given.succeeded()));
            prop_assert!(given.step != 1 || given.has("<UpdateAccessKeyResponse"));
            Ok("changed".to_owned())
        }
        Err(error) => {
            prop_assert!(given.step == 2 || !given.is_right, "{error:?}");
            kind_of(&error)
        }
    });
}

#[test]
fn a_deletion_is_done_only_when_aws_says_so() {
    let expected = ["revoked", "in-doubt", "forbidden", "unauthenticated", "rate-limited"];
    // After a key that is not found, the second answer says that it is: then it is not gone.
    run(&[answer("DeleteAccessKey", ""), last_used()], &expected, async |account, given| {
        match account.revoke(ID).await {
            Ok(()) => {
                prop_assert!(given.step == 1 || given.succeeded() && given.has("<DeleteAccessKeyResponse"));
                Ok("revoked".to_owned())
            }
            Err(error) => {
                prop_assert!(!given.is_right, "{error:?}");
                prop_assert!(error.kind() != "not-found", "what is gone is a success: {error:?}");
                kind_of(&error)
            }
        }
    });
}

#[test]
fn a_key_is_proven_to_work_only_by_its_own_name() {
    let expected = ["active", "refused", "inconclusive", "unavailable", "rate-limited", "unexpected-response"];
    run(&[caller()], &expected, async |account, given| {
        let parts = Parts::from_iter([("access_key_id", KEY), ("secret_access_key", SECRET)]);
        match account.verify(ID, &parts).await {
            Ok(verdict) => {
                untold(SECRET, &verdict.explanation)?;
                let name = match verdict.outcome {
                    Outcome::Active => {
                        prop_assert!(given.succeeded() && given.has(":user/ci</Arn>"));
                        "active"
                    }
                    Outcome::Refused => {
                        prop_assert!(given.status >= 300);
                        prop_assert!(given.has("InvalidClientTokenId") || given.has("SignatureDoesNotMatch"));
                        "refused"
                    }
                    Outcome::Inconclusive => "inconclusive",
                };
                Ok(name.to_owned())
            }
            Err(error) => kind_of(&error),
        }
    });
}
