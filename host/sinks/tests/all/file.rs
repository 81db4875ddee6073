//! What a file holds, and what it never does.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::thread;

use keywright_sinks::{Held, Holding, SinkError};
use serde_json::{Value, json};

use crate::{access_key, delivery, directory, held, message, names, read, secret, sink, subject, with_previous};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn a_dotenv_file_keeps_the_lines_of_others() {
    let base = directory();
    fs::write(base.path().join(".env"), "# mine\nPORT=8080\n").unwrap();
    let sink = sink(base.path(), "type = 'file'\npath = '.env'\nformat = 'dotenv'\nprevious = true");
    sink.write(&with_previous("ci", 3)).unwrap();
    let text = read(base.path(), ".env");
    let (record, variables): (Vec<&str>, Vec<&str>) =
        text.lines().skip(2).partition(|line| line.starts_with("# keywright: "));
    assert!(text.starts_with("# mine\nPORT=8080\n# keywright: credential=ci generation=3 digest=sha256:"), "{text}");
    assert_eq!(record[1], "# keywright: end credential=ci");
    assert_eq!(
        variables,
        [
            format!("SCW_ACCESS_KEY={}", access_key(3)),
            format!("SCW_SECRET_KEY={}", secret(3)),
            format!("SCW_ACCESS_KEY_PREVIOUS={}", access_key(2)),
            format!("SCW_SECRET_KEY_PREVIOUS={}", secret(2)),
        ]
    );
    sink.withdraw(&subject("ci")).unwrap();
    assert_eq!(read(base.path(), ".env"), "# mine\nPORT=8080\n");
}

#[test]
fn a_variable_that_is_set_elsewhere_in_the_file_is_refused() {
    let base = directory();
    let text = "SCW_SECRET_KEY=by-hand\n";
    fs::write(base.path().join("env"), text).unwrap();
    let sink = sink(base.path(), "type = 'file'\npath = 'env'\nformat = 'dotenv'");
    let specs = delivery("ci", 1).specs();
    for error in [sink.check(&subject("ci"), &specs).unwrap_err(), sink.write(&delivery("ci", 1)).unwrap_err()] {
        assert!(message(&error).contains("sets SCW_SECRET_KEY in line 1 as well"), "{error}");
    }
    assert_eq!(read(base.path(), "env"), text);
}

#[test]
fn a_json_file_has_the_parts_and_the_record() {
    let base = directory();
    let sink = sink(base.path(), "type = 'file'\npath = 'a.json'\nformat = 'json'\nprevious = true");
    let delivery = with_previous("ci", 3);
    sink.write(&delivery).unwrap();
    let mut value: Value = serde_json::from_str(&read(base.path(), "a.json")).unwrap();
    let record = value.as_object_mut().unwrap().remove("keywright").unwrap();
    assert_eq!(
        value,
        json!({
            "access_key": access_key(3),
            "secret_key": secret(3),
            "previous": { "generation": 2, "access_key": access_key(2), "secret_key": secret(2) },
        })
    );
    assert_eq!(record["credential"], "ci");
    assert_eq!(record["generation"], 3);
    assert_eq!(record["digest"], delivery.digest().to_string());
}

#[test]
fn a_raw_file_is_the_value_and_nothing_else() {
    let base = directory();
    let sink = sink(
        base.path(),
        "type = 'file'\npath = '{credential}/key'\nformat = 'raw'\npart = 'secret_key'\ncreate-directory = true",
    );
    sink.write(&delivery("ci", 3)).unwrap();
    assert_eq!(read(base.path(), "ci/key"), secret(3));
    assert_eq!(names(&base.path().join("ci")), [".key.keywright", "key"]);
    for name in [".key.keywright", "key"] {
        assert_eq!(mode(&base.path().join("ci").join(name)), 0o600);
    }
    assert_eq!(mode(&base.path().join("ci")), 0o700);
    assert!(!read(base.path(), "ci/.key.keywright").contains(&secret(3)));
}

#[test]
fn the_previous_generation_is_delivered_only_where_that_is_asked_for() {
    let base = directory();
    let sink = sink(base.path(), "type = 'file'\npath = 'a'\nformat = 'json'");
    assert_eq!(sink.write(&with_previous("ci", 3)).unwrap().digest, delivery("ci", 3).digest());
    assert!(!read(base.path(), "a").contains(&secret(2)));
}

