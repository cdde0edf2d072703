-- Written for both databases alike: the other folder holds the same statements with the other database's type names.
-- Every table of an event has UNIQUE (id, event_id) and is referenced by that pair, so nothing can point into another event.
-- The id comes first: an index that begins with the event tempts SQLite to read the whole event for a few rows of it. Where an
-- index does begin with the event, whole events are read by it, or the next column tells nearly everything.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    email_verified_at INTEGER,
    password_phc TEXT,
    name TEXT NOT NULL,
    is_admin BOOLEAN NOT NULL,
    disabled_at INTEGER,
    version BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    erased_at INTEGER,
    CHECK (erased_at IS NULL OR (disabled_at IS NOT NULL AND password_phc IS NULL AND email = '' AND name = ''))
);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_sha256 BLOB NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE account_actions (
    id INTEGER PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('verify', 'reset', 'sign_in', 'change_email')),
    token_sha256 BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    created_at INTEGER NOT NULL,
    email TEXT,
    session_code TEXT,
    CHECK ((purpose = 'change_email') = (email IS NOT NULL)),
    CHECK ((purpose = 'change_email') = (session_code IS NOT NULL))
);
CREATE INDEX account_actions_account ON account_actions (account_id);
CREATE INDEX account_actions_expiry ON account_actions (expires_at);

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    zone TEXT NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    place TEXT NOT NULL,
    website TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('draft', 'unlisted', 'public')),
    blind BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (ends_on IS NULL OR (starts_on IS NOT NULL AND starts_on <= ends_on))
);

CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('organizer', 'chair', 'reviewer', 'viewer')),
    limited BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, account_id, role),
    CHECK (NOT limited OR role IN ('chair', 'reviewer'))
);
CREATE INDEX members_account ON members (account_id);

CREATE TABLE invitations (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    inviter_id BIGINT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('organizer', 'chair', 'reviewer', 'viewer')),
    limited BOOLEAN NOT NULL,
    token_sha256 BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    mail_id BIGINT,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    CHECK (NOT limited OR role IN ('chair', 'reviewer'))
);
CREATE INDEX invitations_expiry ON invitations (expires_at);

CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL UNIQUE REFERENCES events (id) ON DELETE CASCADE,
    opens_at INTEGER,
    closes_at INTEGER,
    deadline_local TEXT,
    deadline_zone TEXT,
    grace_s BIGINT NOT NULL CHECK (grace_s BETWEEN 0 AND 604800),
    limit_per_speaker BIGINT CHECK (limit_per_speaker BETWEEN 1 AND 100),
    text TEXT NOT NULL,
    tips TEXT NOT NULL,
    selection TEXT NOT NULL,
    is_free BOOLEAN,
    is_virtual BOOLEAN,
    travel TEXT NOT NULL,
    expenses TEXT NOT NULL,
    code_of_conduct TEXT NOT NULL,
    past_talks TEXT NOT NULL,
    gaps_public BOOLEAN NOT NULL,
    notify_on TEXT,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    CHECK ((closes_at IS NULL) = (deadline_local IS NULL)),
    CHECK ((closes_at IS NULL) = (deadline_zone IS NULL)),
    CHECK (opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at)
);

CREATE TABLE formats (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    position BIGINT NOT NULL,
    closes_at INTEGER,
    deadline_local TEXT,
    deadline_zone TEXT,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    CHECK ((closes_at IS NULL) = (deadline_local IS NULL)),
    CHECK ((closes_at IS NULL) = (deadline_zone IS NULL))
);

CREATE TABLE tracks (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    closes_at INTEGER,
    deadline_local TEXT,
    deadline_zone TEXT,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    CHECK ((closes_at IS NULL) = (deadline_local IS NULL)),
    CHECK ((closes_at IS NULL) = (deadline_zone IS NULL))
);

CREATE TABLE speakers (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    name TEXT NOT NULL,
    bio TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    links TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    version BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    UNIQUE (event_id, account_id),
    CHECK ((email IS NULL) = (email_key IS NULL)),
    CHECK (account_id IS NULL OR email IS NULL)
);
CREATE INDEX speakers_account ON speakers (account_id);
CREATE UNIQUE INDEX speakers_email ON speakers (email_key, event_id) WHERE email_key IS NOT NULL;

CREATE TABLE publications (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'stopped', 'released')),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    release_at INTEGER NOT NULL,
    ended_at INTEGER,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX publications_one_waiting ON publications (event_id) WHERE state = 'waiting';

