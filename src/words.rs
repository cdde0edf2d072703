//! Text as the words it is compared and searched by: folded, so that case, accents and width make no difference.

use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A word and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub folded: String,
    pub place: Range<usize>,
}

/// The words of a text in their order. Scripts that do not put spaces between words count every letter as one.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = vec![];
    let mut open = false;
    for (at, letter) in text.char_indices() {
        let place = at..at + letter.len_utf8();
        let belongs = letter.is_alphanumeric() || (open && is_combining_mark(letter));
        if !belongs {
            open = false;
            continue;
        }
        let stands_alone = stands_alone(letter);
        if let Some(word) = words.last_mut().filter(|_| open && !stands_alone) {
            fold_into(&mut word.folded, letter);
            word.place.end = place.end;
        } else {
            let mut folded = String::new();
            fold_into(&mut folded, letter);
            words.push(Word { folded, place });
        }
        open = !stands_alone;
    }
    words.retain(|word| !word.folded.is_empty());
    words
}

/// Decomposed, without accents, in lower case.
fn fold_into(folded: &mut String, letter: char) {
    let parts = letter.nfkd().filter(|part| !is_accent(*part)).flat_map(char::to_lowercase);
    for part in parts {
        match part {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            accent if is_accent(accent) => {}
            other => folded.push(other),
        }
    }
}

/// Marks that many leave out: of Latin, Greek, Cyrillic, Hebrew, Arabic and Kana. In other scripts they are vowels.
fn is_accent(mark: char) -> bool {
    matches!(u32::from(mark),
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670
        | 0x06D6..=0x06ED | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0x3099..=0x309A | 0xFE20..=0xFE2F)
}

/// Han, Kana, Thai, Lao, Burmese and Khmer.
fn stands_alone(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D | 0x20000..=0x3134F)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn case_accents_and_width_make_no_difference() {
        assert_eq!(folded("Über-schnell: CAFÉ, Cafe\u{301}!"), ["uber", "schnell", "cafe", "cafe"]);
        assert_eq!(folded("Straße Łódź Ærø ＡＢＣ１２ ﬁn"), ["strasse", "lodz", "aero", "abc12", "fin"]);
        assert_eq!(folded("ΣΟΦΟΣ σοφός"), ["σοφοσ", "σοφοσ"]);
        assert_eq!(folded("مُحَمَّد"), folded("محمد"));
        assert_eq!(folded(" \u{301} -- 🎉 "), Vec::<String>::new());
        assert_eq!(folded("हिन्दी में"), ["हिन्दी", "में"], "there, marks are vowels");
    }

    #[test]
    fn scripts_without_spaces_are_read_letter_by_letter() {
        assert_eq!(folded("東京でRust入門"), ["東", "京", "て", "rust", "入", "門"]);
        assert_eq!(folded("한국어 발표").len(), 2);
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "The Café's 東京";
        let places: Vec<&str> = words(text).into_iter().map(|word| &text[word.place]).collect();
        assert_eq!(places, ["The", "Café", "s", "東", "京"]);
    }
}
