//! Files for other tools.

mod files;
