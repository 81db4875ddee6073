//! What an adapter may be granted beyond the rules of what it may send.

use keywright_runtime::{Grant, Unpinned};

/// What an adapter may be granted beyond rules. Nothing of it unless the operator says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExtraGrants {
    /// To see the secrets that it mints.
    pub(crate) exposes_secrets: bool,
    /// To have the administrator's credential, and to authenticate its requests itself.
    pub(crate) exposes_administrator: bool,
    /// To import files and sockets that do nothing.
    pub(crate) inert_wasi: bool,
}

impl ExtraGrants {
    /// `grant` with these.
    pub(crate) fn apply(self, mut grant: Grant<Unpinned>) -> Grant<Unpinned> {
        if self.exposes_secrets {
            grant = grant.exposing_secrets();
        }
        if self.exposes_administrator {
            grant = grant.exposing_administrator();
        }
        if self.inert_wasi {
            grant = grant.with_inert_wasi();
        }
        grant
    }

    /// What the adapter gets to see, in capitals, so that it is not overlooked. None when it sees no secret.
    pub(crate) fn alarm(self) -> Option<&'static str> {
        match (self.exposes_secrets, self.exposes_administrator) {
            (true, true) => Some("SEES THE SECRETS THAT IT MINTS AND THE ADMINISTRATOR'S CREDENTIAL"),
            (true, false) => Some("SEES THE SECRETS THAT IT MINTS"),
            (false, true) => Some("SEES THE ADMINISTRATOR'S CREDENTIAL"),
            (false, false) => None,
        }
    }
}
