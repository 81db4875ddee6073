//! Compiles the adapters that the tests bring along.

fn main() -> Result<(), keywright_sdk_build::Error> {
    keywright_sdk_build::components(&[
        "keywright-guest-ambient",
        "keywright-guest-basic",
        "keywright-guest-oauth2",
        "keywright-guest-osc4",
        "keywright-guest-probe",
    ])
}
