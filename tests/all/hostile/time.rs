//! Time: of the vendor's server, of the adapter, and of the two waiting for each other.

use std::time::Duration;

use keywright_runtime::{CallError, Reason};
use keywright_tests::{First, Pieces, Reply};

use super::stage::{Setup, Stage};

/// A second for a whole call.
fn brief() -> Setup {
    Setup::usual().limits(|limits| limits.call = Duration::from_secs(1))
}

/// The call fails with the host's own words on the vendor's answer.
async fn fails(stage: &Stage, words: &str) {
    let failure = stage.failure(stage.check().await);
    assert_eq!(failure.reason, Reason::Unavailable, "{failure}");
    assert!(failure.message.contains(words), "{failure}");
}

attack!(
    slow_drip,
    Setup::vendor(|_, _| { Reply::empty(200).then(Pieces::endless("x", Duration::from_millis(100))) }),
    async |stage: &Stage| {
        fails(stage, "the exchange with vendor.test took longer than 3 s").await;
    }
);

attack!(tls_tarpit, Setup::behind(First::Tarpit), async |stage: &Stage| {
    fails(stage, "no handshake within 0.5 s").await;
});

attack!(silent_server, Setup::vendor(|_, _| Reply::never()), async |stage: &Stage| {
    fails(stage, "vendor.test did not answer within 2 s").await;
});

attack!(
    stalled_answer,
    Setup::vendor(|_, _| {
        Reply::new(200, "application/json", "{").then(Pieces::endless("}", Duration::from_secs(60)))
    }),
    async |stage: &Stage| {
        fails(stage, "the answer of vendor.test stopped for more than 0.3 s").await;
    }
);

attack!(
    endless_early_hints,
    Setup::behind(First::Says(Pieces::endless("HTTP/1.1 103 Early Hints\r\n\r\n", Duration::from_millis(5)))),
    async |stage: &Stage| {
        fails(stage, "vendor.test did not answer within 2 s").await;
    }
);

attack!(no_time, Setup::usual(), async |stage: &Stage| {
    stage.arrives_as("GET /keys/1").await;
});

attack!(all_the_time, Setup::vendor(|_, _| Reply::never()), async |stage: &Stage| {
    fails(stage, "vendor.test did not answer within 2 s").await;
});

attack!(busy_loop, Setup::usual(), async |stage: &Stage| {
    stage.is_limited("1 s of time on the processor").await;
    stage.sent_nothing();
});

attack!(loop_of_calls, Setup::usual(), async |stage: &Stage| {
    stage.is_limited("1 s of time on the processor").await;
    stage.sent_nothing();
});

attack!(sleep, brief(), async |stage: &Stage| {
    stage.is_limited("1 s of time for a whole call").await;
    stage.sent_nothing();
});

attack!(unfinished_body, brief(), async |stage: &Stage| {
    stage.is_limited("1 s of time for a whole call").await;
    stage.sent_nothing();
});

attack!(wait_for_nothing, Setup::usual(), async |stage: &Stage| {
    let error = stage.check().await.unwrap_err();
    assert!(matches!(error, CallError::Trapped { operation: "check", .. }), "{error:?}");
    assert!(error.to_string().contains("empty poll list"), "{error}");
});
