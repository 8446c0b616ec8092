-- The first schema: feeds, articles, stories, people, the outbox and the editors' desk.
-- Times are whole milliseconds UTC, booleans 0 and 1, structures JSON text.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- ── feeds ──────────────────────────────────────────────────────────────────────────────────

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
);

CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    section TEXT,                             -- NULL: each entry's own category decides
    is_on INTEGER NOT NULL DEFAULT 1,
    is_silent INTEGER NOT NULL DEFAULT 1,     -- the next good poll stores and pushes nothing
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    body_hash TEXT NOT NULL DEFAULT '',
    interval_ms INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    last_ok_at INTEGER,
    last_new_at INTEGER,
    next_poll_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE is_on = 1;
CREATE INDEX feeds_host ON feeds (host);

-- ── articles and stories ───────────────────────────────────────────────────────────────────

CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    lead INTEGER NOT NULL,                    -- an article; set in the same transaction
    section TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    sources INTEGER NOT NULL DEFAULT 1,
    articles INTEGER NOT NULL DEFAULT 1,
    is_urgent INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX stories_first ON stories (first_at);
CREATE INDEX stories_last ON stories (last_at);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,                   -- moment in ms × 4096 + n: newest first is id order
    feed INTEGER NOT NULL REFERENCES feeds (id),
    source INTEGER NOT NULL REFERENCES sources (id),
    story INTEGER NOT NULL REFERENCES stories (id),
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    canonical_url TEXT,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    image_url TEXT NOT NULL,
    video_url TEXT NOT NULL,
    published_at INTEGER,
    first_seen_at INTEGER NOT NULL,
    changed_at INTEGER,
    is_urgent INTEGER NOT NULL DEFAULT 0,
    fingerprint TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    sections TEXT NOT NULL                    -- comma between; the first is where it is shown
);
CREATE UNIQUE INDEX articles_canonical ON articles (canonical_url) WHERE canonical_url IS NOT NULL;
CREATE INDEX articles_story ON articles (story);
CREATE INDEX articles_source_seen ON articles (source, first_seen_at);
CREATE INDEX articles_seen ON articles (first_seen_at);
CREATE INDEX articles_urgent ON articles (id) WHERE is_urgent = 1;

-- How we know an entry again; outlives the article. article NULL: the key was seen on several
-- entries of one document and identifies nothing.
CREATE TABLE sightings (
    feed INTEGER NOT NULL REFERENCES feeds (id),
    key TEXT NOT NULL,
    article INTEGER,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (feed, key)
) WITHOUT ROWID;

CREATE TABLE article_sections (
    section TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,                   -- 0: the section it is shown in
    PRIMARY KEY (section, article)
) WITHOUT ROWID;
CREATE INDEX article_sections_article ON article_sections (article);

-- Contentless; deleted by the 'delete' command with the very text that was indexed. SQLite 3.40
-- knows no contentless_delete. columnsize=0: we rank by ourselves, so lengths are not kept.
CREATE VIRTUAL TABLE article_search USING fts5 (
    folded, stems, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0'
);

-- ── people ─────────────────────────────────────────────────────────────────────────────────

CREATE TABLE subscribers (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    thread INTEGER NOT NULL DEFAULT 0,        -- 0: none
    kind TEXT NOT NULL,
    zone TEXT NOT NULL,
    quiet_start INTEGER,                      -- minutes of the local day; both NULL: never quiet
    quiet_end INTEGER,
    urgent TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    left_at INTEGER,
    blocked_at INTEGER,
    UNIQUE (bot, chat, thread)
);

CREATE TABLE subscriptions (
    subscriber INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    section TEXT NOT NULL,
    mode TEXT NOT NULL,
    PRIMARY KEY (section, subscriber)
) WITHOUT ROWID;
CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber);

CREATE TABLE digests (
    id INTEGER PRIMARY KEY,
    subscriber INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    minute INTEGER NOT NULL,                  -- of the local day
    weekdays INTEGER NOT NULL,                -- bit 0 is Monday
    covered_until INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    UNIQUE (subscriber, minute)
);
CREATE INDEX digests_due ON digests (next_at);

CREATE TABLE views (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX views_created ON views (created_at);

CREATE TABLE prompts (
    chat INTEGER NOT NULL,
    person INTEGER NOT NULL,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (chat, person)
) WITHOUT ROWID;

CREATE TABLE acts (
    chat INTEGER NOT NULL,
    message INTEGER NOT NULL,
    done_at INTEGER NOT NULL,
    PRIMARY KEY (chat, message)
) WITHOUT ROWID;
CREATE INDEX acts_done ON acts (done_at);

-- ── the outbox ─────────────────────────────────────────────────────────────────────────────

CREATE TABLE briefs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
);

CREATE TABLE occasions (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,                 -- story:9, digest:17:2026-11-26T07:00, broadcast:4
    created_at INTEGER NOT NULL
);

CREATE TABLE waves (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    occasion INTEGER NOT NULL REFERENCES occasions (id),
    brief INTEGER NOT NULL REFERENCES briefs (id),
    audience TEXT NOT NULL,
    section TEXT,
    priority INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    expires_at INTEGER,
    cursor INTEGER NOT NULL DEFAULT 0,
    last_subscriber INTEGER NOT NULL,         -- frozen at the start: who joins later is not addressed
    state TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,          -- settled deliveries, by their last state
    unreachable INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    unsure INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX waves_open ON waves (priority, not_before) WHERE state = 'open';

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,                     -- another token never writes to this one's readers
    wave INTEGER REFERENCES waves (id),       -- NULL: personal deliveries that name this batch
    first INTEGER NOT NULL,                   -- the slice is (first, last]
    last INTEGER NOT NULL,
    takes INTEGER NOT NULL DEFAULT 1,
    lease_until INTEGER NOT NULL
);

CREATE TABLE deliveries (
    occasion INTEGER NOT NULL REFERENCES occasions (id),
    subscriber INTEGER NOT NULL,
    state TEXT NOT NULL,
    brief INTEGER NOT NULL,
    wave INTEGER,
    message_ids TEXT,                         -- JSON list
    settled_at INTEGER,
    priority INTEGER,
    next_attempt_at INTEGER,
    expires_at INTEGER,
    attempts INTEGER,
    doubts INTEGER,
    batch INTEGER,
    reason TEXT,
    PRIMARY KEY (occasion, subscriber)
) WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (priority, next_attempt_at) WHERE state = 'waiting';
CREATE INDEX deliveries_sending ON deliveries (batch) WHERE state = 'sending';
CREATE INDEX deliveries_open ON deliveries (wave) WHERE state IN ('waiting', 'sending');

-- ── the editors' desk ──────────────────────────────────────────────────────────────────────

CREATE TABLE broadcasts (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    editor INTEGER NOT NULL,
    chat INTEGER NOT NULL,                    -- where the editor wrote, and where progress is shown
    message INTEGER NOT NULL,                 -- the message that is copied to everybody
    audience TEXT NOT NULL,
    section TEXT,
    state TEXT NOT NULL,                      -- draft → dropped, or open → reported; the wave has the rest
    total INTEGER,                            -- the audience as confirmed
    wave INTEGER REFERENCES waves (id),
    progress_message INTEGER,
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER
);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person INTEGER,                           -- NULL: Mujaz itself
    act TEXT NOT NULL,
    details TEXT NOT NULL
);
