//! What is different between two texts, word by word (Myers, "An O(ND) Difference Algorithm and Its Variations").

use crate::text_enum;
use std::collections::HashMap;
use unicode_normalization::char::is_combining_mark;

text_enum! {
    pub enum Change {
        Same = "same",
        Removed = "removed",
        Added = "added",
    }
}

/// A stretch of text; what was removed stands before what was added in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub change: Change,
    pub text: String,
}

/// Texts with more differing words than this are shown as replaced whole: nobody could read them otherwise, and the
/// work for them would be endless.
const MOST_EDITS: usize = 1000;

/// All of both texts, in the order in which one reads them.
pub fn words(before: &str, after: &str) -> Vec<Segment> {
    let (old, new) = (split(before), split(after));
    let mut numbers = HashMap::new();
    let (old_numbers, new_numbers) = (numbered(&old, &mut numbers), numbered(&new, &mut numbers));
    let (mut olds, mut news) = (old.iter(), new.iter());
    let mut page = Page::default();
    for change in changes(&old_numbers, &new_numbers) {
        let word = if change == Change::Added { news.next() } else { olds.next() };
        if change == Change::Same {
            news.next();
        }
        page.write(change, word.copied().unwrap_or_default());
    }
    page.end()
}

/// Words, the white space between them, and everything else letter by letter. Scripts without spaces go by letter too.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = vec![];
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, letter) in text.char_indices() {
        if before.is_some_and(|before| !belong_together(before, letter)) {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = Some(letter);
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

const JOINER: char = '\u{200D}';

fn belong_together(before: char, letter: char) -> bool {
    let modifier = matches!(letter, '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{200C}' | JOINER);
    if modifier || is_combining_mark(letter) || before == JOINER {
        return true;
    }
    if is_without_spaces(before) || is_without_spaces(letter) {
        return false;
    }
    let word = |letter: char| letter.is_alphanumeric() || is_combining_mark(letter) || letter == '\u{200C}';
    word(before) && word(letter) || before.is_whitespace() && letter.is_whitespace()
}

/// Letters of scripts that write words without a space between them.
pub fn is_without_spaces(letter: char) -> bool {
    matches!(
        u32::from(letter),
        0x0E00..=0x0EFF | 0x0F00..=0x0FFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x303F | 0x3040..=0x30FF
            | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF
    )
}

fn numbered<'t>(words: &[&'t str], numbers: &mut HashMap<&'t str, usize>) -> Vec<usize> {
    let mut number = |word: &&'t str| {
        let next = numbers.len();
        *numbers.entry(*word).or_insert(next)
    };
    words.iter().map(&mut number).collect()
}

/// One change for each word of both; a word that stays counts once.
fn changes(before: &[usize], after: &[usize]) -> Vec<Change> {
    let head = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (before, after) = (before.get(head..).unwrap_or_default(), after.get(head..).unwrap_or_default());
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(old, new)| old == new).count();
    let before = before.get(..before.len() - tail).unwrap_or_default();
    let after = after.get(..after.len() - tail).unwrap_or_default();
    let replaced = || {
        let removed = std::iter::repeat_n(Change::Removed, before.len());
        removed.chain(std::iter::repeat_n(Change::Added, after.len())).collect()
    };
    let middle: Vec<Change> = shortest(before, after).unwrap_or_else(replaced);
    let same = |count| std::iter::repeat_n(Change::Same, count);
    same(head).chain(middle).chain(same(tail)).collect()
}

/// The place of the main diagonal in a row of [`Reach`]; the one below it has the next place.
const MAIN: usize = MOST_EDITS + 1;

/// How far into `before` each diagonal gets with so many edits, from `MAIN - edits` on.
struct Reach {
    first: usize,
    far: Vec<usize>,
}

impl Reach {
    fn at(&self, diagonal: usize) -> usize {
        diagonal.checked_sub(self.first).and_then(|nth| self.far.get(nth)).copied().unwrap_or_default()
    }
}

/// Whether the best way to a diagonal with so many edits adds a word of `after`, rather than removing one of `before`.
fn adds(diagonal: usize, edits: usize, reach: &Reach) -> bool {
    diagonal == MAIN - edits || diagonal != MAIN + edits && reach.at(diagonal - 1) < reach.at(diagonal + 1)
}

/// The fewest edits; none when they are too many.
fn shortest(before: &[usize], after: &[usize]) -> Option<Vec<Change>> {
    let mut reached: Vec<Reach> = vec![];
    for edits in 0..=MOST_EDITS {
        let mut row = Reach { first: MAIN - edits, far: vec![0; 2 * edits + 1] };
        for nth in (0..=2 * edits).step_by(2) {
            let diagonal = row.first + nth;
            let mut old = match reached.last() {
                None => 0,
                Some(last) if adds(diagonal, edits, last) => last.at(diagonal + 1),
                Some(last) => last.at(diagonal - 1) + 1,
            };
            while let (Some(one), Some(other)) = (before.get(old), after.get(old + MAIN - diagonal)) {
                if one != other {
                    break;
                }
                old += 1;
            }
            if let Some(far) = row.far.get_mut(nth) {
                *far = old;
            }
            if old == before.len() && old + MAIN - diagonal == after.len() {
                return Some(way_back(&reached, (before.len(), after.len())));
            }
        }
        reached.push(row);
    }
    None
}

