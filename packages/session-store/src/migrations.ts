/**
 * Forward only: the schema's version is the number of scripts that ran, kept in `user_version`. A script that was
 * released is never edited; a change is a new script.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    workflow TEXT NOT NULL,
    repository TEXT NOT NULL,
    base_commit TEXT NOT NULL,
    branch TEXT,
    spec TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    reason TEXT,
    last_seq INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX runs_by_start ON runs (started_at DESC, id DESC);
  CREATE INDEX runs_by_repository ON runs (repository, started_at DESC, id DESC);

  CREATE TABLE events (
    run TEXT NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE leases (
    run TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start_time TEXT NOT NULL,
    host TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    native_id TEXT NOT NULL,
    cwd TEXT NOT NULL,
    token TEXT,
    agent TEXT,
    model TEXT,
    title TEXT,
    owner TEXT,
    repository TEXT,
    parent_native_id TEXT,
    parent_at TEXT,
    run TEXT,
    step TEXT,
    message_id TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    turns INTEGER NOT NULL,
    unpriced_turns INTEGER NOT NULL,
    cost_usd REAL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    UNIQUE (provider, native_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_by_use ON sessions (last_used_at DESC, id DESC);
  CREATE INDEX sessions_by_native_id ON sessions (native_id);

  CREATE TABLE session_turns (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    key TEXT,
    at INTEGER NOT NULL,
    model TEXT,
    run TEXT,
    step TEXT,
    message_id TEXT,
    usage TEXT NOT NULL,
    PRIMARY KEY (session, number)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX session_turns_by_key ON session_turns (session, key) WHERE key IS NOT NULL;

  CREATE TABLE session_tags (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (session, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_tags_by_tag ON session_tags (tag, session);
  `,
  // The function pawl_words is given by the database that runs this.
  `
  ALTER TABLE runs ADD COLUMN owner TEXT;
  CREATE INDEX runs_by_owner ON runs (owner, started_at DESC, id DESC) WHERE owner IS NOT NULL;

  ALTER TABLE sessions ADD COLUMN title_words TEXT;
  ALTER TABLE sessions ADD COLUMN transcript TEXT;
  ALTER TABLE sessions ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN last_message INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN max_messages INTEGER;
  UPDATE sessions SET title_words = pawl_words(title) WHERE title IS NOT NULL;

  ALTER TABLE session_turns ADD COLUMN last_message INTEGER;

  CREATE TABLE session_messages (
    row INTEGER PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    role TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT,
    text TEXT NOT NULL,
    body TEXT,
    left_out INTEGER NOT NULL,
    UNIQUE (session, seq)
  ) STRICT;
  CREATE INDEX session_messages_by_id ON session_messages (session, id) WHERE id IS NOT NULL;

  CREATE VIEW said AS SELECT row, text FROM session_messages WHERE type = 'text';
  CREATE VIRTUAL TABLE said_words USING fts5 (
    text, content = 'said', content_rowid = 'row', tokenize = "unicode61 remove_diacritics 2"
  );
  CREATE TRIGGER said_inserted AFTER INSERT ON session_messages WHEN new.type = 'text' BEGIN
    INSERT INTO said_words (rowid, text) VALUES (new.row, new.text);
  END;
  CREATE TRIGGER said_deleted AFTER DELETE ON session_messages WHEN old.type = 'text' BEGIN
    INSERT INTO said_words (said_words, rowid, text) VALUES ('delete', old.row, old.text);
  END;

  CREATE TABLE session_leases (
    session TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,
    pid INTEGER NOT NULL,
    start_time TEXT NOT NULL,
    host TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE sessions ADD COLUMN origin TEXT;

  CREATE TABLE session_checkpoints (
    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    key TEXT,
    at INTEGER NOT NULL,
    message_id TEXT,
    last_message INTEGER NOT NULL,
    transcript_offset INTEGER,
    commit_id TEXT NOT NULL,
    tree TEXT NOT NULL,
    base TEXT,
    repository TEXT NOT NULL,
    worktree TEXT NOT NULL,
    run TEXT,
    lane TEXT,
    set_aside TEXT,
    PRIMARY KEY (session, number)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX session_checkpoints_by_key ON session_checkpoints (session, key) WHERE key IS NOT NULL;
  CREATE INDEX session_checkpoints_by_commit ON session_checkpoints (commit_id);
  `,
  `
  CREATE TABLE controls (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    at INTEGER NOT NULL,
    control TEXT NOT NULL,
    ended TEXT
  ) STRICT;
  CREATE INDEX controls_open ON controls (run, number) WHERE ended IS NULL;
  `,
  `
  CREATE TABLE run_tags (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (run, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX run_tags_by_tag ON run_tags (tag, run);
  `,
];
