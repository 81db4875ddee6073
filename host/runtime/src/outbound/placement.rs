//! What the host puts into requests: values in the places of the handles that an adapter passes on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Request};
use keywright_egress::{BodyLocation, JsonPointer, Placement, PointerToken, SecretSource};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

/// The value for which a handle of this source stands.
type ValueOf<'v> = dyn Fn(&SecretSource, &str) -> Option<SecretString> + 'v;

/// Puts the values in. A setting's place that the request does not have is left out: an optional field, say. A part that the
/// host made is always sent, or the credential would have another than the host hands over.
///
/// # Errors
///
/// The placement in whose place something else than its handle stands, or that cannot be put in.
pub(crate) fn place<'p>(
    mut request: Request<Bytes>,
    placements: &'p [Placement],
    value_of: &ValueOf<'_>,
) -> Result<Request<Bytes>, &'p Placement> {
    for placement in placements {
        if !placement.has_one_reading(request.headers(), request.body()) {
            return Err(placement);
        }
        let value = |handle: &str| {
            let value = value_of(&placement.source, handle)?;
            let value = value.expose_secret();
            Some(if placement.base64 { STANDARD.encode(value) } else { value.to_owned() })
        };
        let body = match &placement.location {
            BodyLocation::Json(pointer) => json(request.body(), pointer, &value),
            BodyLocation::Form(name) => form(request.body(), name, &value),
            BodyLocation::Text => text(request.body(), &value),
            BodyLocation::Header(name) => {
                let handle = match request.headers().get(name) {
                    Some(handle) => handle,
                    None if is_made(placement) => return Err(placement),
                    None => continue,
                };
                let placed = handle.to_str().ok().and_then(value);
                let placed = placed.and_then(|value| HeaderValue::from_str(&value).ok());
                let mut placed = placed.ok_or(placement)?;
                placed.set_sensitive(true);
                request.headers_mut().insert(name, placed);
                continue;
            }
        };
        match body.map_err(|Misplaced| placement)? {
            Some(body) => *request.body_mut() = body,
            None if is_made(placement) => return Err(placement),
            None => {}
        }
    }
    Ok(request)
}

fn is_made(placement: &Placement) -> bool {
    matches!(placement.source, SecretSource::Part(_))
}

/// Something else than the handle stands there.
struct Misplaced;

/// The body with the value in place; none when the place is not there.
type Placed = Result<Option<Bytes>, Misplaced>;

fn json(body: &[u8], pointer: &JsonPointer, value: &dyn Fn(&str) -> Option<String>) -> Placed {
    let Ok(mut document) = serde_json::from_slice::<Value>(body) else { return Ok(None) };
    let mut place = &mut document;
    for token in pointer.tokens() {
        let PointerToken::Member(name) = token else { return Err(Misplaced) };
        let next = match place {
            Value::Object(members) => members.get_mut(name),
            Value::Array(items) => name.parse().ok().and_then(|index: usize| items.get_mut(index)),
            _ => None,
        };
        match next {
            Some(next) => place = next,
            None => return Ok(None),
        }
    }
    let handle = place.as_str().ok_or(Misplaced)?;
    *place = Value::String(value(handle).ok_or(Misplaced)?);
    Ok(Some(document.to_string().into()))
}