#[test]
fn what_someone_has_changed_is_noticed_and_written_again() {
    for (options, change) in [
        ("format = 'dotenv'", "SCW_SECRET_KEY=x"),
        ("format = 'raw'\npart = 'secret_key'", "x"),
        ("format = 'scw-config'", "secret_key: x"),
        ("format = 'json'", "\"secret_key\": \"x\""),
    ] {
        let base = directory();
        let sink = sink(base.path(), &format!("type = 'file'\npath = 'a'\n{options}"));
        let delivery = delivery("ci", 3);
        sink.write(&delivery).unwrap();
        let text = read(base.path(), "a");
        let changed = match options {
            _ if options.contains("raw") => change.to_owned(),
            _ => {
                let line = text.lines().find(|line| line.contains(&secret(3))).unwrap();
                text.replace(line, change)
            }
        };
        fs::write(base.path().join("a"), changed).unwrap();
        let holding = sink.read_back(&subject("ci")).unwrap();
        assert_eq!(holding, Holding::Held(Held { generation: 3, digest: None }), "{options}");
        assert!(sink.write(&delivery).unwrap().written);
        assert_eq!(read(base.path(), "a"), text);
        assert_eq!(sink.read_back(&subject("ci")).unwrap(), held(&delivery));
    }
}

#[test]
fn a_file_that_was_removed_does_not_let_an_older_generation_in() {
    let base = directory();
    let sink = sink(base.path(), "type = 'file'\npath = 'a'\nformat = 'raw'\npart = 'secret_key'");
    sink.write(&delivery("ci", 3)).unwrap();
    fs::remove_file(base.path().join("a")).unwrap();
    assert_eq!(sink.read_back(&subject("ci")).unwrap(), Holding::Nothing);
    let error = sink.write(&delivery("ci", 2)).unwrap_err();
    assert!(matches!(error, SinkError::Newer { held: 3, offered: 2, .. }), "{error}");
    assert!(message(&error).contains("rotate ci until its generation is higher"));
    assert!(sink.write(&delivery("ci", 3)).unwrap().written);
}

#[test]
fn what_keywright_did_not_write_is_replaced_only_where_that_is_asked_for() {
    for (options, by_hand) in [
        ("format = 'raw'\npart = 'secret_key'", "by hand"),
        ("format = 'template'\ntemplate = '{{ secret_key }}'", "by hand"),
        ("format = 'json'", "{\"secret_key\": \"by hand\"}"),
        ("format = 'json'", "by hand"),
        ("format = 'scw-config'", "secret_key: by-hand\n"),
        ("format = 'osc-config'", "{\"default\": {\"secret_key\": \"by hand\"}}"),
        ("format = 'aws-credentials'", "[default]\naws_secret_access_key = by-hand\n"),
    ] {
        let base = directory();
        let config = format!("type = 'file'\npath = 'a'\n{options}");
        fs::write(base.path().join("a"), by_hand).unwrap();
        let careful = sink(base.path(), &config);
        let specs = delivery("ci", 1).specs();
        for error in
            [careful.check(&subject("ci"), &specs).unwrap_err(), careful.write(&delivery("ci", 1)).unwrap_err()]
        {
            assert!(matches!(error, SinkError::Occupied { .. }), "{options}: {error}");
            assert!(message(&error).contains("set `replace-existing = true`"), "{error}");
        }
        careful.withdraw(&subject("ci")).unwrap();
        assert_eq!(read(base.path(), "a"), by_hand);
        assert_eq!(names(base.path()), ["a"]);
        assert_eq!(careful.read_back(&subject("ci")).unwrap(), Holding::Nothing);

        let replacing = sink(base.path(), &format!("{config}\nreplace-existing = true"));
        replacing.write(&delivery("ci", 1)).unwrap();
        assert!(read(base.path(), "a").contains(&secret(1)), "{options}");
    }
}

#[test]
fn the_file_of_another_credential_is_refused() {
    for options in
        ["format = 'json'", "format = 'raw'\npart = 'secret_key'", "format = 'scw-config'\nreplace-existing = true"]
    {
        let base = directory();
        let sink = sink(base.path(), &format!("type = 'file'\npath = 'a'\n{options}"));
        sink.write(&delivery("ci", 1)).unwrap();
        let error = sink.write(&delivery("cd", 1)).unwrap_err();
        assert!(message(&error).contains("holds the credential ci: give cd a place of its own"), "{error}");
        assert_eq!(sink.read_back(&subject("cd")).unwrap(), Holding::Nothing);
        sink.withdraw(&subject("cd")).unwrap();
        assert_eq!(sink.read_back(&subject("ci")).unwrap(), held(&delivery("ci", 1)));
    }
}

