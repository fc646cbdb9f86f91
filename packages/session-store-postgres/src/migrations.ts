/**
 * Forward only: the schema's version is the number of scripts that ran. A script that was released is never edited; a
 * change is a new script. Each statement ends with a semicolon at the end of its line. Ids are compared byte by byte.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE pawl_schema (version INTEGER NOT NULL);

  CREATE TABLE runs (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    workflow TEXT NOT NULL,
    repository TEXT NOT NULL,
    base_commit TEXT NOT NULL,
    branch TEXT,
    spec TEXT NOT NULL,
    owner TEXT,
    status TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    reason TEXT,
    last_seq BIGINT NOT NULL
  );
  CREATE INDEX runs_by_start ON runs (started_at DESC, id DESC);
  CREATE INDEX runs_by_repository ON runs (repository, started_at DESC, id DESC);
  CREATE INDEX runs_by_owner ON runs (owner, started_at DESC, id DESC) WHERE owner IS NOT NULL;

  CREATE TABLE events (
    run TEXT COLLATE "C" NOT NULL REFERENCES runs (id),
    seq BIGINT NOT NULL,
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  );

  CREATE TABLE leases (
    kind TEXT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    token TEXT NOT NULL,
    pid BIGINT NOT NULL,
    start_time TEXT NOT NULL,
    host TEXT NOT NULL,
    PRIMARY KEY (kind, name)
  );

  CREATE TABLE sessions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    native_id TEXT COLLATE "C" NOT NULL,
    cwd TEXT NOT NULL,
    token TEXT,
    agent TEXT,
    model TEXT,
    title TEXT,
    title_words TEXT,
    owner TEXT,
    repository TEXT,
    parent_native_id TEXT COLLATE "C",
    parent_at TEXT,
    run TEXT,
    step TEXT,
    message_id TEXT,
    transcript TEXT,
    archived INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    turns BIGINT NOT NULL DEFAULT 0,
    unpriced_turns BIGINT NOT NULL DEFAULT 0,
    cost_usd DOUBLE PRECISION,
    input_tokens BIGINT,
    output_tokens BIGINT,
    messages BIGINT NOT NULL DEFAULT 0,
    last_message BIGINT NOT NULL DEFAULT 0,
    max_messages BIGINT,
    UNIQUE (provider, native_id)
  );
  CREATE INDEX sessions_by_use ON sessions (last_used_at DESC, id DESC);
  CREATE INDEX sessions_by_owner ON sessions (owner, last_used_at DESC, id DESC) WHERE owner IS NOT NULL;
  CREATE INDEX sessions_by_native_id ON sessions (native_id);

  CREATE TABLE session_turns (
    session TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    key TEXT,
    at BIGINT NOT NULL,
    model TEXT,
    run TEXT,
    step TEXT,
    message_id TEXT,
    usage TEXT NOT NULL,
    last_message BIGINT,
    PRIMARY KEY (session, number)
  );
  CREATE UNIQUE INDEX session_turns_by_key ON session_turns (session, key) WHERE key IS NOT NULL;

  CREATE TABLE session_tags (
    session TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    tag TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (session, tag)
  );
  CREATE INDEX session_tags_by_tag ON session_tags (tag, session);

  CREATE TABLE session_messages (
    session TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    role TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT,
    text TEXT NOT NULL,
    body TEXT,
    left_out BIGINT NOT NULL,
    words TSVECTOR,
    PRIMARY KEY (session, seq)
  );
  CREATE INDEX session_messages_by_id ON session_messages (session, id) WHERE id IS NOT NULL;
  CREATE INDEX session_messages_by_words ON session_messages USING GIN (words) WHERE words IS NOT NULL;
  `,
  `
  ALTER TABLE sessions ADD COLUMN origin TEXT;

  CREATE TABLE session_checkpoints (
    session TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    key TEXT,
    at BIGINT NOT NULL,
    message_id TEXT,
    last_message BIGINT NOT NULL,
    transcript_offset BIGINT,
    commit_id TEXT COLLATE "C" NOT NULL,
    tree TEXT NOT NULL,
    base TEXT,
    repository TEXT NOT NULL,
    worktree TEXT NOT NULL,
    run TEXT,
    lane TEXT,
    set_aside TEXT,
    PRIMARY KEY (session, number)
  );
  CREATE UNIQUE INDEX session_checkpoints_by_key ON session_checkpoints (session, key) WHERE key IS NOT NULL;
  CREATE INDEX session_checkpoints_by_commit ON session_checkpoints (commit_id);
  `,
  `
  CREATE TABLE controls (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    control TEXT NOT NULL,
    ended TEXT
  );
  CREATE INDEX controls_open ON controls (run, number) WHERE ended IS NULL;
  `,
  `
  CREATE TABLE run_tags (
    run TEXT COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, tag)
  );
  CREATE INDEX run_tags_by_tag ON run_tags (tag, run);
  `,
];
