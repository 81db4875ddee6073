//! Secrets: what the vendor tells of them, and what an adapter does with those that it was let see.

use keywright_egress::DenialReason;
use keywright_runtime::{CallError, Issued};
use keywright_tests::{Arrived, Pieces, Reply};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::canary::{base64, hex, percent};
use super::stage::{Canaries, Setup, Stage, denial, in_doubt, proper, unveiled};

/// A vendor that shows the credential of the request, written so, in a body.
fn reflecting(written: impl Fn(&str) -> String + Send + Sync + 'static) -> Setup {
    Setup::vendor(move |request, _| Reply::new(200, "text/plain", written(request.header("x-auth-token"))))
}

/// What the adapter sees has lost the secret, and nothing else.
async fn is_taken_out(stage: &Stage, around: [&str; 2]) {
    let seen = stage.sees().await;
    assert!(!stage.canaries.administrator.is_in(&seen), "{seen}");
    assert!(seen.contains(&around.join("[redacted]")), "{seen}");
}

/// The answer that made the key, with what the vendor says beside.
fn telling(request: &Arrived, canaries: &Canaries, tell: impl FnOnce(&str) -> Reply) -> Reply {
    match request.path.as_str() {
        "/keys" => tell(canaries.minted.secret()),
        _ => proper(request, canaries),
    }
}

/// The secret got to whoever asked for it, and not to the adapter.
async fn is_kept_from_the_adapter(stage: &Stage) -> String {
    let issued = stage.create().await.unwrap();
    assert_eq!(stage.secret_of(&issued.parts), stage.canaries.minted.secret());
    let seen = unveiled(&issued.credential.attributes);
    assert!(!seen.is_empty() && !stage.canaries.minted.is_in(&seen), "{seen}");
    seen
}

/// The secret got to whoever asked for it, and stands nowhere else.
async fn is_told_once(stage: &Stage) -> Issued {
    let issued = stage.create().await.unwrap();
    assert_eq!(stage.secret_of(&issued.parts), stage.canaries.minted.secret());
    issued
}

attack!(reflected_in_the_body, reflecting(|secret| format!("it is {secret}, they say")), async |stage: &Stage| {
    is_taken_out(stage, ["it is ", ", they say"]).await;
});

attack!(
    reflected_in_a_header,
    Setup::vendor(|request, _| {
        Reply::empty(200).header("x-echo", format!("it is {}, they say", request.header("x-auth-token")))
    }),
    async |stage: &Stage| {
        is_taken_out(stage, ["x-echo: it is ", ", they say"]).await;
    }
);

attack!(
    reflected_in_an_error,
    Setup::vendor(|request, _| {
        Reply::json(401, &json!({"error": format!("no key {} here", request.header("x-auth-token"))}))
    }),
    async |stage: &Stage| {
        is_taken_out(stage, ["no key ", " here"]).await;
    }
);

attack!(
    reflected_in_base64,
    reflecting(|secret| format!("it is {}, they say", base64(secret))),
    async |stage: &Stage| {
        is_taken_out(stage, ["it is ", ", they say"]).await;
    }
);

attack!(reflected_in_base64_of_more, reflecting(|secret| base64(&format!("user:{secret}!"))), async |stage: &Stage| {
    let seen = stage.sees().await;
    assert!(!stage.canaries.administrator.is_in(&seen) && seen.contains("[redacted]"), "{seen}");
});

attack!(
    reflected_in_base64url,
    reflecting(|secret| format!("it is {}, they say", base64(secret).replace('+', "-").replace('/', "_"))),
    async |stage: &Stage| {
        is_taken_out(stage, ["it is ", ", they say"]).await;
    }
);

attack!(
    reflected_in_hexadecimal,
    reflecting(|secret| format!("it is {}, they say", hex(secret))),
    async |stage: &Stage| {
        is_taken_out(stage, ["it is ", ", they say"]).await;
    }
);

attack!(
    reflected_in_percent_encoding,
    reflecting(|secret| format!("it is {}, they say", percent(secret))),
    async |stage: &Stage| {
        is_taken_out(stage, ["it is ", ", they say"]).await;
    }
);

attack!(
    reflected_in_pieces,
    Setup::vendor(|request, _| {
        let (first, second) = request.header("x-auth-token").split_at(20);
        Reply::new(200, "text/plain", "it is ").then(Pieces::of([first, second, ", they say"]))
    }),
    async |stage: &Stage| {
        is_taken_out(stage, ["it is ", ", they say"]).await;
    }
);

attack!(
    reflected_by_a_redirect,
    Setup::vendor(|request, _| {
        let to = format!("https://vendor.test/keys/2?token={}", request.header("x-auth-token"));
        Reply::empty(302).header("location", to)
    }),
    async |stage: &Stage| {
        is_taken_out(stage, ["location: https://vendor.test/keys/2?token=", ""]).await;
    }
);

attack!(
    minted_in_a_header,
    Setup::vendor(|request, canaries| {
        telling(request, canaries, |secret| proper(request, canaries).header("x-new-key", secret))
    }),
    async |stage: &Stage| {
        let seen = is_kept_from_the_adapter(stage).await;
        assert!(seen.contains("x-new-key: [redacted]"), "{seen}");
    }
);

