//! Which proposals lose time by a change of the call.

use crate::{
    calls::{
        model::{Setup, Window},
        time::Deadline,
    },
    db::types::{FormatId, ProposalId, TrackId, Ts},
    mail::Recipient,
};

/// A draft and who has to hear about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub proposal: ProposalId,
    pub title: String,
    pub format: FormatId,
    pub track: Option<TrackId>,
    pub owner: Recipient,
}

/// The end for a proposal of this format and track, as everybody was told it.
pub fn end(setup: &Setup, format: FormatId, track: Option<TrackId>) -> Option<Deadline> {
    let format = setup.formats.iter().find(|known| known.id == format)?;
    let track = track.and_then(|track| setup.tracks.iter().find(|known| known.id == track));
    Window::of(&setup.call, format, track).deadline().cloned()
}

/// Whether an end that was still to come comes earlier, or has gone.
fn is_earlier(old: Option<&Deadline>, new: Option<&Deadline>, now: Ts) -> bool {
    old.is_some_and(|old| now < old.closes_at && new.is_none_or(|new| new.closes_at < old.closes_at))
}

/// Whether a proposal of this format and track loses time.
pub fn loses(before: &Setup, after: &Setup, of: (FormatId, Option<TrackId>), now: Ts) -> bool {
    is_earlier(end(before, of.0, of.1).as_ref(), end(after, of.0, of.1).as_ref(), now)
}

/// Whether any proposal could lose time.
pub fn is_shortened(before: &Setup, after: &Setup, now: Ts) -> bool {
    let tracks = || before.tracks.iter().map(|track| Some(track.id)).chain([None]);
    let mut kinds = before.formats.iter().flat_map(|format| tracks().map(|track| (format.id, track)));
    kinds.any(|of| loses(before, after, of, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::time;

    fn deadline(day: &str) -> Deadline {
        time::deadline(&format!("{day}T23:59"), "UTC", None, "deadline").unwrap()
    }

    #[test]
    fn only_what_is_still_to_come_is_taken_away() {
        let (early, late) = (deadline("2025-02-01"), deadline("2025-02-09"));
        let at = |text: &str| Ts::truncated(text.parse().unwrap());
        let last = at("2025-02-09T23:59:59.999999Z");
        assert!(is_earlier(Some(&late), Some(&early), last));
        assert!(!is_earlier(Some(&late), Some(&early), at("2025-02-10T00:00:00Z")), "it was over");
        assert!(is_earlier(Some(&late), None, last));
        assert!(!is_earlier(Some(&early), Some(&late), at("2025-01-01T00:00:00Z")));
        assert!(!is_earlier(Some(&late), Some(&late), last));
        assert!(!is_earlier(None, Some(&early), last), "nobody was told one");
    }
}
