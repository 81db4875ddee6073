//! Hostile adapters, one attack each: what ends it, and that it did no harm. The guests are in `tests/guests/hostile`.

mod canary;
mod log;
pub(crate) mod memory;
mod stage;

/// A test of the guest of the same name: what it finds, and what comes of it. What must hold after every attack is
/// checked at the end.
macro_rules! attack {
    ($name:ident, $setup:expr, $test:expr) => {
        #[tokio::test]
        pub(super) async fn $name() {
            let stage = $crate::hostile::stage::Stage::set(stringify!($name), $setup).await;
            $crate::hostile::attacked(&stage, $test).await;
            stage.withstood().await;
        }
    };
}

mod address;
mod ambient;
mod handle;
mod header;
mod isolation;
mod load;
mod method;
mod minted;
mod redirect;
mod rule;
mod secret;
mod size;
mod time;
mod url;

/// Only so that the closure's type is known.
async fn attacked(stage: &stage::Stage, test: impl AsyncFnOnce(&stage::Stage)) {
    test(stage).await;
}

include!(concat!(env!("OUT_DIR"), "/hostile.rs"));

/// Every guest has its test; a test without its guest fails.
#[allow(unused_imports, reason = "not every class has tests that are called by their names")]
mod every_guest_has_its_test {
    use super::address::*;
    use super::ambient::*;
    use super::handle::*;
    use super::header::*;
    use super::isolation::*;
    use super::load::*;
    use super::method::*;
    use super::minted::*;
    use super::redirect::*;
    use super::rule::*;
    use super::secret::*;
    use super::size::*;
    use super::time::*;
    use super::url::*;

    macro_rules! assert_test_exists {
        ($name:ident) => {
            const _: fn() = $name;
        };
    }

    for_each_hostile_guest!(assert_test_exists);
}
