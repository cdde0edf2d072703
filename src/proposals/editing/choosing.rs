//! What one can choose in the form of a proposal.

use crate::{
    calls::{
        categories::{model::ShownTo, views::CategoryForPublic},
        model::CallState,
        views::{DeadlineView, ForPublic},
    },
    http::pages::{
        FormState,
        input::{Choice, Field},
        language::t,
    },
    proposals::views::ForSpeaker,
};

/// So many are seen at once; more make a menu.
const MOST_SEEN: usize = 6;

/// The call, as the form of a proposal needs it.
pub struct Choosing {
    pub call: ForPublic,
}

/// The name of the inputs of one category.
pub fn group(category: &CategoryForPublic) -> String {
    format!("choices[{}]", category.code)
}

impl Choosing {
    pub fn is_open(&self) -> bool {
        self.call.state == CallState::Open
    }

    pub fn is_closed(&self) -> bool {
        self.call.state == CallState::Closed
    }

    pub fn is_upcoming(&self) -> bool {
        self.call.state == CallState::Upcoming
    }

    /// The form as it is filled for what was picked.
    pub fn fill(&self, mut form: FormState, picked: &[String]) -> FormState {
        for category in &self.call.categories {
            let of_it = category.choices.iter().map(|choice| &choice.code).filter(|code| picked.contains(code));
            form = form.with_all(&group(category), of_it);
        }
        form
    }

    /// The form as it is filled for a proposal.
    pub fn filled(&self, form: FormState, view: &ForSpeaker) -> FormState {
        let picked: Vec<String> = view.choices.iter().map(|choice| choice.code.clone()).collect();
        let form = form
            .with("title", &view.title)
            .with("abstract", &view.r#abstract)
            .with("description", &view.description)
            .with("notes", &view.notes)
            .with("format", &view.format.code)
            .with("track", view.track.as_ref().map_or("", |track| &track.code));
        self.fill(form, &picked)
    }

    /// The form as it is filled for one of the organizers' ideas.
    pub fn from_idea(&self, form: FormState, code: &str) -> FormState {
        let Some(idea) = self.call.title_ideas.iter().find(|idea| idea.code == code) else { return form };
        let form = form.with("idea", &idea.code).with("title", &idea.title).with("abstract", &idea.r#abstract);
        let form = form.with("format", idea.format.clone().unwrap_or_default());
        let form = form.with("track", idea.track.clone().unwrap_or_default());
        self.fill(form, &idea.choices)
    }

    /// The idea that the form started from.
    pub fn idea(&self, form: &FormState) -> Option<&crate::calls::ideas::views::IdeaForPublic> {
        self.call.title_ideas.iter().find(|idea| idea.code == form.value("idea"))
    }

    pub fn has_formats(&self) -> bool {
        self.call.formats.len() > 1
    }

    pub fn format_field<'f>(&self, form: &'f FormState) -> Field<'f> {
        let choice = |format: &crate::calls::views::FormatForPublic| {
            let minutes = t("{} minutes").replacen("{}", &format.minutes.to_string(), 1);
            let hint = with_deadline(minutes, format.deadline.as_ref());
            (format.code.clone(), format.name.clone(), hint)
        };
        choices(form, "format", "Format", self.call.formats.iter().map(choice).collect()).required()
    }

    pub fn track_field<'f>(&self, form: &'f FormState) -> Field<'f> {
        let choice = |track: &crate::calls::views::TrackForPublic| {
            (track.code.clone(), track.name.clone(), with_deadline(String::new(), track.deadline.as_ref()))
        };
        let none = (String::new(), t("No track").into_owned(), String::new());
        choices(form, "track", "Track", self.call.tracks.iter().map(choice).chain([none]).collect())
    }

    pub fn category_field<'f>(&self, form: &'f FormState, category: &CategoryForPublic) -> Field<'f> {
        let name = group(category);
        let choice = |choice: &crate::calls::categories::views::ChoiceForPublic| Choice {
            value: choice.code.clone(),
            label: choice.name.clone(),
            hint: choice.help.clone(),
        };
        let all = category.choices.iter().map(choice);
        let who = match category.shown_to {
            ShownTo::Everyone => "Everybody sees it in the program.",
            ShownTo::Reviewers => "Reviewers and organizers see it.",
            ShownTo::Organizers => "Only organizers see it.",
        };
        let hint = format!("{} {}", category.help, t(who));
        let field = if category.several {
            form.checks(&name, "").hinted_choices(all)
        } else {
            let none = Choice { value: String::new(), label: t("None of these").into_owned(), hint: String::new() };
            form.radios(&name, "").hinted_choices(all).hinted_choices((!category.required).then_some(none))
        };
        let field = field.label_of_people(&category.name).hint_of_people(hint.trim());
        if category.required { field.required() } else { field }
    }
}

fn with_deadline(text: String, deadline: Option<&DeadlineView>) -> String {
    let Some(deadline) = deadline else { return text };
    let until = t("until {}").replacen("{}", &deadline.text, 1);
    if text.is_empty() { until } else { format!("{text}, {until}") }
}

fn choices<'f>(form: &'f FormState, name: &str, label: &str, all: Vec<(String, String, String)>) -> Field<'f> {
    if all.len() > MOST_SEEN {
        let in_menu = |(value, label, hint): (String, String, String)| {
            let label = if hint.is_empty() { label } else { format!("{label} ({hint})") };
            (value, label)
        };
        return form.select(name, label).choices_of_people(all.into_iter().map(in_menu));
    }
    let choice = |(value, label, hint)| Choice { value, label, hint };
    form.radios(name, label).hinted_choices(all.into_iter().map(choice))
}
