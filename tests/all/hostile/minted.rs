//! Calls that end badly with a new key in their hands: its secret is in the error, and nowhere else.

use std::time::Duration;

use keywright_runtime::{CallError, Failure, Reason};

use super::stage::{Setup, Stage, assert_limit, in_doubt};

async fn breaks_down(stage: &Stage) {
    let cause = in_doubt(stage.create().await, &stage.canaries);
    assert!(matches!(cause, CallError::Trapped { operation: "create", .. }), "{cause:?}");
}

async fn reaches(stage: &Stage, limit: &str) {
    assert_limit(&in_doubt(stage.create().await, &stage.canaries), limit);
}

async fn breaks_the_contract(stage: &Stage, how: &str) {
    let cause = in_doubt(stage.create().await, &stage.canaries);
    assert!(matches!(cause, CallError::Contract { operation: "create", .. }), "{cause:?}");
    assert!(cause.to_string().contains(how), "{cause}");
}

attack!(trap_after_mint, Setup::usual(), async |stage: &Stage| {
    breaks_down(stage).await;
});

attack!(exit_after_mint, Setup::usual(), async |stage: &Stage| {
    breaks_down(stage).await;
});

attack!(loop_after_mint, Setup::usual(), async |stage: &Stage| {
    reaches(stage, "1 s of time on the processor").await;
});

attack!(
    sleep_after_mint,
    Setup::usual().limits(|limits| {
        limits.call = Duration::from_secs(1);
    }),
    async |stage: &Stage| {
        reaches(stage, "1 s of time for a whole call").await;
    }
);

attack!(memory_after_mint, Setup::usual().watched(), async |stage: &Stage| {
    reaches(stage, "16777216 bytes of memory").await;
});

attack!(failure_after_mint, Setup::usual(), async |stage: &Stage| {
    let cause = in_doubt(stage.create().await, &stage.canaries);
    assert!(matches!(cause, CallError::Failed(Failure { reason: Reason::Forbidden, .. })), "{cause:?}");
});

attack!(attributes_that_are_no_object, Setup::usual(), async |stage: &Stage| {
    breaks_the_contract(stage, "what should be a JSON object is not one").await;
});

attack!(no_id, Setup::usual(), async |stage: &Stage| {
    breaks_the_contract(stage, "a credential has no id").await;
});

attack!(control_characters_in_the_id, Setup::usual(), async |stage: &Stage| {
    breaks_the_contract(stage, "the id of a credential has control characters").await;
});

attack!(control_characters_in_a_warning, Setup::usual(), async |stage: &Stage| {
    let issued = stage.create().await.unwrap();
    assert_eq!(issued.warnings, [" ]0;owned   all keys were revoked"]);
});
