mod admin;
mod email;
mod links;
mod password;
mod profile;
mod sessions;
mod sign_in;
