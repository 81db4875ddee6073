//! The lines of rules: what is read, what is refused, and how it is written.
#![allow(clippy::panic, clippy::unwrap_used)]

use http::{HeaderName, Method};
use keywright_egress::{
    AnswerLocation, BodyLocation, Demand, DemandLocation, DemandValue, JsonPointer, Placement, Rule, RuleError,
    RuleSet, SecretLocation, SecretSource,
};
use proptest::prelude::*;
use proptest::sample::select;

#[test]
fn a_rule_writes_itself_as_it_was_read() {
    for line in [
        "create POST https://api.example.com/v1/keys",
        "get,verify GET https://api.{settings.region}.example.com:8443/{settings.project}/keys/{id}",
        "get GET https://a.example/",
        "get GET https://a.example/k/{id/}?",
        "get GET https://a.example/k{settings.a?}/?page,filter[a%2Cb],$top",
        "get GET https://a.example/k as admin-token",
        "get POST https://a.example/ where form Action = ListKeys | GetKey where form Version = 2010-05-08",
        r#"get POST https://a.example/ where query a%20b = "a b | c # \"d\" \u00e9{settings.x?}{{" where header x-a = {settings.a}"#,
        r#"get PUT https://a.example/ where json /a~1b = true | "true" | null | -1.5e3 | "2" | 2.0.0 | "" | True"#,
        "get PUT https://a.example/k headers x-a,if-unmodified-since sends token=/a/b sends settings.pin=header:x-a base64",
        "create POST https://a.example/k mints",
        "create,update,set-enabled,regenerate POST https://a.example/k mints id=/key/0/id mints token=/b~1c after $_ base64",
        "create POST https://a.example/k mints /other mints token=xml:/R/*/Secret after \"#\"",
        "get GET https://a.example/k hides token=json:/body#/a/*/b hides header:x-token hides text",
    ] {
        assert_eq!(line.parse::<Rule>().unwrap().to_string(), line);
    }
}

#[test]
fn a_set_may_be_laid_out_and_commented() {
    let set: RuleSet = "# keys\n\n get , verify   GET  https://a.example/k/{id}  # one\n".parse().unwrap();
    assert_eq!(set.to_string(), "get,verify GET https://a.example/k/{id}\n");
}

#[test]
fn an_error_names_its_line() {
    for (text, says) in [
        ("get GET", "line 1: a rule is"),
        ("get \"GET\" https://a.example/k", "a rule is"),
        ("\nget get https://a.example/k", "line 2: `get` is not a method"),
        ("get TRACE https://a.example/k", "`TRACE` is not a method"),
        ("Get GET https://a.example/k", "`Get` is not the name of an operation"),
        ("get GET http://a.example/k", "must start with https://"),
        ("get GET https://u@a.example/k", "plain host name"),
        ("get GET https://a.example/k/../x", "`..` is not a path segment"),
        ("get GET https://a.{region}.example/k", "settings.NAME"),
        ("get GET https://a.example/k?x=1", "`x=1` is not the name of a query key"),
        ("get GET https://a.example/k?a,,b", "`` is not the name of a query key"),
        ("get GET https://a.example/k?a?b", "is not the name of a query key"),
        ("get GET https://a.example/k?a,a", "`a` stands in the rule twice"),
        ("get GET https://a.example/k#x", "is not a path segment"),
        ("get GET https://a.example/k , /x", "`,` is not a clause"),
        ("get,get GET https://a.example/k", "`get` stands in the rule twice"),
        ("get GET https://a.example/k\u{a0}#", "is not a path segment"),
        ("get GET https://{parts.secret}.example/k", "is not an endpoint"),
        ("get GET https://a.example/{parts.secret}", "is not a path segment"),
        ("get GET https://a.{{b/k", "plain host name"),
        ("get GET https://a.{{b}}/k", "plain host name"),
        ("get GET https://10.0.0.1/k", "a rule names a host, never an address"),
        ("get GET https://[::1]/k", "a rule names a host, never an address"),
        ("get GET https://2130706433/k", "plain host name"),
        ("get GET https://*.example/k", "plain host name"),
    ] {
        let message = text.parse::<RuleSet>().unwrap_err().to_string();
        assert!(message.contains(says), "{text}: {message}");
    }
}

