//! What two people have in common.

use crate::{
    db::types::{AccountId, ProposalId},
    text_enum,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

text_enum! {
    /// Why somebody may have a conflict of interest with a proposal.
    pub enum Reason {
        /// One of its speakers looks like the same person under another address.
        SamePerson = "same_person",
        /// They have spoken together.
        CoSpeaker = "co_speaker",
        Affiliation = "affiliation",
        /// Their addresses are of the same domain, and not of a provider for everybody.
        MailDomain = "mail_domain",
    }
}

/// What is known of a person: under every name and affiliation that they go by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub names: Vec<String>,
    pub affiliations: Vec<String>,
    pub links: Vec<String>,
    pub email_key: Option<String>,
}

/// Somebody on the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub account: AccountId,
    pub code: String,
    pub person: Person,
}

/// Somebody who speaks in a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerOf {
    pub proposal: ProposalId,
    /// The proposal's code and reference.
    pub names: (String, String),
    pub account: Option<AccountId>,
    pub person: Person,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The proposal's code and reference.
    pub proposal: (String, String),
    pub speaker: String,
    /// The member's code and name.
    pub member: (String, String),
    pub reasons: BTreeSet<Reason>,
}

/// Everything that hints come from.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub members: Vec<Member>,
    pub speakers: Vec<SpeakerOf>,
    /// Conflicts that are known already.
    pub conflicts: HashSet<(ProposalId, AccountId)>,
    /// Accounts that have spoken together.
    pub together: HashSet<(AccountId, AccountId)>,
}

/// Something that two people can have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Trait {
    Name(String),
    Link(String),
    Mailbox(String),
    Affiliation(String),
    Domain(String),
}

impl Trait {
    fn reason(&self) -> Reason {
        match self {
            Trait::Name(_) | Trait::Link(_) | Trait::Mailbox(_) => Reason::SamePerson,
            Trait::Affiliation(_) => Reason::Affiliation,
            Trait::Domain(_) => Reason::MailDomain,
        }
    }

    fn of(person: &Person) -> Vec<Trait> {
        let names = person.names.iter().map(|name| Trait::Name(folded(name)));
        let affiliations = person.affiliations.iter().map(|affiliation| Trait::Affiliation(folded(affiliation)));
        let links = person.links.iter().map(|link| Trait::Link(bare_link(link)));
        let address = person.email_key.as_deref().and_then(|email| email.rsplit_once('@'));
        let domain = address.filter(|(_, domain)| !PROVIDERS.contains(domain));
        let domain = domain.map(|(_, domain)| Trait::Domain(domain.to_owned()));
        let mailbox = address.map(|(local, domain)| Trait::Mailbox(mailbox(local, domain)));
        let all = names.chain(affiliations).chain(links).chain(domain).chain(mailbox);
        all.filter(|found| !found.is_empty()).collect()
    }

    fn is_empty(&self) -> bool {
        match self {
            Trait::Name(text)
            | Trait::Link(text)
            | Trait::Mailbox(text)
            | Trait::Affiliation(text)
            | Trait::Domain(text) => text.is_empty(),
        }
    }
}

/// Mail providers that give addresses to everybody.
const PROVIDERS: &[&str] = &[
    "aol.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "laposte.net",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.fr",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
    "126.com",
    "163.com",
];

/// The words in their own order, without accents, case and signs: "Lovelace, Ádá" is "ada lovelace".
fn folded(text: &str) -> String {
    let letters: String = text.nfkd().filter(|letter| !is_combining_mark(*letter)).collect();
    let mut words: Vec<String> = letters
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words.join(" ")
}

fn bare_link(link: &str) -> String {
    let link = link.trim().to_lowercase();
    let bare = link.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    bare.trim_end_matches('/').to_owned()
}

/// Where the mail ends up: without a tag behind `+`, and where dots mean nothing without them.
fn mailbox(local: &str, domain: &str) -> String {
    let local = local.split('+').next().unwrap_or(local);
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", local.replace('.', "")),
        _ => format!("{local}@{domain}"),
    }
}

/// Each member with each proposal that hints at something: the strongest reasons first, then by the names of both.
pub fn hints(known: &Known) -> Vec<Hint> {
    let mut with: HashMap<Trait, Vec<&Member>> = HashMap::new();
    for member in &known.members {
        for found in Trait::of(&member.person) {
            with.entry(found).or_default().push(member);
        }
    }
    let mut found: BTreeMap<(String, String, String), Hint> = BTreeMap::new();
    for speaker in &known.speakers {
        let traits = Trait::of(&speaker.person);
        let alike = traits
            .iter()
            .flat_map(|one| with.get(one).into_iter().flatten().map(move |member| (*member, one.reason())));
        let spoke = known.members.iter().filter(|member| {
            speaker.account.is_some_and(|account| known.together.contains(&(member.account, account)))
        });
        let all = alike.chain(spoke.map(|member| (member, Reason::CoSpeaker)));
        for (member, reason) in all {
            let is_known = known.conflicts.contains(&(speaker.proposal, member.account));
            if is_known || speaker.account == Some(member.account) {
                continue;
            }
            let (name, own) = (first(&speaker.person.names), first(&member.person.names));
            let key = (own.clone(), speaker.names.0.clone(), name.clone());
            let hint = found.entry(key).or_insert_with(|| Hint {
                proposal: speaker.names.clone(),
                speaker: name,
                member: (member.code.clone(), own),
                reasons: BTreeSet::new(),
            });
            hint.reasons.insert(reason);
        }
    }
    let mut found: Vec<Hint> = found.into_values().collect();
    found.sort_by_key(|hint| hint.reasons.first().copied());
    found
}

