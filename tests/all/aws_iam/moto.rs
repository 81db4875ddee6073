//! The adapter against moto, another project's fake of AWS, run with `--ignored` where that is installed: its `moto_server`
//! is on the path, or in the virtual environment that `KEYWRIGHT_MOTO` names.
//!
//! moto checks signatures with botocore's own signer once it is told after how many requests. It has no lag, ignores paging,
//! and lets an inactive key go on; what it does otherwise than AWS is left to the simulator.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use keywright_runtime::{Account, AccountConfig, EndpointOverride, Outcome, Parts, Quota, Reason};
use keywright_tests::{AwsIamBench as Bench, engine, exposed, object};
use serde_json::json;

use crate::outcome::{failure, reason};

const VARIABLE: &str = "KEYWRIGHT_MOTO";

/// A server that ends with the test.
struct Moto {
    process: Child,
    port: u16,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    let places: Vec<PathBuf> = match std::env::var_os(VARIABLE) {
        Some(environment) => vec![PathBuf::from(environment).join("bin")],
        None => std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect(),
    };
    let program = places.into_iter().map(|place| place.join("moto_server")).find(|program| program.is_file());
    program.unwrap_or_else(|| panic!("put moto_server on the path, or name its virtual environment in {VARIABLE}"))
}

impl Moto {
    /// A fresh server that checks signatures and rights after so many requests.
    fn start(unchecked: usize) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env("INITIAL_NO_AUTH_ACTION_COUNT", unchecked.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut moto = Self { process, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = moto.process.try_wait().unwrap();
            assert!(ended.is_none() && started.elapsed() < Duration::from_secs(120), "moto did not start: {ended:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
        moto
    }

    /// Makes a call that the adapter never makes, or not without a credential.
    fn prepare(&self, form: &str) -> String {
        let head = format!(
            "POST / HTTP/1.1\r\nHost: iam.amazonaws.com\r\nConnection: close\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential=AKIAEXAMPLE000000001/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n",
            form.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(format!("{head}{form}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{form}: {answer}");
        answer
    }

    async fn account(&self, access_key_id: &str, secret_access_key: &str) -> Account {
        let adapter = Bench::built_in().load(engine()).await.unwrap();
        let url = format!("http://127.0.0.1:{}", self.port);
        let config = AccountConfig {
            credential: Parts::from_iter([("access_key_id", access_key_id), ("secret_access_key", secret_access_key)]),
            endpoints: EndpointOverride::every(adapter.descriptor(), &url),
            ..AccountConfig::default()
        };
        Account::new(&adapter, config).unwrap()
    }
}

/// What stands between an element's tags.
fn element<'a>(answer: &'a str, name: &str) -> &'a str {
    let (_, rest) = answer.split_once(&format!("<{name}>")).expect("the element");
    rest.split_once(&format!("</{name}>")).expect("its end").0
}

fn creation(user: &str, status: &str) -> keywright_runtime::CreateRequest {
    let attributes = object(json!({"user_name": user, "status": status}));
    keywright_runtime::CreateRequest { attributes, ..Default::default() }
}

const EVERYTHING: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C\
                          %22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";

#[tokio::test]
#[ignore = "needs moto_server, which is no crate"]
async fn an_access_key_lives_its_whole_life_at_moto_which_checks_each_signature() {
    let moto = Moto::start(4);
    for user in ["admin", "ci-deploy"] {
        moto.prepare(&format!("Action=CreateUser&Version=2010-05-08&UserName={user}"));
    }
    let policy = format!("UserName=admin&PolicyName=all&PolicyDocument={EVERYTHING}");
    moto.prepare(&format!("Action=PutUserPolicy&Version=2010-05-08&{policy}"));
    let made = moto.prepare("Action=CreateAccessKey&Version=2010-05-08&UserName=admin");
    let (own, secret) = (element(&made, "AccessKeyId"), element(&made, "SecretAccessKey"));

    let account = moto.account(own, secret).await;
    let principal = account.check().await.unwrap();
    assert_eq!(principal.credential_id, Some(format!("admin/{own}")));
    assert_eq!(principal.details["arn"], "arn:aws:iam::123456789012:user/admin");

    let issued = account.create(&creation("ci-deploy", "Active")).await.unwrap();
    let id = issued.credential.id.as_str();
    assert_eq!(id, format!("ci-deploy/{}", exposed(&issued.parts, "access_key_id")));
    assert_eq!(issued.warnings, [""; 0]);
    let second = account.create(&creation("ci-deploy", "Inactive")).await.unwrap();
    assert!(!second.credential.enabled && second.warnings.is_empty());
    let refused = reason(account.create(&creation("ci-deploy", "Active")).await);
    assert_eq!(refused, Reason::Quota(Quota { limit: Some(2), used: None }));

    let filter =
        keywright_runtime::Filter { attributes: object(json!({"user_name": "ci-deploy"})), ..Default::default() };
    let listed = account.list_all(&filter).await.unwrap();
    assert_eq!(listed.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [id, &second.credential.id]);
    assert_eq!(account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
    let stored = account.get(id).await.unwrap().unwrap();
    assert!(stored.created_at.instant().is_some() && stored.last_used_at.instant().is_some(), "{stored:?}");
    assert_eq!(stored.attributes["last_used_service"], "sts");

    let mut wrong = issued.parts.clone();
    wrong.insert("secret_access_key", "0".repeat(40));
    assert_eq!(account.verify(id, &wrong).await.unwrap().outcome, Outcome::Refused);
    let refused = failure(moto.account(own, &"0".repeat(40)).await.list(&filter, None).await);
    assert_eq!(refused.reason, Reason::Unauthenticated);

    assert!(!account.set_enabled(id, false).await.unwrap().enabled);
    assert_eq!(account.get(id).await.unwrap().unwrap().attributes["status"], "Inactive");
    for id in [id, &second.credential.id] {
        account.revoke(id).await.unwrap();
        assert_eq!(account.get(id).await.unwrap(), None);
    }
    assert_eq!(account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Refused);
    account.revoke(id).await.unwrap();
    assert_eq!(account.list_all(&filter).await.unwrap(), []);
}
