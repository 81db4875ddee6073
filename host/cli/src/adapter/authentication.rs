//! Authentication schemes in words.

use keywright_auth::{
    ClientAuthentication, Content, Grant, HeaderTemplate, Jwt, OAuth2, Scheme, Session, Step, TokenLocation,
};
use keywright_runtime::Descriptor;
use serde_json::{Value, json};

use crate::text::{one_line, series};

/// Each scheme with its steps, a line each. The first scheme is the one of rules that name none.
pub(super) fn schemes(descriptor: &Descriptor) -> String {
    let mut text = String::new();
    for scheme in &descriptor.schemes {
        text.push_str(&format!("{}{}\n", one_line(&scheme.name), if scheme.steps.is_empty() { ": none" } else { "" }));
        for step in &scheme.steps {
            let warning = warning(step).map_or_else(String::new, |warning| format!(" ({warning})"));
            text.push_str(&format!("  {}{warning}\n", one_line(&words(step))));
        }
    }
    text
}

/// The schemes as programs read them.
pub(super) fn to_json(schemes: &[Scheme]) -> Value {
    let step = |step: &Step| {
        let mut value = json!({ "kind": kind(step), "description": words(step) });
        if let Some(warning) = warning(step) {
            value["warning"] = json!(warning);
        }
        value
    };
    let scheme =
        |scheme: &Scheme| json!({ "name": scheme.name, "steps": scheme.steps.iter().map(step).collect::<Vec<_>>() });
    schemes.iter().map(scheme).collect()
}

fn kind(step: &Step) -> &str {
    match step {
        Step::Headers(_) => "headers",
        Step::Query(_) => "query",
        Step::Basic(_) => "basic",
        Step::OAuth2(_) => "oauth2",
        Step::BearerJwt(_) => "bearer-jwt",
        Step::Signature(_) => "signature",
        Step::Session(_) => "session",
        Step::MutualTls(_) => "mutual-tls",
        Step::Hmac(_) => "hmac",
        Step::Other { name } => name,
        _ => "unknown",
    }
}

/// What an operator has to know of a step before trusting it.
fn warning(step: &Step) -> Option<&'static str> {
    match step {
        Step::Query(_) => Some("UNSAFE: proxies and servers write URLs to their logs"),
        Step::Other { .. } => Some(
            "NOT CARRIED OUT BY THE HOST: the adapter would need the administrator's credential, --expose-administrator",
        ),
        _ => None,
    }
}

fn words(step: &Step) -> String {
    match step {
        Step::Headers(headers) => format!("headers {}", self::headers(headers)),
        Step::Query(parameters) => {
            let parameters = parameters.iter().map(|parameter| format!("{}={}", parameter.name(), parameter.value()));
            format!("query parameters {}", series(parameters, "and"))
        }
        Step::Basic(basic) => format!("HTTP Basic, {} and {}", basic.username, basic.password),
        Step::OAuth2(oauth2) => self::oauth2(oauth2),
        Step::BearerJwt(jwt) => format!("header authorization with {}", self::jwt(jwt)),
        Step::Signature(signature) => {
            let session = match &signature.session_token {
                Some(token) => format!(", session token {token}"),
                None => String::new(),
            };
            format!(
                "signature {} with the key {} of {}, region {}, service {}{session}",
                signature.algorithm, signature.secret_key, signature.access_key, signature.region, signature.service
            )
        }
        Step::Session(session) => self::session(session),
        Step::MutualTls(tls) => format!("TLS client certificate {} with the key {}", tls.certificate, tls.key),
        Step::Hmac(hmac) => format!(
            "HMAC {} of {} with the key {}, in the headers {}",
            hmac.algorithm.name(),
            hmac.message,
            hmac.key,
            self::headers(&hmac.headers)
        ),
        Step::Other { name } => format!("step `{name}`"),
        _ => "a step that this program cannot describe".to_owned(),
    }
}

fn headers(headers: &[HeaderTemplate]) -> String {
    series(headers.iter().map(|header| format!("{}: {}", header.name(), header.value())), "and")
}

