//! The scheme of a request, where an adapter has several.

use std::mem::discriminant;

use super::Direct;
use crate::http::{Request, path};
use crate::wire::descriptors as wire;
use crate::{Failure, Result};

/// The scheme of the first rule that is for this operation, method, endpoint and path.
pub(crate) fn choose(direct: &Direct, request: &Request<'_>) -> Result<usize> {
    let operation = discriminant(&wire::Operation::from(direct.operation));
    let settings = request.account.settings();
    let rule = direct.descriptor.wire.rules.as_slice().iter().find(|rule| {
        rule.operations.as_slice().iter().any(|known| discriminant(known) == operation)
            && rule.method.as_str() == request.method.name()
            && rule.endpoint.as_str() == request.endpoint
            && path::fits(rule.path.as_str(), settings, &request.path)
    });
    let Some(rule) = rule else {
        return Err(Failure::adapter_error("no rule of the adapter's descriptor is for this request"));
    };
    let mut schemes = direct.descriptor.wire.schemes.as_slice().iter();
    Ok(schemes.position(|scheme| scheme.name.as_str() == rule.scheme.as_str()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Account, Descriptor, Method, Operation, Parts, Rule, Scheme};

    #[test]
    fn the_first_rule_that_a_request_fits_says_the_scheme() {
        let scheme = |operation, method, path: &[&str]| {
            let descriptor = Descriptor::new("v", "V", "1")
                .endpoint("api", "https://api.example.com")
                .scheme(Scheme::new("admin").header("x-admin", "{parts.admin}"))
                .scheme(Scheme::new("own").header("x-key", "{parts.key}"))
                .rule(Rule::get(&[Operation::Verify], "api", "/keys/{id}").scheme("own"))
                .rule(Rule::get(&[Operation::Get], "api", "/keys/{id}"))
                .finish(&[]);
            let account =
                Account::new(Box::leak(Box::new(descriptor)), operation, "{}", Vec::new(), Parts::default(), true)
                    .unwrap();
            let direct = account.direct.as_ref().unwrap();
            choose(direct, &account.request(method, "api", path).unwrap()).ok()
        };
        assert_eq!(scheme(Operation::Verify, Method::Get, &["keys", "1"]), Some(1));
        assert_eq!(scheme(Operation::Get, Method::Get, &["keys", "1"]), Some(0));
        assert_eq!(scheme(Operation::Get, Method::Delete, &["keys", "1"]), None);
        assert_eq!(scheme(Operation::Get, Method::Get, &["keys"]), None);
    }
}
