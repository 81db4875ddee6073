//! What goes wrong on the way: nothing is pretended, nothing is sent twice, nothing is lost.

use std::time::Duration;

use keywright_runtime::{Filter, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{DOUBTFUL, SpacesBench as Bench};
use serde_json::json;

use super::scripted::ID;

#[tokio::test]
async fn a_key_whose_creation_was_in_doubt_is_found_by_its_marker_and_ended() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        bench.account.check().await.unwrap();
        let mark = bench.mark();
        bench.fault(&format!("{fault}@create*1"));
        let error = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap_err();
        assert_eq!(error.kind(), Reason::InDoubt.name(), "{fault}: {error}");
        assert_eq!(bench.methods_since(mark), ["POST"], "{fault}");
        let found = bench.marked("g1").await;
        assert_eq!(found.len(), usize::from(performed), "{fault}");
        for key in found {
            bench.account.revoke(&key.id).await.unwrap();
        }
        assert_eq!(bench.marked("g1").await, [], "{fault}");
        bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap();
    }
}

#[tokio::test]
async fn an_end_whose_answer_is_lost_is_in_doubt_and_was_sent_once() {
    let bench = Bench::start().await;
    for (fault, performed) in DOUBTFUL {
        let id = bench.key(fault).await.credential.id;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@revoke*1"));
        let outcome = bench.account.revoke(&id).await;
        assert_eq!(bench.methods_since(mark), ["DELETE"], "{fault}");
        assert_eq!(outcome.unwrap_err().kind(), Reason::InDoubt.name(), "{fault}");
        assert_eq!(bench.account.get(&id).await.unwrap().is_none(), performed, "{fault}");
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{fault}");
    }
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_in_doubt_and_was_sent_once() {
    let bench = Bench::start().await;
    for (number, (fault, performed)) in DOUBTFUL.into_iter().enumerate() {
        let id = bench.key(fault).await.credential.id;
        let new = format!("new {number}");
        let mark = bench.mark();
        bench.fault(&format!("{fault}@update*1"));
        let error = bench.account.update(&id, &bench.patch(json!({"name": new}))).await.unwrap_err();
        assert_eq!(error.kind(), Reason::InDoubt.name(), "{fault}: {error}");
        assert_eq!(bench.methods_since(mark), ["GET", "PUT"], "{fault}");
        let name = bench.stored(&id).await.attributes["name"].clone();
        assert_eq!(name, if performed { new.as_str() } else { fault }, "{fault}");
    }
}

#[tokio::test]
async fn a_change_that_could_not_look_first_changes_nothing() {
    let bench = Bench::start().await;
    let id = bench.key("old").await.credential.id;
    for (fault, _) in DOUBTFUL {
        let mark = bench.mark();
        bench.fault(&format!("{fault}@get*1"));
        let error = bench.account.update(&id, &bench.patch(json!({"name": "new"}))).await.unwrap_err();
        assert!(["unavailable", "unexpected-response"].contains(&error.kind()), "{fault}: {error}");
        assert_eq!(bench.methods_since(mark), ["GET"], "{fault}");
    }
    assert_eq!(bench.stored(&id).await.attributes["name"], "old");
}

#[tokio::test]
async fn a_reading_whose_answer_is_lost_is_neither_none_nor_empty() {
    let bench = Bench::start().await;
    let id = bench.key("ci").await.credential.id;
    for (fault, _) in DOUBTFUL {
        for id in [id.as_str(), ID] {
            bench.fault(&format!("{fault}@get*1"));
            assert!(bench.account.get(id).await.is_err(), "{fault}");
        }
        bench.fault(&format!("{fault}@list*1"));
        assert!(bench.account.list(&Filter::default(), None).await.is_err(), "{fault}");
        bench.fault(&format!("{fault}@list*1"));
        assert!(bench.account.check().await.is_err(), "{fault}");
    }
    assert_eq!(bench.stored(&id).await.id, id);
}

/// A list that lags behind shows a key later, never another in its place.
#[tokio::test]
async fn a_key_that_the_list_does_not_show_yet_is_found_after_the_delay() {
    let bench = Bench::builder().option("list-delay", 30_000).start().await;
    let id = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap().credential.id;
    assert_eq!(bench.marked("g1").await, []);
    assert_eq!(bench.stored(&id).await.id, id);
    let delay = bench.account.adapter().descriptor().traits.consistency_delay;
    bench.vendor.clock().advance(Duration::from_secs(delay.into()));
    assert_eq!(bench.marked("g1").await[0].id, id);
}
