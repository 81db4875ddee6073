//! Certificates and CA files as people have them: what curl takes is taken, and what is wrong is told by its own name.

#![allow(clippy::unwrap_used, reason = "what fails here fails its test")]

mod common;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use common::{Simulated, UNKNOWN_SECRET, fail, keywright, succeed};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// A server that shows these certificates, and answers nothing.
struct Server {
    port: u16,
    _runtime: Runtime,
}

impl Server {
    fn showing(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth();
        // Also a certificate that no client should take is shown.
        let key = ring::sign::any_supported_type(&key).unwrap();
        let shown = Arc::new(rustls::sign::CertifiedKey::new(chain, key));
        let acceptor = TlsAcceptor::from(Arc::new(config.with_cert_resolver(Arc::new(Always(shown)))));
        Self::start(move |tcp| {
            let acceptor = acceptor.clone();
            async move {
                if let Ok(mut tls) = acceptor.accept(tcp).await {
                    let _ended = tls.read(&mut [0; 64]).await;
                }
            }
        })
    }

    fn start<F: Future<Output = ()> + Send + 'static>(
        serve: impl Fn(tokio::net::TcpStream) -> F + Send + 'static,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                tokio::spawn(serve(tcp));
            }
        });
        Self { port, _runtime: runtime }
    }

    /// What is said about it, with this authority.
    fn refused(&self, directory: &Path, ca: &str, named: &str) -> String {
        let file = directory.join("ca.pem");
        fs::write(&file, ca).unwrap();
        let mut command = keywright(&["call", "scaleway", "list", "--ca-file", file.to_str().unwrap()]);
        command.args(["--endpoint", &format!("https://localhost:{}", self.port)]);
        command.env("SCW_DEFAULT_ORGANIZATION_ID", "105bdce1-64c0-48ab-899d-868455867ecf");
        fail(command.env("SCW_SECRET_KEY", UNKNOWN_SECRET), named)
    }
}

#[derive(Debug)]
struct Always(Arc<rustls::sign::CertifiedKey>);

impl rustls::server::ResolvesServerCert for Always {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(self.0.clone())
    }
}

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Issuer {
    named_authority("one")
}

fn named_authority(name: &str) -> Issuer {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn key_of(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()))
}

/// A certificate for `localhost`, with something changed.
fn leaf(issuer: &Issuer, change: impl FnOnce(&mut CertificateParams)) -> Server {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap();
    Server::showing(vec![certificate.der().clone()], key_of(&key))
}

