//! What may differ between one project or day and another, or is not known of the real API.

use std::str::FromStr;

use chrono::TimeDelta;

use crate::{
    Error,
    options::{OptionHelp, Options},
};

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "project-key",
        values: "letters, digits, `-` and `_`",
        about: "the key of the project; keywright-demo unless given",
    },
    OptionHelp {
        name: "administrator-scope",
        values: "names of scopes with commas between them",
        about: "what the seeded administrator may do; manage_project, manage_api_clients and view_api_clients unless given",
    },
    OptionHelp {
        name: "clients",
        values: "a whole number",
        about: "how many other API clients the project has from the start; 0 unless given",
    },
    OptionHelp {
        name: "quota",
        values: "a whole number; 0 for no limit",
        about: "most API clients in the project; 0 unless given",
    },
    OptionHelp {
        name: "scope-reordering",
        values: "true or false",
        about: "whether the scopes of a client come back in another order than they were asked for; false unless given",
    },
    OptionHelp {
        name: "scope-widening",
        values: "true or false",
        about: "whether a client that is to manage something may also view it; false unless given",
    },
    OptionHelp {
        name: "manage-implies-view",
        values: "true or false",
        about: "whether a manage scope does for the view scope of the same thing; false unless given",
    },
    OptionHelp {
        name: "escalation",
        values: "allow or refuse",
        about: "what happens to a client that is to have more scopes than who makes it; allow unless given",
    },
    OptionHelp {
        name: "unique-names",
        values: "true or false",
        about: "whether two clients cannot have the same name; false unless given",
    },
    OptionHelp {
        name: "longest-name",
        values: "a whole number of characters",
        about: "the longest name of a client; 256 unless given",
    },
    OptionHelp {
        name: "not-found-body",
        values: "true or false",
        about: "whether a 404 says what is missing; true unless given",
    },
    OptionHelp {
        name: "other-project",
        values: "not-found or forbidden",
        about: "what a request for another project is answered; not-found unless given",
    },
    OptionHelp {
        name: "tokens-of-deleted",
        values: "live or die",
        about: "what happens to the access tokens of a client that is deleted; live unless given",
    },
    OptionHelp {
        name: "new-client-delay",
        values: "a whole number of milliseconds",
        about: "how long a new client gets no access token yet; 0 unless given",
    },
    OptionHelp {
        name: "deletion-delay",
        values: "a whole number of seconds",
        about: "how long a client lives on after the end that it was made with; 0 unless given",
    },
    OptionHelp {
        name: "retry-after",
        values: "a whole number of seconds; 0 to say nothing",
        about: "the Retry-After of a 429; 1 unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone)]
pub(super) struct Quirks {
    pub(super) project_key: ProjectKey,
    pub(super) administrator_scope: ScopeNames,
    pub(super) clients: usize,
    pub(super) quota: Option<usize>,
    pub(super) scope_reordering: bool,
    pub(super) scope_widening: bool,
    pub(super) manage_implies_view: bool,
    pub(super) escalation: Escalation,
    pub(super) unique_names: bool,
    pub(super) longest_name: usize,
    pub(super) not_found_body: bool,
    pub(super) other_project: OtherProject,
    pub(super) tokens_of_deleted: TokensOfDeleted,
    pub(super) new_client_delay: TimeDelta,
    pub(super) deletion_delay: TimeDelta,
    pub(super) retry_after: Option<u32>,
}

/// A project's key.
#[derive(Debug, Clone)]
pub(super) struct ProjectKey(pub(super) String);

/// Scopes without their project.
#[derive(Debug, Clone)]
pub(super) struct ScopeNames(pub(super) Vec<String>);

/// What happens to a client that is to have scopes that its maker lacks. Not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escalation {
    Allow,
    Refuse,
}

/// What a request for another project than the token's is answered. A report of the Terraform provider's (issue 250) has
/// a 404; that the scopes decide first is as likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherProject {
    NotFound,
    Forbidden,
}

/// Whether access tokens outlive their client. Not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokensOfDeleted {
    Live,
    Die,
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let number = |name| Ok::<_, Error>(options.get::<u32>(name)?.filter(|number| *number > 0));
        let usual = ["manage_project", "manage_api_clients", "view_api_clients"];
        Ok(Self {
            project_key: options.get("project-key")?.unwrap_or_else(|| ProjectKey("keywright-demo".to_owned())),
            administrator_scope: options
                .get("administrator-scope")?
                .unwrap_or_else(|| ScopeNames(usual.map(str::to_owned).to_vec())),
            clients: options.get("clients")?.unwrap_or(0),
            quota: options.get("quota")?.filter(|quota| *quota > 0),
            scope_reordering: options.get("scope-reordering")?.unwrap_or(false),
            scope_widening: options.get("scope-widening")?.unwrap_or(false),
            manage_implies_view: options.get("manage-implies-view")?.unwrap_or(false),
            escalation: options.get("escalation")?.unwrap_or(Escalation::Allow),
            unique_names: options.get("unique-names")?.unwrap_or(false),
            longest_name: options.get("longest-name")?.unwrap_or(256),
            not_found_body: options.get("not-found-body")?.unwrap_or(true),
            other_project: options.get("other-project")?.unwrap_or(OtherProject::NotFound),
            tokens_of_deleted: options.get("tokens-of-deleted")?.unwrap_or(TokensOfDeleted::Live),
            new_client_delay: TimeDelta::milliseconds(number("new-client-delay")?.unwrap_or(0).into()),
            deletion_delay: TimeDelta::seconds(number("deletion-delay")?.unwrap_or(0).into()),
            retry_after: match options.get("retry-after")? {
                None => Some(1),
                Some(seconds) => Some(seconds).filter(|seconds| *seconds > 0),
            },
        })
    }
}

impl FromStr for ProjectKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !text.is_empty() && text.bytes().all(plain) { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

impl FromStr for ScopeNames {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let names: Vec<_> = text.split(',').map(str::to_owned).collect();
        if names.iter().all(|name| plain(name)) { Ok(Self(names)) } else { Err(()) }
    }
}

impl FromStr for Escalation {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "allow" => Ok(Self::Allow),
            "refuse" => Ok(Self::Refuse),
            _ => Err(()),
        }
    }
}

impl FromStr for OtherProject {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "not-found" => Ok(Self::NotFound),
            "forbidden" => Ok(Self::Forbidden),
            _ => Err(()),
        }
    }
}

impl FromStr for TokensOfDeleted {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "live" => Ok(Self::Live),
            "die" => Ok(Self::Die),
            _ => Err(()),
        }
    }
}
