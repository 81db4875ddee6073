//! The form of the database: migrations, each in one transaction, each remembered with its checksum.

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use sha2::{Digest as _, Sha256};

use super::failure::Failure;
use crate::error::StoreError;

/// A step from one form to the next. What is released is never changed; a later one mends it.
#[derive(Clone, Copy)]
pub(super) struct Migration {
    /// The form that it makes, from 1.
    form: u32,
    /// The version of this program that knows the form first.
    since: &'static str,
    sql: &'static str,
}

pub(super) const MIGRATIONS: &[Migration] =
    &[Migration { form: 1, since: "0.1.0", sql: include_str!("migrations/0001.sql") }];

/// What SQLite files of this program carry in their header: `KwSt`.
pub(super) const APPLICATION_ID: i32 = 0x4b77_5374;

/// Brings a database into the newest form that `known` has.
pub(super) fn migrate(connection: &mut Connection, known: &[Migration]) -> Result<(), Failure> {
    check_owner(connection)?;
    // Most of the time there is nothing to do, and then nothing is locked.
    if has_table(connection)? && check(connection, known)? == known.len() {
        return Ok(());
    }
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration (
             form       INTEGER PRIMARY KEY,
             since      TEXT NOT NULL,
             checksum   BLOB NOT NULL,
             applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
         ) STRICT",
    )?;
    // Another program may have been faster.
    let done = check(&transaction, known)?;
    for migration in known.iter().skip(done) {
        transaction.execute_batch(migration.sql)?;
        transaction.execute(
            "INSERT INTO migration (form, since, checksum) VALUES (?1, ?2, ?3)",
            params![migration.form, migration.since, migration.checksum()],
        )?;
    }
    transaction.commit()?;
    Ok(())
}

/// Refuses the database of another program.
fn check_owner(connection: &Connection) -> Result<(), Failure> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if id == APPLICATION_ID || (id == 0 && tables == 0) {
        return Ok(());
    }
    Err(StoreError::Unavailable {
        verb: "opened",
        cause: "the file is a database of another program".to_owned(),
        advice: "give the path of Keywright's own store",
    }
    .into())
}

fn has_table(connection: &Connection) -> Result<bool, Failure> {
    let found = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'", [], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// How many of the migrations are in place. Refuses what was written by a later version, or by none.
fn check(connection: &Connection, known: &[Migration]) -> Result<usize, Failure> {
    let mut statement = connection.prepare("SELECT form, since, checksum FROM migration ORDER BY form")?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?)))?;
    let applied = rows.collect::<Result<Vec<_>, _>>()?;
    if let Some((found, needed, _)) = applied.last().filter(|_| applied.len() > known.len()) {
        let newest = known.last().map_or(0, |migration| migration.form);
        return Err(StoreError::Newer { found: *found, known: newest, needed: needed.clone() }.into());
    }
    for ((form, _, checksum), migration) in applied.iter().zip(known) {
        if *form != migration.form || *checksum != migration.checksum() {
            return Err(StoreError::Damaged(format!("its form {form} is not the one that this program knows")).into());
        }
    }
    Ok(applied.len())
}

impl Migration {
    fn checksum(&self) -> Vec<u8> {
        Sha256::digest(self.sql).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration { form: 1, since: "0.1.0", sql: "CREATE TABLE a (x INTEGER) STRICT;" };
    const SECOND: Migration = Migration { form: 2, since: "0.9.0", sql: "CREATE TABLE b (x INTEGER) STRICT;" };

    fn tables(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn migrations_are_made_once_and_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        assert_eq!(tables(&connection), ["a", "migration"]);
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(tables(&connection), ["a", "b", "migration"]);
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing_of_itself() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        let broken = Migration { sql: "CREATE TABLE b (x INTEGER) STRICT; CREATE TABLE a (x INTEGER);", ..SECOND };
        assert!(migrate(&mut connection, &[FIRST, broken]).is_err());
        assert_eq!(tables(&connection), ["a", "migration"]);
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        assert_eq!(tables(&connection), ["a", "b", "migration"]);
    }

    #[test]
    fn a_newer_form_is_refused_by_the_version_to_install() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST, SECOND]).unwrap();
        let error = StoreError::from(migrate(&mut connection, &[FIRST]).unwrap_err());
        assert!(matches!(&error, StoreError::Newer { found: 2, known: 1, needed } if needed == "0.9.0"), "{error}");
        assert!(error.to_string().ends_with("install 0.9.0"), "{error}");
    }

    #[test]
    fn a_migration_that_was_changed_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST]).unwrap();
        let changed = Migration { sql: "CREATE TABLE a (y INTEGER) STRICT;", ..FIRST };
        let error = StoreError::from(migrate(&mut connection, &[changed]).unwrap_err());
        assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    }

    #[test]
    fn the_database_of_another_program_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE cookies (x)").unwrap();
        let error = StoreError::from(migrate(&mut connection, MIGRATIONS).unwrap_err());
        assert!(error.to_string().contains("another program"), "{error}");
        assert_eq!(tables(&connection), ["cookies"]);
    }
}
