//! What may be loaded as an adapter, and with which grant.

use keywright_runtime::{Adapter, Grant, LoadError, RuleSet};
use keywright_tests::{ScalewayBench as Bench, engine, guests};

async fn refused(bytes: &[u8]) -> LoadError {
    match Adapter::load_unpinned(engine(), bytes, &Grant::as_requested()).await {
        Err(error) => error,
        Ok(_) => panic!("it loads"),
    }
}

/// A component that imports and exports empty instances of these names.
fn component(imports: &[&str], exports: &[&str]) -> Vec<u8> {
    let section = |id: u8, count: usize, items: Vec<u8>| {
        let mut section = vec![id, u8::try_from(items.len() + 1).expect("a short section"), count as u8];
        section.extend(items);
        section
    };
    let name = |name: &str| {
        let mut bytes = vec![0, u8::try_from(name.len()).expect("a short name")];
        bytes.extend(name.as_bytes());
        bytes
    };
    let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
    // One type: an instance without members.
    bytes.extend(section(7, 1, vec![0x42, 0]));
    for import in imports {
        bytes.extend(section(10, 1, [name(import), vec![5, 0]].concat()));
    }
    for export in exports {
        bytes.extend(section(11, 1, [name(export), vec![5, 0, 0]].concat()));
    }
    bytes
}

#[tokio::test]
async fn what_is_no_webassembly_is_refused() {
    for bytes in [&b""[..], b"hello", b"\0as", b"<!doctype html>", b"#!/bin/sh\n"] {
        assert!(matches!(refused(bytes).await, LoadError::NotWasm), "{bytes:?}");
    }
}

#[tokio::test]
async fn a_core_module_is_refused_as_one() {
    let error = refused(b"\0asm\x01\0\0\0").await;
    assert!(matches!(error, LoadError::CoreModule));
    assert!(error.to_string().contains("wasm32-wasip2"), "{error}");
}

#[tokio::test]
async fn a_component_that_is_torn_is_refused() {
    let whole = guests::PROBE;
    for length in [9, 100, whole.len() / 2, whole.len() - 1] {
        let error = refused(&whole[..length]).await;
        assert!(matches!(error, LoadError::Malformed(_) | LoadError::OtherWorld { .. }), "{length}: {error:?}");
    }
}

#[tokio::test]
async fn a_component_that_is_damaged_within_is_refused() {
    let mut damaged = guests::PROBE.to_vec();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xff);
    let error = refused(&damaged).await;
    assert!(matches!(error, LoadError::Malformed(_) | LoadError::Compile(_)), "{error:?}");
}

