//! A request that is sent again acts once; an edit of what has changed is refused.

mod documented;
mod keys;
mod pairs;
mod versions;
