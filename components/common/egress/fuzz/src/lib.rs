//! What holds for any text: for `cargo fuzz`, and for the short runs of `cargo test`.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, Uri};
use keywright_egress::{
    Denial, EndpointOverrides, EndpointUrl, Origin, PathTemplate, Policy, Question, Request, Rule, RuleSet,
};
use rustls_pki_types::ServerName;
use serde_json::{Map, Value};
use url::Url;

const OPERATION: &str = "get";

/// Reads a text as rules, and returns whether it is a set of them. Rules write themselves in one normal form, ask for no
/// more than themselves, name no addresses, and each could allow a request.
pub fn rules(text: &str) -> bool {
    let rules: RuleSet = match text.parse() {
        Ok(rules) => rules,
        Err(error) => {
            assert!(error.to_string().len() < 1000, "an error is a line or two");
            return false;
        }
    };
    let written = rules.to_string();
    assert_eq!(written.parse().as_ref(), Ok(&rules), "{written:?} is another set than {text:?}");
    assert_eq!(written.lines().count(), rules.rules.len(), "{written:?}");
    assert!(written.is_ascii(), "{written:?}");
    assert_eq!(rules.missing(&rules), []);
    assert_eq!(rules.effective(&rules).missing(&rules), []);
    assert_eq!(RuleSet::default().missing(&rules).len(), rules.rules.len());
    for rule in &rules.rules {
        assert_eq!(rule.validate(), Ok(()));
        assert_eq!(rule.to_string().parse().as_ref(), Ok(rule));
        is_for_some_request(rule);
    }
    true
}

fn is_for_some_request(rule: &Rule) {
    // What a rule demands has settings of its own, and a request for each would have to be made up.
    let head = Rule { demands: Vec::new(), ..rule.clone() };
    let (settings, url) = filled(&format!("{}{}", rule.endpoint, rule.path));
    let policy = RuleSet::from_iter([head]).bind(&settings, &EndpointOverrides::none());
    let policy = policy.unwrap_or_else(|error| panic!("{rule} is for no account: {error}"));
    let uri: Uri = url.parse().unwrap_or_else(|error| panic!("{rule} does not match {url}: {error}"));
    let headers = HeaderMap::new();
    for operation in &rule.operations {
        let allowed =
            policy.decide(&Request { operation, method: &rule.method, uri: &uri, headers: &headers, body: b"" });
        let origin = allowed.as_ref().ok().and_then(|allowed| policy.origin(*allowed));
        assert!(origin.is_some_and(|origin| !origin.is_address()), "{rule} allows nothing: {allowed:?}");
        let allowed = allowed.expect("it has an origin");
        assert_eq!(policy.mints(allowed), rule.mints);
        assert_eq!(policy.secrets(allowed), rule.secrets);
        assert!(rule.headers.iter().all(|name| policy.allows_header(allowed, name)));
    }
}

/// A URL with a letter for each placeholder, and the settings that are among those.
fn filled(template: &str) -> (Map<String, Value>, String) {
    let (mut settings, mut url) = (Map::new(), String::new());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("a placeholder ends");
        if let Some(name) = name.strip_prefix("settings.") {
            settings.insert(name.trim_end_matches('?').to_owned(), "x".into());
        }
        url.extend([before, "x"]);
        rest = after;
    }
    (settings, url + rest)
}

/// Reads a text as the URL of a request, and returns whether a rule can allow it. Then all readers see the same request:
/// this crate, `http`, which makes the request, and `url`, which browsers and most servers agree with; and TLS has a
/// name to ask for.
pub fn url(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    request(text, &uri)
}

/// The same for a text that is an innocent host's path with a query.
pub fn path(text: &str) -> bool {
    let Ok(path) = text.parse::<PathAndQuery>() else { return false };
    let built = Uri::builder().scheme("https").authority("api.example.com").path_and_query(path).build();
    let Ok(uri) = built else { return false };
    request(&uri.to_string(), &uri)
}

