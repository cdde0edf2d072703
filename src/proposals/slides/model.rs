//! Where slides are.

use crate::{proposals::model::WebAddress, text::CODE_END};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetSlides {
    /// Begins with `https://`; null: nowhere.
    #[serde(deserialize_with = "secure")]
    #[schema(value_type = Option<WebAddress>, required)]
    pub url: Option<WebAddress>,
}

fn secure<'de, D: Deserializer<'de>>(from: D) -> Result<Option<WebAddress>, D::Error> {
    match Option::<WebAddress>::deserialize(from)? {
        Some(url) if !url.0.starts_with("https://") => {
            Err(de::Error::custom(format!("https{CODE_END}must begin with https://")))
        }
        url => Ok(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn slides_are_links_that_nobody_changes_on_their_way() {
        let read = |body| serde_json::from_value::<SetSlides>(body).map(|set| set.url.map(|url| url.0));
        assert_eq!(read(json!({"url": "HTTPS://Example.org/s"})).unwrap(), Some("https://example.org/s".into()));
        assert_eq!(read(json!({"url": null})).unwrap(), None);
        for body in [json!({"url": "http://example.org/s"}), json!({"url": "javascript:alert(1)"}), json!({})] {
            assert!(read(body).is_err());
        }
    }
}
