//! Reviewing in a browser: a proposal with everything about it on one screen, and the own reviews.

use super::{
    actions,
    charts::{Histogram, histograms},
    comments::{self, views::ForReviewer as Comment},
    criteria::views::Criterion,
    drafts::{self, views::DraftView},
    model::{Confidence, ReviewState, Scores, WriteReview},
    progress,
    queue_model::Neighbors,
    views::{Author, Blind, ByOther, Mine, split},
};
use crate::{
    access::Reviewer,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::{Code, Error, Result},
    http::{
        input::{Page as Asked, Query, RefPath},
        once::IfMatch,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, Sent, filters, input::id_of, language::t},
    },
    proposals::versions::{self, diff::Change, views::DifferenceView},
};
use askama::Template;

/// More scores than this are typed, not picked.
const MOST_MARKS: i64 = 11;

/// A criterion as a row of buttons, or as a field for a number.
pub struct Scale {
    criterion: Criterion,
    /// The name of its field.
    path: String,
    id: String,
    marks: Vec<(i64, String)>,
}

impl Scale {
    fn of(criterion: Criterion) -> Scale {
        let path = format!("scores.{}", criterion.code);
        let marks = criterion.lowest..=criterion.highest;
        let is_wide = criterion.highest - criterion.lowest >= MOST_MARKS;
        let label = |(place, score): (usize, i64)| (score, criterion.labels.get(place).cloned().unwrap_or_default());
        let marks = if is_wide { vec![] } else { marks.enumerate().map(label).collect() };
        Scale { id: id_of(&path), path, marks, criterion }
    }
}

/// What the others wrote, where it is shown.
pub struct Committee {
    reviews: Vec<(ByOther, Vec<(String, i64)>)>,
    comments: Vec<Comment>,
}

/// Forms that come back because something in them is wrong.
#[derive(Default)]
pub struct Forms {
    pub review: Option<FormState>,
    pub comment: Option<FormState>,
    pub conflict: Option<FormState>,
}

#[derive(Template)]
#[template(path = "review/review.html")]
pub struct ReviewPage {
    slug: String,
    proposal: Blind,
    authors: Option<Vec<Author>>,
    scales: Vec<Scale>,
    form: FormState,
    comment: FormState,
    conflict: FormState,
    mine: Option<Mine>,
    /// The own scores as they stand, by the criterion's name.
    my_scores: Vec<(String, i64)>,
    draft: Option<DraftView>,
    changes: Vec<DifferenceView>,
    committee: Option<Committee>,
    /// Whether the others are shown once the own review is in.
    waits_for_own: bool,
    neighbors: Neighbors,
    may_score: bool,
    handed_in: i64,
    total: i64,
}

impl Screen for ReviewPage {
    fn title(&self) -> String {
        self.proposal.title.clone()
    }
}

impl ReviewPage {
    fn has_abstained(&self) -> bool {
        self.mine.as_ref().is_some_and(|mine| mine.state == ReviewState::Abstained)
    }

    fn base(&self) -> String {
        format!("/{}/review/{}", self.slug, self.proposal.reference)
    }

    /// What a changed field of a proposal is called.
    fn field_in_words(difference: &DifferenceView) -> &'static str {
        use versions::model::Field;
        match difference.field {
            Field::Title => "Title",
            Field::Abstract => "Abstract",
            Field::Description => "Description",
            Field::Notes => "Notes",
            Field::Format => "Format",
            Field::Track => "Track",
            Field::Choices | Field::ChoicesForOrganizers => "Categories",
        }
    }

    /// The confidences and what they are called.
    fn confidences() -> [(&'static str, &'static str); 3] {
        [
            (Confidence::Low.as_str(), "A guess"),
            (Confidence::Medium.as_str(), "Fairly sure"),
            (Confidence::High.as_str(), "I know this field"),
        ]
    }
}

/// What is not there is nothing to fail by.
fn if_any<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn by_name<'s>(criteria: &[Criterion], scores: impl IntoIterator<Item = (&'s String, &'s i64)>) -> Vec<(String, i64)> {
    let named = |(code, score): (&String, &i64)| {
        Some((criteria.iter().find(|criterion| criterion.code == *code)?.name.clone(), *score))
    };
    scores.into_iter().filter_map(named).collect()
}

