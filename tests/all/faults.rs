//! What goes wrong on the way, and what is made of it: nothing is pretended, nothing is sent twice, nothing is lost.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CallError, CreateRequest, ExpiryChange, Filter, Limits, Reason, UpdateRequest};
use keywright_tests::{DOUBTFUL, ScalewayBench as Bench, object};
use serde_json::json;

use crate::outcome::{failure, reason, unread};

fn marked(bench: &Bench, marker: &str) -> CreateRequest {
    CreateRequest { marker: Some(marker.to_owned()), ..bench.creation("ci") }
}

fn described(text: &str) -> UpdateRequest {
    UpdateRequest { attributes: object(json!({"description": text})), ..UpdateRequest::default() }
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_in_doubt_and_was_sent_once() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        bench.key("to open a connection").await;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@create*1"));
        assert_eq!(reason(bench.account.create(&marked(&bench, "g1")).await), Reason::InDoubt, "{fault}");
        assert_eq!(bench.methods_since(mark), ["POST"], "{fault}");
    }
}

#[tokio::test]
async fn a_key_whose_creation_was_in_doubt_is_found_by_its_marker_and_ended() {
    for (fault, performed) in DOUBTFUL {
        let bench = Bench::start().await;
        bench.fault(&format!("{fault}@create*1"));
        bench.account.create(&marked(&bench, "g1")).await.unwrap_err();
        let found = bench.marked("g1").await;
        assert_eq!(found.len(), usize::from(performed), "{fault}");
        for key in found {
            bench.account.revoke(&key.id).await.unwrap();
        }
        assert_eq!(bench.marked("g1").await, [], "{fault}");
        bench.account.create(&marked(&bench, "g1")).await.unwrap();
    }
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_in_doubt_and_was_sent_once() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        let id = bench.key("old").await.credential.id;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@update*1"));
        assert_eq!(reason(bench.account.update(&id, &described("new")).await), Reason::InDoubt, "{fault}");
        assert_eq!(bench.methods_since(mark), ["PATCH"], "{fault}");
    }
}

#[tokio::test]
async fn a_change_that_could_not_look_first_changes_nothing() {
    let bench = Bench::start().await;
    let id = bench.key("old").await.credential.id;
    let expiry = ExpiryChange::Set(Utc::now() + TimeDelta::days(1));
    for (fault, _) in DOUBTFUL {
        bench.fault(&format!("{fault}@get*1"));
        let mark = bench.mark();
        let change = UpdateRequest { expiry, ..described("new") };
        assert_eq!(reason(bench.account.update(&id, &change).await), unread(fault), "{fault}");
        assert_eq!(bench.methods_since(mark), ["GET"], "{fault}");
    }
}

#[tokio::test]
async fn an_end_whose_answer_is_lost_is_in_doubt_and_was_sent_once() {
    for (fault, _) in DOUBTFUL {
        let bench = Bench::start().await;
        let id = bench.key("").await.credential.id;
        let mark = bench.mark();
        bench.fault(&format!("{fault}@revoke*1"));
        assert_eq!(reason(bench.account.revoke(&id).await), Reason::InDoubt, "{fault}");
        assert_eq!(bench.methods_since(mark), ["DELETE"], "{fault}");
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.account.get(&id).await.unwrap(), None, "{fault}");
    }
}

