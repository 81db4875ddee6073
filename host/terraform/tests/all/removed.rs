//! What makes Terraform forget.

use keywright_terraform::{State, removed_blocks};
use serde_json::json;

use crate::{ODDITIES, PROVIDERS, all, find, raw, read, resource};

/// The output without the comment at its beginning.
fn after_header(hcl: &str) -> &str {
    let (header, rest) = hcl.split_once("\n\n").unwrap();
    assert!(header.lines().all(|line| line.starts_with("# ")), "{header}");
    rest
}

#[test]
fn a_resource_is_named_once_and_without_keys() {
    let state = read(PROVIDERS);
    let hcl = removed_blocks(&state, &all(&state));
    let block = "\
# terraform state rm 'module.keys[\"eu\"].module.scaleway.scaleway_iam_api_key.main[\"ci/deploy\"]' \
                 'module.keys[\"eu\"].module.scaleway.scaleway_iam_api_key.main[\"ops\"]'
removed {
  from = module.keys.module.scaleway.scaleway_iam_api_key.main

  lifecycle {
    destroy = false
  }
}
";
    assert!(after_header(&hcl).contains(block), "{hcl}");
    assert_eq!(hcl.matches("removed {").count(), 11);
    assert!(!hcl.contains("datadog_api_key.read"), "a data source has nothing to forget");
}

#[test]
fn nothing_is_written_for_nothing() {
    assert_eq!(removed_blocks(&read(PROVIDERS), &[]), "");
}

#[test]
fn a_resource_with_other_instances_gets_a_command_and_no_block() {
    let state = read(PROVIDERS);
    let key = find(&state, r#"module.keys["eu"].module.scaleway.scaleway_iam_api_key.main["ops"]"#);
    let hcl = removed_blocks(&state, &[key]);
    assert!(!hcl.contains("removed {"), "{hcl}");
    let command = r#"# terraform state rm 'module.keys["eu"].module.scaleway.scaleway_iam_api_key.main["ops"]'"#;
    assert_eq!(after_header(&hcl).lines().last(), Some(command));
    assert!(hcl.contains("scaleway_iam_api_key.main has other instances"));
}

#[test]
fn a_deposed_object_is_not_forgotten() {
    let state = read(ODDITIES);
    let hcl = removed_blocks(&state, &all(&state));
    assert!(hcl.contains("# module.a.module.b.aws_iam_access_key.ci has a deposed object"), "{hcl}");
    assert!(!hcl.contains("from = module.a"));
    // Quotes of an instance key do not end the shell's.
    let command = r#"# terraform state rm 'aws_iam_access_key.each["we\"ird$${x}\n'\''é\u0001"]'"#;
    assert!(hcl.contains(&format!("{command}\nremoved {{\n  from = aws_iam_access_key.each\n")), "{hcl}");
}

#[test]
fn a_skipped_instance_of_the_resource_counts_as_another() {
    let mut keys = resource("datadog_api_key", "keys", json!({}));
    keys["instances"] = json!([
        { "index_key": 0, "attributes": { "id": "1", "name": "n" } },
        { "index_key": 1, "attributes": { "id": "", "name": "n" } },
    ]);
    let state: State = read(&raw(json!([keys])));
    let hcl = removed_blocks(&state, &all(&state));
    assert!(!hcl.contains("removed {") && hcl.contains("terraform state rm 'datadog_api_key.keys[0]'"), "{hcl}");
}
