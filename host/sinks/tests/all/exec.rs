//! Commands.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use keywright_sinks::{Holding, Sink, SinkError};
use serde_json::{Value, json};

use crate::{access_key, delivery, directory, message, read, secret, sink, subject, with_previous};

/// A sink that runs a script in the directory, which is its `$1`.
fn script(base: &Path, script: &str, options: &str) -> Box<dyn Sink> {
    let config =
        format!("type = 'exec'\n{options}\ncommand = ['sh', '-c', '''{script}''', 'sh', '{}']", base.display());
    sink(base, &config)
}

#[test]
fn a_command_gets_the_delivery_on_its_standard_input() {
    let base = directory();
    let sink =
        script(base.path(), "cat > \"$1/input\"; env > \"$1/env\"; echo \"$@\" > \"$1/args\"", "previous = true");
    let delivery = with_previous("ci", 3);
    assert!(sink.write(&delivery).unwrap().written);
    let part =
        |value: String, variable: &str, secret| json!({ "value": value, "variable": variable, "secret": secret });
    let parts = |generation| {
        json!({
            "access_key": part(access_key(generation), "SCW_ACCESS_KEY", false),
            "secret_key": part(secret(generation), "SCW_SECRET_KEY", true),
        })
    };
    assert_eq!(
        serde_json::from_str::<Value>(&read(base.path(), "input")).unwrap(),
        json!({
            "action": "write",
            "credential": "ci",
            "generation": 3,
            "digest": delivery.digest().to_string(),
            "parts": parts(3),
            "previous": { "generation": 2, "parts": parts(2) },
        })
    );
    let environment = read(base.path(), "env");
    let mut names: Vec<&str> = environment.lines().filter_map(|line| line.split('=').next()).collect();
    // The shell adds these itself.
    names.retain(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name));
    names.sort_unstable();
    assert_eq!(names, ["HOME", "KEYWRIGHT_ACTION", "KEYWRIGHT_CREDENTIAL", "KEYWRIGHT_GENERATION", "PATH"]);
    for text in [environment, read(base.path(), "args")] {
        assert!(!text.contains(&secret(3)) && !text.contains(&secret(2)));
    }
    sink.withdraw(&subject("ci")).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&read(base.path(), "input")).unwrap(),
        json!({ "action": "withdraw", "credential": "ci" })
    );
}

#[test]
fn a_command_need_not_read_its_input() {
    let base = directory();
    let mut large = delivery("ci", 1);
    large.parts[1].value = "x".repeat(1 << 20).into();
    assert!(script(base.path(), "exit 0", "").write(&large).unwrap().written);
    assert!(script(base.path(), "head -c 10 > /dev/null", "").write(&large).unwrap().written);
}

#[test]
fn a_large_delivery_and_a_large_output_do_not_wait_for_each_other() {
    let base = directory();
    let mut large = delivery("ci", 1);
    large.parts[1].value = "x".repeat(1 << 20).into();
    let sink = script(base.path(), "head -c 2000000 /dev/zero; head -c 2000000 /dev/zero >&2; cat > \"$1/input\"", "");
    assert!(sink.write(&large).unwrap().written);
    assert!(read(base.path(), "input").len() > 1 << 20);
}

#[test]
fn a_command_that_fails_is_quoted_unless_it_says_a_secret() {
    let base = directory();
    let error =
        script(base.path(), "echo one >&2; echo 'no such host' >&2; exit 3", "").write(&delivery("ci", 1)).unwrap_err();
    assert_eq!(message(&error), "the command `sh` failed (exit status: 3): no such host");
    assert!(error.is_transient() && error.is_in_doubt());
    for leak in
        ["cat >&2", "cat | base64 >&2", "cat | od -An -tx1 | tr -d ' \\n' >&2; echo >&2", "cat | cut -c 1-400 >&2"]
    {
        let error = script(base.path(), &format!("{leak}; exit 1"), "").write(&delivery("ci", 1)).unwrap_err();
        assert!(message(&error).contains("is not shown, as it has parts of a secret"), "{leak}: {error}");
    }
    let error = script(base.path(), "kill -9 $$", "").write(&delivery("ci", 1)).unwrap_err();
    assert!(message(&error).contains("signal: 9"), "{error}");
}

