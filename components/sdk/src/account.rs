//! The account that a call is for.

mod endpoint;

use std::cell::RefCell;

use keywright_settings::fill_defaults;
use serde_json::{Map, Value};

use endpoint::Endpoint;
pub(crate) use endpoint::{Base, setting_problem, template};

use crate::direct::Direct;
use crate::http::{Request, path};
use crate::{Descriptor, Failure, FieldProblem, Method, Operation, Parts, Problem, Result};

/// An account at the vendor: its settings, and the way to send requests for it.
///
/// Requests are relative to the descriptor's endpoints. Whether the host authenticates them or the component does is
/// not the author's concern.
pub struct Account {
    settings: Map<String, Value>,
    endpoints: Vec<Endpoint>,
    parts: Parts,
    pub(crate) direct: Option<Direct>,
}

impl Account {
    pub(crate) fn new(
        descriptor: &'static Descriptor,
        operation: Operation,
        settings: &str,
        overrides: Vec<(String, String)>,
        parts: Parts,
        direct: bool,
    ) -> Result<Self> {
        let mut settings =
            object(settings).ok_or_else(|| FieldProblem::new("/settings", Problem::Format, "are not a JSON object"))?;
        // A host with a broker has read the schema and done this; an embedder in another runtime may not have.
        if direct && let Ok(schema) = serde_json::from_slice(descriptor.wire.settings.as_str().as_bytes()) {
            fill_defaults(&schema, &mut settings);
        }
        let described = descriptor.wire.endpoints.as_slice().iter();
        let mut endpoints: Vec<Endpoint> = described.map(Endpoint::new).collect();
        for (name, url) in overrides {
            Endpoint::replace(&mut endpoints, &name, &url)?;
        }
        let direct = direct.then(|| Direct { operation, descriptor, tokens: RefCell::default() });
        Ok(Self { settings, endpoints, parts, direct })
    }

    /// A setting that is text.
    pub fn setting(&self, name: &str) -> Result<&str> {
        self.settings.get(name).and_then(Value::as_str).ok_or_else(|| {
            FieldProblem::new(["/settings/", name].concat(), Problem::Required, "is missing or is not text").into()
        })
    }

    /// All settings, defaults filled in. A secret one is a handle where the host authenticates.
    pub fn settings(&self) -> &Map<String, Value> {
        &self.settings
    }

    /// A part of the credential that the call is authenticated with: the public ones always, secret ones only where the
    /// component itself authenticates.
    pub fn part(&self, name: &str) -> Option<&str> {
        self.parts.get(name)
    }

    /// A [`part`](Self::part) that the adapter cannot do without.
    pub fn required_part(&self, name: &str) -> Result<&str> {
        self.part(name).ok_or_else(|| {
            FieldProblem::new(
                ["/authentication/", name].concat(),
                Problem::Required,
                "is missing: add it to the credential",
            )
            .into()
        })
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Where an endpoint of the descriptor is reached.
    pub(crate) fn base(&self, endpoint: &str) -> Result<Base> {
        match self.endpoints.iter().find(|known| known.name == endpoint) {
            Some(endpoint) => endpoint.base(&self.settings),
            None => {
                let message =
                    ["the adapter's descriptor has no endpoint `", endpoint, "`: it must describe it"].concat();
                Err(Failure::adapter_error(message))
            }
        }
    }

    /// A GET request. The path is made of segments, which are percent-encoded, so they may hold anything; of none, it is
    /// `/`. See [`request_at`](Self::request_at) for paths of another form.
    pub fn get(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Get, endpoint, path)
    }

    /// A HEAD request.
    pub fn head(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Head, endpoint, path)
    }

    /// A POST request.
    pub fn post(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Post, endpoint, path)
    }

    /// A PUT request.
    pub fn put(&self, endpoint: &str, path: &[&str]) -> Result<Request<'_>> {
        self.request(Method::Put, endpoint, path)
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
        Request::new(self, method, endpoint, path::of_segments(path)?)
    }

    /// A request to a path that is written as in a [rule](crate::Rule), such as `/v1/keys/{id}.json`, `/v1/keys/{id}:rotate`
    /// or `/v1/keys/`. Each `{settings.NAME}` is replaced by the setting and every other placeholder by the next of the
    /// values, both percent-encoded; query keys behind the path are left out, so that a rule and its request can share a
    /// constant.
    pub fn request_at(&self, method: Method, endpoint: &str, path: &str, values: &[&str]) -> Result<Request<'_>> {
        Request::new(self, method, endpoint, path::of_template(path, &self.settings, values)?)
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
