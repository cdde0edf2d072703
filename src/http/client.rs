//! Whose request it is: the client's address, seen past the proxies that are trusted.

use crate::config::network::{Network, first_bits};
use actix_web::HttpRequest;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const FORWARDED: &str = "x-forwarded-for";
/// Whoever gets IPv6 gets at least that many addresses at once.
const IPV6_SITE: u8 = 64;
const IPV4_NETWORK: u8 = 24;

/// The peer itself, unless it is a trusted proxy: then the last in `X-Forwarded-For` that is none. What stands before
/// that one is the client's own claim.
pub fn address(request: &HttpRequest, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer(request);
    if !is_trusted(address) {
        return address;
    }
    let lines: Vec<&str> = request.headers().get_all(FORWARDED).filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // A proxy that names nobody stands for whoever is behind it.
        let Some(before) = parse(hop.trim()) else { break };
        address = before;
        if !is_trusted(address) {
            break;
        }
    }
    address
}

fn peer(request: &HttpRequest) -> IpAddr {
    request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical())
}

/// An address as proxies write it: some add the port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let with_port = || hop.parse::<SocketAddr>().map(|socket| socket.ip());
    bare.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

/// The proxy that a request seems to have come through, if it is not trusted although it is near.
pub fn forgotten_proxy(request: &HttpRequest, trusted: &[Network]) -> Option<IpAddr> {
    let peer = peer(request);
    let near = match peer {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_private(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local(),
    };
    let forgotten = near && trusted.is_empty() && request.headers().contains_key(FORWARDED);
    forgotten.then_some(peer)
}

/// What stands for one client: its address, or what belongs to its site on IPv6.
pub fn site(address: IpAddr) -> IpAddr {
    if address.is_ipv6() { first_bits(address, IPV6_SITE).unwrap_or(address) } else { address }
}

/// What stands for a client and its neighbors.
pub fn network(address: IpAddr) -> IpAddr {
    if address.is_ipv4() { first_bits(address, IPV4_NETWORK).unwrap_or(address) } else { site(address) }
}
