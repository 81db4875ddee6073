//! Compiling: what would keep a compiler busy is refused before, and the rest has its time.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use keywright_runtime::{Adapter, Cache, Compiler, Engine, EngineConfig, Grant, Limits, LoadError};
use keywright_tests::guests;

/// An engine that keeps nothing.
fn engine(change: impl FnOnce(&mut EngineConfig)) -> Engine {
    let mut config = EngineConfig { cache: Cache::None, ..EngineConfig::default() };
    change(&mut config);
    Engine::new(config).unwrap()
}

async fn refused(engine: &Engine, bytes: &[u8]) -> LoadError {
    match Adapter::load_unpinned(engine, bytes, &Grant::as_requested()).await {
        Err(error) => error,
        Ok(_) => panic!("it is loaded"),
    }
}

fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return bytes;
        }
    }
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id][..], &leb(content.len()), content].concat()
}

/// An adapter that does no harm, with this module in it, which it does not use: it is compiled all the same.
fn with(module_sections: &[u8]) -> Vec<u8> {
    let module = [b"\0asm\x01\0\0\0", module_sections].concat();
    [guests::BASIC, &section(1, &module)].concat()
}

/// A module of so many functions, each with these local variables and this body.
fn functions(count: usize, locals: usize, body: &[u8]) -> Vec<u8> {
    let types = section(1, &[1, 0x60, 0, 0]);
    let declared = section(3, &[leb(count), vec![0; count]].concat());
    let locals = if locals == 0 { vec![0] } else { [vec![1], leb(locals), vec![0x7f]].concat() };
    let function = [&locals[..], body, &[0x0b]].concat();
    let function = [leb(function.len()), function].concat();
    let code = section(10, &[leb(count), function.repeat(count)].concat());
    [types, declared, code].concat()
}

/// Blocks, one in the other.
fn nested(count: usize) -> Vec<u8> {
    [[0x02, 0x40].repeat(count), vec![0x0b; count]].concat()
}

#[tokio::test]
async fn what_would_keep_a_compiler_busy_is_refused_at_once() {
    let engine = engine(|_| {});
    let many_parameters = [vec![1, 0x60], leb(500), vec![0x7f; 500], vec![0]].concat();
    for (module, what) in [
        (functions(1, 50_000, &[]), "local variables of a function"),
        (functions(900, 9_000, &[]), "local variables,"),
        (functions(1, 0, &nested(6_000)), "blocks within one another"),
        (functions(1, 9_000, &[0x02, 0x40, 0x0b].repeat(5_000)), "local variables and branches in a function"),
        (functions(60, 9_000, &[0x02, 0x40, 0x0b].repeat(1_000)), "local variables and branches,"),
        (functions(250_000, 0, &[]), "functions"),
        (section(1, &many_parameters), "parameters of a function"),
        (section(1, &[leb(60_000), [0x60, 0, 0].repeat(60_000)].concat()), "types"),
    ] {
        let begun = Instant::now();
        let error = refused(&engine, &with(&module)).await;
        assert!(matches!(error, LoadError::TooComplex { .. }), "{what}: {error:?}");
        assert!(error.to_string().contains(what), "{what}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}: {:?}", begun.elapsed());
    }
    let small = self::engine(|config| config.limits = Limits { component: 1_000, ..Limits::default() });
    assert!(refused(&small, guests::BASIC).await.to_string().contains("more than 1000 bytes"));
    Adapter::load_unpinned(&engine, &with(&functions(1, 10, &nested(10))), &Grant::as_requested()).await.unwrap();
}

#[tokio::test]
async fn only_what_adapters_use_of_webassembly_is_taken() {
    let engine = engine(|_| {});
    let simd = |operator: &[u8]| {
        // Three vectors of nothing, the operator on two or three of them, and their end.
        let constant = [&[0xfd, 0x0c][..], &[0; 16]].concat();
        functions(1, 0, &[constant.repeat(2), operator.to_vec(), vec![0x1a]].concat())
    };
    for (module, what) in [
        (section(5, &[1, 0x04, 1]), "memory64"),
        (section(5, &[2, 0, 1, 0, 1]), "multiple memories"),
        (section(5, &[1, 0x03, 1, 1]), "threads"),
        (simd(&[0xfd, 0x80, 0x02]), "relaxed SIMD"),
        (functions(1, 0, &[0x12, 0]), "tail calls"),
    ] {
        let error = refused(&engine, &with(&module)).await;
        assert!(matches!(error, LoadError::Malformed(_)), "{what}: {error:?}");
    }
    // The SIMD of old is taken: the runtime of JavaScript has some.
    let old = with(&simd(&[0xfd, 0x0e]));
    Adapter::load_unpinned(&engine, &old, &Grant::as_requested()).await.unwrap();
}

