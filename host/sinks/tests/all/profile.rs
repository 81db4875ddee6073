//! Profile files of vendors, which hold more than one credential's keys.

use std::fs;

use crate::{access_key, delivery, directory, names, read, secret, sink, subject};

#[test]
fn a_profile_gets_its_keys_and_the_file_keeps_the_rest() {
    let scw = "# mine\naccess_key: SCWDEFAULT\nprofiles:\n  other:\n    access_key: SCWOTHER # theirs\n";
    let osc = "{\n  \"default\": {\n    \"access_key\": \"D\",\n    \"region\": \"eu-west-2\"\n  }\n}\n";
    let aws = "# mine\n[default]\nregion = eu-west-3\n";
    for (format, before, added) in [
        ("scw-config", scw, format!("  ci:\n    access_key: {}\n    secret_key: {}\n", access_key(1), secret(1))),
        (
            "aws-credentials",
            aws,
            format!("\n[ci]\naws_access_key_id = {}\naws_secret_access_key = {}\n", access_key(1), secret(1)),
        ),
        ("osc-config", osc, String::new()),
    ] {
        let base = directory();
        fs::write(base.path().join("config"), before).unwrap();
        let sink = sink(base.path(), &format!("type = 'file'\npath = 'config'\nformat = '{format}'\nprofile = 'ci'"));
        sink.write(&delivery("ci", 1)).unwrap();
        let written = read(base.path(), "config");
        match format {
            "osc-config" => {
                let value: serde_json::Value = serde_json::from_str(&written).unwrap();
                assert_eq!(value["ci"]["secret_key"], secret(1));
                assert!(written.starts_with(before.trim_end_matches(['}', '\n'])), "{written}");
            }
            _ => assert_eq!(written, format!("{before}{added}")),
        }
        sink.withdraw(&subject("ci")).unwrap();
        assert_eq!(read(base.path(), "config").trim_end(), before.trim_end(), "{format}");
        assert_eq!(names(base.path()), ["config"], "{format}");
    }
}

#[test]
fn two_profiles_of_one_file_are_two_places() {
    let base = directory();
    let of = |profile: &str| {
        sink(base.path(), &format!("type = 'file'\npath = 'config'\nformat = 'scw-config'\nprofile = '{profile}'"))
    };
    of("one").write(&delivery("ci", 1)).unwrap();
    of("two").write(&delivery("cd", 5)).unwrap();
    of("one").write(&delivery("ci", 2)).unwrap();
    of("one").withdraw(&subject("ci")).unwrap();
    assert_eq!(of("two").read_back(&subject("cd")).unwrap(), crate::held(&delivery("cd", 5)));
    of("two").withdraw(&subject("cd")).unwrap();
    assert!(names(base.path()).is_empty());
}

#[test]
fn a_file_that_is_not_what_it_should_be_is_refused_and_left() {
    for (format, text) in [
        ("scw-config", "- a list\n"),
        ("scw-config", "profiles: {ci: {access_key: A}}\n"),
        ("osc-config", "{\"ci\": 1}"),
        ("aws-credentials", "[ci]\n[ci]\n"),
        ("dotenv", "# keywright: end credential=ci\n"),
    ] {
        let base = directory();
        fs::write(base.path().join("a"), text).unwrap();
        let profile = if format == "dotenv" { "" } else { "profile = 'ci'\n" };
        let config = format!("type = 'file'\npath = 'a'\nformat = '{format}'\n{profile}replace-existing = true");
        let error = sink(base.path(), &config).write(&delivery("ci", 1)).unwrap_err();
        assert!(matches!(error, keywright_sinks::SinkError::Malformed { .. }), "{format}: {error}");
        crate::message(&error);
        assert_eq!(read(base.path(), "a"), text);
    }
}