fn request(text: &str, uri: &Uri) -> bool {
    let none = policy(RuleSet::default(), &EndpointOverrides::none());
    let denial = decide(&none, uri).expect_err("what no rule names is denied");
    let shown = format!("{denial} {denial:?} {}", none.explain([OPERATION], &Question::head(&Method::GET, uri)));
    assert!(shown.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')), "{shown:?}");

    if let Some(line) = denial.line {
        let rule: Rule = line.parse().expect("the line of a denial is a rule");
        let policy = policy(RuleSet::from_iter([rule]), &EndpointOverrides::none());
        let (origin, sent) =
            decide(&policy, uri).unwrap_or_else(|denial| panic!("{line:?} does not allow {text:?}: {denial}"));
        assert!(!origin.is_address() && origin.is_https(), "{text:?} goes to {origin}");
        is_read_by_all_as(&origin, text, uri, &sent);
        return true;
    }
    // An address, which no rule names, may yet be an account's endpoint override.
    let scheme = uri.scheme_str().map(|scheme| scheme.trim_start_matches("brokered+")).unwrap_or_default();
    let override_ = uri.authority().and_then(|authority| format!("{scheme}://{authority}").parse::<EndpointUrl>().ok());
    let rule = uri
        .path()
        .parse::<PathTemplate>()
        .ok()
        .and_then(|_| format!("{OPERATION} GET https://api.example.com{}", uri.path()).parse::<Rule>().ok());
    if let (Some(override_), Some(rule)) = (override_, rule) {
        let origin = override_.origin.clone();
        let policy = policy(RuleSet::from_iter([rule]), &EndpointOverrides::all(override_));
        if let Ok((decided, sent)) = decide(&policy, uri) {
            assert_eq!(decided, origin);
            is_read_by_all_as(&origin, text, uri, &sent);
            return true;
        }
    }
    false
}

fn policy(rules: RuleSet, overrides: &EndpointOverrides) -> Policy {
    rules.bind(&Map::new(), overrides).expect("there are no settings that could be missing")
}

/// Where a request goes and as what, when it is allowed; the explanation says the same.
fn decide(policy: &Policy, uri: &Uri) -> Result<(Origin, String), Denial> {
    let headers = HeaderMap::new();
    let request = Request { operation: OPERATION, method: &Method::GET, uri, headers: &headers, body: b"" };
    let decided = policy.decide(&request);
    let question = Question { headers: Some(&headers), body: Some(b""), ..Question::head(&Method::GET, uri) };
    let explanation = policy.explain([OPERATION], &question);
    assert_eq!(explanation.allowed.len(), usize::from(decided.is_ok()));
    assert_eq!(explanation.denied.first(), decided.as_ref().err());
    assert_eq!(policy.could_allow(OPERATION, &Method::GET, uri).err().as_ref(), decided.as_ref().err());
    decided.map(|allowed| {
        let origin = policy.origin(allowed).expect("the rule that decides has an origin").clone();
        (origin, policy.canonical(allowed, &request).expect("what is allowed can be sent").path_and_query)
    })
}

fn is_read_by_all_as(origin: &Origin, text: &str, uri: &Uri, path_and_query: &str) {
    let sent = format!("{origin}{path_and_query}");
    let sent_uri: Uri = sent.parse().unwrap_or_else(|error| panic!("{sent:?} cannot be sent: {error}"));
    let plain = text.strip_prefix("brokered+").unwrap_or(text);
    // As it came, and as it is sent.
    for (text, uri) in [(plain, uri), (&*sent, &sent_uri)] {
        assert!(uri.scheme_str().is_some_and(|scheme| scheme.trim_start_matches("brokered+") == origin.scheme()));
        assert!(uri.host().is_some_and(|host| host.eq_ignore_ascii_case(origin.host())), "{text:?}: {uri:?}");
        let default_port = if origin.is_https() { 443 } else { 80 };
        assert_eq!(uri.port_u16().unwrap_or(default_port), origin.port(), "{text:?}");

        let url = Url::parse(text).unwrap_or_else(|error| panic!("{text:?} is not a URL to others: {error}"));
        assert_eq!(url.scheme(), origin.scheme(), "{text:?}");
        assert_eq!((url.username(), url.password()), ("", None), "{text:?}");
        assert_eq!(url.host_str(), Some(origin.host()), "{text:?}");
        assert_eq!(url.port_or_known_default(), Some(origin.port()), "{text:?}");
        assert_eq!(url.path(), uri.path(), "{text:?}");
        let is_address = !matches!(url.host(), Some(url::Host::Domain(_)));
        assert_eq!(is_address, origin.is_address(), "{text:?}");
    }
    assert_eq!(sent_uri.path_and_query().map(PathAndQuery::as_str), Some(path_and_query));
    // The canonical query says what the query said, to one who decodes it in the usual way.
    let pairs = |uri: &Uri| -> Vec<(String, String)> {
        let query = uri.query().unwrap_or_default();
        let url = Url::parse(&format!("https://a.example/?{query}")).expect("a query is one of a URL");
        url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
    };
    assert_eq!(pairs(uri), pairs(&sent_uri), "{text:?}");
    let bare = origin.host().trim_matches(['[', ']']);
    let name = ServerName::try_from(bare).unwrap_or_else(|error| panic!("{bare:?} is not a name for TLS: {error}"));
    assert_eq!(name.to_str(), bare);
    assert_eq!(matches!(name, ServerName::IpAddress(_)), origin.is_address(), "{bare:?}");
}

/// Reads bytes as a form with a field that is demanded, and returns whether they are let through. Then other readers find
/// the field there once, and in what is sent the same fields.
pub fn form(body: &[u8]) -> bool {
    let Some(sent) = demanded("where form name = value", "application/x-www-form-urlencoded", body) else {
        return false;
    };
    let read = |body: &[u8]| -> Vec<(String, String)> {
        url::form_urlencoded::parse(body).map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
    };
    let fields = read(body);
    let named: Vec<&str> = fields.iter().filter(|(key, _)| key == "name").map(|(_, value)| value.as_str()).collect();
    assert_eq!(named, ["value"], "{:?}", String::from_utf8_lossy(body));
    assert_eq!(read(&sent), fields);
    true
}

/// Reads bytes as a JSON document with a member that is demanded, and returns whether they are let through. Then other
/// readers find the member there, and in what is sent the same document.
pub fn json(body: &[u8]) -> bool {
    let Some(sent) = demanded("where json /a/name = value", "application/json", body) else { return false };
    // Numbers that are too large for it are not read by everyone.
    if let Ok(document) = serde_json::from_slice::<Value>(body) {
        assert_eq!(document.pointer("/a/name").and_then(Value::as_str), Some("value"));
        assert_eq!(serde_json::from_slice::<Value>(&sent).ok(), Some(document));
    }
    true
}

/// What is sent of a body under a demand, if it is let through.
fn demanded(demand: &str, content_type: &'static str, body: &[u8]) -> Option<Vec<u8>> {
    let rule: Rule = format!("{OPERATION} POST https://a.example/ {demand}").parse().expect("it is a rule");
    let policy = policy(RuleSet::from_iter([rule]), &EndpointOverrides::none());
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
    let uri = Uri::from_static("https://a.example/");
    let request = Request { operation: OPERATION, method: &Method::POST, uri: &uri, headers: &headers, body };
    let allowed = policy.decide(&request).ok()?;
    let sent = policy.canonical(allowed, &request).ok()?.body.expect("a body that is demanded is written anew");
    let again = Request { body: &sent, ..request };
    assert_eq!(policy.decide(&again), Ok(allowed), "{:?}", String::from_utf8_lossy(body));
    assert_eq!(policy.canonical(allowed, &again).map(|canonical| canonical.body), Ok(Some(sent.clone())));
    Some(sent.to_vec())
}