CREATE TABLE proposals (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    ref TEXT NOT NULL,
    public_no BIGINT NOT NULL CHECK (public_no BETWEEN 1 AND 2147483647),
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    description TEXT NOT NULL,
    notes TEXT NOT NULL,
    slides TEXT,
    format_id BIGINT NOT NULL,
    track_id BIGINT,
    lifecycle TEXT NOT NULL CHECK (lifecycle IN ('draft', 'submitted', 'withdrawn', 'canceled')),
    decided_at INTEGER,
    decision TEXT NOT NULL CHECK (decision IN ('undecided', 'accepted', 'waitlisted', 'rejected')),
    decision_version BIGINT NOT NULL,
    published_decision TEXT CHECK (published_decision IN ('accepted', 'waitlisted', 'rejected')),
    published_at INTEGER,
    talk_changed_at INTEGER,
    publication_id BIGINT,
    confirmation TEXT CHECK (confirmation IN ('pending', 'confirmed', 'declined')),
    invited BOOLEAN NOT NULL DEFAULT FALSE,
    review_count BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    UNIQUE (event_id, ref),
    UNIQUE (event_id, public_no),
    FOREIGN KEY (event_id, format_id) REFERENCES formats (event_id, id),
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id),
    FOREIGN KEY (event_id, publication_id) REFERENCES publications (event_id, id),
    CHECK ((lifecycle = 'draft') = (decided_at IS NULL)),
    CHECK (lifecycle <> 'draft' OR (decision = 'undecided' AND published_decision IS NULL)),
    CHECK (lifecycle <> 'withdrawn' OR published_decision IS NULL OR published_decision <> 'accepted'),
    CHECK ((published_decision IS NULL) = (published_at IS NULL)),
    CHECK ((published_decision IS NULL) = (publication_id IS NULL)),
    CHECK ((confirmation IS NOT NULL) = (published_decision IS NOT NULL AND published_decision = 'accepted'))
);
CREATE INDEX proposals_order ON proposals (event_id, created_at DESC, code);
CREATE INDEX proposals_fewest_reviews ON proposals (event_id, lifecycle, review_count, ref);
CREATE INDEX proposals_decision ON proposals (event_id, decision, published_decision);
CREATE INDEX proposals_published ON proposals (event_id, published_decision, code) WHERE published_decision IS NOT NULL;

CREATE TABLE proposal_speakers (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    speaker_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    owner BOOLEAN NOT NULL,
    accepted_at INTEGER,
    UNIQUE (id, event_id),
    UNIQUE (proposal_id, speaker_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, speaker_id) REFERENCES speakers (event_id, id)
);
CREATE UNIQUE INDEX proposal_speakers_one_owner ON proposal_speakers (proposal_id) WHERE owner;
CREATE INDEX proposal_speakers_speaker ON proposal_speakers (speaker_id, event_id, proposal_id);

CREATE TABLE criteria (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    help TEXT NOT NULL,
    weight REAL NOT NULL CHECK (weight > 0 AND weight <= 100),
    lowest BIGINT NOT NULL,
    highest BIGINT NOT NULL,
    labels TEXT NOT NULL DEFAULT '[]',
    required BOOLEAN NOT NULL DEFAULT TRUE,
    independent BOOLEAN NOT NULL DEFAULT FALSE,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    CHECK (lowest >= 0 AND lowest < highest AND highest <= 100)
);

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'abstained')),
    comment TEXT NOT NULL,
    feedback TEXT NOT NULL,
    confidence TEXT CHECK (confidence IN ('low', 'medium', 'high')),
    version BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (proposal_id, account_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX reviews_account ON reviews (account_id, event_id);

CREATE TABLE review_scores (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    review_id BIGINT NOT NULL,
    criterion_id BIGINT NOT NULL,
    score BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (review_id, criterion_id),
    FOREIGN KEY (event_id, review_id) REFERENCES reviews (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, criterion_id) REFERENCES criteria (event_id, id)
);

CREATE TABLE publication_items (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    publication_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'waitlisted', 'rejected')),
    link_nonce TEXT,
    token_sha256 BLOB UNIQUE,
    UNIQUE (id, event_id),
    UNIQUE (event_id, publication_id, proposal_id),
    FOREIGN KEY (event_id, publication_id) REFERENCES publications (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    CHECK ((decision = 'accepted') = (token_sha256 IS NOT NULL)),
    CHECK ((decision = 'accepted') = (link_nonce IS NOT NULL))
);

