//! What the hostile adapters share. Each of them is an example of this package: a comment that names the attack and what
//! it would gain, and the function that makes it. Most attack in `check`; what an adapter leaves out behaves properly, so
//! that the next call of the same adapter can be seen to work.

use keywright_guest_common::raw;
pub use keywright_guest_common::raw::{Answer, Method, Pending, Request, Scheme};
pub use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, Failure, Filter, Issued, Operation, Page, Part, Principal,
    Reason, Result, Rule, UpdateRequest, Updated, Warning, private::bindings::wasi,
};
pub use serde_json::{Value, json};

/// The one host that the rules name.
pub const VENDOR: &str = "vendor.test";

/// An adapter, proper but for the functions that are given.
pub trait Attack {
    /// What it tells of itself.
    fn describe() -> Descriptor {
        described(VENDOR_URL)
    }

    /// Where most attacks are made.
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/own").tell()
    }

    /// Makes a key.
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        mint().map(Key::issued)
    }

    /// Shows a key.
    fn get(_: &Account, id: &str) -> Result<Option<Credential>> {
        let answer = get(&["/keys/", id].concat()).answer()?;
        Ok((answer.status == 200).then(|| Credential::new(id, json!({}))))
    }

    /// Lists nothing.
    fn list(_: &Account, _: &Filter, _: Option<&str>) -> Result<Page> {
        get("/keys").answer().map(|_| Page::default())
    }

    /// Makes a new secret for a key.
    fn update(_: &Account, id: &str, _: &UpdateRequest) -> Result<Updated> {
        let key = Key::read(post(&["/keys/", id, "/rotate"].concat(), "{}").answer()?)?;
        let mut updated = Updated::new(Credential::new(id, json!({})));
        updated.parts.push("access_key", id);
        updated.parts.push("secret_key", key.handle);
        Ok(updated)
    }

    /// Ends a key.
    fn revoke(_: &Account, id: &str) -> Result<()> {
        get(&["/keys/", id].concat()).by(Method::Delete).answer().map(|_| ())
    }
}

const VENDOR_URL: &str = "https://vendor.test";

/// The usual descriptor, of a vendor at this URL.
pub fn described(url: &'static str) -> Descriptor {
    use Operation::{Check, Create, Get, List, Revoke, Update};
    Descriptor::new("hostile", "A hostile adapter", "1.0.0")
        .attributes(r#"{"type": "object"}"#)
        .endpoint("api", url)
        .scheme(by_token())
        .part(Part::public("access_key", "access key").identifies())
        .part(Part::secret("secret_key", "secret key"))
        .id("^[a-z0-9-]+$", &["ID"])
        .rule(Rule::get(&[Check, Create, Get], "api", "/keys/{id}").any_query())
        .rule(Rule::post(&[Check], "api", "/keys/{id}/notes").any_query())
        .rule(Rule::get(&[List], "api", "/keys").any_query())
        .rule(Rule::post(&[Create], "api", "/keys").any_query().mints("secret_key", "/secret_key"))
        .rule(Rule::post(&[Update], "api", "/keys/{id}/rotate").any_query().mints("secret_key", "/secret_key"))
        .rule(Rule::delete(&[Revoke], "api", "/keys/{id}").any_query())
}

/// How the usual vendor is authenticated to.
pub fn by_token() -> keywright_sdk::Scheme {
    keywright_sdk::Scheme::new("api").header("X-Auth-Token", "{parts.secret_key}")
}

/// A GET of this path at the vendor.
pub fn get(target: &str) -> Request {
    Request::new(Method::Get, VENDOR, target)
}

/// A POST of this text to this path at the vendor.
pub fn post(target: &str, body: &str) -> Request {
    Request { body: vec![body.as_bytes().to_vec()], ..Request::new(Method::Post, VENDOR, target) }
}

/// A key that was made.
pub struct Key {
    /// Its id.
    pub id: String,
    /// What stands in the place of its secret.
    pub handle: String,
    /// The answer that told.
    pub answer: Answer,
}

/// Makes a key, as an adapter should.
pub fn mint() -> Result<Key> {
    post("/keys", "{}").answer().and_then(Key::read)
}

impl Key {
    /// The key of an answer.
    pub fn read(answer: Answer) -> Result<Self> {
        let key: Value = serde_json::from_slice(&answer.body).map_err(|_| ended("the answer is no JSON"))?;
        let text = |name: &str| key[name].as_str().map(str::to_owned).ok_or_else(|| ended("the answer is no key"));
        Ok(Self { id: text("id")?, handle: text("secret_key")?, answer })
    }

    /// As it is to be handed back.
    pub fn issued(self) -> Issued {
        self.issued_with(json!({}))
    }

    /// With these attributes.
    pub fn issued_with(self, attributes: Value) -> Issued {
        let (id, handle) = (self.id, self.handle);
        Issued::new(Credential::new(id.clone(), attributes)).part("access_key", id).part("secret_key", handle)
    }
}

/// Tells the host's test what an adapter got to see.
pub trait Tell {
    /// The answer to it.
    fn answer(self) -> Result<Answer>;
    /// What came of it, for the test to read.
    fn tell(self) -> Result<Principal>;
}

impl Tell for Request {
    fn answer(self) -> Result<Answer> {
        self.send().map_err(|how| match how.starts_with("answer: ") {
            // Trouble on the way, of which the host knows more.
            true => Failure::new(Reason::Unavailable, how),
            false => ended(how),
        })
    }

    fn tell(self) -> Result<Principal> {
        self.answer()?.tell()
    }
}

impl Tell for Answer {
    fn answer(self) -> Result<Answer> {
        Ok(self)
    }

    fn tell(self) -> Result<Principal> {
        let seen = veiled(&self);
        tell(json!({"status": self.status, "veiled": seen}))
    }
}

/// All of an answer, backwards: what the host takes out of texts it would not find there, so the test sees what the
/// adapter saw.
pub fn veiled(answer: &Answer) -> String {
    let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value)));
    let all: String = headers.chain([String::from_utf8_lossy(&answer.body).into_owned()]).collect();
    all.chars().rev().collect()
}

