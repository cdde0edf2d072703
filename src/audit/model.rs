//! What is noted of a deed, and how organizers look through it.

use crate::{db::types::Ts, text_enum};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// What somebody did.
    pub enum Action {
        EventCreated = "event_created",
        SettingsChanged = "settings_changed",
        MemberInvited = "member_invited",
        InvitationTakenBack = "invitation_taken_back",
        InvitationAccepted = "invitation_accepted",
        MemberLimited = "member_limited",
        MemberRemoved = "member_removed",
        TokenMade = "token_made",
        TokenRevoked = "token_revoked",
        CallChanged = "call_changed",
        DeadlineRecomputed = "deadline_recomputed",
        FormatAdded = "format_added",
        FormatChanged = "format_changed",
        FormatRemoved = "format_removed",
        TrackAdded = "track_added",
        TrackChanged = "track_changed",
        TrackRemoved = "track_removed",
        CategoryAdded = "category_added",
        CategoryChanged = "category_changed",
        CategoryRemoved = "category_removed",
        MilestoneAdded = "milestone_added",
        MilestoneChanged = "milestone_changed",
        MilestoneRemoved = "milestone_removed",
        TitleIdeaAdded = "title_idea_added",
        TitleIdeaChanged = "title_idea_changed",
        TitleIdeaRemoved = "title_idea_removed",
        LateLinkMade = "late_link_made",
        LateLinkRevoked = "late_link_revoked",
        ExtensionGiven = "extension_given",
        ExtensionMoved = "extension_moved",
        ExtensionTakenBack = "extension_taken_back",
        CriterionAdded = "criterion_added",
        CriterionChanged = "criterion_changed",
        CriterionRemoved = "criterion_removed",
        ProposalSubmitted = "proposal_submitted",
        ProposalEdited = "proposal_edited",
        ProposalWithdrawn = "proposal_withdrawn",
        WithdrawalUndone = "withdrawal_undone",
        ProposalCanceled = "proposal_canceled",
        ProposalReinstated = "proposal_reinstated",
        ProposalMarkedInvited = "proposal_marked_invited",
        ProposalUnmarkedInvited = "proposal_unmarked_invited",
        ProposalEntered = "proposal_entered",
        SpeakerInvited = "speaker_invited",
        SpeakerInvitationTakenBack = "speaker_invitation_taken_back",
        SpeakerJoined = "speaker_joined",
        SpeakerRefused = "speaker_refused",
        SpeakerLeft = "speaker_left",
        HandedOver = "handed_over",
        SlidesSet = "slides_set",
        ReviewWritten = "review_written",
        ReviewTakenBack = "review_taken_back",
        PhaseAdded = "phase_added",
        PhaseChanged = "phase_changed",
        PhaseRemoved = "phase_removed",
        ConflictDeclared = "conflict_declared",
        ConflictTakenBack = "conflict_taken_back",
        ConflictPinned = "conflict_pinned",
        ConflictUnpinned = "conflict_unpinned",
        Commented = "commented",
        Assigned = "assigned",
        Unassigned = "unassigned",
        RankingKept = "ranking_kept",
        PastTalksAdded = "past_talks_added",
        PastTalkRemoved = "past_talk_removed",
        Decided = "decided",
        Published = "published",
        PublicationStopped = "publication_stopped",
        PublicationReleased = "publication_released",
        Confirmed = "confirmed",
        Declined = "declined",
        MailHeld = "mail_held",
        MailReleased = "mail_released",
        MailSentAgain = "mail_sent_again",
        Exported = "exported",
        Imported = "imported",
        AssignmentsPlanned = "assignments_planned",
        AssignmentsReleased = "assignments_released",
        ExportPresetAdded = "export_preset_added",
        ExportPresetChanged = "export_preset_changed",
        ExportPresetRemoved = "export_preset_removed",
        ViewSaved = "view_saved",
        ViewRemoved = "view_removed",
        IdentitiesRead = "identities_read",
    }
}

/// What it was done to, by the name that organizers know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    Event,
    Call,
    /// By the account's code.
    Member(String),
    Invitation(String),
    Token(String),
    Format(String),
    Track(String),
    Category(String),
    Milestone(String),
    TitleIdea(String),
    LateLink(String),
    Extension(String),
    Criterion(String),
    Phase(String),
    Proposal(String),
    Proposals,
    /// A saved view of the list of proposals.
    View(String),
    Ranking(String),
    PastTalk(String),
    /// By the code of the profile.
    Speaker(String),
    Publication(String),
    Mail(String),
    Table(String),
}