/// What the others wrote; else whether it will be shown after the own review.
async fn committee(
    app: &Callboard,
    who: &Reviewer,
    reference: &str,
    criteria: &[Criterion],
) -> Result<Result<Committee, bool>> {
    let reviews = match actions::others(app, who.clone(), reference.to_owned()).await {
        Ok(reviews) => reviews,
        Err(error) if error.code() == Code::OwnReviewFirst => return Ok(Err(true)),
        Err(error) if error.code() == Code::NotInPhase => return Ok(Err(false)),
        Err(error) => return Err(error),
    };
    let comments = comments::actions::list(app, who.clone(), reference.to_owned()).await?;
    let named = |review: ByOther| {
        let scores = by_name(criteria, &review.scores);
        (review, scores)
    };
    let reviews = reviews.into_iter().map(|other| named(other.into())).collect();
    Ok(Ok(Committee { reviews, comments: comments.into_iter().map(Into::into).collect() }))
}

/// The one screen of a proposal, with what was typed where a form comes back.
///
/// # Errors
/// `NotFound` for whatever is not theirs to review.
pub async fn screen(app: &Callboard, who: &Reviewer, reference: &str, forms: Forms) -> Result<ReviewPage> {
    let name = || reference.to_owned();
    let shown = actions::show(app, who.clone(), name()).await?;
    let progress = progress::actions::show(app, who.clone()).await?;
    let track = shown.proposal.track_id;
    let criteria = progress.criteria.iter().filter(|criterion| criterion.applies_to(track)).cloned();
    let criteria: Vec<Criterion> = criteria.map(Criterion::from).collect();
    let mine = if_any(actions::show_mine(app, who.clone(), name()).await)?.map(Mine::from);
    let draft = if_any(drafts::actions::show(app, who.clone(), name()).await)?.map(DraftView::from);
    let changes = if mine.as_ref().is_some_and(|mine| mine.changed_since) {
        let since = versions::actions::since_review(app, who.clone(), name()).await?;
        since.differences.into_iter().map(DifferenceView::from).collect()
    } else {
        vec![]
    };
    let (committee, waits_for_own) = match committee(app, who, reference, &criteria).await? {
        Ok(committee) => (Some(committee), false),
        Err(waits) => (None, waits),
    };
    let (proposal, authors) = split(shown.into());
    Ok(ReviewPage {
        slug: who.scope().slug.clone(),
        form: review_form(forms.review, mine.as_ref(), draft.as_ref())?,
        comment: forms.comment.unwrap_or_else(|| FormState::new(app)),
        conflict: forms.conflict.unwrap_or_default(),
        my_scores: mine.as_ref().map(|mine| by_name(&criteria, &mine.scores)).unwrap_or_default(),
        neighbors: actions::neighbors(app, who.clone(), name()).await?,
        scales: criteria.into_iter().map(Scale::of).collect(),
        may_score: who.may_score(),
        handed_in: progress.counts.done + progress.counts.abstained,
        total: progress.counts.total,
        proposal,
        authors,
        mine,
        draft,
        changes,
        committee,
        waits_for_own,
    })
}

/// What was typed, the draft, or the review as it is. An edit of what has changed meanwhile goes on from how it is now.
fn review_form(typed: Option<FormState>, mine: Option<&Mine>, draft: Option<&DraftView>) -> Result<FormState> {
    let form = match (typed, draft, mine) {
        (Some(form), ..) if !form.is_stale() => return Ok(form),
        (Some(form), ..) => form,
        (None, Some(draft), _) => FormState::of(draft)?,
        (None, None, Some(mine)) => FormState::of(mine)?,
        (None, None, None) => FormState::default(),
    };
    Ok(match mine {
        Some(mine) => form.version(mine.version),
        None => form,
    })
}

