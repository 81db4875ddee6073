//! The functions that a component exports, one for each of `credential-lifecycle`: what the canonical ABI passes is put
//! together, and the adapter is called. Up to sixteen numbers are passed as they are, more in memory.
#![allow(unsafe_code, clippy::too_many_arguments)]

use super::answers;
use super::arguments::{Account, Authentication, Change, Creation, Extension, Regeneration, Selection};
use super::memory::{Given, Maybe, Slice, lend, reclaim};
use crate::{Adapter, Operation, Result, Supports};

type Text = Slice<u8>;

/// What each exported function begins with.
fn enter() {
    // The linker would otherwise have each exported function run the constructors again.
    #[cfg(target_family = "wasm")]
    wit_bindgen::rt::run_ctors_once();
    reclaim();
}

/// The arguments of a function that are passed in memory.
///
/// # Safety
///
/// `arguments` is what a host passes to a function with these parameters, and is read once.
unsafe fn read<T>(arguments: *mut u8) -> T {
    enter();
    // SAFETY: the host allocated it for a `T`, and it is the component's to free.
    *unsafe { Box::from_raw(arguments.cast::<T>()) }
}

/// An account that is passed as numbers.
///
/// # Safety
///
/// They are what a host passes for an `account`, and are used once.
pub unsafe fn account(
    settings: *mut u8,
    settings_length: usize,
    endpoints: *mut u8,
    endpoints_length: usize,
    authentication: i32,
    first: *mut u8,
    first_length: usize,
    second: *mut u8,
    second_length: usize,
    has_extensions: i32,
    extensions: *mut u8,
    extensions_length: usize,
) -> Account {
    enter();
    Account {
        settings: Slice::from_raw(settings, settings_length),
        endpoints: Slice::from_raw(endpoints, endpoints_length),
        authentication: match authentication {
            0 => Authentication::Brokered(Slice::from_raw(first, first_length)),
            1 => Authentication::Direct(Slice::from_raw(first, first_length)),
            _ => Authentication::Other(Extension {
                name: Slice::from_raw(first, first_length),
                parameters: Slice::from_raw(second, second_length),
            }),
        },
        extensions: match has_extensions {
            0 => Maybe::None,
            _ => Maybe::Some(Slice::from_raw(extensions, extensions_length)),
        },
    }
}

/// Calls a function of the adapter for an account, and lends the host its answer.
fn call<A: Adapter + Supports, T, W: 'static>(
    account: Account,
    operation: Operation,
    function: impl FnOnce(&crate::Account) -> Result<T>,
    answer: fn(T) -> W,
) -> *const u8 {
    let result = account.read(super::described::<A>(), operation).and_then(|account| function(&account));
    lend(match result {
        Ok(value) => answers::Outcome::Ok(answer(value)),
        Err(failure) => answers::Outcome::Err(answers::failure(failure)),
    })
}

/// `describe`
pub fn describe<A: Adapter + Supports>() -> *const u8 {
    enter();
    std::ptr::from_ref(&super::described::<A>().wire).cast()
}

/// `check`
pub fn check<A: Adapter + Supports>(account: Account) -> *const u8 {
    call::<A, _, _>(account, Operation::Check, |account| A::check(account), answers::principal)
}

/// `create`
///
/// # Safety
///
/// `arguments` is what a host passes to this function, and is read once.
pub unsafe fn create<A: Adapter + Supports>(arguments: *mut u8) -> *const u8 {
    // SAFETY: as of the whole.
    let (account, request) = unsafe { read::<Pair<Account, Creation>>(arguments) }.parts();
    let request = request.read();
    call::<A, _, _>(account, Operation::Create, |account| A::create(account, &request?), answers::issued)
}

/// `get`
///
/// # Safety
///
/// `id` is a text that a host passes, and is used once.
pub unsafe fn get<A: Adapter + Supports>(account: Account, id: *mut u8, length: usize) -> *const u8 {
    // SAFETY: as of the whole.
    let id = unsafe { Text::from_raw(id, length).take() };
    call::<A, _, _>(account, Operation::Get, |account| A::get(account, &id), answers::found)
}

/// `list`
///
/// # Safety
///
/// `arguments` is what a host passes to this function, and is read once.
pub unsafe fn list<A: Adapter + Supports>(arguments: *mut u8) -> *const u8 {
    // SAFETY: as of the whole.
    let (account, rest) = unsafe { read::<Pair<Account, Pair<Selection, Maybe<Text>>>>(arguments) }.parts();
    let (filter, cursor) = rest.parts();
    let filter = filter.read();
    // SAFETY: as of the whole.
    let cursor = unsafe { cursor.take() };
    let function = |account: &_| A::list(account, &filter?, cursor.as_deref());
    call::<A, _, _>(account, Operation::List, function, answers::page)
}

/// `update`
///
/// # Safety
///
/// `arguments` is what a host passes to this function, and is read once.
pub unsafe fn update<A: Adapter + Supports>(arguments: *mut u8) -> *const u8 {
    // SAFETY: as of the whole.
    let (account, rest) = unsafe { read::<Pair<Account, Pair<Text, Change>>>(arguments) }.parts();
    let (id, request) = rest.parts();
    let request = request.read();
    // SAFETY: as of the whole.
    let id = unsafe { id.take() };
    call::<A, _, _>(account, Operation::Update, |account| A::update(account, &id, &request?), answers::updated)
}

