//! Secrets that travel: session tokens and the links in mails. The database keeps SHA-256 hashes; a link's secret is
//! derived when its mail is sent, so that neither the outbox nor a backup holds it.

use crate::{
    clock::{CODE_LETTERS, Random},
    config::SecretKey,
};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// What a link does; part of what its secret is derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    Verify,
    Reset,
    SignIn,
    ChangeEmail,
    Invitation,
    Confirm,
    /// To a speaker: to speak in a proposal, or to take over a profile.
    Speak,
}

impl LinkKind {
    pub const ALL: [LinkKind; 7] = [
        LinkKind::Verify,
        LinkKind::Reset,
        LinkKind::SignIn,
        LinkKind::ChangeEmail,
        LinkKind::Invitation,
        LinkKind::Confirm,
        LinkKind::Speak,
    ];

    /// The first segment of the page's path.
    pub fn path(self) -> &'static str {
        match self {
            LinkKind::Verify => "verify",
            LinkKind::Reset => "reset",
            LinkKind::SignIn => "sign-in",
            LinkKind::ChangeEmail => "change-address",
            LinkKind::Invitation => "invitation",
            LinkKind::Confirm => "confirm",
            LinkKind::Speak => "speak",
        }
    }
}

/// A link that is not yet secret: it names what the secret will be derived from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub kind: LinkKind,
    nonce: String,
}

/// Around a link's name in a stored mail. Text from people cannot hold these characters.
const MARK: [char; 2] = ['\u{1}', '\u{2}'];

impl Link {
    pub fn new(kind: LinkKind, random: &Random) -> Link {
        Link { kind, nonce: random.code(26) }
    }

    /// The link once more, from its stored nonce.
    pub fn again(kind: LinkKind, nonce: &str) -> Link {
        Link { kind, nonce: nonce.to_owned() }
    }

    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// What stands for the secret in a stored mail.
    pub fn marker(&self) -> String {
        format!("{}{}:{}{}", MARK[0], self.kind.path(), self.nonce, MARK[1])
    }
}

/// Replaces every marker by `secret_of(link)`.
pub fn fill_markers(text: &str, secret_of: impl Fn(&Link) -> String) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once(MARK[0]) {
        filled.push_str(before);
        let Some((name, after)) = marked.split_once(MARK[1]) else { break };
        let link = name.split_once(':').and_then(|(kind, nonce)| {
            let kind = LinkKind::ALL.into_iter().find(|known| known.path() == kind)?;
            Some(Link::again(kind, nonce))
        });
        if let Some(link) = link {
            filled.push_str(&secret_of(&link));
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// A stored mail as people may look at it.
pub fn mask_markers(text: &str) -> String {
    fill_markers(text, |_| "…".into())
}

/// A secret somebody holds; what is stored is its hash.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// SHA-256 over several pieces, one after the other.
pub fn hash_parts(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().fold(Sha256::new(), Sha256::chain_update).finalize().to_vec()
}

/// What a bearer token is; its first letters tell, so that one that leaked is recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Session,
    Personal,
    Event,
}

impl TokenKind {
    const ALL: [TokenKind; 3] = [TokenKind::Session, TokenKind::Personal, TokenKind::Event];

    const fn prefix(self) -> &'static str {
        match self {
            TokenKind::Session => "cbs_",
            TokenKind::Personal => "cbp_",
            TokenKind::Event => "cbe_",
        }
    }

    /// `None` for what is no token of ours.
    pub fn of(token: &str) -> Option<TokenKind> {
        TokenKind::ALL.into_iter().find(|kind| token.starts_with(kind.prefix()))
    }
}

/// A new token, 256 bits of it random.
pub fn token(kind: TokenKind, random: &Random) -> String {
    format!("{}{}", kind.prefix(), BASE64URL_NOPAD.encode(&random.bytes::<32>()))
}

/// The secret of a link that is shown once and mailed to nobody, 192 bits.
pub fn link_token(random: &Random) -> String {
    BASE64URL_NOPAD.encode(&random.bytes::<24>())
}

/// What is derived from the instance's key.
#[derive(Clone)]
pub struct Keys(SecretKey);

impl Keys {
    pub fn new(key: &SecretKey) -> Keys {
        Keys(key.clone())
    }

    /// The secret at the end of a link: HMAC-SHA-256 of kind and nonce, 192 bits of it.
    pub fn link_secret(&self, link: &Link) -> String {
        let full = self.derive(&["link", link.kind.path(), &link.nonce]);
        BASE64URL_NOPAD.encode(full.first_chunk::<24>().unwrap_or(&[0; 24]))
    }

    /// Where somebody's lists begin among the references, which are six such letters: somewhere else for each `to`, and
    /// for nobody guessable.
    pub fn begin(&self, to: &str) -> String {
        letters(&self.derive(&["begin", to]), 6)
    }

    /// What somebody is called in one place and nowhere else; four letters, the same each time.
    pub fn pseudonym(&self, place: &str, who: &str) -> String {
        letters(&self.derive(&["pseudonym", place, who]), 4)
    }

    /// What decides which places of the tables of `http::limits` a key gets: nobody can choose keys that share them.
    pub fn limits_salt(&self) -> u64 {
        u64::from_be_bytes(self.derive(&["limits"]).first_chunk::<8>().copied().unwrap_or_default())
    }

    fn derive(&self, parts: &[&str]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0.0) else { return [0; 32] };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

/// The first of these bytes as letters of codes.
fn letters(bytes: &[u8], length: usize) -> String {
    let letter =
        |byte: &u8| CODE_LETTERS.get(usize::from(*byte) % CODE_LETTERS.len()).map(|&letter| char::from(letter));
    bytes.iter().take(length).filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_become_secrets_and_masks() {
        let link = Link::new(LinkKind::Reset, &Random::seeded(1));
        let stored = format!("https://x/reset/{} and more", link.marker());
        let keys = Keys::new(&SecretKey([7; 32]));
        let sent = fill_markers(&stored, |link| keys.link_secret(link));
        assert_eq!(sent, format!("https://x/reset/{} and more", keys.link_secret(&link)));
        assert!(!stored.contains(&keys.link_secret(&link)), "the stored text does not hold the secret");
        assert_eq!(mask_markers(&stored), "https://x/reset/… and more");
    }

    #[test]
    fn secrets_depend_on_key_kind_and_nonce() {
        let random = Random::seeded(1);
        let link = Link::new(LinkKind::Reset, &random);
        let keys = Keys::new(&SecretKey([7; 32]));
        assert_eq!(keys.link_secret(&link), keys.link_secret(&Link::again(LinkKind::Reset, link.nonce())));
        assert_ne!(keys.link_secret(&link), keys.link_secret(&Link::again(LinkKind::Verify, link.nonce())));
        assert_ne!(keys.link_secret(&link), keys.link_secret(&Link::new(LinkKind::Reset, &random)));
        assert_ne!(keys.link_secret(&link), Keys::new(&SecretKey([8; 32])).link_secret(&link));
    }
}
