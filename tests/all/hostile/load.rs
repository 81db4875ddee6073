//! Adapters that are refused while they are loaded, or that are loaded as what they are.

use keywright_runtime::{CallError, Grant, LoadError, RuleSet, Unpinned};
use wasmparser::{Encoding, Parser, Payload};

use super::stage::{Setup, Stage, component, load, load_bytes};

/// The rules of the guests that ask for no more than the others.
const USUAL: &str = "
    check,create,get GET    https://vendor.test/keys/{id}
    check            POST   https://vendor.test/keys/{id}/notes
    list             GET    https://vendor.test/keys
    create           POST   https://vendor.test/keys mints secret_key=/secret_key
    update           POST   https://vendor.test/keys/{id}/rotate mints secret_key=/secret_key
    revoke           DELETE https://vendor.test/keys/{id}
";

fn usual() -> Grant<Unpinned> {
    Grant::rules(USUAL.parse::<RuleSet>().unwrap())
}

async fn refused(name: &str, grant: &Grant<Unpinned>) -> LoadError {
    match load(name, grant).await {
        Err(error) => error,
        Ok(_) => panic!("{name} is loaded"),
    }
}

/// Its descriptor is refused, for this.
async fn contradicts_itself(name: &str, how: &str) {
    let error = refused(name, &Grant::as_requested()).await;
    assert!(matches!(error, LoadError::Descriptor(_)), "{name}: {error:?}");
    assert!(error.to_string().contains(how), "{name}: {error}");
}

/// The call in which it describes itself ends so.
async fn does_not_describe_itself(name: &str) -> CallError {
    match refused(name, &Grant::as_requested()).await {
        LoadError::Describe(error) => *error,
        other => panic!("{name}: {other:?}"),
    }
}

/// It asks for this, which it is not granted.
async fn is_not_granted(name: &str, lines: &[&str]) {
    let error = refused(name, &usual()).await;
    let LoadError::Ungranted(missing) = &error else { panic!("{name}: {error:?}") };
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    assert_eq!(missing, lines, "{name}");
    assert!(lines.iter().all(|line| error.to_string().contains(line)), "{error}");
}

#[tokio::test]
pub(super) async fn describe_without_end() {
    let error = does_not_describe_itself("describe_without_end").await;
    assert!(matches!(error, CallError::Limit { operation: "describe", .. }), "{error:?}");
    assert!(error.to_string().contains("1 s of time on the processor"), "{error}");
}

#[tokio::test]
pub(super) async fn describe_that_breaks_down() {
    let error = does_not_describe_itself("describe_that_breaks_down").await;
    assert!(matches!(error, CallError::Trapped { operation: "describe", .. }), "{error:?}");
}

attack!(describe_that_sends, Setup::usual(), async |stage: &Stage| {
    // Nothing may be sent while it describes itself.
    assert_eq!(stage.adapter.descriptor().endpoints[0].url, "https://vendor.test");
    assert_eq!(stage.network.looked_up(), [""; 0]);
});

/// What differs from one time to the next cannot be consented to.
#[tokio::test]
pub(super) async fn describe_that_changes() {
    for grant in [usual(), Grant::as_requested()] {
        let error = refused("describe_that_changes", &grant).await;
        assert!(matches!(error, LoadError::UnsteadyDescriptor), "{error:?}");
    }
}

attack!(describe_that_knows_the_time, Setup::usual(), async |stage: &Stage| {
    // While it describes itself the time is never the present: what was shown is what it says ever after.
    let rules = &stage.adapter.descriptor().rules;
    assert_eq!(*rules, USUAL.parse().unwrap());
    let again = load("describe_that_knows_the_time", &usual()).await.unwrap();
    assert_eq!(again.descriptor_digest(), stage.adapter.descriptor_digest());
    let year = stage.check().await.unwrap().details["year"].as_u64().unwrap();
    assert!(year >= 2026, "calls have the present time: {year}");
});

#[tokio::test]
pub(super) async fn rule_for_an_unknown_endpoint() {
    contradicts_itself("rule_for_an_unknown_endpoint", "the endpoint `elsewhere`, which is not described").await;
}

#[tokio::test]
pub(super) async fn mint_of_a_public_part() {
    contradicts_itself("mint_of_a_public_part", "rule 7 says where `access_key` stands in an answer").await;
}

#[tokio::test]
pub(super) async fn mint_of_a_whole_answer() {
    contradicts_itself("mint_of_a_whole_answer", "is not a JSON pointer").await;
}

#[tokio::test]
pub(super) async fn rule_for_any_path() {
    contradicts_itself("rule_for_any_path", "`*` is not a wildcard here").await;
}

#[tokio::test]
pub(super) async fn rule_for_an_address() {
    contradicts_itself("rule_for_an_address", "a rule names a host, never an address").await;
}

#[tokio::test]
pub(super) async fn rule_for_plain_http() {
    contradicts_itself("rule_for_plain_http", "it must start with https://").await;
}

