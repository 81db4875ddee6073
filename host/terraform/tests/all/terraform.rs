//! Against the real Terraform. Nothing of it leaves the machine: providers are taken from a directory, not downloaded.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use keywright_terraform::{State, removed_blocks};

use crate::{ODDITIES, PROVIDERS, all, read};

/// A directory that `filesystem_mirror` of Terraform's configuration takes, with hashicorp/aws in it.
const PLUGINS: &str = "KEYWRIGHT_TERRAFORM_PLUGINS";

const AWS: &str = r#"
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "made-up"
  secret_key                  = "made-up"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-1"
  access_key                  = "made-up"
  secret_key                  = "made-up"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"#;

fn terraform(directory: &Path, arguments: &[&str]) -> Output {
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_CLI_CONFIG_FILE", directory.join("terraform.rc"))
        .env_remove("TF_WORKSPACE")
        .output()
        .unwrap();
    assert!(output.status.success(), "terraform {arguments:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
#[ignore = "needs Terraform 1.7 or later"]
fn terraform_takes_the_removed_blocks_as_they_are() {
    let state = read(PROVIDERS);
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("terraform.rc"), "").unwrap();
    fs::write(directory.path().join("removed.tf"), removed_blocks(&state, &all(&state))).unwrap();
    terraform(directory.path(), &["fmt", "-check", "-diff"]);
    terraform(directory.path(), &["validate"]);
}

#[test]
#[ignore = "needs Terraform 1.7 or later and its provider for AWS"]
fn terraform_shows_what_is_read_and_forgets_what_is_removed() {
    let plugins = std::env::var(PLUGINS).unwrap_or_else(|_| panic!("{PLUGINS} names the directory with the providers"));
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    fs::write(
        path("terraform.rc"),
        format!("provider_installation {{\n  filesystem_mirror {{\n    path = {plugins:?}\n  }}\n}}\n"),
    )
    .unwrap();
    fs::write(path("main.tf"), AWS).unwrap();
    fs::write(path("terraform.tfstate"), ODDITIES).unwrap();
    terraform(directory.path(), &["init", "-no-color"]);

    let shown = State::read(&terraform(directory.path(), &["show", "-json"]).stdout).unwrap();
    let raw = State::read(&terraform(directory.path(), &["state", "pull"]).stdout).unwrap();
    assert_eq!((raw.found.len(), raw.skipped.len()), (2, 1));
    for found in &raw.found {
        let same = shown.found.iter().find(|shown| shown.address == found.address).unwrap();
        assert_eq!((&found.id, &found.attributes, &found.provider), (&same.id, &same.attributes, &same.provider));
    }
    // Terraform's own words for the addresses.
    let listed = terraform(directory.path(), &["state", "list"]).stdout;
    let mut addresses: Vec<String> = raw.found.iter().map(|found| found.address.to_string()).collect();
    addresses.sort();
    assert_eq!(String::from_utf8(listed).unwrap().lines().collect::<Vec<_>>(), addresses);

    // The deposed object's resource has no block, so take it out as its comment says, and plan the rest.
    let hcl = removed_blocks(&raw, &all(&raw));
    fs::write(path("removed.tf"), &hcl).unwrap();
    terraform(directory.path(), &["fmt", "-check", "-diff", "removed.tf"]);
    let command = hcl.lines().rfind(|line| line.contains("state rm 'module.a")).unwrap().trim_start_matches("# ");
    let ran = Command::new("sh")
        .args(["-c", command])
        .current_dir(directory.path())
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
    let plan = terraform(directory.path(), &["plan", "-no-color", "-refresh=false"]).stdout;
    let plan = String::from_utf8(plan).unwrap();
    assert!(
        plan.contains("Plan: 0 to add, 0 to change, 0 to destroy.") && plan.contains("will no longer be managed"),
        "{plan}"
    );
}
