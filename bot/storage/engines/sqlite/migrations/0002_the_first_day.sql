-- What readers, editors and operators meet in the first week: follows of any kind, mutes, shelves,
-- fixtures, the desk's rights and judgements, waves that wait for a word, messages taken back.

-- ── feeds ──────────────────────────────────────────────────────────────────────────────────

ALTER TABLE feeds ADD COLUMN kind TEXT NOT NULL DEFAULT 'news';      -- or 'matches': an iCalendar
ALTER TABLE feeds ADD COLUMN last_cause TEXT NOT NULL DEFAULT '';    -- what kind of failure
ALTER TABLE feeds ADD COLUMN removed_at INTEGER;     -- its articles stay; nobody polls or lists it

-- Addresses a feed had before, by a move or by an editor's hand: who asks for one finds the feed.
CREATE TABLE feed_addresses (
    url TEXT PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX feed_addresses_feed ON feed_addresses (feed);

-- Words that keep an article of a source out, in their folded form: advertorials.
CREATE TABLE keep_outs (
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    words TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (source, words)
) WITHOUT ROWID;

-- ── articles, stories, matches ─────────────────────────────────────────────────────────────

ALTER TABLE articles ADD COLUMN video_seconds INTEGER;

CREATE TABLE fixtures (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    uid TEXT NOT NULL,                        -- of the calendar's event
    home TEXT NOT NULL,
    away TEXT NOT NULL,
    competition TEXT NOT NULL,
    venue TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    state TEXT NOT NULL,                      -- planned, over, off
    home_score INTEGER,
    away_score INTEGER,
    is_timed INTEGER NOT NULL DEFAULT 1,      -- 0: the calendar names the day alone
    changed_at INTEGER NOT NULL,
    UNIQUE (feed, uid)
);
CREATE INDEX fixtures_start ON fixtures (starts_at);

-- Titles apart from texts, so that the index itself tells where a word stands; filled anew at start.
DROP TABLE article_search;
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, title_stems, text, text_stems,
    content='', columnsize=0, tokenize='unicode61 remove_diacritics 0'
);

-- ── people ─────────────────────────────────────────────────────────────────────────────────

-- Made anew for AUTOINCREMENT: a chat may be forgotten, and nobody who comes later gets its number,
-- under which waves may still be on their way.
CREATE TABLE readers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bot INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    thread INTEGER NOT NULL DEFAULT 0,        -- 0: none
    kind TEXT NOT NULL,
    zone TEXT NOT NULL,
    quiet_start INTEGER,                      -- minutes of the local day; both NULL: never quiet
    quiet_end INTEGER,
    urgent TEXT NOT NULL,
    length TEXT NOT NULL DEFAULT 'short',
    wants_quiet_day INTEGER NOT NULL DEFAULT 0,
    joined_at INTEGER NOT NULL,
    seen_at INTEGER,                          -- when this chat last did something itself
    left_at INTEGER,
    blocked_at INTEGER,
    UNIQUE (bot, chat, thread)
);
INSERT INTO readers (id, bot, chat, thread, kind, zone, quiet_start, quiet_end, urgent, joined_at,
    seen_at, left_at, blocked_at)
    SELECT id, bot, chat, thread, kind, zone, quiet_start, quiet_end, urgent, joined_at,
    joined_at, left_at, blocked_at FROM subscribers;
DROP TABLE subscribers;
ALTER TABLE readers RENAME TO subscribers;
-- What statistics ask: how many there are now, how many are active, who came and who went.
CREATE INDEX subscribers_reached ON subscribers (bot, seen_at, left_at, blocked_at)
    WHERE left_at IS NULL AND blocked_at IS NULL;
CREATE INDEX subscribers_joined ON subscribers (bot, joined_at);
CREATE INDEX subscribers_left ON subscribers (bot, left_at) WHERE left_at IS NOT NULL;
CREATE INDEX subscribers_blocked ON subscribers (bot, blocked_at) WHERE blocked_at IS NOT NULL;
CREATE INDEX subscribers_chat ON subscribers (chat);  -- of whichever bot: what is kept of a chat

-- What a chat follows: a section, a source, a story, or words in their folded form.
CREATE TABLE follows (
    subscriber INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,                    -- section's word, source's id, story's id, words
    mode TEXT NOT NULL,
    rarest TEXT NOT NULL DEFAULT '',          -- of words: the stem by which an article finds them
    created_at INTEGER NOT NULL,
    PRIMARY KEY (kind, subject, subscriber)
) WITHOUT ROWID;
INSERT INTO follows (subscriber, kind, subject, mode, created_at)
    SELECT subscriptions.subscriber, 'section', section, mode, joined_at
    FROM subscriptions JOIN subscribers ON subscribers.id = subscriptions.subscriber;
