//! A form with a file, which browsers send as `multipart/form-data`.

use super::{
    TRAP,
    form::{self, Form, Sent},
};
use crate::{
    error::{Code, Error, FieldErrors, Result},
    http::{
        input::{self, Trapped, Uploaded},
        routes::{Input, Sketch},
        upload::LARGEST_FILE,
    },
    secrets,
};
use actix_web::{HttpMessage, HttpRequest, dev::Payload, http::header::CONTENT_TYPE, web::Bytes};
use data_encoding::BASE64;
use futures_util::stream;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use utoipa::ToSchema;
use validator::Validate;

const MULTIPART: &str = "multipart/form-data";
/// What stands beside the file: the fields, and the lines between the parts.
const LARGEST_REST: usize = 256 * 1024;
const MOST_PARTS: usize = 500;
/// A file that went to the browser with a page, in base64, and comes back with its form.
pub const KEPT: &str = "_kept_file";
/// What it was called.
pub const KEPT_NAME: &str = "_kept_name";

/// As [`super::Form`], with a file. Write `enctype="multipart/form-data"` at such a form. It stands before
/// [`crate::http::once::Once`] and [`crate::http::once::IfMatch`] among the inputs: they read the form's own fields of it.
pub struct Upload<T> {
    pub sent: Sent,
    pub input: Result<T, FieldErrors>,
    /// None when no file was picked.
    pub file: Option<File>,
}

/// A file as somebody picked it. What it is, its bytes tell: names and types are the browser's guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + ToSchema + Validate + 'static> Input for Upload<T> {
    async fn take(request: &HttpRequest, body: &mut Payload) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let other = |_| Error::new(Code::MediaType, "Send the form of this page.");
        let boundary = multer::parse_boundary(kind).map_err(other)?;
        let bytes = input::read_large(request, body, LARGEST_FILE + LARGEST_REST).await?;
        let (mut fields, file) = parts(bytes, boundary).await?;
        let trapped = fields.iter().any(|(name, text)| name == TRAP && !text.is_empty());
        fields.retain(|(name, _)| name != TRAP);
        request.extensions_mut().insert(Uploaded { hash: hash(&fields, file.as_ref()), fields: fields.clone() });
        let sent = Sent::new(fields);
        if trapped {
            tracing::info!("A form was dropped: a field that people do not see was filled in");
            request.extensions_mut().insert(Trapped);
            return Ok(Upload { sent, input: Err(FieldErrors::default()), file: None });
        }
        Ok(Upload { input: form::read(&sent), sent, file })
    }

    fn describe(sketch: &mut Sketch) {
        sketch.body = Some((&[MULTIPART], sketch.named::<T>()));
        sketch.fails(&[
            Code::Malformed,
            Code::TooSlow,
            Code::OtherSite,
            Code::TooLarge,
            Code::MediaType,
            Code::Invalid,
        ]);
    }
}

impl<T: DeserializeOwned + ToSchema + Validate> Upload<T> {
    /// The form as if the text of the file had been pasted into a field; as it is when no file was picked.
    pub fn pasted(self, field: &str) -> Form<T> {
        let Upload { sent, input, file } = self;
        let Some(file) = file else { return Form { sent, input } };
        let bytes = file.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&file.bytes);
        let wrong = |code, message| FieldErrors::of(field, code, message);
        match str::from_utf8(bytes) {
            Ok(text) if text.len() <= LARGEST_REST => {
                let sent = sent.with(field, text);
                Form { input: form::read(&sent), sent }
            }
            Ok(_) => Form { sent, input: Err(wrong("too_long", "is too large a file: split it in two")) },
            Err(_) => Form { sent, input: Err(wrong("text", "is no text: save the table as CSV in UTF-8")) },
        }
    }
}

/// The file as the field [`KEPT`] carries it.
pub fn kept(file: &File) -> String {
    BASE64.encode(&file.bytes)
}

/// The same for the same content: the boundary is another one each time that a browser sends it.
fn hash(fields: &[(String, String)], file: Option<&File>) -> Vec<u8> {
    let texts = fields.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
    let file = file.iter().flat_map(|file| [file.name.as_bytes(), &file.bytes]);
    secrets::hash_parts(&texts.chain(file).collect::<Vec<_>>())
}

