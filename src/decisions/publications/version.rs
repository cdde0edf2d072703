//! The version of a preview: an opaque token that holds the whole set in short, so that what changed since can be
//! told without having stored what was shown.

use crate::{clock::CODE_LETTERS, proposals::model::PublishedDecision};
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use std::collections::BTreeMap;

/// The first byte: how the rest is laid out.
const LAYOUT: u8 = 1;
const CODE: usize = 6;
const DIGEST: usize = 4;
const ITEM: usize = CODE + 1 + DIGEST;

/// What would be told about one proposal: the decision, and a digest of the words and of whom they go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub decision: PublishedDecision,
    pub digest: [u8; DIGEST],
}

/// What a preview showed, by the proposals' codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version(BTreeMap<String, Shown>);

impl FromIterator<(String, Shown)> for Version {
    fn from_iter<I: IntoIterator<Item = (String, Shown)>>(items: I) -> Version {
        Version(items.into_iter().collect())
    }
}

impl Version {
    pub fn token(&self) -> String {
        let mut bytes = vec![LAYOUT];
        for (code, shown) in &self.0 {
            bytes.extend(code.as_bytes());
            bytes.push(letter(shown.decision));
            bytes.extend(shown.digest);
        }
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// `None` for what is no token of a preview.
    pub fn parse(token: &str) -> Option<Version> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (LAYOUT, items) = bytes.split_first().map(|(layout, items)| (*layout, items))? else { return None };
        let items = items.chunks_exact(ITEM);
        if !items.remainder().is_empty() {
            return None;
        }
        items.map(item).collect()
    }

    /// From this one, which was shown, to `now`.
    pub fn differences(&self, now: &Version) -> Differences {
        let missing_in = |other: &Version, code: &&String| !other.0.contains_key(*code);
        let changed = |(code, was): (&String, &Shown)| {
            let is = now.0.get(code).filter(|is| *is != was)?;
            Some((code.clone(), was.decision, is.decision))
        };
        Differences {
            added: now.0.keys().filter(|code| missing_in(self, code)).cloned().collect(),
            removed: self.0.keys().filter(|code| missing_in(now, code)).cloned().collect(),
            changed: self.0.iter().filter_map(changed).collect(),
        }
    }
}

fn letter(decision: PublishedDecision) -> u8 {
    match decision {
        PublishedDecision::Accepted => b'a',
        PublishedDecision::Waitlisted => b'w',
        PublishedDecision::Rejected => b'r',
    }
}

fn item(bytes: &[u8]) -> Option<(String, Shown)> {
    let (code, rest) = bytes.split_at_checked(CODE)?;
    let (decision, digest) = rest.split_first()?;
    let decision = PublishedDecision::ALL.iter().copied().find(|known| letter(*known) == *decision)?;
    let code = code.iter().all(|byte| CODE_LETTERS.contains(byte)).then(|| String::from_utf8(code.to_vec()).ok())??;
    Some((code, Shown { decision, digest: digest.try_into().ok()? }))
}

/// What is different now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// The decision shown and the decision now; equal where the mail says something else or goes to somebody else.
    pub changed: Vec<(String, PublishedDecision, PublishedDecision)>,
}

impl Differences {
    pub fn is_empty(&self) -> bool {
        *self == Differences::default()
    }

    pub fn json(&self) -> serde_json::Value {
        let changed = self.changed.iter().map(|(code, from, to)| json!({ "code": code, "from": from, "to": to }));
        json!({ "added": self.added, "removed": self.removed, "changed": changed.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PublishedDecision::{Accepted, Rejected, Waitlisted};

    fn version(items: &[(&str, PublishedDecision, u8)]) -> Version {
        let shown = |decision, digest| Shown { decision, digest: [digest; DIGEST] };
        items.iter().map(|(code, decision, digest)| ((*code).to_owned(), shown(*decision, *digest))).collect()
    }

    #[test]
    fn tokens_come_back_whole() {
        let full = version(&[("ABCDEF", Accepted, 1), ("234567", Rejected, 255), ("ZZZZZZ", Waitlisted, 0)]);
        for version in [Version::default(), full] {
            assert_eq!(Version::parse(&version.token()), Some(version));
        }
    }

    #[test]
    fn order_does_not_matter() {
        let (one, two) = (("ABCDEF", Accepted, 1), ("234567", Rejected, 2));
        assert_eq!(version(&[one, two]).token(), version(&[two, one]).token());
    }

    #[test]
    fn other_tokens_are_refused() {
        let token = version(&[("ABCDEF", Accepted, 1)]).token();
        let other = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        for wrong in ["", "?", &token[..8], &format!("{token}AAAA"), &other(b"\x02"), &other(b"\x01abcdefa1234")] {
            assert_eq!(Version::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Version::parse(&other(b"\x01ABCDEFx1234")), None, "an unknown decision");
        assert!(Version::parse(&other(b"\x01ABCDEFa1234")).is_some());
    }

    #[test]
    fn differences_name_each_kind() {
        let was = version(&[("AAAAAA", Accepted, 1), ("BBBBBB", Accepted, 1), ("CCCCCC", Accepted, 1)]);
        let now = version(&[("BBBBBB", Rejected, 1), ("CCCCCC", Accepted, 2), ("DDDDDD", Accepted, 1)]);
        let differences = was.differences(&now);
        assert_eq!(differences.added, ["DDDDDD"]);
        assert_eq!(differences.removed, ["AAAAAA"]);
        let changed = [("BBBBBB".to_owned(), Accepted, Rejected), ("CCCCCC".to_owned(), Accepted, Accepted)];
        assert_eq!(differences.changed, changed);
        assert!(was.differences(&was).is_empty() && !differences.is_empty());
        assert_eq!(
            differences.json().to_string(),
            "{\"added\":[\"DDDDDD\"],\"changed\":[{\"code\":\"BBBBBB\",\"from\":\"accepted\",\"to\":\"rejected\"},\
             {\"code\":\"CCCCCC\",\"from\":\"accepted\",\"to\":\"accepted\"}],\"removed\":[\"AAAAAA\"]}"
        );
    }
}
