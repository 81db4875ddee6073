//! Cursors of lists that carry several values.
//!
//! ```
//! use keywright_sdk::cursor;
//!
//! let text = cursor::join(&["2", "a:b c"]);
//! assert_eq!(text, "2:a%3Ab%20c");
//! let [page, name] = cursor::split(&text)?;
//! assert_eq!((cursor::number(&page)?, name.as_str()), (2, "a:b c"));
//! assert!(cursor::split::<3>(&text).is_err());
//! # Ok::<(), keywright_sdk::Failure>(())
//! ```

use percent_encoding::percent_decode_str;

use crate::http::encode;
use crate::{Failure, FieldProblem, Problem, Result};

/// The values, with `:` between them. What a value holds is encoded, so that it comes back as it was.
pub fn join(values: &[&str]) -> String {
    let mut cursor = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            cursor.push(':');
        }
        encode(value, &mut cursor);
    }
    cursor
}

/// The values of a cursor that [`join`] made of as many; a failure for any other text.
pub fn split<const N: usize>(cursor: &str) -> Result<[String; N]> {
    let values: Option<Vec<String>> =
        cursor.split(':').map(|value| percent_decode_str(value).decode_utf8().ok().map(Into::into)).collect();
    values.and_then(|values| values.try_into().ok()).ok_or_else(invalid)
}

/// A value of a cursor that is a number.
pub fn number(value: &str) -> Result<u64> {
    value.parse().map_err(|_| invalid())
}

/// The failure for a cursor that the list did not give.
pub fn invalid() -> Failure {
    FieldProblem::new("/cursor", Problem::Format, "is not a cursor of this list").into()
}
