//! Keys that the service manager provides.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use keywright_sealing::{AccessProblem, KeyEncryptionKey as _, KeyFile, KeySource, KeySourceError, SystemdCredential};

use crate::private_directory;

fn credential(directory: Option<&Path>, name: &str) -> SystemdCredential {
    let directory = directory.map(OsString::from);
    SystemdCredential::new(name, &|variable| directory.clone().filter(|_| variable == "CREDENTIALS_DIRECTORY"))
}

#[test]
fn a_credential_with_the_content_of_a_key_file_gives_its_key() {
    let directory = private_directory();
    let id = KeyFile::new(directory.path().join("keywright")).create().unwrap().id();
    let credential = credential(Some(directory.path()), "keywright");
    for mode in [0o400, 0o440] {
        fs::set_permissions(directory.path().join("keywright"), Permissions::from_mode(mode)).unwrap();
        assert_eq!(credential.load().unwrap().id(), id);
    }
    assert_eq!(KeySource::Systemd(credential).load().unwrap().id(), id);
}

#[test]
fn an_error_without_the_credential_names_the_line_that_the_unit_lacks() {
    let directory = private_directory();
    let error = credential(None, "keywright").load().unwrap_err();
    assert_eq!(error, KeySourceError::NoCredentialsDirectory);
    let error = credential(Some(directory.path()), "keywright").load().unwrap_err();
    assert_eq!(error, KeySourceError::MissingCredential { name: "keywright".to_owned() });
    assert!(error.to_string().contains("add LoadCredential=keywright:PATH"), "{error}");
}

#[test]
fn a_credential_that_everybody_may_read_is_refused() {
    let directory = private_directory();
    let path = directory.path().join("keywright");
    KeyFile::new(&path).create().unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    let problem = AccessProblem::FileMode { mode: 0o444, wanted: 0o400 };
    let error = credential(Some(directory.path()), "keywright").load().unwrap_err();
    assert_eq!(error, KeySourceError::Access { path, problem });
}

#[test]
fn a_credential_stays_in_its_directory() {
    let directory = private_directory();
    KeyFile::new(directory.path().join("key")).create().unwrap();
    let inner = directory.path().join("credentials");
    fs::create_dir(&inner).unwrap();
    let error = credential(Some(&inner), "../key").load().unwrap_err();
    assert_eq!(error, KeySourceError::CredentialName { name: "../key".to_owned() });
    symlink(directory.path().join("key"), inner.join("key")).unwrap();
    let error = credential(Some(&inner), "key").load().unwrap_err();
    assert_eq!(error, KeySourceError::Access { path: inner.join("key"), problem: AccessProblem::Symlink });
    let error = credential(Some(Path::new("credentials")), "key").load().unwrap_err();
    assert_eq!(error, KeySourceError::CredentialsDirectory { path: "credentials".into() });
}
