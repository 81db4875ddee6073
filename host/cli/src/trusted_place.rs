//! Whose files are read without having been named: a `keywright.toml` or `keywright.lock` that happens to be in the current
//! directory decides where secrets go and what code runs, so it must not be another user's.

use std::path::Path;

use crate::error::Error;

/// Checks a file that was found in the current directory, and that directory. One that is not there is no problem.
///
/// # Errors
///
/// When another user owns either of them, or anyone could put a file of that name there.
#[cfg(unix)]
pub(crate) fn check_found(file: &Path) -> Result<(), Error> {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    /// Anyone may write to it.
    const OTHERS_WRITE: u32 = 0o002;
    /// And yet only touch files of one's own.
    const STICKY: u32 = 0o1000;

    if fs::symlink_metadata(file).is_err() {
        return Ok(());
    }
    let refused = |what: &Path, why: &str| {
        let shown = file.display();
        Error::new(
            "foreign-files",
            format!(
                "{shown} is not read, because {} {why}: if you trust it, name it with --config {}",
                what.display(),
                file.with_file_name("keywright.toml").display()
            ),
        )
    };
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Root could read the memory of this process, and needs no such file.
    let trusted = [0, rustix::process::geteuid().as_raw()];
    for place in [directory, file] {
        // Where a link leads, and the link itself.
        for metadata in [fs::metadata(place), fs::symlink_metadata(place)] {
            let metadata = metadata.map_err(|error| refused(place, &format!("cannot be looked at ({error})")))?;
            if !trusted.contains(&metadata.uid()) {
                return Err(refused(place, "belongs to another user"));
            }
            if !metadata.is_symlink() && metadata.mode() & OTHERS_WRITE != 0 && metadata.mode() & STICKY == 0 {
                return Err(refused(place, "can be written to by every user"));
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on the systems where files have owners of this kind")]
pub(crate) fn check_found(_: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use super::*;

    #[test]
    fn a_file_of_ones_own_is_read_and_one_that_anybody_wrote_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("keywright.toml");
        assert!(check_found(&file).is_ok(), "nothing is there");
        fs::write(&file, "").unwrap();
        assert!(check_found(&file).is_ok());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(check_found(&file).unwrap_err().message().contains("written to by every user"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(check_found(&file).is_err());
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(check_found(&file).is_ok(), "others cannot touch it there");
    }

    #[test]
    fn what_another_user_owns_is_not_read() {
        // Only root can give files away.
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let (file, elsewhere) = (directory.path().join("keywright.lock"), tempfile::NamedTempFile::new().unwrap());
        fs::write(&file, "").unwrap();
        chown(&file, Some(12345), None).unwrap();
        let error = check_found(&file).unwrap_err();
        assert!(error.message().contains("belongs to another user") && error.message().contains("--config"), "{error}");
        chown(&file, Some(0), None).unwrap();
        chown(directory.path(), Some(12345), None).unwrap();
        assert!(check_found(&file).is_err());
        chown(directory.path(), Some(0), None).unwrap();
        // A link leads to what another user can change.
        chown(elsewhere.path(), Some(12345), None).unwrap();
        fs::remove_file(&file).unwrap();
        symlink(elsewhere.path(), &file).unwrap();
        assert!(check_found(&file).is_err());
    }
}
