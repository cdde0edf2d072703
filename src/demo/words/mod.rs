//! The words of the example event: invented people and what they would like to talk about. The texts stand in files
//! beside this one; the same seed puts them together in the same way.

use crate::clock::Random;
use std::collections::HashMap;

/// A track with its proposals: blocks of a title, behind the letter of its kind, and a text.
const TRACKS: [(&str, &str, &str); 4] = [
    ("Using Postgres", "using", include_str!("using.txt")),
    ("Running Postgres", "running", include_str!("running.txt")),
    ("Inside Postgres", "inside", include_str!("inside.txt")),
    ("Ecosystem and community", "community", include_str!("community.txt")),
];
const PEOPLE: &str = include_str!("people.txt");
const FRAMES: &str = include_str!("frames.txt");

/// How many of the people have three proposals, and how many have two.
const WITH_THREE: usize = 12;
const WITH_TWO: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub email: String,
    pub affiliation: String,
    pub bio: String,
    pub talks: Vec<Talk>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    pub title: String,
    pub abstract_: String,
    pub description: String,
    pub notes: String,
    pub track: &'static str,
    pub is_short: bool,
}

pub fn tracks() -> impl Iterator<Item = &'static str> {
    TRACKS.iter().map(|(name, ..)| *name)
}

/// All people with all their proposals.
pub fn authors(random: &Random) -> Vec<Author> {
    let words = Words::read(random);
    let mut authors: Vec<Author> = PEOPLE.lines().map(|line| words.author(line)).collect();
    let mut order: Vec<usize> = (0..authors.len()).collect();
    shuffle(&mut order, random);
    let mut places: Vec<usize> = order
        .iter()
        .chain(order.iter().take(WITH_THREE + WITH_TWO))
        .chain(order.iter().take(WITH_THREE))
        .copied()
        .collect();
    shuffle(&mut places, random);
    let (mut whole, mut rest): (Vec<Pitch>, Vec<Pitch>) = pitches().into_iter().partition(|pitch| pitch.by.is_some());
    shuffle(&mut rest, random);
    whole.append(&mut rest);
    for pitch in whole {
        let own = places.iter().position(|place| {
            let name = authors.get(*place).map(|author| author.name.as_str());
            pitch.by.is_none() || pitch.by == name
        });
        let author = own.map(|own| places.swap_remove(own)).and_then(|place| authors.get_mut(place));
        if let Some(author) = author {
            author.talks.push(words.talk(&pitch));
        }
    }
    authors
}

/// What somebody wants to talk about.
struct Pitch {
    kind: &'static str,
    track: &'static str,
    audience: &'static str,
    title: &'static str,
    text: &'static str,
    /// Who wrote it, where it is not in English; such a text is whole.
    by: Option<&'static str>,
}

fn pitches() -> Vec<Pitch> {
    let mut pitches = vec![];
    for (track, audience, file) in TRACKS {
        for block in file.split("\n\n") {
            let Some((head, text)) = block.trim().split_once('\n') else { continue };
            let Some((kind, title)) = head.split_once(' ') else { continue };
            let (by, text) = match text.split_once(": ") {
                Some((by, text)) if kind == "W" => (Some(by), text),
                _ => (None, text),
            };
            pitches.push(Pitch { kind, track, audience, title, text, by });
        }
    }
    pitches
}

/// Sentences by section, and the chance that picks them.
pub struct Words<'r> {
    sections: HashMap<&'static str, Vec<&'static str>>,
    random: &'r Random,
}

