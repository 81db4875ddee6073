//! The allow path allocates nothing.
#![allow(unsafe_code, reason = "an allocator is unsafe by its trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::net::SocketAddr;

use http::{Method, Uri};
use keywright_egress::{Reach, RuleSet};

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

#[test]
fn deciding_for_a_request_allocates_nothing() {
    let rules: RuleSet =
        "get GET https://api.example.com/v1/keys/{id}\nrevoke DELETE https://api.example.com/v1/keys/{id}"
            .parse()
            .unwrap();
    let policy = rules.bind(&serde_json::Map::new(), None).unwrap();
    let uri: Uri = "https://api.example.com/v1/keys/SCW0123456789ABCDEFGH".parse().unwrap();

    let before = COUNT.with(Cell::get);
    let decision = policy.decide("revoke", &Method::DELETE, &uri);
    assert_eq!(COUNT.with(Cell::get), before);
    assert!(decision.is_ok());
}

#[test]
fn judging_the_addresses_of_a_host_allocates_nothing() {
    let public: [SocketAddr; 3] =
        ["8.8.8.8:443", "[2a00::1]:443", "[64:ff9b::808:808]:443"].map(|address| address.parse().unwrap());
    let private: [SocketAddr; 2] = ["10.0.0.1:8443", "[fd12::1]:8443"].map(|address| address.parse().unwrap());
    let (public, private) = (public.to_vec(), private.to_vec());
    let own = Reach::new(Some("https://vendor.intern:8443".parse().unwrap()));

    let before = COUNT.with(Cell::get);
    let vendor = own.resolved("api.example.com", public);
    let installation = own.resolved("vendor.intern", private);
    assert_eq!(COUNT.with(Cell::get), before);
    assert!(vendor.is_ok() && installation.is_ok());
}