impl Object {
    pub const fn kind(&self) -> &'static str {
        match self {
            Object::Event => "event",
            Object::Call => "call",
            Object::Member(_) => "member",
            Object::Invitation(_) => "invitation",
            Object::Token(_) => "token",
            Object::Format(_) => "format",
            Object::Track(_) => "track",
            Object::Category(_) => "category",
            Object::Milestone(_) => "milestone",
            Object::TitleIdea(_) => "title_idea",
            Object::LateLink(_) => "late_link",
            Object::Extension(_) => "extension",
            Object::Criterion(_) => "criterion",
            Object::Phase(_) => "phase",
            Object::Proposal(_) => "proposal",
            Object::Proposals => "proposals",
            Object::View(_) => "view",
            Object::Ranking(_) => "ranking",
            Object::PastTalk(_) => "past_talk",
            Object::Speaker(_) => "speaker",
            Object::Publication(_) => "publication",
            Object::Mail(_) => "mail",
            Object::Table(_) => "table",
        }
    }

    pub fn code(&self) -> Option<&str> {
        match self {
            Object::Event | Object::Call | Object::Proposals => None,
            Object::Member(code)
            | Object::Invitation(code)
            | Object::Token(code)
            | Object::Format(code)
            | Object::Track(code)
            | Object::Category(code)
            | Object::Milestone(code)
            | Object::TitleIdea(code)
            | Object::LateLink(code)
            | Object::Extension(code)
            | Object::Criterion(code)
            | Object::Phase(code)
            | Object::Proposal(code)
            | Object::View(code)
            | Object::Ranking(code)
            | Object::PastTalk(code)
            | Object::Speaker(code)
            | Object::Publication(code)
            | Object::Mail(code)
            | Object::Table(code) => Some(code),
        }
    }
}

/// A deed to be noted. Its facts hold no names, addresses or texts of people: what is erased elsewhere would stay here.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub action: Action,
    pub object: Object,
    pub facts: Value,
}

impl Entry {
    pub fn new(action: Action, object: Object) -> Entry {
        Entry { action, object, facts: json!({}) }
    }

    #[must_use]
    pub fn with(mut self, name: &str, fact: impl Into<Value>) -> Entry {
        if let Some(facts) = self.facts.as_object_mut() {
            facts.insert(name.to_owned(), fact.into());
        }
        self
    }
}

/// The facts of a deed about several proposals, without these; they count as if it had been about the others. `None` if
/// there are no others.
pub(super) fn facts_without(facts: &str, hidden: &HashSet<String>) -> Option<String> {
    let Ok(mut facts) = serde_json::from_str::<Map<String, Value>>(facts) else { return Some("{}".to_owned()) };
    for list in ["codes", "pairs"] {
        let Some(Value::Array(items)) = facts.get_mut(list) else { continue };
        let before = items.len();
        // A pair is a proposal and who reads it.
        let name = |item: &Value| item.as_str().or_else(|| item.get(0)?.as_str()).map(str::to_owned);
        items.retain(|item| name(item).is_none_or(|name| !hidden.contains(&name)));
        let gone = before - items.len();
        if gone > 0 && items.is_empty() {
            return None;
        }
        if let Some(count) = facts.get("count").and_then(Value::as_u64) {
            facts.insert("count".to_owned(), count.saturating_sub(gone as u64).into());
        }
    }
    Some(Value::Object(facts).to_string())
}

/// What the form above the list asks for: days of the event's zone, the last one whole, and empty texts for nothing.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = audit::Looked)]
pub struct Looked {
    pub action: Option<String>,
    #[schema(max_length = 10)]
    #[validate(length(max = 10, message = "is not the code of a member"))]
    pub actor: Option<String>,
    #[schema(max_length = 20)]
    #[validate(length(max = 20, message = "is not a code"))]
    pub object: Option<String>,
    #[schema(max_length = 10)]
    #[validate(length(max = 10, message = "is not a day"))]
    pub since: Option<String>,
    #[schema(max_length = 10)]
    #[validate(length(max = 10, message = "is not a day"))]
    pub until: Option<String>,
    pub cursor: Option<String>,
}

/// What organizers look for.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = audit::Filter)]
pub struct Filter {
    pub action: Option<Action>,
    /// The code of a member's account.
    #[schema(max_length = 10)]
    #[validate(length(max = 10, message = "is not the code of a member"))]
    pub actor: Option<String>,
    /// The code of what it was done to.
    #[schema(max_length = 20)]
    #[validate(length(max = 20, message = "is not a code"))]
    pub object: Option<String>,
    /// From this instant on.
    pub since: Option<Ts>,
    /// Before this instant.
    pub until: Option<Ts>,
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}
