//! What a list of the vendor says.

use super::backoff::{LONG, SHORT, next_try};
use super::work::Work;
use super::{Refusal, doubt};
use crate::effect::{Failure, FailureClass, Found, SeekReason};
use crate::record::{OperationOutcome, Record};

/// Tries of the list before a creation, after which the operation ends as failed.
const TRIES: u32 = 5;

pub(super) fn take(
    work: &mut Work<'_>,
    reason: SeekReason,
    sought: Result<Vec<Found>, Failure>,
) -> Result<(), Refusal> {
    match (reason, sought) {
        (SeekReason::Before, Ok(found)) => {
            let known = found.into_iter().map(|found| found.vendor_id).collect();
            work.listed_before = Some(known);
            Ok(())
        }
        (SeekReason::Before, Err(failure)) => {
            // Without the list a lost answer could not be looked into: nothing is sent.
            let message = format!("the vendor's credentials could not be listed first: {}", failure.message);
            let tried = work.operation().map_or(TRIES, |operation| operation.failures);
            if failure.class != FailureClass::Transient || tried + 1 >= TRIES {
                return work.end(OperationOutcome::Failed, Some(message));
            }
            let retry_at = next_try(work.context, tried, SHORT, failure.retry_after);
            work.record(Record::Postponed { message, retry_at })
        }
        (SeekReason::Doubt(generation), Ok(found)) => doubt::take_found(work, generation, found),
        (SeekReason::Doubt(generation), Err(failure)) => {
            let failures = work.generation(generation)?.failures;
            let most = if failures > 5 { LONG } else { SHORT };
            let retry_at = next_try(work.context, failures, most, failure.retry_after);
            work.record(Record::SeekFailed { generation, message: failure.message, retry_at })
        }
    }
}
