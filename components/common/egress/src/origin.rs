//! Origins: the scheme, host and port that a request goes to.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// An origin: a scheme, a host and a port, and nothing else.
///
/// Parses `https://HOST` and `https://HOST:PORT`, with at most a slash after it. The host is a DNS name of letters, digits,
/// `-` and `_`, an IPv4 address or an IPv6 address in brackets, kept in lower case and in the one spelling of RFC 5952.
/// Refused is what some take for another host: a trailing dot, IPv4 addresses in short, octal, decimal or hexadecimal
/// form, IPv6 addresses with a zone or with an IPv4 address inside (name that one), and names in punycode, whose validity
/// is a matter of the reader's tables.
///
/// `http` is for `localhost` and loopback addresses only, where nobody can listen in: for simulators.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: Box<str>,
    port: u16,
}

/// The schemes that requests are sent by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    Https,
    Http,
}

impl Scheme {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }

    /// The port that a URL without one means.
    pub(crate) fn default_port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }
}

impl Origin {
    /// `https` or `http`.
    pub fn scheme(&self) -> &'static str {
        self.scheme.as_str()
    }

    /// Whether requests go there by TLS.
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// The host in lower case; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port; 443, or 80 for `http`, unless another is named.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The host, and the port where it is not the scheme's default: what goes into the `Host` header.
    pub fn authority(&self) -> String {
        match self.port == self.scheme.default_port() {
            true => self.host.to_string(),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// Whether the host is an address rather than a name.
    pub fn is_address(&self) -> bool {
        kind(&self.host) == Some(HostKind::Address)
    }

    /// Whether a request's scheme, host and port are this origin. The host's case does not matter (RFC 9110 section 4.2.3).
    pub(crate) fn is(&self, scheme: Scheme, host: &str, port: u16) -> bool {
        self.scheme == scheme && self.port == port && self.host.eq_ignore_ascii_case(host)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme(), self.authority())
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(url: &str) -> Result<Self, OriginError> {
        let (scheme, authority) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(authority), _) => (Scheme::Https, authority),
            (None, Some(authority)) => (Scheme::Http, authority),
            (None, None) => return Err(OriginError::Scheme),
        };
        let (host, port) = split_authority(authority.strip_suffix('/').unwrap_or(authority), scheme)?;
        let host = match bracketed(host).and_then(|address| address.parse::<Ipv6Addr>().ok()) {
            Some(address) => format!("[{address}]"),
            None => host.to_ascii_lowercase(),
        };
        if scheme == Scheme::Http && !is_loopback(&host) {
            return Err(OriginError::PlainHttp);
        }
        Ok(Self { scheme, host: host.into(), port })
    }
}

/// Whether a host is the machine itself by its name or address.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

/// Splits an authority into host and port, and refuses all that is not plainly one host and one port.
pub(crate) fn split_authority(authority: &str, scheme: Scheme) -> Result<(&str, u16), OriginError> {
    let end_of_host = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']').map_or(authority.len(), |bracket| bracket + 2),
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end_of_host);
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => scheme.default_port(),
        Some(digits) if is_port(digits) => digits.parse().map_err(|_| OriginError::Port)?,
        _ => return Err(OriginError::Port),
    };
    if kind(host).is_some() { Ok((host, port)) } else { Err(OriginError::Host) }
}

/// Digits without a leading zero: `0` is not a port, and `0443` is 443 to some and not to others.
fn is_port(digits: &str) -> bool {
    !digits.starts_with('0') && !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HostKind {
    Name,
    Address,
}

/// What a host is, when it is plainly one.
fn kind(host: &str) -> Option<HostKind> {
    if let Some(address) = bracketed(host) {
        // An IPv4 address inside has two spellings, and is dialled as what it is.
        let address = address.parse::<Ipv6Addr>().ok().filter(|address| address.to_ipv4_mapped().is_none());
        return address.map(|_| HostKind::Address);
    }
    // Resolvers read a name whose last label is a number as an IPv4 address, in forms that few know; one form is left.
    if host.rsplit('.').next().is_some_and(is_number) {
        return host.parse::<Ipv4Addr>().ok().map(|_| HostKind::Address);
    }
    (host.len() <= 253 && host.split('.').all(is_label)).then_some(HostKind::Name)
}

fn bracketed(host: &str) -> Option<&str> {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
}

/// The label of a name that ends in it is taken for an address: "ends in a number" of the URL Standard.
fn is_number(label: &str) -> bool {
    match label.strip_prefix("0x").or_else(|| label.strip_prefix("0X")) {
        Some(digits) => digits.bytes().all(|digit| digit.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|digit| digit.is_ascii_digit()),
    }
}

/// A label of a DNS name. The empty one after a trailing dot is refused: with it the same name has two spellings.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && !label.starts_with('-')
        && !label.ends_with('-')
        && !label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
}

/// Why a text is not an origin. No message repeats the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// It does not start with `https://`, nor with `http://`.
    #[error("it must start with https://")]
    Scheme,
    /// It is `http` for a host that is not the machine itself.
    #[error("it must start with https://: http is for localhost and loopback addresses only")]
    PlainHttp,
    /// What follows the scheme is not a host name or address alone: user names, paths, queries and names outside ASCII are
    /// not.
    #[error("between the scheme and the port there must be a plain host name or address, and nothing after the port")]
    Host,
    /// It is an address where only a name will do.
    #[error("a rule names a host, never an address: only an account's endpoint override may be one")]
    Address,
    /// The port is not a number from 1 to 65535.
    #[error("the port must be a number from 1 to 65535")]
    Port,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_host_and_a_port_in_one_spelling() {
        for (text, shown) in [
            ("https://API.Example.com", "https://api.example.com"),
            ("https://api.example.com:443/", "https://api.example.com"),
            ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://[0:0::0001]", "https://[::1]"),
            ("https://[2A00:0:0:1::]", "https://[2a00:0:0:1::]"),
            ("https://a_b-c.example.0x.com", "https://a_b-c.example.0x.com"),
            ("http://LOCALHOST:80", "http://localhost"),
            ("http://127.0.0.2:8080", "http://127.0.0.2:8080"),
            ("http://[::1]:443", "http://[::1]:443"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_an_origin() {
        for text in [
            "http://api.example.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
            "HTTPS://api.example.com",
            "api.example.com",
            "https://",
            "https://user@api.example.com",
            "https://api.example.com.",
            "https://api..example.com",
            "https://api.example.com:",
            "https://api.example.com:0",
            "https://api.example.com:0443",
            "https://api.example.com:65536",
            "https://api.example.com:+80",
            "https://api.example.com/v1",
            "https://api.example.com?x",
            "https://api.example.com#x",
            "https://api.example.com\\@evil.example",
            "https://exämple.com",
            "https://[::1",
            "https://[::1]x",
            "https://[v1.x]",
            "https://a b",
            "https://2130706433",
            "https://127.1",
            "https://0177.0.0.1",
            "https://0x7f.0.0.1",
            "https://127.0.0.0x1",
            "https://api.example.0x",
            "https://1.2.3.4.5",
            "https://256.0.0.1",
            "https://[fe80::1%25eth0]",
            "https://[fe80::1%eth0]",
            "https://[::ffff:127.0.0.1]",
            "https://[::ffff:7f00:1]",
            "https://xn--exmple-cua.com",
            "https://api.XN--exmple-cua.com",
            "https://-a.example.com",
            "https://a-.example.com",
            "https://api.example.com%2e",
            "https://%61pi.example.com",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }
}
