//! The compilation target of components.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::Error;

pub(crate) const NAME: &str = "wasm32-wasip2";

/// Adds the target with rustup when the toolchain lacks it.
pub(crate) fn ensure() -> Result<(), Error> {
    if is_present()? {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", NAME]);
    if let Ok(toolchain) = env::var("RUSTUP_TOOLCHAIN") {
        rustup.args(["--toolchain", &toolchain]);
    }
    match rustup.output() {
        Ok(output) if output.status.success() && is_present()? => Ok(()),
        Ok(output) => Err(Error(format!(
            "the compilation target {NAME} is missing and rustup could not add it ({}): run `rustup target add {NAME}`",
            String::from_utf8_lossy(&output.stderr).trim()
        ))),
        Err(_) => Err(Error(format!(
            "the compilation target {NAME} is missing and there is no rustup to add it: install rustup, or the \
             standard library of your toolchain for {NAME}"
        ))),
    }
}

fn is_present() -> Result<bool, Error> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", NAME])
        .output()
        .map_err(|error| Error(format!("rustc cannot be started: {error}")))?;
    Ok(output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}