#[test]
fn a_word_that_is_not_known_is_an_error() {
    const RULE: &str = "get GET https://a.example/k";
    for text in [
        format!("{RULE} once"),
        format!("{RULE} timeout=3"),
        format!("allow {RULE}"),
        format!("deny: {RULE}"),
        format!("{RULE},https://b.example/k"),
        format!("{RULE} get GET https://b.example/k"),
        format!("{RULE}\rget GET https://b.example/k"),
        format!("[rules]\n{RULE}"),
        "get verify GET https://a.example/k".to_owned(),
        "get, GET https://a.example/k".to_owned(),
        "get,,verify GET https://a.example/k".to_owned(),
        "* GET https://a.example/k".to_owned(),
        "get * https://a.example/k".to_owned(),
        "get GET,POST https://a.example/k".to_owned(),
        "get GET https://a.example/*".to_owned(),
        "get GET https://a.example/k/**".to_owned(),
        "get GET https://a.example:80-90/k".to_owned(),
        "get GET https://a.example:{settings.port}/k".to_owned(),
        "get GET https://a.example".to_owned(),
        "get GET https://a.example?x".to_owned(),
        "get GET //a.example/k".to_owned(),
    ] {
        match text.parse::<RuleSet>() {
            Ok(rules) => panic!("{text:?} was read as {rules}"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn clauses_may_stand_in_any_order() {
    let line = "create POST https://a.example/k?b mints token=/t base64 after _ headers X-A , X-B mints sends p=header:x-a \
                where json /a = \"b\" as admin";
    let normal = "create POST https://a.example/k?b as admin where json /a = b headers x-a,x-b sends p=header:x-a \
                  mints token=/t after _ base64";
    assert_eq!(line.parse::<Rule>().unwrap().to_string(), normal);
}

#[test]
fn each_clause_that_is_malformed_is_named() {
    for (clauses, says) in [
        ("as", "the clause `as` is not complete"),
        ("as Admin", "`Admin` is not the name of an authentication scheme"),
        ("as 1a", "`1a` is not the name of an authentication scheme"),
        ("as a as b", "`as` stands in the rule twice"),
        ("where", "the clause `where` is not complete"),
        ("where cookie a = b", "`cookie` is not a location that a rule can demand"),
        ("where query", "`where` is not complete"),
        ("where query a", "`where` is not complete"),
        ("where query a b", "`where` is not complete"),
        ("where query a =", "`where` is not complete"),
        ("where query a = b |", "`where` is not complete"),
        ("where query a = | b", "`|` is not a value"),
        ("where query a = b|c", "`b|c` is not a value"),
        ("where query a = b c", "`c` is not a clause"),
        ("where query a = b | b", "stands in the rule twice"),
        ("where query a=b = c", "`a=b` is not the name of a query key"),
        ("where query \"a\" = c", "`a` is not the name of a query key"),
        ("where query a = {parts.token}", "`{parts.token}` is not a value"),
        ("where query a = {token}", "is not a placeholder"),
        ("where query a = \"b", "is not a JSON string"),
        ("where query a = b where query A = c", "stands in the rule twice"),
        ("where form a_b = b where form a-b = c", "stands in the rule twice"),
        ("where json a = b", "`a` is not a JSON pointer"),
        ("where json /a/* = b", "`/a/*` means several places"),
        ("where json /a = b where json /A = c", "stands in the rule twice"),
        ("where json /a = b where form a = c", "a body cannot be a form and JSON at once"),
        ("where header a(b = c", "`a(b` is not the name of a header"),
        ("where header authorization = c", "no rule can let an adapter set the header `authorization`"),
        ("where header x-a = \"\\u00e9\"", "is not a value"),
        ("headers", "the clause `headers` is not complete"),
        ("headers x-a,", "`` is not the name of a header"),
        ("headers x-a headers x-b", "`headers` stands in the rule twice"),
        ("headers x-a,X-A", "`x-a` stands in the rule twice"),
        ("headers Host", "no rule can let an adapter set the header `host`"),
        ("headers x_a", "no rule can let an adapter set the header `x_a`"),
        ("sends", "the clause `sends` is not complete"),
        ("sends /a", "`/a` does not say where a request sends a secret"),
        ("sends token=header:x-a", "the header `x-a`, in which a secret is sent"),
        ("sends token=/a sends pin=/a", "`pin=/a` stands in the rule twice"),
        ("sends token=/a base64 base64", "`base64` is not a clause"),
        ("mints mints", "`mints` stands in the rule twice"),
        ("mints token", "`token` does not say where an answer holds a secret"),
        ("mints token=/a after", "the clause `after` is not complete"),
        ("mints token=/a after a", "`a` cannot end a public prefix"),
        ("mints token=/a after \"\"", "`` cannot end a public prefix"),
        ("mints token=/a after $ after _", "`after` stands in the rule twice"),
        ("mints token=/a base64 base64", "`base64` stands in the rule twice"),
        ("mints token=/a mints pin=/a", "`pin=/a` stands in the rule twice"),
        ("mints token=/a hides /b", "a rule that mints writes all its secrets with `mints`"),
        ("hides /b mints", "a rule that mints writes all its secrets with `mints`"),
        ("hides", "the clause `hides` is not complete"),
        ("hides mints", "the clause `hides` is not complete"),
        ("hides token=", "`token=` does not say where an answer holds a secret"),
        ("after $", "`after` is not a clause"),
        ("base64", "`base64` is not a clause"),
        ("mint token=/a", "`mint` is not a clause"),
        ("\"mints\"", "`mints` is not a clause"),
    ] {
        let message = format!("create POST https://a.example/k {clauses}").parse::<Rule>().unwrap_err().to_string();
        assert!(message.contains(says), "{clauses}: {message}");
    }
}

#[test]
fn only_operations_that_make_secrets_mint() {
    for operation in ["check", "get", "list", "verify", "revoke", "authenticate", "create,get"] {
        let error = format!("{operation} POST https://a.example/k mints").parse::<Rule>().unwrap_err();
        assert!(matches!(error, RuleError::MintingOperation(_)), "{operation}: {error}");
    }
}

#[test]
fn fields_that_no_line_could_say_are_refused() {
    let valid: Rule = "create POST https://a.example/k where query a = b mints token=/a".parse().unwrap();
    let change = |change: fn(&mut Rule)| {
        let mut rule = valid.clone();
        change(&mut rule);
        rule.validate()
    };
    assert_eq!(change(|_| {}), Ok(()));
    for change in [
        change(|rule| rule.operations.clear()),
        change(|rule| rule.operations = vec!["a b".to_owned()]),
        change(|rule| rule.method = Method::TRACE),
        change(|rule| rule.endpoint = "https://a.example/k".parse().unwrap()),
        change(|rule| rule.query_keys = Some(vec![String::new()])),
        change(|rule| rule.scheme = Some("a b".to_owned())),
        change(|rule| rule.demands[0].values.clear()),
        change(|rule| rule.demands[0].values = vec![DemandValue::Null]),
        change(|rule| rule.demands[0].location = DemandLocation::Query("\n".to_owned())),
        change(|rule| rule.secrets[0].part = Some("a b".to_owned())),
        change(|rule| rule.secrets[0].public_prefix_ends_with = "a".to_owned()),
    ] {
        assert!(change.is_err());
    }
}

#[test]
fn the_name_of_its_endpoint_does_not_make_another_rule() {
    let rule: Rule = "get GET https://a.example/k".parse().unwrap();
    assert_eq!(Rule { endpoint_name: Some("api".to_owned()), ..rule.clone() }, rule);
}

#[test]
fn one_endpoint_has_one_spelling() {
    let rule: Rule = "get GET https://API.{settings.region}.Example.com:443/K".parse().unwrap();
    assert_eq!(rule.to_string(), "get GET https://api.{settings.region}.example.com/K");
}

fn pointer() -> impl Strategy<Value = JsonPointer> {
    "(/([a-z0-9=@.$-]|~[0-3]){0,4}){1,3}".prop_map(|text| text.parse().unwrap())
}

fn header() -> impl Strategy<Value = HeaderName> {
    select(vec!["x-a", "x-b", "accept"]).prop_map(HeaderName::from_static)
}

fn key() -> impl Strategy<Value = String> {
    "\\PC{1,6}"
}

fn text() -> impl Strategy<Value = DemandValue> {
    let text = prop_oneof![
        any::<String>(),
        "[a-z |#\"\\\\{}=]{0,6}",
        "true|false|null|-?[0-9]{1,3}(\\.[0-9])?(e[0-9])?|as|where|mints|after"
    ];
    (text, any::<bool>()).prop_map(|(text, setting)| {
        let template = text.replace('{', "{{").replace('}', "}}");
        DemandValue::text(&(if setting { format!("{template}{{settings.x?}}") } else { template })).unwrap()
    })
}

fn demand() -> impl Strategy<Value = Demand> {
    let literal = prop_oneof![
        any::<i64>().prop_map(|number| DemandValue::Number(number.to_string())),
        any::<bool>().prop_map(DemandValue::Bool),
        Just(DemandValue::Null),
    ];
    let values = |value: BoxedStrategy<DemandValue>| prop::collection::vec(value, 1..3);
    prop_oneof![
        (key().prop_map(DemandLocation::Query), values(text().boxed())),
        (key().prop_map(DemandLocation::Form), values(text().boxed())),
        (
            header().prop_map(DemandLocation::Header),
            values("[ -z~]{0,6}".prop_map(|text| DemandValue::text(&text).unwrap()).boxed())
        ),
        (pointer().prop_map(DemandLocation::Json), values(prop_oneof![text(), literal].boxed())),
    ]
    .prop_map(|(location, values)| Demand { location, values })
}

fn placement() -> impl Strategy<Value = Placement> {
    let source = prop_oneof![
        "[a-z0-9_]{1,4}".prop_map(SecretSource::Part),
        "[a-z][a-z0-9_]{0,3}".prop_map(SecretSource::Setting),
    ];
    let location = prop_oneof![
        pointer().prop_map(BodyLocation::Json),
        key().prop_map(BodyLocation::Form),
        header().prop_map(BodyLocation::Header),
        Just(BodyLocation::Text),
    ];
    (source, location, any::<bool>()).prop_map(|(source, location, base64)| Placement { source, location, base64 })
}

fn secret() -> impl Strategy<Value = SecretLocation> {
    let wild = "(/(\\*|[a-z]{0,3})){1,3}".prop_map(|text| text.parse::<JsonPointer>().unwrap());
    let location = prop_oneof![
        wild.prop_map(AnswerLocation::Json),
        (pointer(), pointer()).prop_map(|(outer, inner)| AnswerLocation::EmbeddedJson { outer, inner }),
        "(/(\\*|[A-Za-z_][A-Za-z0-9_.-]{0,3})){1,3}".prop_map(|text| AnswerLocation::Xml(text.parse().unwrap())),
        key().prop_map(AnswerLocation::Form),
        header().prop_map(AnswerLocation::Header),
        Just(AnswerLocation::Text),
    ];
    let separators = prop_oneof![Just(String::new()), "[!-/:-@\\[-`{-~]"];
    let part = proptest::option::of("[a-z0-9_]{1,4}|text");
    (part, location, separators, any::<bool>()).prop_map(|(part, location, public_prefix_ends_with, base64)| {
        SecretLocation { part, location, public_prefix_ends_with, base64 }
    })
}

proptest! {
    #[test]
    fn any_rule_writes_itself_as_a_line_that_is_read_as_the_same_rule(
        keys in proptest::option::of(prop::collection::vec(key(), 0..3)),
        scheme in proptest::option::of("[a-z][a-z0-9-]{0,4}|as|where"),
        demands in prop::collection::vec(demand(), 0..3),
        headers in prop::collection::vec(header(), 0..3),
        sends in prop::collection::vec(placement(), 0..2),
        secrets in prop::collection::vec(secret(), 0..3),
        mints: bool,
    ) {
        let rule = Rule::new(["create", "update"], "POST", "https://a.example/k").unwrap();
        let rule = Rule { query_keys: keys, scheme, demands, headers, sends, mints, secrets, ..rule };
        let line = rule.to_string();
        match rule.validate() {
            Ok(()) => {
                prop_assert!(line.is_ascii());
                prop_assert_eq!(line.parse::<Rule>(), Ok(rule.clone()));
                let set = RuleSet::from_iter([rule.clone(), rule]);
                prop_assert_eq!(set.to_string().parse(), Ok(set));
            }
            // What is not a rule is not read as one either.
            Err(_) => prop_assert_ne!(line.parse::<Rule>(), Ok(rule)),
        }
    }
}
