//! Files for other tools, and the public list of talks.

mod changes;
mod columns;
mod files;
mod pages;
mod talks;