DROP TABLE subscriptions;
ALTER TABLE follows RENAME TO subscriptions;
CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber);
CREATE INDEX subscriptions_rarest ON subscriptions (rarest) WHERE rarest <> '';

-- What a chat wants to hear nothing of, until a moment or for good. A follow stands beneath it
-- untouched and speaks again when the mute ends.
CREATE TABLE mutes (
    subscriber INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    until INTEGER,                            -- NULL: for good
    rarest TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    PRIMARY KEY (subscriber, kind, subject)
) WITHOUT ROWID;
CREATE INDEX mutes_rarest ON mutes (rarest) WHERE rarest <> '';

CREATE TABLE saved (
    subscriber INTEGER NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    story INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (subscriber, story)
) WITHOUT ROWID;
CREATE INDEX saved_story ON saved (story);

-- Mistakes that readers report on a story's page.
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    subscriber INTEGER REFERENCES subscribers (id) ON DELETE CASCADE,
    story INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    words TEXT NOT NULL,                      -- '' when the reader said no more than "a mistake"
    at INTEGER NOT NULL,
    handled_at INTEGER,
    UNIQUE (subscriber, story)
);
CREATE INDEX feedback_open ON feedback (at) WHERE handled_at IS NULL;

CREATE INDEX views_chat ON views (chat);

-- ── the outbox ─────────────────────────────────────────────────────────────────────────────

-- What a wave is about, so that mutes are asked when a reader's turn comes; NULL: nothing to mute.
ALTER TABLE waves ADD COLUMN story INTEGER;
ALTER TABLE waves ADD COLUMN source INTEGER;
ALTER TABLE waves ADD COLUMN since INTEGER;          -- audience 'active': who was seen since then
-- A wave that follows another up: what it does (send, edit, delete), and the earlier occasion.
ALTER TABLE waves ADD COLUMN act TEXT NOT NULL DEFAULT 'send';
ALTER TABLE waves ADD COLUMN follows_up INTEGER REFERENCES occasions (id);
CREATE INDEX waves_follows_up ON waves (follows_up) WHERE follows_up IS NOT NULL;
ALTER TABLE waves ADD COLUMN held_from TEXT;         -- state 'held': the one it had before
-- A query finds this index by these very words only.
DROP INDEX deliveries_open;
CREATE INDEX deliveries_open ON deliveries (wave) WHERE state IN ('waiting', 'held', 'sending');
CREATE INDEX deliveries_subscriber ON deliveries (subscriber);  -- what is kept of a chat

-- ── the editors' desk ──────────────────────────────────────────────────────────────────────

ALTER TABLE broadcasts ADD COLUMN days INTEGER;              -- audience 'active': seen in N days
ALTER TABLE broadcasts ADD COLUMN due_at INTEGER;            -- scheduled: when it is to begin
ALTER TABLE broadcasts ADD COLUMN follows_up INTEGER REFERENCES broadcasts (id);
ALTER TABLE broadcasts ADD COLUMN act TEXT NOT NULL DEFAULT 'send';
ALTER TABLE broadcasts ADD COLUMN words TEXT;                -- act 'edit': the corrected ones
CREATE INDEX broadcasts_follows_up ON broadcasts (follows_up) WHERE follows_up IS NOT NULL;
CREATE INDEX broadcasts_due ON broadcasts (due_at) WHERE state = 'scheduled';

-- Who may work at the desk. Those named in the configuration stand here too, written at the start.
CREATE TABLE team (
    person INTEGER PRIMARY KEY,
    role TEXT NOT NULL,                       -- owner, editor
    is_configured INTEGER NOT NULL DEFAULT 0, -- by the file: only the file can take it back
    name TEXT NOT NULL DEFAULT '',            -- as Telegram told it
    added_by INTEGER,
    added_at INTEGER NOT NULL
);

-- Links that let somebody in: readers of a newsroom by invitation, and new editors.
CREATE TABLE invites (
    code TEXT PRIMARY KEY,
    role TEXT NOT NULL,                       -- reader, editor
    made_by INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    most_uses INTEGER NOT NULL
) WITHOUT ROWID;

ALTER TABLE audit ADD COLUMN undone_at INTEGER;

-- How many pushes ended how, counted as they are settled: deliveries are many, and pruned.
CREATE TABLE pushes (
    quarter INTEGER NOT NULL,                 -- of an hour, since the epoch
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    pushes INTEGER NOT NULL,
    PRIMARY KEY (quarter, priority, state)
) WITHOUT ROWID;
CREATE INDEX audit_at ON audit (at);
