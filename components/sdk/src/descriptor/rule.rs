//! What may be sent, and where answers hold secrets.

use super::{location, texts};
use crate::wire::descriptors as wire;
use crate::wire::{List, Maybe, Text};
use crate::{Method, Operation, direct};

/// One kind of request that operations send.
///
/// The path is a template of `/`-separated segments: `{settings.NAME}` stands for a setting, `{NAME}` for any one segment or
/// a part of one (`/v1/keys/{id}`, `/v1/keys/{id}.json`), `{NAME/}` for one that may hold encoded slashes. Behind it stand
/// the query keys that may be sent: `/v1/keys?page,page_size`. Without them none may, unless
/// [`any_query`](Self::any_query) says so.
///
/// Locations are written as in a grant:
///
/// | Location | Where |
/// | --- | --- |
/// | `/keys/*/secret` | JSON pointer (RFC 6901); in answers `*` stands for each element and member |
/// | `json:/outer#/inner` | answers: in the JSON text that a string holds |
/// | `xml:/Response/Key/Secret` | answers: a path of elements, by their local names from the root |
/// | `form:secret` | a field of a form |
/// | `header:x-secret` | a header |
/// | `text` | the whole body |
#[derive(Clone, Debug)]
pub struct Rule {
    pub(super) wire: wire::Rule,
    pub(super) choose: Option<direct::Choose>,
}

impl Rule {
    /// A rule for a method, an endpoint by its name, and a path with its query keys.
    pub fn new(operations: &[Operation], method: Method, endpoint: &'static str, path: &'static str) -> Self {
        let (path, keys) = split_query(path);
        let keys = keys.split(',').filter(|key| !key.is_empty()).map(Text::new).collect();
        Self {
            wire: wire::Rule {
                operations: operations.iter().copied().map(wire::Operation::from).collect(),
                endpoint: Text::new(endpoint),
                method: Text::new(method.name()),
                path: Text::new(path),
                scheme: Text::new(""),
                query: Maybe::Some(keys),
                demands: List::new(),
                headers: List::new(),
                placements: List::new(),
                mints: false,
                secrets: List::new(),
                extensions: Maybe::None,
            },
            choose: None,
        }
    }

    /// [`new`](Self::new) for GET.
    pub fn get(operations: &[Operation], endpoint: &'static str, path: &'static str) -> Self {
        Self::new(operations, Method::Get, endpoint, path)
    }

    /// [`new`](Self::new) for HEAD.
    pub fn head(operations: &[Operation], endpoint: &'static str, path: &'static str) -> Self {
        Self::new(operations, Method::Head, endpoint, path)
    }

    /// [`new`](Self::new) for POST.
    pub fn post(operations: &[Operation], endpoint: &'static str, path: &'static str) -> Self {
        Self::new(operations, Method::Post, endpoint, path)
    }

    /// [`new`](Self::new) for PUT.
    pub fn put(operations: &[Operation], endpoint: &'static str, path: &'static str) -> Self {
        Self::new(operations, Method::Put, endpoint, path)
    }

    /// [`new`](Self::new) for PATCH.
    pub fn patch(operations: &[Operation], endpoint: &'static str, path: &'static str) -> Self {
        Self::new(operations, Method::Patch, endpoint, path)
    }

    /// [`new`](Self::new) for DELETE.
    pub fn delete(operations: &[Operation], endpoint: &'static str, path: &'static str) -> Self {
        Self::new(operations, Method::Delete, endpoint, path)
    }

    /// Any query key may be sent that does not authenticate or override anything.
    pub fn any_query(mut self) -> Self {
        self.wire.query = Maybe::None;
        self
    }

    /// Authenticated by the scheme of this name, not by the first one.
    pub fn scheme(mut self, name: &'static str) -> Self {
        self.wire.scheme = Text::new(name);
        // Only an adapter that has several schemes carries the code that chooses.
        self.choose = Some(direct::choose);
        self
    }

