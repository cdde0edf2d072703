//! A choice that was picked for a proposal.

use crate::{calls::categories::model::ShownTo, db::types::ChoiceId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub id: ChoiceId,
    pub code: String,
    pub name: String,
    /// The category's name.
    pub category: String,
    /// The category's code.
    pub category_code: String,
}

/// For whom choices are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    Everyone,
    Reviewers,
    /// And the proposal's own speakers.
    Organizers,
}

impl Audience {
    /// Whose categories the audience is shown.
    pub const fn sees(self) -> &'static [ShownTo] {
        match self {
            Audience::Everyone => &[ShownTo::Everyone],
            Audience::Reviewers => &[ShownTo::Everyone, ShownTo::Reviewers],
            Audience::Organizers => ShownTo::ALL,
        }
    }
}

/// What was picked as people read it: a line for each category, in their order.
pub fn in_words(picked: &[Picked]) -> String {
    let of_one = |group: &[Picked]| {
        let names: Vec<&str> = group.iter().map(|picked| picked.name.as_str()).collect();
        group.first().map(|first| format!("{}: {}", first.category, names.join(", ")))
    };
    let groups = picked.chunk_by(|one, other| one.category_code == other.category_code);
    groups.filter_map(of_one).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_by_category() {
        let picked = |category: &str, name: &str| Picked {
            id: ChoiceId(1),
            code: "AAAAAA".into(),
            name: name.into(),
            category: category.into(),
            category_code: category.to_uppercase(),
        };
        let all = [picked("Level", "Expert"), picked("Audience", "Users"), picked("Audience", "Contributors")];
        assert_eq!(in_words(&all), "Level: Expert\nAudience: Users, Contributors");
        assert_eq!(in_words(&[]), "");
    }
}
