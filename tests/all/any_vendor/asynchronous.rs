//! A creation that the vendor accepts and takes its time for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use keywright_egress::DenialReason;
use keywright_runtime::{CallError, CreateRequest, Issued, PendingCreation, Reason};
use keywright_tests::{Reply, ScriptedVendor, exposed};
use serde_json::json;

use super::keys::{CREDENTIAL, Caller, Keys};
use super::stage::{Stage, creation, denial, in_doubt, secret, unveiled};

const GRANT: &str = "
    create POST   https://api.vendor.example/keys? mints secret=/key/secret
    create GET    https://api.vendor.example/operations/{operation}? hides secret=/key/secret
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    verify GET    https://api.vendor.example/self? as key
    revoke DELETE https://api.vendor.example/keys/{id}?
";

const SECRET: &str = "a-secret-that-took-time";

/// A vendor that is ready when it was asked so many times.
async fn vendor(keys: &Keys, times: usize) -> ScriptedVendor {
    let (keys, asked) = (keys.clone(), Arc::new(AtomicUsize::new(0)));
    ScriptedVendor::start(move |request| {
        let caller = keys.caller(request);
        match (&caller, request.line().as_str()) {
            (Caller::Administrator, "POST /keys") => {
                keys.make(|_| SECRET.to_owned());
                Reply::json(202, &json!({"operation": "op-1"})).header("retry-after", "7")
            }
            (Caller::Administrator, "GET /operations/op-1") if asked.fetch_add(1, Ordering::SeqCst) < times => {
                Reply::json(202, &json!({"operation": "op-1"}))
            }
            (Caller::Administrator, "GET /operations/op-1") => {
                Reply::json(200, &json!({"key": {"id": "k1", "secret": SECRET}, "log": format!("made {SECRET}")}))
            }
            _ => keys.answer(request, &caller),
        }
    })
    .await
}

/// What is to be asked after.
#[track_caller]
fn pending(outcome: Result<Issued, CallError>) -> (PendingCreation, Option<u32>) {
    match outcome {
        Err(CallError::Failed(failure)) => match failure.reason {
            Reason::Pending(pending) => (pending, failure.retry_after),
            other => panic!("not pending: {other:?}"),
        },
        other => panic!("not pending: {other:?}"),
    }
}

async fn go_on(stage: &Stage, attack: &str, pending: &PendingCreation) -> Result<Issued, CallError> {
    let request = CreateRequest { continuation: Some(pending.clone()), ..creation(json!({"attack": attack})) };
    stage.account.create(&request).await
}

/// The twin, with a creation under way that is ready.
async fn hostile(keys: &Keys) -> (Stage, PendingCreation) {
    let stage = Stage::hostile(vendor(keys, 0).await, "asynchronous", GRANT, json!({}), CREDENTIAL).await;
    let (pending, _) = pending(stage.create(json!({})).await);
    stage.vendor.forget();
    (stage, pending)
}

#[tokio::test]
async fn a_key_is_asked_for_until_it_is_there() {
    let keys = Keys::default();
    let stage = Stage::set(vendor(&keys, 2).await, "asynchronous", GRANT, json!({}), CREDENTIAL).await;
    let (first, retry_after) = pending(stage.create(json!({})).await);
    assert_eq!((first.cursor.as_str(), retry_after), ("op-1", Some(7)));
    let (second, _) = pending(go_on(&stage, "", &first).await);
    let (third, _) = pending(go_on(&stage, "", &second).await);
    let issued = go_on(&stage, "", &third).await.unwrap();
    assert_eq!(secret(&issued), SECRET);
    assert_eq!(stage.vendor.lines()[..2], ["POST /keys", "GET /operations/op-1"]);
    assert_eq!(keys.made(), 1);
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn no_second_key_is_made_while_the_first_is_asked_for() {
    let keys = Keys::default();
    let (stage, pending) = hostile(&keys).await;
    let denied = denial(go_on(&stage, "second key", &pending).await);
    assert_eq!((denied.operation.as_str(), denied.reason), ("create", DenialReason::MintingNotAllowed));
    assert_eq!(stage.vendor.lines(), [""; 0]);
    let issued = go_on(&stage, "second key, quietly", &pending).await.unwrap();
    assert!(issued.warnings[0].message.contains("this call may not make one"), "{:?}", issued.warnings);
    assert_eq!((stage.vendor.lines().as_slice(), keys.made()), (&["GET /operations/op-1".to_owned()][..], 1));
}

#[tokio::test]
async fn a_key_that_is_there_is_not_lost_to_one_who_says_that_it_is_not() {
    for attack in ["pending for ever", "secret in the cursor"] {
        let (stage, pending) = hostile(&Keys::default()).await;
        let (cause, minted) = in_doubt(go_on(&stage, attack, &pending).await);
        assert_eq!(exposed(&minted, "secret"), SECRET, "{attack}");
        assert!(matches!(cause, CallError::Failed(_)) && !format!("{cause:?}").contains(SECRET), "{attack}: {cause:?}");
    }
}

#[tokio::test]
async fn the_twin_does_not_see_the_secret_in_a_later_answer() {
    let (stage, pending) = hostile(&Keys::default()).await;
    let issued = go_on(&stage, "secret", &pending).await.unwrap();
    let seen = unveiled(&issued.credential);
    assert_eq!(secret(&issued), SECRET);
    assert!(!seen.contains(SECRET) && seen.contains("made [redacted]") && seen.contains("secret-"), "{seen}");
}

#[tokio::test]
async fn what_became_of_another_creation_is_the_vendors_to_say() {
    let (stage, pending) = hostile(&Keys::default()).await;
    let error = go_on(&stage, "another key", &pending).await.unwrap_err();
    assert!(matches!(&error, CallError::Failed(failure) if failure.reason == Reason::NotFound), "{error:?}");
}
