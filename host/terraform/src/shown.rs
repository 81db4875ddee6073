//! What `terraform show -json` and `tofu show -json` print (the "JSON Output Format" of both, format version 1).

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::document::parse;
use crate::error::ReadError;
use crate::instance::{Attributes, Instance, Provider};

#[derive(Deserialize)]
struct Output<'b> {
    terraform_version: Option<String>,
    #[serde(borrow)]
    values: Option<Values<'b>>,
}

#[derive(Deserialize)]
struct Values<'b> {
    #[serde(borrow)]
    root_module: Option<Module<'b>>,
}

/// The root module has no address.
#[derive(Deserialize)]
struct Module<'b> {
    address: Option<String>,
    #[serde(borrow, default)]
    resources: Option<Vec<Resource<'b>>>,
    #[serde(borrow, default)]
    child_modules: Option<Vec<Module<'b>>>,
}

#[derive(Deserialize)]
struct Resource<'b> {
    mode: String,
    #[serde(rename = "type")]
    resource_type: String,
    name: String,
    index: Option<Value>,
    provider_name: Option<String>,
    tainted: Option<bool>,
    deposed_key: Option<String>,
    #[serde(borrow)]
    values: Option<&'b RawValue>,
}

/// The version of Terraform that printed it, and the instances in it.
pub(crate) fn read(text: &str) -> Result<(Option<String>, Vec<Instance<'_>>), ReadError> {
    let output: Output<'_> = parse(text)?;
    let mut instances = Vec::new();
    if let Some(root) = output.values.and_then(|values| values.root_module) {
        collect(root, &mut instances);
    }
    Ok((output.terraform_version, instances))
}

/// The parser bounds how deep modules are nested.
fn collect<'b>(module: Module<'b>, instances: &mut Vec<Instance<'b>>) {
    let address = module.address.unwrap_or_default();
    instances.extend(module.resources.unwrap_or_default().into_iter().map(|resource| Instance {
        modules: address.clone(),
        mode: resource.mode,
        resource_type: resource.resource_type,
        name: resource.name,
        key: resource.index,
        provider: Provider { source: resource.provider_name.unwrap_or_default(), alias: None },
        tainted: resource.tainted == Some(true),
        deposed: resource.deposed_key.filter(|key| !key.is_empty()),
        attributes: resource.values.map_or(Attributes::None, Attributes::Object),
    }));
    for child in module.child_modules.unwrap_or_default() {
        collect(child, instances);
    }
}
