//! The faults that wait for requests.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex},
};

use super::{Fault, FaultRule};
use crate::{Error, Vendor, sync::lock};

/// The faults of a running simulator. Clones are the same queue.
#[derive(Debug, Clone)]
pub struct Faults {
    vendor: &'static str,
    operations: &'static [&'static str],
    waiting: Arc<Mutex<Vec<FaultRule>>>,
}

impl Faults {
    pub(crate) fn new(vendor: &dyn Vendor) -> Self {
        Self { vendor: vendor.name(), operations: vendor.operations(), waiting: Arc::default() }
    }

    /// Adds a fault behind those that wait. A request is struck by the first rule that is for it, and by that one only.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownOperation`] when no request to this vendor could ever be struck.
    pub fn inject(&self, rule: impl Into<FaultRule>) -> Result<(), Error> {
        let rule = rule.into();
        if let Some(operation) = &rule.operation
            && !self.operations.contains(&operation.as_str())
        {
            return Err(Error::UnknownOperation {
                vendor: self.vendor.to_owned(),
                operation: operation.clone(),
                known: self.operations.join(", "),
            });
        }
        lock(&self.waiting).push(rule);
        Ok(())
    }

    /// Removes every fault.
    pub fn clear(&self) {
        lock(&self.waiting).clear();
    }

    /// The faults that still wait, with what is left of their times.
    pub fn waiting(&self) -> Vec<FaultRule> {
        lock(&self.waiting).clone()
    }

    /// Finds what strikes a request of `operation`, and uses it up once.
    pub(crate) fn take(&self, operation: Option<&str>) -> Option<Fault> {
        let mut waiting = lock(&self.waiting);
        let position =
            waiting.iter().position(|rule| rule.operation.is_none() || rule.operation.as_deref() == operation)?;
        let rule = &mut waiting[position];
        let fault = rule.fault;
        if let Some(times) = rule.times {
            match NonZeroU32::new(times.get() - 1) {
                None => drop(waiting.remove(position)),
                left => rule.times = left,
            }
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(rules: &[&str]) -> Faults {
        let faults = Faults { vendor: "initech", operations: &["create", "get"], waiting: Arc::default() };
        for rule in rules {
            faults.inject(rule.parse::<FaultRule>().unwrap()).unwrap();
        }
        faults
    }

    #[test]
    fn faults_strike_in_the_order_they_were_injected() {
        let faults = faults(&["cut*1", "html*1"]);
        assert_eq!(faults.take(None), Some(Fault::Cut));
        assert_eq!(faults.take(None), Some(Fault::Html));
        assert_eq!(faults.take(None), None);
    }

    #[test]
    fn a_fault_waits_for_its_operation() {
        let faults = faults(&["lose-answer@create*1", "cut@get"]);
        assert_eq!(faults.take(Some("get")), Some(Fault::Cut));
        assert_eq!(faults.take(None), None);
        assert_eq!(faults.take(Some("create")), Some(Fault::LoseAnswer));
        assert_eq!(faults.take(Some("create")), None);
        assert_eq!(faults.take(Some("get")), Some(Fault::Cut));
    }

    #[test]
    fn a_rule_is_used_up_and_removed() {
        let faults = faults(&["cut*2"]);
        faults.take(None);
        assert_eq!(faults.waiting()[0].to_string(), "cut*1");
        faults.take(None);
        assert!(faults.waiting().is_empty());
    }

    #[test]
    fn a_fault_that_could_never_strike_is_refused() {
        let rule: FaultRule = "cut@regenerate".parse().unwrap();
        let error = faults(&[]).inject(rule).unwrap_err().to_string();
        assert!(error.contains("regenerate") && error.contains("create, get"), "{error}");
    }

    #[test]
    fn clearing_leaves_nothing_waiting() {
        let faults = faults(&["cut"]);
        faults.clear();
        assert_eq!(faults.take(None), None);
    }
}
