//! The version of a preview: an opaque token of what the plan was made from, part by part, so that what changed since can
//! be told without having stored it.

use super::model::{Barrier, Pair, Task};
use crate::secrets;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// The first byte: how the rest is laid out.
const LAYOUT: u8 = 1;
const DIGEST: usize = 8;

/// What a plan is made from, as people know it.
const PARTS: [&str; 7] = ["settings", "proposals", "reviewers", "bids", "conflicts", "reviews", "assignments"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version([[u8; DIGEST]; PARTS.len()]);

impl Version {
    pub fn of(task: &Task) -> Version {
        let rules = task.rules;
        let settings = json!([rules.balance, rules.keep, rules.fair, rules.seed]);
        let needs: Vec<_> = task.proposals.iter().map(|proposal| (&proposal.id, proposal.needs)).collect();
        let rooms = task.reviewers.iter().map(|reviewer| (&reviewer.id, reviewer.at_least, reviewer.at_most));
        let rooms: Vec<_> = rooms.collect();
        let names = |row: usize, column: usize| {
            let proposal = task.proposals.get(row).map(|proposal| proposal.id.as_str());
            (proposal, task.reviewers.get(column).map(|reviewer| reviewer.id.as_str()))
        };
        let pairs = |part: &dyn Fn(Pair) -> Option<Value>| {
            let said = task.all_pairs().filter_map(|(row, column, pair)| Some((names(row, column), part(pair)?)));
            json!(said.collect::<Vec<_>>())
        };
        let bids = pairs(&|pair| {
            (pair.bid != Pair::default().bid || pair.expertise > 0).then(|| json!([pair.bid, pair.expertise]))
        });
        let conflicts = pairs(&|pair| {
            pair.barrier.filter(|barrier| *barrier != Barrier::Declined).map(|barrier| json!([barrier, pair.fit]))
        });
        let reviews = pairs(&|pair| (pair.fixed || pair.barrier == Some(Barrier::Declined)).then(|| json!(pair.fixed)));
        let assignments = pairs(&|pair| pair.previous.then_some(Value::Null));
        let parts = [settings, json!(needs), json!(rooms), bids, conflicts, reviews, assignments];
        Version(parts.map(|part| digest(&part)))
    }

    pub fn token(&self) -> String {
        BASE64URL_NOPAD.encode(&[&[LAYOUT], self.0.as_flattened()].concat())
    }

    /// `None` for what is no token of a preview.
    pub fn parse(token: &str) -> Option<Version> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (LAYOUT, rest) = bytes.split_first().map(|(layout, rest)| (*layout, rest))? else { return None };
        let (parts, []) = rest.as_chunks::<DIGEST>() else { return None };
        Some(Version(parts.try_into().ok()?))
    }

    /// Which parts are other ones now.
    pub fn differences(&self, now: &Version) -> Vec<&'static str> {
        let parts = PARTS.iter().zip(self.0.iter().zip(&now.0));
        parts.filter(|(_, (was, is))| was != is).map(|(name, _)| *name).collect()
    }
}

fn digest(part: &Value) -> [u8; DIGEST] {
    let hash = secrets::hash_parts(&[part.to_string().as_bytes()]);
    hash.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assignment::model::{Bid, NamedPair, Proposal, Reviewer, Rules};

    fn task(pair: Pair, needs: u32) -> Task {
        let named = NamedPair { proposal: "P".into(), reviewer: "R".into(), pair };
        let proposals = vec![Proposal { id: "P".into(), needs }];
        let reviewers = vec![Reviewer { id: "R".into(), at_least: 0, at_most: 3 }];
        Task::new(proposals, reviewers, [named], Rules::default()).unwrap()
    }

    #[test]
    fn tokens_come_back_whole_and_others_are_refused() {
        let version = Version::of(&task(Pair::default(), 1));
        assert_eq!(Version::parse(&version.token()), Some(version.clone()));
        for wrong in ["", "?", "AQ", &format!("{}AAAA", version.token())] {
            assert_eq!(Version::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_part_is_told_by_its_name() {
        let was = Version::of(&task(Pair::default(), 1));
        let changed = |pair: Pair, needs: u32| was.differences(&Version::of(&task(pair, needs)));
        assert_eq!(changed(Pair::default(), 1), Vec::<&str>::new());
        assert_eq!(changed(Pair::default(), 2), ["proposals"]);
        assert_eq!(changed(Pair { bid: Bid::Want, ..Pair::default() }, 1), ["bids"]);
        assert_eq!(changed(Pair { barrier: Some(Barrier::Conflict), ..Pair::default() }, 1), ["conflicts"]);
        assert_eq!(changed(Pair { barrier: Some(Barrier::Declined), ..Pair::default() }, 1), ["reviews"]);
        assert_eq!(changed(Pair { fixed: true, ..Pair::default() }, 1), ["reviews"]);
        assert_eq!(changed(Pair { previous: true, ..Pair::default() }, 1), ["assignments"]);
    }
}