/// Tells these facts.
pub fn tell(details: Value) -> Result<Principal> {
    let details = details.as_object().cloned().unwrap_or_default();
    Ok(Principal { details, ..Principal::default() })
}

/// Where a redirect leads: scheme, authority and path.
pub fn location(answer: &Answer) -> Result<(Scheme, String, String)> {
    let to =
        answer.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| String::from_utf8_lossy(value));
    let to = to.ok_or_else(|| ended("no redirect"))?;
    let (scheme, rest) = to.split_once("://").ok_or_else(|| ended("no URL"))?;
    let (authority, path) = rest.split_once('/').ok_or_else(|| ended("no path"))?;
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    Ok((scheme, authority.to_owned(), ["/", path].concat()))
}

/// The failure of an attack that ended here.
pub fn ended(how: impl AsRef<str>) -> Failure {
    Failure::new(Reason::Vendor("hostile".to_owned()), how)
}

/// Starts a request whose answer is not waited for.
pub fn start(request: Request) -> Result<Pending> {
    raw::Request::start(request).map_err(ended)
}

/// Calls itself without end.
#[allow(unconditional_recursion, reason = "the stack is what is to be found finite")]
pub fn deeper(depth: u64) -> u64 {
    let frame = [depth; 64];
    std::hint::black_box(&frame);
    deeper(depth + 1) + std::hint::black_box(frame[usize::try_from(depth % 64).unwrap_or_default()])
}

/// How often a text stands in this component's memory. It is given backwards, so as not to put it there.
#[allow(unsafe_code, reason = "to read what is not its own is the attack")]
pub fn found_in_memory(backwards: &str) -> usize {
    let text: Vec<u8> = backwards.bytes().collect();
    // SAFETY: all of linear memory can be read. Elsewhere there is none to search.
    let byte = |at: usize| unsafe { std::ptr::read_volatile(at as *const u8) };
    let end = memory_end().saturating_sub(text.len());
    (1..end).filter(|at| text.iter().rev().enumerate().all(|(offset, wanted)| byte(at + offset) == *wanted)).count()
}

#[cfg(target_family = "wasm")]
fn memory_end() -> usize {
    core::arch::wasm32::memory_size::<0>() << 16
}

#[cfg(not(target_family = "wasm"))]
fn memory_end() -> usize {
    0
}

/// Makes an adapter of the functions of an attack.
#[macro_export]
macro_rules! attack {
    ($($function:tt)*) => {
        /// The adapter.
        pub struct Hostile;

        impl $crate::Attack for Hostile {
            $($function)*
        }

        #[keywright_sdk::adapter]
        impl $crate::Adapter for Hostile {
            fn describe() -> $crate::Descriptor {
                <Self as $crate::Attack>::describe()
            }

            fn check(account: &$crate::Account) -> $crate::Result<$crate::Principal> {
                <Self as $crate::Attack>::check(account)
            }

            fn create(account: &$crate::Account, request: &$crate::CreateRequest) -> $crate::Result<$crate::Issued> {
                <Self as $crate::Attack>::create(account, request)
            }

            fn get(account: &$crate::Account, id: &str) -> $crate::Result<Option<$crate::Credential>> {
                <Self as $crate::Attack>::get(account, id)
            }

            fn list(
                account: &$crate::Account,
                filter: &$crate::Filter,
                cursor: Option<&str>,
            ) -> $crate::Result<$crate::Page> {
                <Self as $crate::Attack>::list(account, filter, cursor)
            }

            fn update(
                account: &$crate::Account,
                id: &str,
                change: &$crate::UpdateRequest,
            ) -> $crate::Result<$crate::Updated> {
                <Self as $crate::Attack>::update(account, id, change)
            }

            fn revoke(account: &$crate::Account, id: &str) -> $crate::Result<()> {
                <Self as $crate::Attack>::revoke(account, id)
            }
        }
    };
}
