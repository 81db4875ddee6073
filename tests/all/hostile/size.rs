//! Sizes: of answers, of requests, and of what an adapter makes its host keep.

use std::time::Duration;

use keywright_runtime::{CallError, Reason};
use keywright_tests::{First, Pieces, Reply};

use super::stage::{Setup, Stage, assert_limit, in_doubt};

/// The call fails with the host's own words on the vendor's answer.
async fn fails(stage: &Stage, words: &str) {
    let failure = stage.failure(stage.check().await);
    assert_eq!(failure.reason, Reason::Unavailable, "{failure}");
    assert!(failure.message.contains(words), "{failure}");
}

fn says(start: &'static str, rest: &'static str) -> Setup {
    let piece = rest.repeat(100);
    Setup::behind(First::Says(Pieces::new(Duration::ZERO, move |number| match number {
        0 => Some(start.into()),
        _ => Some(piece.clone().into()),
    })))
    .watched()
}

attack!(
    endless_answer,
    Setup::vendor(|_, _| { Reply::empty(200).then(Pieces::endless(vec![b'x'; 64 << 10], Duration::ZERO)) }).watched(),
    async |stage: &Stage| {
        fails(stage, "the answer of vendor.test is larger than 4194304 bytes").await;
    }
);

attack!(announced_size, says("HTTP/1.1 200 OK\r\ncontent-length: 100000000000\r\n\r\n", "x"), async |stage: &Stage| {
    fails(stage, "the answer of vendor.test is larger than 4194304 bytes").await;
});

attack!(endless_headers, says("HTTP/1.1 200 OK\r\n", "x-note: x\r\n"), async |stage: &Stage| {
    fails(stage, "the headers of the answer of vendor.test").await;
});

attack!(endless_header, says("HTTP/1.1 200 OK\r\nx-note: ", "xxxxxxxxxx"), async |stage: &Stage| {
    fails(stage, "the headers of the answer of vendor.test").await;
});

attack!(
    compressed_answer,
    Setup::vendor(|_, _| {
        Reply::new(200, "application/json", [0x1f, 0x8b, 8, 0]).header("content-encoding", "gzip")
    }),
    async |stage: &Stage| {
        fails(stage, "the answer of vendor.test is compressed").await;
    }
);

attack!(large_body, Setup::usual().watched(), async |stage: &Stage| {
    stage.is_limited("1048576 bytes of a request").await;
    stage.sent_nothing();
});

attack!(
    body_of_single_bytes,
    Setup::usual().limits(|limits| limits.cpu = Duration::from_secs(10)).watched(),
    async |stage: &Stage| {
        stage.is_limited("4096 pieces of the body of a request").await;
    }
);

attack!(
    empty_writes,
    Setup::usual().limits(|limits| limits.cpu = Duration::from_secs(10)).watched(),
    async |stage: &Stage| {
        stage.is_limited("4096 pieces of the body of a request").await;
    }
);

attack!(memory_growth, Setup::usual().watched(), async |stage: &Stage| {
    stage.is_limited("16777216 bytes of memory").await;
});

attack!(deep_recursion, Setup::usual().watched(), async |stage: &Stage| {
    let error = stage.check().await.unwrap_err();
    assert!(matches!(error, CallError::Trapped { operation: "check", .. }), "{error:?}");
});

attack!(handle_flood, Setup::usual().watched(), async |stage: &Stage| {
    stage.is_limited("1000 resources at once").await;
    stage.sent_nothing();
});

attack!(timer_flood, Setup::usual().watched(), async |stage: &Stage| {
    stage.is_limited("1000 resources at once").await;
    stage.sent_nothing();
});

attack!(unsent_requests, Setup::usual().watched(), async |stage: &Stage| {
    stage.is_limited("1000 resources at once").await;
    stage.sent_nothing();
});

attack!(unsent_headers, Setup::usual().watched(), async |stage: &Stage| {
    stage.is_limited("1000 resources at once").await;
    stage.sent_nothing();
});

