//! A pattern of ids that is small to write and large to compile.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").id("^((((a{100}){100}){100}){100})$", &["ID"])
    }
}
