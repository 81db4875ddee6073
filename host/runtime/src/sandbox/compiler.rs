//! Compiling: never on a thread that serves calls, always under a deadline, and best in a process of its own.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use wasmtime::component::Component;

use crate::error::LoadError;
use crate::sandbox::digest::Digest;
use crate::sandbox::engine::{self, Engine};
use crate::sandbox::validate;

/// Where components are compiled.
///
/// A compiler reads what its input's author wrote, and some inputs take it long, or much memory. A process of its own has
/// limits on both, and ends with them.
#[derive(Clone, Debug, Default)]
pub enum Compiler {
    /// In this process, on a thread of its own. A compilation that takes longer than
    /// [`Limits::compile`](crate::Limits::compile) is given up, and goes on unheard until it ends.
    #[default]
    InProcess,
    /// In a process of this command, which is to call [`compile_for_parent`] and nothing else: the program itself, with an
    /// argument that only it knows.
    Command {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<OsString>,
    },
}

impl Compiler {
    /// In a process of this program itself, started with this argument.
    ///
    /// # Errors
    ///
    /// When the system does not say where the program is.
    pub fn this_program(argument: impl Into<OsString>) -> io::Result<Self> {
        // The very file that runs, also when another has taken its place since.
        let running = PathBuf::from("/proc/self/exe");
        let program = if running.exists() { running } else { std::env::current_exe()? };
        Ok(Self::Command { program, arguments: vec![argument.into()] })
    }
}

/// The component, from the cache or compiled and left there.
pub(crate) async fn component(engine: &Engine, bytes: &[u8], digest: Digest) -> Result<Component, LoadError> {
    let limits = engine.limits();
    if bytes.len() > limits.component {
        return Err(LoadError::TooComplex { what: "bytes", most: limits.component });
    }
    let (answer, answered) = oneshot::channel();
    let child = Arc::new(Mutex::new(Slot::Empty));
    // Ends the process with the wait for it, however that ends.
    let _killed = KillOnDrop(child.clone());
    let (engine, bytes, most) = (engine.clone(), bytes.to_vec(), limits.compile);
    // Not a thread of the runtime's: that would wait for it at its end.
    thread::Builder::new()
        .name("keywright-compile".to_owned())
        .spawn(move || drop(answer.send(compile(&engine, &bytes, &digest, &child))))
        .map_err(|error| LoadError::Compile(format!("no thread can be started for it ({error})")))?;
    match timeout(most, answered).await {
        Ok(Ok(outcome)) => outcome,
        // The thread broke down: the compiler did.
        Ok(Err(_)) => Err(LoadError::Compile(BROKE_DOWN.to_owned())),
        Err(_) => Err(LoadError::Compile(format!("it takes longer than {} s", most.as_secs_f32()))),
    }
}

const BROKE_DOWN: &str = "the compiler broke down, or took more memory or time than it is given";

fn compile(engine: &Engine, bytes: &[u8], digest: &Digest, child: &Mutex<Slot>) -> Result<Component, LoadError> {
    let (wasmtime, cache) = (engine.wasmtime(), engine.cache().open());
    if let Some(component) = cache.as_ref().and_then(|cache| cache.get(wasmtime, digest)) {
        return Ok(component);
    }
    validate::check(bytes)?;
    let failed = |error: wasmtime::Error| LoadError::Compile(format!("{error:#}"));
    let code = match engine.compiler() {
        Compiler::InProcess => wasmtime.precompile_component(bytes).map_err(failed)?,
        Compiler::Command { program, arguments } => {
            let limits = engine.limits();
            let mut command = Command::new(program);
            command.args(arguments);
            in_child(command, child, bytes, limits.compile, limits.compile_memory).map_err(LoadError::Compile)?
        }
    };
    if let Some(cache) = cache {
        cache.put(wasmtime, digest, &code);
    }
    adopt(wasmtime, &code).map_err(failed)
}

#[allow(unsafe_code, reason = "compiled code is native code, and this is where it comes into being")]
fn adopt(engine: &wasmtime::Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the bytes were made by wasmtime, a moment ago, in this process or in one of the operator's own command.
    unsafe { Component::deserialize(engine, code) }
}

/// A process that may have to be ended before it does so itself.
enum Slot {
    Empty,
    Running(Child),
    /// Nobody waits for it any more.
    Abandoned,
}

