//! A vendor that a test writes itself, a guest that was granted no more than the test says, and an account.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use keywright_egress::{Denial, DenialReason};
use keywright_runtime::{
    Account, AccountConfig, Adapter, CallError, CreateRequest, Credential, EndpointOverride, Filter, Grant, Issued,
    Outcome, Page, Parts,
};
use keywright_tests::{ScriptedVendor, engine, exposed, object};
use serde_json::{Value, json};

use super::keys::Keys;

/// What a guest is tried with.
pub(super) struct Stage {
    pub(super) vendor: ScriptedVendor,
    pub(super) account: Account,
    /// What of the administrator's is to be seen by nobody.
    secrets: Vec<String>,
}

impl Stage {
    /// An account with these settings and this credential, through the guest of this name.
    pub(super) async fn set(
        vendor: ScriptedVendor,
        guest: &str,
        grant: &str,
        settings: Value,
        credential: &[(&str, &str)],
    ) -> Self {
        Self::of(vendor, &component(guest), grant, settings, credential).await
    }

    /// An account with these settings and this credential, through this component.
    pub(super) async fn of(
        vendor: ScriptedVendor,
        component: &[u8],
        grant: &str,
        settings: Value,
        credential: &[(&str, &str)],
    ) -> Self {
        let grant = Grant::rules(grant.parse().expect("rules"));
        let adapter =
            Adapter::load_unpinned(engine(), component, &grant).await.unwrap_or_else(|error| panic!("{error}"));
        let described = adapter.descriptor();
        let secrets = credential.iter().filter(|(name, _)| described.administrator.is_secret(name));
        let secrets = secrets.flat_map(|(_, value)| pieces(value)).map(str::to_owned).collect();
        let config = AccountConfig {
            settings: object(settings),
            credential: Parts::from_iter(credential.iter().copied()),
            endpoints: EndpointOverride::every(described, &vendor.url()),
            ca_pem: Some(vendor.ca_pem().to_owned()),
            ..AccountConfig::default()
        };
        let account = Account::new(&adapter, config).expect("an account");
        Self { vendor, account, secrets }
    }

    /// The same vendor and credential through the guest's hostile twin, or any other guest.
    pub(super) async fn hostile(
        vendor: ScriptedVendor,
        guest: &str,
        grant: &str,
        settings: Value,
        credential: &[(&str, &str)],
    ) -> Self {
        Self::set(vendor, &format!("hostile_{guest}"), grant, settings, credential).await
    }

    /// A key, or how it ended, of a `create` with these attributes.
    pub(super) async fn create(&self, attributes: Value) -> Result<Issued, CallError> {
        let outcome = self.account.create(&creation(attributes)).await;
        self.holds_no_secret(&outcome);
        outcome
    }

    /// What comes of this attack of `create`.
    pub(super) async fn attack(&self, attack: &str) -> Result<Issued, CallError> {
        self.create(json!({"attack": attack})).await
    }

    /// The key that comes of this attack, and what the adapter saw.
    pub(super) async fn sees(&self, attack: &str) -> (Issued, String) {
        let issued = self.attack(attack).await.unwrap_or_else(|error| panic!("{attack}: {error}"));
        let seen = unveiled(&issued.credential);
        assert!(!seen.is_empty(), "{attack}");
        assert!(self.secrets.iter().all(|secret| !seen.contains(secret.as_str())), "{attack}: {seen}");
        (issued, seen)
    }

    /// What comes of this attack of `list`.
    pub(super) async fn list(&self, attack: &str) -> Result<Page, CallError> {
        let outcome = self.account.list(&Filter::default(), Some(attack)).await;
        self.holds_no_secret(&outcome);
        outcome
    }

    /// This attack of `list` is denied, for this reason, and nothing was sent.
    pub(super) async fn list_is_denied(&self, attack: &str, reason: DenialReason) {
        self.vendor.forget();
        let denial = denial(self.list(attack).await);
        assert_eq!((denial.operation.as_str(), denial.reason), ("list", reason), "{attack}: {denial}");
        assert_eq!(self.vendor.lines(), [""; 0], "{attack}");
    }

    /// This attack of `create` is denied, for this reason, and nothing was sent.
    pub(super) async fn create_is_denied(&self, attack: &str, reason: DenialReason) {
        self.vendor.forget();
        let denial = denial(self.attack(attack).await);
        assert_eq!((denial.operation.as_str(), denial.reason), ("create", reason), "{attack}: {denial}");
        assert_eq!(self.vendor.lines(), [""; 0], "{attack}");
    }

