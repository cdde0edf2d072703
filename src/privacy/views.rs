//! Everything that is held about a person, as the person sees it.

use super::{
    actions::Data,
    data_store as held,
    proposals::{self, views::ProposalView},
    reviewing::{
        self,
        views::{AssignmentView, CommentView, ConflictView, ReviewDraftView, ReviewView, reviews},
    },
};
use crate::{
    access::Role,
    accounts::{links::model::Purpose, sessions::views::SessionView},
    assignment::{inputs::Expertise, model::Bid},
    audit::model::Action,
    db::types::Ts,
    decisions::publications::model::PublicationState,
    mail::MailState,
    secrets,
    tokens::views::TokenView,
};
use data_encoding::BASE64;
use serde::Serialize;
use utoipa::ToSchema;

/// Everything that is held about me.
#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Data)]
pub struct DataView {
    pub made_at: Ts,
    pub account: AccountView,
    pub sessions: Vec<SessionView>,
    /// That I made; their secrets are not stored.
    pub tokens: Vec<TokenView>,
    /// Links that were mailed; their secrets are not stored.
    pub links: Vec<LinkView>,
    pub memberships: Vec<MembershipView>,
    /// To my addresses.
    pub invitations: Vec<InvitationView>,
    /// By me, without to whom.
    pub invitations_sent: Vec<InvitationSentView>,
    pub extensions: Vec<ExtensionView>,
    /// To my addresses.
    pub speaker_invitations: Vec<SpeakerInvitationView>,
    /// By me, without to whom.
    pub speaker_invitations_sent: Vec<SpeakerInvitationView>,
    pub profiles: Vec<ProfileView>,
    /// That I made to show a proposal; their secrets are not stored.
    pub preview_links: Vec<PreviewLinkView>,
    /// What I would like to review.
    pub bids: Vec<BidView>,
    /// By which profiles that were imported are known again.
    pub imported: Vec<ImportedView>,
    pub proposals: Vec<ProposalView>,
    /// That I wrote.
    pub reviews: Vec<ReviewView>,
    /// That I began and did not hand in.
    pub review_drafts: Vec<ReviewDraftView>,
    /// What I put off for later.
    pub skipped: Vec<AssignmentView>,
    /// What I said to committees.
    pub comments: Vec<CommentView>,
    /// Conflicts of interest that I declared.
    pub conflicts: Vec<ConflictView>,
    /// What I shall review.
    pub assignments: Vec<AssignmentView>,
    /// That I started.
    pub publications: Vec<PublicationView>,
    /// What was noted of what I did, without to what.
    pub deeds: Vec<DeedView>,
    /// To me.
    pub mails: Vec<MailView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Account)]
pub struct AccountView {
    pub id: String,
    pub email: String,
    pub name: String,
    pub email_verified_at: Option<Ts>,
    /// Of the password only a hash is stored.
    pub has_password: bool,
    pub admin: bool,
    pub version: i64,
    pub created_at: Ts,
}