CREATE TABLE mails (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    event_id BIGINT REFERENCES events (id) ON DELETE CASCADE,
    publication_id BIGINT,
    account_id BIGINT REFERENCES accounts (id),
    names_id BIGINT REFERENCES accounts (id),
    kind TEXT NOT NULL,
    to_address TEXT NOT NULL,
    to_name TEXT NOT NULL,
    reply_to TEXT,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('held', 'queued', 'leased', 'sent', 'retrying', 'ambiguous', 'failed', 'canceled')),
    held_by TEXT CHECK (held_by IN ('publication', 'organizer', 'predecessor')),
    instead_of BIGINT,
    recalled BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    ambiguous_ends BIGINT NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    begun_at INTEGER,
    tried_at INTEGER,
    last_answer TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    UNIQUE (id, event_id),
    FOREIGN KEY (event_id, publication_id) REFERENCES publications (event_id, id),
    FOREIGN KEY (event_id, instead_of) REFERENCES mails (event_id, id),
    CHECK ((state = 'leased') = (lease_until IS NOT NULL)),
    CHECK (begun_at IS NULL OR state = 'leased'),
    CHECK (begun_at IS NOT NULL OR NOT recalled),
    CHECK ((state = 'held') = (held_by IS NOT NULL)),
    CHECK (state <> 'canceled' OR body_text = '' AND body_html = ''),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX mails_to ON mails (lower(to_address), created_at);
CREATE INDEX mails_due ON mails (state, next_at);
CREATE INDEX mails_order ON mails (event_id, created_at DESC, code);
CREATE INDEX mails_instead_of ON mails (instead_of) WHERE instead_of IS NOT NULL;
CREATE INDEX mails_tried ON mails (tried_at) WHERE tried_at IS NOT NULL;
CREATE INDEX mails_bodies ON mails (created_at) WHERE body_text <> '';
CREATE INDEX mails_account ON mails (account_id);
CREATE INDEX mails_names ON mails (names_id);
CREATE INDEX mails_publication ON mails (publication_id) WHERE publication_id IS NOT NULL;

CREATE TABLE mail_proposals (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    mail_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (mail_id, proposal_id, event_id),
    FOREIGN KEY (event_id, mail_id) REFERENCES mails (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX mail_proposals_proposal ON mail_proposals (proposal_id, event_id, mail_id);

CREATE TABLE leases (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    holder TEXT NOT NULL,
    until INTEGER,
    last_run_at INTEGER,
    last_result TEXT
);

CREATE TABLE link_requests (
    id INTEGER PRIMARY KEY,
    wish TEXT NOT NULL CHECK (wish IN ('reset', 'sign_in')),
    email_key TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE idempotency (
    id INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status BIGINT,
    location TEXT,
    etag TEXT,
    body TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (actor, method, route, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_code TEXT,
    facts TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id)
);
CREATE INDEX audit_order ON audit (event_id, created_at, id);

CREATE TABLE member_tracks (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    member_id BIGINT NOT NULL,
    track_id BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, member_id, track_id),
    FOREIGN KEY (event_id, member_id) REFERENCES members (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id)
);

CREATE TABLE invitation_tracks (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    invitation_id BIGINT NOT NULL,
    track_id BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, invitation_id, track_id),
    FOREIGN KEY (event_id, invitation_id) REFERENCES invitations (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id)
);

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    event_id BIGINT REFERENCES events (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    token_sha256 BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER NOT NULL,
    UNIQUE (event_id, id)
);
CREATE INDEX tokens_account ON tokens (account_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);

CREATE TABLE categories (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    help TEXT NOT NULL,
    several BOOLEAN NOT NULL,
    required BOOLEAN NOT NULL,
    shown_to TEXT NOT NULL CHECK (shown_to IN ('everyone', 'reviewers', 'organizers')),
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code)
);

CREATE TABLE choices (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    help TEXT NOT NULL,
    position BIGINT NOT NULL,
    wanted BIGINT CHECK (wanted BETWEEN 0 AND 10000),
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    FOREIGN KEY (event_id, category_id) REFERENCES categories (event_id, id) ON DELETE CASCADE
);
CREATE INDEX choices_category ON choices (category_id);

CREATE TABLE proposal_choices (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    choice_id BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (proposal_id, choice_id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, choice_id) REFERENCES choices (event_id, id)
);
CREATE INDEX proposal_choices_choice ON proposal_choices (choice_id, event_id, proposal_id);

CREATE TABLE late_links (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    token_sha256 BLOB NOT NULL UNIQUE,
    closes_at INTEGER NOT NULL,
    deadline_local TEXT NOT NULL,
    deadline_zone TEXT NOT NULL,
    uses BIGINT NOT NULL CHECK (uses BETWEEN 1 AND 1000),
    used BIGINT NOT NULL,
    invited BOOLEAN NOT NULL,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    CHECK (used BETWEEN 0 AND uses)
);

