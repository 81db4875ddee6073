//! What goes wrong on the way: nothing is pretended, nothing is sent twice, nothing is lost.

use std::time::Duration;

use keywright_runtime::{
    CreateRequest, ExpiryChange, Filter, Limits, Outcome, Reason, RegenerateRequest, UpdateRequest,
};
use keywright_tests::{DOUBTFUL, ImpervaBench as Bench, object};
use serde_json::json;

use crate::outcome::{failure, reason};

fn marked(bench: &Bench) -> CreateRequest {
    CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("First", json!({"description": "ci"})) }
}

fn named(text: &str) -> UpdateRequest {
    UpdateRequest { attributes: object(json!({"name": text})), ..UpdateRequest::default() }
}

#[tokio::test]
async fn a_creation_in_doubt_was_sent_once_and_is_found_by_its_marker() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        bench.client("to open a connection").await;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@create*1"));
        let error = bench.account.create(&marked(&bench)).await.unwrap_err();
        assert_eq!(error.kind(), "in-doubt", "{fault}");
        assert_eq!(bench.methods_since(mark), ["POST"], "{fault}");
        let found = bench.marked("g1").await;
        assert_eq!(found.len(), usize::from(performed), "{fault}");
        for client in found {
            // Its key is lost, but it can be given another.
            let renewed = bench.account.regenerate(&client.id, &RegenerateRequest::default()).await.unwrap();
            assert_eq!(bench.account.verify(&client.id, &renewed.parts).await.unwrap().outcome, Outcome::Active);
            bench.account.revoke(&client.id).await.unwrap();
        }
        assert_eq!(bench.marked("g1").await, [], "{fault}");
        bench.account.create(&marked(&bench)).await.unwrap();
    }
}

#[tokio::test]
async fn a_change_in_doubt_was_sent_once() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        let id = bench.client("First").await.credential.id;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@update*1"));
        assert_eq!(reason(bench.account.update(&id, &named("Second")).await), Reason::InDoubt, "{fault}");
        bench.fault(&format!("{fault}@set-enabled*1"));
        assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::InDoubt, "{fault}");
        assert_eq!(bench.methods_since(mark), ["PATCH"; 2], "{fault}");
        let stored = bench.stored(&id).await;
        let expected = if performed { "Second" } else { "First" };
        assert_eq!((&stored.attributes["name"], stored.enabled), (&json!(expected), !performed), "{fault}");
    }
}

#[tokio::test]
async fn a_regeneration_in_doubt_was_sent_once_and_can_be_done_again() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        let issued = bench.client("First").await;
        let id = issued.credential.id.as_str();
        let mark = bench.mark();
        bench.fault(&format!("{fault}@regenerate*1"));
        assert_eq!(
            bench.account.regenerate(id, &RegenerateRequest::default()).await.unwrap_err().kind(),
            "in-doubt",
            "{fault}"
        );
        assert_eq!(bench.methods_since(mark), ["PATCH"], "{fault}");
        let old = bench.account.verify(id, &issued.parts).await.unwrap().outcome;
        assert_eq!(old, if performed { Outcome::Refused } else { Outcome::Active }, "{fault}");
        let renewed = bench.account.regenerate(id, &RegenerateRequest::default()).await.unwrap();
        assert_eq!(bench.account.verify(id, &renewed.parts).await.unwrap().outcome, Outcome::Active, "{fault}");
    }
}

#[tokio::test]
async fn an_end_in_doubt_was_sent_once_and_can_be_done_again() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        let id = bench.client("First").await.credential.id;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@revoke*1"));
        assert_eq!(reason(bench.account.revoke(&id).await), Reason::InDoubt, "{fault}");
        assert_eq!(bench.methods_since(mark), ["DELETE"], "{fault}");
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{fault}");
    }
}

#[tokio::test]
async fn a_change_that_could_not_look_first_changes_nothing() {
    let bench = Bench::start().await;
    let id = bench.client("First").await.credential.id;
    let expiry = ExpiryChange::Set(chrono::Utc::now() + chrono::TimeDelta::days(1));
    for (fault, _) in DOUBTFUL {
        bench.fault(&format!("{fault}@get*1"));
        let mark = bench.mark();
        let change = UpdateRequest { expiry, ..named("Second") };
        assert_eq!(reason(bench.account.update(&id, &change).await), Reason::Unavailable, "{fault}");
        assert_eq!(bench.methods_since(mark), ["GET"], "{fault}");
    }
}

#[tokio::test]
async fn a_reading_whose_answer_is_lost_is_neither_none_nor_empty_nor_a_verdict() {
    let bench = Bench::start().await;
    let issued = bench.client("First").await;
    for (fault, _) in DOUBTFUL {
        bench.fault(&format!("{fault}@get*4"));
        assert_eq!(reason(bench.account.get(&issued.credential.id).await), Reason::Unavailable, "{fault}");
        assert_eq!(reason(bench.account.get("7").await), Reason::Unavailable, "{fault}");
        assert_eq!(reason(bench.account.check().await), Reason::Unavailable, "{fault}");
        let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await;
        assert_eq!(reason(verdict), Reason::Unavailable, "{fault}");
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.list(&Filter::default(), None).await), Reason::Unavailable, "{fault}");
    }
    assert!(bench.account.get(&issued.credential.id).await.unwrap().is_some());
}

#[tokio::test]
async fn an_answer_that_stalls_or_is_late_or_too_large_leaves_in_doubt_what_acts() {
    let limits = Limits {
        first_byte: Duration::from_millis(300),
        between_bytes: Duration::from_millis(300),
        response_body: 64 << 10,
        ..Limits::default()
    };
    let bench = Bench::builder().option("quota", 50).limits(limits).start().await;
    for (fault, says, made) in [
        ("slow=5s", "did not answer within 0.3 s", 1),
        ("stall", "stopped for more than 0.3 s", 1),
        ("huge", "larger than 65536 bytes", 0),
    ] {
        bench.fault(&format!("{fault}@create*1"));
        let creation = CreateRequest { marker: Some(format!("g{made}{}", fault.len())), ..marked(&bench) };
        let failed = failure(bench.account.create(&creation).await);
        assert_eq!(failed.reason, Reason::InDoubt, "{fault}");
        assert!(failed.message.contains(says), "{failed}");
        assert_eq!(bench.marked(creation.marker.as_deref().unwrap()).await.len(), made, "{fault}");
        bench.fault(&format!("{fault}@get*1"));
        let read = failure(bench.account.get(&bench.own("api_id")).await);
        assert_eq!(read.reason, Reason::Unavailable, "{fault}");
        assert!(read.message.contains(says), "{read}");
    }
}
