//! Rules, typed.

use std::borrow::Cow;

use http::HeaderName;
use keywright_auth::Scheme;
use keywright_egress::{
    AnswerLocation, BodyLocation, Demand, DemandLocation, DemandValue, Placement, Rule, RuleError, SecretLocation,
    SecretSource,
};
use keywright_model::descriptor as model;
use keywright_model::descriptor::Endpoint;

use crate::error::DescriptorError;
use crate::extensions::{later, none, shorten};

/// The operation under which the host's own requests for tokens and sessions are checked against the rules.
pub const AUTHENTICATE: &str = "authenticate";

/// Refuses an endpoint that no rule could be at.
pub(crate) fn check_endpoint(endpoint: &Endpoint) -> Result<(), DescriptorError> {
    let any = Rule::at([AUTHENTICATE], "GET", &endpoint.url, "/").map(drop);
    any.map_err(|cause| DescriptorError::Endpoint { name: endpoint.name.clone().into_owned(), cause })
}

/// Types the rule of this number, counted from 1.
pub(crate) fn read(
    number: usize,
    rule: model::Rule,
    endpoints: &[Endpoint],
    schemes: &[Scheme],
) -> Result<Rule, DescriptorError> {
    let malformed = |cause: RuleError| DescriptorError::Rule { number, cause };
    let element = || format!("rule {number}");
    none(element, &rule.extensions)?;
    let endpoint = endpoints
        .iter()
        .find(|endpoint| endpoint.name == rule.endpoint)
        .ok_or_else(|| DescriptorError::RuleEndpoint { number, name: shorten(&rule.endpoint) })?;
    let scheme = schemes
        .iter()
        .position(|scheme| scheme.name == rule.scheme)
        .ok_or_else(|| DescriptorError::RuleScheme { number, name: shorten(&rule.scheme) })?;
    let operations = rule.operations.iter().map(|operation| operation.name());
    let header =
        |name: &str| HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed(RuleError::Header(shorten(name))));
    let typed = Rule {
        endpoint_name: Some(endpoint.name.clone().into_owned()),
        query_keys: rule.query.map(|keys| keys.into_iter().map(Cow::into_owned).collect()),
        // The first scheme is the one that a line without a scheme means.
        scheme: (scheme > 0).then(|| rule.scheme.clone().into_owned()),
        demands: rule.demands.into_iter().map(|one| demand(number, one)).collect::<Result<_, _>>()?,
        headers: rule.headers.iter().map(|name| header(name)).collect::<Result<_, _>>()?,
        sends: rule.placements.into_iter().map(|one| placement(number, one)).collect::<Result<_, _>>()?,
        mints: rule.mints,
        secrets: rule.secrets.into_iter().map(|one| secret(number, one)).collect::<Result<_, _>>()?,
        ..Rule::at(operations, &rule.method, &endpoint.url, &rule.path).map_err(malformed)?
    };
    typed.validate().map_err(malformed)?;
    Ok(typed)
}

/// The rules of the requests that schemes send themselves.
pub(crate) fn of_scheme(scheme: &Scheme, endpoints: &[Endpoint]) -> Result<Vec<Rule>, DescriptorError> {
    let rule = |request: keywright_auth::TokenEndpoint<'_>| {
        let name = request.endpoint;
        let endpoint = endpoints
            .iter()
            .find(|endpoint| endpoint.name == name)
            .ok_or_else(|| DescriptorError::SchemeEndpoint { scheme: scheme.name.clone(), name: shorten(name) })?;
        let rule = Rule::at([AUTHENTICATE], request.method.as_str(), &endpoint.url, &request.path.to_string());
        let rule = rule.map_err(|cause| DescriptorError::Step {
            element: format!("the authentication scheme `{}`", scheme.name),
            field: "path",
            how: cause.to_string(),
        })?;
        Ok(Rule { endpoint_name: Some(name.to_owned()), query_keys: Some(Vec::new()), ..rule })
    };
    scheme.endpoints().into_iter().map(rule).collect()
}

