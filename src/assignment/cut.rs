//! Why not everything can be filled: the proposals that compete for too little room, and what keeps others from them.

use super::{
    fairness::{allowed, fill, rooms},
    model::{Barrier, Task},
};
use std::collections::BTreeMap;

/// Proposals that need more than all who may read them can take: one part of the minimum cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// Ids, sorted.
    pub proposals: Vec<String>,
    /// How many reviews they still need together.
    pub needed: usize,
    /// Those whose whole room goes to these proposals, and what it is.
    pub reviewers: Vec<String>,
    pub room: usize,
    /// Pairs with reviewers who would have more room, each of which can only be used once.
    pub single_pairs: usize,
    pub missing: usize,
    /// Pairs of these proposals that are out of the question, by reason.
    pub barriers: Vec<(Barrier, usize)>,
}

/// All shortages; none where everything can be filled. Each is as small as it can be told.
pub fn shortages(task: &Task) -> Vec<Shortage> {
    let allowed = allowed(task, 0);
    let (needs, room) = (task.open_needs(), rooms(task).1);
    let filled = fill(&allowed, &needs, &room);
    if filled.count == needs.iter().copied().map(size).sum::<usize>() {
        return vec![];
    }
    let is = |flags: &[bool], place: usize| flags.get(place) == Some(&true);
    // Shortages that share no reviewer are told apart.
    let mut groups = Groups::new(task.proposals.len() + task.reviewers.len());
    for (row, reviewers) in allowed.iter().enumerate().filter(|(row, _)| is(&filled.short, *row)) {
        for column in reviewers.iter().filter(|column| is(&filled.full, **column)) {
            groups.join(row, task.proposals.len() + column);
        }
    }
    let mut found: BTreeMap<usize, Shortage> = BTreeMap::new();
    for (row, proposal) in task.proposals.iter().enumerate().filter(|(row, _)| is(&filled.short, *row)) {
        let shortage = found.entry(groups.of(row)).or_insert_with(Shortage::empty);
        shortage.proposals.push(proposal.id.clone());
        shortage.needed += needs.get(row).copied().map_or(0, size);
        let single = allowed.get(row).into_iter().flatten().filter(|column| !is(&filled.full, **column));
        shortage.single_pairs += single.count();
        for (barrier, count) in &mut shortage.barriers {
            *count += task.pairs.row(row).iter().filter(|pair| pair.barrier == Some(*barrier)).count();
        }
    }
    for (column, reviewer) in task.reviewers.iter().enumerate().filter(|(column, _)| is(&filled.full, *column)) {
        if let Some(shortage) = found.get_mut(&groups.of(task.proposals.len() + column)) {
            shortage.reviewers.push(reviewer.id.clone());
            shortage.room += room.get(column).copied().map_or(0, size);
        }
    }
    found.into_values().filter_map(Shortage::told).collect()
}

impl Shortage {
    fn empty() -> Shortage {
        Shortage {
            proposals: vec![],
            needed: 0,
            reviewers: vec![],
            room: 0,
            single_pairs: 0,
            missing: 0,
            barriers: Barrier::ALL.iter().map(|barrier| (*barrier, 0)).collect(),
        }
    }

    fn told(mut self) -> Option<Shortage> {
        self.missing = self.needed.saturating_sub(self.room + self.single_pairs);
        self.barriers.retain(|(_, count)| *count > 0);
        (self.missing > 0).then_some(self)
    }

    /// The same in words.
    pub fn text(&self) -> String {
        let one = self.proposals.len() == 1;
        let mut because = vec![];
        if !self.reviewers.is_empty() {
            because.push(format!(
                "the {} who may read {} {} room for {}",
                many(self.reviewers.len(), "reviewer"),
                if one { "it" } else { "them" },
                if self.reviewers.len() == 1 { "has" } else { "have" },
                self.room,
            ));
        }
        if self.single_pairs > 0 {
            because.push(format!("others can give {}, as nobody reviews a proposal twice", self.single_pairs));
        }
        if because.is_empty() {
            because.push("nobody may read it who does not yet".to_owned());
        }
        let mut text = format!(
            "{} ({}) {} {}, and {} can be given: {}.",
            many(self.proposals.len(), "proposal"),
            listed(&self.proposals),
            if one { "needs" } else { "need" },
            many(self.needed, "more review"),
            self.room + self.single_pairs,
            because.join(", and "),
        );
        let barriers: Vec<String> = self.barriers.iter().map(|(barrier, count)| barrier.told(*count)).collect();
        if !barriers.is_empty() {
            text.push_str(&format!(" Ruled out: {}.", barriers.join(", ")));
        }
        text
    }
}

impl Barrier {
    fn told(self, count: usize) -> String {
        match self {
            Barrier::Conflict => many(count, "conflict"),
            Barrier::Own => many(count, "own proposal"),
            Barrier::Declined => many(count, "declined proposal"),
            Barrier::Track => format!("{} outside of the reviewer's tracks", many(count, "pair")),
        }
    }
}

/// How many are named in words; the lists hold all.
const NAMED: usize = 10;

fn listed(names: &[String]) -> String {
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > NAMED { format!("{named} and {} more", names.len() - NAMED) } else { named }
}

fn many(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// What hangs together.
struct Groups(Vec<usize>);

impl Groups {
    fn new(size: usize) -> Groups {
        Groups((0..size).collect())
    }

    fn of(&self, mut place: usize) -> usize {
        while let Some(up) = self.0.get(place).copied().filter(|up| *up != place) {
            place = up;
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        // The lowest stands for all, so that shortages come in the order of their proposals.
        if let Some(up) = self.0.get_mut(one.max(other)) {
            *up = one.min(other);
        }
    }
}
