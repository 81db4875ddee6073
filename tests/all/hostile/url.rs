//! URLs that mean one thing to the rules and another to whoever reads them next.

use keywright_egress::DenialReason;

use super::stage::{Setup, Stage};

attack!(userinfo, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(userinfo_before_the_vendor, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(password_in_the_authority, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(trailing_dot, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(punycode, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(empty_port, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(port_zero, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(port_with_a_leading_zero, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(port_that_wraps, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Host).await;
});

attack!(dot_segments, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(encoded_dots, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(half_encoded_dots, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(encoded_slash, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(encoded_backslash, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(double_encoding, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(backslash, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(path_parameters, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(nul_in_the_path, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(double_slash, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(trailing_slash, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::NoRule).await;
});

attack!(brackets_in_the_path, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::Path).await;
});

attack!(no_path, Setup::usual(), async |stage: &Stage| {
    stage.is_denied(DenialReason::NoRule).await;
});

attack!(upper_case_path, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line.as_deref(), Some("check GET https://vendor.test/KEYS/1"));
});

attack!(long_path, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert!(denial.to_string().len() < 500, "{denial}");
});

attack!(subdomain_of_another, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(suffix_of_another, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(odd_port, Setup::usual(), async |stage: &Stage| {
    let denial = stage.is_denied(DenialReason::NoRule).await;
    assert_eq!(denial.line, None);
});

attack!(absolute_form, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("target").await;
});

attack!(authority_form, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("target").await;
});

attack!(asterisk_form, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("target").await;
});

attack!(tab_in_the_path, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("target").await;
});

attack!(newline_in_the_path, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("target").await;
});

attack!(international_name, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("authority").await;
});

attack!(ideographic_dot, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("authority").await;
});

attack!(empty_authority, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("authority").await;
});

attack!(no_authority, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("handle").await;
});

attack!(space_in_the_authority, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("authority").await;
});

attack!(path_in_the_authority, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("authority").await;
});

attack!(fragment, Setup::usual(), async |stage: &Stage| {
    stage.arrives_as("GET /keys/1").await;
});

attack!(upper_case_host, Setup::usual(), async |stage: &Stage| {
    stage.arrives_as("GET /keys/1").await;
});

attack!(named_port, Setup::usual(), async |stage: &Stage| {
    stage.arrives_as("GET /keys/1").await;
});
