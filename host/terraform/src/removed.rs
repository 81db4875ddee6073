//! What makes Terraform forget.

use std::collections::{BTreeMap, HashSet};

use crate::address::Address;
use crate::found::Found;
use crate::state::State;

const HEADER: &str = "\
# Keywright manages what is named here. With these blocks Terraform forgets it and destroys nothing: put them in the place of
# the `resource` blocks, and run `terraform apply`. They need Terraform 1.7 or OpenTofu 1.10; OpenTofu 1.7 to 1.9 takes them
# without `lifecycle`. In older versions delete the `resource` blocks and run the commands, before the next `terraform apply`.
";

/// The HCL after which Terraform no longer manages these credentials of the state, and which destroys none: a `removed` block for
/// each resource. Empty when there are no credentials.
///
/// A `removed` block names a whole resource, without instance keys of the resource or of its modules, and Terraform then forgets
/// deposed objects of it, too. So a resource with an instance that is not among these gets no block, but a comment with the
/// command `terraform state rm`, which names instances. Commands are quoted for a POSIX shell.
pub fn removed_blocks(state: &State, credentials: &[&Found]) -> String {
    let mut resources: BTreeMap<String, Vec<&Address>> = BTreeMap::new();
    for found in credentials {
        resources.entry(found.address.resource()).or_default().push(&found.address);
    }
    if resources.is_empty() {
        return String::new();
    }
    let taken: HashSet<&Address> = credentials.iter().map(|found| &found.address).collect();
    let mut hcl = HEADER.to_owned();
    for (resource, addresses) in resources {
        let command = state_rm(&addresses);
        let of_resource = |other: &Option<String>| other.as_deref() == Some(resource.as_str());
        let skipped = || state.skipped.iter().filter(|skipped| of_resource(&skipped.resource));
        let others = state.found.iter().any(|it| it.address.resource() == resource && !taken.contains(&it.address));
        hcl.push('\n');
        if skipped().any(|skipped| skipped.deposed) {
            hcl.push_str(&format!(
                "# {resource} has a deposed object, which Terraform would forget, too. With its `resource` block still in place run\n\
                 # `terraform apply`, which destroys that object. Then delete the block, and before the next `terraform apply`:\n\
                 # {command}\n"
            ));
        } else if others || skipped().next().is_some() {
            hcl.push_str(&format!(
                "# {resource} has other instances, which a `removed` block cannot leave out. Take these out of\n\
                 # its `count` or `for_each`, and before the next `terraform apply`:\n\
                 # {command}\n"
            ));
        } else {
            hcl.push_str(&format!(
                "# {command}\nremoved {{\n  from = {resource}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
            ));
        }
    }
    hcl
}

fn state_rm(addresses: &[&Address]) -> String {
    let quoted = addresses.iter().map(|address| format!(" '{}'", address.to_string().replace('\'', r"'\''")));
    ["terraform state rm".to_owned()].into_iter().chain(quoted).collect()
}