/// `set-enabled`
///
/// # Safety
///
/// `id` is a text that a host passes, and is used once.
pub unsafe fn set_enabled<A: Adapter + Supports>(
    account: Account,
    id: *mut u8,
    length: usize,
    enabled: i32,
) -> *const u8 {
    // SAFETY: as of the whole.
    let id = unsafe { Text::from_raw(id, length).take() };
    let function = |account: &_| A::set_enabled(account, &id, enabled != 0);
    call::<A, _, _>(account, Operation::SetEnabled, function, answers::credential)
}

/// `regenerate`
///
/// # Safety
///
/// `arguments` is what a host passes to this function, and is read once.
pub unsafe fn regenerate<A: Adapter + Supports>(arguments: *mut u8) -> *const u8 {
    // SAFETY: as of the whole.
    let (account, rest) = unsafe { read::<Pair<Account, Pair<Text, Regeneration>>>(arguments) }.parts();
    let (id, request) = rest.parts();
    let request = request.read();
    // SAFETY: as of the whole.
    let id = unsafe { id.take() };
    call::<A, _, _>(account, Operation::Regenerate, |account| A::regenerate(account, &id, &request?), answers::issued)
}

/// `verify`
///
/// # Safety
///
/// `id` is a text that a host passes, and is used once.
pub unsafe fn verify<A: Adapter + Supports>(account: Account, id: *mut u8, length: usize) -> *const u8 {
    // SAFETY: as of the whole.
    let id = unsafe { Text::from_raw(id, length).take() };
    call::<A, _, _>(account, Operation::Verify, |account| A::verify(account, &id), answers::verdict)
}

/// `revoke`
///
/// # Safety
///
/// `id` is a text that a host passes, and is used once.
pub unsafe fn revoke<A: Adapter + Supports>(account: Account, id: *mut u8, length: usize) -> *const u8 {
    // SAFETY: as of the whole.
    let id = unsafe { Text::from_raw(id, length).take() };
    call::<A, _, _>(account, Operation::Revoke, |account| A::revoke(account, &id), answers::nothing)
}

/// Two parameters in memory.
#[repr(C)]
struct Pair<T, U> {
    first: T,
    second: U,
}

impl<T, U> Pair<T, U> {
    fn parts(self) -> (T, U) {
        (self.first, self.second)
    }
}

/// Exports an adapter: `wit-bindgen`'s macro for the world calls the macro of each interface by its path, and this stands in
/// the place of the one that it generates.
#[doc(hidden)]
#[macro_export]
macro_rules! export_credential_lifecycle {
    ($adapter:ident with_types_in $($path:tt)*) => {
        const _: () = {
            use $crate::private::export;

            #[unsafe(export_name = "keywright:vendor/credential-lifecycle@0.2.0#describe")]
            extern "C" fn describe() -> *const u8 {
                export::describe::<$adapter>()
            }

            #[unsafe(export_name = "keywright:vendor/credential-lifecycle@0.2.0#create")]
            unsafe extern "C" fn create(arguments: *mut u8) -> *const u8 {
                unsafe { export::create::<$adapter>(arguments) }
            }

            #[unsafe(export_name = "keywright:vendor/credential-lifecycle@0.2.0#list")]
            unsafe extern "C" fn list(arguments: *mut u8) -> *const u8 {
                unsafe { export::list::<$adapter>(arguments) }
            }

            #[unsafe(export_name = "keywright:vendor/credential-lifecycle@0.2.0#update")]
            unsafe extern "C" fn update(arguments: *mut u8) -> *const u8 {
                unsafe { export::update::<$adapter>(arguments) }
            }

            #[unsafe(export_name = "keywright:vendor/credential-lifecycle@0.2.0#regenerate")]
            unsafe extern "C" fn regenerate(arguments: *mut u8) -> *const u8 {
                unsafe { export::regenerate::<$adapter>(arguments) }
            }

            $crate::export_for_an_account! {
                "keywright:vendor/credential-lifecycle@0.2.0#check" $adapter check()
                "keywright:vendor/credential-lifecycle@0.2.0#get" $adapter get(id: *mut u8, length: usize)
                "keywright:vendor/credential-lifecycle@0.2.0#set-enabled"
                    $adapter set_enabled(id: *mut u8, length: usize, enabled: i32)
                "keywright:vendor/credential-lifecycle@0.2.0#verify" $adapter verify(id: *mut u8, length: usize)
                "keywright:vendor/credential-lifecycle@0.2.0#revoke" $adapter revoke(id: *mut u8, length: usize)
            }
        };
    };
}

/// Exports functions whose first parameter is an account, passed as numbers.
#[doc(hidden)]
#[macro_export]
macro_rules! export_for_an_account {
    ($($name:literal $adapter:ident $function:ident($($argument:ident: $type:ty),*))*) => {$(
        #[unsafe(export_name = $name)]
        unsafe extern "C" fn $function(
            settings: *mut u8,
            settings_length: usize,
            endpoints: *mut u8,
            endpoints_length: usize,
            authentication: i32,
            first: *mut u8,
            first_length: usize,
            second: *mut u8,
            second_length: usize,
            has_extensions: i32,
            extensions: *mut u8,
            extensions_length: usize,
            $($argument: $type),*
        ) -> *const u8 {
            #[allow(unused_unsafe)]
            unsafe {
                let account = export::account(
                    settings,
                    settings_length,
                    endpoints,
                    endpoints_length,
                    authentication,
                    first,
                    first_length,
                    second,
                    second_length,
                    has_extensions,
                    extensions,
                    extensions_length,
                );
                export::$function::<$adapter>(account, $($argument),*)
            }
        }
    )*};
}