    /// Applies only when the query has this key, with one of these values: settings templates.
    pub fn demand_query(self, key: &'static str, values: &[&'static str]) -> Self {
        self.demand(wire::DemandLocation::Query(Text::new(key)), values)
    }

    /// Applies only when the form has this field, with one of these values: settings templates.
    pub fn demand_form(self, field: &'static str, values: &[&'static str]) -> Self {
        self.demand(wire::DemandLocation::Form(Text::new(field)), values)
    }

    /// Applies only when the JSON body has one of these values at this pointer: JSON texts, a string with its quotes.
    pub fn demand_json(self, pointer: &'static str, values: &[&'static str]) -> Self {
        self.demand(wire::DemandLocation::Json(Text::new(pointer)), values)
    }

    /// Applies only when this header has one of these values: settings templates.
    pub fn demand_header(self, name: &'static str, values: &[&'static str]) -> Self {
        self.demand(wire::DemandLocation::Header(Text::new(name)), values)
    }

    fn demand(mut self, location: wire::DemandLocation, values: &[&'static str]) -> Self {
        self.wire.demands.push(wire::Demand { location, values: texts(values) });
        self
    }

    /// Headers that it may have beyond `accept`, `content-type`, `content-length`, `user-agent` and an idempotency key.
    pub fn headers(mut self, names: &[&'static str]) -> Self {
        self.wire.headers = texts(names);
        self
    }

    /// Makes a credential or a new secret, which stands in the answer: [`minting`](Self::minting) and
    /// [`secret`](Self::secret).
    pub fn mints(self, part: &'static str, location: &'static str) -> Self {
        self.minting().secret(part, location)
    }

    /// Makes a credential or a new secret: it may be sent once in a call.
    pub fn minting(mut self) -> Self {
        self.wire.mints = true;
        self
    }

    /// The answer holds a secret, which the host takes out before the adapter reads it: the part that it is.
    pub fn secret(self, part: &'static str, location: &'static str) -> Self {
        self.with_secret(Some(part), location)
    }

    /// The answer holds a secret that is not handed back.
    pub fn hides(self, location: &'static str) -> Self {
        self.with_secret(None, location)
    }

    fn with_secret(mut self, part: Option<&'static str>, location: &'static str) -> Self {
        self.wire.secrets.push(wire::SecretLocation {
            part: part.map(Text::new).into(),
            location: location::in_answer(location),
            encoding: wire::Encoding::Plain,
            public_prefix_ends_with: Text::new(""),
            extensions: Maybe::None,
        });
        self
    }

    /// The secret that was named last is public up to and including the first of these characters.
    pub fn public_prefix_ends_with(mut self, separators: &'static str) -> Self {
        if let Some(secret) = self.wire.secrets.as_mut_slice().last_mut() {
            secret.public_prefix_ends_with = Text::new(separators);
        }
        self
    }

    /// The secret that was named last stands there in Base64.
    pub fn base64(mut self) -> Self {
        if let Some(secret) = self.wire.secrets.as_mut_slice().last_mut() {
            secret.encoding = wire::Encoding::Base64;
        }
        self
    }

    /// The host puts a value where the adapter leaves its handle: `parts.NAME` for a part that the caller makes,
    /// `settings.NAME` for a secret setting.
    pub fn sends(self, source: &'static str, location: &'static str) -> Self {
        self.placement(source, location, wire::Encoding::Plain)
    }

    /// [`sends`](Self::sends), in Base64.
    pub fn sends_base64(self, source: &'static str, location: &'static str) -> Self {
        self.placement(source, location, wire::Encoding::Base64)
    }

    fn placement(mut self, source: &'static str, location: &'static str, encoding: wire::Encoding) -> Self {
        self.wire.placements.push(wire::Placement {
            source: Text::new(source),
            location: location::in_body(location),
            encoding,
            extensions: Maybe::None,
        });
        self
    }

    /// A JSON object of members that a later version of the contract or a single vendor defines.
    pub fn extensions(mut self, json: &'static str) -> Self {
        self.wire.extensions = Maybe::Some(Text::new(json));
        self
    }
}

/// A path and its query keys: what follows the first `?` that is not the mark of an optional setting.
fn split_query(path: &'static str) -> (&'static str, &'static str) {
    let mark = path.char_indices().find(|(at, character)| *character == '?' && !path[at + 1..].starts_with('}'));
    mark.map_or((path, ""), |(at, _)| (&path[..at], &path[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_keys_stand_behind_the_path() {
        for (path, expected) in [
            ("/v1/keys", ("/v1/keys", "")),
            ("/v1/keys?", ("/v1/keys", "")),
            ("/v1/keys?page,size", ("/v1/keys", "page,size")),
            ("/{settings.version?}/keys?page", ("/{settings.version?}/keys", "page")),
        ] {
            assert_eq!(split_query(path), expected, "{path}");
        }
        let keys = |rule: Rule| {
            rule.wire.query.into_option().map(|keys| keys.as_slice().iter().map(Text::as_str).collect::<Vec<_>>())
        };
        assert_eq!(keys(Rule::get(&[], "api", "/v1?a,b")), Some(vec!["a", "b"]));
        assert_eq!(keys(Rule::get(&[], "api", "/v1")), Some(Vec::new()));
        assert_eq!(keys(Rule::get(&[], "api", "/v1").any_query()), None);
    }
}