attack!(
    minted_told_twice,
    Setup::vendor(|request, canaries| {
        telling(request, canaries, |secret| {
            let example = format!("curl -H 'x-auth-token: {secret}'");
            Reply::json(200, &json!({"id": "k1", "secret_key": secret, "example": example}))
        })
    }),
    async |stage: &Stage| {
        let seen = is_kept_from_the_adapter(stage).await;
        assert!(seen.contains("curl -H 'x-auth-token: [redacted]'"), "{seen}");
    }
);

attack!(
    minted_in_a_later_answer,
    Setup::vendor(|request, canaries| match request.method.as_str() {
        "GET" => {
            let secret = canaries.minted.secret();
            Reply::json(200, &json!({"id": "k1", "secret_key": secret})).header("x-key", secret)
        }
        _ => proper(request, canaries),
    }),
    async |stage: &Stage| {
        let seen = is_kept_from_the_adapter(stage).await;
        assert!(seen.contains(r#""secret_key":"[redacted]""#) && seen.contains("x-key: [redacted]"), "{seen}");
    }
);

attack!(
    minted_in_no_json,
    Setup::vendor(|request, canaries| {
        telling(request, canaries, |secret| Reply::new(200, "text/plain", format!("the key is {secret}")))
    }),
    async |stage: &Stage| {
        let error = stage.create().await.unwrap_err();
        let CallError::InDoubt { cause, minted, withheld } = &error else { panic!("{error:?}") };
        // What the host could not read it keeps for who made the call.
        assert!(
            minted.is_empty() && withheld.as_ref().unwrap().expose_secret().contains(stage.canaries.minted.secret())
        );
        let CallError::Failed(failure) = &**cause else { panic!("{cause:?}") };
        let seen: String = failure.message.chars().rev().collect();
        assert!(seen.contains("(withheld: a secret was to be in this answer, which cannot be read)"), "{seen}");
        assert!(!stage.canaries.minted.is_in(&seen), "{seen}");
    }
);

attack!(told_in_attributes, Setup::usual().exposing(), async |stage: &Stage| {
    let attributes = is_told_once(stage).await.credential.attributes;
    assert_eq!(attributes["note"], "[redacted]");
    assert_eq!(attributes["deep"][0]["note"], "is [redacted].");
    assert_eq!(attributes["[redacted]"], 1);
});

attack!(told_in_the_id, Setup::usual().exposing(), async |stage: &Stage| {
    assert_eq!(is_told_once(stage).await.credential.id, "[redacted]");
});

attack!(told_in_a_warning, Setup::usual().exposing(), async |stage: &Stage| {
    assert_eq!(is_told_once(stage).await.warnings, ["the secret is [redacted]"]);
});

attack!(told_in_the_marker, Setup::usual().exposing(), async |stage: &Stage| {
    assert_eq!(is_told_once(stage).await.credential.marker.as_deref(), Some("[redacted]"));
});

attack!(told_in_an_error, Setup::usual().exposing(), async |stage: &Stage| {
    let cause = in_doubt(stage.create().await, &stage.canaries);
    let CallError::Failed(failure) = &cause else { panic!("{cause:?}") };
    assert_eq!(failure.message, "the secret is [redacted]");
    assert_eq!(failure.request_id.as_deref(), Some("[redacted]"));
});

attack!(told_on_standard_error, Setup::usual().exposing(), async |stage: &Stage| {
    is_told_once(stage).await;
    assert!(stage.logged().contains("the secret is [redacted]"));
});

attack!(told_in_other_forms, Setup::usual().exposing(), async |stage: &Stage| {
    let attributes = is_told_once(stage).await.credential.attributes;
    assert_eq!((&attributes["hex"], &attributes["escaped"]), (&json!("[redacted]"), &json!("[redacted]")));
});

attack!(told_in_a_cursor, Setup::usual().exposing(), async |stage: &Stage| {
    assert_eq!(stage.list().await.unwrap().next.as_deref(), Some("[redacted]"));
});

attack!(search_of_its_own_memory, Setup::usual(), async |stage: &Stage| {
    let backwards = |text: &str| text.chars().rev().collect::<String>();
    let issued = stage.create_with(json!({
        "there": backwards("a text that the adapter makes"),
        "administrator": backwards(stage.canaries.administrator.secret()),
        "minted": backwards(stage.canaries.minted.secret()),
    }));
    let found = issued.await.unwrap().credential.attributes["found"].clone();
    assert!(found[0].as_u64().unwrap() > 0, "{found}");
    assert_eq!((&found[1], &found[2]), (&json!(0), &json!(0)));
});

attack!(
    minted_elsewhere,
    Setup::vendor(|request, canaries| match request.query.as_deref() {
        Some("envelope=true") => Reply::json(200, &json!({"data": {"secret_key": canaries.minted.secret()}})),
        _ => proper(request, canaries),
    }),
    async |stage: &Stage| {
        let error = stage.create().await.unwrap_err();
        let CallError::InDoubt { withheld: Some(withheld), .. } = &error else { panic!("{error:?}") };
        assert!(withheld.expose_secret().contains(stage.canaries.minted.secret()));
        assert_eq!(stage.vendor.lines(), ["POST /keys"]);
    }
);

attack!(minted_by_a_check, Setup::usual(), async |stage: &Stage| {
    let cause = in_doubt(stage.check().await, &stage.canaries);
    assert!(cause.to_string().contains("kept back a secret"), "{cause}");
});

attack!(minted_under_another_query, Setup::usual(), async |stage: &Stage| {
    let denial = denial(stage.create().await);
    assert_eq!(denial.reason, DenialReason::QueryKey);
    stage.sent_nothing();
});
