//! What one call may send, and what it may make of that.

use keywright_egress::DenialReason;
use keywright_runtime::CallError;
use keywright_tests::{Arrived, Reply};

use super::stage::{Canaries, Setup, Stage, denial, proper, unveiled};

/// One key was made, and whoever asked has its secret; that there should have been a second is a warning.
async fn makes_one_key(stage: &Stage) {
    let issued = stage.create().await.unwrap();
    assert_eq!(stage.secret_of(&issued.parts), stage.canaries.minted.secret());
    assert!(issued.warnings[0].message.contains("one call may send it once"), "{:?}", issued.warnings);
    assert_eq!(stage.vendor.lines(), ["POST /keys"]);
}

/// A vendor that takes requests that change something, and does not answer them.
fn silent(request: &Arrived, canaries: &Canaries) -> Reply {
    match request.method.as_str() {
        "GET" => proper(request, canaries),
        _ => Reply::never(),
    }
}

attack!(second_mint, Setup::usual(), async |stage: &Stage| {
    makes_one_key(stage).await;
});

attack!(second_mint_by_another_spelling, Setup::usual(), async |stage: &Stage| {
    makes_one_key(stage).await;
});

attack!(second_mint_at_once, Setup::usual(), async |stage: &Stage| {
    makes_one_key(stage).await;
});

attack!(delete_in_get, Setup::usual(), async |stage: &Stage| {
    let denial = denial(stage.get("attack").await);
    assert_eq!((denial.operation.as_str(), denial.reason), ("get", DenialReason::NoRule));
    assert_eq!(denial.line.as_deref(), Some("get DELETE https://vendor.test/keys/k1"));
    stage.sent_nothing();
});

attack!(rule_of_another_operation, Setup::usual(), async |stage: &Stage| {
    let denial = denial(stage.create().await);
    assert_eq!(denial.line.as_deref(), Some("create DELETE https://vendor.test/keys/k1"));
    stage.sent_nothing();
});

attack!(success_after_a_denial, Setup::usual(), async |stage: &Stage| {
    let denial = denial(stage.revoke().await);
    assert_eq!(denial.line.as_deref(), Some("revoke DELETE https://vendor.test/admin/keys/k1"));
    stage.sent_nothing();
});

attack!(absence_after_a_denial, Setup::usual(), async |stage: &Stage| {
    let denial = denial(stage.get("attack").await);
    assert_eq!(denial.line.as_deref(), Some("get GET https://vendor.test/admin"));
    stage.sent_nothing();
});

attack!(twin_of_a_minting_rule, Setup::usual(), async |stage: &Stage| {
    let issued = stage.create().await.unwrap();
    assert_eq!(stage.secret_of(&issued.parts), stage.canaries.minted.secret());
    let seen = unveiled(&issued.credential.attributes);
    assert!(seen.contains("secret-") && !stage.canaries.minted.is_in(&seen), "{seen}");
    assert_eq!(stage.vendor.lines(), ["POST /keys"]);
});

attack!(unwaited_request, Setup::vendor(silent), async |stage: &Stage| {
    let error = stage.revoke().await.unwrap_err();
    let CallError::InDoubt { cause, .. } = &error else { panic!("{error:?}") };
    assert!(matches!(**cause, CallError::Contract { operation: "revoke", .. }), "{cause:?}");
    assert!(error.to_string().contains("did not wait for the answer"), "{error}");
    assert_eq!(stage.vendor.lines(), ["DELETE /keys/k1"]);
});

attack!(unwaited_mint, Setup::vendor(silent), async |stage: &Stage| {
    let error = stage.create().await.unwrap_err();
    let CallError::InDoubt { cause, .. } = &error else { panic!("{error:?}") };
    assert!(matches!(**cause, CallError::Failed(_)), "{cause:?}");
    assert_eq!(stage.vendor.lines(), ["POST /keys"]);
});
