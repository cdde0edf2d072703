//! Who speaks, as the speakers of a proposal see it.

use super::{
    joining::actions::Joined,
    model::{Place, Speakers, Speaking, Stage, Waiting},
};
use crate::db::types::Ts;
use serde::Serialize;
use utoipa::ToSchema;

/// Somebody who speaks in my proposal, or is invited to.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::SpeakerOfMine)]
pub struct SpeakerOfMine {
    pub id: String,
    pub state: Speaking,
    pub owner: bool,
    pub me: bool,
    /// Of those who speak.
    pub name: Option<String>,
    pub affiliation: Option<String>,
    /// Whom the invitation went to; only its owner sees it.
    pub email: Option<String>,
    pub expires_at: Option<Ts>,
}

impl SpeakerOfMine {
    fn speaks(place: Place, me: bool) -> SpeakerOfMine {
        SpeakerOfMine {
            id: place.code,
            state: Speaking::Speaks,
            owner: place.owner,
            me,
            name: Some(place.name),
            affiliation: Some(place.affiliation),
            email: None,
            expires_at: None,
        }
    }

    pub fn invited(waiting: Waiting, to_owner: bool) -> SpeakerOfMine {
        SpeakerOfMine {
            id: waiting.code,
            state: Speaking::Invited,
            owner: false,
            me: false,
            name: None,
            affiliation: None,
            email: to_owner.then_some(waiting.email),
            expires_at: Some(waiting.expires_at),
        }
    }

    pub fn all(speakers: Speakers) -> impl Iterator<Item = SpeakerOfMine> {
        let (i_own, me) = (speakers.i_own(), speakers.me);
        let places = speakers.places.into_iter().map(move |place| {
            let is_me = place.account == Some(me);
            SpeakerOfMine::speaks(place, is_me)
        });
        places.chain(speakers.invited.into_iter().map(move |waiting| SpeakerOfMine::invited(waiting, i_own)))
    }
}

/// Where I speak now.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Joined)]
pub struct JoinedView {
    pub event: String,
    pub event_name: String,
    pub proposals: Vec<JoinedProposal>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = proposals::JoinedProposal)]
pub struct JoinedProposal {
    pub code: String,
    pub title: String,
}

impl From<Joined> for JoinedView {
    fn from(Joined { invitation, stages }: Joined) -> JoinedView {
        let proposal = |stage: Stage| JoinedProposal { code: stage.code, title: stage.title };
        let proposals = stages.into_iter().map(proposal).collect();
        JoinedView { event: invitation.slug, event_name: invitation.event_name, proposals }
    }
}
