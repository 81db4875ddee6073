//! The checks of the fuzz targets, over fixed sets of texts, and the readings of URLs that people confuse.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets use it too")]
mod checks;

const CASES: u32 = 10_000;

/// Runs a check on as many texts, the same each time, and returns for how many of them it was true.
fn count(text: impl Strategy<Value = String>, check: impl Fn(&str) -> bool) -> u32 {
    let config = ProptestConfig {
        cases: CASES,
        rng_seed: RngSeed::Fixed(20),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let count = Cell::new(0);
    let run = TestRunner::new(config).run(&text, |text| {
        count.set(count.get() + u32::from(check(&text)));
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    count.get()
}

fn one_of(parts: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::select(parts.to_vec()).prop_map(str::to_owned)
}

/// Mostly the first, and now and then one of the others.
fn mostly(first: &'static str, others: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop_oneof![3 => Just(first.to_owned()), 1 => one_of(others)]
}

fn hosts() -> impl Strategy<Value = String> {
    prop_oneof![
        one_of(&[
            "api.example.com",
            "API.Example.COM",
            "api.example.com.",
            "api.example.com..",
            ".api.example.com",
            "api..example.com",
            "a_b.example.com",
            "-a.example.com",
            "a-.example.com",
            "a--b.example.com",
            "xn--exmple-cua.com",
            "xn--a",
            "XN--80ak6aa92e.com",
            "xn--.com",
            "ex\u{e4}mple.com",
            "ex\u{ad}ample.com",
            "\u{ff41}pi.example.com",
            "api\u{3002}example\u{3002}com",
            "%61pi.example.com",
            "api.example.com%2eevil.example",
            "api.example.com%00",
            "api%20.example.com",
            "localhost",
            "",
            " ",
            "*",
            "*.example.com",
            "api.example.com,evil.example",
            "api.example.com;evil.example",
            "api.example.com\\evil.example",
            "api.example.com\u{2215}evil.example",
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "017700000001",
            "0177.0.0.1",
            "0x7f000001",
            "0x7f.0.0.1",
            "0X7F.1",
            "127.0.0.0x1",
            "127.0.0.01",
            "127.0.0.256",
            "127.0.0.1.",
            "1.2.3.4.5",
            "1.2.3.4.example",
            "1.2.3.0x",
            "example.0x1g",
            "example.123",
            "4294967296",
            "[::1]",
            "[::0001]",
            "[0:0:0:0:0:0:0:1]",
            "[2A00::1]",
            "[2a00:0:0:1:0:0:0:1]",
            "[2a00:1:0:1:1:1:1:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[fe80::1%25eth0]",
            "[fe80::1%eth0]",
            "[v1.x]",
            "[::1",
            "::1",
            "[]",
            "[127.0.0.1]",
            "[::1].example.com",
        ]),
        "[a-z0-9.-]{1,12}",
        "[0-9a-fx.]{1,12}",
        "\\[[0-9a-f:.]{2,20}\\]",
        "([a-z0-9][a-z0-9-]{0,5}\\.){0,3}[a-z]{1,4}",
    ]
}

fn confusing_urls() -> impl Strategy<Value = String> {
    let scheme = mostly(
        "https://",
        &[
            "brokered+https://",
            "brokered+http://",
            "http://",
            "HTTPS://",
            "https:/",
            "https:",
            "//",
            "",
            "ftp://",
            "https:\\\\",
        ],
    );
    let user =
        mostly("", &["user@", "user:password@", "api.example.com@", "@", "api.example.com:443@", "%40@", "a@b@"]);
    let port = mostly("", &[":443", ":", ":0", ":0443", ":65535", ":65536", ":8443", ":+1", ":-1", ":a", ":443:443"]);
    let segment = mostly(
        "/keys",
        &[
            "/",
            "//",
            "/.",
            "/..",
            "/...",
            "/%2e",
            "/%2E%2e",
            "/.%2e",
            "/a%2fb",
            "/a%5Cb",
            "/a\\b",
            "/%252e",
            "/a;b",
            "/a%00",
            "/a%",
            "/a%2",
            "/a%zz",
            "/a%20b",
            "/caf%c3%A9",
            "/caf\u{e9}",
            "/a\tb",
            "/a\nb",
            "/a b",
            "/a,b",
            "/a:b",
            "/jo@example.com",
            "/a|b",
            "/a{b}",
            "/group%2Fproject",
            "/%c0%ae",
            "/%ef%bc%8f",
            "/%61%2C",
            "/",
            "/\"",
            "/'",
            "/^",
            "/`",
            "/~!$&()*+=",
            "/https://evil.example/",
            "\\",
            "",
        ],
    );
    let tail = mostly(
        "",
        &[
            "?",
            "?a=b",
            "?a=/../b",
            "?a+b=%2b&c",
            "?token=a&x[]=1",
            "?a;b",
            "?&",
            "#",
            "#a",
            "#/../",
            "?a#b",
            "#?a",
            "\t",
            "\n",
            " ",
            "?\u{e9}",
        ],
    );
    (scheme, user, hosts(), port, prop::collection::vec(segment, 1..4), tail).prop_map(
        |(scheme, user, host, port, segments, tail)| format!("{scheme}{user}{host}{port}{}{tail}", segments.concat()),
    )
}

#[test]
fn confusing_urls_that_are_allowed_are_read_alike_by_all() {
    let allowed = count(confusing_urls(), checks::url);
    assert!((CASES / 50..CASES / 2).contains(&allowed), "{allowed} of {CASES} were allowed");
}

#[test]
fn a_path_that_is_allowed_leads_to_the_host_it_was_asked_of() {
    let absolute = one_of(&["", "/", "//evil.example", "https://evil.example", "@evil.example", ":8443", "*", "\\"]);
    let path = (absolute, "[a-z0-9./%?#:@;\\\\-]{0,12}").prop_map(|(start, rest)| start + &rest);
    assert!(count(path, checks::path) > CASES / 50);
}

/// No strictness costs anyone a URL of the kind that vendors have.
#[test]
fn every_plain_url_can_be_allowed() {
    let plain = "https://([a-zA-Z0-9]([a-zA-Z0-9_]{0,8}[a-zA-Z0-9])?\\.){1,3}(com|io|example|cloud)(:(443|8443|65535))?\
                 (/[a-zA-Z0-9._~!$&'()+,=:@-]{0,12}[a-zA-Z0-9]){1,5}(\\?[a-z]+=([a-z0-9]|%20|[+])*)?";
    assert_eq!(count(plain, checks::url), CASES);
}

#[test]
fn every_address_in_its_one_spelling_can_be_an_endpoint_override() {
    use std::net::{Ipv4Addr, Ipv6Addr};
    let ipv4 = any::<u32>().prop_map(|bits| Ipv4Addr::from_bits(bits).to_string());
    // With zeros among the groups, which is where spellings part.
    let groups = prop::array::uniform8(prop_oneof![2 => Just(0_u16), 1 => 1..=u16::MAX]);
    let ipv6 = groups
        .prop_map(Ipv6Addr::from)
        .prop_filter("an IPv4 address is named as one", |address| address.to_ipv4_mapped().is_none())
        .prop_map(|address| format!("[{address}]"));
    let url = prop_oneof![ipv4, ipv6].prop_map(|host| format!("https://{host}:8443/keys"));
    assert_eq!(count(url, checks::url), CASES);
}

#[test]
fn any_text_at_all_can_be_read_as_a_url() {
    count(".{0,40}", checks::url);
    count("https://.{0,40}", checks::url);
}

fn rule_texts() -> impl Strategy<Value = String> {
    let operations = mostly(
        "get",
        &[
            "create",
            "create,update",
            "get,list",
            "get , list",
            "get,",
            ",get",
            "Get",
            "get list",
            "",
            "set-enabled",
            "#",
        ],
    );
    let gap = || mostly(" ", &["  ", "\t", "\u{a0}", "", ",", "\r", " # "]);
    let method = mostly("GET", &["DELETE", "get", "TRACE", "CONNECT", "*", "GET,POST", ""]);
    let endpoint = mostly(
        "https://api.example.com",
        &[
            "http://api.example.com",
            "https://API.example.com:443",
            "https://api.example.com:8443",
            "https://{settings.a}.example.com",
            "https://{settings.a?}.example.com",
            "https://{parts.a}.example.com",
            "https://{{a}}.example.com",
            "https://a.{{b",
            "https://a.b}}",
            "https://a.{settings.a",
            "https://{a}.example.com",
            "https://10.0.0.1",
            "https://[::1]",
            "https://u@example.com",
            "https://",
        ],
    );
    let segment = prop_oneof![
        mostly(
            "/keys",
            &[
                "/{id}",
                "/{settings.a}",
                "/{settings.a?}",
                "/x{settings.a?}",
                "/{parts.a}",
                "/{{a}}",
                "/..",
                "/",
                "/%2e",
                "/a#b",
                "/a,b",
                "/ , ",
                "/*",
                "/**",
                "/a{id}",
                "/{id}.json",
                "/{id/}",
                "/x'{id}'",
                "?",
                "?a",
                "?a,b[c]",
                "?a,,b",
                "/{id",
                "/id}",
            ]
        ),
        "/[a-z0-9{}.%,#*?-]{0,8}",
    ];
    let clause = prop_oneof![
        one_of(&[
            " as admin",
            " as Admin",
            " where query a = b",
            " where query %61 = \"b c\" | {settings.x?}",
            " where form Action = {{ | \"#\"",
            " where form Action =",
            " where json /a~1b = true | \"true\" | 1.0",
            " where json /a/* = 1",
            " where header x-a = \"b c\"",
            " where header host = a",
            " where cookie a = b",
            " headers x-a , X-B",
            " headers x_a",
            " sends p=/a base64",
            " sends settings.p=header:x-a",
            " sends p=xml:/a",
            " mints",
            " mints t=/a/*/b after \"#\" base64",
            " mints t=json:/a#/b",
            " hides xml:/R/*/S",
            " hides t=form:a%2Cb after _$",
            " hides text=text",
            " hides header:X-T after a",
        ]),
        " [a-z\"{}=|#/:*~ -]{0,10}",
    ];
    let clauses = prop::collection::vec(clause, 0..3).prop_map(|clauses| clauses.concat());
    let clauses = prop_oneof![1 => Just(String::new()), 1 => clauses];
    let tail = mostly("", &["\n", " # comment", "#", " once", "\r\n", "\u{2028}"]);
    let segments = prop::collection::vec(segment, 1..3);
    let rule = (operations, gap(), method, gap(), endpoint, segments, clauses, tail).prop_map(
        |(operations, gap, method, second, endpoint, segments, clauses, tail)| {
            format!("{operations}{gap}{method}{second}{endpoint}{}{clauses}{tail}", segments.concat())
        },
    );
    prop::collection::vec(rule, 1..3).prop_map(|rules| rules.join("\n"))
}

#[test]
fn what_is_read_as_rules_is_written_as_the_same_rules() {
    let read = count(rule_texts(), checks::rules);
    assert!((CASES / 50..CASES / 2).contains(&read), "{read} of {CASES} were rules");
}

#[test]
fn any_text_at_all_can_be_read_as_rules() {
    count(".{0,60}", checks::rules);
    count("get GET https://[a-z.{}]{1,10}/.{0,30}", checks::rules);
}

fn forms() -> impl Strategy<Value = String> {
    let name = mostly("name", &["n%61me", "Name", "name[]", "na_me", "name%", "", "other", "\u{feff}name"]);
    let value = mostly("value", &["v%61lue", "value+", "", "a=b", "%ff", "%00", "\u{e9}", "value;name=x"]);
    let other = one_of(&["other=1", "a+b=%26", "x", "=", "", "name2=value", "%c0%ae=1"]);
    let field = (name, value).prop_map(|(name, value)| format!("{name}={value}"));
    prop::collection::vec(prop_oneof![1 => field, 1 => other], 1..4).prop_map(|fields| fields.join("&"))
}

#[test]
fn a_form_that_is_let_through_is_read_alike_by_all() {
    let allowed = count(forms(), |form| checks::form(form.as_bytes()));
    assert!((CASES / 50..CASES / 2).contains(&allowed), "{allowed} of {CASES} were allowed");
    count(".{0,40}", |form| checks::form(form.as_bytes()));
    count("name=value&.{0,30}", |form| checks::form(form.as_bytes()));
}

fn documents() -> impl Strategy<Value = String> {
    let key = |name: &'static str, others: &[&'static str]| mostly(name, others);
    let value = mostly(
        "\"value\"",
        &["\"v\\u0061lue\"", "1", "null", "\"\"", "[\"value\"]", "{}", "1e999", "01", "\"\\ud800\""],
    );
    let member = (key("\"name\"", &["\"n\\u0061me\"", "\"Name\"", "\"other\"", "name"]), value)
        .prop_map(|(key, value)| format!("{key}: {value}"));
    let inner = prop::collection::vec(member, 1..3).prop_map(|members| format!("{{{}}}", members.join(",")));
    let outer =
        (key("\"a\"", &["\"A\"", "\"b\"", "\"\\u0061\""]), inner).prop_map(|(key, value)| format!("{key}:{value}"));
    let end = mostly("", &["\n", "x", "{}", "\u{a0}", ","]);
    (mostly("", &["\u{feff}", " ", "\u{b}"]), prop::collection::vec(outer, 1..3), end)
        .prop_map(|(start, members, end)| format!("{start}{{{}}}{end}", members.join(" , ")))
}

#[test]
fn a_document_that_is_let_through_is_read_alike_by_all() {
    let allowed = count(documents(), |document| checks::json(document.as_bytes()));
    assert!((CASES / 50..CASES / 2).contains(&allowed), "{allowed} of {CASES} were allowed");
    count(".{0,40}", |document| checks::json(document.as_bytes()));
    count("\\{\"a\":\\{\"name\":\"value\".{0,12}\\}\\}", |document| checks::json(document.as_bytes()));
}
