//! Files for other tools, and the public list of talks.

mod changes;
mod choosing;
mod columns;
mod files;
mod pages;
mod talks;
