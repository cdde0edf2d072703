mod admin;
mod sign_in;
