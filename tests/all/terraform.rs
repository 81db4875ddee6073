//! The Terraform resources that the vendors' pages in `docs/vendors` answer: every row of a resource's own page has its
//! entry there, and what is read from a state is as the adapter has it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use keywright_descriptor::Schemas;
use keywright_runtime::{Adapter, Grant};
use keywright_terraform::{State, resource_types};
use secrecy::ExposeSecret;

use keywright_tests::engine;

/// The resources, and the vendors whose credentials they are.
const RESOURCES: &[(&str, &str)] = &[
    ("aws_iam_access_key", "aws-iam"),
    ("commercetools_api_client", "commercetools"),
    ("datadog_api_key", "datadog"),
    ("digitalocean_spaces_key", "digitalocean-spaces"),
    ("gcore_iam_api_token", "gcore"),
    ("incapsula_api_client", "imperva"),
    ("outscale_access_key", "outscale"),
    ("scaleway_iam_api_key", "scaleway"),
];

/// A directory with the resources' pages themselves, each in a file whose name holds the resource's.
const PAGES: &str = "KEYWRIGHT_TERRAFORM_PAGES";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows of a resource's page, restated: kind and name.
fn rows(resource: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join(format!("tests/data/terraform/{resource}.rows"))).unwrap();
    text.lines()
        .map(|line| line.split_once(' ').map(|(kind, name)| (kind.to_owned(), name.to_owned())).unwrap())
        .collect()
}

/// The rows of the table under the heading that names the resource: all their cells.
fn table(page: &str, resource: &str) -> Vec<Vec<String>> {
    let heading = format!("## The Terraform resource `{resource}`");
    let section = page.split_once(&heading).unwrap_or_else(|| panic!("no heading {heading}")).1;
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    // A `|` within code is written `\|`.
    rows.map(|row| {
        row.trim_matches('|').replace("\\|", "\u{1}").split('|').map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

/// What the first cell of a row's entry says.
fn entry(kind: &str, name: &str) -> String {
    match kind {
        "import" => format!("import by `{name}`"),
        "example" => format!("example \"{name}\""),
        kind => format!("`{name}` ({kind})"),
    }
}

#[test]
fn every_row_of_a_resources_page_has_an_entry_and_no_entry_is_made_up() {
    for (resource, vendor) in RESOURCES.iter().copied() {
        let page = fs::read_to_string(root().join(format!("docs/vendors/{vendor}.md"))).unwrap();
        let table = table(&page, resource);
        let known: BTreeSet<&str> = table.iter().map(|cells| cells[0].as_str()).collect();
        let rows: BTreeSet<String> = rows(resource).iter().map(|(kind, name)| entry(kind, name)).collect();
        for row in &rows {
            assert!(known.contains(row.as_str()), "docs/vendors/{vendor}.md has no entry for: {row}");
        }
        for cells in &table {
            assert!(rows.contains(&cells[0]), "{resource} has no row {}", cells[0]);
            assert!(!cells[1].is_empty(), "docs/vendors/{vendor}.md does not say how {} is said", cells[0]);
        }
    }
}

#[test]
#[ignore = "needs the pages of the providers, which are not part of the project"]
fn the_rows_are_those_of_the_pages_themselves() {
    let pages = std::env::var_os(PAGES).unwrap_or_else(|| panic!("{PAGES} names the directory with the pages"));
    for (resource, _) in RESOURCES.iter().copied() {
        let found = fs::read_dir(&pages).unwrap().map(|file| file.unwrap().path());
        let named =
            |file: &PathBuf| fs::read_to_string(file).is_ok_and(|page| page.contains(&format!("\"{resource}\"")));
        let file = found.into_iter().find(named).unwrap_or_else(|| panic!("no page of {resource}"));
        let page = fs::read_to_string(file).unwrap();
        let mut rows = rows(resource);
        let imports = rows.extract_if(.., |(kind, _)| kind == "import").count();
        rows.sort();
        assert_eq!(page_rows(&page), rows, "{resource}");
        assert_eq!(page.lines().filter(|line| line.starts_with("$ terraform import")).count(), imports, "{resource}");
    }
}

/// Arguments, attributes and examples of a page as the registry shows it.
fn page_rows(page: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let (mut kind, mut within) = (None, String::new());
    let (mut title, mut examples) = (String::new(), false);
    for line in page.lines() {
        let heading = line.trim_start_matches('#').trim();
        if line.starts_with('#') {
            examples = heading == "Example Usage" || (examples && line.starts_with("###"));
            kind = match heading {
                "Argument Reference" | "Required" | "Optional" => Some("argument"),
                "Attribute Reference" | "Attributes Reference" | "Read-Only" => Some("attribute"),
                _ => None,
            };
            if let Some(block) = heading.strip_prefix("Nested Schema for ") {
                within = format!("{}.", block.trim_matches('`'));
            }
        }
        // Within a nested block the sections are lines of their own.
        kind = match line {
            "Required:" | "Optional:" => Some("argument"),
            "Read-Only:" => Some("attribute"),
            _ => kind,
        };
        if examples && !line.is_empty() && !line.starts_with(['`', ' ', '}']) && !line.contains(['{', '=']) {
            title = heading.trim_end_matches('.').to_owned();
        }
        if examples && line.starts_with("```") && line.len() > 3 {
            rows.push(("example".to_owned(), title.clone()));
        }
        let item = line.strip_prefix("* `").or_else(|| line.strip_prefix("- `"));
        if let (Some(kind), Some(item)) = (kind, item) {
            rows.push((kind.to_owned(), format!("{within}{}", item.split('`').next().unwrap_or_default())));
        }
    }
    rows.sort();
    rows
}

#[tokio::test]
async fn what_is_read_from_a_state_is_as_the_adapter_has_it() {
    let state = fs::read(root().join("host/terraform/testdata/providers.tfstate")).unwrap();
    let state = State::read(&state).unwrap();
    assert_eq!(resource_types().iter().map(|it| (it.name, it.vendor)).collect::<Vec<_>>(), RESOURCES);
    for resource_type in resource_types() {
        let built_in = keywright_adapters::find(resource_type.vendor).unwrap();
        let adapter = Adapter::load_unpinned(engine(), built_in.component, &Grant::as_requested()).await.unwrap();
        let descriptor = adapter.descriptor();
        let schemas = Schemas::new(descriptor).unwrap();

        let parts: BTreeSet<&str> = resource_type.part_names().map(|(name, _)| name).collect();
        for (name, secret) in resource_type.part_names() {
            assert_eq!(
                descriptor.issued.get(name).map(|part| part.secret),
                Some(secret),
                "{} {name}",
                resource_type.name
            );
        }
        for part in descriptor.issued.iter().filter(|part| part.required) {
            assert!(parts.contains(part.name.as_str()), "{} lacks {}", resource_type.name, part.name);
        }

        for found in state.found.iter().filter(|found| found.resource_type.name == resource_type.name) {
            let id = found.id.in_account("123456789012");
            assert!(schemas.is_id(&id) && found.id.matches(&id), "{}: {id}", found.address);
            assert!(schemas.creation(&found.attributes).is_ok(), "{}: {:?}", found.address, found.attributes);
            let secrets = found.secrets.iter().map(|(name, secret)| (*name, secret.expose_secret()));
            for (name, value) in found.public_parts.iter().map(|(name, value)| (*name, value.as_str())).chain(secrets) {
                let pattern = descriptor.issued.get(name).and_then(|part| part.pattern.as_ref());
                assert!(pattern.is_none_or(|pattern| pattern.is_match(value)), "{}: {name}", found.address);
            }
        }
    }
}