struct KillOnDrop(Arc<Mutex<Slot>>);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Slot::Running(mut child) = std::mem::replace(&mut *slot, Slot::Abandoned) {
            // One that has ended already cannot be killed.
            let _ended = child.kill();
            let _reaped = child.wait();
        }
    }
}

/// The longest machine code, in bytes: that of the largest component is a tenth of it.
const LONGEST_CODE: u64 = 1 << 30;

/// What the child is sent before the component: the memory and the time that it may take, in bytes and seconds.
const HEADER: usize = 16;

fn in_child(
    mut command: Command,
    slot: &Mutex<Slot>,
    bytes: &[u8],
    time: Duration,
    memory: usize,
) -> Result<Vec<u8>, String> {
    // It needs no secret of this process's environment; Windows does not start a program without this one.
    let system_root = std::env::var_os("SystemRoot");
    command.env_clear().envs(system_root.map(|root| ("SystemRoot", root)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("its compiler cannot be started ({error})"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    {
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        match *slot {
            Slot::Abandoned => {
                let _ended = child.kill();
                let _reaped = child.wait();
                return Err(BROKE_DOWN.to_owned());
            }
            _ => *slot = Slot::Running(child),
        }
    }
    // All threads of it count for the time on processors.
    let seconds = time.as_secs().saturating_add(1).saturating_mul(4);
    let header = [u64::try_from(memory).unwrap_or(u64::MAX).to_le_bytes(), seconds.to_le_bytes()].concat();
    if let Some(mut stdin) = stdin {
        // A child that ends early does not read to the end; how it ended says more.
        let _closed = stdin.write_all(&header).and_then(|()| stdin.write_all(bytes));
    }
    let mut said = Vec::new();
    if let Some(stdout) = stdout {
        stdout
            .take(LONGEST_CODE)
            .read_to_end(&mut said)
            .map_err(|error| format!("its compiler cannot be read ({error})"))?;
    }
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    let Slot::Running(child) = &mut *slot else { return Err(BROKE_DOWN.to_owned()) };
    let status = child.wait().map_err(|error| format!("its compiler cannot be waited for ({error})"))?;
    *slot = Slot::Empty;
    match status.code() {
        Some(0) => Ok(said),
        Some(code) if code == i32::from(REFUSED) => Err(String::from_utf8_lossy(&said).chars().take(1_000).collect()),
        _ => Err(BROKE_DOWN.to_owned()),
    }
}

/// With this status the child says on its standard output why the component cannot be compiled.
const REFUSED: u8 = 3;

/// What the process of a [`Compiler::Command`] does: it limits itself, compiles the component of its standard input, and
/// writes the machine code to its standard output. To be called before anything else.
pub fn compile_for_parent() -> ExitCode {
    match compile_standard_input() {
        Ok(Ok(code)) => match io::stdout().lock().write_all(&code) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Ok(Err(refusal)) => {
            let _closed = io::stdout().lock().write_all(refusal.as_bytes());
            ExitCode::from(REFUSED)
        }
        Err(_) => ExitCode::FAILURE,
    }
}

fn compile_standard_input() -> io::Result<Result<Vec<u8>, String>> {
    let mut header = [0; HEADER];
    let mut stdin = io::stdin().lock();
    stdin.read_exact(&mut header)?;
    let (memory, seconds) = header.split_at(HEADER / 2);
    let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).map_err(io::Error::other);
    limit(number(memory)?, number(seconds)?)?;
    let mut bytes = Vec::new();
    stdin.read_to_end(&mut bytes)?;
    let compiled = wasmtime::Engine::new(&engine::compiling()).and_then(|engine| engine.precompile_component(&bytes));
    Ok(compiled.map_err(|error| format!("{error:#}")))
}

#[cfg(unix)]
fn limit(memory: u64, seconds: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let at_most = |most| Rlimit { current: Some(most), maximum: Some(most) };
    // What is written to, not what is reserved: threads and allocators reserve much more than they use.
    setrlimit(Resource::Data, at_most(memory))?;
    setrlimit(Resource::Cpu, at_most(seconds))?;
    // Files are not its business, and neither is a dump of what it read.
    setrlimit(Resource::Fsize, at_most(0))?;
    setrlimit(Resource::Core, at_most(0))?;
    Ok(())
}

/// Its parent ends it when its time is over; nothing limits its memory here.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on the systems that have limits")]
fn limit(_: u64, _: u64) -> io::Result<()> {
    Ok(())
}
