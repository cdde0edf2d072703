//! The stylesheet, the script and the icon: embedded, named by their content, so that browsers keep them for ever.

use crate::{
    access::Public,
    error::{Error, Result},
    http::{
        input::AssetPath,
        routes::{Reply, Routes, Sketch},
    },
    secrets,
};
use actix_web::{HttpRequest, HttpResponse, http::header, web};
use data_encoding::HEXLOWER;
use std::sync::LazyLock;

/// One file, written in parts so that each is about one thing.
const CSS: &str = concat!(
    include_str!("../../assets/css/base.css"),
    include_str!("../../assets/css/layout.css"),
    include_str!("../../assets/css/forms.css"),
    include_str!("../../assets/css/parts.css"),
    include_str!("../../assets/css/public.css"),
    include_str!("../../assets/css/speaker.css"),
    include_str!("../../assets/css/review.css"),
    include_str!("../../assets/css/organize.css"),
    include_str!("../../assets/css/setup.css"),
);
const JS: &str = concat!(
    "\"use strict\";\n",
    include_str!("../../assets/js/base.js"),
    include_str!("../../assets/js/public.js"),
    include_str!("../../assets/js/speaker.js"),
    include_str!("../../assets/js/review.js"),
    include_str!("../../assets/js/organize.js"),
    include_str!("../../assets/js/setup.js"),
);
const ICON: &str = include_str!("../../assets/icon.svg");

struct Embedded {
    name: String,
    content_type: &'static str,
    text: &'static str,
}

static ALL: LazyLock<[Embedded; 3]> = LazyLock::new(|| {
    [
        ("page", "css", "text/css; charset=utf-8", CSS),
        ("page", "js", "text/javascript; charset=utf-8", JS),
        ("icon", "svg", "image/svg+xml", ICON),
    ]
    .map(|(name, ending, content_type, text)| {
        let hash = HEXLOWER.encode(secrets::hash(text).get(..6).unwrap_or_default());
        Embedded { name: format!("{name}-{hash}.{ending}"), content_type, text }
    })
});

fn address(ending: &str) -> String {
    let found = ALL.iter().find(|asset| asset.name.ends_with(ending));
    found.map(|asset| format!("/assets/{}", asset.name)).unwrap_or_default()
}

pub fn stylesheet() -> String {
    address(".css")
}

pub fn script() -> String {
    address(".js")
}

pub fn icon() -> String {
    address(".svg")
}

pub struct Asset(&'static Embedded);

impl Reply for Asset {
    fn respond(self, _request: &HttpRequest) -> Result<HttpResponse> {
        Ok(HttpResponse::Ok()
            .content_type(self.0.content_type)
            .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .body(web::Bytes::from_static(self.0.text.as_bytes())))
    }
    fn describe(_sketch: &mut Sketch) {}
}

pub async fn show(_: Public, (name,): (AssetPath,)) -> Result<Asset> {
    ALL.iter().find(|asset| asset.name == *name).map(Asset).ok_or_else(Error::not_found)
}

pub fn routes() -> Routes {
    Routes::pages("service").get("/assets/{asset}", "Style, script and icon of the pages", show)
}
