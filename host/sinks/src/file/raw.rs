//! `raw`: the value of one part is the whole file.

use zeroize::Zeroizing;

use super::layout::{Layout, Trouble};
use crate::delivery::{Delivery, PartSpec};
use crate::error::ConfigError;

const ADVICE: &str = "correct `part`";

/// The value of one part, without a line break after it.
#[derive(Debug)]
pub(super) struct Raw {
    part: String,
}

impl Raw {
    pub(super) fn new(part: Option<&str>) -> Result<Self, ConfigError> {
        match part {
            Some(part) => Ok(Self { part: part.to_owned() }),
            None => {
                Err(ConfigError::new("the format raw needs `part`: add the name of the part that is to be the file"))
            }
        }
    }

    fn missing(&self) -> Trouble {
        Trouble::MissingPart { part: self.part.clone(), advice: ADVICE }
    }
}

impl Layout for Raw {
    fn check(&self, parts: &[PartSpec]) -> Result<(), Trouble> {
        if parts.iter().any(|part| part.name == self.part) { Ok(()) } else { Err(self.missing()) }
    }

    fn render(&self, delivery: &Delivery) -> Result<Zeroizing<String>, Trouble> {
        let value = delivery.part(&self.part).ok_or_else(|| self.missing())?;
        Ok(Zeroizing::new(value.to_owned()))
    }
}
