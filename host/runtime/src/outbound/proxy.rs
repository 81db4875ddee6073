//! A proxy between this machine and the vendors: which requests go through one, and the way through it (`CONNECT`, RFC
//! 9110 section 9.3.6). TLS goes through from end to end, so that a proxy sees the name of a host and no more.

use std::fmt;
use std::io;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The longest answer to `CONNECT`, in bytes.
const LONGEST_ANSWER: usize = 16 << 10;

/// An HTTP proxy, and what is reached without it. `Debug` shows no credentials.
///
/// ```
/// use keywright_runtime::Proxy;
///
/// let proxy: Proxy = "http://proxy.example:3128".parse()?;
/// let proxy = proxy.except("localhost,.intern.example");
/// assert!(proxy.serves("api.vendor.example", 443));
/// assert!(!proxy.serves("vault.intern.example", 443));
/// # Ok::<(), keywright_runtime::ProxyError>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    host: String,
    port: u16,
    /// The value of `Proxy-Authorization`.
    authorization: Option<SecretString>,
    exceptions: Vec<Exception>,
    spares_loopback: bool,
}

/// Why a proxy cannot be used. No message quotes its URL, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// The scheme is another than `http`.
    #[error("it is a proxy of a kind that is not supported: give one as http://HOST:PORT")]
    Scheme,
    /// It is not a URL of a host.
    #[error("it is not the URL of a proxy: write http://HOST:PORT, with user and password percent-encoded")]
    Malformed,
}

/// What is reached without the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    Everything,
    /// A host and all below it, at one port or at all.
    Domain(String, Option<u16>),
}

impl std::str::FromStr for Proxy {
    type Err = ProxyError;

    /// `http://[USER:PASSWORD@]HOST[:PORT]`, or without the scheme, as in `HTTPS_PROXY`.
    fn from_str(url: &str) -> Result<Self, ProxyError> {
        let rest = match url.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            Some(_) => return Err(ProxyError::Scheme),
            None => url,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, address) = match rest.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, rest),
        };
        let authority: http::uri::Authority = address.parse().map_err(|_| ProxyError::Malformed)?;
        let host = authority.host();
        let has_port = authority.as_str().len() > host.len();
        let port = match authority.port_u16() {
            Some(0) => return Err(ProxyError::Malformed),
            Some(port) => port,
            None if has_port => return Err(ProxyError::Malformed),
            None => 80,
        };
        if host.is_empty() {
            return Err(ProxyError::Malformed);
        }
        let authorization = user.map(basic).transpose()?;
        Ok(Self {
            host: unbracketed(host).to_owned(),
            port,
            authorization,
            exceptions: Vec::new(),
            spares_loopback: false,
        })
    }
}

/// Basic authentication with a user and a password as a URL has them.
fn basic(user: &str) -> Result<SecretString, ProxyError> {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let decoded = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8().map_err(|_| ProxyError::Malformed)?;
        if decoded.contains(char::is_control) { Err(ProxyError::Malformed) } else { Ok(decoded.into_owned()) }
    };
    let pair = SecretString::from(format!("{}:{}", decoded(name)?, decoded(password)?));
    Ok(format!("Basic {}", STANDARD.encode(pair.expose_secret())).into())
}

impl Proxy {
    /// The same, with hosts that are reached without it, as in `NO_PROXY`: names, each with all names below it, separated by
    /// commas, each with a port or without; `*` for all.
    #[must_use]
    pub fn except(mut self, no_proxy: &str) -> Self {
        let entries = no_proxy.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty());
        self.exceptions.extend(entries.map(Exception::read));
        self
    }

    /// The same, with this machine's own loopback addresses reached without it: to a proxy they are its own.
    #[must_use]
    pub fn except_loopback(self) -> Self {
        Self { spares_loopback: true, ..self }
    }

    /// Whether a host is reached through it.
    pub fn serves(&self, host: &str, port: u16) -> bool {
        let host = unbracketed(host).to_ascii_lowercase();
        if self.spares_loopback && (host == "localhost" || host.parse().is_ok_and(|it: IpAddr| it.is_loopback())) {
            return false;
        }
        !self.exceptions.iter().any(|exception| match exception {
            Exception::Everything => true,
            Exception::Domain(domain, at) => {
                let is_below = host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'));
                (host == *domain || is_below) && at.is_none_or(|at| at == port)
            }
        })
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Asks for a way to a host, on a connection to the proxy.
    ///
    /// # Errors
    ///
    /// Why there is none, in words.
    pub(crate) async fn tunnel(&self, tcp: &mut TcpStream, host: &str, port: u16) -> Result<(), String> {
        let target = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if let Some(authorization) = &self.authorization {
            request.push_str(&format!("Proxy-Authorization: {}\r\n", authorization.expose_secret()));
        }
        request.push_str("\r\n");
        let request = SecretString::from(request);
        let broke = |error: io::Error| format!("the connection broke: {}", error.kind());
        tcp.write_all(request.expose_secret().as_bytes()).await.map_err(broke)?;
        let mut answer = Vec::new();
        loop {
            // TLS begins with this side, so nothing may come after the answer.
            if let Some(end) = end_of_head(&answer) {
                return if end == answer.len() {
                    status(&answer)
                } else {
                    Err("it says more than it was asked".to_owned())
                };
            }
            if answer.len() > LONGEST_ANSWER {
                return Err("its answer is too long".to_owned());
            }
            if tcp.read_buf(&mut answer).await.map_err(broke)? == 0 {
                return match answer.is_empty() {
                    true => Err("it closed the connection without an answer".to_owned()),
                    false => status(&answer).and(Err("its answer was cut off".to_owned())),
                };
            }
        }
    }
}

