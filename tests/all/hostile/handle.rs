//! Handles: what stands for a secret, in the wrong place.

use keywright_runtime::CallError;
use keywright_tests::Reply;
use serde_json::json;

use super::stage::{Setup, Stage, in_doubt, proper};

/// The contract is broken, and says how; the secret of the key that exists is not lost.
async fn breaks_the_contract(stage: &Stage, how: &str) {
    let cause = in_doubt(stage.create().await, &stage.canaries);
    assert!(matches!(cause, CallError::Contract { operation: "create", .. }), "{cause:?}");
    assert!(cause.to_string().contains(how), "{cause}");
}

attack!(handle_in_a_request, Setup::usual(), async |stage: &Stage| {
    let issued = stage.create().await.unwrap();
    assert_eq!(stage.secret_of(&issued.parts), stage.canaries.minted.secret());
    let later = &stage.vendor.arrived()[1];
    assert!(later.query.as_deref().unwrap().starts_with("token=secret-"), "{later:?}");
    assert!(later.header("x-note").starts_with("secret-"), "{later:?}");
});

attack!(
    handle_of_another_part,
    Setup::vendor(|request, canaries| match request.path.as_str() {
        "/pairs" => {
            let secret = canaries.minted.secret();
            Reply::json(200, &json!({"id": "k1", "secret_key": secret, "other_key": "another-secret"}))
        }
        _ => proper(request, canaries),
    }),
    async |stage: &Stage| {
        let error = stage.create().await.unwrap_err();
        let CallError::InDoubt { cause, minted, .. } = &error else { panic!("{error:?}") };
        assert_eq!(stage.secret_of(minted), stage.canaries.minted.secret());
        assert!(cause.to_string().contains("what it returned as `secret_key` is not the handle"), "{cause}");
    }
);

attack!(handle_as_a_public_part, Setup::usual(), async |stage: &Stage| {
    // It is no secret, and nothing is put in its place.
    let issued = stage.create().await.unwrap();
    assert!(keywright_tests::exposed(&issued.parts, "access_key").starts_with("secret-"));
    assert_eq!(stage.secret_of(&issued.parts), stage.canaries.minted.secret());
});

attack!(handle_of_another_call, Setup::usual(), async |stage: &Stage| {
    let first = stage.create().await.unwrap();
    let earlier = first.credential.attributes["handle"].clone();
    assert!(earlier.as_str().unwrap().starts_with("secret-"));
    let cause = in_doubt(stage.create_with(json!({"earlier": earlier})).await, &stage.canaries);
    assert!(cause.to_string().contains("is not the handle that it was given for it in this call"), "{cause}");
});

attack!(made_up_handle, Setup::usual(), async |stage: &Stage| {
    breaks_the_contract(stage, "what it returned as `secret_key` is not the handle").await;
});

attack!(made_up_secret, Setup::usual(), async |stage: &Stage| {
    breaks_the_contract(stage, "what it returned as `secret_key` is not the handle").await;
});

attack!(secret_kept_back, Setup::usual(), async |stage: &Stage| {
    breaks_the_contract(stage, "it returned no `secret_key`").await;
});

attack!(part_that_is_not_described, Setup::usual(), async |stage: &Stage| {
    breaks_the_contract(stage, "the part `LD_PRELOAD`, which it does not describe").await;
});

attack!(secret_kept_back_in_an_update, Setup::usual(), async |stage: &Stage| {
    let cause = in_doubt(stage.update().await, &stage.canaries);
    assert!(matches!(cause, CallError::Contract { operation: "update", .. }), "{cause:?}");
    assert!(cause.to_string().contains("kept back the new secret"), "{cause}");
});
