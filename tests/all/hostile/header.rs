//! Headers that authenticate, that steer, or that end where they should not.

use keywright_runtime::CallError;

use super::stage::{Setup, Stage};

attack!(authorization, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("authorization").await;
});

attack!(cookie, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("cookie").await;
});

attack!(scheme_header, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-auth-token").await;
});

attack!(te, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("te").await;
});

attack!(trailer_header, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("trailer").await;
});

attack!(expect, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("expect").await;
});

attack!(accept_encoding, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("accept-encoding").await;
});

attack!(accept_of_a_mint, Setup::usual(), async |stage: &Stage| {
    let error = stage.create().await.unwrap_err();
    let CallError::ReservedHeader { header, .. } = &error else { panic!("{error:?}") };
    assert_eq!(header, "accept");
    stage.sent_nothing();
    // Of what makes nothing, the adapter may choose the form.
    stage.check().await.unwrap();
});

attack!(method_override, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-http-method-override").await;
});

attack!(method_override_of_old, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-http-method").await;
});

attack!(method_override_of_others, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-method-override").await;
});

attack!(original_url, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-original-url").await;
});

attack!(rewrite_url, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-rewrite-url").await;
});

attack!(forwarded, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("forwarded").await;
});

attack!(forwarded_host, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-forwarded-host").await;
});

attack!(forwarded_for, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-forwarded-for").await;
});

attack!(forwarded_made_up, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-forwarded-whatever").await;
});

attack!(trailers, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("authorization").await;
});

attack!(harmless_trailers, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-note").await;
});

attack!(proxy_authorization, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::Forbidden").await;
});

attack!(duplicate_host, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::Forbidden").await;
});

attack!(connection, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::Forbidden").await;
});

attack!(transfer_encoding, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::Forbidden").await;
});

attack!(upgrade, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::Forbidden").await;
});

attack!(http2_settings, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::Forbidden").await;
});

attack!(length_with_transfer_encoding, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::Forbidden").await;
});

attack!(line_break_in_a_header, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(line_feed_in_a_header, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(nul_in_a_header, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(folded_header, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(space_in_a_header_name, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(colon_in_a_header_name, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(empty_header_name, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(long_header_name, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(length_that_is_none, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(length_twice, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("headers: HeaderError::InvalidSyntax").await;
});

attack!(length_without_a_body, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("finish: ").await;
});

attack!(length_too_long, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("finish: ").await;
});

attack!(length_too_short, Setup::usual(), async |stage: &Stage| {
    stage.gets_no_further_than("write: ").await;
});

attack!(unlisted_header, Setup::usual(), async |stage: &Stage| {
    stage.may_not_set("x-note").await;
});

attack!(large_header, Setup::usual(), async |stage: &Stage| {
    stage.is_limited("headers of a request").await;
    stage.sent_nothing();
});

attack!(header_flood, Setup::usual(), async |stage: &Stage| {
    stage.is_limited("headers of a request").await;
    stage.sent_nothing();
});

attack!(many_headers, Setup::usual(), async |stage: &Stage| {
    stage.is_limited("headers of a request").await;
    stage.sent_nothing();
});