fn way_back(reached: &[Reach], (mut old, mut new): (usize, usize)) -> Vec<Change> {
    let mut changes = vec![];
    for (edits, reach) in reached.iter().enumerate().rev().map(|(nth, reach)| (nth + 1, reach)) {
        let diagonal = old + MAIN - new;
        let added = adds(diagonal, edits, reach);
        let from = if added { diagonal + 1 } else { diagonal - 1 };
        let (old_before, new_before) = (reach.at(from), reach.at(from) + MAIN - from);
        let steps = if added { old - old_before } else { old - old_before - 1 };
        changes.extend(std::iter::repeat_n(Change::Same, steps));
        changes.push(if added { Change::Added } else { Change::Removed });
        (old, new) = (old_before, new_before);
    }
    changes.extend(std::iter::repeat_n(Change::Same, old));
    changes.reverse();
    changes
}

/// Joins words to stretches. A mere space between two changes belongs to them: nobody reads a change word by word.
#[derive(Default)]
struct Page {
    segments: Vec<Segment>,
    removed: String,
    added: String,
    space: String,
}

impl Page {
    fn write(&mut self, change: Change, word: &str) {
        let in_change = !(self.removed.is_empty() && self.added.is_empty());
        if change == Change::Same {
            if in_change && word.chars().all(char::is_whitespace) {
                self.space.push_str(word);
            } else {
                self.flush();
                self.push(Change::Same, word);
            }
            return;
        }
        let space = std::mem::take(&mut self.space);
        self.removed.push_str(&space);
        self.added.push_str(&space);
        if change == Change::Removed { self.removed.push_str(word) } else { self.added.push_str(word) }
    }

    fn flush(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        let space = std::mem::take(&mut self.space);
        self.push(Change::Removed, &removed);
        self.push(Change::Added, &added);
        self.push(Change::Same, &space);
    }

    fn push(&mut self, change: Change, text: &str) {
        match self.segments.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.change == change => last.text.push_str(text),
            _ => self.segments.push(Segment { change, text: text.to_owned() }),
        }
    }

    fn end(mut self) -> Vec<Segment> {
        self.flush();
        self.segments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Random;

    /// `[-removed-]{+added+}`.
    fn shown(before: &str, after: &str) -> String {
        let show = |segment: Segment| match segment.change {
            Change::Same => segment.text,
            Change::Removed => format!("[-{}-]", segment.text),
            Change::Added => format!("{{+{}+}}", segment.text),
        };
        words(before, after).into_iter().map(show).collect()
    }

    #[test]
    fn reads_like_an_edit() {
        assert_eq!(shown("", ""), "");
        assert_eq!(shown("a talk", "a talk"), "a talk");
        assert_eq!(shown("", "new"), "{+new+}");
        assert_eq!(shown("old", ""), "[-old-]");
        assert_eq!(shown("All about bears.", "All about brown bears."), "All about {+brown +}bears.");
        assert_eq!(shown("All about bears.", "All about cats."), "All about [-bears-]{+cats+}.");
        assert_eq!(shown("one two three", "uno dos three"), "[-one two-]{+uno dos+} three");
        assert_eq!(shown("Ada's talk\nat Acme", "A talk"), "[-Ada's-]{+A+} talk[-\nat Acme-]");
    }

    #[test]
    fn scripts_without_spaces_go_by_letter() {
        assert_eq!(shown("データベース入門", "データベース実践"), "データベース[-入門-]{+実践+}");
        assert_eq!(shown("数据库", "新数据库"), "{+新+}数据库");
        assert_eq!(shown("قاعدة بيانات", "قاعدة البيانات"), "قاعدة [-بيانات-]{+البيانات+}");
        assert_eq!(shown("👩\u{200D}💻 talks", "👩🏽\u{200D}💻 talks"), "[-👩\u{200D}💻-]{+👩🏽\u{200D}💻+} talks");
        assert_eq!(shown("पानी", "पाना"), "[-पानी-]{+पाना+}", "a word keeps its marks");
    }

    fn side(segments: &[Segment], without: Change) -> String {
        segments.iter().filter(|segment| segment.change != without).map(|segment| segment.text.as_str()).collect()
    }

    #[test]
    fn both_texts_are_whole_in_it_and_edits_are_few() {
        let random = Random::seeded(5);
        let vocabulary = ["a", "talk", "on", "bears", ",", " ", "\n", "日", "本", "é"];
        let text = |length| (0..length).map(|_| vocabulary[random.below(vocabulary.len())]).collect::<String>();
        for round in 0..500 {
            let (before, after) = (text(random.below(40)), text(random.below(40)));
            let segments = words(&before, &after);
            assert_eq!(side(&segments, Change::Added), before, "{round}");
            assert_eq!(side(&segments, Change::Removed), after, "{round}");
        }
    }

    /// Against the textbook's table.
    #[test]
    fn finds_the_longest_common_part() {
        let random = Random::seeded(6);
        for _ in 0..300 {
            let numbers = |length| (0..length).map(|_| random.below(4)).collect::<Vec<usize>>();
            let (before, after) = (numbers(random.below(14)), numbers(random.below(14)));
            let mut common = vec![vec![0; after.len() + 1]; before.len() + 1];
            for old in 0..before.len() {
                for new in 0..after.len() {
                    common[old + 1][new + 1] = if before[old] == after[new] {
                        common[old][new] + 1
                    } else {
                        common[old][new + 1].max(common[old + 1][new])
                    };
                }
            }
            let found = changes(&before, &after).into_iter().filter(|change| *change == Change::Same).count();
            assert_eq!(found, common[before.len()][after.len()], "{before:?} {after:?}");
        }
    }

    #[test]
    fn what_shares_too_little_is_replaced_whole() {
        let text = |from: usize| (from..from + 3000).map(|nth| format!("w{nth}")).collect::<Vec<_>>().join(" ");
        let segments = words(&format!("Same {} end", text(0)), &format!("Same {} end", text(3000)));
        let kinds: Vec<Change> = segments.iter().map(|segment| segment.change).collect();
        assert_eq!(kinds, [Change::Same, Change::Removed, Change::Added, Change::Same]);
    }
}