fn demand(number: usize, demand: model::Demand) -> Result<Demand, DescriptorError> {
    let malformed = |cause: RuleError| DescriptorError::Rule { number, cause };
    let location = match demand.location {
        model::DemandLocation::Query(name) => DemandLocation::Query(name.into_owned()),
        model::DemandLocation::Form(name) => DemandLocation::Form(name.into_owned()),
        model::DemandLocation::Json(pointer) => DemandLocation::Json(pointer.parse().map_err(malformed)?),
        model::DemandLocation::Header(name) => DemandLocation::Header(
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed(RuleError::Header(shorten(&name))))?,
        ),
        model::DemandLocation::Other(case) => return Err(later(format!("a demand of rule {number}"), &case)),
    };
    let is_json = matches!(location, DemandLocation::Json(_));
    let value = |text: &keywright_model::Text| match is_json {
        true => DemandValue::parse_json(text).map_err(malformed),
        false => DemandValue::text(text).map_err(malformed),
    };
    let values = demand.values.iter().map(value).collect::<Result<_, _>>()?;
    Ok(Demand { location, values })
}

fn is_base64(number: usize, encoding: &model::Encoding) -> Result<bool, DescriptorError> {
    match encoding {
        model::Encoding::Plain => Ok(false),
        model::Encoding::Base64 => Ok(true),
        model::Encoding::Other(case) => Err(later(format!("an encoding of rule {number}"), case)),
    }
}

fn secret(number: usize, secret: model::SecretLocation) -> Result<SecretLocation, DescriptorError> {
    let malformed = |cause: RuleError| DescriptorError::Rule { number, cause };
    none(|| format!("a secret of rule {number}"), &secret.extensions)?;
    let header =
        |name: &str| HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed(RuleError::Header(shorten(name))));
    let location = match secret.location {
        model::AnswerLocation::Json(pointer) => AnswerLocation::Json(pointer.parse().map_err(malformed)?),
        model::AnswerLocation::Xml(path) => AnswerLocation::Xml(path.parse().map_err(malformed)?),
        model::AnswerLocation::Form(name) => AnswerLocation::Form(name.into_owned()),
        model::AnswerLocation::Header(name) => AnswerLocation::Header(header(&name)?),
        model::AnswerLocation::Text => AnswerLocation::Text,
        model::AnswerLocation::Embedded(embedded) => AnswerLocation::EmbeddedJson {
            outer: embedded.pointer.parse().map_err(malformed)?,
            inner: embedded.inner.parse().map_err(malformed)?,
        },
        model::AnswerLocation::Other(case) => return Err(later(format!("a secret of rule {number}"), &case)),
    };
    Ok(SecretLocation {
        part: secret.part.map(Cow::into_owned),
        location,
        public_prefix_ends_with: secret.public_prefix_ends_with.into_owned(),
        base64: is_base64(number, &secret.encoding)?,
    })
}

fn placement(number: usize, placement: model::Placement) -> Result<Placement, DescriptorError> {
    let malformed = |cause: RuleError| DescriptorError::Rule { number, cause };
    none(|| format!("a placement of rule {number}"), &placement.extensions)?;
    let location = match placement.location {
        model::BodyLocation::Json(pointer) => BodyLocation::Json(pointer.parse().map_err(malformed)?),
        model::BodyLocation::Form(name) => BodyLocation::Form(name.into_owned()),
        model::BodyLocation::Text => BodyLocation::Text,
        model::BodyLocation::Header(name) => BodyLocation::Header(
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed(RuleError::Header(shorten(&name))))?,
        ),
        model::BodyLocation::Other(case) => return Err(later(format!("a placement of rule {number}"), &case)),
    };
    let source = match (placement.source.strip_prefix("parts."), placement.source.strip_prefix("settings.")) {
        (Some(name), _) => SecretSource::Part(name.to_owned()),
        (None, Some(name)) => SecretSource::Setting(name.to_owned()),
        (None, None) => {
            return Err(DescriptorError::PlacementSource { number, source_name: shorten(&placement.source) });
        }
    };
    Ok(Placement { source, location, base64: is_base64(number, &placement.encoding)? })
}
