//! Files for other tools, and the public list of talks.

mod files;
mod talks;
