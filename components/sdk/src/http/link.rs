//! Links to the next page (RFC 8288).

use percent_encoding::percent_decode_str;

use super::Response;
use crate::Result;

impl Response {
    /// The cursor of the next page, from the `Link` header with the relation `next`; none on the last page. Give it to
    /// [`Request::resume`](crate::Request::resume).
    pub fn next_link(&self) -> Result<Option<String>> {
        match self.headers("link").find_map(next) {
            Some(url) => self.next_url(url),
            None => Ok(None),
        }
    }

    /// The cursor of the next page, from its URL in the body; none for an empty one.
    ///
    /// # Errors
    ///
    /// When it leads to another host or path than the page itself came from: a list does not go on elsewhere.
    pub fn next_url(&self, url: &str) -> Result<Option<String>> {
        let url = url.split('#').next().unwrap_or_default();
        if url.is_empty() {
            return Ok(None);
        }
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        // Behind a gateway a vendor may take itself for `http`. Only the query is used.
        let absolute = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        let path_of = |address: &str| address.find('/').map(|at| address[at..].to_owned());
        let same = |known: &String| match absolute {
            Some(address) => decoded_eq(address, known),
            None => address.is_empty() || path_of(known).is_some_and(|path| decoded_eq(address, &path)),
        };
        if query.is_empty() || !self.addresses.iter().any(same) {
            return Err(self.unexpected("its next page is at another address"));
        }
        Ok(Some(query.to_owned()))
    }
}

/// Whether two addresses are the same but for how their characters are encoded.
fn decoded_eq(one: &str, other: &str) -> bool {
    percent_decode_str(one).eq(percent_decode_str(other))
}

/// The target of the link with the relation `next` in a `Link` header.
fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, parameters) = after.split_once('>')?;
        let end = end_of_link(parameters);
        if parameters[..end].split(';').any(is_next) {
            return Some(target.trim());
        }
        rest = &parameters[end..];
    }
    None
}

/// Where the parameters of a link end: at the first comma that does not stand in quotes.
fn end_of_link(parameters: &str) -> usize {
    let mut quoted = false;
    let end = parameters.find(|character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    });
    end.unwrap_or(parameters.len())
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let relations = value.trim().trim_matches('"');
    name.trim().eq_ignore_ascii_case("rel")
        && relations.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&str, &str)]) -> Response {
        let mut page = Response::made_up(true, 200, headers, "");
        page.addresses = vec!["api.example.com/v2/keys".to_owned(), "127.0.0.1:8443/gateway/v2/keys".to_owned()];
        page
    }

    #[test]
    fn the_next_page_is_found_among_links() {
        for (header, query) in [
            (r#"<https://api.example.com/v2/keys?page=2>; rel="next""#, Some("page=2")),
            (r#"</v2/keys?page=1>; rel="first", <?page=3&a=b>; title="a, b"; REL=Next"#, Some("page=3&a=b")),
            (r#"<https://127.0.0.1:8443/gateway/v2/keys?page=2#x>; rel="last next""#, Some("page=2")),
            (r#"<https://api.example.com/v2/keys?page=9>; rel="last""#, None),
            ("", None),
            ("<", None),
        ] {
            assert_eq!(page(&[("Link", header)]).next_link(), Ok(query.map(str::to_owned)), "{header}");
        }
        let two = page(&[("link", r#"</v2/keys?page=1>; rel="prev""#), ("link", r#"</v2/keys?page=3>; rel="next""#)]);
        assert_eq!(two.next_link(), Ok(Some("page=3".to_owned())));
    }

    #[test]
    fn a_list_does_not_go_on_elsewhere() {
        for url in [
            "https://api.example.com.evil.example/v2/keys?page=2",
            "https://api.example.com/v2/users?page=2",
            "https://api.example.com/v2/keys",
            "//evil.example/v2/keys?page=2",
            "/v2/keys/x?page=2",
            "ftp://api.example.com/v2/keys?page=2",
        ] {
            assert!(page(&[]).next_url(url).is_err(), "{url}");
        }
        assert_eq!(page(&[]).next_url("http://api.example.com/v2/%6beys?page=2"), Ok(Some("page=2".to_owned())));
        assert_eq!(page(&[]).next_url(""), Ok(None));
    }
}
