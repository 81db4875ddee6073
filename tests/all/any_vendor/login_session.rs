//! A login: user name and password for a session that every request names.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use keywright_egress::DenialReason;
use keywright_tests::{Arrived, Reply, ScriptedVendor};
use serde_json::{Map, Value, json};

use super::keys::{Caller, Keys};
use super::stage::{Stage, secret};

pub(super) const CREDENTIAL: &[(&str, &str)] = &[("user", "jo"), ("password", "the-\"password\"-of-jo")];

const GRANT: &str = "
    create       POST   https://api.vendor.example/keys? mints secret=/secret
    get          GET    https://api.vendor.example/keys/{id}?
    list         GET    https://api.vendor.example/keys?
    verify       GET    https://api.vendor.example/self? as key
    revoke       DELETE https://api.vendor.example/keys/{id}?
    authenticate POST   https://api.vendor.example/login?
";

/// A vendor of sessions.
#[derive(Clone, Default)]
pub(super) struct Sessions {
    keys: Keys,
    begun: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
}

impl Sessions {
    fn token(number: usize) -> String {
        format!("session-token-{number:010}")
    }

    fn log_in(&self, request: &Arrived) -> Reply {
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        if body != json!({"user": "jo", "password": "the-\"password\"-of-jo", "remember": false}) {
            return Reply::json(401, &json!({"error": "wrong user name or password"}));
        }
        let token = Self::token(self.begun.fetch_add(1, Ordering::SeqCst) + 1);
        Reply::json(200, &json!({"session": {"token": token, "expires_in": 600}}))
    }

    fn answer(&self, request: &Arrived) -> Reply {
        if request.line() == "POST /login" {
            return self.log_in(request);
        }
        let mut alive = self.ended.load(Ordering::SeqCst) + 1..=self.begun.load(Ordering::SeqCst);
        let is_session = alive.any(|number| request.header("x-session") == Self::token(number));
        let caller = match (is_session, self.keys.of(request.header("x-key"))) {
            (true, None) => Caller::Administrator,
            (false, Some(id)) => Caller::Key(id),
            _ => Caller::Nobody,
        };
        if caller == Caller::Administrator && request.line() == "POST /keys" {
            let secret = "a-new-secret-of-the-vendor";
            let id = self.keys.make(|_| secret.to_owned());
            // It shows the request, as debug modes do.
            let headers: Map<String, Value> = request
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), json!(String::from_utf8_lossy(value.as_bytes()))))
                .collect();
            let shown = json!({"id": id, "secret": secret, "request": headers});
            return Reply::json(201, &shown).header("x-session", request.header("x-session"));
        }
        self.keys.answer(request, &caller)
    }

    pub(super) async fn start(&self) -> ScriptedVendor {
        let sessions = self.clone();
        ScriptedVendor::start(move |request| sessions.answer(request)).await
    }
}

fn logins(stage: &Stage) -> usize {
    stage.vendor.lines().iter().filter(|line| *line == "POST /login").count()
}

#[tokio::test]
async fn a_key_lives_its_whole_life_in_one_session() {
    let sessions = Sessions::default();
    let stage = Stage::set(sessions.start().await, "login_session", GRANT, json!({}), CREDENTIAL).await;
    let issued = stage.create(json!({"name": "ci"})).await.unwrap();
    assert_eq!(secret(&issued), "a-new-secret-of-the-vendor");
    stage.lives_and_ends(&issued).await;
    assert_eq!(logins(&stage), 1);
}

#[tokio::test]
async fn a_session_that_the_vendor_ended_is_replaced_in_the_next_call() {
    let sessions = Sessions::default();
    let stage = Stage::set(sessions.start().await, "login_session", GRANT, json!({}), CREDENTIAL).await;
    stage.account.get("k1").await.unwrap();
    sessions.ended.fetch_add(1, Ordering::SeqCst);
    let error = stage.account.get("k1").await.unwrap_err();
    assert_eq!(error.kind(), "unauthenticated", "{error}");
    stage.account.get("k1").await.unwrap();
    assert_eq!(logins(&stage), 2);
}

#[tokio::test]
async fn a_wrong_password_is_refused_at_the_login() {
    let sessions = Sessions::default();
    let wrong = &[("user", "jo"), ("password", "a-wrong-password")];
    let stage = Stage::set(sessions.start().await, "login_session", GRANT, json!({}), wrong).await;
    let error = stage.create(json!({})).await.unwrap_err();
    assert_eq!(error.kind(), "unauthenticated", "{error:?}");
    assert_eq!(stage.vendor.lines(), ["POST /login"]);
}

#[tokio::test]
async fn the_twin_does_not_see_the_session() {
    let sessions = Sessions::default();
    let stage = Stage::hostile(sessions.start().await, "login_session", GRANT, json!({}), CREDENTIAL).await;
    let (issued, seen) = stage.sees("repeated token").await;
    assert_eq!(secret(&issued), "a-new-secret-of-the-vendor");
    assert!(!seen.contains("session-token-") && !seen.contains("a-new-secret"), "{seen}");
    assert!(seen.contains("x-session: [redacted]") && seen.contains(r#""x-session":"[redacted]""#), "{seen}");
}

#[tokio::test]
async fn the_twin_begins_no_session_of_its_own() {
    let sessions = Sessions::default();
    let stage = Stage::hostile(sessions.start().await, "login_session", GRANT, json!({}), CREDENTIAL).await;
    stage.create_is_denied("own login", DenialReason::NoRule).await;
    stage.may_not_set("own session", "x-session").await;
}