#[tokio::test]
pub(super) async fn schema_from_elsewhere() {
    contradicts_itself(
        "schema_from_elsewhere",
        "`https://evil.example/schema.json` to something that is not part of it",
    )
    .await;
}

#[tokio::test]
pub(super) async fn schema_from_a_file() {
    contradicts_itself("schema_from_a_file", "`file:///etc/passwd` to something that is not part of it").await;
}

#[tokio::test]
pub(super) async fn large_pattern() {
    contradicts_itself("large_pattern", "the pattern of ids is too large").await;
}

#[tokio::test]
pub(super) async fn control_characters_in_the_title() {
    contradicts_itself("control_characters_in_the_title", "has characters that do not print").await;
}

#[tokio::test]
pub(super) async fn more_than_its_grant() {
    is_not_granted("more_than_its_grant", &["get DELETE https://vendor.test/keys/{id}"]).await;
}

/// A setting that an operator gives may be a host; what it is granted is that of the line, and no address.
#[tokio::test]
pub(super) async fn rule_for_any_host() {
    let error = refused("rule_for_any_host", &usual()).await;
    let LoadError::Ungranted(missing) = &error else { panic!("{error:?}") };
    assert_eq!(missing.len(), 6);
    assert!(missing.iter().all(|rule| rule.to_string().contains("https://{settings.host}/")), "{error}");
}

#[tokio::test]
pub(super) async fn secret_left_out_of_a_rule() {
    let granted = "create,update POST https://vendor.test/keys mints secret_key=/secret_key
                   revoke DELETE https://vendor.test/keys/{id}
                   check,get,list GET https://vendor.test/keys/{id}";
    let error = refused("secret_left_out_of_a_rule", &Grant::rules(granted.parse().unwrap())).await;
    let LoadError::Ungranted(missing) = &error else { panic!("{error:?}") };
    assert_eq!(missing[0].to_string(), "create,update POST https://vendor.test/keys");
}

#[tokio::test]
pub(super) async fn schema_that_is_itself() {
    contradicts_itself("schema_that_is_itself", "a reference `#` to itself").await;
}

#[tokio::test]
pub(super) async fn schema_that_doubles() {
    contradicts_itself("schema_that_doubles", "expands to more than 10000 nodes").await;
}

/// Only patterns that match in linear time are taken.
#[tokio::test]
pub(super) async fn schema_with_a_slow_pattern() {
    contradicts_itself("schema_with_a_slow_pattern", "the schema of the attributes is not a JSON Schema").await;
}

/// A core module with one memory or one table, as the bytes of its section say.
fn module(section: &[u8]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0", section].concat()
}

/// A memory of one page.
const MEMORY: &[u8] = &[5, 3, 1, 0, 1];

/// A table of one function reference.
const TABLE: &[u8] = &[4, 4, 1, 0x70, 0, 1];

/// A table of two million.
const LARGE_TABLE: &[u8] = &[4, 6, 1, 0x70, 0, 0x80, 0x89, 0x7a];

/// A guest that does no harm, with so many core instances of this module more.
fn with(module: &[u8], count: u8) -> Vec<u8> {
    let mut bytes = component("userinfo");
    let modules = modules(&bytes);
    bytes.extend([1, u8::try_from(module.len()).expect("a short module")]);
    bytes.extend(module);
    for _ in 0..count {
        // An instance of it, without arguments.
        bytes.extend([2, 4, 1, 0, modules, 0]);
    }
    bytes
}

/// How many core modules a component has itself.
fn modules(bytes: &[u8]) -> u8 {
    let (mut depth, mut count) = (0, 0);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.expect("a component") {
            Payload::Version { encoding: Encoding::Component | Encoding::Module, .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ModuleSection { .. } if depth == 1 => count += 1,
            _ => {}
        }
    }
    count
}

/// It needs more than one adapter gets, and is told of what.
async fn is_too_much(module: &[u8], count: u8, limit: &str) {
    let error = match load_bytes(&with(module, count), &Grant::as_requested()).await {
        Err(LoadError::Describe(error)) => *error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it is loaded"),
    };
    assert!(matches!(error, CallError::Limit { operation: "describe", .. }), "{error:?}");
    assert!(error.to_string().contains(limit), "{error}");
}

/// Each of which could grow to the limit of one.
#[tokio::test]
async fn a_component_with_a_second_memory_is_refused() {
    is_too_much(&module(MEMORY), 1, "1 memories").await;
}

#[tokio::test]
async fn a_component_with_many_tables_is_refused() {
    is_too_much(&module(TABLE), 8, "8 tables").await;
}

#[tokio::test]
async fn a_component_with_a_large_table_is_refused() {
    is_too_much(&module(LARGE_TABLE), 1, "100000 entries of a table").await;
}

#[tokio::test]
async fn a_component_with_many_instances_is_refused() {
    is_too_much(&module(&[]), 64, "64 instances").await;
}
