//! `callboard find-duplicates`: which talks in a file share much, found as the server finds them. For looking through
//! programs of past years, and to see what another threshold would find.

use super::say;
use crate::similar::model::{ALIKE, shingles::Shingled, text};
use anyhow::Context;
use clap::Args;
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

#[derive(Args)]
pub struct FindDuplicates {
    /// A JSON list of objects with `title` and `abstract`
    file: PathBuf,
    /// From which likeness on, 0 to 1
    #[arg(long, default_value_t = ALIKE)]
    from: f64,
    /// Compare each with each, also those that the server would not compare
    #[arg(long)]
    all: bool,
}

#[derive(Deserialize)]
struct Talk {
    title: String,
    #[serde(default)]
    r#abstract: String,
}

impl FindDuplicates {
    pub fn find(self) -> anyhow::Result<()> {
        let file = fs::read_to_string(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let talks: Vec<Talk> = serde_json::from_str(&file).context("not a list of talks")?;
        let texts: Vec<String> = talks.iter().map(|talk| text(&talk.title, &talk.r#abstract)).collect();
        let shingled: Vec<Shingled<'_>> = texts.iter().map(|text| Shingled::of(text)).collect();
        let pairs = if self.all { each_with_each(shingled.len()) } else { sharing_keys(&shingled) };
        for (one, other) in pairs {
            let (Some(first), Some(second)) = (shingled.get(one), shingled.get(other)) else { continue };
            let likeness = first.likeness(second);
            if likeness < self.from {
                continue;
            }
            let titles = [one, other].map(|at| talks.get(at).map(|talk| talk.title.as_str()));
            say(json!({"likeness": likeness, "places": [one, other], "titles": titles,
                "passages": first.passages(second, 3)}))?;
        }
        Ok(())
    }
}

fn each_with_each(count: usize) -> BTreeSet<(usize, usize)> {
    (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other))).collect()
}

fn sharing_keys(texts: &[Shingled<'_>]) -> BTreeSet<(usize, usize)> {
    let mut holders: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        for key in text.keys() {
            holders.entry(key).or_default().push(at);
        }
    }
    let pairs_of = |holders: Vec<usize>| {
        let pairs = each_with_each(holders.len()).into_iter();
        pairs.filter_map(|(one, other)| Some((*holders.get(one)?, *holders.get(other)?))).collect::<Vec<_>>()
    };
    holders.into_values().flat_map(pairs_of).collect()
}