    /// This attack of `create` breaks the contract, in these words, and nothing was sent.
    pub(super) async fn breaks_the_contract(&self, attack: &str, how: &str) {
        self.vendor.forget();
        let error = self.attack(attack).await.expect_err(attack);
        assert!(matches!(error, CallError::Contract { operation: "create", .. }), "{attack}: {error:?}");
        assert!(error.to_string().contains(how), "{attack}: {error}");
        assert_eq!(self.vendor.lines(), [""; 0], "{attack}");
    }

    /// This attack of `create` sets a header that is the host's, and nothing was sent.
    pub(super) async fn may_not_set(&self, attack: &str, header: &str) {
        self.vendor.forget();
        let error = self.attack(attack).await.expect_err(attack);
        let CallError::ReservedHeader { header: named, .. } = &error else { panic!("{attack}: {error:?}") };
        assert_eq!(named, header, "{attack}");
        assert_eq!(self.vendor.lines(), [""; 0], "{attack}");
    }

    /// After this attack of `create` the vendor knows no key by anything but what the host made: the request was not sent, or
    /// it had that.
    pub(super) async fn gives_nothing_else(&self, attack: &str, keys: &Keys, hosts: impl Fn(&Issued) -> String) {
        let before = keys.ids();
        match self.attack(attack).await {
            Err(_) => assert_eq!(keys.ids(), before, "{attack}"),
            Ok(issued) => {
                let known_by = keys.ids().into_iter().filter(|id| !before.contains(id)).map(|id| keys.known_by(&id));
                let known_by: Vec<_> = known_by.collect();
                assert_eq!(known_by, [Some(hosts(&issued))], "{attack}");
            }
        }
    }

    /// What is said of a call holds nothing of the administrator's secrets.
    pub(super) fn holds_no_secret(&self, outcome: &impl Debug) {
        let said = format!("{outcome:?}");
        assert!(self.secrets.iter().all(|secret| !said.contains(secret.as_str())), "{said}");
    }

    /// The rest of the life of a key that was made: it works, is shown and listed, and is ended, after which it is not known
    /// and does not work.
    pub(super) async fn lives_and_ends(&self, issued: &Issued) {
        let id = issued.credential.id.as_str();
        let listed = async || -> Vec<String> {
            let keys = self.account.list_all(&Filter::default()).await.expect("a list");
            keys.into_iter().map(|key| key.id).collect()
        };
        assert_eq!(self.outcome(issued).await, Outcome::Active);
        assert!(self.account.get(id).await.expect("an answer").is_some());
        assert!(listed().await.contains(&id.to_owned()));
        self.account.revoke(id).await.expect("it is ended");
        assert_eq!(self.account.get(id).await.expect("an answer"), None);
        assert!(!listed().await.contains(&id.to_owned()));
        assert_eq!(self.outcome(issued).await, Outcome::Refused);
        self.account.revoke(id).await.expect("a key that is not there any more is ended");
    }

    /// Whether the vendor takes a key.
    pub(super) async fn outcome(&self, issued: &Issued) -> Outcome {
        self.account.verify(&issued.credential.id, &issued.parts).await.expect("a verdict").outcome
    }
}

/// The component of a guest.
pub(super) fn component(guest: &str) -> Vec<u8> {
    let component = Path::new(env!("OUT_DIR")).join(guest).with_extension("wasm");
    fs::read(&component).unwrap_or_else(|_| panic!("there is no guest `{guest}`"))
}

/// What of a secret is not to be seen: of a key in PEM each of its lines.
pub(super) fn pieces(secret: &str) -> Vec<&str> {
    match secret.starts_with("-----BEGIN ") {
        true => secret.lines().filter(|line| !line.starts_with("-----")).collect(),
        false => vec![secret],
    }
}

/// A creation with these attributes.
pub(super) fn creation(attributes: Value) -> CreateRequest {
    CreateRequest { attributes: object(attributes), ..CreateRequest::default() }
}

/// What an adapter says that it saw: it says so backwards, for the host would take secrets out of it.
pub(super) fn unveiled(credential: &Credential) -> String {
    let seen = credential.attributes.get("seen").and_then(Value::as_str);
    seen.unwrap_or_default().chars().rev().collect()
}

/// The denial that a call ended with.
#[track_caller]
pub(super) fn denial<T: Debug>(outcome: Result<T, CallError>) -> Denial {
    match outcome {
        Err(CallError::Denied(denial)) => *denial,
        other => panic!("no denial: {other:?}"),
    }
}

/// A key was made for this call, and is not lost: how the call ended, and what the vendor had issued.
#[track_caller]
pub(super) fn in_doubt<T: Debug>(outcome: Result<T, CallError>) -> (CallError, Parts) {
    match outcome {
        Err(CallError::InDoubt { cause, minted, .. }) => (*cause, minted),
        other => panic!("not in doubt: {other:?}"),
    }
}

/// What a key is known by.
pub(super) fn secret(issued: &Issued) -> String {
    exposed(&issued.parts, "secret")
}
