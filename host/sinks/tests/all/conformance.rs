//! Every kind of sink follows the rules of every sink.

use keywright_sinks::conformance::check;

use crate::{directory, names, parts, sink, subject};

/// A command that keeps what it gets in a directory, as a real one would in a service.
const KEEPER: &str = r#"
set -eu
held="$1/$KEYWRIGHT_CREDENTIAL"
case "$KEYWRIGHT_ACTION" in
    write)
        digest=$(sed 's/.*"digest":"\([^"]*\)".*/\1/')
        echo "$KEYWRIGHT_GENERATION $digest" > "$held" ;;
    read) if [ -e "$held" ]; then cat "$held"; fi ;;
    withdraw) rm -f "$held" ;;
esac
"#;

#[test]
fn a_file_of_every_format_follows_the_rules() {
    for options in [
        "format = 'dotenv'",
        "format = 'dotenv'\nprevious = true",
        "format = 'dotenv'\nvariables = { secret_key = 'KEY' }",
        "format = 'json'",
        "format = 'json'\nprevious = true",
        "format = 'raw'\npart = 'secret_key'",
        "format = 'template'\ntemplate = 'key={{ secret_key }}'",
        "format = 'template'\ntemplate = '{{ secret_key }},{{ previous.secret_key }}'\nprevious = true",
        "format = 'scw-config'",
        "format = 'scw-config'\nprofile = 'ci'",
        "format = 'osc-config'",
        "format = 'aws-credentials'",
    ] {
        let base = directory();
        let sink = sink(base.path(), &format!("type = 'file'\npath = 'file'\n{options}"));
        check(&*sink, &subject("ci"), &parts).unwrap_or_else(|violation| panic!("{options}: {violation}"));
        assert!(names(base.path()).is_empty(), "{options}: {:?}", names(base.path()));
    }
}

#[test]
fn a_command_follows_the_rules() {
    for options in ["", "read = true", "read = true\nprevious = true", "previous = true"] {
        let base = directory();
        let config = format!(
            "type = 'exec'\n{options}\ncommand = ['sh', '-c', '''{KEEPER}''', 'sh', '{}']",
            base.path().display()
        );
        check(&*sink(base.path(), &config), &subject("ci"), &parts)
            .unwrap_or_else(|violation| panic!("{options}: {violation}"));
    }
}

/// The suite itself notices: this command forgets everything.
#[test]
fn a_sink_that_forgets_is_noticed() {
    let base = directory();
    let sink = sink(base.path(), "type = 'exec'\nread = true\ncommand = ['cat', '/dev/null']");
    let violation = check(&*sink, &subject("ci"), &parts).unwrap_err();
    assert_eq!(violation.to_string(), "the sink writes again what it holds");
}
