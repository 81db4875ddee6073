//! Carrying out a scheme, step by step.

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::headers::SecretHeader;
use crate::scheme::{Scheme, Step};
use crate::values::Values;
use crate::{AuthError, ClientCertificate, OutgoingRequest, Token, TokenRequest};

/// What to do next with a request.
#[derive(Clone, Debug)]
#[must_use]
pub enum Prepared {
    /// Add this to the request, and send it.
    Send(Authentication),
    /// Get a token with this request, then prepare again with it.
    GetToken(TokenRequest),
}

/// What authenticates a request.
#[derive(Clone, Debug, Default)]
pub struct Authentication {
    /// Headers to add, in place of any of the same names.
    pub headers: Vec<SecretHeader>,
    /// The whole query to send in place of the request's own, without its `?`; none when that stays as it is.
    pub query: Option<SecretString>,
    /// The certificate for the connection.
    pub client_certificate: Option<ClientCertificate>,
    derived: Vec<SecretString>,
}

impl Authentication {
    /// What was derived from the credential for this request and must not be shown either: the encoded pair of Basic
    /// authentication, a JWT. The parts themselves are not among them, nor the token, nor signatures, which are good for
    /// one request only.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        self.derived.iter()
    }

    fn add(&mut self, header: SecretHeader) {
        self.headers.retain(|known| known.name() != header.name());
        self.headers.push(header);
    }
}

impl Scheme {
    /// Prepares `request`, with the token that was got for this scheme last, if any.
    ///
    /// The steps are carried out in their order, and a signature covers what the steps before it add.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent, or a step cannot be carried out.
    pub fn prepare(
        &self,
        request: &OutgoingRequest<'_>,
        values: &Values<'_>,
        token: Option<&Token>,
    ) -> Result<Prepared, AuthError> {
        // Before a token is asked for that nothing could use.
        if let Some(name) = self.steps.iter().find_map(Step::unsupported) {
            return Err(AuthError::Unsupported { name: name.to_owned() });
        }
        let fresh = token.filter(|token| token.is_fresh(values.now));
        let mut sends = Authentication::default();
        for step in &self.steps {
            match (step, fresh) {
                (Step::Headers(headers), _) => {
                    for header in headers {
                        sends.add(header.header(values)?);
                    }
                }
                (Step::Query(parameters), _) => {
                    for parameter in parameters {
                        let parameter = parameter.parameter(values)?;
                        let query = sends.query.as_ref().map(ExposeSecret::expose_secret).or(request.query);
                        sends.query = Some(with_parameter(query, &parameter));
                    }
                }
                (Step::Basic(basic), _) => {
                    let header = basic.header(values)?;
                    sends.derived.push(header.credentials());
                    sends.add(header);
                }
                (Step::BearerJwt(jwt), _) => {
                    let header = jwt.bearer(values)?;
                    sends.derived.push(header.credentials());
                    sends.add(header);
                }
                (Step::OAuth2(_), Some(token)) => sends.add(token.bearer()),
                (Step::Session(session), Some(token)) => {
                    for header in session.headers(values, token)? {
                        sends.add(header);
                    }
                }
                (Step::OAuth2(oauth2), None) => return self.get_token(oauth2.token_request(values)?, values),
                (Step::Session(session), None) => return self.get_token(session.token_request(values)?, values),
                (Step::Signature(signature), _) => {
                    for header in sends.cover(request, |request| signature.headers(request, values))? {
                        sends.add(header);
                    }
                }
                (Step::Hmac(hmac), _) => {
                    for header in sends.cover(request, |request| hmac.headers(request, values))? {
                        sends.add(header);
                    }
                }
                (Step::MutualTls(mutual), _) => sends.client_certificate = Some(mutual.client_certificate(values)?),
                (Step::Other { .. }, _) => {}
            }
        }
        Ok(Prepared::Send(sends))
    }

    /// The request for a token, which goes through a connection with the scheme's certificate too (RFC 8705 section 2).
    fn get_token(&self, request: TokenRequest, values: &Values<'_>) -> Result<Prepared, AuthError> {
        let mutual = self.steps.iter().find_map(|step| match step {
            Step::MutualTls(mutual) => Some(mutual),
            _ => None,
        });
        let client_certificate = mutual.map(|mutual| mutual.client_certificate(values)).transpose()?;
        Ok(Prepared::GetToken(TokenRequest { client_certificate, ..request }))
    }
}

impl Authentication {
    /// What `sign` makes of the request with all that was added so far.
    fn cover<T>(&self, request: &OutgoingRequest<'_>, sign: impl FnOnce(&OutgoingRequest<'_>) -> T) -> T {
        let stays =
            |(name, _): &&(&str, &str)| !self.headers.iter().any(|header| name.eq_ignore_ascii_case(header.name()));
        let mut headers: Vec<(&str, &str)> = request.headers.iter().filter(stays).copied().collect();
        headers.extend(self.headers.iter().map(|header| (header.name(), header.value().expose_secret())));
        let query = self.query.as_ref().map(ExposeSecret::expose_secret).or(request.query);
        sign(&OutgoingRequest { query, headers: &headers, ..*request })
    }
}

fn with_parameter(query: Option<&str>, parameter: &str) -> SecretString {
    let separator = if query.is_none_or(str::is_empty) { "" } else { "&" };
    SecretString::from(Zeroizing::new([query.unwrap_or_default(), separator, parameter].concat()).as_str())
}

impl Step {
    /// The name of a kind that cannot be carried out.
    fn unsupported(&self) -> Option<&str> {
        match self {
            Self::Other { name } => Some(name),
            _ => None,
        }
    }
}
