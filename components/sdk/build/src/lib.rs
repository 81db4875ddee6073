//! Builds adapter components from a build script, so that what needs them needs no step before `cargo build`.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), keywright_sdk_build::Error> {
//!     keywright_sdk_build::components(&["keywright-scaleway"])
//! }
//! ```
//!
//! ```ignore
//! // src/lib.rs
//! static SCALEWAY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keywright_scaleway.wasm"));
//! ```

mod dependencies;
mod environment;
mod strip;
mod target;

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt, io};

/// Why the components could not be built: one sentence that says what to do.
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

// A build script's error is printed by `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for Error {}

/// Builds these packages of the workspace for `wasm32-wasip2` and leaves each in `OUT_DIR` as `package_name.wasm`. Adds
/// the target with rustup when it is missing.
pub fn components(packages: &[&str]) -> Result<(), Error> {
    let arguments = packages.iter().flat_map(|package| ["--package", package].map(OsString::from)).collect();
    let names: Vec<String> = packages.iter().map(|package| package.replace('-', "_")).collect();
    Build { profile: "component", arguments, directory: "" }.run(&names)
}

/// Builds the examples of a package, each a component of its own, and leaves each in `OUT_DIR` as `name.wasm`; returns
/// their names in order. `directory` is the package's, within the workspace; examples may lie in directories below its
/// `examples`. They are built with the profile `component-test`, which takes less time and makes larger components.
pub fn examples(package: &str, directory: &str) -> Result<Vec<String>, Error> {
    let member = workspace(Path::new(&variable("CARGO_MANIFEST_DIR")?))?.join(directory);
    let names = sources(&member.join("examples"))?;
    rerun_if_changed(&member);
    let arguments = ["--package", package, "--examples"].map(OsString::from).to_vec();
    Build { profile: "component-test", arguments, directory: "examples" }.run(&names)?;
    Ok(names)
}

/// The names of the Rust files in a directory and below it.
fn sources(directory: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(|error| unusable(directory, &error))? {
        let path = entry.map_err(|error| unusable(directory, &error))?.path();
        if path.is_dir() {
            names.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// What to build, and where cargo leaves it below the directory of the profile.
struct Build {
    profile: &'static str,
    arguments: Vec<OsString>,
    directory: &'static str,
}

impl Build {
    /// Builds it, and copies the components of these names into `OUT_DIR`.
    fn run(&self, names: &[String]) -> Result<(), Error> {
        let out = PathBuf::from(variable("OUT_DIR")?);
        let workspace = workspace(Path::new(&variable("CARGO_MANIFEST_DIR")?))?;
        let target = target_directory(&out)?;

        // One at a time: several build scripts want this, and rustup does not expect company.
        fs::create_dir_all(&target).map_err(|error| unusable(&target, &error))?;
        let lock = target.join(".lock");
        let lock =
            File::create(&lock).and_then(|file| file.lock().map(|()| file)).map_err(|error| unusable(&lock, &error))?;
        target::ensure()?;
        self.cargo(&workspace, &target)?;

        for name in names {
            let built = target.join(target::NAME).join(self.profile).join(self.directory).join(name);
            let wasm = built.with_extension("wasm");
            let component = fs::read(&wasm).map_err(|error| unusable(&wasm, &error))?;
            let copy = out.join(name).with_extension("wasm");
            fs::write(&copy, strip::names(&component)).map_err(|error| unusable(&copy, &error))?;
            rerun_if_changed(&wasm);
            for input in dependencies::read(&built.with_extension("d"))? {
                rerun_if_changed(&input);
            }
        }
        rerun_if_changed(&workspace.join("Cargo.toml"));
        rerun_if_changed(&workspace.join("Cargo.lock"));
        drop(lock);
        Ok(())
    }

    fn cargo(&self, workspace: &Path, target: &Path) -> Result<(), Error> {
        let mut cargo = Command::new(variable("CARGO")?);
        cargo
            .current_dir(workspace)
            .args(["build", "--locked", "--profile", self.profile, "--target", target::NAME, "--target-dir"])
            .arg(target)
            .args(&self.arguments);
        environment::isolate(&mut cargo, env::vars_os().map(|(name, _)| name));
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(workspace));
        let output = cargo.output().map_err(|error| Error(format!("cargo cannot be started: {error}")))?;
        if !output.status.success() {
            let what: Vec<_> = self.arguments.iter().map(|argument| argument.to_string_lossy()).collect();
            return Err(Error(format!(
                "the components of {} do not build:\n{}",
                what.join(" "),
                String::from_utf8_lossy(&output.stderr)
            )));
        }
        Ok(())
    }
}

/// The stack of a component, in bytes. The default of a megabyte would be most of its memory, all of which a host that
/// reuses memory has to clear; reading JSON to the depth that serde_json allows takes a third of this.
const STACK: u32 = 256 << 10;

/// Numbers in the code as short as they can be, where the linker would leave room for larger ones; and the short form of
/// SHA-256, which is fast enough for the few kilobytes that a signature covers.
const SMALLER: [&str; 3] =
    ["-Clink-arg=--compress-relocations", "--cfg=sha2_backend=\"soft\"", "--cfg=sha2_backend_soft=\"compact\""];

/// Flags for the components: a stack that fits, and no paths of this machine, so that the same source gives the same
/// bytes anywhere.
fn flags(workspace: &Path) -> OsString {
    let mut flags = OsString::from(format!("-Clink-arg=-zstack-size={STACK}\u{1f}"));
    for flag in SMALLER {
        flags.push(flag);
        flags.push("\u{1f}");
    }
    flags.push("--remap-path-prefix=");
    flags.push(workspace);
    flags.push("=.");
    if let Some(home) = env::var_os("CARGO_HOME") {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(home);
        flags.push("=cargo");
    }
    flags
}

fn rerun_if_changed(path: &Path) {
    #[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
    {
        println!("cargo:rerun-if-changed={}", path.display());
    }
}

/// The directory above that holds the lock file.
fn workspace(member: &Path) -> Result<PathBuf, Error> {
    member
        .ancestors()
        .find(|directory| directory.join("Cargo.lock").is_file())
        .map(Path::to_owned)
        .ok_or_else(|| Error(format!("no Cargo.lock above {}: build within the workspace", member.display())))
}

/// `components` in the outer target directory: an own one, because cargo holds a lock on each, and the same for every
/// profile, because the components are the same.
fn target_directory(out: &Path) -> Result<PathBuf, Error> {
    // OUT_DIR is TARGET/PROFILE/build/PACKAGE/out, with the target's name before the profile in a cross build.
    out.ancestors()
        .find(|directory| directory.join("CACHEDIR.TAG").is_file())
        .or_else(|| out.ancestors().nth(4))
        .map(|target| target.join("components"))
        .ok_or_else(|| Error(format!("no target directory above {}", out.display())))
}

fn variable(name: &str) -> Result<String, Error> {
    env::var(name).map_err(|_| Error(format!("{name} is not set: call this from a build script")))
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    Error(format!("{} cannot be used: {error}", path.display()))
}
