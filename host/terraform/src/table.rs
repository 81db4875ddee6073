//! The resource types whose instances are credentials: a row each, data only.
//!
//! The names on the state's side are those of the providers' schemas; the names on the adapter's side are those of its descriptor.
//! `docs/vendors` says of every argument and attribute of a resource where it is in Keywright. Left out here is what cannot be set,
//! and what a provider never had in a release.

use crate::value::Kind;

/// A Terraform resource type whose instances are credentials.
#[derive(Debug)]
#[non_exhaustive]
pub struct ResourceType {
    /// Its name, such as `scaleway_iam_api_key`.
    pub name: &'static str,
    /// The vendor, by the name of its adapter.
    pub vendor: &'static str,
    /// The settings that an account of this vendor cannot be without.
    pub required_settings: &'static [&'static str],
    /// What the adapter's id is made of, joined by slashes.
    pub(crate) id: &'static [Segment],
    /// Whether more stands before that in the id, which no state has.
    pub(crate) id_is_end: bool,
    pub(crate) attributes: &'static [Attribute],
    pub(crate) settings: &'static [Setting],
    /// Where the end of the credential stands.
    pub(crate) expires_at: Option<&'static str>,
    /// The public parts, and where each stands.
    pub(crate) public_parts: &'static [(&'static str, &'static str)],
    /// The secret parts, and where each stands.
    pub(crate) secrets: &'static [(&'static str, &'static str)],
    /// Where the secret stands instead when the provider was told to encrypt it.
    pub(crate) encrypted: Option<&'static str>,
}

/// A piece of an id: text without a slash, or a whole number.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Where it stands.
    pub(crate) from: &'static str,
    /// What it means when it is absent.
    pub(crate) absent: Absent,
}

/// What it means that a piece of an id is absent.
#[derive(Debug)]
pub(crate) enum Absent {
    /// There is no id.
    NoId,
    /// The id has one piece less.
    Shorter,
    /// The id has one piece less as far as the state tells, which is a problem.
    Doubtful(&'static str),
}

/// An attribute.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// The adapter's name.
    pub(crate) to: &'static str,
    /// Where it stands.
    pub(crate) from: &'static str,
    pub(crate) kind: Kind,
    /// Whether the adapter demands it.
    pub(crate) required: bool,
}

/// A setting of the account.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The adapter's name.
    pub(crate) to: &'static str,
    pub(crate) source: Source,
}

