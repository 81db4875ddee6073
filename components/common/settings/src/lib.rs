//! Account settings: the defaults of their schema and the templates that refer to them.
//!
//! An account's settings are a JSON object that follows the schema in its adapter's descriptor: a region, an
//! organization, a project. [`fill_defaults`] completes them, and a [`Template`] puts them where they belong, such as
//! in the URL of an endpoint:
//!
//! ```
//! use keywright_settings::{Template, fill_defaults};
//! use serde_json::{Map, json};
//!
//! let schema = json!({
//!     "properties": { "region": { "type": "string", "default": "europe-west1.gcp" } }
//! });
//! let mut settings = Map::new();
//! fill_defaults(&schema, &mut settings);
//!
//! let endpoint: Template = "https://api.{settings.region}.commercetools.com".parse()?;
//! assert_eq!(
//!     endpoint.expand(&settings, &|_| None)?,
//!     "https://api.europe-west1.gcp.commercetools.com",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod defaults;
mod expand;
mod json;
mod template;

pub use defaults::fill_defaults;
pub use expand::ExpandError;
pub use json::{JsonTemplate, JsonTemplateError};
pub use template::{Reference, Template, TemplateError};
