//! State files of version 4, as Terraform since 0.12 and OpenTofu keep them (`internal/states/statefile/version4.go` of both).

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::document::parse;
use crate::error::ReadError;
use crate::instance::{Attributes, Instance, Provider};

#[derive(Deserialize)]
struct File<'b> {
    terraform_version: Option<String>,
    #[serde(borrow, default)]
    resources: Option<Vec<Resource<'b>>>,
}

#[derive(Deserialize)]
struct Resource<'b> {
    module: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    resource_type: String,
    name: String,
    provider: Option<String>,
    #[serde(borrow, default)]
    instances: Option<Vec<InstanceObject<'b>>>,
}

#[derive(Deserialize)]
struct InstanceObject<'b> {
    index_key: Option<Value>,
    status: Option<String>,
    deposed: Option<String>,
    #[serde(borrow)]
    attributes: Option<&'b RawValue>,
    #[serde(borrow)]
    attributes_flat: Option<&'b RawValue>,
}

/// The version of Terraform that wrote the file, and the instances in it.
pub(crate) fn read(text: &str) -> Result<(Option<String>, Vec<Instance<'_>>), ReadError> {
    let file: File<'_> = parse(text)?;
    let resources = file.resources.unwrap_or_default().into_iter();
    Ok((file.terraform_version, resources.flat_map(Resource::instances).collect()))
}

impl<'b> Resource<'b> {
    fn instances(self) -> impl Iterator<Item = Instance<'b>> {
        let provider = Provider::read(self.provider.as_deref().unwrap_or_default());
        let modules = self.module.unwrap_or_default();
        let objects = self.instances.unwrap_or_default().into_iter();
        objects.map(move |object| Instance {
            modules: modules.clone(),
            mode: self.mode.clone(),
            resource_type: self.resource_type.clone(),
            name: self.name.clone(),
            key: object.index_key,
            provider: provider.clone(),
            tainted: object.status.as_deref() == Some("tainted"),
            deposed: object.deposed.filter(|key| !key.is_empty()),
            attributes: match (object.attributes, object.attributes_flat) {
                (Some(attributes), _) => Attributes::Object(attributes),
                (None, Some(_)) => Attributes::Flat,
                (None, None) => Attributes::None,
            },
        })
    }
}
