//! Options of a file that are more than a value.

use std::path::Path;

use rustix::fs::Gid;

use crate::error::ConfigError;

/// The credential's name in a path.
pub(super) const CREDENTIAL: &str = "{credential}";

/// A path of the configuration: it names a file, and nothing in braces but the credential.
pub(super) fn path(path: &str) -> Result<String, ConfigError> {
    let name = Path::new(path).file_name().filter(|_| !path.ends_with('/') && !path.ends_with("/."));
    if name.is_none() {
        return Err(ConfigError::new(format!(
            "the path {path} does not end with the name of a file: add it, for instance `{CREDENTIAL}.env`"
        )));
    }
    let rest = path.replace(CREDENTIAL, "");
    if let Some(start) = rest.find(['{', '}']) {
        let end = rest[start..].find('}').map_or(rest.len(), |end| start + end + 1);
        let found = &rest[start..end];
        return Err(ConfigError::new(format!("`path` has `{found}`, and only `{CREDENTIAL}` has a meaning there")));
    }
    Ok(path.to_owned())
}

/// A group by its name or number.
pub(super) fn group(group: &str) -> Result<Gid, ConfigError> {
    if let Ok(number) = group.parse() {
        return Ok(Gid::from_raw(number));
    }
    match nix::unistd::Group::from_name(group) {
        Ok(Some(found)) => Ok(Gid::from_raw(found.gid.as_raw())),
        Ok(None) => Err(ConfigError::new(format!("there is no group `{group}`: make it, or correct `group`"))),
        Err(error) => Err(ConfigError::new(format!("the group `{group}` cannot be looked up ({error})"))),
    }
}