#[test]
fn each_fault_of_a_certificate_has_its_own_words() {
    let (directory, ca) = (tempfile::tempdir().unwrap(), authority());
    type Change = Box<dyn FnOnce(&mut CertificateParams)>;
    let cases: [(Change, &str); 6] = [
        (
            Box::new(|params| params.not_after = date_time_ymd(2001, 1, 1)),
            "it has expired): check this machine's clock",
        ),
        (Box::new(|params| params.not_before = date_time_ymd(2999, 1, 1)), "it is not valid yet"),
        (
            Box::new(|params| {
                params.subject_alt_names = vec![rcgen::SanType::DnsName("a.example".try_into().unwrap())]
            }),
            "it is for another host): check the account's endpoint",
        ),
        (
            Box::new(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
            "it is not for a server): have one made whose extended key usage names serverAuth",
        ),
        (
            Box::new(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
            "it is the certificate of an authority, and is used as a server's): have one made for the server",
        ),
        (
            Box::new(|params| {
                let mut unknown = rcgen::CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
                unknown.set_criticality(true);
                params.custom_extensions = vec![unknown];
            }),
            "it has an extension that is malformed or not known here",
        ),
    ];
    for (change, says) in cases {
        let said = leaf(&ca, change).refused(directory.path(), &ca.pem(), "is not trusted");
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn a_self_signed_certificate_and_another_authority_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let (ca, of_its_name, other) = (authority(), authority(), named_authority("other"));
    let server = leaf(&ca, |_| {});
    let said = server.refused(directory.path(), &other.pem(), "is not trusted (its issuer is unknown)");
    assert!(said.contains("give the CA certificate that vouches for it"), "{said}");
    let said = server.refused(directory.path(), &of_its_name.pem(), "is not trusted (its signature does not match)");
    assert!(said.contains("check that the CA certificate is the one that it was signed with"), "{said}");

    // As `openssl req -x509` makes one.
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let server = Server::showing(vec![certificate.der().clone()], key_of(&key));
    server.refused(
        directory.path(),
        &certificate.pem(),
        "with basicConstraints CA:FALSE, and signed by that authority",
    );
}

#[test]
fn old_and_uncommon_certificates_are_named_as_what_they_are() {
    let directory = tempfile::tempdir().unwrap();
    for (ca, leaf, key, says) in [
        (
            include_str!("tls/ca-v1.pem"),
            include_str!("tls/v1.pem"),
            include_str!("tls/v1.key"),
            "it is of X.509 version 1 or 2): have one of version 3 made",
        ),
        (
            include_str!("tls/ca-p521.pem"),
            include_str!("tls/p521.pem"),
            include_str!("tls/p521.key"),
            "it is signed with an algorithm or a key that is not supported): have it signed with RSA",
        ),
    ] {
        let chain = CertificateDer::pem_slice_iter(leaf.as_bytes()).map(Result::unwrap).collect();
        let server = Server::showing(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap());
        let said = server.refused(directory.path(), ca, "is not trusted");
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn what_does_not_speak_tls_is_not_told_as_a_certificate() {
    let (directory, ca) = (tempfile::tempdir().unwrap(), authority());
    for (answer, says) in [
        (
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            "it does not speak TLS at this port): check the account's endpoint and its port",
        ),
        (
            "\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{46}",
            "it refuses every version or cipher that is offered): check that it speaks TLS 1.2",
        ),
        ("\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{28}", "it refuses every version or cipher that is offered"),
        ("\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{70}", "it does not know the host by this name"),
    ] {
        let server = Server::start(move |mut tcp| async move {
            use tokio::io::AsyncWriteExt as _;
            let _hello = tcp.read(&mut [0; 1024]).await;
            let _sent = tcp.write_all(answer.as_bytes()).await;
            let _closed = tcp.shutdown().await;
        });
        let said = server.refused(directory.path(), &ca.pem(), "no secure connection to");
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn a_ca_file_is_read_as_curl_reads_it() {
    let simulated = Simulated::new();
    let pem = simulated.simulator.ca_pem().unwrap().to_owned();
    let file = simulated.file("ca.pem");
    let trusted = pem.replace(" CERTIFICATE", " TRUSTED CERTIFICATE");
    let indented: String = pem.lines().map(|line| format!("{line}  \r\n")).collect();
    let latin = [b"# Autorit\xe9 de certification\n".as_slice(), pem.as_bytes(), b"\nfin\xe9\n"].concat();
    let with_key = format!("{}{pem}", KeyPair::generate().unwrap().serialize_pem());
    for text in [
        format!("\u{feff}{pem}").into_bytes(),
        latin,
        format!("subject=CN = lab\nissuer=CN = lab\n{pem}{pem}").into_bytes(),
        indented.into_bytes(),
        trusted.into_bytes(),
        with_key.into_bytes(),
    ] {
        fs::write(&file, &text).unwrap();
        succeed(&mut simulated.call(&["list"]));
    }
    fs::write(&file, pem.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).unwrap();
    fail(&mut simulated.call(&["list"]), "there is no certificate in it");
    fs::write(
        &file,
        [&[0xff, 0xfe], pem.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().as_slice()].concat(),
    )
    .unwrap();
    fail(&mut simulated.call(&["list"]), "is UTF-16");
    fs::write(&file, "no certificate\n").unwrap();
    fail(&mut simulated.call(&["list"]), "there is no certificate in it");
}
