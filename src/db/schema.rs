//! The tables, one description for both databases. Written by hand; `tests/it/db/migrations.rs` compares it with what the migrations make.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    accounts (id) {
        id -> BigInt,
        code -> Text,
        email -> Text,
        email_key -> Text,
        email_verified_at -> Nullable<UtcTs>,
        password_phc -> Nullable<Text>,
        name -> Text,
        is_admin -> Bool,
        disabled_at -> Nullable<UtcTs>,
        version -> BigInt,
        created_at -> UtcTs,
        erased_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    sessions (id) {
        id -> BigInt,
        code -> Text,
        account_id -> BigInt,
        token_sha256 -> Binary,
        user_agent -> Text,
        created_at -> UtcTs,
        last_used_at -> UtcTs,
        expires_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    account_actions (id) {
        id -> BigInt,
        account_id -> BigInt,
        purpose -> Text,
        token_sha256 -> Binary,
        expires_at -> UtcTs,
        used_at -> Nullable<UtcTs>,
        created_at -> UtcTs,
        email -> Nullable<Text>,
        session_code -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    events (id) {
        id -> BigInt,
        slug -> Text,
        name -> Text,
        description -> Text,
        zone -> Text,
        starts_on -> Nullable<Text>,
        ends_on -> Nullable<Text>,
        place -> Text,
        website -> Text,
        contact_email -> Text,
        visibility -> Text,
        blind -> Bool,
        version -> BigInt,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    members (id) {
        id -> BigInt,
        event_id -> BigInt,
        account_id -> BigInt,
        role -> Text,
        limited -> Bool,
        version -> BigInt,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    invitations (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        email -> Text,
        email_key -> Text,
        inviter_id -> BigInt,
        role -> Text,
        limited -> Bool,
        token_sha256 -> Binary,
        expires_at -> UtcTs,
        used_at -> Nullable<UtcTs>,
        mail_id -> Nullable<BigInt>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    calls (id) {
        id -> BigInt,
        event_id -> BigInt,
        opens_at -> Nullable<UtcTs>,
        closes_at -> Nullable<UtcTs>,
        deadline_local -> Nullable<Text>,
        deadline_zone -> Nullable<Text>,
        grace_s -> BigInt,
        limit_per_speaker -> Nullable<BigInt>,
        text -> Text,
        tips -> Text,
        selection -> Text,
        is_free -> Nullable<Bool>,
        is_virtual -> Nullable<Bool>,
        travel -> Text,
        expenses -> Text,
        code_of_conduct -> Text,
        past_talks -> Text,
        gaps_public -> Bool,
        notify_on -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    formats (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        minutes -> BigInt,
        position -> BigInt,
        closes_at -> Nullable<UtcTs>,
        deadline_local -> Nullable<Text>,
        deadline_zone -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    tracks (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        position -> BigInt,
        closes_at -> Nullable<UtcTs>,
        deadline_local -> Nullable<Text>,
        deadline_zone -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    speakers (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        account_id -> Nullable<BigInt>,
        name -> Text,
        bio -> Text,
        affiliation -> Text,
        links -> Text,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        version -> BigInt,
        created_at -> UtcTs,
        changed_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    publications (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        state -> Text,
        account_id -> BigInt,
        created_at -> UtcTs,
        release_at -> UtcTs,
        ended_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    proposals (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        #[sql_name = "ref"]
        ref_ -> Text,
        public_no -> BigInt,
        title -> Text,
        #[sql_name = "abstract"]
        abstract_ -> Text,
        description -> Text,
        notes -> Text,
        slides -> Nullable<Text>,
        format_id -> BigInt,
        track_id -> Nullable<BigInt>,
        lifecycle -> Text,
        decided_at -> Nullable<UtcTs>,
        decision -> Text,
        decision_version -> BigInt,
        published_decision -> Nullable<Text>,
        published_at -> Nullable<UtcTs>,
        talk_changed_at -> Nullable<UtcTs>,
        publication_id -> Nullable<BigInt>,
        confirmation -> Nullable<Text>,
        invited -> Bool,
        review_count -> BigInt,
        version -> BigInt,
        created_at -> UtcTs,
        updated_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    proposal_speakers (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        speaker_id -> BigInt,
        position -> BigInt,
        owner -> Bool,
        accepted_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    criteria (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        help -> Text,
        weight -> Double,
        lowest -> BigInt,
        highest -> BigInt,
        labels -> Text,
        required -> Bool,
        independent -> Bool,
        position -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    reviews (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        account_id -> BigInt,
        state -> Text,
        comment -> Text,
        feedback -> Text,
        confidence -> Nullable<Text>,
        version -> BigInt,
        created_at -> UtcTs,
        updated_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    review_scores (id) {
        id -> BigInt,
        event_id -> BigInt,
        review_id -> BigInt,
        criterion_id -> BigInt,
        score -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    publication_items (id) {
        id -> BigInt,
        event_id -> BigInt,
        publication_id -> BigInt,
        proposal_id -> BigInt,
        decision -> Text,
        link_nonce -> Nullable<Text>,
        token_sha256 -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    mails (id) {
        id -> BigInt,
        code -> Text,
        event_id -> Nullable<BigInt>,
        publication_id -> Nullable<BigInt>,
        account_id -> Nullable<BigInt>,
        names_id -> Nullable<BigInt>,
        kind -> Text,
        to_address -> Text,
        to_name -> Text,
        reply_to -> Nullable<Text>,
        subject -> Text,
        body_text -> Text,
        body_html -> Text,
        message_id -> Text,
        state -> Text,
        held_by -> Nullable<Text>,
        instead_of -> Nullable<BigInt>,
        recalled -> Bool,
        attempts -> BigInt,
        ambiguous_ends -> BigInt,
        next_at -> UtcTs,
        lease_until -> Nullable<UtcTs>,
        begun_at -> Nullable<UtcTs>,
        tried_at -> Nullable<UtcTs>,
        last_answer -> Nullable<Text>,
        created_at -> UtcTs,
        sent_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    mail_proposals (id) {
        id -> BigInt,
        event_id -> BigInt,
        mail_id -> BigInt,
        proposal_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    leases (id) {
        id -> BigInt,
        name -> Text,
        holder -> Text,
        until -> Nullable<UtcTs>,
        last_run_at -> Nullable<UtcTs>,
        last_result -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    link_requests (id) {
        id -> BigInt,
        wish -> Text,
        email_key -> Text,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    idempotency (id) {
        id -> BigInt,
        actor -> Text,
        method -> Text,
        route -> Text,
        key -> Text,
        fingerprint -> Binary,
        status -> Nullable<BigInt>,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Nullable<Text>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    audit (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        account_id -> Nullable<BigInt>,
        action -> Text,
        object_kind -> Text,
        object_code -> Nullable<Text>,
        facts -> Text,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    member_tracks (id) {
        id -> BigInt,
        event_id -> BigInt,
        member_id -> BigInt,
        track_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    invitation_tracks (id) {
        id -> BigInt,
        event_id -> BigInt,
        invitation_id -> BigInt,
        track_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    tokens (id) {
        id -> BigInt,
        code -> Text,
        event_id -> Nullable<BigInt>,
        account_id -> BigInt,
        name -> Text,
        token_sha256 -> Binary,
        scopes -> Text,
        created_at -> UtcTs,
        last_used_at -> Nullable<UtcTs>,
        expires_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    categories (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        help -> Text,
        several -> Bool,
        required -> Bool,
        shown_to -> Text,
        position -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    choices (id) {
        id -> BigInt,
        event_id -> BigInt,
        category_id -> BigInt,
        code -> Text,
        name -> Text,
        help -> Text,
        position -> BigInt,
        wanted -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    proposal_choices (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        choice_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    late_links (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        token_sha256 -> Binary,
        closes_at -> UtcTs,
        deadline_local -> Text,
        deadline_zone -> Text,
        uses -> BigInt,
        used -> BigInt,
        invited -> Bool,
        revoked_at -> Nullable<UtcTs>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    late_link_parts (id) {
        id -> BigInt,
        event_id -> BigInt,
        late_link_id -> BigInt,
        format_id -> Nullable<BigInt>,
        track_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    late_link_uses (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        late_link_id -> BigInt,
        used_at -> Nullable<UtcTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    extensions (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        email -> Text,
        email_key -> Text,
        closes_at -> UtcTs,
        deadline_local -> Text,
        deadline_zone -> Text,
        version -> BigInt,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    milestones (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        first_day -> Text,
        last_day -> Nullable<Text>,
        text -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    conflicts (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        proposal_id -> BigInt,
        account_id -> BigInt,
        source -> Text,
        kind -> Text,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    assignments (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        proposal_id -> BigInt,
        account_id -> BigInt,
        released -> Bool,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    phases (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        starts_at -> UtcTs,
        scoring -> Bool,
        sees -> Text,
        names -> Bool,
        reviews -> Text,
        deciding -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    rankings (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        publication_id -> Nullable<BigInt>,
        name -> Text,
        cut -> Nullable<BigInt>,
        lambda -> BigInt,
        kappa -> BigInt,
        seed -> BigInt,
        draws -> BigInt,
        reviews -> Text,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    speaker_invitations (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        proposal_id -> Nullable<BigInt>,
        speaker_id -> Nullable<BigInt>,
        email -> Text,
        email_key -> Text,
        inviter_id -> BigInt,
        token_sha256 -> Binary,
        expires_at -> UtcTs,
        mail_id -> Nullable<BigInt>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    proposal_versions (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        number -> BigInt,
        account_id -> Nullable<BigInt>,
        title -> Text,
        #[sql_name = "abstract"]
        abstract_ -> Text,
        description -> Text,
        notes -> Text,
        format -> Text,
        track -> Nullable<Text>,
        choices -> Text,
        choices_for_organizers -> Text,
        changed -> Text,
        shown -> Bool,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    title_ideas (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        title -> Text,
        text -> Text,
        #[sql_name = "abstract"]
        abstract_ -> Text,
        format_id -> Nullable<BigInt>,
        track_id -> Nullable<BigInt>,
        wanted -> Nullable<BigInt>,
        position -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    title_idea_choices (id) {
        id -> BigInt,
        event_id -> BigInt,
        title_idea_id -> BigInt,
        choice_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    title_idea_proposals (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        title_idea_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    past_talks (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        fingerprint -> Text,
        title -> Text,
        #[sql_name = "abstract"]
        abstract_ -> Text,
        occasion -> Text,
        url -> Nullable<Text>,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    bands (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> Nullable<BigInt>,
        past_talk_id -> Nullable<BigInt>,
        key -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    preview_links (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        proposal_id -> BigInt,
        account_id -> BigInt,
        token_sha256 -> Binary,
        expires_at -> UtcTs,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    headshots (id) {
        id -> BigInt,
        event_id -> BigInt,
        speaker_id -> BigInt,
        version -> BigInt,
        jpeg -> Binary,
        width -> BigInt,
        height -> BigInt,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    criterion_tracks (id) {
        id -> BigInt,
        event_id -> BigInt,
        criterion_id -> BigInt,
        track_id -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    review_drafts (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        account_id -> BigInt,
        scores -> Text,
        abstain -> Bool,
        comment -> Text,
        feedback -> Text,
        confidence -> Nullable<Text>,
        version -> BigInt,
        updated_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    review_skips (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        account_id -> BigInt,
        skipped_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    comments (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        proposal_id -> BigInt,
        account_id -> BigInt,
        side -> Text,
        text -> Text,
        created_at -> UtcTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    import_keys (id) {
        id -> BigInt,
        event_id -> BigInt,
        source -> Text,
        of_speaker -> Bool,
        foreign_id -> Text,
        proposal_id -> Nullable<BigInt>,
        speaker_id -> Nullable<BigInt>,
        digest -> Text,
        created_at -> UtcTs,
    }
}

diesel::table! {
    export_presets (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        subject -> Text,
        chosen -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    proposal_views (id) {
        id -> BigInt,
        event_id -> BigInt,
        code -> Text,
        name -> Text,
        query -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::UtcTs;

    bids (id) {
        id -> BigInt,
        event_id -> BigInt,
        proposal_id -> BigInt,
        account_id -> BigInt,
        bid -> Text,
        expertise -> Text,
        updated_at -> UtcTs,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    sessions,
    account_actions,
    events,
    members,
    invitations,
    calls,
    formats,
    tracks,
    speakers,
    publications,
    proposals,
    proposal_speakers,
    criteria,
    reviews,
    review_scores,
    publication_items,
    mails,
    mail_proposals,
    link_requests,
    idempotency,
    audit,
    member_tracks,
    invitation_tracks,
    tokens,
    categories,
    choices,
    proposal_choices,
    late_links,
    late_link_parts,
    late_link_uses,
    extensions,
    milestones,
    conflicts,
    assignments,
    phases,
    rankings,
    speaker_invitations,
    proposal_versions,
    title_ideas,
    title_idea_choices,
    title_idea_proposals,
    past_talks,
    bands,
    preview_links,
    headshots,
    criterion_tracks,
    review_drafts,
    review_skips,
    comments,
    import_keys,
    export_presets,
    proposal_views,
    bids,
);

diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(account_actions -> accounts (account_id));
diesel::joinable!(members -> accounts (account_id));
diesel::joinable!(members -> events (event_id));
diesel::joinable!(invitations -> accounts (inviter_id));
diesel::joinable!(invitations -> events (event_id));
diesel::joinable!(calls -> events (event_id));
diesel::joinable!(proposals -> events (event_id));
diesel::joinable!(proposals -> formats (format_id));
diesel::joinable!(proposals -> tracks (track_id));
diesel::joinable!(proposal_speakers -> proposals (proposal_id));
diesel::joinable!(proposal_speakers -> speakers (speaker_id));
diesel::joinable!(speakers -> accounts (account_id));
diesel::joinable!(reviews -> accounts (account_id));
diesel::joinable!(reviews -> proposals (proposal_id));
diesel::joinable!(review_scores -> reviews (review_id));
diesel::joinable!(review_scores -> criteria (criterion_id));
diesel::joinable!(publication_items -> publications (publication_id));
diesel::joinable!(publication_items -> proposals (proposal_id));
diesel::joinable!(mail_proposals -> mails (mail_id));
diesel::joinable!(mail_proposals -> proposals (proposal_id));
diesel::joinable!(audit -> accounts (account_id));
diesel::joinable!(member_tracks -> members (member_id));
diesel::joinable!(member_tracks -> tracks (track_id));
diesel::joinable!(invitation_tracks -> invitations (invitation_id));
diesel::joinable!(invitation_tracks -> tracks (track_id));
diesel::joinable!(tokens -> accounts (account_id));
diesel::joinable!(choices -> categories (category_id));
diesel::joinable!(proposal_choices -> proposals (proposal_id));
diesel::joinable!(proposal_choices -> choices (choice_id));
diesel::joinable!(late_link_parts -> late_links (late_link_id));
diesel::joinable!(late_link_parts -> formats (format_id));
diesel::joinable!(late_link_parts -> tracks (track_id));
diesel::joinable!(late_link_uses -> late_links (late_link_id));
diesel::joinable!(late_link_uses -> proposals (proposal_id));
diesel::joinable!(extensions -> events (event_id));
diesel::joinable!(conflicts -> accounts (account_id));
diesel::joinable!(conflicts -> proposals (proposal_id));
diesel::joinable!(assignments -> accounts (account_id));
diesel::joinable!(assignments -> proposals (proposal_id));
diesel::joinable!(rankings -> publications (publication_id));
diesel::joinable!(speaker_invitations -> accounts (inviter_id));
diesel::joinable!(speaker_invitations -> events (event_id));
diesel::joinable!(title_ideas -> formats (format_id));
diesel::joinable!(title_ideas -> tracks (track_id));
diesel::joinable!(title_idea_choices -> choices (choice_id));
diesel::joinable!(title_idea_proposals -> proposals (proposal_id));
diesel::joinable!(past_talks -> events (event_id));
diesel::joinable!(bands -> proposals (proposal_id));
diesel::joinable!(bands -> past_talks (past_talk_id));
diesel::joinable!(preview_links -> proposals (proposal_id));
diesel::joinable!(headshots -> speakers (speaker_id));
diesel::joinable!(criterion_tracks -> criteria (criterion_id));
diesel::joinable!(criterion_tracks -> tracks (track_id));
diesel::joinable!(review_drafts -> proposals (proposal_id));
diesel::joinable!(review_skips -> proposals (proposal_id));
diesel::joinable!(comments -> accounts (account_id));
diesel::joinable!(comments -> proposals (proposal_id));
diesel::joinable!(import_keys -> proposals (proposal_id));
diesel::joinable!(import_keys -> speakers (speaker_id));
diesel::joinable!(bids -> proposals (proposal_id));
diesel::joinable!(bids -> accounts (account_id));
