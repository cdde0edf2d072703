mod deadline;
mod entering;
pub mod headshots;
mod lifecycle;
mod organizers;
mod previews;
pub mod speaking;
mod texts;
mod versions;
