//! What goes wrong on the way, and what is made of it: nothing is pretended, nothing is sent twice, nothing is lost.

use std::time::Duration;

use keywright_runtime::{CreateRequest, Filter, Limits, Reason};
use keywright_tests::{CommercetoolsBench as Bench, DOUBTFUL};

use crate::outcome::{failure, reason, unread};

/// The doubtful faults, and an answer that is too long, which comes without anything done.
fn doubtful() -> impl Iterator<Item = (&'static str, bool)> {
    DOUBTFUL.into_iter().chain([("huge", false)])
}

#[tokio::test]
async fn a_client_whose_creation_is_in_doubt_is_found_by_its_marker_and_ended() {
    for (fault, performed) in doubtful() {
        let bench = Bench::start().await;
        bench.account.check().await.unwrap();
        let creation = CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("ci") };
        bench.fault(&format!("{fault}@create*1"));
        let mark = bench.mark();
        let error = bench.account.create(&creation).await.unwrap_err();
        assert_eq!(error.kind(), "in-doubt", "{fault}");
        // A page with 200 could hold the secret: it is kept.
        assert_eq!(error.withheld().is_some(), fault.starts_with("html"), "{fault}");
        assert_eq!(bench.methods_since(mark), ["POST"], "{fault}");
        let found = bench.marked("g1").await;
        assert_eq!(found.len(), usize::from(performed), "{fault}");
        for client in found {
            bench.account.revoke(&client.id).await.unwrap();
        }
        assert_eq!(bench.marked("g1").await, [], "{fault}");
        bench.account.create(&creation).await.unwrap();
    }
}

#[tokio::test]
async fn an_end_whose_answer_is_lost_is_in_doubt_and_was_sent_once() {
    for (fault, performed) in doubtful() {
        let bench = Bench::start().await;
        let id = bench.client("ci").await.credential.id;
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
    let issued = bench.client("ci").await;
    let id = issued.credential.id.as_str();
    for (fault, _) in doubtful() {
        for wanted in [id, "nobody"] {
            bench.fault(&format!("{fault}@get*1"));
            assert_eq!(reason(bench.account.get(wanted).await), unread(fault), "{fault}");
        }
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.list(&Filter::default(), None).await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.check().await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.verify(id, &issued.parts).await), unread(fault), "{fault}");
    }
    assert!(bench.account.get(id).await.unwrap().is_some());
}

/// A 404 that says nothing is cleared up with the list; when that fails, nothing is known.
#[tokio::test]
async fn a_404_that_could_not_be_cleared_up_is_no_end() {
    let bench = Bench::builder().option("not-found-body", false).start().await;
    bench.account.check().await.unwrap();
    for (fault, _) in doubtful() {
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.get("nobody").await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.revoke("nobody").await), unread(fault), "{fault}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_given_up() {
    let limits = Limits {
        first_byte: Duration::from_millis(300),
        between_bytes: Duration::from_millis(300),
        ..Limits::default()
    };
    let bench = Bench::builder().limits(limits).start().await;
    bench.account.check().await.unwrap();
    for fault in ["stall", "slow=5s"] {
        bench.fault(&format!("{fault}@create*1"));
        let failure = failure(bench.account.create(&bench.creation("ci")).await);
        assert_eq!(failure.reason, Reason::InDoubt, "{fault}");
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.get("nobody").await), Reason::Unavailable, "{fault}");
    }
    bench.client("works again").await;
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let bench = Bench::start().await;
    bench.fault("slow=300ms@create*1");
    bench.client("ci").await;
}
