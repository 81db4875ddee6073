//! The end of a client, in whole days.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use keywright_runtime::{CreateRequest, Issued};
use keywright_simulators::Vendor as _;
use keywright_tests::{CommercetoolsBench as Bench, Reply, exposed, object};
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn ending(bench: &Bench, expires_at: DateTime<Utc>) -> Issued {
    let creation = CreateRequest { expires_at: Some(expires_at), ..bench.creation("ci") };
    bench.account.create(&creation).await.unwrap()
}

#[tokio::test]
async fn an_end_is_rounded_up_to_whole_days_and_the_vendors_own_is_told() {
    let bench = Bench::start().await;
    for (asked, days) in [
        (TimeDelta::seconds(30), 1),
        (TimeDelta::days(1), 1),
        (TimeDelta::days(1) + TimeDelta::seconds(30), 2),
        (TimeDelta::days(90), 90),
        (TimeDelta::days(90) + TimeDelta::hours(1), 91),
    ] {
        let expires_at = Utc::now() + asked;
        let mark = bench.mark();
        let issued = ending(&bench, expires_at).await;
        let sent = bench.since(mark).pop().unwrap();
        let body: Value = serde_json::from_slice(&sent.body).unwrap();
        assert_eq!(body["deleteDaysAfterCreation"], days);
        let client = &issued.credential;
        let end = client.expires_at.instant().unwrap();
        // The vendor keeps milliseconds.
        assert!(end >= expires_at - TimeDelta::milliseconds(1) && end <= expires_at + TimeDelta::days(1), "{end}");
        assert_eq!(end - client.created_at.instant().unwrap(), TimeDelta::days(days));
        assert_eq!(issued.warnings, [""; 0]);
        assert_eq!(bench.stored(&client.id).await.expires_at, Some(end));
    }
}

#[tokio::test]
async fn a_client_without_an_end_has_none() {
    let bench = Bench::start().await;
    let issued = bench.client("ci").await;
    assert_eq!(issued.credential.expires_at, None);
    let sent = bench.since(0).pop().unwrap();
    assert!(!String::from_utf8_lossy(&sent.body).contains("deleteDaysAfterCreation"));
}

#[tokio::test]
async fn a_client_past_its_end_is_gone_at_once_or_shortly_after() {
    for delay in [0, 3600] {
        let bench = Bench::builder().option("deletion-delay", delay).start().await;
        let issued = ending(&bench, Utc::now() + TimeDelta::hours(1)).await;
        let id = &issued.credential.id;
        bench.vendor.clock().advance(DAY + Duration::from_secs(1));
        let found = bench.account.get(id).await.unwrap();
        assert_eq!(found.is_some(), delay > 0);
        if let Some(client) = found {
            let now = bench.vendor.clock().now();
            let end = client.expires_at.instant().unwrap();
            assert!(end < now, "it says itself that it is past its end");
        }
        bench.vendor.clock().advance(Duration::from_secs(delay));
        assert_eq!(bench.account.get(id).await.unwrap(), None);
    }
}

/// Made with what the vendor says of the end of a client that is to live 30 days.
async fn told(delete_at: impl Fn(DateTime<Utc>) -> Value) -> Issued {
    let asked = Utc::now() + TimeDelta::days(30);
    let answer = json!({"id": "made", "secret": "s", "name": "ci", "scope": "a:pk", "deleteAt": delete_at(asked)});
    let (_vendor, account) = Bench::scripted(move |_| Reply::json(201, &answer)).await;
    let attributes = object(json!({"name": "ci", "scope": ["a:pk"]}));
    let creation = CreateRequest { attributes, expires_at: Some(asked), ..CreateRequest::default() };
    let issued = account.create(&creation).await.unwrap();
    assert_eq!(exposed(&issued.parts, "client_secret"), "s");
    issued
}

#[tokio::test]
async fn an_end_that_is_missing_too_early_or_too_late_is_a_warning() {
    let missing = told(|_| Value::Null).await;
    assert!(missing.credential.expires_at.is_none());
    let unreadable = told(|_| json!("soon")).await;
    assert_eq!(unreadable.credential.expires_at.unreadable(), Some("soon"));
    let early = told(|asked| json!((asked - TimeDelta::hours(1)).to_rfc3339())).await;
    let late = told(|asked| json!((asked + TimeDelta::hours(25)).to_rfc3339())).await;
    for (issued, says) in [
        (missing, "did not set the expiry"),
        (unreadable, "had no readable deleteAt"),
        (early, ", before "),
        (late, "more than a day after"),
    ] {
        assert_eq!(issued.warnings.len(), 1, "{:?}", issued.warnings);
        assert_eq!(issued.warnings[0].pointer.as_deref(), Some("/expires_at"));
        assert!(issued.warnings[0].message.contains(says), "{:?}", issued.warnings);
    }
}

#[tokio::test]
async fn an_end_as_asked_is_none_whatever_its_offset() {
    let eastern = chrono::FixedOffset::east_opt(2 * 3600).unwrap();
    assert_eq!(told(|asked| json!(asked.with_timezone(&eastern).to_rfc3339())).await.warnings, [""; 0]);
    assert_eq!(told(|asked| json!((asked + TimeDelta::hours(23)).to_rfc3339())).await.warnings, [""; 0]);
    // Two clocks are never the same.
    assert_eq!(told(|asked| json!((asked - TimeDelta::seconds(2)).to_rfc3339())).await.warnings, [""; 0]);
}
