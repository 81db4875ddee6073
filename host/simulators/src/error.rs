//! What can go wrong before a simulator runs.

use std::{io, net::SocketAddr};

/// Why a simulator, an option or a fault could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No simulator has this name.
    #[error("there is no simulator named {name:?}; there are: {known}")]
    UnknownVendor {
        /// The name that was asked for.
        name: String,
        /// The names there are, separated by commas.
        known: String,
    },
    /// The vendor's simulator has no such option.
    #[error("the {vendor} simulator has no option {option:?}; it has: {known}")]
    UnknownOption {
        /// The simulator's name.
        vendor: String,
        /// The option that was asked for.
        option: String,
        /// The options there are, separated by commas.
        known: String,
    },
    /// The option exists, but not with this value.
    #[error("option {option:?} of the {vendor} simulator cannot be {value:?}; give {expected}")]
    BadOption {
        /// The simulator's name.
        vendor: String,
        /// The option's name.
        option: String,
        /// The value that was given.
        value: String,
        /// What may be given.
        expected: String,
    },
    /// No fault has this name.
    #[error("there is no fault named {name:?}; there are: {known}")]
    UnknownFault {
        /// The name that was asked for.
        name: String,
        /// The names there are, separated by commas.
        known: String,
    },
    /// The text does not read as a fault rule.
    #[error(
        "cannot read the fault {text:?}: {problem}; write NAME[@OPERATION][*TIMES], for example lose-answer@create*1"
    )]
    BadFault {
        /// The text that was given.
        text: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The rule waits for an operation that this vendor's requests never belong to, so it would never fire.
    #[error("no request to the {vendor} simulator is told apart as {operation:?}; choose one of: {known}")]
    UnknownOperation {
        /// The simulator's name.
        vendor: String,
        /// The operation that was asked for.
        operation: String,
        /// The operations there are, separated by commas.
        known: String,
    },
    /// The address could not be listened on.
    #[error("cannot listen on {address}: {}; choose another address or port 0", reason(source))]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The simulator's own certificates could not be made; this is a fault of the program, not of its user.
    #[error("cannot make the simulator's certificates: {source}; use plain http, and please report this")]
    Certificate {
        /// What the certificate or TLS library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The usual reasons in words; anything else as the operating system puts it.
fn reason(error: &io::Error) -> String {
    use io::ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
    match error.kind() {
        kind @ (AddrInUse | AddrNotAvailable | PermissionDenied) => kind.to_string(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_address_says_what_to_do() {
        let error = Error::Listen { address: ([127, 0, 0, 1], 443).into(), source: io::Error::from_raw_os_error(13) };
        assert_eq!(
            error.to_string(),
            "cannot listen on 127.0.0.1:443: permission denied; choose another address or port 0"
        );
    }
}
