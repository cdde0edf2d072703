//! How alike two texts are: the share of their runs of three words that they have in common. MinHash tells cheaply which
//! texts can be alike at all; those are compared exactly.

use crate::words::{Word, words};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};

/// How many words make a shingle.
const LENGTH: usize = 3;

/// Below this many, a text says too little to be compared.
const FEWEST: usize = 10;

/// Texts that share no key of a band are not compared. With 24 bands of 2, of texts that are alike by 0.4 one in sixty is
/// missed, by 0.3 one in ten; and of those alike by 0.05 one in seventeen is compared for nothing.
pub const BANDS: u64 = 24;
const ROWS: u64 = 2;

/// A text, prepared.
pub struct Shingled<'t> {
    text: &'t str,
    words: Vec<Word>,
    /// In the order of the text.
    shingles: Vec<u64>,
    distinct: HashSet<u64>,
}

impl<'t> Shingled<'t> {
    pub fn of(text: &'t str) -> Shingled<'t> {
        let words = words(text);
        let shingles: Vec<u64> = words.windows(LENGTH).map(hash).collect();
        let distinct = shingles.iter().copied().collect();
        Shingled { text, words, shingles, distinct }
    }

    /// The keys of its bands, none of a text that says too little.
    pub fn keys(&self) -> Vec<i64> {
        if self.distinct.len() < FEWEST {
            return vec![];
        }
        let least =
            |row: u64| self.distinct.iter().map(|shingle| mix(shingle ^ mix(row + 1))).min().unwrap_or_default();
        let key = |band: u64| {
            let rows = (0..ROWS).map(|row| least(band * ROWS + row));
            rows.fold(mix(band), |key, least| mix(key ^ least)).cast_signed()
        };
        (0..BANDS).map(key).collect()
    }

    /// From 0 to 1: the shingles in both, of those in either.
    pub fn likeness(&self, other: &Shingled<'_>) -> f64 {
        if self.distinct.len() < FEWEST || other.distinct.len() < FEWEST {
            return 0.0;
        }
        let both = self.distinct.intersection(&other.distinct).count();
        let either = self.distinct.len() + other.distinct.len() - both;
        ratio(both, either)
    }

    /// The longest passages, at most so many, of which every run of three words stands in the other text too; in the
    /// order of this text.
    pub fn passages(&self, other: &Shingled<'_>, most: usize) -> Vec<&'t str> {
        let mut runs: Vec<(usize, usize)> = vec![];
        for (at, shingle) in self.shingles.iter().enumerate() {
            if !other.distinct.contains(shingle) {
                continue;
            }
            match runs.last_mut().filter(|(_, end)| *end == at + LENGTH - 1) {
                Some((_, end)) => *end += 1,
                None => runs.push((at, at + LENGTH)),
            }
        }
        let mut by_length: BTreeMap<(Reverse<usize>, usize), (usize, usize)> = BTreeMap::new();
        for (from, to) in runs {
            by_length.insert((Reverse(to - from), from), (from, to));
        }
        let mut longest: Vec<(usize, usize)> = by_length.into_values().take(most).collect();
        longest.sort_unstable();
        longest.into_iter().filter_map(|(from, to)| self.cut(from, to)).collect()
    }

    /// The text from one word to before another.
    fn cut(&self, from: usize, to: usize) -> Option<&'t str> {
        let (first, last) = (self.words.get(from)?, self.words.get(to.checked_sub(1)?)?);
        self.text.get(first.place.start..last.place.end)
    }
}

#[expect(clippy::cast_precision_loss, reason = "texts are short")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// The same on every machine and in every version, because keys are stored: FNV-1a.
fn hash(words: &[Word]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in words {
        for byte in word.folded.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// Spreads the bits: the last step of SplitMix64.
fn mix(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "Vacuum is the part of PostgreSQL that nobody loves and everybody needs. In this talk we look at what it does, \
                       why it falls behind, and how to tell before it is too late.";

    #[test]
    fn the_same_words_are_the_same_text() {
        let shouted = ONE.to_uppercase().replace(',', " --");
        let (one, other) = (Shingled::of(ONE), Shingled::of(&shouted));
        assert!((one.likeness(&other) - 1.0).abs() < f64::EPSILON);
        assert_eq!(one.keys(), other.keys());
        assert_eq!(one.keys().len(), 24);
        assert_eq!(other.passages(&one, 3).len(), 1);
    }

    #[test]
    fn likeness_is_the_share_in_common() {
        let numbered = |range: std::ops::Range<u32>| range.map(|at| format!("w{at}")).collect::<Vec<_>>().join(" ");
        let (one, other) = (numbered(0..32), numbered(10..42));
        let (one, other) = (Shingled::of(&one), Shingled::of(&other));
        assert!((one.likeness(&other) - 20.0 / 40.0).abs() < 1e-12, "30 each, 20 in common");
        assert_eq!(one.likeness(&other).to_bits(), other.likeness(&one).to_bits());
    }

    #[test]
    fn passages_are_cut_from_the_text_as_it_was_written() {
        let other = format!("Welcome! {} And more.", ONE.replace("everybody needs", "all of us want"));
        let passages = Shingled::of(ONE).passages(&Shingled::of(&other), 2);
        assert_eq!(passages.len(), 2);
        assert!(passages[0].starts_with("Vacuum is the part") && passages[0].ends_with("loves and"), "{passages:?}");
        assert!(passages[1].starts_with("In this talk") && passages[1].ends_with("too late"), "{passages:?}");
        assert_eq!(Shingled::of(ONE).passages(&Shingled::of("nothing of this at all"), 3), Vec::<&str>::new());
    }

    #[test]
    fn a_few_words_are_nobodys_own() {
        let (eleven, twelve) = ("a b c d e f g h i j k", "a b c d e f g h i j k l");
        assert!(Shingled::of(eleven).keys().is_empty() && !Shingled::of(twelve).keys().is_empty());
        assert!(Shingled::of(eleven).likeness(&Shingled::of(eleven)) < f64::EPSILON);
    }

    #[test]
    fn keys_stay_what_they_were() {
        assert_eq!(Shingled::of(ONE).keys()[..2], [-4_702_805_106_822_363_287, -643_423_840_859_648_457]);
    }

    #[test]
    fn texts_without_spaces_are_compared_too() {
        let one = "東京で開催されるRust入門の勉強会です。所有権と借用について学びます。";
        let other = "大阪で開催されるRust入門の勉強会です。所有権と借用について話します。";
        let likeness = Shingled::of(one).likeness(&Shingled::of(other));
        assert!((0.5..0.9).contains(&likeness), "{likeness}");
    }
}
