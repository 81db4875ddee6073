-- Times are microseconds since 1970 UTC. Names of statuses are those of the journal.

-- The store's clock at the last write, and what the wall clock showed then.
CREATE TABLE clock (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    store INTEGER NOT NULL,
    wall  INTEGER NOT NULL
) STRICT;
INSERT INTO clock VALUES (1, 0, 0);

CREATE TABLE installation (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    id         TEXT NOT NULL,
    key        TEXT NOT NULL,
    key_record BLOB NOT NULL
) STRICT;

-- The lease, and what a list shows. The state itself is apart, so that lists and counts never read it.
CREATE TABLE credential (
    number      INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    id          TEXT NOT NULL UNIQUE,
    account     TEXT NOT NULL,
    vendor      TEXT NOT NULL,
    due         INTEGER,
    lease_owner TEXT,
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    rev         INTEGER NOT NULL DEFAULT 0,
    current     INTEGER,
    vendor_id   TEXT,
    promoted_at INTEGER,
    expires_at  INTEGER,
    operation   TEXT,
    retiring    INTEGER NOT NULL DEFAULT 0,
    doubtful    INTEGER NOT NULL DEFAULT 0,
    suspended   INTEGER NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
    closed      INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    problem     TEXT
) STRICT;
CREATE INDEX credential_due ON credential (due) WHERE due IS NOT NULL;
CREATE INDEX credential_leased ON credential (lease_until) WHERE lease_owner IS NOT NULL;

-- What the journal adds up to, as JSON.
CREATE TABLE state (
    credential INTEGER PRIMARY KEY REFERENCES credential,
    state      TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
    credential INTEGER NOT NULL REFERENCES credential,
    line       INTEGER NOT NULL,
    form       INTEGER NOT NULL,
    operation  INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    adapter    TEXT,
    record     TEXT NOT NULL,
    -- The number of its audit event.
    event      INTEGER NOT NULL UNIQUE REFERENCES audit,
    PRIMARY KEY (credential, line)
) STRICT;
CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_not_shortened BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE generation (
    credential   INTEGER NOT NULL REFERENCES credential,
    number       INTEGER NOT NULL,
    account      TEXT NOT NULL,
    status       TEXT NOT NULL,
    marker       TEXT,
    vendor_id    TEXT,
    asked_expiry INTEGER,
    expiry       INTEGER,
    PRIMARY KEY (credential, number)
) STRICT, WITHOUT ROWID;
-- Two credentials never own one object of the vendor.
CREATE UNIQUE INDEX generation_owner ON generation (account, vendor_id)
    WHERE vendor_id IS NOT NULL AND status NOT IN ('revoked', 'replaced', 'void');
CREATE UNIQUE INDEX generation_marker ON generation (account, marker)
    WHERE marker IS NOT NULL AND status NOT IN ('revoked', 'replaced', 'void');
-- Never two requests for a secret of one credential whose outcome is not known.
CREATE UNIQUE INDEX generation_outstanding ON generation (credential) WHERE status IN ('intended', 'in-doubt');
CREATE INDEX generation_account ON generation (account);
CREATE INDEX generation_status ON generation (status);

CREATE TABLE secret (
    credential INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    key        TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    PRIMARY KEY (credential, generation),
    FOREIGN KEY (credential, generation) REFERENCES generation
) STRICT;
CREATE INDEX secret_key ON secret (key);

-- One event for each line of the journal. The leaf is that of RFC 6962: SHA-256 of a zero byte and the event.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    event  TEXT NOT NULL,
    leaf   BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- The size of the tree over the events, and its right edge: 32 bytes for each bit of the size that is set.
CREATE TABLE audit_head (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    edge BLOB NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, x'');
