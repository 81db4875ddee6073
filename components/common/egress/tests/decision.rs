//! What is allowed, what is denied, and what is sent.
#![allow(clippy::unwrap_used)]

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use keywright_egress::{
    Allowed, BindError, Denial, DenialReason, EndpointOverrides, EndpointUrl, Policy, Request, Rule, RuleSet,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const RULES: &str = "
    create  POST    https://api.{settings.region}.example.com/{settings.project}/keys
    get     GET     https://api.{settings.region}.example.com/{settings.project}/keys/{id}
    revoke  DELETE  https://api.{settings.region}.example.com/{settings.project}/keys/{id}
";

fn settings() -> Map<String, Value> {
    json!({"region": "eu-1", "project": "p"}).as_object().unwrap().clone()
}

fn bound(rules: &str) -> Policy {
    rules.parse::<RuleSet>().unwrap().bind(&settings(), &EndpointOverrides::none()).unwrap()
}

fn overridden(rules: &str, url: &str) -> Policy {
    let overrides = EndpointOverrides::all(url.parse().unwrap());
    rules.parse::<RuleSet>().unwrap().bind(&settings(), &overrides).unwrap()
}

/// A request, with its body and content type.
struct Sent {
    operation: &'static str,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Sent {
    fn new(operation: &'static str, method: Method, url: &str) -> Self {
        Self { operation, method, uri: url.parse().unwrap(), headers: HeaderMap::new(), body: Vec::new() }
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        self
    }

    fn body(mut self, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        self.body = body.as_ref().to_vec();
        self
    }

    fn form(self, body: impl AsRef<[u8]>) -> Self {
        self.body("application/x-www-form-urlencoded", body)
    }

    fn json(self, body: impl AsRef<[u8]>) -> Self {
        self.body("application/json", body)
    }

    fn request(&self) -> Request<'_> {
        let Self { operation, method, uri, headers, body } = self;
        Request { operation, method, uri, headers, body }
    }

    fn decide(&self, policy: &Policy) -> Result<Allowed, Denial> {
        policy.decide(&self.request())
    }
}

fn decide(operation: &'static str, method: Method, url: &str) -> Result<usize, Denial> {
    Sent::new(operation, method, url).decide(&bound(RULES)).map(|allowed| allowed.rule)
}

fn parts(policy: &Policy, allowed: Allowed) -> Vec<&str> {
    policy.secrets(allowed).iter().filter_map(|secret| secret.part.as_deref()).collect()
}

#[test]
fn what_a_rule_names_is_allowed() {
    assert_eq!(decide("create", Method::POST, "https://api.eu-1.example.com/p/keys"), Ok(0));
    assert_eq!(decide("get", Method::GET, "https://API.eu-1.example.com:443/p/keys/a?x=1"), Ok(1));
    assert_eq!(decide("get", Method::GET, "brokered+https://api.eu-1.example.com/p/keys/a"), Ok(1));
    assert_eq!(decide("get", Method::GET, "https://api.eu-1.example.com/%70/k%65ys/a"), Ok(1));
}

#[test]
fn what_no_rule_names_is_denied() {
    for (operation, method, url) in [
        ("get", Method::DELETE, "https://api.eu-1.example.com/p/keys/a"),
        ("list", Method::GET, "https://api.eu-1.example.com/p/keys/a"),
        ("get", Method::GET, "https://api.eu-2.example.com/p/keys/a"),
        ("get", Method::GET, "https://api.eu-1.example.com:8443/p/keys/a"),
        ("get", Method::GET, "https://api.eu-1.example.com:80/p/keys/a"),
        ("get", Method::GET, "https://api.eu-1.example.com/q/keys/a"),
        ("get", Method::GET, "https://api.eu-1.example.com/p/keys"),
        ("get", Method::GET, "https://api.eu-1.example.com/p/keys/"),
        ("get", Method::GET, "https://api.eu-1.example.com/p/keys/a/"),
        ("get", Method::GET, "https://api.eu-1.example.com/p/keys/a/b"),
        ("get", Method::GET, "https://api.eu-1.example.com/p/Keys/a"),
        ("get", Method::GET, "https://api.eu-1.example.com.evil.example/p/keys/a"),
        ("get", Method::GET, "https://api.eu-1.example.com/"),
    ] {
        assert_eq!(decide(operation, method, url).unwrap_err().reason, DenialReason::NoRule, "{url}");
    }
}