/// The fields and the first file that is one.
async fn parts(body: Bytes, boundary: String) -> Result<(Vec<(String, String)>, Option<File>)> {
    let broken = |error| Error::new(Code::Malformed, format!("The form did not arrive whole: {error}."));
    let mut parts = multer::Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
    let (mut fields, mut file, mut kept, mut rest) = (vec![], None, String::new(), 0);
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(called) = part.file_name().map(ToOwned::to_owned) {
            let bytes = part.bytes().await.map_err(broken)?;
            let picked = !called.is_empty() || !bytes.is_empty();
            file = file.or(picked.then_some(File { name: called, bytes }));
        } else {
            let text = part.text().await.map_err(broken)?;
            if name == KEPT {
                kept = text;
                continue;
            }
            rest += text.len();
            fields.push((name, text));
        }
        if rest > LARGEST_REST || fields.len() > MOST_PARTS {
            return Err(Error::new(Code::TooLarge, "The form has more fields than any of ours."));
        }
    }
    if file.is_none() && !kept.is_empty() {
        let bytes = BASE64.decode(kept.as_bytes()).map_err(|_| Error::new(Code::Malformed, "Pick the file again."))?;
        let called = fields.iter().find(|(name, _)| name == KEPT_NAME).map(|(_, text)| text.clone());
        file = Some(File { name: called.unwrap_or_default(), bytes: bytes.into() });
    }
    if file.as_ref().is_some_and(|file| file.bytes.len() > LARGEST_FILE) {
        return Err(Error::new(Code::TooLarge, format!("A file may have at most {LARGEST_FILE} bytes.")));
    }
    Ok((fields, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: &str) -> Result<(Vec<(String, String)>, Option<File>)> {
        parts(Bytes::copy_from_slice(body.replace('\n', "\r\n").as_bytes()), "xyz".into()).await
    }

    #[actix_web::test]
    async fn fields_and_a_file_are_told_apart() {
        let (fields, file) = read(
            "--xyz\nContent-Disposition: form-data; name=\"of\"\n\nprop\u{f6}sals\n\
             --xyz\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\nContent-Type: text/csv\n\n\
             title\nOne\n--xyz\nContent-Disposition: form-data; name=\"of\"\n\nagain\n--xyz--\n",
        )
        .await
        .unwrap();
        let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(fields, [field("of", "prop\u{f6}sals"), field("of", "again")]);
        assert_eq!(file, Some(File { name: "a.csv".into(), bytes: Bytes::from_static(b"title\r\nOne") }));
    }

    #[derive(Debug, serde::Deserialize, ToSchema, Validate)]
    struct Pasted {
        text: String,
    }

    fn pasted(file: Option<&[u8]>) -> Result<String, String> {
        let sent = Sent::new(vec![("text".to_owned(), "typed".to_owned())]);
        let file = file.map(|bytes| File { name: "a.csv".into(), bytes: Bytes::copy_from_slice(bytes) });
        let form = Upload::<Pasted> { input: form::read(&sent), sent, file }.pasted("text");
        let input = form.input.map_err(|errors| errors.0[0].code.to_string())?;
        assert_eq!(form.sent.get("text"), input.text);
        Ok(input.text)
    }

    #[test]
    fn a_file_stands_for_what_could_be_pasted() {
        assert_eq!(pasted(None).unwrap(), "typed");
        assert_eq!(pasted(Some("\u{feff}ref\n表\n".as_bytes())).unwrap(), "ref\n表\n");
        assert_eq!(pasted(Some(&[b'a', 0xff])).unwrap_err(), "text");
        assert_eq!(pasted(Some(&vec![b'a'; LARGEST_REST])).unwrap().len(), LARGEST_REST);
        assert_eq!(pasted(Some(&vec![b'a'; LARGEST_REST + 1])).unwrap_err(), "too_long");
    }

    #[actix_web::test]
    async fn no_file_picked_is_none() {
        let none = "--xyz\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\n\
                    Content-Type: application/octet-stream\n\n\n--xyz--\n";
        assert_eq!(read(none).await.unwrap(), (vec![], None));
    }

    #[actix_web::test]
    async fn what_is_cut_off_is_refused() {
        let cut = "--xyz\nContent-Disposition: form-data; name=\"of\"\n\nprop";
        assert_eq!(read(cut).await.unwrap_err().code(), Code::Malformed);
        assert_eq!(read("").await.unwrap_err().code(), Code::Malformed);
    }

    #[test]
    fn the_same_content_hashes_alike() {
        let file = |name: &str| File { name: name.into(), bytes: Bytes::from_static(b"x") };
        let fields = [("a".to_owned(), "b".to_owned())];
        assert_eq!(hash(&fields, Some(&file("a"))), hash(&fields, Some(&file("a"))));
        assert_ne!(hash(&fields, Some(&file("a"))), hash(&fields, Some(&file("b"))));
        assert_ne!(hash(&fields, None), hash(&[], None));
    }
}
