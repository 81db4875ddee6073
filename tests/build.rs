//! Compiles the adapters that the tests bring along.

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    keywright_sdk_build::components(&[
        "keywright-guest-ambient",
        "keywright-guest-basic",
        "keywright-guest-oauth2",
        "keywright-guest-osc4",
        "keywright-guest-probe",
    ])?;
    let hostile = keywright_sdk_build::examples("keywright-guest-hostile", "tests/guests/hostile")?;
    keywright_sdk_build::examples("keywright-guest-vendors", "tests/guests/vendors")?;
    let calls: String = hostile.iter().map(|name| format!("        $each!({name});\n")).collect();
    let each = format!("macro_rules! for_each_hostile_guest {{\n    ($each:ident) => {{\n{calls}    }};\n}}\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("hostile.rs"), each)?;
    Ok(())
}
