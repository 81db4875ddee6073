//! Addresses in the place of the vendor's name, in every spelling, and names that turn out to be such addresses.

use keywright_egress::DenialReason;
use keywright_runtime::Reason;

use super::stage::{Setup, Stage};

attack!(decimal_literal, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(hexadecimal_literal, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(octal_literal, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(short_literal, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(mapped_literal, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(mapped_hexadecimal_literal, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(zone_literal, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(loopback_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(metadata_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(cgnat_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(unspecified_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(private_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(multicast_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(broadcast_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(v6_loopback_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(v6_metadata_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(v6_multicast_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(compatible_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(nat64_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(sixtofour_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(teredo_literal, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(name_of_loopback, Setup::usual().resolving(&[&["127.0.0.1"]]), async |stage: &Stage| {
    let failure = stage.failure(stage.check().await);
    assert!(failure.message.contains("a loopback address"), "{failure}");
    assert_eq!(stage.network.dialled(), []);
    stage.sent_nothing();
});

attack!(name_of_the_metadata_service, Setup::usual().resolving(&[&["169.254.169.254"]]), async |stage: &Stage| {
    let failure = stage.failure(stage.check().await);
    assert!(failure.message.contains("a cloud's metadata address"), "{failure}");
    assert_eq!(stage.network.dialled(), []);
    stage.sent_nothing();
});

attack!(name_of_a_mapped_address, Setup::usual().resolving(&[&["::ffff:127.0.0.1"]]), async |stage: &Stage| {
    let failure = stage.failure(stage.check().await);
    assert!(failure.message.contains("a loopback address"), "{failure}");
    assert_eq!(stage.network.dialled(), []);
    stage.sent_nothing();
});

attack!(name_with_mixed_answers, Setup::usual().resolving(&[&["8.8.8.8", "10.0.0.7"]]), async |stage: &Stage| {
    let failure = stage.failure(stage.check().await);
    assert!(failure.message.contains("a private address"), "{failure}");
    assert_eq!(stage.network.dialled(), []);
    stage.sent_nothing();
});

attack!(name_that_rebinds, Setup::usual().resolving(&[&["8.8.8.8"], &["127.0.0.1"]]), async |stage: &Stage| {
    let principal = stage.check().await.unwrap();
    assert_eq!(principal.details["second"], false);
    // The far end has no certificate that a machine trusts, so the first request is not made either.
    assert_eq!(principal.details["first"], false);
    assert_eq!(stage.network.looked_up(), ["api.hostile.example"; 2]);
    assert_eq!(stage.network.dialled(), ["8.8.8.8:443".parse().unwrap()]);
    stage.sent_nothing();
});

attack!(name_that_does_not_resolve, Setup::usual().without_dns(), async |stage: &Stage| {
    let failure = stage.failure(stage.check().await);
    assert!(failure.message.contains("vendor.test could not be resolved"), "{failure}");
    assert_eq!(failure.reason, Reason::Unavailable);
    stage.sent_nothing();
});
