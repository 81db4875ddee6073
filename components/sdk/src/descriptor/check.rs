//! Finds what a host would refuse in a descriptor.

use keywright_descriptor::{DescriptorError, Schemas};

use super::Descriptor;
use crate::Supports;

impl Descriptor {
    /// Checks the descriptor, with the operations that the adapter implements, as the host does when it loads the
    /// component: with the same code, and so with the same words. For a unit test of the adapter.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, by the name of its element; rules are counted from 1.
    pub fn check<A: Supports>(&self) -> Result<(), DescriptorError> {
        let mut model = self.model();
        model.operations = A::OPERATIONS.to_vec();
        let descriptor = keywright_descriptor::Descriptor::read(model)?;
        Schemas::new(&descriptor).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Operation, Part, Rule, Scheme};

    struct CreatesAndRevokes;

    impl Supports for CreatesAndRevokes {
        const OPERATIONS: &'static [Operation] = &[Operation::Create, Operation::Revoke];
    }

    #[test]
    fn the_hosts_own_words_say_what_is_wrong() {
        let described = Descriptor::new("v", "V", "1")
            .endpoint("api", "https://api.example.com")
            .scheme(Scheme::new("api").header("x-token", "{parts.token}"))
            .part(Part::secret("token", "token"))
            .rule(Rule::post(&[Operation::Create], "api", "/keys").mints("token", "/token"));
        let check = |descriptor: Descriptor| descriptor.check::<CreatesAndRevokes>().map_err(|error| error.to_string());
        assert_eq!(check(described.clone().rule(Rule::delete(&[Operation::Revoke], "api", "/keys/{id}"))), Ok(()));
        let message = check(described.clone()).unwrap_err();
        assert!(message.starts_with("`revoke` is said to work, but no rule"), "{message}");
        let message = check(described.rule(Rule::delete(&[Operation::Revoke], "other", "/keys/{id}"))).unwrap_err();
        assert_eq!(message, "rule 2 names the endpoint `other`, which is not described");
    }
}
