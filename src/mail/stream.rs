//! The streams under a dialogue: TLS in the form in which lettre takes streams, and a guard against servers that talk
//! without end or out of turn, which lettre alone would listen to.

#[expect(deprecated, reason = "the only way to lettre's TLS over a stream of our own")]
use lettre::transport::smtp::client::AsyncNetworkStream;
use lettre::transport::smtp::{
    Error,
    client::{AsyncTokioStream, TlsParameters},
};
use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// No answer is longer, and no handshake; lettre would take a line without end into memory.
const LONGEST_ANSWER: usize = 128 * 1024;

pub type Stream = Box<dyn AsyncTokioStream>;

/// Where a STARTTLS stands. What comes in the clear behind its answer would be taken for the first answers of the
/// encrypted dialogue, though anybody on the way can have put it there.
#[derive(Debug, PartialEq, Eq)]
enum Upgrade {
    Unasked,
    Asked,
    Answered,
}

#[derive(Debug)]
pub struct Guarded {
    stream: Stream,
    /// How much came since something was last said to the server.
    unasked: usize,
    upgrade: Upgrade,
    /// Whether anything was said to the server.
    pub spoke: Arc<AtomicBool>,
}

impl Guarded {
    pub fn new(stream: Stream) -> Guarded {
        Guarded { stream, unasked: 0, upgrade: Upgrade::Unasked, spoke: Arc::default() }
    }

    fn check(&mut self, came: &[u8]) -> io::Result<()> {
        self.unasked += came.len();
        if self.unasked > LONGEST_ANSWER {
            return Err(io::Error::other("an answer without end"));
        }
        let end = came.iter().position(|byte| *byte == b'\n');
        match (&self.upgrade, end) {
            (Upgrade::Asked, Some(end)) if end + 1 == came.len() => self.upgrade = Upgrade::Answered,
            (Upgrade::Asked, Some(_)) => return Err(io::Error::other("more than an answer to STARTTLS")),
            (Upgrade::Answered, _) if !came.is_empty() => {
                return Err(io::Error::other("more than an answer to STARTTLS"));
            }
            _ => {}
        }
        Ok(())
    }
}

impl AsyncTokioStream for Guarded {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for Guarded {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        Poll::Ready(this.check(buffer.filled().get(before..).unwrap_or_default()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.unasked = 0;
        this.upgrade = if bytes == b"STARTTLS\r\n" { Upgrade::Asked } else { Upgrade::Unasked };
        this.spoke.store(true, Ordering::Relaxed);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// TLS from the first byte.
pub async fn encrypted(stream: Stream, tls: TlsParameters) -> Result<Stream, Error> {
    #[expect(deprecated, reason = "as where it is imported")]
    let mut stream = AsyncNetworkStream::use_existing_tokio1(stream);
    stream.upgrade_tls(tls).await?;
    Ok(Box::new(Encrypted(stream)))
}

/// lettre's TLS stream in the form in which lettre takes streams.
#[derive(Debug)]
struct Encrypted(#[expect(deprecated, reason = "as where it is imported")] AsyncNetworkStream);

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let stream = Pin::new(&mut self.0);
        let read = ready!(futures_util::AsyncRead::poll_read(stream, context, buffer.initialize_unfilled()))?;
        buffer.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        futures_util::AsyncWrite::poll_write(Pin::new(&mut self.0), context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        futures_util::AsyncWrite::poll_flush(Pin::new(&mut self.0), context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        futures_util::AsyncWrite::poll_close(Pin::new(&mut self.0), context)
    }
}