fn end_of_head(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// Whether the proxy gives a way.
fn status(answer: &[u8]) -> Result<(), String> {
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).unwrap_or_default();
    let code = line.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).and_then(|code| code.parse::<u16>().ok());
    match code {
        Some(200..300) => Ok(()),
        Some(407) => Err("it demands credentials (407): give them in its URL as USER:PASSWORD@".to_owned()),
        Some(403) => Err("it does not allow this host (403)".to_owned()),
        Some(code) => Err(format!("it answers {code}")),
        None => Err("it is not an HTTP proxy".to_owned()),
    }
}

impl Exception {
    fn read(entry: &str) -> Self {
        if entry == "*" {
            return Self::Everything;
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => match port.parse() {
                Ok(port) => (host, Some(port)),
                Err(_) => (entry, None),
            },
            _ => (entry, None),
        };
        let host = unbracketed(host.strip_prefix("*.").unwrap_or(host));
        Self::Domain(host.trim_start_matches('.').to_ascii_lowercase(), port)
    }
}

fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Where it is, without its credentials.
impl fmt::Display for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(formatter, "[{}]:{}", self.host, self.port),
            false => write!(formatter, "{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Proxy({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str) -> Result<Proxy, ProxyError> {
        url.parse()
    }

    #[test]
    fn a_proxy_is_a_host_and_a_port() {
        for (url, shown) in [
            ("http://proxy.example:3128", "proxy.example:3128"),
            ("HTTP://proxy.example:3128/", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
            ("http://proxy.example", "proxy.example:80"),
            ("http://[fd00::1]:3128", "[fd00::1]:3128"),
        ] {
            assert_eq!(proxy(url).map(|proxy| proxy.to_string()).as_deref(), Ok(shown), "{url}");
        }
        for url in
            ["", "http://", "http://proxy.example:x", "http://proxy.example:0", "http://a b", "http://h/path", "h?q"]
        {
            assert_eq!(proxy(url).err(), Some(ProxyError::Malformed), "{url}");
        }
        for url in ["https://proxy.example", "socks5://proxy.example:1080"] {
            assert_eq!(proxy(url).err(), Some(ProxyError::Scheme), "{url}");
        }
    }

    #[test]
    fn its_credentials_are_decoded_and_never_shown() {
        let proxy = proxy("http://me:hush%40%3a1234@proxy.example:3128").unwrap();
        let authorization = proxy.authorization.as_ref().unwrap().expose_secret();
        assert_eq!(authorization, format!("Basic {}", STANDARD.encode("me:hush@:1234")));
        assert_eq!(format!("{proxy} {proxy:?}"), "proxy.example:3128 Proxy(proxy.example:3128)");
        for url in ["http://me:%0d%0aX:1@p:1", "http://me:%ff@p:1"] {
            let error = super::tests::proxy(url).unwrap_err();
            assert!(!error.to_string().contains("me"), "{error}");
        }
    }

    #[test]
    fn some_hosts_are_reached_without_it() {
        let proxy =
            proxy("p:1").unwrap().except("localhost, .intern.example,*.lab.example,api.example:8443,[fd00::1]:1,::2");
        for (host, port, serves) in [
            ("localhost", 443, false),
            ("intern.example", 443, false),
            ("A.INTERN.example", 443, false),
            ("notintern.example", 443, true),
            ("x.lab.example", 443, false),
            ("api.example", 8443, false),
            ("api.example", 443, true),
            ("fd00::1", 1, false),
            ("[fd00::1]", 443, true),
            ("::2", 443, false),
            ("vendor.example", 443, true),
        ] {
            assert_eq!(proxy.serves(host, port), serves, "{host}:{port}");
        }
        let spares = super::tests::proxy("p:1").unwrap().except_loopback();
        for (host, serves) in [("localhost", false), ("127.8.9.1", false), ("[::1]", false), ("10.0.0.1", true)] {
            assert_eq!(spares.serves(host, 443), serves, "{host}");
        }
        assert!(!super::tests::proxy("p:1").unwrap().except("*").serves("vendor.example", 443));
        assert!(super::tests::proxy("p:1").unwrap().except("").serves("vendor.example", 443));
    }

    #[test]
    fn only_a_2xx_is_a_way_through() {
        for (answer, outcome) in [
            ("HTTP/1.1 200 Connection established\r\n\r\n", Ok(())),
            ("HTTP/1.0 200\r\n\r\n", Ok(())),
            ("HTTP/1.1 407 Proxy Authentication Required\r\n", Err("it demands credentials (407)")),
            ("HTTP/1.1 502 Bad Gateway\r\n", Err("it answers 502")),
            ("HTTP/1.1 302 Found\r\n", Err("it answers 302")),
            ("SSH-2.0-x\r\n", Err("it is not an HTTP proxy")),
        ] {
            match (status(answer.as_bytes()), outcome) {
                (Ok(()), Ok(())) => {}
                (Err(said), Err(says)) => assert!(said.starts_with(says), "{said}"),
                (said, _) => panic!("{answer}: {said:?}"),
            }
        }
    }
}
