//! Connections, and how they are set up.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::Failure;
use crate::error::StoreError;

/// The most that the log keeps of the disk after it was written back, in bytes.
const LOG_LIMIT: i64 = 8 << 20;

/// Opens the connection that writes.
pub(super) fn writer(file: &Path, patience: Duration) -> Result<Connection, Failure> {
    let connection = open(file, patience)?;
    if connection.is_readonly("main")? {
        return Err(StoreError::Unavailable {
            verb: "opened",
            cause: format!("`{}` is read-only", file.display()),
            advice: "let its owner write to it and to its directory, and run this program as the owner",
        }
        .into());
    }
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Unavailable {
            verb: "opened",
            cause: "its file system does not support shared memory".to_owned(),
            advice: "keep the store on a local disk",
        }
        .into());
    }
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(super) fn reader(file: &Path, patience: Duration) -> Result<Connection, Failure> {
    let connection = open(file, patience)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(file: &Path, patience: Duration) -> Result<Connection, Failure> {
    // Not to make it: who may make it has done so, with its permissions. Each connection is one thread's.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NOFOLLOW | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    for (pragma, value) in [
        // A transaction is on the disk when it is acknowledged, on macOS too.
        ("synchronous", "full"),
        ("fullfsync", "on"),
        ("checkpoint_fullfsync", "on"),
        // What is deleted is overwritten, and nothing is spilled to other files.
        ("secure_delete", "on"),
        ("temp_store", "memory"),
        // What is in the file is not trusted to be what was written.
        ("trusted_schema", "off"),
        ("cell_size_check", "on"),
        ("foreign_keys", "on"),
    ] {
        connection.pragma_update(None, pragma, value)?;
    }
    Ok(connection)
}
