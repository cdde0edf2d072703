//! One field of a form with its label, hint, value and error: `{{ form.text("title", "Title").required() }}`.

use super::{filters, form::FormState, language::t};
use askama::{Template, filters::HtmlSafe};

/// An `<input>`, `<textarea>`, `<select>` or a group of choices. Label, hint and choices' labels are texts of ours and
/// spoken in the page's language, unless [`Field::choices_of_people`] says that people wrote them.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/field.html")]
pub struct Field<'f> {
    form: &'f FormState,
    name: String,
    label: String,
    kind: &'static str,
    hint: String,
    required: bool,
    autocomplete: &'static str,
    inputmode: &'static str,
    /// Characters; shown as a counter.
    most: Option<usize>,
    least: Option<i64>,
    rows: usize,
    choices: Vec<Choice>,
    /// Instead of the form's own value.
    value: Option<String>,
    preview: bool,
    hides_label: bool,
    /// Of files.
    accept: &'static str,
    /// The id of a `<datalist>`.
    list: &'static str,
    placeholder: String,
}

impl HtmlSafe for Field<'_> {}

#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: String,
}

impl FormState {
    fn field(&self, kind: &'static str, name: &str, label: &str) -> Field<'_> {
        Field {
            form: self,
            name: name.into(),
            label: t(label).into_owned(),
            kind,
            hint: String::new(),
            required: false,
            autocomplete: "",
            inputmode: "",
            most: None,
            least: None,
            rows: 6,
            choices: vec![],
            value: None,
            preview: false,
            hides_label: false,
            accept: "",
            list: "",
            placeholder: String::new(),
        }
    }

    pub fn text(&self, name: &str, label: &str) -> Field<'_> {
        self.field("text", name, label)
    }

    pub fn email(&self, name: &str, label: &str) -> Field<'_> {
        self.field("email", name, label).autocomplete("email").inputmode("email")
    }

    pub fn password(&self, name: &str, label: &str) -> Field<'_> {
        self.field("password", name, label).autocomplete("current-password")
    }

    pub fn url(&self, name: &str, label: &str) -> Field<'_> {
        self.field("url", name, label).inputmode("url")
    }

    pub fn number(&self, name: &str, label: &str) -> Field<'_> {
        self.field("number", name, label).inputmode("numeric")
    }

    pub fn date(&self, name: &str, label: &str) -> Field<'_> {
        self.field("date", name, label)
    }

    /// A date and time without a zone.
    pub fn local_time(&self, name: &str, label: &str) -> Field<'_> {
        self.field("datetime-local", name, label)
    }

    pub fn search(&self, name: &str, label: &str) -> Field<'_> {
        self.field("search", name, label)
    }

    pub fn file(&self, name: &str, label: &str) -> Field<'_> {
        self.field("file", name, label)
    }

    /// Several lines.
    pub fn area(&self, name: &str, label: &str) -> Field<'_> {
        self.field("area", name, label)
    }

    /// One of some in a menu.
    pub fn select(&self, name: &str, label: &str) -> Field<'_> {
        self.field("select", name, label)
    }

    /// One of some, all to be seen.
    pub fn radios(&self, name: &str, label: &str) -> Field<'_> {
        self.field("radio", name, label)
    }

    /// Any of some.
    pub fn checks(&self, name: &str, label: &str) -> Field<'_> {
        self.field("checkbox", name, label)
    }

    /// Yes or no.
    pub fn check(&self, name: &str, label: &str) -> Field<'_> {
        self.field("check", name, label)
    }

    /// What is wrong, with links to the fields; nothing when nothing is.
    pub fn summary(&self) -> Summary<'_> {
        Summary { form: self }
    }

    /// What every form begins with: the fields of the form itself, and the trap.
    pub fn begin(&self) -> Begin {
        Begin { fields: self.own_fields() }
    }
}

