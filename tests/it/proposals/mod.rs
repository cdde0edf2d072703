mod deadline;
mod lifecycle;
mod organizers;
pub mod speaking;
mod texts;
mod versions;