#[test]
fn a_command_that_takes_too_long_is_ended_with_all_that_it_started() {
    let base = directory();
    let script_text = "(sleep 4; echo late > \"$1/late\") & echo $$ > \"$1/pid\"; wait";
    let sink = script(base.path(), script_text, "time-limit = '1s'");
    let start = Instant::now();
    let error = sink.write(&delivery("ci", 1)).unwrap_err();
    assert!(matches!(error, SinkError::TimedOut { .. }) && error.is_in_doubt(), "{error}");
    assert!(message(&error).contains("did not end within 1 s and was ended"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert!(base.path().join("pid").exists());
    std::thread::sleep(Duration::from_millis(4500).saturating_sub(start.elapsed()));
    assert!(!base.path().join("late").exists());
}

/// Its output is held open, but it has ended.
#[test]
fn what_a_command_leaves_behind_is_not_waited_for() {
    let base = directory();
    let start = Instant::now();
    assert!(script(base.path(), "sleep 20 & echo done", "").write(&delivery("ci", 1)).unwrap().written);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_command_that_is_not_there_is_noticed_before_a_secret_is_made() {
    let base = directory();
    for command in ["no-such-program-here", "bin/none"] {
        let sink = sink(base.path(), &format!("type = 'exec'\ncommand = ['{command}']"));
        let delivery = delivery("ci", 1);
        for error in [sink.check(&delivery.subject, &delivery.specs()).unwrap_err(), sink.write(&delivery).unwrap_err()]
        {
            assert!(matches!(error, SinkError::NotStarted { .. }) && !error.is_in_doubt(), "{error}");
            assert!(message(&error).starts_with(&format!("the command `{command}` cannot be run")), "{error}");
        }
    }
}

#[test]
fn a_command_that_cannot_say_what_it_holds_is_written_to_again() {
    let base = directory();
    let sink = script(base.path(), "echo $KEYWRIGHT_ACTION >> \"$1/log\"", "");
    let delivery = delivery("ci", 2);
    assert!(sink.write(&delivery).unwrap().written);
    assert_eq!(sink.read_back(&subject("ci")).unwrap(), Holding::Unknown);
    assert!(sink.write(&delivery).unwrap().written);
    assert_eq!(read(base.path(), "log"), "write\nwrite\n");
}

#[test]
fn an_answer_is_a_generation_and_perhaps_a_digest() {
    let base = directory();
    let sink = script(
        base.path(),
        "if [ $KEYWRIGHT_ACTION = read ]; then cat \"$1/answer\"; else cat > \"$1/wrote\"; fi",
        "read = true",
    );
    let delivery = delivery("ci", 5);
    let answer = |text: &str| fs::write(base.path().join("answer"), text).unwrap();
    for (text, writes) in [("", true), ("4\n", true), ("5", true), (&format!("5 {}\n", delivery.digest()), false)] {
        answer(text);
        assert_eq!(sink.write(&delivery).unwrap().written, writes, "{text}");
        assert_eq!(fs::remove_file(base.path().join("wrote")).is_ok(), writes, "{text}");
    }
    answer("6");
    assert!(matches!(sink.write(&delivery), Err(SinkError::Newer { held: 6, offered: 5, .. })));
    for wrong in ["five", "5 x", "5 5 5", "-1"] {
        answer(wrong);
        let error = sink.write(&delivery).unwrap_err();
        assert!(matches!(error, SinkError::Unreadable { .. }), "{wrong}: {error}");
    }
    assert!(!base.path().join("wrote").exists());
}
