//! Methods and schemes that are not those of the rules.

use keywright_egress::DenialReason;

use super::stage::{Setup, Stage};

attack!(lower_case_method, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(connect, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(trace, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(options, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(made_up_method, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(method_of_a_cache, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(plain_http, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::NotHttps).await;
});

attack!(made_up_scheme, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::NotHttps).await;
});

attack!(space_in_the_method, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("method").await;
});

attack!(scheme_that_is_none, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("scheme").await;
});

attack!(no_scheme, Setup::usual(), async |stage: &Stage| {
    stage.arrives_as("GET /keys/1").await;
});