fn jwt(jwt: &Jwt) -> String {
    let id = jwt.key_id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
    format!(
        "a JSON Web Token signed by {} with the key {}{id}, good for {} s",
        jwt.algorithm.name(),
        jwt.key,
        jwt.lifetime_seconds
    )
}

fn oauth2(oauth2: &OAuth2) -> String {
    let grant = match &oauth2.grant {
        Grant::ClientCredentials => "client credentials".to_owned(),
        Grant::RefreshToken(token) => format!("the refresh token {token}"),
        Grant::JwtBearer(jwt) => self::jwt(jwt),
        _ => "a grant that this program cannot describe".to_owned(),
    };
    let client = match &oauth2.client {
        ClientAuthentication::Basic { id, secret } => format!("{id} and {secret} in HTTP Basic"),
        ClientAuthentication::Body { id, secret } => format!("{id} and {secret} in the form"),
        ClientAuthentication::PrivateKeyJwt { id, jwt } => format!("{id} and {}", self::jwt(jwt)),
        ClientAuthentication::None { id: Some(id) } => format!("{id} alone"),
        ClientAuthentication::None { id: None } => "no client authentication".to_owned(),
        _ => "a client authentication that this program cannot describe".to_owned(),
    };
    let scope = oauth2.scope.as_ref().map_or_else(String::new, |scope| format!(", scope {scope}"));
    let parameters: String = oauth2.parameters.iter().map(|(name, value)| format!(", {name} {value}")).collect();
    format!(
        "OAuth 2.0 bearer token for {grant}, from POST {} of the endpoint {}, with {client}{scope}{parameters}",
        oauth2.path, oauth2.endpoint
    )
}

fn session(session: &Session) -> String {
    let content = match &session.content {
        Content::Json(_) => ", JSON",
        Content::Form(_) => ", a form",
        _ => "",
    };
    let login = match session.headers.as_slice() {
        [] => String::new(),
        headers => format!(", headers {}", self::headers(headers)),
    };
    let token = match &session.token {
        TokenLocation::Json(pointer) => format!("at {pointer}"),
        TokenLocation::Header(name) => format!("in the header {name}"),
        _ => "at a place that this program cannot describe".to_owned(),
    };
    format!(
        "session of a login by {} {} of the endpoint {}{content}{login}; its token is {token} of the answer, and is sent in \
         the headers {}",
        session.method,
        session.path,
        session.endpoint,
        self::headers(&session.request_headers)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{changed, descriptor};
    use keywright_model::Extension;
    use keywright_model::descriptor::{AuthenticationScheme, AuthenticationStep, NamedTemplate};

    fn with_steps(steps: Vec<AuthenticationStep>) -> Descriptor {
        changed(|model| {
            model.schemes.push(AuthenticationScheme { name: "other".into(), steps, extensions: None });
        })
    }

    #[test]
    fn each_scheme_has_its_steps() {
        assert_eq!(schemes(&descriptor()), "token\n  headers authorization: Token {parts.token}\n");
        let json = to_json(&descriptor().schemes);
        assert_eq!(json[0]["steps"][0]["kind"], "headers");
        assert_eq!(json[0]["steps"][0].get("warning"), None);
    }

    #[test]
    fn a_secret_in_the_query_is_called_unsafe() {
        let key = NamedTemplate { name: "key".into(), value: "{parts.token}".into() };
        let descriptor = with_steps(vec![AuthenticationStep::Query(vec![key])]);
        let text = schemes(&descriptor);
        assert!(text.contains("query parameters key={parts.token} (UNSAFE: "), "{text}");
        assert!(to_json(&descriptor.schemes)[1]["steps"][0]["warning"].is_string());
    }

    #[test]
    fn a_step_that_the_host_does_not_carry_out_says_so() {
        let step = AuthenticationStep::Other(Extension { name: "kerberos".into(), parameters: "{}".into() });
        let text = schemes(&with_steps(vec![step]));
        assert!(text.contains("step `kerberos` (NOT CARRIED OUT BY THE HOST: "), "{text}");
        assert!(text.contains("--expose-administrator"), "{text}");
    }
}
