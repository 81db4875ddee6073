//! Any text, read as rules.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    keywright_egress_fuzz::rules(text);
});
