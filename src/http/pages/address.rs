//! Addresses that hold what a page shows, so that they can be shared and gone back to.

/// The path with these pairs behind it; those without a value are left out.
pub fn address<'n, V: AsRef<str>>(path: &str, pairs: impl IntoIterator<Item = (&'n str, V)>) -> String {
    let pairs = pairs.into_iter().filter(|(_, value)| !value.as_ref().is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_stands_in_an_address() {
        let pairs = [("q", "a & b".to_owned()), ("track", String::new()), ("q", "c".to_owned())];
        assert_eq!(address("/x", pairs), "/x?q=a+%26+b&q=c");
        assert_eq!(address("/x", [("q", "")]), "/x");
    }
}
