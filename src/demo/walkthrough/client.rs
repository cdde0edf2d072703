//! Requests of one person, over the network, as any program would send them.

use anyhow::{Context, bail};
use serde_json::Value;
use std::time::Duration;
use ureq::{Agent, http::Request};

const OVERWRITE: (&str, &str) = ("if-match", "*");
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who talks to the server; signed in with a token, or not.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub text: String,
    /// `null` where it is no JSON.
    pub json: Value,
    pub etag: String,
    request: String,
}

impl Client {
    pub fn new(base: &str) -> Client {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        Client { agent: config.build().into(), base: base.to_owned(), token: None }
    }

    #[must_use]
    pub fn with_token(&self, token: &str) -> Client {
        Client { token: Some(token.to_owned()), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.api("GET", path, None)
    }

    pub fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.api("POST", path, Some(body))
    }

    /// Whatever is there already is overwritten.
    pub fn put(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.api_with("PUT", path, Some(body), &[OVERWRITE])
    }

    /// Whatever it has become meanwhile.
    pub fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.api_with("PATCH", path, Some(body), &[OVERWRITE])
    }

    /// Only if it still is what was read with this ETag.
    pub fn patch_from(&self, etag: &str, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.api_with("PATCH", path, Some(body), &[("if-match", etag)])
    }

    /// Once, however often it is sent with this key.
    pub fn post_once(&self, key: &str, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.api_with("POST", path, Some(body), &[("idempotency-key", key)])
    }

    /// A POST without a body.
    pub fn act(&self, path: &str) -> anyhow::Result<Answer> {
        self.api("POST", path, None)
    }

    pub fn delete(&self, path: &str) -> anyhow::Result<Answer> {
        self.api("DELETE", path, None)
    }

    fn api(&self, method: &str, path: &str, body: Option<&Value>) -> anyhow::Result<Answer> {
        self.api_with(method, path, body, &[])
    }

    fn api_with(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.send(method, &format!("{}/api/v1{path}", self.base), body, headers)
    }

    /// Opens a page by its whole address.
    pub fn page(&self, url: &str) -> anyhow::Result<Answer> {
        self.send("GET", url, None, &[])
    }

    /// Sends the form of a page as a browser does.
    pub fn form(&self, url: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let body = Some(("application/x-www-form-urlencoded", form));
        self.send("POST", url, body, &[("sec-fetch-site", "same-origin")])
    }

    fn send(
        &self,
        method: &str,
        url: &str,
        body: Option<(&str, String)>,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let request = format!("{method} {}", url.strip_prefix(&self.base).unwrap_or(url));
        let mut builder = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        if let Some(token) = &self.token {
            builder = builder.header("authorization", format!("Bearer {token}"));
        }
        let response = match body {
            Some((kind, body)) => self.agent.run(builder.header("content-type", kind).body(body)?),
            None => self.agent.run(builder.body(())?),
        };
        let mut response = response.with_context(|| request.clone())?;
        let text = response.body_mut().read_to_string().with_context(|| request.clone())?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let etag = response.headers().get("etag").and_then(|etag| etag.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Answer { status: response.status().as_u16(), text, json, etag, request })
    }
}

impl Answer {
    /// # Errors
    /// When another status came back.
    pub fn expect(self, status: u16) -> anyhow::Result<Answer> {
        if self.status != status {
            bail!("{}: {} came back, {status} was expected: {}", self.request, self.status, self.text);
        }
        Ok(self)
    }

    /// # Errors
    /// When anything but this problem came back.
    pub fn refused(self, status: u16, code: &str) -> anyhow::Result<Answer> {
        let answer = self.expect(status)?;
        if answer.json.get("code").and_then(Value::as_str) != Some(code) {
            bail!("{}: the problem {code} was expected: {}", answer.request, answer.text);
        }
        Ok(answer)
    }

    /// The text at a JSON pointer.
    ///
    /// # Errors
    /// When there is none.
    pub fn text_at(&self, pointer: &str) -> anyhow::Result<String> {
        let found = self.json.pointer(pointer).and_then(Value::as_str);
        found.map(str::to_owned).with_context(|| format!("{}: no text at {pointer}: {}", self.request, self.text))
    }

    /// The list at a JSON pointer.
    ///
    /// # Errors
    /// When there is none.
    pub fn list_at(&self, pointer: &str) -> anyhow::Result<&[Value]> {
        let found = self.json.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice);
        found.with_context(|| format!("{}: no list at {pointer}: {}", self.request, self.text))
    }

    /// # Errors
    /// When something else stands there.
    pub fn is(&self, pointer: &str, expected: impl Into<Value>) -> anyhow::Result<()> {
        let (found, expected) = (self.json.pointer(pointer).unwrap_or(&Value::Null), expected.into());
        if *found != expected {
            bail!("{}: {pointer} is {found}, not {expected}: {}", self.request, self.text);
        }
        Ok(())
    }
}
