//! Room to grow.

use std::borrow::Cow;

/// Text that an adapter borrows from its program, and a host owns.
pub type Text = Cow<'static, str>;

/// A JSON object of members that a later version or a single vendor defines, or none.
pub type Extensions = Option<Text>;

/// A case that this version does not define.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Extension {
    /// Its name.
    pub name: Text,
    /// A JSON object of what belongs to it.
    pub parameters: Text,
}
