//! What goes wrong on the way: nothing is pretended, nothing is sent twice, nothing is lost.

use std::time::Duration;

use keywright_runtime::{CreateRequest, Filter, Limits, Reason};
use keywright_tests::{DOUBTFUL, GcoreBench as Bench};

use crate::outcome::{failure, reason, unread};

fn marked(bench: &Bench, marker: &str) -> CreateRequest {
    CreateRequest { marker: Some(marker.to_owned()), ..bench.creation(2, "ci") }
}

#[tokio::test]
async fn a_token_whose_creation_was_in_doubt_is_found_by_its_marker_and_ended() {
    for version in ["v1", "v2"] {
        for (fault, performed) in DOUBTFUL {
            let bench = Bench::builder().setting("api_version", version).start().await;
            bench.token("to open a connection").await;
            let mark = bench.mark();
            bench.fault(&format!("{fault}@create*1"));
            assert_eq!(reason(bench.account.create(&marked(&bench, "g1")).await), Reason::InDoubt, "{fault}");
            assert_eq!(bench.methods_since(mark), ["POST"], "{fault}");
            let found = bench.marked("g1").await;
            assert_eq!(found.len(), usize::from(performed), "{fault}");
            for token in found {
                bench.account.revoke(&token.id).await.unwrap();
            }
            assert_eq!(bench.marked("g1").await, [], "{fault}");
            bench.account.create(&marked(&bench, "g1")).await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_end_whose_answer_is_lost_is_in_doubt_and_was_sent_once() {
    let bench = Bench::start().await;
    for (fault, performed) in DOUBTFUL {
        let id = bench.token("").await.credential.id;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@revoke*1"));
        assert_eq!(reason(bench.account.revoke(&id).await), Reason::InDoubt, "{fault}");
        assert_eq!(bench.methods_since(mark), ["DELETE"], "{fault}");
        assert_eq!(bench.account.get(&id).await.unwrap().is_none(), performed, "{fault}");
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{fault}");
    }
}

#[tokio::test]
async fn a_reading_whose_answer_is_lost_is_neither_none_nor_empty() {
    let bench = Bench::start().await;
    let id = bench.token("").await.credential.id;
    for (fault, _) in DOUBTFUL {
        for id in [&id, &bench.absent()] {
            bench.fault(&format!("{fault}@get*1"));
            assert_eq!(reason(bench.account.get(id).await), unread(fault), "{fault}");
        }
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.list(&Filter::default(), None).await), unread(fault), "{fault}");
        for operation in ["verify", "list"] {
            bench.fault(&format!("{fault}@{operation}*1"));
            assert_eq!(reason(bench.account.check().await), unread(fault), "{fault}@{operation}");
        }
    }
    assert!(bench.account.get(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_slow_answer_within_the_limits_is_an_answer() {
    let bench = Bench::start().await;
    bench.fault("slow=300ms*2");
    let issued = bench.token("slowly").await;
    assert_eq!(bench.stored(&issued.credential.id).await.id, issued.credential.id);
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_does_not_end_is_in_doubt() {
    let limits = Limits {
        first_byte: Duration::from_millis(300),
        between_bytes: Duration::from_millis(300),
        response_body: 64 << 10,
        ..Limits::default()
    };
    for (fault, performed) in [("slow=5s", true), ("stall", true), ("huge", false)] {
        let bench = Bench::builder().limits(limits.clone()).start().await;
        bench.fault(&format!("{fault}@create*1"));
        let told = failure(bench.account.create(&marked(&bench, "g1")).await);
        assert_eq!(told.reason, Reason::InDoubt, "{fault}");
        assert_eq!(bench.marked("g1").await.len(), usize::from(performed), "{fault}");
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.list(&Filter::default(), None).await), unread(fault), "{fault}");
    }
}