fn form(body: &[u8], name: &str, value: &dyn Fn(&str) -> Option<String>) -> Placed {
    let text = std::str::from_utf8(body).map_err(|_| Misplaced)?;
    let mut found = false;
    let mut fields = Vec::new();
    for field in text.split('&') {
        let (key, handle) = field.split_once('=').unwrap_or((field, ""));
        if decode(key).as_deref() != Some(name) {
            fields.push(field.to_owned());
            continue;
        }
        found = true;
        let handle = decode(handle).ok_or(Misplaced)?;
        let value = value(&handle).ok_or(Misplaced)?;
        fields.push(format!("{key}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC)));
    }
    Ok(found.then(|| fields.join("&").into()))
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn text(body: &[u8], value: &dyn Fn(&str) -> Option<String>) -> Placed {
    let handle = std::str::from_utf8(body).map_err(|_| Misplaced)?;
    Ok(Some(value(handle.trim()).ok_or(Misplaced)?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::CONTENT_TYPE;
    use serde_json::json;

    fn placed(body: &str, placement: &str, base64: bool) -> Option<String> {
        let (source, location) = placement.split_once('=').unwrap();
        let placements = [Placement::new(source, location, base64).unwrap()];
        let is_form = placement.contains("=form:");
        let media_type = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
        placed_as(media_type, body, &placements)
    }

    fn placed_as(media_type: &'static str, body: &str, placements: &[Placement]) -> Option<String> {
        let value_of = |source: &SecretSource, handle: &str| {
            let expected = SecretSource::Part("password".to_owned());
            (*source == expected && handle == "secret-1").then(|| SecretString::from("p&w 1"))
        };
        let mut request = Request::new(Bytes::copy_from_slice(body.as_bytes()));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        let placed = place(request, placements, &value_of).ok()?;
        Some(String::from_utf8(placed.into_body().to_vec()).unwrap())
    }

    #[test]
    fn a_value_stands_where_its_handle_stood() {
        let json = json!({"user": {"password": "secret-1"}}).to_string();
        assert_eq!(placed(&json, "password=/user/password", false).unwrap(), r#"{"user":{"password":"p&w 1"}}"#);
        assert_eq!(placed(&json, "password=/user/password", true).unwrap(), r#"{"user":{"password":"cCZ3IDE="}}"#);
        assert_eq!(placed("a=b&pw=secret%2D1", "password=form:pw", false).unwrap(), "a=b&pw=p%26w%201");
        assert_eq!(placed(" secret-1\n", "password=text", false).unwrap(), "p&w 1");
    }

    #[test]
    fn a_place_that_the_request_does_not_have_is_left_out() {
        for (body, location) in [("{}", "/user/password"), ("", "/pw"), ("a=b", "form:pw"), ("", "header:x-pw")] {
            let setting = placed(body, &format!("settings.password={location}"), false);
            assert_eq!(setting.as_deref(), Some(body), "{location}");
            assert_eq!(placed(body, &format!("password={location}"), false), None, "a part that the host made");
        }
    }

    #[test]
    fn nothing_but_the_handle_may_stand_there() {
        for (body, placement) in [
            (r#"{"pw":"mine"}"#, "password=/pw"),
            (r#"{"pw":["secret-1"]}"#, "password=/pw"),
            (r#"{"pw":"secret-1"}"#, "settings.password=/pw"),
            ("pw=mine", "password=form:pw"),
            ("pw=secret-1&pw=mine", "password=form:pw"),
            ("mine", "password=text"),
        ] {
            assert_eq!(placed(body, placement, false), None, "{body}");
        }
    }

    #[test]
    fn no_other_name_that_a_server_could_take_for_it_stands_beside_the_handle() {
        for (body, placement) in [
            ("password=secret-1&Password=x", "password=form:password"),
            ("password=secret-1&password[]=x", "password=form:password"),
            ("password=secret-1&pass%77ord=x", "password=form:password"),
            ("a=1;password=x&password=secret-1", "password=form:password"),
            (r#"{"password":"secret-1","Password":"x"}"#, "password=/password"),
            (r#"{"password":"secret-1","pa\u017f\u017fword":"x"}"#, "password=/password"),
            (r#"{"password":"x","password":"secret-1"}"#, "password=/password"),
        ] {
            assert_eq!(placed(body, placement, false), None, "{body}");
        }
    }

    #[test]
    fn a_body_is_of_the_form_that_the_placement_reads() {
        let form = [Placement::new("password", "form:pw", false).unwrap()];
        let json = [Placement::new("password", "/pw", false).unwrap()];
        let in_json = r#"{"pw":"secret-1"}"#;
        assert!(placed_as("application/json", in_json, &json).is_some());
        assert!(placed_as("application/x-www-form-urlencoded", "pw=secret-1", &form).is_some());
        for (media_type, body, placements) in [
            ("application/json", r#"{"pw":"mine","x":"&pw=secret-1&"}"#, &form),
            ("application/json", "pw=secret-1", &form),
            ("text/plain", "pw=secret-1", &form),
            ("application/x-www-form-urlencoded", in_json, &json),
            ("application/json; charset=utf-16", in_json, &json),
        ] {
            assert_eq!(placed_as(media_type, body, placements), None, "{media_type}: {body}");
        }
    }
}
