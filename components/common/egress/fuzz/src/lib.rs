//! What holds whatever text comes: for `cargo fuzz`, and for the short runs of `cargo test`.

use http::uri::PathAndQuery;
use http::{Method, Uri};
use keywright_egress::{Origin, Policy, Rule, RuleSet};
use rustls_pki_types::ServerName;
use serde_json::{Map, Value};
use url::Url;

const OPERATION: &str = "get";

/// Reads a text as rules, and tells whether it is a set of them. Rules write themselves in one normal form, ask for no
/// more than themselves, name no addresses, and each allows a request.
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
    assert_eq!(RuleSet::default().missing(&rules).len(), rules.rules.len());
    for rule in &rules.rules {
        assert_eq!(rule.to_string().parse().as_ref(), Ok(rule));
        let (settings, url) = filled(&format!("{}{}", rule.endpoint, rule.path));
        let policy = RuleSet::from_iter([rule.clone()]).bind(&settings, None);
        let policy = policy.unwrap_or_else(|error| panic!("{rule} is for no account: {error}"));
        let url: Uri = url.parse().unwrap_or_else(|error| panic!("{rule} names no URL: {error}"));
        for operation in &rule.operations {
            let allowed = policy.decide(operation, &rule.method, &url);
            let origin = allowed.as_ref().ok().and_then(|allowed| policy.origin(*allowed));
            assert!(origin.is_some_and(|origin| !origin.is_address()), "{rule} allows nothing: {allowed:?}");
        }
    }
    true
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

/// Reads a text as the URL of a request, and tells whether a rule can allow it. Then all readers see the same request:
/// this crate, `http`, which makes the request, and `url`, which browsers and most servers agree with; and TLS has a
/// name to ask for.
pub fn url(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    request(text, &uri)
}

/// The same for a text that is handed to an innocent host as a path with a query.
pub fn path(text: &str) -> bool {
    let Ok(path) = text.parse::<PathAndQuery>() else { return false };
    let built = Uri::builder().scheme("https").authority("api.example.com").path_and_query(path).build();
    let Ok(uri) = built else { return false };
    request(&uri.to_string(), &uri)
}

fn request(text: &str, uri: &Uri) -> bool {
    let none = policy(RuleSet::default(), None);
    let denial = decide(&none, uri).expect_err("what no rule names is denied");
    let told = format!("{denial} {denial:?} {}", none.explain([OPERATION], &Method::GET, uri));
    assert!(told.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')), "{told:?}");

    if let Some(line) = denial.line {
        let rule: Rule = line.parse().expect("the line of a denial is a rule");
        let policy = policy(RuleSet::from_iter([rule]), None);
        let origin = decide(&policy, uri).unwrap_or_else(|denial| panic!("{line:?} does not allow {text:?}: {denial}"));
        assert!(!origin.is_address(), "{text:?} goes to an address");
        is_read_by_all_as(&origin, text, uri);
        return true;
    }
    // An address, which no rule names, may yet be an account's own endpoint.
    let own = uri.authority().and_then(|authority| format!("https://{authority}").parse::<Origin>().ok());
    let rule = format!("{OPERATION} GET https://api.example.com{}", uri.path()).parse::<Rule>();
    if let (Some(own), Ok(rule)) = (own, rule) {
        let policy = policy(RuleSet::from_iter([rule]), Some(&own));
        if let Ok(origin) = decide(&policy, uri) {
            assert_eq!(origin, own);
            is_read_by_all_as(&origin, text, uri);
            return true;
        }
    }
    false
}

fn policy(rules: RuleSet, own: Option<&Origin>) -> Policy {
    rules.bind(&Map::new(), own).expect("there are no settings that could be missing")
}

/// Where a request goes, when it is allowed; the explanation says the same.
fn decide(policy: &Policy, uri: &Uri) -> Result<Origin, keywright_egress::Denial> {
    let explanation = policy.explain([OPERATION], &Method::GET, uri);
    let decided = policy.decide(OPERATION, &Method::GET, uri);
    assert_eq!(explanation.allowed.len(), usize::from(decided.is_ok()));
    assert_eq!(explanation.denied.first(), decided.as_ref().err());
    decided.map(|allowed| policy.origin(allowed).expect("the rule that decides has an origin").clone())
}

fn is_read_by_all_as(origin: &Origin, text: &str, uri: &Uri) {
    let sent = Uri::builder()
        .scheme("https")
        .authority(origin.authority())
        .path_and_query(uri.path_and_query().expect("a URL with a scheme has a path").clone())
        .build()
        .expect("an origin is an authority");
    // As it came, and as it is sent.
    for (text, uri) in [(text, uri), (&*sent.to_string(), &sent)] {
        assert_eq!(uri.scheme_str(), Some("https"), "{text:?}");
        assert!(uri.host().is_some_and(|host| host.eq_ignore_ascii_case(origin.host())), "{text:?}: {uri:?}");
        assert_eq!(uri.port_u16().unwrap_or(443), origin.port(), "{text:?}");

        let url = Url::parse(text).unwrap_or_else(|error| panic!("{text:?} is no URL to others: {error}"));
        assert_eq!(url.scheme(), "https", "{text:?}");
        assert_eq!((url.username(), url.password()), ("", None), "{text:?}");
        assert_eq!(url.host_str(), Some(origin.host()), "{text:?}");
        assert_eq!(url.port_or_known_default(), Some(origin.port()), "{text:?}");
        assert_eq!(url.path(), uri.path(), "{text:?}");
        let is_address = !matches!(url.host(), Some(url::Host::Domain(_)));
        assert_eq!(is_address, origin.is_address(), "{text:?}");
    }
    let bare = origin.host().trim_matches(['[', ']']);
    let name = ServerName::try_from(bare).unwrap_or_else(|error| panic!("{bare:?} is no name for TLS: {error}"));
    assert_eq!(name.to_str(), bare);
    assert_eq!(matches!(name, ServerName::IpAddress(_)), origin.is_address(), "{bare:?}");
}
