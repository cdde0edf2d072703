mod admin;
mod browser;
mod email;
mod links;
mod password;
mod profile;
mod sessions;
mod sign_in;