impl From<held::Account> for AccountView {
    fn from(held: held::Account) -> AccountView {
        let held::Account { code: id, email, name, email_verified_at, password_phc, is_admin, version, created_at } =
            held;
        let has_password = password_phc.is_some();
        AccountView { id, email, name, email_verified_at, has_password, admin: is_admin, version, created_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Link)]
pub struct LinkView {
    pub purpose: Purpose,
    /// The address that the account was to get.
    pub email: Option<String>,
    pub created_at: Ts,
    pub expires_at: Ts,
    pub used_at: Option<Ts>,
}

impl From<held::Link> for LinkView {
    fn from(held: held::Link) -> LinkView {
        let held::Link { purpose, email, created_at, expires_at, used_at } = held;
        LinkView { purpose, email, created_at, expires_at, used_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Event)]
pub struct EventView {
    pub slug: String,
    pub name: String,
}

impl From<held::Event> for EventView {
    fn from(held::Event { slug, name }: held::Event) -> EventView {
        EventView { slug, name }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Membership)]
pub struct MembershipView {
    pub event: EventView,
    pub role: Role,
    pub since: Ts,
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Invitation)]
pub struct InvitationView {
    pub event: EventView,
    pub email: String,
    pub role: Role,
    pub created_at: Ts,
    pub expires_at: Ts,
    pub accepted_at: Option<Ts>,
}

impl From<(held::Event, held::Invitation)> for InvitationView {
    fn from((event, held): (held::Event, held::Invitation)) -> InvitationView {
        let held::Invitation { email, role, created_at, expires_at, used_at } = held;
        InvitationView { event: event.into(), email, role, created_at, expires_at, accepted_at: used_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::InvitationSent)]
pub struct InvitationSentView {
    pub event: EventView,
    pub role: Role,
    pub created_at: Ts,
    pub accepted_at: Option<Ts>,
}

impl From<(held::Event, held::Invitation)> for InvitationSentView {
    fn from((event, held): (held::Event, held::Invitation)) -> InvitationSentView {
        let held::Invitation { role, created_at, used_at, .. } = held;
        InvitationSentView { event: event.into(), role, created_at, accepted_at: used_at }
    }
}

/// A deadline of my own.
#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Extension)]
pub struct ExtensionView {
    pub event: EventView,
    pub email: String,
    pub until: Ts,
    pub created_at: Ts,
}

impl From<(held::Event, String, Ts, Ts)> for ExtensionView {
    fn from((event, email, until, created_at): (held::Event, String, Ts, Ts)) -> ExtensionView {
        ExtensionView { event: event.into(), email, until, created_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::SpeakerInvitation)]
pub struct SpeakerInvitationView {
    pub event: EventView,
    /// My own address, of those that I got.
    pub email: Option<String>,
    pub created_at: Ts,
    pub expires_at: Ts,
}

impl SpeakerInvitationView {
    fn to_me((event, held): (held::Event, held::SpeakerInvitation)) -> SpeakerInvitationView {
        let held::SpeakerInvitation { email, created_at, expires_at } = held;
        SpeakerInvitationView { event: event.into(), email: Some(email), created_at, expires_at }
    }

