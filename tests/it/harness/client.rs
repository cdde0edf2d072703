//! Requests that read as sentences.

use super::Call;
use actix_web::{
    body::MessageBody,
    dev::ServiceResponse,
    http::{Method, StatusCode, header::HeaderMap},
    test::{self, TestRequest},
};
use serde_json::Value;
use std::{net::IpAddr, rc::Rc};

const OVERWRITE: (&str, &str) = ("if-match", "*");

#[derive(Clone)]
pub struct Client {
    call: Call,
    token: Option<String>,
    from: Option<From>,
}

/// Where a client's requests come from.
#[derive(Clone)]
pub struct From {
    pub peer: IpAddr,
    /// The lines of `X-Forwarded-For`.
    pub forwarded: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    pub(super) fn new(call: Call, token: Option<String>) -> Client {
        Client { call, token, from: None }
    }

    /// The same client behind something that changes what it is answered, by the path it asked for.
    pub fn altered(&self, alter: impl Fn(&str, &mut Response) + 'static) -> Client {
        let (call, alter) = (Rc::clone(&self.call), Rc::new(alter));
        let call: Call = Rc::new(move |request| {
            let (path, answer, alter) = (request.uri().to_string(), call(request), Rc::clone(&alter));
            Box::pin(async move {
                let mut answer = answer.await;
                alter(&path, &mut answer);
                answer
            })
        });
        Client { call, ..self.clone() }
    }

    /// The same client somewhere else.
    pub fn from(&self, from: From) -> Client {
        Client { from: Some(from), ..self.clone() }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// Paths are those below the base of the API.
    pub async fn get(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.send(self.request(Method::POST, path).set_json(body)).await
    }

    /// As `post`, for futures that outlive the client.
    pub async fn post_owned(self, path: &str, body: Value) -> Response {
        self.post(path, body).await
    }

    /// As `patch`, for futures that outlive the client.
    pub async fn patch_owned(self, path: &str, body: Value) -> Response {
        self.patch(path, body).await
    }

    /// A POST without a body.
    pub async fn act(&self, path: &str) -> Response {
        self.send(self.request(Method::POST, path)).await
    }

    /// Whatever is there already is overwritten.
    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.send(self.request(Method::PUT, path).insert_header(OVERWRITE).set_json(body)).await
    }

    /// Whatever it has become meanwhile.
    pub async fn patch(&self, path: &str, body: Value) -> Response {
        self.send(self.request(Method::PATCH, path).insert_header(OVERWRITE).set_json(body)).await
    }

    /// Only if it still is what was read with this ETag.
    pub async fn patch_from(&self, etag: &str, path: &str, body: Value) -> Response {
        self.send(self.request(Method::PATCH, path).insert_header(("if-match", etag)).set_json(body)).await
    }

    /// Once, however often it is sent with this key.
    pub async fn post_once(&self, key: &str, path: &str, body: Value) -> Response {
        self.send(self.request(Method::POST, path).insert_header(("idempotency-key", key)).set_json(body)).await
    }

    pub async fn page(&self, path: &str) -> Response {
        self.send(self.in_browser(TestRequest::default().uri(path))).await
    }

    /// Sends a page's form as a browser does from the page itself.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let form = TestRequest::post().uri(path).insert_header(("sec-fetch-site", "same-origin"));
        self.send(self.in_browser(form.set_form(fields))).await
    }

    /// Sends a page's form with a file, as a browser does from the page itself.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Response {
        let part = |name: &str| format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"");
        let mut body = vec![];
        for (name, text) in fields {
            body.extend(format!("{}\r\n\r\n{text}\r\n", part(name)).bytes());
        }
        let (name, bytes) = file.unwrap_or_default();
        body.extend(format!("{}; filename=\"{name}\"\r\n\r\n", part("file")).bytes());
        body.extend(bytes);
        body.extend(b"\r\n--limit--\r\n");
        let form = TestRequest::post().uri(path).insert_header(("sec-fetch-site", "same-origin"));
        let form = form.insert_header(("content-type", "multipart/form-data; boundary=limit"));
        self.send(self.in_browser(form.set_payload(body))).await
    }

    /// With the session's cookie.
    fn in_browser(&self, request: TestRequest) -> TestRequest {
        match &self.token {
            Some(token) => request.append_header(("cookie", format!("__Host-session={token}"))),
            None => request,
        }
    }

    /// Paths below the base of the API; also for pages, with another `uri`.
    pub fn request(&self, method: Method, path: &str) -> TestRequest {
        let request = TestRequest::default().method(method).uri(&format!("/api/v1{path}"));
        match &self.token {
            Some(token) => self.in_browser(request.insert_header(("authorization", format!("Bearer {token}")))),
            None => request,
        }
    }

    pub async fn send(&self, mut request: TestRequest) -> Response {
        if let Some(from) = &self.from {
            request = request.peer_addr((from.peer, 4711).into());
            for line in &from.forwarded {
                request = request.append_header(("x-forwarded-for", line.as_str()));
            }
        }
        (self.call)(request.to_request()).await
    }
}

impl Response {
    pub(super) async fn read(response: ServiceResponse<impl MessageBody>) -> Response {
        let (status, headers) = (response.status(), response.headers().clone());
        Response { status, headers, body: test::read_body(response).await.to_vec() }
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Response {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// Expects a problem with this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let response = self.expect(status);
        assert_eq!(response.header("content-type"), "application/problem+json");
        let problem = response.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        problem
    }

    /// Expects 422 with an error of this code for this field.
    #[track_caller]
    pub fn field_error(self, field: &str, code: &str) -> Value {
        let problem = self.problem(422, "invalid");
        let errors = problem["errors"].as_array().unwrap();
        let found = errors.iter().find(|error| error["field"] == field && error["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} for {field} in {problem}")).clone()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// All of it, the headers in an order.
    pub fn whole(&self) -> String {
        let mut headers: Vec<String> = self.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.sort();
        format!("{}\n{}\n{}", self.status, headers.join("\n"), self.text())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