CREATE TABLE late_link_parts (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    late_link_id BIGINT NOT NULL,
    format_id BIGINT,
    track_id BIGINT,
    UNIQUE (id, event_id),
    FOREIGN KEY (event_id, late_link_id) REFERENCES late_links (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, format_id) REFERENCES formats (event_id, id),
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id),
    CHECK ((format_id IS NULL) <> (track_id IS NULL))
);
CREATE INDEX late_link_parts_link ON late_link_parts (late_link_id);

CREATE TABLE late_link_uses (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL UNIQUE,
    late_link_id BIGINT NOT NULL,
    used_at INTEGER,
    UNIQUE (id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, late_link_id) REFERENCES late_links (event_id, id) ON DELETE CASCADE
);

CREATE TABLE extensions (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    closes_at INTEGER NOT NULL,
    deadline_local TEXT NOT NULL,
    deadline_zone TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    UNIQUE (event_id, email_key)
);
CREATE INDEX extensions_email ON extensions (email_key);

CREATE TABLE milestones (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT,
    text TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    CHECK (first_day <= last_day)
);

CREATE TABLE conflicts (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    source TEXT NOT NULL CHECK (source IN ('reviewer', 'organizer')),
    kind TEXT NOT NULL CHECK (kind IN ('own', 'close', 'other')),
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    UNIQUE (account_id, proposal_id, source, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX conflicts_order ON conflicts (event_id, created_at, code);
CREATE INDEX conflicts_proposal ON conflicts (proposal_id, account_id);

CREATE TABLE assignments (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    released BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    UNIQUE (account_id, proposal_id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX assignments_order ON assignments (event_id, created_at, code);
CREATE INDEX assignments_proposal ON assignments (proposal_id, account_id);

CREATE TABLE phases (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    scoring BOOLEAN NOT NULL,
    sees TEXT NOT NULL CHECK (sees IN ('all', 'assigned')),
    names BOOLEAN NOT NULL,
    reviews TEXT NOT NULL CHECK (reviews IN ('never', 'after_own', 'always')),
    deciding BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    UNIQUE (event_id, starts_at)
);

CREATE TABLE rankings (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    publication_id BIGINT,
    name TEXT NOT NULL,
    cut BIGINT CHECK (cut >= 1),
    lambda BIGINT NOT NULL,
    kappa BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    draws BIGINT NOT NULL,
    reviews TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    FOREIGN KEY (event_id, publication_id) REFERENCES publications (event_id, id) ON DELETE CASCADE,
    CHECK ((publication_id IS NULL) = (name <> ''))
);
CREATE INDEX rankings_publication ON rankings (publication_id) WHERE publication_id IS NOT NULL;

CREATE TABLE speaker_invitations (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    proposal_id BIGINT,
    speaker_id BIGINT,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    inviter_id BIGINT NOT NULL REFERENCES accounts (id),
    token_sha256 BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    mail_id BIGINT,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, speaker_id) REFERENCES speakers (event_id, id) ON DELETE CASCADE,
    CHECK ((proposal_id IS NULL) <> (speaker_id IS NULL))
);
CREATE INDEX speaker_invitations_proposal ON speaker_invitations (proposal_id) WHERE proposal_id IS NOT NULL;
CREATE INDEX speaker_invitations_speaker ON speaker_invitations (speaker_id) WHERE speaker_id IS NOT NULL;
CREATE INDEX speaker_invitations_email ON speaker_invitations (email_key);
CREATE INDEX speaker_invitations_expiry ON speaker_invitations (expires_at);

CREATE TABLE proposal_versions (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    description TEXT NOT NULL,
    notes TEXT NOT NULL,
    format TEXT NOT NULL,
    track TEXT,
    choices TEXT NOT NULL,
    choices_for_organizers TEXT NOT NULL,
    changed TEXT NOT NULL,
    shown BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (proposal_id, number, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);

CREATE TABLE title_ideas (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    abstract TEXT NOT NULL,
    format_id BIGINT,
    track_id BIGINT,
    wanted BIGINT CHECK (wanted BETWEEN 0 AND 10000),
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    FOREIGN KEY (event_id, format_id) REFERENCES formats (event_id, id),
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id)
);

CREATE TABLE title_idea_choices (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    title_idea_id BIGINT NOT NULL,
    choice_id BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (title_idea_id, choice_id, event_id),
    FOREIGN KEY (event_id, title_idea_id) REFERENCES title_ideas (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, choice_id) REFERENCES choices (event_id, id)
);
CREATE INDEX title_idea_choices_choice ON title_idea_choices (choice_id);

CREATE TABLE title_idea_proposals (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL UNIQUE,
    title_idea_id BIGINT NOT NULL,
    UNIQUE (id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, title_idea_id) REFERENCES title_ideas (event_id, id) ON DELETE CASCADE
);
CREATE INDEX title_idea_proposals_idea ON title_idea_proposals (title_idea_id);

CREATE TABLE past_talks (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    title TEXT NOT NULL,
    abstract TEXT NOT NULL,
    occasion TEXT NOT NULL,
    url TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    UNIQUE (event_id, fingerprint)
);
CREATE INDEX past_talks_order ON past_talks (event_id, created_at, code);

CREATE TABLE bands (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT,
    past_talk_id BIGINT,
    key BIGINT NOT NULL,
    UNIQUE (id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, past_talk_id) REFERENCES past_talks (event_id, id) ON DELETE CASCADE,
    CHECK ((proposal_id IS NULL) <> (past_talk_id IS NULL))
);
CREATE INDEX bands_key ON bands (key);
CREATE INDEX bands_proposal ON bands (proposal_id) WHERE proposal_id IS NOT NULL;
CREATE INDEX bands_past_talk ON bands (past_talk_id) WHERE past_talk_id IS NOT NULL;

CREATE VIRTUAL TABLE proposal_words USING fts5 (talk, inside, tokenize = 'ascii');
INSERT INTO proposal_words (proposal_words, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER proposal_words_gone AFTER DELETE ON proposals BEGIN
    DELETE FROM proposal_words WHERE rowid = old.id;
END;

CREATE TABLE preview_links (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    token_sha256 BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX preview_links_proposal ON preview_links (proposal_id);
CREATE INDEX preview_links_account ON preview_links (account_id);
CREATE INDEX preview_links_expiry ON preview_links (expires_at);

CREATE TABLE headshots (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    speaker_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    jpeg BLOB NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (speaker_id, event_id),
    FOREIGN KEY (event_id, speaker_id) REFERENCES speakers (event_id, id) ON DELETE CASCADE
);

CREATE TABLE criterion_tracks (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    criterion_id BIGINT NOT NULL,
    track_id BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (criterion_id, track_id, event_id),
    FOREIGN KEY (event_id, criterion_id) REFERENCES criteria (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, track_id) REFERENCES tracks (event_id, id)
);

CREATE TABLE review_drafts (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    scores TEXT NOT NULL,
    abstain BOOLEAN NOT NULL,
    comment TEXT NOT NULL,
    feedback TEXT NOT NULL,
    confidence TEXT CHECK (confidence IN ('low', 'medium', 'high')),
    version BIGINT NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (account_id, proposal_id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX review_drafts_proposal ON review_drafts (proposal_id);

CREATE TABLE review_skips (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    skipped_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (account_id, proposal_id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX review_skips_proposal ON review_skips (proposal_id);

CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    side TEXT NOT NULL CHECK (side IN ('reviewer', 'organizer')),
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX comments_proposal ON comments (proposal_id, created_at, code);
CREATE INDEX comments_account ON comments (account_id);

CREATE TABLE import_keys (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    of_speaker BOOLEAN NOT NULL,
    foreign_id TEXT NOT NULL,
    proposal_id BIGINT,
    speaker_id BIGINT,
    digest TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, source, of_speaker, foreign_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE,
    FOREIGN KEY (event_id, speaker_id) REFERENCES speakers (event_id, id) ON DELETE CASCADE,
    CHECK (of_speaker = (speaker_id IS NOT NULL)),
    CHECK (of_speaker = (proposal_id IS NULL))
);
CREATE INDEX import_keys_proposal ON import_keys (proposal_id) WHERE proposal_id IS NOT NULL;
CREATE INDEX import_keys_speaker ON import_keys (speaker_id) WHERE speaker_id IS NOT NULL;

CREATE TABLE export_presets (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('talks', 'proposals', 'speakers', 'reviews')),
    chosen TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code)
);

CREATE TABLE proposal_views (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (event_id, code)
);

CREATE TABLE bids (
    id INTEGER PRIMARY KEY,
    event_id BIGINT NOT NULL,
    proposal_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    bid TEXT NOT NULL CHECK (bid IN ('want', 'can', 'unknown', 'rather_not')),
    expertise TEXT NOT NULL CHECK (expertise IN ('none', 'some', 'expert')),
    updated_at INTEGER NOT NULL,
    UNIQUE (id, event_id),
    UNIQUE (account_id, proposal_id, event_id),
    FOREIGN KEY (event_id, proposal_id) REFERENCES proposals (event_id, id) ON DELETE CASCADE
);
CREATE INDEX bids_event ON bids (event_id);
CREATE INDEX bids_proposal ON bids (proposal_id);
