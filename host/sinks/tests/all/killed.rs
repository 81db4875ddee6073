//! A process that is killed while it writes, and a disk that is full.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use keywright_sinks::{Holding, SinkError};
use rand::RngExt as _;

use crate::{delivery, directory, held, message, names, read, secret, sink, subject};

/// What the child reads its orders from.
const CHILD: &str = "KEYWRIGHT_SINKS_CHILD";

/// How often a child is killed, for each format.
const KILLS: u32 = 50;

/// Formats with one file and with two, and what is in the file of others.
const FORMATS: [(&str, &str); 4] = [
    ("format = 'dotenv'", "PORT=1\n"),
    ("format = 'json'", ""),
    ("format = 'raw'\npart = 'secret_key'", ""),
    ("format = 'scw-config'\nprofile = 'ci'", "default_region: fr-par\n"),
];

fn config(options: &str) -> String {
    format!("type = 'file'\npath = 'a'\n{options}")
}

/// This test's program once more, as a child that runs `child` with these orders.
fn command(orders: &str, wrapper: &[&str]) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut words: Vec<PathBuf> = wrapper.iter().map(PathBuf::from).collect();
    words.push(program);
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args(["--exact", "killed::child", "--ignored", "--nocapture"]);
    command.env(CHILD, orders).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Writes generation after generation, and says which it has written.
#[test]
#[ignore = "the child of the other tests, which give it its orders"]
fn child() {
    let Ok(orders) = std::env::var(CHILD) else { return };
    let [base, first, config] = orders.splitn(3, '\n').collect::<Vec<_>>().try_into().unwrap();
    let sink = sink(Path::new(base), config);
    let first: u64 = first.parse().unwrap();
    for generation in first..first + 200 {
        match sink.write(&delivery("ci", generation)) {
            Ok(_) => println!("wrote {generation}"),
            Err(error) => {
                println!("failed {error}");
                return;
            }
        }
    }
}

#[test]
fn a_file_is_whole_whenever_its_writer_is_killed() {
    let mut random = rand::rng();
    for (options, others) in FORMATS {
        let base = directory();
        fs::write(base.path().join("a"), others).unwrap();
        let sink = sink(base.path(), &config(options));
        sink.write(&delivery("ci", 1)).unwrap();
        let (mut last, mut killed, mut between) = (1, 0, 0);
        for _ in 0..KILLS {
            let orders = format!("{}\n{}\n{}", base.path().display(), last + 1, config(options));
            let mut child = command(&orders, &[]).spawn().unwrap();
            let mut output = BufReader::new(child.stdout.take().unwrap());
            let mut wrote = |line: &mut String| {
                line.clear();
                output.read_line(line).unwrap() > 0 && !line.starts_with("wrote")
            };
            // Until it writes, so that it is killed while it does.
            let mut line = String::new();
            while wrote(&mut line) {}
            thread::sleep(Duration::from_micros(random.random_range(0..6_000)));
            child.kill().unwrap();
            killed += u32::from(child.wait().unwrap().signal() == Some(9));
            let mut rest = line;
            output.read_to_string(&mut rest).unwrap();
            assert!(!rest.contains("failed"), "{rest}");
            // The last line may be cut.
            let whole = rest.rsplit_once('\n').map_or("", |(whole, _)| whole);
            let acknowledged = whole.lines().filter_map(|line| line.strip_prefix("wrote ")?.parse().ok()).max();
            let acknowledged: u64 = acknowledged.unwrap_or(last);

            let Holding::Held(holding) = sink.read_back(&subject("ci")).unwrap() else { panic!("nothing is held") };
            let generation = holding.generation;
            assert!((acknowledged..=acknowledged + 1).contains(&generation), "{acknowledged} {generation}");
            assert_eq!(Holding::Held(holding), held(&delivery("ci", generation)), "{options}");
            let text = read(base.path(), "a");
            assert!(text.starts_with(others), "{options}: {text}");
            assert!(text.contains(&secret(generation)), "{options}: {text}");
            for other in [generation - 1, generation + 1] {
                assert!(!text.contains(&secret(other)), "{options}: {text}");
            }
            between += u32::from(names(base.path()).iter().any(|name| name.ends_with("-new")));
            last = generation;
        }
        // Otherwise nothing was tested.
        assert!(killed > KILLS / 2 && between > 0, "{options}: killed {killed}, in the middle of a write {between}");
        assert!(!sink.write(&delivery("ci", last)).unwrap().written);
        assert!(!names(base.path()).iter().any(|name| name.ends_with("-new")), "{:?}", names(base.path()));
    }
}

#[test]
fn a_write_that_ends_between_the_two_files_is_as_if_it_had_not_been() {
    let base = directory();
    let sink = sink(base.path(), &config("format = 'raw'\npart = 'secret_key'"));
    sink.write(&delivery("ci", 1)).unwrap();
    sink.write(&delivery("ci", 2)).unwrap();
    // The notes are of the third already, and the file is of the second still.
    sink.write(&delivery("ci", 3)).unwrap();
    fs::write(base.path().join("a"), secret(2)).unwrap();
    assert_eq!(sink.read_back(&subject("ci")).unwrap(), held(&delivery("ci", 2)));
    assert!(!sink.write(&delivery("ci", 2)).unwrap().written);
    assert!(sink.write(&delivery("ci", 3)).unwrap().written);
    assert_eq!(sink.read_back(&subject("ci")).unwrap(), held(&delivery("ci", 3)));
}

#[test]
fn a_full_disk_leaves_the_old_content() {
    let base = directory();
    // A limit on the size of files, which `ulimit` counts in 512 bytes: a write fails in the same call as on a full disk.
    let others = "# others\n".repeat(60);
    for options in ["format = 'dotenv'", "format = 'scw-config'"] {
        fs::write(base.path().join("a"), &others).unwrap();
        let orders = format!("{}\n1\n{}", base.path().display(), config(options));
        let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""];
        let output = command(&orders, &limited).output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        assert!(output.contains("a is unchanged, as there is no space for the new content"), "{output}");
        assert_eq!(read(base.path(), "a"), others);
        assert!(!names(base.path()).iter().any(|name| name.ends_with("-new")), "{:?}", names(base.path()));
        let sink = sink(base.path(), &config(options));
        assert_eq!(sink.read_back(&subject("ci")).unwrap(), Holding::Nothing);
        sink.write(&delivery("ci", 1)).unwrap();
        assert!(read(base.path(), "a").starts_with(&others));
        sink.withdraw(&subject("ci")).unwrap();
    }
}

#[test]
fn a_file_system_that_refuses_is_named_in_one_sentence() {
    // The kernel's own, which takes no new files, from root neither.
    let sink = sink(Path::new("/proc"), &config("format = 'json'"));
    let error = sink.write(&delivery("ci", 1)).unwrap_err();
    assert!(matches!(error, SinkError::Storage { renamed: false, .. }) && !error.is_in_doubt(), "{error}");
    assert!(message(&error).starts_with("/proc/a cannot be used"), "{error}");
}
