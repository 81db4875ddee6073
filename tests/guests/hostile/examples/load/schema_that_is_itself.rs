//! A schema that refers to itself and to nothing else: whoever follows it never comes back, and stacks of hosts have
//! ends.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").attributes(r##"{"$ref": "#"}"##)
    }
}
