//! What goes wrong on the way: nothing is pretended, nothing is sent twice, nothing is lost.

use keywright_runtime::{Filter, Reason, UpdateRequest};
use keywright_tests::{DOUBTFUL, DatadogBench as Bench, object};
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
        let error = bench.account.revoke(&id).await.unwrap_err();
        assert_eq!(error.kind(), Reason::InDoubt.name(), "{fault}: {error}");
        assert_eq!(bench.methods_since(mark), ["GET", "DELETE"], "{fault}");
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
        let change = UpdateRequest { attributes: object(json!({"name": new})), ..UpdateRequest::default() };
        let mark = bench.mark();
        bench.fault(&format!("{fault}@update*1"));
        let error = bench.account.update(&id, &change).await.unwrap_err();
        assert_eq!(error.kind(), Reason::InDoubt.name(), "{fault}: {error}");
        assert_eq!(bench.methods_since(mark), ["PATCH"], "{fault}");
        let name = bench.stored(&id).await.attributes["name"].clone();
        assert_eq!(name, if performed { new.as_str() } else { fault }, "{fault}");
    }
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
        // Nothing is deleted when it cannot be learnt which key is one's own.
        let mark = bench.mark();
        bench.fault(&format!("{fault}@verify*1"));
        let error = bench.account.revoke(&id).await.unwrap_err();
        assert!(["unavailable", "unexpected-response"].contains(&error.kind()), "{fault}: {error}");
        assert_eq!(bench.methods_since(mark), ["GET"], "{fault}");
    }
    assert_eq!(bench.stored(&id).await.id, id);
}
