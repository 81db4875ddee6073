use super::*;

fn entries() -> Entries {
    vec![
        ("access_key", Zeroizing::new("SCWA1".to_owned())),
        ("secret_key", Zeroizing::new("5f6e7d8c-9bab-4cad-8ebf-0a1b2c3d4e5f".to_owned())),
    ]
}

/// As the vendor's own tool writes it, shortened.
const WRITTEN: &str = "\
# Scaleway configuration file

# An access key is a secret key identifier.
access_key: SCW11111111111111111 # mine

secret_key: \"11111111-1111-1111-1111-111111111111\"

default_region: fr-par
# active_profile: myProfile

# Profiles
profiles:
  one:
    access_key: SCWA
    # default_zone: fr-par-1
    default_region: nl-ams

  two:
    # access_key: SCW11111111111111111
    api_url: https://api.scaleway.com
";

const ACCESS: &str = "access_key: SCWA1";
const SECRET: &str = "secret_key: 5f6e7d8c-9bab-4cad-8ebf-0a1b2c3d4e5f";

#[test]
fn all_else_stays_as_it_is() {
    let comments = "# a\n# b\n";
    let top = format!("{ACCESS}\n{SECRET}\n");
    let below = format!("profiles:\n  one:\n    {ACCESS}\n    {SECRET}\n");
    for (before, profile, after) in [
        ("", DEFAULT, top.clone()),
        ("", "one", below.clone()),
        (comments, DEFAULT, format!("{comments}{top}")),
        (comments, "one", format!("{comments}{below}")),
        ("# a", "one", format!("# a\n{below}")),
        ("default_region: fr-par", DEFAULT, format!("default_region: fr-par\n{top}")),
        ("default_region: fr-par", "one", format!("default_region: fr-par\n{below}")),
        ("profiles:\n  one:\n    access_key: SCWB\n", "one", below.clone()),
        (
            WRITTEN,
            DEFAULT,
            WRITTEN
                .replace("access_key: SCW11111111111111111 # mine", &format!("{ACCESS} # mine"))
                .replace("secret_key: \"11111111-1111-1111-1111-111111111111\"", SECRET),
        ),
        (
            WRITTEN,
            "one",
            WRITTEN
                .replace("access_key: SCWA\n", &format!("{ACCESS}\n"))
                .replace("default_region: nl-ams\n", &format!("default_region: nl-ams\n    {SECRET}\n")),
        ),
        (WRITTEN, "two", format!("{WRITTEN}    {ACCESS}\n    {SECRET}\n")),
        (WRITTEN, "three", format!("{WRITTEN}  three:\n    {ACCESS}\n    {SECRET}\n")),
    ] {
        let new = Scw.set(before, profile, &entries()).unwrap();
        assert_eq!(new.as_str(), after, "{profile}");
        assert_eq!(Scw.get(&new, profile).unwrap(), entries());
    }
}

#[test]
fn only_our_keys_are_removed() {
    for (before, profile) in [
        ("", DEFAULT),
        ("", "one"),
        ("# a\n", "one"),
        ("default_region: fr-par\n", "one"),
        (WRITTEN, "three"),
        (WRITTEN, "two"),
    ] {
        let written = Scw.set(before, profile, &entries()).unwrap();
        assert_eq!(Scw.unset(&written, profile).unwrap().as_str(), before, "{profile}");
    }
    assert_eq!(Scw.unset(WRITTEN, "none").unwrap().as_str(), WRITTEN);
}

#[test]
fn a_value_that_yaml_takes_for_something_else_is_read_as_it_was_written() {
    for value in
        ["true", "12", "1e3", "null", "~", "a:b", "#a", "*a", "&a", "!a", "-", "'", "\"", "{a}", "0x1f", "%", "@"]
    {
        let entries: Entries = KEYS.iter().map(|(key, _)| (*key, Zeroizing::new(value.to_owned()))).collect();
        for profile in [DEFAULT, "one", "three"] {
            let new = Scw.set(WRITTEN, profile, &entries).unwrap();
            assert_eq!(Scw.get(&new, profile).unwrap(), entries, "{value} {profile}");
        }
    }
}

#[test]
fn what_is_not_such_a_file_is_refused() {
    for text in [
        "- a\n",
        "a\n",
        "a: [1\n",
        "a: b: c\n",
        "a: 1\na: 2\n",
        "---\na: 1\n---\nb: 2\n",
        "profiles: 1\n",
        "profiles:\n  one: 1\n",
    ] {
        let set = Scw.get(text, "one").and_then(|_| Scw.set(text, "one", &entries()));
        assert!(matches!(set, Err(Trouble::Malformed(_))), "{text}");
    }
}

/// What the editor cannot do without changing more than it should is refused; nothing is written then.
#[test]
fn odd_files_keep_their_other_content_or_are_refused() {
    for text in [
        "access_key: &x SCWB\ndefault_region: *x\n",
        "profiles: {one: {access_key: SCWB}}\n",
        "profiles: {}\n",
        "profiles:\n",
        "profiles:\n  one:\n",
        "profiles:\n  one: &x\n    access_key: SCWB\n  two: *x\n",
        "a: |\n  text\n  access_key: no\nprofiles:\n      one:\n         access_key: SCWB\n",
        "\"access_key\": SCWB\n? secret_key\n: x\n",
        "---\naccess_key: SCWB\n...\n",
        "access_key:\n  SCWB\ndefault_region: fr-par\r\n",
    ] {
        for profile in [DEFAULT, "one", "two"] {
            match Scw.set(text, profile, &entries()) {
                Ok(new) => {
                    let others = |text| others(read(text).unwrap(), profile);
                    assert_eq!(others(&new), others(text), "{text}");
                }
                Err(trouble) => assert!(matches!(trouble, Trouble::Malformed(_)), "{text}"),
            }
        }
    }
}