impl<'r> Words<'r> {
    pub fn read(random: &'r Random) -> Words<'r> {
        let mut sections: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut section = "";
        for line in FRAMES.lines().filter(|line| !line.is_empty()) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => section = name,
                None => sections.entry(section).or_default().push(line),
            }
        }
        Words { sections, random }
    }

    /// One of the sentences of a section.
    pub fn any(&self, section: &str) -> &'static str {
        let lines = self.sections.get(section).map(Vec::as_slice).unwrap_or_default();
        lines.get(self.random.below(lines.len())).copied().unwrap_or_default()
    }

    pub fn happens(&self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    fn author(&self, line: &'static str) -> Author {
        let (name, latin) = line.split_once(" = ").unwrap_or((line, line));
        let affiliation = self.any("affiliation");
        let bio = self
            .any("bio")
            .replace("{name}", name)
            .replace("{affiliation}", if affiliation == "self-employed" { "a company of one" } else { affiliation })
            .replace("{hobby}", self.any("hobby"))
            .replace("{years}", &(3 + self.random.below(20)).to_string());
        let email = format!("{}@speakers.example", latin.to_lowercase().replace([' ', '\''], "."));
        Author { name: name.to_owned(), email, affiliation: affiliation.to_owned(), bio, talks: vec![] }
    }

    fn talk(&self, pitch: &Pitch) -> Talk {
        let is_short = self.happens(12);
        Talk {
            title: pitch.title.to_owned(),
            abstract_: if pitch.by.is_some() { pitch.text.replace(" | ", "\n\n") } else { self.abstract_(pitch) },
            description: if self.happens(85) { self.outline(is_short) } else { String::new() },
            notes: if self.happens(30) { self.any("notes").to_owned() } else { String::new() },
            track: pitch.track,
            is_short,
        }
    }

    /// Two to four paragraphs.
    fn abstract_(&self, pitch: &Pitch) -> String {
        let how = self.any(&format!("how {}", pitch.kind));
        let home = self.any(&format!("home {}", pitch.kind));
        let origin = if self.happens(60) { self.any("origin") } else { "" };
        let audience = if self.happens(75) { self.any(&format!("audience {}", pitch.audience)) } else { "" };
        let mut paragraphs = vec![pitch.text.to_owned()];
        match self.random.below(4) {
            0 | 1 => paragraphs.extend([join(how, origin), join(home, audience)]),
            2 => paragraphs.extend([origin.to_owned(), join(how, home), audience.to_owned()]),
            _ => paragraphs.push(join(&join(how, home), audience)),
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs.join("\n\n")
    }

    /// Some points in the order of the section.
    fn outline(&self, is_short: bool) -> String {
        let points = self.sections.get("outline").map(Vec::as_slice).unwrap_or_default();
        let kept = points.iter().filter(|_| self.happens(if is_short { 25 } else { 55 }));
        kept.enumerate().map(|(index, point)| format!("{}. {point}", index + 1)).collect::<Vec<_>>().join("\n")
    }
}

fn join(one: &str, other: &str) -> String {
    format!("{one} {other}").trim().to_owned()
}

pub fn shuffle<T>(list: &mut [T], random: &Random) {
    for index in (1..list.len()).rev() {
        list.swap(index, random.below(index + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Email, Line, Prose};
    use std::collections::HashSet;

    #[test]
    fn the_event_has_its_size_and_no_two_talks_are_alike() {
        let authors = authors(&Random::seeded(1));
        let talks: Vec<&Talk> = authors.iter().flat_map(|author| &author.talks).collect();
        assert_eq!((authors.len(), talks.len()), (120, 184));
        assert_eq!(talks.iter().map(|talk| &talk.title).collect::<HashSet<_>>().len(), 184);
        assert_eq!(talks.iter().map(|talk| &talk.abstract_).collect::<HashSet<_>>().len(), 184);
        assert_eq!(authors.iter().map(|author| &author.email).collect::<HashSet<_>>().len(), 120);
        assert!(authors.iter().all(|author| (1..=3).contains(&author.talks.len())));
        for track in tracks() {
            assert!(talks.iter().filter(|talk| talk.track == track).count() > 40, "{track}");
        }
    }

    #[test]
    fn everything_could_have_been_typed_in() {
        for author in authors(&Random::seeded(1)) {
            assert!(Email::new(&author.email).is_ok(), "{}", author.email);
            assert!(author.email.ends_with(".example"));
            assert_eq!(&*Line::<1, 100>::new(&author.name).unwrap(), author.name);
            assert_eq!(&*Prose::<1, 5000>::new(&author.bio).unwrap(), author.bio);
            for talk in author.talks {
                assert_eq!(&*Line::<1, 200>::new(&talk.title).unwrap(), talk.title);
                assert_eq!(&*Prose::<1, 3000>::new(&talk.abstract_).unwrap(), talk.abstract_);
                let paragraphs = talk.abstract_.split("\n\n").count();
                assert!((2..=4).contains(&paragraphs) && !talk.abstract_.contains(['{', '|']), "{}", talk.abstract_);
            }
        }
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(authors(&Random::seeded(1)), authors(&Random::seeded(1)));
        assert_ne!(authors(&Random::seeded(1)), authors(&Random::seeded(2)));
    }

    #[test]
    fn texts_in_other_languages_are_by_people_who_speak_them() {
        let authors = authors(&Random::seeded(1));
        let of = |name: &str| authors.iter().find(|author| author.name == name).unwrap();
        assert!(of("高橋 美咲").talks.iter().any(|talk| talk.title.starts_with("日本語")));
        assert!(of("سلمى الحداد").talks.iter().any(|talk| talk.title.starts_with("قواعد")));
    }
}