    fn by_me(sent: (held::Event, held::SpeakerInvitation)) -> SpeakerInvitationView {
        SpeakerInvitationView { email: None, ..SpeakerInvitationView::to_me(sent) }
    }
}

/// How I appear in an event.
#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Profile)]
pub struct ProfileView {
    pub event: EventView,
    pub code: String,
    pub name: String,
    pub bio: String,
    pub affiliation: String,
    pub links: Vec<String>,
    /// My address, where organizers entered it and I have not taken the profile over.
    pub email: Option<String>,
    /// A JPEG in Base64.
    pub headshot: Option<String>,
    pub created_at: Ts,
}

impl From<held::ShownProfile> for ProfileView {
    fn from((event, held, headshot): held::ShownProfile) -> ProfileView {
        let held::Profile { code, name, bio, affiliation, links, email, created_at } = held;
        let headshot = headshot.map(|jpeg| BASE64.encode(&jpeg));
        ProfileView { event: event.into(), code, name, bio, affiliation, links: links.0, email, headshot, created_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::PreviewLink)]
pub struct PreviewLinkView {
    pub event: EventView,
    pub created_at: Ts,
    pub expires_at: Ts,
}

impl From<(held::Event, held::PreviewLink)> for PreviewLinkView {
    fn from((event, held): (held::Event, held::PreviewLink)) -> PreviewLinkView {
        let held::PreviewLink { created_at, expires_at } = held;
        PreviewLinkView { event: event.into(), created_at, expires_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Bid)]
pub struct BidView {
    pub event: EventView,
    /// The committee's reference of the proposal.
    pub proposal: String,
    #[schema(inline)]
    pub bid: Bid,
    #[schema(inline)]
    pub expertise: Expertise,
    pub at: Ts,
}

impl From<reviewing::store::PlacedBid> for BidView {
    fn from((event, proposal, bid, expertise, at): reviewing::store::PlacedBid) -> BidView {
        BidView { event: event.into(), proposal, bid, expertise, at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Imported)]
pub struct ImportedView {
    pub event: EventView,
    /// Where the profile came from.
    pub source: String,
    /// The id it had there, or a hash of the name.
    pub id: String,
    pub created_at: Ts,
}

impl From<(held::Event, String, String, Ts)> for ImportedView {
    fn from((event, source, id, created_at): (held::Event, String, String, Ts)) -> ImportedView {
        ImportedView { event: event.into(), source, id, created_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Publication)]
pub struct PublicationView {
    pub event: EventView,
    pub id: String,
    pub state: PublicationState,
    pub created_at: Ts,
}

#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Deed)]
pub struct DeedView {
    pub event: EventView,
    pub action: Action,
    pub at: Ts,
}

/// A mail to me; the secrets of its links are masked.
#[derive(Serialize, ToSchema)]
#[schema(as = privacy::Mail)]
pub struct MailView {
    pub id: String,
    pub kind: String,
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub state: MailState,
    pub attempts: i64,
    /// What the mail server said last.
    pub last_answer: Option<String>,
    pub created_at: Ts,
    pub sent_at: Option<Ts>,
}

impl From<held::Mail> for MailView {
    fn from(held: held::Mail) -> MailView {
        MailView {
            id: held.code,
            kind: held.kind,
            to: held.to_address,
            to_name: held.to_name,
            subject: held.subject,
            text: secrets::mask_markers(&held.body_text),
            html: secrets::mask_markers(&held.body_html),
            state: held.state,
            attempts: held.attempts,
            last_answer: held.last_answer,
            created_at: held.created_at,
            sent_at: held.sent_at,
        }
    }
}

impl From<Data> for DataView {
    fn from(data: Data) -> DataView {
        let current = data.current_session;
        let proposals =
            proposals::views::list(data.proposals, data.choices, data.feedback, data.published, data.versions);
        let reviews = reviews(data.reviews, data.scores);
        let publication = |(event, id, state, created_at): (held::Event, _, _, _)| PublicationView {
            event: event.into(),
            id,
            state,
            created_at,
        };
        let membership =
            |(event, role, since): (held::Event, _, _)| MembershipView { event: event.into(), role, since };
        let deed = |(event, action, at): (held::Event, _, _)| DeedView { event: event.into(), action, at };
        DataView {
            made_at: data.at,
            account: data.account.into(),
            sessions: data.sessions.into_iter().map(|session| SessionView::new(session, current)).collect(),
            tokens: data.tokens.into_iter().map(TokenView::from).collect(),
            links: data.links.into_iter().map(Into::into).collect(),
            memberships: data.memberships.into_iter().map(membership).collect(),
            invitations: data.invitations.into_iter().map(Into::into).collect(),
            invitations_sent: data.invitations_sent.into_iter().map(Into::into).collect(),
            extensions: data.extensions.into_iter().map(Into::into).collect(),
            speaker_invitations: data.speaker_invitations.into_iter().map(SpeakerInvitationView::to_me).collect(),
            speaker_invitations_sent: data
                .speaker_invitations_sent
                .into_iter()
                .map(SpeakerInvitationView::by_me)
                .collect(),
            profiles: data.profiles.into_iter().map(Into::into).collect(),
            preview_links: data.preview_links.into_iter().map(Into::into).collect(),
            bids: data.bids.into_iter().map(Into::into).collect(),
            imported: data.imported.into_iter().map(Into::into).collect(),
            proposals,
            reviews,
            review_drafts: data.drafts.into_iter().map(Into::into).collect(),
            skipped: data.skips.into_iter().map(Into::into).collect(),
            comments: data.comments.into_iter().map(Into::into).collect(),
            conflicts: data.conflicts.into_iter().map(Into::into).collect(),
            assignments: data.assignments.into_iter().map(Into::into).collect(),
            publications: data.publications.into_iter().map(publication).collect(),
            deeds: data.deeds.into_iter().map(deed).collect(),
            mails: data.mails.into_iter().map(Into::into).collect(),
        }
    }
}
