//! What paths of a configuration are relative to.

use std::path::{Path, PathBuf};

use crate::error::ConfigError;

/// What paths of a configuration are relative to.
#[derive(Clone, Debug)]
pub struct Locations {
    base: PathBuf,
    home: Option<PathBuf>,
}

impl Locations {
    /// `base` is the directory of relative paths, such as that of `keywright.toml`; `home` is what `~` stands for.
    #[must_use]
    pub fn new(base: impl Into<PathBuf>, home: Option<PathBuf>) -> Self {
        Self { base: base.into(), home }
    }

    /// Resolves a path of the configuration.
    pub(crate) fn resolve(&self, path: &str) -> Result<PathBuf, ConfigError> {
        let path = match path.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                let home = self.home.as_deref().ok_or_else(|| {
                    ConfigError::new(format!("the path {path} needs the home directory, which is unknown: set HOME"))
                })?;
                home.join(rest.trim_start_matches('/'))
            }
            Some(_) => {
                let advice = "write the whole path, or `~/` for your own home directory";
                return Err(ConfigError::new(format!("the path {path} names another user's home directory: {advice}")));
            }
            None => PathBuf::from(path),
        };
        Ok(self.base.join(path))
    }

    /// A program by its path; a bare name is looked up in `PATH` when it is run.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf, ConfigError> {
        if name.contains('/') { self.resolve(name) } else { Ok(Path::new(name).to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_base_and_to_the_home() {
        let locations = Locations::new("/base", Some("/home/me".into()));
        for (written, resolved) in [
            ("a/b", "/base/a/b"),
            ("/a", "/a"),
            ("~/a", "/home/me/a"),
            ("~", "/home/me"),
            ("a~", "/base/a~"),
            ("./~", "/base/./~"),
        ] {
            assert_eq!(locations.resolve(written).unwrap(), Path::new(resolved));
        }
        assert!(locations.resolve("~other/a").unwrap_err().to_string().contains("another user's"));
        assert!(Locations::new("/base", None).resolve("~/a").unwrap_err().to_string().contains("set HOME"));
        assert_eq!(locations.program("notify").unwrap(), Path::new("notify"));
        assert_eq!(locations.program("bin/notify").unwrap(), Path::new("/base/bin/notify"));
    }
}
