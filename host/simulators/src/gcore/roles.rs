//! Roles, which the API also calls groups.

use serde_json::{Value, json};

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) id: u64,
    pub(super) name: &'static str,
    /// Nobody makes a token with a role above their own. Which stands above which is not documented, but for
    /// Administrators; a choice.
    rank: u8,
}

pub(super) const ADMINISTRATORS: Role = Role { id: 1, name: "Administrators", rank: 4 };
pub(super) const USERS: Role = Role { id: 2, name: "Users", rank: 2 };

/// All that there are (API description).
pub(super) const ALL: [Role; 5] = [
    ADMINISTRATORS,
    USERS,
    Role { id: 5, name: "Engineers", rank: 3 },
    Role { id: 3009, name: "Purge and Prefetch only (API+Web)", rank: 1 },
    Role { id: 3022, name: "Purge and Prefetch only (API)", rank: 0 },
];

impl Role {
    pub(super) fn of_id(id: u64) -> Option<Self> {
        ALL.into_iter().find(|role| role.id == id)
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        ALL.into_iter().find(|role| role.name == name)
    }

    pub(super) fn is_above(self, other: Self) -> bool {
        self.rank > other.rank
    }

    /// Whether it is for nothing but purging and prefetching.
    pub(super) fn is_purge_only(self) -> bool {
        self.rank < USERS.rank
    }

    pub(super) fn shown(self) -> Value {
        json!({"id": self.id, "name": self.name})
    }
}
