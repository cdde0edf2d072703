"""What the seeded rows look like. Ids, codes and tokens follow from a row's number, so that a load generator, a raw
loop and pgbench can name any row without asking for it."""

RANGE = 1_000_000_000
ACCOUNT, SPEAKER, SESSION, PROPOSAL, LINK, REVIEW, SCORE, MAIL, MAIL_LINK = (n * RANGE for n in range(1, 10))
FIRST_NEW_ID = [(table, base + 900_000_000) for table, base in (
    ("accounts", ACCOUNT), ("speakers", SPEAKER), ("sessions", SESSION), ("proposals", PROPOSAL),
    ("proposal_speakers", LINK), ("reviews", REVIEW), ("review_scores", SCORE), ("mails", MAIL), ("mail_proposals", MAIL_LINK))]

# Who plays along, and where their numbers begin.
SPEAKERS_ACTING = 500
REVIEWERS = 40
FIRST_REVIEWER = 100_000_000
ORGANIZER = 200_000_000
# Each acting speaker has a draft as well; drafts are numbered behind all proposals.
FIRST_DRAFT = 500_000_000
PER_SPEAKER = 2
REVIEWS_EACH = 3

# The salts keep the codes of one row from being derived from each other.
CODE, REF, OWN_CODE, MAIL_CODE = 1, 2, 3, 4

SLUG = "bench2026"
PASSWORD = "measured twice and cut once"


def mixed(i, salt):
    return (i * 11_400_713 + salt * 7_368_787) % 16_777_216


def code(i, salt):
    """Six letters of the alphabet of codes; no two of the first sixteen million are the same."""
    return f"{mixed(i, salt):06X}".replace("0", "G").replace("1", "H")


def code_in_postgres(i, salt):
    number = f"(({i}) * 11400713 + {salt * 7_368_787}) % 16777216"
    return f"translate(upper(lpad(to_hex({number}), 6, '0')), '01', 'GH')"


def token(i):
    return f"cbs_{i:043d}"


def token_in_postgres(i):
    return f"('cbs_' || lpad(({i})::text, 43, '0'))"


def email(i):
    return f"person{i}@bench{i % 500}.example"


def words(length, seed):
    """Text of about this length, the same each time."""
    vocabulary = ("the a of our with and how why when index query plan lock page vacuum replica cluster backup restore "
                  "team lesson years production failure test cache schema migration type server client release network "
                  "time zone cost latency disk memory found learned measured changed broke fixed built moved kept").split()
    picked, size, state = [], 0, seed
    while size < length:
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
        word = vocabulary[state // 65_536 % len(vocabulary)]
        picked.append(word)
        size += len(word) + 1
    text = " ".join(picked)[:length].strip()
    return text[:1].upper() + text[1:] + "."


TITLE, ABSTRACT, DESCRIPTION, NOTES = 44, 600, 600, 60
