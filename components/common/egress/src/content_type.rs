//! What a request says its body is.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// A form of body that rules can demand values of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`, or a type that ends in `+json`.
    Json,
}

impl BodyFormat {
    /// Whether a request says plainly, and once, that its body is of this format and in UTF-8.
    pub(crate) fn is_declared(self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(CONTENT_TYPE).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let Ok(value) = value.to_str() else { return false };
        let mut parts = value.split(';').map(str::trim_ascii);
        let media_type = parts.next().unwrap_or_default();
        let ends_with = |end: &str| {
            media_type.len().checked_sub(end.len()).is_some_and(|at| {
                media_type.is_char_boundary(at)
                    && media_type[at..].eq_ignore_ascii_case(end)
                    && !media_type[..at].is_empty()
            })
        };
        let is_format = match self {
            Self::Form => media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded"),
            Self::Json => {
                media_type.eq_ignore_ascii_case("application/json") || (ends_with("+json") && is_media_type(media_type))
            }
        };
        is_format && parts.all(is_harmless_parameter)
    }
}

/// `TYPE/SUBTYPE` of RFC 9110 section 8.3.1, as far as registered names go (RFC 6838 section 4.2).
fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// Whether a parameter of a media type changes nothing about how a body is read.
fn is_harmless_parameter(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    // A value in quotes could hold what looks like another parameter; only the one that everybody knows is taken.
    let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/".contains(&byte));
    match name.eq_ignore_ascii_case("charset") {
        true => value.trim_matches('"').eq_ignore_ascii_case("utf-8"),
        false => plain && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn declared(format: BodyFormat, values: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        values.iter().for_each(|value| {
            headers.append(CONTENT_TYPE, HeaderValue::from_static(value));
        });
        format.is_declared(&headers)
    }

    #[test]
    fn a_format_is_declared_once_and_in_utf8() {
        for value in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
            "application/vnd.api+json",
            "application/merge-patch+json; version=1.2",
        ] {
            assert!(declared(BodyFormat::Json, &[value]), "{value}");
            assert!(!declared(BodyFormat::Form, &[value]), "{value}");
        }
        for value in ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"] {
            assert!(declared(BodyFormat::Form, &[value]), "{value}");
        }
        for value in [
            "",
            "text/json",
            "application/jsonp",
            "application/json,text/plain",
            "text/plain, application/x+json",
            "application/json; charset=utf-16",
            "application/json; charset=utf-8; charset=utf-7",
            "application/json;",
            "application/json; a=\"; charset=utf-7\"",
            "+json",
            "multipart/form-data; boundary=a",
        ] {
            assert!(!declared(BodyFormat::Json, &[value]), "{value}");
        }
        assert!(!declared(BodyFormat::Json, &[]));
        assert!(!declared(BodyFormat::Json, &["application/json", "application/json"]));
    }
}
