//! Files for other tools, and the public list of talks.

mod columns;
mod files;
mod talks;