#[tokio::test]
async fn sockets_and_files_are_refused_by_name() {
    for (import, says) in [
        ("wasi:sockets/tcp@0.2.3", "--inert-wasi"),
        ("wasi:filesystem/types@0.2.3", "--inert-wasi"),
        ("wasi:sockets/tcp@0.2.3", "wasi:http only"),
        ("wasi:sockets/ip-name-lookup@0.2.0", "wasi:http only"),
        ("wasi:filesystem/types@0.2.3", "no files"),
        ("wasi:filesystem/preopens@0.2.3", "no files"),
        ("wasi:http/incoming-handler@0.2.3", "vendor-adapter"),
        ("wasi:keyvalue/store@0.2.0", "vendor-adapter"),
        ("acme:host/secrets", "vendor-adapter"),
    ] {
        let error = refused(&component(&["wasi:io/error@0.2.3", import], &[])).await;
        assert!(matches!(&error, LoadError::Import { import: named, .. } if named == import), "{error:?}");
        assert!(error.to_string().contains(import) && error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn a_component_of_another_world_is_refused_with_what_it_is() {
    let error = refused(&component(&["wasi:io/error@0.2.3"], &["wasi:cli/run@0.2.3"])).await;
    let LoadError::OtherWorld { exports, expected } = &error else { panic!("{error:?}") };
    assert_eq!(exports, &["wasi:cli/run@0.2.3"]);
    assert_eq!(*expected, "keywright:vendor/credential-lifecycle@0.2.0");
    assert!(matches!(refused(&component(&[], &[])).await, LoadError::OtherWorld { .. }));
}

#[tokio::test]
async fn an_adapter_for_another_version_of_the_contract_is_refused_with_both() {
    let error = refused(&component(&["wasi:io/error@0.2.3"], &["keywright:vendor/credential-lifecycle@9.0.0"])).await;
    assert!(matches!(&error, LoadError::ContractVersion { .. }), "{error:?}");
    assert!(error.to_string().contains("@9.0.0") && error.to_string().contains("@0.2.0"), "{error}");
    assert!(error.to_string().ends_with("use a newer host"), "{error}");
    let old = refused(&component(&["wasi:io/error@0.2.3"], &["keywright:vendor/credential-lifecycle@0.1.0"])).await;
    assert!(old.to_string().contains("build the adapter again with a newer SDK"), "{old}");
}

#[tokio::test]
async fn an_adapter_that_only_claims_to_be_one_is_refused() {
    let fake = component(&["wasi:io/error@0.2.3"], &["keywright:vendor/credential-lifecycle@0.2.0"]);
    let error = refused(&fake).await;
    assert!(matches!(&error, LoadError::Compile(_)), "{error:?}");
}

#[tokio::test]
async fn a_grant_that_is_narrower_than_the_request_refuses_with_the_difference() {
    let granted: RuleSet = "
        create      POST  https://api.scaleway.com/iam/v1alpha1/api-keys mints secret_key=/secret_key
        check,list  GET   https://api.scaleway.com/iam/v1alpha1/api-keys
        check,get,verify  GET   https://api.scaleway.com/iam/v1alpha1/api-keys/{access_key}
        update      PATCH https://api.scaleway.com/iam/v1alpha1/api-keys/{access_key}
    "
    .parse()
    .unwrap();
    let outcome = Adapter::load_unpinned(engine(), Bench::built_in().component, &Grant::rules(granted)).await;
    let Err(error) = outcome else { panic!("it loads") };
    let LoadError::Ungranted(missing) = &error else { panic!("{error:?}") };
    let lines: Vec<String> = missing.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "update GET https://api.scaleway.com/iam/v1alpha1/api-keys/{access_key}?",
            "revoke DELETE https://api.scaleway.com/iam/v1alpha1/api-keys/{access_key}?",
        ]
    );
    assert!(lines.iter().all(|line| error.to_string().contains(line)), "{error}");
}

#[tokio::test]
async fn a_grant_for_an_operation_that_there_is_not_is_refused() {
    let granted = Bench::built_in().rules.replace("revoke", "revok");
    for grant in [Grant::rules(granted.parse().unwrap()), Grant::at_most(granted.parse().unwrap())] {
        let outcome = Adapter::load_unpinned(engine(), Bench::built_in().component, &grant).await;
        let Err(error) = outcome else { panic!("it loads") };
        assert!(matches!(&error, LoadError::GrantedOperation(name) if name == "revok"), "{error:?}");
        assert!(error.to_string().contains("`revok`") && error.to_string().contains("verify, revoke or"), "{error}");
    }
}

#[tokio::test]
async fn a_grant_of_some_rules_at_most_leaves_those() {
    let granted = "
        check,list GET https://api.scaleway.com/iam/v1alpha1/api-keys?page,page_size
        get        GET https://api.scaleway.com/iam/v1alpha1/api-keys/SCWXXXXXXXXXXXXXXXXX?
        get        GET https://other.example/x
    ";
    let grant = Grant::at_most(granted.parse().unwrap());
    let adapter = Adapter::load_unpinned(engine(), Bench::built_in().component, &grant).await.unwrap();
    let rules: Vec<String> = adapter.rules().rules.iter().map(ToString::to_string).collect();
    assert_eq!(
        rules,
        [
            "check,list GET https://api.scaleway.com/iam/v1alpha1/api-keys?page,page_size",
            "get GET https://api.scaleway.com/iam/v1alpha1/api-keys/SCWXXXXXXXXXXXXXXXXX?",
        ]
    );
}

#[tokio::test]
async fn a_grant_for_another_host_is_no_grant() {
    let granted: RuleSet = Bench::built_in().rules.replace("api.scaleway.com", "api.evil.example").parse().unwrap();
    let outcome = Adapter::load_unpinned(engine(), Bench::built_in().component, &Grant::rules(granted)).await;
    assert!(matches!(outcome, Err(LoadError::Ungranted(missing)) if missing.len() == 5));
}

#[tokio::test]
async fn a_grant_may_be_wider_than_the_request() {
    let granted = format!("{}\nget GET https://other.example/x", Bench::built_in().rules);
    let granted = Grant::rules(granted.parse().unwrap());
    assert!(Adapter::load_unpinned(engine(), Bench::built_in().component, &granted).await.is_ok());
}

#[tokio::test]
async fn the_host_may_fetch_tokens_only_where_that_is_granted() {
    let requested = Adapter::load_unpinned(engine(), guests::OAUTH2, &Grant::as_requested()).await.unwrap();
    let mut granted = requested.descriptor().rules.clone();
    granted.rules.retain(|rule| rule.operations != ["authenticate"]);
    assert_eq!(granted.rules.len() + 1, requested.descriptor().rules.rules.len());
    let outcome = Adapter::load_unpinned(engine(), guests::OAUTH2, &Grant::rules(granted)).await;
    let Err(LoadError::Ungranted(missing)) = outcome else { panic!("it loads") };
    assert_eq!(missing[0].to_string(), "authenticate POST https://auth.vendor.example/{settings.tenant}/token?");
}

#[tokio::test]
async fn the_same_component_has_the_same_digest() {
    let load = async |bytes| Adapter::load_unpinned(engine(), bytes, &Grant::as_requested()).await.unwrap().digest();
    assert_eq!(load(guests::PROBE).await, load(guests::PROBE).await);
    assert_ne!(load(guests::PROBE).await, load(guests::BASIC).await);
}

/// Whoever embeds the runtime names no other crate for it.
#[tokio::test]
async fn the_types_of_a_descriptor_are_those_of_the_runtime() {
    use keywright_runtime::{
        Descriptor, Disabling, Expiry, ExpirySupport, Extensions, Idempotency, LastUsed, LockOut, Marker,
        PartDescriptions, Pattern, QuotaLimit, QuotaScope, Rate, Text, Traits,
    };
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let descriptor: &Descriptor = adapter.descriptor();
    let Descriptor { administrator, issued, id_pattern, traits, .. } = descriptor;
    let _: (&PartDescriptions, &PartDescriptions, &Pattern) = (administrator, issued, id_pattern);
    let Traits { expiry, last_used, marker, quota, disabling, lock_out, rate, idempotency, extensions, .. } = traits;
    let (expiry, _, _): (&Expiry, &LastUsed, &Rate) = (expiry, last_used, rate);
    let _: (&Option<Disabling>, &Option<LockOut>, &Option<Idempotency>) = (disabling, lock_out, idempotency);
    let (marker, quota): (&Option<Marker>, &Option<QuotaLimit>) = (marker, quota);
    let _: &Extensions = extensions;
    assert_eq!(expiry.support, ExpirySupport::AddOnce);
    assert_eq!(marker.as_ref().map(|marker| &marker.attribute), Some(&Text::from("description")));
    assert_eq!(quota.as_ref().map(|quota| &quota.scope), Some(&QuotaScope::Organization));
}

#[tokio::test]
async fn a_grant_is_pinned_to_one_description() {
    let grant = Grant::as_requested;
    let seen = Adapter::load_unpinned(engine(), guests::BASIC, &grant()).await.unwrap().descriptor_digest();
    let pinned = Adapter::load(engine(), guests::BASIC, &grant().pinned(seen)).await.unwrap();
    assert_eq!(pinned.descriptor_digest(), seen);
    let other = Adapter::load_unpinned(engine(), guests::PROBE, &grant()).await.unwrap().descriptor_digest();
    assert_ne!(seen, other);
    match Adapter::load(engine(), guests::BASIC, &grant().pinned(other)).await {
        Err(LoadError::OtherDescriptor { pinned, found }) => assert_eq!((pinned, found), (other, seen)),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("it is loaded"),
    }
}
