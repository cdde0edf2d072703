//! Clients that hold connections and send next to nothing.

use super::{Place, STEP, get, within};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

/// More than the longest that any of them may last.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection that never comes to the point.
struct Dribble {
    stream: TcpStream,
    answer: Vec<u8>,
    ended: bool,
}

impl Dribble {
    fn new(address: &str, begin: &str) -> Dribble {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(begin.as_bytes()).unwrap();
        stream.set_nonblocking(true).unwrap();
        Dribble { stream, answer: vec![], ended: false }
    }

    /// Sends one more byte and reads what there is.
    fn step(&mut self) {
        let gone = self.stream.write_all(b"x").is_err();
        let mut piece = [0; 4096];
        loop {
            match self.stream.read(&mut piece) {
                Ok(0) => break self.ended = true,
                Ok(read) => self.answer.extend_from_slice(&piece[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break self.ended |= gone,
                Err(_) => break self.ended = true,
            }
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.answer).into_owned()
    }
}

#[test]
fn slow_clients_are_sent_away_and_disturb_nobody() {
    let place = Place::new();
    let server = place.start_with(&[("CALLBOARD_RATE_LIMITS", "off")]);
    let address = server.url.strip_prefix("http://").unwrap();
    let dribbles = |begin: &str| -> Vec<Dribble> { (0..70).map(|_| Dribble::new(address, begin)).collect() };
    let mut heads = dribbles("GET /api/v1/events HTTP/1.1\r\nhost: x\r\nx-slow: ");
    let mut bodies = dribbles(
        "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n",
    );
    let mut second_heads = dribbles("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /healthz HTTP/1.1\r\nx-slow: ");
    let mut steps = 0;
    within(PATIENCE, "the end of all slow connections", || {
        for dribble in heads.iter_mut().chain(&mut bodies).chain(&mut second_heads) {
            if !dribble.ended && steps % 25 == 0 {
                dribble.step();
            }
        }
        assert_eq!(get(&format!("{}/healthz", server.url)), Some((200, "ok".into())), "after {steps} steps");
        assert_eq!(get(&format!("{}/api/v1/events", server.url)).unwrap().0, 200, "after {steps} steps");
        steps += 1;
        thread::sleep(STEP);
        heads.iter().chain(&bodies).chain(&second_heads).all(|dribble| dribble.ended).then_some(())
    });
    for dribble in &heads {
        assert!(dribble.text().starts_with("HTTP/1.1 408"), "{}", dribble.text());
    }
    for dribble in &bodies {
        let text = dribble.text();
        assert!(text.starts_with("HTTP/1.1 408") && text.contains("\"code\":\"too_slow\""), "{text}");
    }
    for dribble in &second_heads {
        assert!(dribble.text().starts_with("HTTP/1.1 200"), "{}", dribble.text());
    }
}
