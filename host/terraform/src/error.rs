//! Why a file is not a state that can be read.

use crate::document::LARGEST;

/// Why a file is not a state that can be read. The sentences speak of "the file" and hold nothing of its values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is nothing in it.
    #[error("the file is empty: write the state to it with `terraform show -json` or `terraform state pull`")]
    Empty,
    /// It is longer than what is read.
    #[error(
        "the file is larger than {} MiB: give the state of one workspace, which `terraform state pull` writes",
        LARGEST / (1024 * 1024)
    )]
    TooLarge,
    /// It is compressed.
    #[error("the file is a gzip archive: unpack it with `gunzip` and give the result")]
    Gzip,
    /// It is a saved plan, which is a zip archive, or another such archive.
    #[error(
        "the file is a zip archive, as a saved plan is: give the state, which `terraform show -json` without a file name prints"
    )]
    Zip,
    /// It is in an encoding of 16-bit units, as PowerShell redirects output.
    #[error(
        "the file is UTF-16: write it as UTF-8, in PowerShell with `terraform show -json | Out-File -Encoding utf8 FILE`"
    )]
    Utf16,
    /// It is text of another encoding, or no text.
    #[error("the file is not UTF-8: give what `terraform show -json` or `terraform state pull` printed, unchanged")]
    Encoding,
    /// It is not JSON.
    #[error(
        "the file is not valid JSON (line {line}, column {column}): give what `terraform show -json` or `terraform state \
         pull` printed; the text of `terraform show` cannot be read"
    )]
    Json {
        /// Where, from 1.
        line: usize,
        /// Where in the line, from 1.
        column: usize,
    },
    /// It ends too early.
    #[error("the file ends in the middle of its JSON: it was cut off; write it again")]
    CutOff,
    /// It begins as a state, and then something is not of the type that it has in a state.
    #[error(
        "line {line}, column {column} of the file is not as Terraform writes a state: write the file again, unchanged"
    )]
    Layout {
        /// Where, from 1.
        line: usize,
        /// Where in the line, from 1.
        column: usize,
    },
    /// It is JSON of another kind.
    #[error(
        "the file is JSON, but not a Terraform state: give what `terraform show -json` or `terraform state pull` printed"
    )]
    NotAState,
    /// It is a plan.
    #[error(
        "the file is a plan, which may never have been applied: give the state, which `terraform show -json` without a file name \
         prints"
    )]
    Plan,
    /// OpenTofu has encrypted it.
    #[error(
        "the file is a state that OpenTofu has encrypted: give what `tofu show -json` or `tofu state pull` prints where the \
         encryption is configured"
    )]
    Encrypted,
    /// It is a state file of an older layout.
    #[error(
        "the file is a state of version {0}, of Terraform before 0.12: let a newer Terraform rewrite it with `terraform apply \
         -refresh-only`, then give what `terraform state pull` prints"
    )]
    Older(u64),
    /// It is a state file of a newer layout.
    #[error(
        "the file is a state of version {0}, and Keywright reads version 4: give what `terraform show -json` prints"
    )]
    Newer(u64),
    /// It is the output of a `show -json` of another major version.
    #[error(
        "the file has the format version {0} of `terraform show -json`, and Keywright reads 1.x: give what `terraform state \
         pull` prints"
    )]
    FormatVersion(String),
}