impl Field<'_> {
    #[must_use]
    pub fn hint(mut self, text: &str) -> Self {
        self.hint = t(text).into_owned();
        self
    }

    /// A hint that people wrote.
    #[must_use]
    pub fn hint_of_people(mut self, text: &str) -> Self {
        text.clone_into(&mut self.hint);
        self
    }

    /// A label that people wrote.
    #[must_use]
    pub fn label_of_people(mut self, text: &str) -> Self {
        text.clone_into(&mut self.label);
        self
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }

    #[must_use]
    pub fn inputmode(mut self, what: &'static str) -> Self {
        self.inputmode = what;
        self
    }

    /// At most so many characters, which are counted; or the largest number.
    #[must_use]
    pub fn most(mut self, most: usize) -> Self {
        self.most = Some(most);
        self
    }

    /// The smallest number.
    #[must_use]
    pub fn least(mut self, least: i64) -> Self {
        self.least = Some(least);
        self
    }

    #[must_use]
    pub fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Markdown, with what it becomes beside it.
    #[must_use]
    pub fn previewed(mut self) -> Self {
        self.preview = true;
        self
    }

    /// Which files a browser offers first.
    #[must_use]
    pub fn accept(mut self, kinds: &'static str) -> Self {
        self.accept = kinds;
        self
    }

    /// The `<datalist>` that it suggests from.
    #[must_use]
    pub fn list(mut self, id: &'static str) -> Self {
        self.list = id;
        self
    }

    /// What an empty field shows, where its label cannot be seen.
    #[must_use]
    pub fn placeholder(mut self, text: &str) -> Self {
        self.placeholder = t(text).into_owned();
        self
    }

    /// The label is for those who do not see the page.
    #[must_use]
    pub fn hidden_label(mut self) -> Self {
        self.hides_label = true;
        self
    }

    /// Value and label of each.
    #[must_use]
    pub fn choices<'c>(mut self, choices: impl IntoIterator<Item = (&'c str, &'c str)>) -> Self {
        let choice = |(value, label): (&str, &str)| Choice {
            value: value.into(),
            label: t(label).into_owned(),
            hint: String::new(),
        };
        self.choices.extend(choices.into_iter().map(choice));
        self
    }

    /// One more.
    #[must_use]
    pub fn choice(self, value: &str, label: &str) -> Self {
        self.choices([(value, label)])
    }

    #[must_use]
    pub fn choices_of_people<V: Into<String>, L: Into<String>>(
        mut self,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        let choice = |(value, label): (V, L)| Choice { value: value.into(), label: label.into(), hint: String::new() };
        self.choices.extend(choices.into_iter().map(choice));
        self
    }

    /// What the error says that it may be.
    #[must_use]
    pub fn offered(self) -> Self {
        let choices: Vec<_> =
            self.form.choices_of(&self.name).iter().map(|choice| (choice.clone(), choice.clone())).collect();
        self.choices_of_people(choices)
    }

    #[must_use]
    pub fn hinted_choices(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.choices.extend(choices);
        self
    }

    /// The `id` of the input; brackets and dots make poor fragments.
    fn id(&self) -> String {
        self.form.id_of(&self.name)
    }

    fn shown(&self) -> &str {
        self.value.as_deref().unwrap_or_else(|| self.form.value(&self.name))
    }

    fn text_shown(&self) -> String {
        self.value.clone().unwrap_or_else(|| self.form.lines(&self.name))
    }

    fn error(&self) -> Option<&str> {
        self.form.error(&self.name)
    }

    fn is_picked(&self, value: &str) -> bool {
        match &self.value {
            Some(picked) => picked == value,
            None if value.is_empty() => self.form.value(&self.name).is_empty(),
            None => self.form.has(&self.name, value),
        }
    }

    /// The ids of what describes the input.
    fn described_by(&self) -> String {
        let id = self.id();
        let hint = (!self.hint.is_empty()).then(|| format!("{id}-hint"));
        let error = self.error().map(|_| format!("{id}-error"));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

/// Where a message about a field leads.
pub fn id_of(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    format!("f-{}", name.trim_end_matches(']').chars().map(plain).collect::<String>())
}

#[derive(Clone, Debug, Template)]
#[template(path = "parts/summary.html")]
pub struct Summary<'f> {
    form: &'f FormState,
}

impl HtmlSafe for Summary<'_> {}

#[derive(Clone, Debug, Template)]
#[template(path = "parts/begin.html")]
pub struct Begin {
    fields: Vec<(&'static str, String)>,
}

impl HtmlSafe for Begin {}

/// The path of a field as people read it: `deadline.local` is "Deadline local".
pub fn in_words(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { ' ' };
    let words: String = name.chars().map(plain).collect();
    let mut letters = words.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
