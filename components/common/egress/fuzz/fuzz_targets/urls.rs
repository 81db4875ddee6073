//! Any text, read as the URL and as the path of a request.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    keywright_egress_fuzz::url(text);
    keywright_egress_fuzz::path(text);
});