pub async fn show(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<Page<ReviewPage>> {
    Ok(Page::new(screen(&app, &who, &reference, Forms::default()).await?))
}

/// The screen with the form of the review as it was sent.
///
/// # Errors
/// Those that no other form would help.
pub async fn review_again(
    app: &Callboard,
    who: &Reviewer,
    reference: &str,
    sent: Sent,
    error: Error,
) -> Result<Outcome<ReviewPage>> {
    let error = match error.code() {
        // Written in another window after this form was opened.
        Code::VersionRequired => Error::new(Code::Stale, "You have written here meanwhile, in another window."),
        _ => error,
    };
    let page = async |form| screen(app, who, reference, Forms { review: Some(form), ..Forms::default() }).await;
    sent.again(error, page).await
}

pub fn path(who: &Reviewer, reference: &str) -> String {
    format!("/{}/review/{reference}", who.scope().slug)
}

/// On to what comes next, saying what was done.
///
/// # Errors
/// `Busy`.
pub async fn go_on(app: &Callboard, who: &Reviewer, from: &str, said: &str) -> Result<SeeOther> {
    let next = actions::next(app, who.clone()).await?.map(|next| next.proposal.reference);
    Ok(match next.filter(|next| next != from) {
        Some(next) => SeeOther::to(path(who, &next)).saying(said),
        None => SeeOther::to(format!("/{}/review", who.scope().slug)).saying(said),
    })
}

pub async fn write(
    who: Reviewer,
    (app, reference, form, version): (Callboard, RefPath, Form<WriteReview>, IfMatch),
) -> Result<Outcome<ReviewPage>> {
    let Form { sent, input } = form;
    let stays = sent.get("_go") == "stay";
    let written = match input {
        Ok(input) => actions::write(&app, who.clone(), reference.0.clone(), input, version).await,
        Err(errors) => Err(errors.into()),
    };
    match written {
        Ok(_) if stays => Ok(SeeOther::to(path(&who, &reference)).saying("Your review is saved.").into()),
        Ok(_) => Ok(go_on(&app, &who, &reference, "Your review is saved.").await?.into()),
        Err(error) => review_again(&app, &who, &reference, sent, error).await,
    }
}

/// An abstention keeps the comment only; the buttons stand below the same fields.
pub async fn abstain(
    who: Reviewer,
    (app, reference, form, version): (Callboard, RefPath, Form<WriteReview>, IfMatch),
) -> Result<Outcome<ReviewPage>> {
    let Form { sent, input } = form;
    let written = match input {
        Ok(WriteReview { comment, .. }) => {
            let (scores, feedback) = (Scores::default(), super::model::Comment::default());
            let input = WriteReview { scores, comment, feedback, confidence: None, abstain: true };
            actions::write(&app, who.clone(), reference.0.clone(), input, version).await
        }
        Err(errors) => Err(errors.into()),
    };
    match written {
        Ok(_) => Ok(go_on(&app, &who, &reference, "You have abstained.").await?.into()),
        Err(error) => review_again(&app, &who, &reference, sent, error).await,
    }
}

pub async fn take_back(
    who: Reviewer,
    (app, reference, _, version): (Callboard, RefPath, Form<ButtonForm>, IfMatch),
) -> Result<SeeOther> {
    let to = path(&who, &reference);
    actions::take_back(&app, who, reference.0, version).await?;
    Ok(SeeOther::to(to).saying("Your review is taken back."))
}

/// One of the own reviews.
struct Row {
    proposal: Blind,
    /// In the order of the criteria; nothing where it was not scored.
    scores: Vec<Option<i64>>,
    total: Option<f64>,
    has_comment: bool,
    has_feedback: bool,
}

#[derive(Template)]
#[template(path = "review/mine.html")]
pub struct MyReviews {
    slug: String,
    criteria: Vec<Criterion>,
    rows: Vec<Row>,
    next: Option<String>,
    is_first: bool,
    may_score: bool,
    histograms: Vec<Histogram>,
}

impl Screen for MyReviews {
    fn title(&self) -> String {
        t("My reviews").into_owned()
    }
}

pub async fn list_mine(who: Reviewer, (app, Query(asked)): (Callboard, Query<Asked>)) -> Result<Page<MyReviews>> {
    let is_first = asked.cursor.is_none();
    let progress = progress::actions::show(&app, who.clone()).await?;
    let (page, mut reviews) = actions::list_mine(&app, who.clone(), asked.cursor).await?;
    let criteria: Vec<Criterion> = progress.criteria.into_iter().map(Into::into).collect();
    let row = |shown: actions::Shown| {
        let review = reviews.remove(&shown.proposal.reference)?;
        let score = |criterion: &Criterion| {
            review.scores.iter().find(|score| score.criterion == criterion.code).map(|score| score.score)
        };
        Some(Row {
            proposal: split(shown.into()).0,
            scores: criteria.iter().map(score).collect(),
            total: review.total(),
            has_comment: !review.comment.is_empty(),
            has_feedback: !review.feedback.is_empty(),
        })
    };
    Ok(Page::new(MyReviews {
        slug: who.scope().slug.clone(),
        rows: page.items.into_iter().filter_map(row).collect(),
        next: page.next,
        is_first,
        may_score: who.may_score(),
        histograms: histograms(&criteria, &progress.histogram),
        criteria,
    }))
}
