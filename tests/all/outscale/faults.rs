//! What goes wrong on the way. All requests are POST, and yet only those that act leave anything in doubt.

use std::time::Duration;

use keywright_runtime::{CreateRequest, Filter, Limits, Reason, UpdateRequest};
use keywright_tests::{DOUBTFUL, OutscaleBench as Bench, object};
use serde_json::json;

use crate::outcome::{failure, reason, unread};

fn marked(bench: &Bench) -> CreateRequest {
    CreateRequest { marker: Some("g1".to_owned()), ..bench.creation("ci") }
}

fn tagged(tag: &str) -> UpdateRequest {
    UpdateRequest { attributes: object(json!({"tag": tag})), ..UpdateRequest::default() }
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_in_doubt_was_sent_once_and_is_found_by_its_marker() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        bench.key("to open a connection").await;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@create*1"));
        assert_eq!(reason(bench.account.create(&marked(&bench)).await), Reason::InDoubt, "{fault}");
        assert_eq!(bench.calls_since(mark), ["CreateAccessKey"], "{fault}");
        let found = bench.marked("g1").await;
        assert_eq!(found.len(), usize::from(performed), "{fault}");
        for key in found {
            bench.account.revoke(&key.id).await.unwrap();
        }
        assert_eq!(bench.marked("g1").await, [], "{fault}");
    }
}

#[tokio::test]
async fn a_read_whose_answer_is_lost_leaves_nothing_in_doubt_although_it_is_a_post() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        let issued = bench.key("").await;
        let id = issued.credential.id.as_str();
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.get(id).await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.list(&Filter::default(), None).await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.check().await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.verify(id, &issued.parts).await), unread(fault), "{fault}");
        let mark = bench.mark();
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.update(id, &tagged("new")).await), unread(fault), "{fault}");
        assert_eq!(bench.calls_since(mark), ["ReadAccessKeys"], "{fault}: nothing was changed");
    }
}

#[tokio::test]
async fn an_update_whose_answer_is_lost_is_in_doubt() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        let id = bench.key("old").await.credential.id;
        for _ in 0..2 {
            bench.fault(&format!("{fault}@update*1"));
        }
        assert_eq!(reason(bench.account.update(&id, &tagged("new")).await), Reason::InDoubt, "{fault}");
        assert_eq!(reason(bench.account.set_enabled(&id, false).await), Reason::InDoubt, "{fault}");
    }
}

#[tokio::test]
async fn the_deletion_of_roots_own_key_whose_answer_is_lost_is_in_doubt_and_can_be_repeated() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        let id = bench.own_key().await.credential.id;
        bench.fault(&format!("{fault}@revoke*1"));
        assert_eq!(reason(bench.account.revoke(&id).await), Reason::InDoubt, "{fault}");
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{fault}");
    }
}

#[tokio::test]
async fn answers_that_are_late_stall_or_never_end_are_given_up() {
    let limits = Limits {
        first_byte: Duration::from_millis(300),
        between_bytes: Duration::from_millis(300),
        response_body: 64 << 10,
        ..Limits::default()
    };
    for (fault, says) in [
        ("slow=5s", "did not answer within 0.3 s"),
        ("stall", "stopped for more than 0.3 s"),
        ("huge", "larger than 65536 bytes"),
    ] {
        let bench = Bench::builder().limits(limits.clone()).start().await;
        let id = bench.key("").await.credential.id;
        bench.fault(&format!("{fault}@create*1"));
        let made = failure(bench.account.create(&marked(&bench)).await);
        assert_eq!(made.reason, Reason::InDoubt, "{fault}");
        assert!(made.message.contains(says), "{made}");
        bench.fault(&format!("{fault}@get*1"));
        let read = failure(bench.account.get(&id).await);
        assert_eq!(read.reason, Reason::Unavailable, "{fault}");
        assert!(read.message.contains(says), "{read}");
        bench.fault(&format!("{fault}@revoke*1"));
        let ended = failure(bench.account.revoke(&id).await);
        assert_eq!(ended.reason, Reason::InDoubt, "{fault}");
        assert!(ended.message.contains(says), "{ended}");
        assert_eq!(ended.completed.as_deref(), Some("the key is disabled and not deleted: revoke it again"), "{fault}");
        bench.account.revoke(&id).await.unwrap();
    }
}

#[tokio::test]
async fn a_slow_answer_within_the_limits_is_an_answer() {
    let bench = Bench::start().await;
    bench.fault("slow=300ms*2");
    let issued = bench.key("slowly").await;
    assert_eq!(bench.stored(&issued.credential.id).await.id, issued.credential.id);
}
