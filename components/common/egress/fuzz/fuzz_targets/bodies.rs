//! Any bytes, read as a form and as a JSON document.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    keywright_egress_fuzz::form(body);
    keywright_egress_fuzz::json(body);
});