/// Where a setting comes from.
#[derive(Debug)]
pub(crate) enum Source {
    /// An attribute.
    Attribute(&'static str, Kind),
    /// The project that all scopes in this attribute name: `NAME:PROJECT` or `NAME:PROJECT:STORE`.
    ProjectOfScopes(&'static str),
    /// An attribute of another resource in the state, whose id is the value of an attribute of this one.
    Related {
        /// The attribute that holds the other resource's id.
        by: &'static str,
        /// The other resource's type.
        resource_type: &'static str,
        /// The attribute of the other resource.
        from: &'static str,
    },
}

const fn required(to: &'static str, from: &'static str, kind: Kind) -> Attribute {
    Attribute { to, from, kind, required: true }
}

const fn optional(to: &'static str, from: &'static str, kind: Kind) -> Attribute {
    Attribute { to, from, kind, required: false }
}

const fn segment(from: &'static str) -> Segment {
    Segment { from, absent: Absent::NoId }
}

static ALL: [ResourceType; 8] = [
    ResourceType {
        name: "aws_iam_access_key",
        vendor: "aws-iam",
        required_settings: &[],
        id: &[segment("user"), segment("id")],
        id_is_end: false,
        attributes: &[
            required("user_name", "user", Kind::Text),
            optional("status", "status", Kind::OneOf(&["Active", "Inactive"])),
        ],
        settings: &[],
        expires_at: None,
        public_parts: &[("access_key_id", "id")],
        secrets: &[("secret_access_key", "secret")],
        // With `pgp_key`.
        encrypted: Some("encrypted_secret"),
    },
    ResourceType {
        name: "commercetools_api_client",
        vendor: "commercetools",
        required_settings: &["project_key", "region"],
        id: &[segment("id")],
        id_is_end: false,
        attributes: &[
            required("name", "name", Kind::Text),
            required("scope", "scope", Kind::TextSet),
            optional("access_token_validity_seconds", "access_token_validity_seconds", Kind::Number),
            optional("refresh_token_validity_seconds", "refresh_token_validity_seconds", Kind::Number),
        ],
        settings: &[Setting { to: "project_key", source: Source::ProjectOfScopes("scope") }],
        expires_at: None,
        public_parts: &[("client_id", "id")],
        secrets: &[("client_secret", "secret")],
        encrypted: None,
    },
    ResourceType {
        name: "datadog_api_key",
        vendor: "datadog",
        required_settings: &["site"],
        id: &[segment("id")],
        id_is_end: false,
        attributes: &[
            required("name", "name", Kind::Text),
            optional("remote_config_read_enabled", "remote_config_read_enabled", Kind::Flag),
        ],
        settings: &[],
        expires_at: None,
        public_parts: &[],
        secrets: &[("api_key", "key")],
        // With `encryption_key_wo`.
        encrypted: Some("encrypted_key"),
    },
    ResourceType {
        name: "digitalocean_spaces_key",
        vendor: "digitalocean-spaces",
        required_settings: &["region"],
        id: &[segment("access_key")],
        id_is_end: false,
        attributes: &[
            required("name", "name", Kind::Text),
            required("grants", "grant", Kind::Objects(&["bucket", "permission"])),
        ],
        settings: &[],
        expires_at: None,
        public_parts: &[("access_key", "access_key")],
        secrets: &[("secret_key", "secret_key")],
        encrypted: None,
    },
    // Never released under this or another name. The branch of the provider's repository that its page is from has blocks in
    // `client_user`, a later draft has objects.
    ResourceType {
        name: "gcore_iam_api_token",
        vendor: "gcore",
        required_settings: &["client_id"],
        id: &[segment("client_id"), segment("id")],
        id_is_end: false,
        attributes: &[
            required("name", "name", Kind::Text),
            optional("description", "description", Kind::Text),
            optional("role_id", "client_user/role/id", Kind::Number),
            optional("role_name", "client_user/role/name", Kind::Text),
        ],
        settings: &[Setting { to: "client_id", source: Source::Attribute("client_id", Kind::Number) }],
        expires_at: Some("exp_date"),
        public_parts: &[],
        secrets: &[("token", "token")],
        encrypted: None,
    },
    ResourceType {
        name: "incapsula_api_client",
        vendor: "imperva",
        required_settings: &[],
        // Without an account, or with 0: one of the caller's own account.
        id: &[Segment { from: "account_id", absent: Absent::Shorter }, segment("id")],
        id_is_end: false,
        attributes: &[
            required("name", "name", Kind::Text),
            optional("description", "description", Kind::Text),
            optional("enabled", "enabled", Kind::Flag),
            optional("user_email", "user_email", Kind::Text),
            optional("account_id", "account_id", Kind::Number),
        ],
        settings: &[],
        expires_at: Some("expiration_date"),
        public_parts: &[("api_id", "id")],
        secrets: &[("api_key", "api_key")],
        encrypted: None,
    },
    ResourceType {
        name: "outscale_access_key",
        vendor: "outscale",
        required_settings: &["region"],
        id: &[
            Segment {
                from: "user_name",
                absent: Absent::Doubtful(
                    "`user_name` is not in the state, so the key belongs to whoever ran Terraform: if that was an EIM user, \
                     set the attribute `user_name` to its name",
                ),
            },
            segment("access_key_id"),
        ],
        id_is_end: true,
        attributes: &[
            optional("user_name", "user_name", Kind::Text),
            optional("state", "state", Kind::OneOf(&["ACTIVE", "INACTIVE"])),
            // Not on the provider's page, but in its schema.
            optional("tag", "tag", Kind::Text),
        ],
        settings: &[],
        expires_at: Some("expiration_date"),
        public_parts: &[("access_key", "access_key_id")],
        secrets: &[("secret_key", "secret_key")],
        encrypted: None,
    },
    ResourceType {
        name: "scaleway_iam_api_key",
        vendor: "scaleway",
        required_settings: &["organization_id"],
        id: &[segment("id")],
        id_is_end: false,
        attributes: &[
            optional("application_id", "application_id", Kind::Text),
            optional("user_id", "user_id", Kind::Text),
            optional("description", "description", Kind::Text),
            optional("default_project_id", "default_project_id", Kind::Text),
        ],
        settings: &[
            Setting {
                to: "organization_id",
                source: Source::Related {
                    by: "application_id",
                    resource_type: "scaleway_iam_application",
                    from: "organization_id",
                },
            },
            Setting {
                to: "organization_id",
                source: Source::Related { by: "user_id", resource_type: "scaleway_iam_user", from: "organization_id" },
            },
        ],
        expires_at: Some("expires_at"),
        public_parts: &[("access_key", "id")],
        secrets: &[("secret_key", "secret_key")],
        encrypted: None,
    },
];

/// The resource types whose instances are credentials, by name.
pub fn resource_types() -> &'static [ResourceType] {
    &ALL
}

impl ResourceType {
    /// The adapter's names of the attributes that a state can give.
    pub fn attribute_names(&self) -> impl Iterator<Item = &'static str> {
        self.attributes.iter().map(|attribute| attribute.to)
    }

    /// The adapter's names of the settings that a state can give.
    pub fn setting_names(&self) -> impl Iterator<Item = &'static str> {
        self.settings.iter().map(|setting| setting.to)
    }

    /// The adapter's names of the parts that a state can give, and whether each is secret.
    pub fn part_names(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let public = self.public_parts.iter().map(|(part, _)| (*part, false));
        public.chain(self.secrets.iter().map(|(part, _)| (*part, true)))
    }
}

/// The resource type of this name.
pub(crate) fn find(name: &str) -> Option<&'static ResourceType> {
    ALL.iter().find(|resource_type| resource_type.name == name)
}

/// Whether a setting of some resource type comes from a resource of this type.
pub(crate) fn is_related(name: &str) -> bool {
    let sources = ALL.iter().flat_map(|resource_type| resource_type.settings).map(|setting| &setting.source);
    sources.into_iter().any(|source| matches!(source, Source::Related { resource_type, .. } if *resource_type == name))
}