#[tokio::test]
async fn a_reading_whose_answer_is_lost_is_neither_none_nor_empty() {
    let bench = Bench::start().await;
    let id = bench.key("").await.credential.id;
    for (fault, _) in DOUBTFUL {
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.get(&id).await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@get*1"));
        assert_eq!(reason(bench.account.get("SCWABSENT00000000000").await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.list(&Filter::default(), None).await), unread(fault), "{fault}");
        bench.fault(&format!("{fault}@list*1"));
        assert_eq!(reason(bench.account.check().await), unread(fault), "{fault}");
    }
    assert!(bench.account.get(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_rate_limit_does_nothing_and_says_so() {
    let bench = Bench::start().await;
    let id = bench.key("old").await.credential.id;
    let limited = Reason::RateLimited;
    for operation in ["create", "get", "list", "update", "revoke"] {
        bench.fault(&format!("rate-limit@{operation}*1"));
    }
    assert_eq!(reason(bench.account.create(&marked(&bench, "g1")).await), limited);
    assert_eq!(reason(bench.account.get(&id).await), limited);
    assert_eq!(reason(bench.account.list(&Filter::default(), None).await), limited);
    assert_eq!(reason(bench.account.update(&id, &described("new")).await), limited);
    assert_eq!(reason(bench.account.revoke(&id).await), limited);
    assert_eq!(bench.marked("g1").await, []);
    assert_eq!(bench.stored(&id).await.attributes["description"], "old");
}

#[tokio::test]
async fn a_slow_answer_within_the_limits_is_an_answer() {
    let bench = Bench::start().await;
    bench.fault("slow=300ms*2");
    let issued = bench.key("slowly").await;
    assert_eq!(bench.stored(&issued.credential.id).await.id, issued.credential.id);
}

fn impatient() -> Limits {
    Limits {
        first_byte: Duration::from_millis(300),
        between_bytes: Duration::from_millis(300),
        response_body: 64 << 10,
        ..Limits::default()
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_said_to_be_late() {
    let bench = Bench::builder().limits(impatient()).start().await;
    bench.fault("slow=5s@create*1");
    let failure = failure(bench.account.create(&marked(&bench, "g1")).await);
    assert_eq!(failure.reason, Reason::InDoubt);
    assert!(failure.message.contains("did not answer within 0.3 s"), "{failure}");
    assert_eq!(bench.marked("g1").await.len(), 1);
}

#[tokio::test]
async fn an_answer_that_stalls_is_said_to_have_stopped() {
    let bench = Bench::builder().limits(impatient()).start().await;
    bench.fault("stall@create*1");
    let made = failure(bench.account.create(&marked(&bench, "g1")).await);
    assert_eq!(made.reason, Reason::InDoubt);
    assert!(made.message.contains("stopped for more than 0.3 s"), "{made}");
    let found = bench.marked("g1").await;
    assert_eq!(found.len(), 1);

    bench.fault("stall@get*1");
    let read = failure(bench.account.get(&found[0].id).await);
    assert_eq!(read.reason, Reason::Unavailable);
    assert!(read.message.contains("stopped for more than 0.3 s"), "{read}");
    bench.account.revoke(&found[0].id).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_drips_for_ever_is_ended() {
    let limits = Limits { exchange: Duration::from_millis(400), ..Limits::default() };
    let bench = Bench::builder().limits(limits).start().await;
    bench.fault("stall@get*1");
    let failure = failure(bench.account.get("SCWABSENT00000000000").await);
    assert_eq!(failure.reason, Reason::Unavailable);
    assert!(failure.message.contains("took longer than 0.4 s"), "{failure}");
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_said_to_be_so() {
    let bench = Bench::builder().limits(impatient()).start().await;
    let id = bench.key("").await.credential.id;
    bench.fault("huge@create*1");
    let made = failure(bench.account.create(&marked(&bench, "g1")).await);
    assert_eq!(made.reason, Reason::InDoubt);
    assert!(made.message.contains("larger than 65536 bytes"), "{made}");
    bench.fault("huge@get*1");
    let read = failure(bench.account.get(&id).await);
    assert_eq!(read.reason, Reason::Unavailable);
    assert!(read.message.contains("larger than 65536 bytes"), "{read}");
    bench.fault("huge@list*1");
    assert_eq!(reason(bench.account.list(&Filter::default(), None).await), Reason::Unavailable);
    assert!(bench.account.get(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_ended_and_the_next_one_works() {
    let limits = Limits { call: Duration::from_millis(300), ..Limits::default() };
    let bench = Bench::builder().limits(limits).start().await;
    bench.fault("slow=5s@get*1");
    let error = bench.account.get("SCWABSENT00000000000").await.unwrap_err();
    assert!(matches!(error, CallError::Limit { operation: "get", .. }), "{error:?}");
    assert!(error.to_string().contains("0.3 s of time for a whole call"), "{error}");
    assert_eq!(bench.account.get("SCWABSENT00000000000").await.unwrap(), None);
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_unavailable_and_nothing_is_in_doubt() {
    let bench = Bench::start().await;
    let creation = bench.sample();
    let Bench { simulator, account, .. } = bench;
    let url = simulator.base_url().to_owned();
    simulator.stop().await;
    let failure = failure(account.create(&creation).await);
    assert_eq!(failure.reason, Reason::Unavailable);
    assert!(failure.message.contains(url.trim_start_matches("https://")), "{failure}");
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_ends_it_before_anything_is_sent() {
    use keywright_runtime::{Account, AccountConfig, EndpointOverride, Parts};
    use keywright_simulators::Vendor as _;
    let (bench, stranger) = (Bench::start().await, Bench::start().await);
    let config = AccountConfig {
        settings: object(bench.vendor.account().settings),
        credential: Parts::from_iter(bench.vendor.account().credential),
        endpoints: EndpointOverride::every(bench.account.adapter().descriptor(), bench.simulator.base_url()),
        ca_pem: stranger.simulator.ca_pem().map(str::to_owned),
        proxy: None,
    };
    let account = Account::new(bench.account.adapter(), config).unwrap();
    let failure = failure(account.create(&bench.creation("")).await);
    assert_eq!(failure.reason, Reason::Unavailable);
    assert!(failure.message.contains("is not trusted"), "{failure}");
    assert_eq!(bench.methods_since(0), [""; 0]);
}

#[tokio::test]
async fn after_a_connection_broke_the_next_call_opens_another_and_sends_once() {
    let bench = Bench::start().await;
    bench.key("over the first connection").await;
    bench.fault("cut@get*1");
    bench.account.get("SCWABSENT00000000000").await.unwrap_err();
    let mark = bench.mark();
    bench.account.create(&marked(&bench, "g1")).await.unwrap();
    let sent = bench.since(mark);
    assert_eq!(sent.len(), 1);
    assert_ne!(sent[0].connection, bench.since(0)[0].connection);
    assert_eq!(bench.marked("g1").await.len(), 1);
}
