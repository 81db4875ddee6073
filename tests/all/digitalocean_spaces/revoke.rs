//! The end of keys.

use keywright_runtime::{Operation, Reason, RegenerateRequest};
use keywright_tests::{Reply, SpacesBench as Bench};
use serde_json::json;

use super::scripted::{ID, always};
use crate::outcome::reason;

#[tokio::test]
async fn a_key_is_revoked_for_good_and_may_be_revoked_again() {
    let bench = Bench::start().await;
    let (one, other) = (bench.key("one").await.credential.id, bench.key("other").await.credential.id);
    bench.account.revoke(&one).await.unwrap();
    assert_eq!(bench.account.get(&one).await.unwrap(), None);
    bench.account.revoke(&one).await.unwrap();
    assert_eq!(bench.stored(&other).await.id, other);
}

/// DigitalOcean answers 204 without a body.
#[tokio::test]
async fn a_page_is_not_the_end_of_a_key() {
    for answer in [Reply::new(200, "text/html", "<html>welcome</html>"), Reply::json(200, &json!({"key": null}))] {
        let (_vendor, account) = always(answer).await;
        assert_eq!(reason(account.revoke(ID).await), Reason::InDoubt);
    }
}

#[tokio::test]
async fn operations_that_the_vendor_lacks_are_unsupported_and_nothing_is_sent() {
    let bench = Bench::start().await;
    assert_eq!(reason(bench.account.set_enabled(ID, false).await), Reason::Unsupported);
    assert_eq!(reason(bench.account.regenerate(ID, &RegenerateRequest::default()).await), Reason::Unsupported);
    assert_eq!(bench.mark(), 0);
    let descriptor = bench.account.adapter().descriptor();
    assert!(!descriptor.supports(Operation::SetEnabled) && !descriptor.supports(Operation::Regenerate));
}
