//! A resource instance of either kind of file, before it is known what it means.

use serde_json::Value;
use serde_json::value::RawValue;

/// A resource instance. What its attributes hold is not read yet, and never for most.
pub(crate) struct Instance<'b> {
    /// The path of its module; empty for the root module.
    pub(crate) modules: String,
    /// `managed`, or `data` for what is only read.
    pub(crate) mode: String,
    pub(crate) resource_type: String,
    pub(crate) name: String,
    /// The key that `count` or `for_each` gave it: a number or a text.
    pub(crate) key: Option<Value>,
    pub(crate) provider: Provider,
    pub(crate) tainted: bool,
    /// The key of an object that was replaced and still has to be destroyed.
    pub(crate) deposed: Option<String>,
    pub(crate) attributes: Attributes<'b>,
}

/// Where an instance's attributes stand.
#[derive(Clone, Copy)]
pub(crate) enum Attributes<'b> {
    Object(&'b RawValue),
    /// In the form of Terraform before 0.12, which a newer one leaves until it writes the resource again.
    Flat,
    None,
}

/// The provider that manages an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provider {
    /// Its source address.
    pub(crate) source: String,
    /// Which of several configurations of it, where the file says so.
    pub(crate) alias: Option<String>,
}

impl Provider {
    /// Reads `provider["registry.terraform.io/hashicorp/aws"].west`, which may stand in a module, and `provider.aws.west` of
    /// Terraform 0.12.
    pub(crate) fn read(text: &str) -> Self {
        let of = |source: &str, rest: &str| Self {
            source: source.to_owned(),
            alias: rest.strip_prefix('.').filter(|alias| !alias.is_empty()).map(str::to_owned),
        };
        let quoted = text.split_once("provider[\"").and_then(|(_, rest)| rest.split_once("\"]"));
        if let Some((source, rest)) = quoted {
            return of(source, rest);
        }
        let name = text.rsplit_once("provider.").map_or(text, |(_, name)| name);
        let end = name.find('.').unwrap_or(name.len());
        of(&name[..end], &name[end..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_a_source_and_perhaps_an_alias() {
        for (text, source, alias) in [
            (r#"provider["registry.terraform.io/hashicorp/aws"]"#, "registry.terraform.io/hashicorp/aws", None),
            (
                r#"provider["registry.opentofu.org/scaleway/scaleway"].west"#,
                "registry.opentofu.org/scaleway/scaleway",
                Some("west"),
            ),
            (r#"module.provider.a.provider["example.com/a/b"].c"#, "example.com/a/b", Some("c")),
            ("provider.aws", "aws", None),
            ("module.a.provider.aws.west", "aws", Some("west")),
            ("", "", None),
        ] {
            let provider = Provider::read(text);
            assert_eq!((provider.source.as_str(), provider.alias.as_deref()), (source, alias), "{text}");
        }
    }
}
