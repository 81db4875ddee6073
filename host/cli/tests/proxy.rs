//! Vendors behind a proxy.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use assert_cmd::Command;
use common::{Simulated, UNKNOWN_SECRET, fail, fail_json, keywright, succeed};

/// A proxy that takes `CONNECT` and writes down what it was asked, and what went through.
struct Proxy {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    through: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    /// Answers so where it refuses; opens the way where there is no answer.
    fn start(refusal: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, through) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Vec<u8>>>::default());
        let (of_thread, bytes) = (asked.clone(), through.clone());
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (mut client, asked, bytes) = (client.unwrap(), of_thread.clone(), bytes.clone());
                std::thread::spawn(move || serve(&mut client, refusal, &asked, bytes));
            }
        });
        Self { port, asked, through }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn serve(
    client: &mut TcpStream,
    refusal: Option<&str>,
    asked: &Mutex<Vec<String>>,
    bytes: Arc<Mutex<Vec<u8>>>,
) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    asked.lock().unwrap().push(head.clone());
    if let Some(refusal) = refusal {
        client.write_all(refusal.as_bytes()).ok()?;
        return client.shutdown(Shutdown::Write).ok();
    }
    let target = head.split(' ').nth(1).unwrap();
    let mut server = TcpStream::connect(target).ok()?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 lab\r\n\r\n").ok()?;
    let (mut from_client, mut to_server) = (client.try_clone().ok()?, server.try_clone().ok()?);
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = from_client.read(&mut piece) {
            bytes.lock().unwrap().extend_from_slice(&piece[..length]);
            if to_server.write_all(&piece[..length]).is_err() {
                break;
            }
        }
        to_server.shutdown(Shutdown::Write).ok();
    });
    std::io::copy(&mut server, client).ok();
    client.shutdown(Shutdown::Both).ok()
}

fn list(simulated: &Simulated) -> Command {
    simulated.call(&["list"])
}

#[test]
fn a_vendor_is_reached_through_a_proxy_that_sees_nothing_but_its_name() {
    let (simulated, proxy) = (Simulated::new(), Proxy::start(None));
    succeed(list(&simulated).args(["--proxy", &proxy.url()]));
    let address = simulated.simulator.base_url().strip_prefix("https://").unwrap();
    let asked = proxy.asked();
    assert_eq!(asked.len(), 1, "one connection serves the call");
    assert!(asked[0].starts_with(&format!("CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n")), "{asked:?}");
    assert!(!asked[0].contains("Proxy-Authorization"), "{asked:?}");
    let through = String::from_utf8_lossy(&proxy.through.lock().unwrap()).into_owned();
    for hidden in [simulated.secret(), simulated.organization(), "/iam/".to_owned()] {
        assert!(!through.contains(&hidden), "TLS goes from end to end");
    }
    // The certificate is the vendor's to show, also through a proxy.
    let mut stranger = keywright(&["call", "scaleway", "list", "--endpoint", simulated.simulator.base_url()]);
    stranger.env("SCW_DEFAULT_ORGANIZATION_ID", simulated.organization()).env("SCW_SECRET_KEY", simulated.secret());
    fail(stranger.args(["--proxy", &proxy.url()]), "is not trusted (its issuer is unknown)");
}

/// A list at a host that only a proxy could know.
fn elsewhere() -> Command {
    let mut command = keywright(&["call", "scaleway", "list", "--endpoint", "https://vendor.invalid"]);
    command.env("SCW_DEFAULT_ORGANIZATION_ID", "105bdce1-64c0-48ab-899d-868455867ecf");
    command.env("SCW_SECRET_KEY", UNKNOWN_SECRET);
    command
}

#[test]
fn flags_go_before_the_configuration_and_that_before_the_environment() {
    let refusal = Some("HTTP/1.1 403 Forbidden\r\n\r\n");
    let proxies = [Proxy::start(refusal), Proxy::start(refusal), Proxy::start(refusal)];
    let [of_flag, of_account, of_environment] = &proxies;
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("keywright.toml");
    std::fs::write(&config, format!("[accounts.a]\nvendor = 'scaleway'\nproxy = '{}'\n", of_account.url())).unwrap();
    let call = |with_account: bool, flags: &[&str], no_proxy: &str| {
        let mut command = elsewhere();
        if with_account {
            command.args(["--account", "a", "--config"]).arg(&config);
        }
        command.args(flags).env("https_proxy", of_environment.url()).env("NO_PROXY", no_proxy);
        fail(&mut command, "vendor.invalid");
        proxies.each_ref().map(|proxy| proxy.asked().len())
    };
    assert_eq!(call(true, &["--proxy", &of_flag.url()], ""), [1, 0, 0]);
    assert_eq!(call(true, &[], ""), [1, 1, 0]);
    assert_eq!(call(false, &[], ""), [1, 1, 1]);
    assert_eq!(call(false, &["--proxy", "none"], ""), [1, 1, 1]);
    assert_eq!(call(true, &[], "vendor.example,.invalid"), [1, 1, 1], "NO_PROXY names the host");
    assert!(of_environment.asked()[0].starts_with("CONNECT vendor.invalid:443 HTTP/1.1\r\n"));
}

#[test]
fn a_simulator_on_this_machine_is_not_sought_through_the_proxy_of_the_environment() {
    let (simulated, proxy) = (Simulated::new(), Proxy::start(None));
    succeed(list(&simulated).env("HTTPS_PROXY", proxy.url()));
    assert_eq!(proxy.asked(), [""; 0]);
}

#[test]
fn what_a_proxy_refuses_is_told_without_its_password() {
    for (refusal, says) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "it demands credentials (407)"),
        ("HTTP/1.1 403 Forbidden\r\n\r\n", "it does not allow this host (403)"),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n<html>", "it says more than it was asked"),
        ("", "it closed the connection without an answer"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "it is not an HTTP proxy"),
    ] {
        let (simulated, proxy) = (Simulated::new(), Proxy::start(Some(refusal)));
        let url = format!("http://me:hush-1234@127.0.0.1:{}", proxy.port);
        let said = fail(elsewhere().env("HTTPS_PROXY", &url), &format!("the proxy 127.0.0.1:{}", proxy.port));
        assert!(said.contains(says) && !said.contains("hush"), "{said}");
        assert!(proxy.asked()[0].contains("\r\nProxy-Authorization: Basic bWU6aHVzaC0xMjM0\r\n"));
        let application = format!("application_id={}", simulated.application());
        let create = ["create", "--reveal", "--attr", &application, "--proxy", &url];
        assert_eq!(
            fail_json(&mut simulated.call(&create))["kind"],
            "unavailable",
            "nothing was sent, so nothing is in doubt"
        );
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_by_where_it_was_named() {
    let simulated = Simulated::new();
    for (url, says) in [
        ("socks5://me:hush-1234@127.0.0.1:1", "a kind that is not supported"),
        ("http://me:hush-1234@127.0.0.1:port", "not the URL of a proxy"),
    ] {
        let said = fail(list(&simulated).env("HTTPS_PROXY", url), "the proxy of HTTPS_PROXY cannot be used");
        assert!(said.contains(says) && !said.contains("hush"), "{said}");
        fail(&mut simulated.call(&["list", "--proxy", url]), "the proxy of --proxy cannot be used");
    }
    fail(elsewhere().env("HTTPS_PROXY", "http://127.0.0.1:1"), "the proxy 127.0.0.1:1 gives no way to");
}