/// A compiler that does this instead.
#[cfg(unix)]
fn by(script: &str) -> Compiler {
    Compiler::Command { program: PathBuf::from("/bin/sh"), arguments: vec!["-c".into(), script.into()] }
}

#[cfg(unix)]
#[tokio::test]
async fn a_process_that_compiles_has_its_time_and_its_end_is_one_sentence() {
    for (script, says) in [
        ("/bin/sleep 1000", "it takes longer than 0.5 s"),
        ("kill -9 $$", "the compiler broke down, or took more memory or time than it is given"),
        ("exit 101", "the compiler broke down"),
        ("echo it is odd; exit 3", "it is odd"),
        ("exit 0", ""),
    ] {
        let engine = engine(|config| {
            config.compiler = by(script);
            config.limits.compile = Duration::from_millis(500);
        });
        let begun = Instant::now();
        let error = refused(&engine, guests::BASIC).await;
        assert!(matches!(error, LoadError::Compile(_)), "{script}: {error:?}");
        assert!(error.to_string().contains(says) && error.to_string().lines().count() == 1, "{script}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{script}");
    }
    let engine = engine(|config| {
        config.compiler = Compiler::Command { program: "/no/such/program".into(), arguments: Vec::new() };
    });
    assert!(refused(&engine, guests::BASIC).await.to_string().contains("cannot be started"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_process_that_nobody_waits_for_is_ended() {
    let directory = tempfile::tempdir().unwrap();
    let started = directory.path().join("started");
    let engine =
        engine(|config| config.compiler = by(&format!("echo $$ > {}; exec /bin/sleep 1000", started.display())));
    let grant = Grant::as_requested();
    let load = Adapter::load_unpinned(&engine, guests::BASIC, &grant);
    assert!(tokio::time::timeout(Duration::from_secs(2), load).await.is_err());
    let process = std::fs::read_to_string(&started).unwrap();
    let still_there =
        std::process::Command::new("/bin/sh").args(["-c", &format!("kill -0 {process}")]).output().unwrap();
    assert!(!still_there.status.success(), "process {process} still runs");
}

/// On the one thread of this runtime other calls go on while something is compiled.
#[tokio::test(flavor = "current_thread")]
async fn calls_go_on_while_something_is_compiled() {
    let engine = engine(|_| {});
    let grant = Grant::as_requested();
    let load = async {
        let begun = Instant::now();
        Adapter::load_unpinned(&engine, guests::PROBE, &grant).await.unwrap();
        begun.elapsed()
    };
    let ticks = async {
        let mut longest = Duration::ZERO;
        for _ in 0..20 {
            let begun = Instant::now();
            tokio::time::sleep(Duration::from_millis(5)).await;
            longest = longest.max(begun.elapsed());
        }
        longest
    };
    let (took, longest) = tokio::join!(load, ticks);
    assert!(longest < took.max(Duration::from_millis(100)), "a tick took {longest:?} of {took:?}");
}

/// The oldest wasmtime that is taken, and the newest of its line that this machine has heard of: a release that repairs
/// something is not to be passed over.
#[test]
fn wasmtime_is_not_older_than_the_newest_of_its_line() {
    const FLOOR: [u64; 3] = [48, 0, 8];
    let version = |text: &str| -> Option<[u64; 3]> {
        let numbers: Vec<u64> = text.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
        numbers.try_into().ok()
    };
    let lock = include_str!("../../Cargo.lock");
    let (_, entry) = lock.split_once("name = \"wasmtime\"\nversion = \"").unwrap();
    let locked = version(entry.split('"').next().unwrap()).unwrap();
    assert!(locked >= FLOOR, "Cargo.lock has wasmtime {locked:?}: run `cargo update -p wasmtime`");
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let indexes = home.and_then(|home| std::fs::read_dir(home.join("registry").join("index")).ok());
    for index in indexes.into_iter().flatten().flatten() {
        let known = std::fs::read(index.path().join(".cache/wa/sm/wasmtime")).unwrap_or_default();
        // One JSON document a release, between zero bytes.
        for release in known.split(|byte| *byte == 0).filter(|part| part.starts_with(b"{")) {
            let release: serde_json::Value = serde_json::from_slice(release).unwrap();
            let Some(offered) = release["vers"].as_str().and_then(version) else { continue };
            if release["yanked"] == false && offered[..2] == FLOOR[..2] {
                assert!(locked >= offered, "wasmtime {offered:?} is there, and Cargo.lock has {locked:?}: update it");
            }
        }
    }
}
