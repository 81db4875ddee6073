//! Compiles the adapters that Keywright ships.

fn main() -> Result<(), keywright_sdk_build::Error> {
    keywright_sdk_build::components(&[
        "keywright-aws-iam",
        "keywright-commercetools",
        "keywright-datadog",
        "keywright-digitalocean-spaces",
        "keywright-gcore",
        "keywright-imperva",
        "keywright-outscale",
        "keywright-scaleway",
    ])
}
