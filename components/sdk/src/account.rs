//! The account that a call is for.

use serde_json::{Map, Value};

use crate::descriptor::Scheme;
use crate::http::direct::Authenticate;
use crate::http::{Method, Request};
use crate::{Descriptor, Failure, FieldProblem, Parts, Problem, Reason, Result};
use keywright_settings::{Template, fill_defaults};

/// An account at the vendor: its settings, and the way to send requests for it.
///
/// Requests are relative to the descriptor's endpoints. Whether the host authenticates them or the component does is
/// not the author's concern.
pub struct Account {
    settings: Map<String, Value>,
    endpoint: Option<String>,
    endpoints: Vec<(&'static str, &'static str)>,
    parts: Parts,
    pub(crate) direct: Option<(Scheme, Authenticate)>,
}

impl Account {
    pub(crate) fn new(
        descriptor: &Descriptor,
        settings: &str,
        endpoint: Option<String>,
        parts: Parts,
        direct: bool,
    ) -> Result<Self> {
        let mut settings =
            object(settings).ok_or_else(|| FieldProblem::new("/settings", Problem::Format, "are not a JSON object"))?;
        // A host with a broker has read the schema and done this; an embedder in another runtime may not have.
        if direct && let Ok(schema) = serde_json::from_slice(descriptor.settings.as_bytes()) {
            fill_defaults(&schema, &mut settings);
        }
        Ok(Self {
            settings,
            endpoint,
            endpoints: descriptor.endpoints.clone(),
            parts,
            direct: direct.then(|| (descriptor.scheme.clone(), descriptor.authenticate)),
        })
    }

    /// A setting that is text.
    pub fn setting(&self, name: &str) -> Result<&str> {
        self.settings.get(name).and_then(Value::as_str).ok_or_else(|| {
            FieldProblem::new(["/settings/", name].concat(), Problem::Required, "is missing or is not text").into()
        })
    }

    /// All settings, defaults filled in.
    pub fn settings(&self) -> &Map<String, Value> {
        &self.settings
    }

    /// A part of the credential that the call is authenticated with: the public ones always, secret ones only where the
    /// component itself authenticates.
    pub fn part(&self, name: &str) -> Option<&str> {
        self.parts.get(name)
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The base URL of an endpoint of the descriptor, without a slash at its end.
    pub(crate) fn base(&self, endpoint: &str) -> Result<String> {
        if let Some(url) = &self.endpoint {
            return Ok(url.trim_end_matches('/').to_owned());
        }
        let Some((_, template)) = self.endpoints.iter().find(|(name, _)| *name == endpoint) else {
            return Err(Failure::new(
                Reason::Vendor("no-endpoint".to_owned()),
                format!("the adapter's descriptor has no endpoint `{endpoint}`: it must describe it"),
            ));
        };
        Template::parse(template)
            .map_err(|error| error.to_string())
            .and_then(|template| template.expand(&self.settings, &|_| None).map_err(|error| error.to_string()))
            .map_err(|message| FieldProblem::new("/settings", Problem::Required, message).into())
    }

    /// A GET request. Path segments are percent-encoded, so they may hold anything.
    pub fn get(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Get, endpoint, path)
    }

    /// A POST request.
    pub fn post(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Post, endpoint, path)
    }

    /// A PATCH request.
    pub fn patch(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Patch, endpoint, path)
    }

    /// A DELETE request.
    pub fn delete(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Delete, endpoint, path)
    }

    /// A request with any method.
    pub fn request(&self, method: Method, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        Ok(Request::new(self, method, self.base(endpoint)?, path))
    }
}

/// JSON text as an object. Everything is read as a [`Value`] first: one reader for all keeps components small.
pub(crate) fn object(json: &str) -> Option<Map<String, Value>> {
    // From bytes, as answers are: the reader of text is one more to carry.
    match serde_json::from_slice(json.as_bytes()) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}
