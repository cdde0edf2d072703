//! What the page of exports is asked for, and which columns its tables have.

use crate::{
    calls::categories::model::{Category as OfCall, ShownTo},
    exports::{
        model::{Ask, Category, Criterion, Table},
        views::{Column, proposal_columns, review_columns, speaker_columns, talk_columns},
    },
    reviews::criteria::model::Criterion as OfReviews,
    text::PublicCode,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Which table's columns are shown.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = exports::Which)]
pub struct Which {
    #[schema(value_type = Option<String>)]
    pub table: Option<Table>,
}

/// Which file somebody wants: the columns one by one, as a form sends them. What else the form holds is not meant here.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = exports::Picked)]
pub struct Picked {
    #[serde(default)]
    #[schema(required = false)]
    pub columns: Vec<String>,
    #[schema(value_type = Option<String>)]
    pub preset: Option<PublicCode>,
}

impl Picked {
    pub fn ask(self) -> Ask {
        let columns = self.columns.into_iter().filter(|column| !column.is_empty()).collect::<Vec<_>>().join(",");
        Ask { columns: Some(columns).filter(|columns| !columns.is_empty()), preset: self.preset }
    }
}

/// The columns of a table's CSV file, in their order.
pub fn columns(table: Table, categories: &[OfCall], criteria: &[OfReviews]) -> Vec<String> {
    let seen = |category: &&OfCall| table != Table::Talks || category.shown_to == ShownTo::Everyone;
    let category = |of: &OfCall| Category { code: of.code.clone(), name: of.name.clone() };
    let categories: Vec<Category> = categories.iter().filter(seen).map(category).collect();
    let criterion = |of: &OfReviews| Criterion { code: of.code.clone(), name: of.name.clone(), weight: of.weight };
    let criteria: Vec<Criterion> = criteria.iter().map(criterion).collect();
    match table {
        Table::Talks => names(talk_columns(&categories)),
        Table::Proposals => names(proposal_columns(&categories)),
        Table::Speakers => names(speaker_columns()),
        Table::Reviews => names(review_columns(&criteria)),
    }
}

fn names<R>(columns: Vec<Column<R>>) -> Vec<String> {
    columns.into_iter().filter(Column::in_csv).map(|column| column.name).collect()
}
