//! Origins: the scheme, host and port that a request goes to.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// An `https` origin: a host and a port, and nothing else.
///
/// Parses `https://HOST` and `https://HOST:PORT`, with at most a slash behind; the host is a DNS name in ASCII, an IPv4
/// address or an IPv6 address in brackets, kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    host: Box<str>,
    port: u16,
}

impl Origin {
    /// The host in lower case; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port; 443 unless another is named.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The host, and the port where it is not 443: what goes into the `Host` header.
    pub fn authority(&self) -> String {
        match self.port {
            HTTPS => self.host.to_string(),
            port => format!("{}:{port}", self.host),
        }
    }

    /// Whether a request's host and port are this origin. The host's case does not matter (RFC 9110 section 4.2.3).
    pub(crate) fn is(&self, host: &str, port: u16) -> bool {
        self.port == port && self.host.eq_ignore_ascii_case(host)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "https://{}", self.authority())
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(url: &str) -> Result<Self, OriginError> {
        let authority = url.strip_prefix("https://").ok_or(OriginError::Scheme)?;
        let (host, port) = split_authority(authority.strip_suffix('/').unwrap_or(authority))?;
        Ok(Self { host: host.to_ascii_lowercase().into(), port })
    }
}

const HTTPS: u16 = 443;

/// Splits an authority into host and port, and refuses all that is not plainly one host and one port.
pub(crate) fn split_authority(authority: &str) -> Result<(&str, u16), OriginError> {
    let end_of_host = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']').map_or(authority.len(), |bracket| bracket + 2),
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end_of_host);
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => HTTPS,
        Some(digits) if is_port(digits) => digits.parse().map_err(|_| OriginError::Port)?,
        _ => return Err(OriginError::Port),
    };
    if is_host(host) { Ok((host, port)) } else { Err(OriginError::Host) }
}

/// Digits without a leading zero: `0` is no port, and `0443` is 443 to some and not to others.
fn is_port(digits: &str) -> bool {
    !digits.starts_with('0') && !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    // Labels of a DNS name. A trailing dot is another spelling of the same name, so it is none here.
    !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

/// Why a text is not an `https` origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// It does not start with `https://`.
    #[error("it must start with https://")]
    Scheme,
    /// What follows is no host name or address: user names, paths, queries and names outside ASCII are none either.
    #[error("between https:// and the port there must be a plain host name or address, and nothing after the port")]
    Host,
    /// The port is no number from 1 to 65535.
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
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_origin() {
        for text in [
            "http://api.example.com",
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
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }
}
