mod deadline;
mod lifecycle;
mod organizers;
mod texts;