#[test]
fn what_has_two_readings_is_denied_under_all_rules() {
    for (url, reason) in [
        ("http://api.eu-1.example.com/p/keys/a", DenialReason::NotHttps),
        ("brokered+http://api.eu-1.example.com/p/keys/a", DenialReason::NotHttps),
        ("ftp://api.eu-1.example.com/p/keys/a", DenialReason::NotHttps),
        ("brokered://api.eu-1.example.com/p/keys/a", DenialReason::NotHttps),
        ("https://api.eu-1.example.com@evil.example/p/keys/a", DenialReason::Host),
        ("https://api.eu-1.example.com:/p/keys/a", DenialReason::Host),
        ("https://api.eu-1.example.com./p/keys/a", DenialReason::Host),
        ("https://api.eu-1.example.com/p/keys/..", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/%2e%2e", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a%2fb", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/%c0%ae", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/%ef%bc%8f", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/%ef%bc%8e", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a%3Bb", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a%3Fb", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a%23b", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a%5Cb", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a%0ab", DenialReason::Path),
        ("https://api.eu-1.example.com/p//keys", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a;b", DenialReason::Path),
        ("https://api.eu-1.example.com/p/keys/a?b;c", DenialReason::Query),
        ("https://api.eu-1.example.com/p/keys/a?b=%c0%ae", DenialReason::Query),
        ("https://api.eu-1.example.com/p/keys/a?&b", DenialReason::Query),
    ] {
        assert_eq!(decide("get", Method::GET, url).unwrap_err().reason, reason, "{url}");
    }
}

#[test]
fn paths_may_be_of_any_shape_that_a_rule_spells_out() {
    let policy = bound(
        "get GET https://a.example/\nget GET https://a.example/k/\nget GET https://a.example/k/{id}.json\n\
         update POST https://a.example/k/{id}:rotate\nget GET https://a.example/p/{name/}/keys",
    );
    let decide = |operation, method, path: &str| {
        Sent::new(operation, method, &format!("https://a.example{path}")).decide(&policy).map(|allowed| allowed.rule)
    };
    assert_eq!(decide("get", Method::GET, "/"), Ok(0));
    assert_eq!(decide("get", Method::GET, "/k/"), Ok(1));
    assert_eq!(decide("get", Method::GET, "/k/a.json"), Ok(2));
    assert_eq!(decide("update", Method::POST, "/k/a:rotate"), Ok(3));
    assert_eq!(decide("get", Method::GET, "/p/group%2Fproject/keys"), Ok(4));
    assert_eq!(decide("get", Method::GET, "/p/project/keys"), Ok(4));
    for path in ["/k", "/k/a", "/k/.json", "/k/a.json/", "/p//keys"] {
        assert!(decide("get", Method::GET, path).is_err(), "{path}");
    }
    assert_eq!(decide("get", Method::GET, "/k/a%2Fb.json").unwrap_err().reason, DenialReason::Path);
    assert_eq!(decide("get", Method::GET, "/p/a%2F..%2Fb/keys").unwrap_err().reason, DenialReason::Path);
}

#[test]
fn a_query_may_have_the_keys_that_its_rule_names() {
    let policy = bound(
        "list GET https://a.example/any\nlist GET https://a.example/none?\nlist GET https://a.example/some?page,token",
    );
    let decide = |path: &str| {
        let decided = Sent::new("list", Method::GET, &format!("https://a.example{path}")).decide(&policy);
        decided.map(drop).map_err(|denial| denial.reason)
    };
    for path in ["/any", "/any?page=1&x", "/none", "/none?", "/some?page=1", "/some?token=a", "/some?pag%65=1&page=2"] {
        assert_eq!(decide(path), Ok(()), "{path}");
    }
    for path in [
        "/any?token=a",
        "/any?API-KEY=a",
        "/any?_method=DELETE",
        "/any?callback=x",
        "/none?page",
        "/some?Page=1",
        "/some?x",
    ] {
        assert_eq!(decide(path), Err(DenialReason::QueryKey), "{path}");
    }
}

#[test]
fn the_query_and_the_form_of_a_request_that_mints_are_the_rules() {
    let open =
        bound("create POST https://api.example.com/keys mints t=/t\nlist POST https://api.example.com/keys/find");
    let named = bound("create POST https://api.example.com/keys?scope mints t=/t");
    for (policy, url, allowed) in [
        (&open, "https://api.example.com/keys", true),
        (&open, "https://api.example.com/keys?scope=a", false),
        (&open, "https://api.example.com/keys?envelope", false),
        (&named, "https://api.example.com/keys?scope=a", true),
        (&named, "https://api.example.com/keys?scope=a&envelope=1", false),
    ] {
        assert_eq!(Sent::new("create", Method::POST, url).decide(policy).is_ok(), allowed, "{url}");
    }
    let minting = Sent::new("create", Method::POST, "https://api.example.com/keys").decide(&open).unwrap();
    let listing = Sent::new("list", Method::POST, "https://api.example.com/keys/find?a=1").decide(&open).unwrap();
    for (accept, allowed) in [
        ("application/json", true),
        ("*/*", true),
        ("application/vnd.envelope+json", false),
        ("text/html", false),
        ("application/json, text/html;q=0.5", false),
    ] {
        assert_eq!(open.allows_accept(minting, accept.as_bytes()), allowed, "{accept}");
        assert!(open.allows_accept(listing, accept.as_bytes()), "{accept}");
    }
}

#[test]
fn what_any_rule_mints_is_minted_whoever_asks() {
    let rules = "create POST https://api.example.com/keys mints t=/t\ncheck POST https://api.example.com/{any}";
    let policy = bound(rules);
    let by_check = Sent::new("check", Method::POST, "https://api.example.com/keys").decide(&policy).unwrap();
    assert_eq!(policy.minted(by_check).len(), 1);
    let hidden = bound("check POST https://api.example.com/keys hides t=/t");
    let by_check = Sent::new("check", Method::POST, "https://api.example.com/keys").decide(&hidden).unwrap();
    assert!(hidden.minted(by_check).is_empty() && hidden.secrets(by_check).len() == 1);
}

#[test]
fn a_demanded_query_key_stands_there_once() {
    let policy = bound("get GET https://a.example/? where query Action = \"Get Key\" | {settings.region}");
    let decide = |query: &str| {
        let decided = Sent::new("get", Method::GET, &format!("https://a.example/?{query}")).decide(&policy);
        decided.map(drop).map_err(|denial| denial.reason)
    };
    for query in ["Action=Get+Key", "Action=Get%20Key", "Action=eu-1", "Acti%6Fn=eu%2d1"] {
        assert_eq!(decide(query), Ok(()), "{query}");
    }
    for (query, reason) in [
        ("", DenialReason::Demand),
        ("Action", DenialReason::Demand),
        ("Action=get%20key", DenialReason::Demand),
        ("Action=Get%2BKey", DenialReason::Demand),
        ("Action=eu-1&Action=eu-1", DenialReason::Duplicate),
        ("action=eu-1&Action=eu-1", DenialReason::QueryKey),
        ("Action=eu-1&x=1", DenialReason::QueryKey),
    ] {
        assert_eq!(decide(query), Err(reason), "{query}");
    }
}

const FORM: &str = "
    create  POST https://a.example/? where form Action = CreateKey where form Version = 2010-05-08 mints secret=xml:/R/Secret
    list    POST https://a.example/? where form Action = ListKeys where form Version = 2010-05-08
";

#[test]
fn a_form_distinguishes_operations() {
    let policy = bound(FORM);
    let send =
        |operation, body: &str| Sent::new(operation, Method::POST, "https://a.example/").form(body).decide(&policy);
    let created = send("create", "Action=CreateKey&Version=2010-05-08&UserName=a%2Bb").unwrap();
    assert_eq!((created.rule, policy.mints(created), parts(&policy, created)), (0, true, vec!["secret"]));
    let listed = send("list", "Version=2010-05-08&Action=ListKeys").unwrap();
    assert_eq!((listed.rule, policy.mints(listed), parts(&policy, listed)), (1, false, vec![]));
    for (body, reason) in [
        ("Action=CreateKey&Version=2010-05-08", DenialReason::Demand),
        ("Action=ListKeys", DenialReason::Demand),
        ("Action=ListKeys&Version=2010-05-08&Action=CreateKey", DenialReason::Duplicate),
        ("Action=ListKeys&Version=2010-05-08&action=CreateKey", DenialReason::Duplicate),
        ("Action=ListKeys;Action=CreateKey&Version=2010-05-08", DenialReason::Body),
        ("Action=ListKeys&Version=2010-05-08&x=%ff", DenialReason::Body),
        ("Action=ListKeys&Version=2010-05-08\n", DenialReason::Body),
        ("\u{feff}Action=ListKeys&Version=2010-05-08", DenialReason::Body),
        ("", DenialReason::Demand),
    ] {
        assert_eq!(send("list", body).unwrap_err().reason, reason, "{body}");
    }
    for content_type in ["", "text/plain", "application/json", "application/x-www-form-urlencoded; charset=utf-16"] {
        let request = Sent::new("list", Method::POST, "https://a.example/")
            .body(content_type, "Action=ListKeys&Version=2010-05-08");
        assert_eq!(request.decide(&policy).unwrap_err().reason, DenialReason::ContentType, "{content_type}");
    }
}

#[test]
fn a_field_that_is_demanded_of_the_body_is_not_taken_from_the_query() {
    let policy = bound(
        "list POST https://a.example/ where form Action = ListKeys\nlist POST https://a.example/j where json /type = key\n\
         list POST https://a.example/named?Action where form Action = ListKeys",
    );
    let form = |url: &str| Sent::new("list", Method::POST, url).form("Action=ListKeys").decide(&policy);
    assert!(form("https://a.example/?page=1").is_ok());
    assert!(form("https://a.example/named?Action=CreateKey").is_ok());
    for url in ["https://a.example/?Action=CreateKey", "https://a.example/?act%69on[]=CreateKey"] {
        assert_eq!(form(url).unwrap_err().reason, DenialReason::QueryKey, "{url}");
    }
    let json = Sent::new("list", Method::POST, "https://a.example/j?Type=token").json(r#"{"type": "key"}"#);
    assert_eq!(json.decide(&policy).unwrap_err().reason, DenialReason::QueryKey);
}

#[test]
fn a_secret_that_is_sent_in_the_body_is_not_taken_from_the_query() {
    let policy = bound(
        "create POST https://a.example/k sends p=form:pw\ncreate POST https://a.example/j sends p=/pw\n\
         create POST https://a.example/deep sends p=/user/pw",
    );
    let decide = |url: &str| Sent::new("create", Method::POST, url).decide(&policy);
    for url in ["https://a.example/k?page=1", "https://a.example/j", "https://a.example/deep?pw=1"] {
        assert!(decide(url).is_ok(), "{url}");
    }
    for url in ["https://a.example/k?pw=x", "https://a.example/k?P%57[]=x", "https://a.example/j?pw=x"] {
        assert_eq!(decide(url).unwrap_err().reason, DenialReason::QueryKey, "{url}");
    }
}

#[test]
fn a_json_document_distinguishes_operations() {
    let policy = bound(
        "update PATCH https://a.example/k where json /data/kind = key | token where json /data/rotate = false\n\
         regenerate PATCH https://a.example/k where json /data/rotate = true mints secret=/secret",
    );
    let send = |operation, body: &str| {
        let request = Sent::new(operation, Method::PATCH, "https://a.example/k").json(body);
        request.decide(&policy).map(|allowed| allowed.rule).map_err(|denial| denial.reason)
    };
    assert_eq!(send("update", r#"{"data": {"kind": "ke\u0079", "rotate": false}, "x": [1, {"y": null}]}"#), Ok(0));
    assert_eq!(send("regenerate", r#"{"data": {"rotate": true}}"#), Ok(1));
    for (body, reason) in [
        (r#"{"data": {"kind": "key", "rotate": true}}"#, DenialReason::Demand),
        (r#"{"data": {"kind": "key", "rotate": "false"}}"#, DenialReason::Demand),
        (r#"{"data": {"kind": "key"}}"#, DenialReason::Demand),
        (r#"{"data": {"kind": ["key"], "rotate": false}}"#, DenialReason::Demand),
        (r#"{"data": {"kind": "key", "rotate": false, "rotate": true}}"#, DenialReason::Duplicate),
        (r#"{"data": {"kind": "key", "rotate": false, "Rotate": true}}"#, DenialReason::Duplicate),
        (r#"{"data": {"rotate": true}, "data": {"kind": "key", "rotate": false}}"#, DenialReason::Duplicate),
        (r#"{"data": {"kind": "key", "rotate": false}"#, DenialReason::Body),
        ("\u{feff}{\"data\": {\"kind\": \"key\", \"rotate\": false}}", DenialReason::Body),
        ("Action=ListKeys", DenialReason::Body),
    ] {
        assert_eq!(send("update", body), Err(reason), "{body}");
    }
}

#[test]
fn a_demanded_header_stands_there_once() {
    let policy = bound("get GET https://a.example/k where header x-target = Keys.Get headers x-more");
    let send = || Sent::new("get", Method::GET, "https://a.example/k");
    let allowed = send().header("x-target", "Keys.Get").decide(&policy).unwrap();
    assert_eq!(send().decide(&policy).unwrap_err().reason, DenialReason::Demand);
    assert_eq!(send().header("x-target", "keys.get").decide(&policy).unwrap_err().reason, DenialReason::Demand);
    let twice = send().header("x-target", "Keys.Get").header("x-target", "Keys.Get");
    assert_eq!(twice.decide(&policy).unwrap_err().reason, DenialReason::Duplicate);
    for (name, may) in [
        ("x-target", true),
        ("x-more", true),
        ("accept", true),
        ("x-other", false),
        ("authorization", false),
        ("host", false),
    ] {
        assert_eq!(policy.allows_header(allowed, &HeaderName::from_static(name)), may, "{name}");
    }
}

#[test]
fn before_the_body_is_read_what_could_be_allowed_goes_on() {
    let policy = bound(&format!("{FORM}\nget GET https://a.example/k where query a = b"));
    let could = |operation, method: Method, url: &str| {
        policy.could_allow(operation, &method, &url.parse().unwrap()).map_err(|denial| denial.reason)
    };
    assert_eq!(could("list", Method::POST, "https://a.example/"), Ok(()));
    assert_eq!(could("list", Method::GET, "https://a.example/"), Err(DenialReason::NoRule));
    assert_eq!(could("list", Method::POST, "https://a.example/?x"), Err(DenialReason::QueryKey));
    assert_eq!(could("get", Method::GET, "https://a.example/k?a=b"), Ok(()));
    assert_eq!(could("get", Method::GET, "https://a.example/k?a=c"), Err(DenialReason::Demand));
}

#[test]
fn what_is_sent_is_what_was_checked_in_one_spelling() {
    let policy = bound(&format!(
        "{FORM}\nupdate PATCH https://a.example/k/{{id}} where json /a = b\nlist GET https://a.example/k/{{id}}"
    ));
    let canonical = |sent: Sent| {
        let canonical = policy.canonical(sent.decide(&policy).unwrap(), &sent.request()).unwrap();
        let body = canonical.body.map(|body| String::from_utf8(body.to_vec()).unwrap());
        (canonical.path_and_query, body)
    };
    let form =
        Sent::new("list", Method::POST, "https://a.example/").form("Version=2010-05-08&Actio%6e=ListKeys&x=a+b&y");
    assert_eq!(canonical(form), ("/".to_owned(), Some("Version=2010-05-08&Action=ListKeys&x=a%20b&y=".to_owned())));
    let json =
        Sent::new("update", Method::PATCH, "https://a.example/k/%61%2c").json(" { \"\\u0061\" : \"b\", \"n\" : 1.0 } ");
    assert_eq!(canonical(json), ("/k/a%2C".to_owned(), Some("{\"a\":\"b\",\"n\":1.0}".to_owned())));
    let get = Sent::new("list", Method::GET, "https://a.example/k/caf%c3%a9?q=a+b").body("text/plain", "{ \"a\":1 }");
    assert_eq!(canonical(get), ("/k/caf%C3%A9?q=a%20b".to_owned(), None));
}

#[test]
fn a_json_member_that_stands_twice_anywhere_is_not_sent() {
    let policy = bound("update PATCH https://a.example/k where json /a = b");
    let sent = Sent::new("update", Method::PATCH, "https://a.example/k").json(r#"{"a":"b","x":[{"y":1,"y":2}]}"#);
    let allowed = sent.decide(&policy).unwrap();
    assert_eq!(policy.canonical(allowed, &sent.request()).unwrap_err().reason, DenialReason::Duplicate);
}

#[test]
fn the_line_of_a_denial_allows_the_request_once_it_is_added() {
    let override_ = "https://127.0.0.1:8443/gateway";
    let json = || Sent::new("update", Method::PATCH, "https://a.example/j").json(r#"{"a":2,"b":"x \"y\""}"#);
    let rules = format!(
        "{RULES}{FORM}\nlist GET https://a.example/q?page as admin where query v = 1\n\
         get PATCH https://a.example/j where json /a = 1 where json /b = x where header x-a = b\n\
         list POST https://a.example/body where form f = 1"
    );
    for (url, sent) in [
        (None, Sent::new("get", Method::PUT, "https://api.eu-1.example.com/p/other/a%20b")),
        (None, Sent::new("get", Method::PUT, "https://api.eu-1.example.com/p/other/")),
        (None, Sent::new("get", Method::PUT, "https://other.example:8443/x?token=a&x=b")),
        (None, Sent::new("get", Method::PUT, "brokered+https://other.example/")),
        (None, Sent::new("list", Method::POST, "https://a.example/").form("Action=DeleteKey&Version=2010-05-08")),
        (None, Sent::new("list", Method::GET, "https://a.example/q?v=%7B2%7D&page=1&size=2&size=3")),
        (None, json().header("x-a", "c")),
        (None, Sent::new("list", Method::POST, "https://a.example/body?F=2&x=1").form("f=1")),
        (Some(override_), Sent::new("get", Method::PUT, "https://127.0.0.1:8443/gateway/p/other")),
    ] {
        let mut rules: RuleSet = rules.parse().unwrap();
        let overrides = url.map(|url| EndpointOverrides::all(url.parse().unwrap())).unwrap_or_default();
        let bind = |rules: &RuleSet| rules.bind(&settings(), &overrides).unwrap();
        let denial = sent.decide(&bind(&rules)).unwrap_err();
        let line = denial.line.clone().unwrap();
        assert!(denial.to_string().ends_with(&line));
        rules.rules.push(line.parse().unwrap());
        assert_eq!(sent.decide(&bind(&rules)).map(|allowed| allowed.rule), Ok(rules.rules.len() - 1), "{line}");
    }
}

#[test]
fn the_line_of_a_denial_demands_what_its_neighbours_demand() {
    let sent = Sent::new("list", Method::POST, "https://a.example/").form("Action=DeleteKey&Version=2010-05-08&Key=k");
    assert_eq!(
        sent.decide(&bound(FORM)).unwrap_err().line.unwrap(),
        "list POST https://a.example/? where form Action = DeleteKey where form Version = 2010-05-08"
    );
    // A line that did not would open everything at that path.
    let without = Sent::new("list", Method::POST, "https://a.example/").form("Version=2010-05-08");
    assert_eq!(without.decide(&bound(FORM)).unwrap_err().line, None);
}

#[test]
fn the_line_of_a_denial_authenticates_as_its_neighbours_do() {
    let policy = bound("get GET https://a.example/k as admin");
    let denial = Sent::new("list", Method::GET, "https://a.example/k").decide(&policy).unwrap_err();
    assert_eq!(denial.line.as_deref(), Some("list GET https://a.example/k as admin"));
}

#[test]
fn a_setting_cannot_lead_an_endpoint_elsewhere() {
    for region in ["evil.example/", "evil.example/x?", "a@evil", "a b", "", "x#", "a:1", "-", "a.", "xn--a"] {
        let settings = json!({"region": region, "project": "p"});
        let rules = RULES.parse::<RuleSet>().unwrap();
        assert!(rules.bind(settings.as_object().unwrap(), &EndpointOverrides::none()).is_err(), "{region:?}");
    }
}

#[test]
fn no_setting_makes_an_address_of_an_endpoint() {
    let rules: RuleSet = "get GET https://{settings.host}/k\nget GET https://10.0.0.{settings.host}/k".parse().unwrap();
    for host in ["127.0.0.1", "[::1]", "1", "0x7f.1", "2130706433"] {
        let settings = json!({"host": host});
        let error = rules.bind(settings.as_object().unwrap(), &EndpointOverrides::none()).unwrap_err();
        assert!(matches!(error, BindError::Origin { .. }), "{host}: {error}");
    }
}

#[test]
fn an_endpoint_that_is_overridden_is_not_reached_at_its_own_url() {
    let policy = overridden(RULES, "https://127.0.0.1:8443");
    for url in ["https://api.eu-1.example.com/p/keys/a", "https://127.0.0.1/p/keys/a", "https://10.0.0.1/p/keys/a"] {
        let denial = Sent::new("get", Method::GET, url).decide(&policy).unwrap_err();
        assert_eq!((denial.reason, denial.line), (DenialReason::NoRule, None), "{url}");
    }
}

#[test]
fn an_override_puts_its_prefix_before_every_path() {
    let policy = overridden(RULES, "http://localhost:8080/gateway");
    let decide = |url: &str| Sent::new("get", Method::GET, url).decide(&policy).map_err(|denial| denial.reason);
    for url in ["http://localhost:8080/gateway/p/keys/a", "brokered+http://LOCALHOST:8080/gatew%61y/p/keys/a"] {
        let allowed = decide(url).unwrap();
        assert_eq!(policy.origin(allowed).unwrap().to_string(), "http://localhost:8080");
    }
    for (url, reason) in [
        ("http://localhost:8080/p/keys/a", DenialReason::NoRule),
        ("https://localhost:8080/gateway/p/keys/a", DenialReason::NoRule),
        ("http://localhost/gateway/p/keys/a", DenialReason::NotHttps),
        ("http://127.0.0.1:8080/gateway/p/keys/a", DenialReason::NotHttps),
    ] {
        assert_eq!(decide(url), Err(reason), "{url}");
    }
}

#[test]
fn each_endpoint_is_overridden_by_its_name() {
    let mut rules: RuleSet =
        "get GET https://api.{settings.region}.example.com/k\nauthenticate POST https://auth.example.com/token"
            .parse()
            .unwrap();
    let endpoints = [("api", "https://api.{settings.region}.example.com"), ("auth", "https://auth.example.com")];
    for (rule, (name, _)) in rules.rules.iter_mut().zip(endpoints) {
        rule.endpoint_name = Some(name.to_owned());
    }
    let url: EndpointUrl = "https://vendor.intern/api".parse().unwrap();
    let overrides = EndpointOverrides::named(endpoints, [("api", url)]).unwrap();
    let policy = rules.bind(&settings(), &overrides).unwrap();
    assert_eq!(policy.endpoint_url("api").unwrap().to_string(), "https://vendor.intern/api");
    assert_eq!(policy.endpoint_origin("auth").unwrap().to_string(), "https://auth.example.com");
    assert_eq!(policy.endpoint_origin("other"), None);
    assert!(Sent::new("get", Method::GET, "https://vendor.intern/api/k").decide(&policy).is_ok());
    assert!(Sent::new("authenticate", Method::POST, "https://auth.example.com/token").decide(&policy).is_ok());
    let private = vec!["10.0.0.1:443".parse().unwrap()];
    assert!(policy.address_policy().vet("vendor.intern", private.clone()).is_ok());
    assert!(policy.address_policy().vet("auth.example.com", private).is_err());
}

#[test]
fn a_rule_says_how_its_request_is_authenticated_and_what_the_host_sends() {
    let policy =
        bound("verify POST https://a.example/login as login sends secret=form:password\nget GET https://a.example/k");
    let login = Sent::new("verify", Method::POST, "https://a.example/login").decide(&policy).unwrap();
    assert_eq!((policy.scheme(login), policy.sends(login).len()), (Some("login"), 1));
    let get = Sent::new("get", Method::GET, "https://a.example/k").decide(&policy).unwrap();
    assert_eq!((policy.scheme(get), policy.sends(get).len()), (None, 0));
}

fn under_grant(granted: &str, requested: &str, operation: &'static str, path: &str) -> (bool, Vec<String>) {
    let [granted, requested] = [granted, requested].map(|rules| rules.parse::<RuleSet>().unwrap());
    let policy = requested.bind_within(&granted, &Map::new(), &EndpointOverrides::none()).unwrap();
    let allowed = Sent::new(operation, Method::POST, &format!("https://a.example{path}")).decide(&policy).unwrap();
    (policy.mints(allowed), parts(&policy, allowed).into_iter().map(str::to_owned).collect())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn a_broader_rule_is_not_a_way_around_what_the_grant_hides_and_mints() {
    let granted = "create POST https://a.example/keys mints t=/t\ncreate,get POST https://a.example/{any}";
    let broad = "create,get POST https://a.example/{any}";
    assert_eq!(granted.parse::<RuleSet>().unwrap().missing(&broad.parse().unwrap()), []);
    assert_eq!(under_grant(granted, broad, "create", "/keys"), (true, names(&["t"])));
    assert_eq!(under_grant(granted, broad, "create", "/k%65ys"), (true, names(&["t"])));
    assert_eq!(under_grant(granted, broad, "create", "/other"), (false, names(&["t"])));
    assert_eq!(under_grant("", broad, "create", "/keys"), (false, vec![]));
    let elsewhere =
        "create POST https://b.example/keys mints t=/t\ncreate POST https://a.example/keys/{any} mints t=/t";
    assert_eq!(under_grant(elsewhere, "create POST https://a.example/{any}", "create", "/keys"), (false, vec![]));
}

#[test]
fn what_one_operation_hides_is_hidden_from_every_other() {
    let rules = "create POST https://a.example/keys mints t=/t\nget POST https://a.example/{any}";
    assert_eq!(under_grant("", rules, "get", "/keys"), (false, names(&["t"])));
    let granted = "list POST https://a.example/keys hides u=/u";
    assert_eq!(under_grant(granted, rules, "get", "/keys"), (false, names(&["t", "u"])));
}

#[test]
fn of_several_rules_that_match_one_that_mints_decides_and_each_hides() {
    let rules = "create POST https://a.example/{any}\n\
                 create POST https://a.example/keys mints t=/t\n\
                 create POST https://a.example/other mints v=/v";
    assert_eq!(under_grant("", rules, "create", "/keys"), (true, names(&["t"])));
    assert_eq!(under_grant("", rules, "create", "/else"), (false, names(&["t", "v"])));
}

#[test]
fn demands_that_exclude_each_other_part_rules_and_what_is_unclear_counts_as_minting() {
    let rules = "create POST https://a.example/ where form Action = Create mints t=xml:/t\n\
                 create POST https://a.example/ where form Action = List\n\
                 create POST https://a.example/ where query any = 1";
    let policy = bound(rules);
    let send = |query: &str, body: &str| {
        let url = format!("https://a.example/{query}");
        let allowed = Sent::new("create", Method::POST, &url).form(body).decide(&policy).unwrap();
        (allowed.rule, policy.mints(allowed), parts(&policy, allowed).len())
    };
    assert_eq!(send("", "Action=Create"), (0, true, 1));
    assert_eq!(send("", "Action=List"), (1, false, 0));
    assert_eq!(send("?any=1", "Action=Other"), (2, false, 1));
    assert_eq!(send("?any=1", "Action=Create&Action=List"), (2, true, 1));
    assert_eq!(send("?any=1", "action=Create"), (2, true, 1));
    assert_eq!(send("?any=1", "Action=Create;"), (2, true, 1));
}

#[test]
fn a_denial_shows_no_query_and_no_password_and_writes_nothing_strange_to_a_terminal() {
    for url in [
        "https://api.eu-1.example.com/other?token=hunter2",
        "https://user:hunter2@api.eu-1.example.com/other",
        "https://hunter2@api.eu-1.example.com",
        "https://api.eu-1.example.com/\u{202e}\u{9b}?hunter2",
    ] {
        let denial = decide("get", Method::GET, url).unwrap_err();
        let text = format!("{denial:?} {denial}");
        assert!(!text.contains("hunter2") && text.is_ascii(), "{text}");
    }
}

#[test]
fn a_line_that_is_too_long_to_paste_is_not_offered() {
    let url = format!("https://api.eu-1.example.com/{}", "a".repeat(5000));
    let denial = decide("get", Method::GET, &url).unwrap_err();
    assert_eq!(denial.line, None);
    assert!(denial.to_string().len() < 1000);
}

#[test]
fn a_denial_of_minting_says_what_is_the_matter() {
    let (policy, url) = (bound(RULES), "https://api.eu-1.example.com/p/keys".parse().unwrap());
    let again = policy.deny_again("create", &Method::POST, &url);
    assert!(again.to_string().ends_with("it makes a secret, and one call may send it once"), "{again}");
    let minting = policy.deny_minting("create", &Method::POST, &url);
    assert!(minting.to_string().ends_with("it makes a secret, and this call may not make one"), "{minting}");
}

proptest! {
    #[test]
    fn what_is_allowed_is_on_the_origin_and_has_the_segments_of_its_rule(
        host in "[a-zA-Z0-9.@:%-]{0,30}",
        path in "[a-z0-9./%;?#\\\\-]{0,30}",
        near in prop::bool::ANY,
    ) {
        let url = if near { format!("https://api.eu-1.example.com/p/keys/{path}") } else { format!("https://{host}/{path}") };
        if let Ok(uri) = url.parse::<Uri>()
            && decide("get", Method::GET, &url).is_ok()
        {
            let host = uri.host().unwrap_or_default();
            prop_assert!(host.eq_ignore_ascii_case("api.eu-1.example.com"), "{}", host);
            prop_assert!(matches!(uri.port_u16(), None | Some(443)));
            prop_assert_eq!(uri.path().split('/').count(), 4);
        }
    }

    /// What is sent of an allowed request is allowed by the same rule, and is its own canonical form.
    #[test]
    fn the_canonical_form_of_a_request_is_allowed_as_it_was(
        path in "([a-zé]|%[2-7][0-9a-fA-F]|%C3%A9|[.@:,+]){1,6}",
        query in "([a-c=&+,]|%2[0-9a-f]|%C3%A9){0,10}",
        body in "Action=([a-b+]|%2[0-9a-f]){0,3}(&[a-c]=([a-c]|%C3%A9|%26){0,3}){0,3}",
    ) {
        let policy = bound("create POST https://a.example/{id} where form Action = a | b | ab | \"a b\" | a,b");
        let Ok(uri) = format!("https://a.example/{path}?{query}").parse::<Uri>() else { return Ok(()) };
        let sent = Sent { uri, ..Sent::new("create", Method::POST, "https://a.example/").form(&body) };
        let Ok(allowed) = sent.decide(&policy) else { return Ok(()) };
        let canonical = policy.canonical(allowed, &sent.request()).unwrap();
        let url = format!("https://a.example{}", canonical.path_and_query);
        let again = Sent::new("create", Method::POST, &url).form(canonical.body.as_ref().unwrap());
        prop_assert_eq!(again.decide(&policy), Ok(allowed));
        prop_assert_eq!(policy.canonical(allowed, &again.request()), Ok(canonical));
    }
}

#[test]
fn a_rule_for_every_kind_of_request_can_be_written() {
    for line in [
        "create POST https://a.example/ where form Action = CreateKey mints k=xml:/R/K",
        "verify GET https://a.example/users('{id}')/keys?$filter as admin",
    ] {
        assert_eq!(line.parse::<Rule>().unwrap().to_string(), line);
    }
}
