//! What a publication tells whom. Preview, publication and the mails written anew when a proposal leaves all come from
//! here, so that what was looked at is what goes.

use super::{
    model::{Pending, Told},
    version::{Shown, Version},
};
use crate::{
    db::types::{AccountId, ProposalId},
    mail::{
        Recipient,
        message::{Decisions, Letter, Outcome, Verdict},
    },
    proposals::model::PublishedDecision,
    secrets::{self, Link, LinkKind},
};
use std::collections::HashMap;

/// Where the letters speak from.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    pub base_url: &'a str,
    pub event: &'a str,
}

/// One person's letter, with all their proposals.
#[derive(Clone, Debug)]
pub struct Personal {
    pub to: Recipient,
    pub proposals: Vec<ProposalId>,
    pub letter: Letter,
}

impl Sender<'_> {
    pub fn letter(self, name: &str, told: &[Told]) -> Letter {
        let verdicts: Vec<Verdict> = told.iter().map(verdict).collect();
        Decisions { event: self.event, name, verdicts: &verdicts }.letter(self.base_url)
    }

    /// One letter a person, in the order of their first proposals, each with the name of its link. People are told apart
    /// by their accounts.
    pub fn letters<'p>(self, items: impl IntoIterator<Item = (&'p Pending, &'p str)>) -> Vec<Personal> {
        let mut people: Vec<(&Recipient, Vec<Told>)> = vec![];
        let mut places: HashMap<(Option<AccountId>, &str), usize> = HashMap::new();
        for (pending, nonce) in items {
            for speaker in &pending.speakers {
                let Some(to) = &speaker.recipient else { continue };
                let told = pending.told(speaker, nonce);
                let place = *places.entry((to.account, &to.address)).or_insert(people.len());
                match people.get_mut(place) {
                    Some((_, all)) => all.push(told),
                    None => people.push((to, vec![told])),
                }
            }
        }
        let personal = |(to, told): (&Recipient, Vec<Told>)| Personal {
            to: to.clone(),
            proposals: told.iter().map(|told| told.proposal).collect(),
            letter: self.letter(&to.name, &told),
        };
        people.into_iter().map(personal).collect()
    }

    /// What these letters say, in short.
    pub fn version(self, pending: &[Pending]) -> Version {
        pending.iter().map(|pending| (pending.code.clone(), self.shown(pending))).collect()
    }

    fn shown(self, pending: &Pending) -> Shown {
        let mut words = pending.title.clone();
        for speaker in &pending.speakers {
            let Some(to) = &speaker.recipient else { continue };
            let letter = self.letter(&to.name, &[pending.told(speaker, "")]);
            words = [&words, &to.address, &letter.subject, &letter.text()].map(String::as_str).join("\n");
        }
        let digest = secrets::hash(&words).first_chunk::<4>().copied().unwrap_or_default();
        Shown { decision: pending.decision, digest }
    }
}

fn verdict(told: &Told) -> Verdict {
    let outcome = match told.decision {
        PublishedDecision::Accepted => {
            Outcome::Accepted(told.nonce.as_deref().map(|nonce| Link::again(LinkKind::Confirm, nonce)))
        }
        PublishedDecision::Waitlisted => Outcome::Waitlisted,
        PublishedDecision::Rejected => Outcome::Rejected,
    };
    Verdict { title: told.title.clone(), outcome }
}

#[cfg(test)]
mod tests {
    use super::{super::model::Addressee, *};
    use crate::db::types::SpeakerId;
    use PublishedDecision::{Accepted, Rejected, Waitlisted};

    const SENDER: Sender<'static> = Sender { base_url: "https://cfp.example", event: "Conf" };

    fn pending(id: i64, owner: i64, title: &str, decision: PublishedDecision) -> Pending {
        let recipient = (owner > 0).then(|| Recipient {
            account: Some(AccountId(owner)),
            address: format!("p{owner}@x.example"),
            name: format!("Person {owner}"),
        });
        let owner = Addressee { speaker: SpeakerId(owner), name: format!("Person {owner}"), owner: true, recipient };
        let (code, title) = (format!("AAAAA{id}"), title.to_owned());
        Pending { id: ProposalId(id), code, title, speakers: vec![owner], decision, before: None }
    }

    #[test]
    fn each_person_gets_one_letter_with_all_of_theirs_and_nothing_else() {
        let all = [
            pending(2, 1, "Bears", Rejected),
            pending(3, 2, "Cats", Waitlisted),
            pending(4, 1, "Dogs", Accepted),
            pending(5, 0, "Eels", Accepted),
        ];
        let letters = SENDER.letters(all.iter().map(|pending| (pending, "N")));
        let [one, two] = letters.as_slice() else { panic!("two people have accounts") };
        assert_eq!((one.to.address.as_str(), two.to.address.as_str()), ("p1@x.example", "p2@x.example"));
        assert_eq!(one.proposals, [ProposalId(2), ProposalId(4)]);
        let (text, other) = (one.letter.text(), two.letter.text());
        assert!(text.find("Dogs") < text.find("Bears"), "acceptances first: {text}");
        assert!(!text.contains("Cats") && other.contains("Cats"));
        assert!(!other.contains("Bears") && !other.contains("Dogs") && !other.contains("confirm/"), "{other}");
        assert!(!format!("{text}{other}").contains("Eels"));
    }

    #[test]
    fn who_speaks_too_gets_a_letter_without_the_link() {
        let [mut one, other] = [pending(2, 1, "Bears", Accepted), pending(3, 2, "Cats", Rejected)];
        let alone = SENDER.version(&[one.clone()]);
        one.speakers.extend(other.speakers.iter().map(|speaker| Addressee { owner: false, ..speaker.clone() }));
        assert_ne!(SENDER.version(&[one.clone()]), alone, "another one is told");
        let letters = SENDER.letters([(&one, "N"), (&other, "M")]);
        let [first, second] = letters.as_slice() else { panic!("one letter a person") };
        assert_eq!((first.proposals.as_slice(), second.proposals.len()), ([ProposalId(2)].as_slice(), 2));
        let (first, second) = (first.letter.text(), second.letter.text());
        assert!(first.contains("confirm/") && !second.contains("confirm/"), "{second}");
        assert!(second.contains("Bears") && second.contains("Cats") && !first.contains("Cats"));
        assert!(!second.contains("p1@") && !first.contains("p2@") && !second.contains("Person 1"));
    }

    #[test]
    fn the_version_sees_words_and_addressee() {
        let version = |pending: Pending| SENDER.version(&[pending]);
        let shown = version(pending(2, 1, "Bears", Accepted));
        assert_eq!(shown, version(pending(2, 1, "Bears", Accepted)));
        assert_ne!(shown, version(pending(2, 1, "Beers", Accepted)), "another title");
        assert_ne!(shown, version(pending(2, 2, "Bears", Accepted)), "another person");
        assert_ne!(shown, version(pending(2, 0, "Bears", Accepted)), "nobody");
        assert_ne!(shown, version(pending(2, 1, "Bears", Rejected)), "another decision");
        let elsewhere = Sender { event: "Other", ..SENDER };
        assert_ne!(shown, elsewhere.version(&[pending(2, 1, "Bears", Accepted)]), "another event name");
    }
}
