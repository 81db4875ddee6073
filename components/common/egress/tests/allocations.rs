//! The allow path allocates nothing.
#![allow(clippy::unwrap_used)]
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::net::SocketAddr;

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Uri};
use keywright_egress::{AddressPolicy, EndpointOverrides, Request, RuleSet};

struct Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Decides on a request, and counts the allocations.
fn allocations(rules: &str, request: &Request<'_>) -> u64 {
    let policy = rules.parse::<RuleSet>().unwrap().bind(&serde_json::Map::new(), &EndpointOverrides::none()).unwrap();
    let before = COUNT.with(Cell::get);
    let decision = policy.decide(request);
    let count = COUNT.with(Cell::get) - before;
    assert!(decision.is_ok());
    count
}

fn headers(content_type: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))])
}

#[test]
fn deciding_for_a_request_allocates_nothing() {
    let rules =
        "get GET https://api.example.com/v1/keys/{id}\nrevoke DELETE https://api.example.com/v1/{name/}/{id}.json";
    let uri: Uri = "https://api.example.com/v1/a%2Fkeys/SCW0123456789ABCDEFGH%C3%A9.json?page=1".parse().unwrap();
    let headers = HeaderMap::new();
    let request = Request { operation: "revoke", method: &Method::DELETE, uri: &uri, headers: &headers, body: b"" };
    assert_eq!(allocations(rules, &request), 0);
}

#[test]
fn demands_on_the_query_the_headers_and_the_body_allocate_nothing() {
    let uri: Uri = "https://api.example.com/?Act%69on=a+b&x=1".parse().unwrap();
    let query = "where query Action = \"a b\" where header content-type";
    let form = headers("application/x-www-form-urlencoded; charset=utf-8");
    let request = Request {
        operation: "list",
        method: &Method::POST,
        uri: &uri,
        headers: &form,
        body: b"Action=List%4beys&Version=2010-05-08&Name=a+b&Path=%2Fx&y",
    };
    let rules = format!(
        "create POST https://api.example.com/ where form Action = CreateKey mints\n\
         list POST https://api.example.com/ {query} = \"application/x-www-form-urlencoded; charset=utf-8\" \
         where form Action = ListKeys where form Version = 2010-05-08"
    );
    assert_eq!(allocations(&rules, &request), 0);

    let json = headers("application/vnd.api+json");
    let body =
        r#"{"data": {"t\u0079pe": "ke\u0079", "count": 2, "list": [1, {"a": null}, "\ud83d\udd11"]}, "x": true}"#;
    let request = Request { headers: &json, body: body.as_bytes(), ..request };
    let rules = format!(
        "list POST https://api.example.com/ {query} = application/vnd.api+json where json /data/type = key \
         where json /data/count = 2 where json /data/list/1/a = null"
    );
    assert_eq!(allocations(&rules, &request), 0);
}

#[test]
fn judging_the_addresses_of_a_host_allocates_nothing() {
    let public: [SocketAddr; 3] =
        ["8.8.8.8:443", "[2a00::1]:443", "[64:ff9b::808:808]:443"].map(|address| address.parse().unwrap());
    let private: [SocketAddr; 2] = ["10.0.0.1:8443", "[fd12::1]:8443"].map(|address| address.parse().unwrap());
    let (public, private) = (public.to_vec(), private.to_vec());
    let policy = AddressPolicy::new(["https://vendor.intern:8443".parse().unwrap()]);

    let before = COUNT.with(Cell::get);
    let vendor = policy.vet("api.example.com", public);
    let installation = policy.vet("vendor.intern", private);
    assert_eq!(COUNT.with(Cell::get), before);
    assert!(vendor.is_ok() && installation.is_ok());
}