attack!(long_list_of_events, Setup::usual().watched(), async |stage: &Stage| {
    stage.is_limited("2097152 bytes handed to the host at once").await;
});

attack!(requests_without_reading, Setup::usual().watched(), async |stage: &Stage| {
    // Whichever it reaches first.
    stage.is_limited("at once").await;
    assert!(stage.vendor.lines().len() <= 8, "{}", stage.vendor.lines().len());
});

attack!(requests_at_once, Setup::usual(), async |stage: &Stage| {
    stage.is_limited("8 requests at once").await;
    assert!(stage.vendor.lines().len() <= 8, "{}", stage.vendor.lines().len());
});

attack!(requests_without_end, Setup::usual().watched(), async |stage: &Stage| {
    let error = stage.check().await.unwrap_err();
    assert!(matches!(error, CallError::Limit { .. }), "{error:?}");
    assert_eq!(stage.vendor.lines().len(), 100);
});

attack!(
    unread_answers,
    Setup::vendor(|_, _| Reply::new(200, "text/plain", vec![b'x'; 3 << 20])).watched(),
    async |stage: &Stage| {
        stage.is_limited("16777216 bytes of answers").await;
    }
);

attack!(standard_error_flood, Setup::usual().watched(), async |stage: &Stage| {
    match stage.check().await {
        Ok(_) => assert_eq!(stage.vendor.lines(), ["GET /keys/1"]),
        Err(error) => assert!(matches!(error, CallError::Trapped { .. }), "{error:?}"),
    }
    let logged = stage.logged();
    let kept = logged.matches("xxxx").count() * 4;
    assert!((1_000..=16 << 10).contains(&kept), "{kept}");
});

attack!(one_text_a_thousand_times, Setup::usual().watched(), async |stage: &Stage| {
    let cause = in_doubt(stage.create().await, &stage.canaries);
    assert_limit(&cause, "2097152 bytes handed to the host at once");
});

attack!(million_values, Setup::usual().limits(|limits| limits.memory = 64 << 20).watched(), async |stage: &Stage| {
    let principal = stage.check().await.unwrap();
    assert_eq!(principal.details["values"].as_array().unwrap().len(), 1_000_000);
});

attack!(
    large_answer_to_the_host,
    Setup::usual().limits(|limits| limits.memory = 64 << 20).watched(),
    async |stage: &Stage| {
        stage.is_limited("2097152 bytes handed to the host at once").await;
    }
);

attack!(endless_list, Setup::usual().watched(), async |stage: &Stage| {
    let error = stage.list_all().await.unwrap_err();
    assert!(matches!(error, CallError::Contract { operation: "list", .. }), "{error:?}");
    assert!(error.to_string().contains("its pages do not end"), "{error}");
});

attack!(alternating_list, Setup::usual().watched(), async |stage: &Stage| {
    let error = stage.list_all().await.unwrap_err();
    assert!(error.to_string().contains("its pages do not end"), "{error}");
});

attack!(heavy_list, Setup::usual().watched(), async |stage: &Stage| {
    let error = stage.list_all().await.unwrap_err();
    assert!(error.to_string().contains("its pages do not end"), "{error}");
});

attack!(slow_list, Setup::usual().limits(|limits| limits.list = Duration::from_secs(2)), async |stage: &Stage| {
    let begun = std::time::Instant::now();
    let error = stage.list_all().await.unwrap_err();
    assert!(matches!(error, CallError::Limit { operation: "list", .. }), "{error:?}");
    assert!(error.to_string().contains("time for a whole list"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10));
});

attack!(circular_list, Setup::usual().watched(), async |stage: &Stage| {
    let error = stage.list_all().await.unwrap_err();
    assert!(matches!(error, CallError::Contract { operation: "list", .. }), "{error:?}");
    assert!(error.to_string().contains("its pages do not end"), "{error}");
});
