//! What goes wrong on the way. All requests are POST, and yet only those that act leave anything in doubt.

use std::time::Duration;

use keywright_runtime::{CallError, Limits, Reason};
use keywright_tests::{AwsIamBench as Bench, DOUBTFUL};

use crate::outcome::{failure, reason};

#[track_caller]
fn in_doubt<T: std::fmt::Debug>(outcome: Result<T, CallError>, fault: &str) {
    let error = outcome.expect_err("no success");
    assert_eq!(error.kind(), "in-doubt", "{fault}: {error:?}");
}

/// There is no marker: what was made shows in the list of ids after, against that of before.
#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_in_doubt_was_sent_once_and_is_found_by_comparing_lists() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        bench.key().await;
        let before = bench.keys().await;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@create*1"));
        in_doubt(bench.account.create(&bench.creation("Active")).await, fault);
        assert_eq!(bench.calls_since(mark), ["CreateAccessKey"], "{fault}");
        let made: Vec<_> = bench.keys().await.into_iter().filter(|key| !before.contains(key)).collect();
        assert_eq!(made.len(), usize::from(performed), "{fault}");
        for key in made {
            assert!(bench.stored(&key.id).await.last_used_at.is_none(), "{fault}: nobody has its secret");
            bench.account.revoke(&key.id).await.unwrap();
        }
        assert_eq!(bench.keys().await, before, "{fault}");
    }
}

#[tokio::test]
async fn a_read_whose_answer_is_lost_is_not_in_doubt_although_it_is_a_post() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        let issued = bench.key().await;
        let id = issued.credential.id.as_str();
        let read = |outcome: Reason| {
            assert!(matches!(outcome, Reason::Unavailable | Reason::UnexpectedResponse), "{fault}: {outcome:?}");
        };
        bench.fault(&format!("{fault}@list*1"));
        read(reason(bench.account.get(id).await));
        bench.fault(&format!("{fault}@get*1"));
        read(reason(bench.account.get(id).await));
        bench.fault(&format!("{fault}@list*1"));
        read(reason(bench.account.list(&bench.of_user(), None).await));
        bench.fault(&format!("{fault}@verify*1"));
        read(reason(bench.account.check().await));
        bench.fault(&format!("{fault}@verify*1"));
        read(reason(bench.account.verify(id, &issued.parts).await));
        let mark = bench.mark();
        bench.fault(&format!("{fault}@list*1"));
        read(reason(bench.account.set_enabled(id, false).await));
        assert_eq!(bench.calls_since(mark), ["ListAccessKeys"], "{fault}: nothing was changed");
    }
}

#[tokio::test]
async fn a_change_or_a_deletion_whose_answer_is_lost_is_in_doubt_and_can_be_repeated() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        let id = bench.key().await.credential.id;
        bench.fault(&format!("{fault}@update*1"));
        in_doubt(bench.account.set_enabled(&id, false).await, fault);
        assert_eq!(bench.stored(&id).await.enabled, !performed, "{fault}");
        assert!(!bench.account.set_enabled(&id, false).await.unwrap().enabled, "{fault}");
        bench.fault(&format!("{fault}@revoke*1"));
        in_doubt(bench.account.revoke(&id).await, fault);
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
        let id = bench.key().await.credential.id;
        bench.fault(&format!("{fault}@create*1"));
        let made = failure(bench.account.create(&bench.creation("Active")).await);
        assert_eq!(made.reason, Reason::InDoubt, "{fault}");
        assert!(made.message.contains(says), "{made}");
        bench.fault(&format!("{fault}@list*1"));
        let read = failure(bench.account.get(&id).await);
        assert_eq!(read.reason, Reason::Unavailable, "{fault}");
        assert!(read.message.contains(says), "{read}");
        bench.fault(&format!("{fault}@revoke*1"));
        assert_eq!(failure(bench.account.revoke(&id).await).reason, Reason::InDoubt, "{fault}");
        bench.account.revoke(&id).await.unwrap();
    }
}