#[test]
fn a_file_that_someone_has_made_their_own_is_not_withdrawn() {
    let base = directory();
    let sink = sink(base.path(), "type = 'file'\npath = 'a'\nformat = 'raw'\npart = 'secret_key'");
    sink.write(&delivery("ci", 1)).unwrap();
    fs::write(base.path().join("a"), "theirs").unwrap();
    sink.withdraw(&subject("ci")).unwrap();
    assert_eq!(read(base.path(), "a"), "theirs");
    assert_eq!(sink.read_back(&subject("ci")).unwrap(), Holding::Nothing);
}

#[test]
fn wider_permissions_are_narrowed() {
    for (options, expected) in [("", 0o600), ("mode = '0640'\n", 0o640), ("mode = '0400'\n", 0o400)] {
        let base = directory();
        let file = base.path().join("a");
        fs::write(&file, "PORT=1\n").unwrap();
        let sink = sink(base.path(), &format!("type = 'file'\npath = 'a'\n{options}format = 'dotenv'"));
        for (wide, generation) in [(0o644, 1), (0o666, 1), (0o640, 2)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(wide)).unwrap();
            sink.write(&delivery("ci", generation)).unwrap();
            assert_eq!(mode(&file), expected & (wide | 0o600), "{options}{wide:o}");
        }
    }
}

#[test]
fn a_file_gets_the_group_that_is_configured() {
    let base = directory();
    let group = fs::metadata(base.path()).unwrap().gid();
    let sink =
        sink(base.path(), &format!("type = 'file'\npath = 'a'\nformat = 'json'\nmode = '0640'\ngroup = '{group}'"));
    sink.write(&delivery("ci", 1)).unwrap();
    assert_eq!(fs::metadata(base.path().join("a")).unwrap().gid(), group);
    assert_eq!(mode(&base.path().join("a")), 0o640);
}

#[test]
fn a_value_that_the_format_cannot_say_is_refused_and_nothing_changes() {
    for (format, value) in [("dotenv", "hush\\"), ("scw-config", "hush hush"), ("dotenv", "hush\n# keywright: end")] {
        let base = directory();
        let sink = sink(base.path(), &format!("type = 'file'\npath = 'a'\nformat = '{format}'"));
        sink.write(&delivery("ci", 1)).unwrap();
        let before = read(base.path(), "a");
        let mut delivery = delivery("ci", 2);
        delivery.parts[1].value = value.into();
        let error = sink.write(&delivery).unwrap_err();
        assert!(matches!(&error, SinkError::Unrepresentable { part, .. } if part == "secret_key"), "{error}");
        assert!(!message(&error).contains("hush"), "{error}");
        assert_eq!(read(base.path(), "a"), before);
    }
}

#[test]
fn a_part_that_there_is_not_is_noticed_before_a_secret_is_made() {
    for (options, part) in [
        ("format = 'raw'\npart = 'token'", "token"),
        ("format = 'template'\ntemplate = '{{ token }}'", "token"),
        ("format = 'dotenv'\nvariables = { token = 'TOKEN' }", "token"),
    ] {
        let base = directory();
        let sink = sink(base.path(), &format!("type = 'file'\npath = 'a'\n{options}"));
        let error = sink.check(&subject("ci"), &delivery("ci", 1).specs()).unwrap_err();
        assert!(message(&error).contains(&format!("`{part}`, which the credential does not have")), "{error}");
    }
}

#[test]
fn many_credentials_are_written_to_one_file_at_once() {
    let base = directory();
    for (path, options) in [
        ("env", "format = 'dotenv'\nvariables = { access_key = 'A_NAME', secret_key = 'S_NAME' }"),
        ("aws", "format = 'aws-credentials'\nprofile = 'NAME'"),
    ] {
        let config = format!("type = 'file'\npath = '{path}'\n{options}");
        let writer = |name: String| {
            let sink = sink(base.path(), &config.replace("NAME", &name));
            move || (1..=10).for_each(|generation| assert!(sink.write(&delivery(&name, generation)).unwrap().written))
        };
        let writers: Vec<_> = (0..4).map(|index| thread::spawn(writer(format!("c{index}")))).collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        for name in (0..4).map(|index| format!("c{index}")) {
            let sink = sink(base.path(), &config.replace("NAME", &name));
            assert_eq!(sink.read_back(&subject(&name)).unwrap(), held(&delivery(&name, 10)));
        }
    }
}
