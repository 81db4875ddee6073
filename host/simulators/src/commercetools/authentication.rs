//! Who calls: a client with its secret at the authorization host, the bearer of an access token at the API host.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, Uri, header};
use percent_encoding::percent_decode_str;

use super::{api_client::ApiClient, errors::Refusal, project::Project, scopes};

/// What a request to the authorization host says: its form, and its query, which is how the API description has it.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Self {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_form = kind.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded";
        let body = if is_form { std::str::from_utf8(body).unwrap_or_default() } else { "" };
        let pairs = [body, uri.query().unwrap_or_default()].into_iter().flat_map(|text| text.split('&'));
        Self(
            pairs
                .filter_map(|pair| pair.split_once('='))
                .filter_map(|(name, value)| Some((decoded(name)?, decoded(value)?)))
                .collect(),
        )
    }

    /// A field that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// A text of a form.
fn decoded(text: &str) -> Option<String> {
    percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(|text| text.into_owned())
}

impl Project {
    /// The client whose id and secret a request came with: by HTTP Basic, or else in the form, which is what OAuth 2.0
    /// libraries try next. Some percent-encode the two before they join them (the Go library), some do not (the vendor's
    /// TypeScript SDK): both are taken.
    pub(super) fn client_of(&self, headers: &HeaderMap, form: &Form) -> Result<ApiClient, Refusal> {
        let pairs = match basic(headers) {
            Some((id, secret)) => vec![(decoded(&id), decoded(&secret)), (Some(id), Some(secret))],
            None => vec![(form.get("client_id").map(str::to_owned), form.get("client_secret").map(str::to_owned))],
        };
        let now = self.clock.now();
        let records = self.records();
        let known = |id: &str, secret: &str| {
            let is_it = |client: &&ApiClient| client.id == id && client.secret == secret && client.known_from <= now;
            records.clients.iter().find(is_it).cloned()
        };
        pairs.into_iter().find_map(|(id, secret)| known(&id?, &secret?)).ok_or(Refusal::InvalidClient)
    }

    /// Lets a request to the API through whose token is good, whose project is this one and whose scopes do.
    pub(super) fn authorize(&self, headers: &HeaderMap, key: &str, scope: &str) -> Result<Vec<String>, Refusal> {
        let held = self.bearer(headers).ok_or(Refusal::InvalidToken)?;
        self.check_key(key, scope)?;
        let scope = scopes::of(scope, &self.key);
        if self.allow(&held, &scope) { Ok(held) } else { Err(Refusal::InsufficientScope(vec![scope])) }
    }

    /// The scopes of the token that a request came with.
    fn bearer(&self, headers: &HeaderMap) -> Option<Vec<String>> {
        let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, value) = authorization.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let now = self.clock.now();
        let records = self.records();
        let token = records.tokens.get(value)?;
        (now < token.expires_at).then(|| token.scopes.clone())
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
