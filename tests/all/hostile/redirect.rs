//! Redirects, which the host follows never and an adapter may try to.

use keywright_egress::DenialReason;
use keywright_tests::Reply;

use super::stage::{Setup, Stage, denial};

/// A vendor that sends elsewhere.
fn redirecting(status: u16, to: &'static str) -> Setup {
    Setup::vendor(move |_, _| Reply::empty(status).header("location", to))
}

/// What follows the redirect is a new request, and denied.
async fn is_not_followed(stage: &Stage, first: &str, reason: DenialReason, to: &str) {
    let denial = denial(stage.check().await);
    assert_eq!((denial.reason, denial.url.as_str()), (reason, to));
    assert_eq!(stage.vendor.lines(), [first]);
}

attack!(redirect_to_another_host, redirecting(302, "https://evil.example/keys/1"), async |stage: &Stage| {
    is_not_followed(stage, "GET /keys/1", DenialReason::NoRule, "https://evil.example/keys/1").await;
});

attack!(redirect_to_plain_http, redirecting(301, "http://vendor.test/keys/1"), async |stage: &Stage| {
    is_not_followed(stage, "GET /keys/1", DenialReason::NotHttps, "http://vendor.test/keys/1").await;
});

attack!(redirect_to_loopback, redirecting(303, "https://127.0.0.1/keys/1"), async |stage: &Stage| {
    is_not_followed(stage, "GET /keys/1", DenialReason::NoRule, "https://127.0.0.1/keys/1").await;
});

attack!(redirect_with_the_body, redirecting(307, "https://vendor.test/admin"), async |stage: &Stage| {
    is_not_followed(stage, "POST /keys/1/notes", DenialReason::NoRule, "https://vendor.test/admin").await;
});