fn first(names: &[String]) -> String {
    names.first().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, affiliation: &str, email: &str) -> Person {
        let (names, affiliations) = (vec![name.to_owned()], vec![affiliation.to_owned()]);
        Person { names, affiliations, links: vec![], email_key: Some(email.to_owned()) }
    }

    fn reasons(of_member: Person, of_speaker: Person) -> Vec<Reason> {
        let member = Member { account: AccountId(1), code: "M".into(), person: of_member };
        let names = ("CODE".to_owned(), "REF".to_owned());
        let (proposal, account) = (ProposalId(1), Some(AccountId(2)));
        let speaker = SpeakerOf { proposal, names, account, person: of_speaker };
        let known = Known { members: vec![member], speakers: vec![speaker], ..Known::default() };
        hints(&known).into_iter().flat_map(|hint| hint.reasons).collect()
    }

    #[test]
    fn people_who_have_something_in_common() {
        let rita = || person("Rita Levi", "Istituto", "rita@levi.example");
        assert_eq!(reasons(rita(), person("Ada", "Analytical Engines", "ada@engines.example")), []);
        assert_eq!(reasons(rita(), person("LEVI, Ríta", "", "other@gmail.com")), [Reason::SamePerson]);
        assert_eq!(reasons(rita(), person("Bruno", "istituto.", "b@x.example")), [Reason::Affiliation]);
        assert_eq!(reasons(rita(), person("Bruno", "", "b@levi.example")), [Reason::MailDomain]);
        let tagged = reasons(rita(), person("R. L.", "", "rita+talks@levi.example"));
        assert_eq!(tagged, [Reason::SamePerson, Reason::MailDomain]);
        let of_provider = |local: &str| person("X", "", &format!("{local}@gmail.com"));
        assert_eq!(reasons(person("Y", "", "r.levi@gmail.com"), of_provider("someone")), []);
        assert_eq!(reasons(person("Y", "", "r.levi@gmail.com"), of_provider("rlevi+cfp")), [Reason::SamePerson]);
        let linked = |link: &str| Person { links: vec![link.into()], ..Person::default() };
        let (one, other) = (linked("https://www.levi.example/"), linked("http://Levi.example"));
        assert_eq!(reasons(one, other), [Reason::SamePerson]);
        assert_eq!(reasons(Person::default(), Person::default()), [], "nothing is in common with nothing");
    }

    #[test]
    fn a_domain_of_many_does_not_hide_what_says_more() {
        let member = |place: i64, name: &str, email: &str| {
            let (account, code) = (AccountId(place), format!("M{place}"));
            Member { account, code, person: person(name, "", email) }
        };
        let speaker = SpeakerOf {
            proposal: ProposalId(1),
            names: ("CODE".into(), "REF".into()),
            account: Some(AccountId(9)),
            person: person("Zoe", "", "zoe@x.example"),
        };
        let members = vec![member(1, "Ada", "ada@x.example"), member(2, "Zoe", "private@gmail.com")];
        let found = hints(&Known { members, speakers: vec![speaker], ..Known::default() });
        let names: Vec<&str> = found.iter().map(|hint| hint.member.1.as_str()).collect();
        assert_eq!(names, ["Zoe", "Ada"]);
    }

    #[test]
    fn what_is_known_is_not_hinted_at() {
        let member = Member { account: AccountId(1), code: "M".into(), person: person("Rita", "", "r@x.example") };
        let speaker = SpeakerOf {
            proposal: ProposalId(1),
            names: ("CODE".into(), "REF".into()),
            account: Some(AccountId(2)),
            person: person("Bruno", "", "b@y.example"),
        };
        let together = HashSet::from([(AccountId(1), AccountId(2))]);
        let known = Known { members: vec![member], speakers: vec![speaker], together, ..Known::default() };
        assert_eq!(hints(&known)[0].reasons, BTreeSet::from([Reason::CoSpeaker]));
        let conflicts = HashSet::from([(ProposalId(1), AccountId(1))]);
        assert_eq!(hints(&Known { conflicts, ..known }), []);
    }
}
