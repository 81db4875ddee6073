//! Which of the addresses that a host resolved to may be dialled.

use std::net::{IpAddr, SocketAddr};

use crate::address::{AddressClass, ipv4_inside};
use crate::origin::Origin;

/// Which addresses an account's connections may be made to: public ones, and private ones for its endpoint overrides.
#[derive(Clone, Debug, Default)]
pub struct AddressPolicy {
    overrides: Box<[Origin]>,
}

impl AddressPolicy {
    /// Public addresses, and for the origins of the account's endpoint overrides private ones too.
    pub fn new(overrides: impl IntoIterator<Item = Origin>) -> Self {
        Self { overrides: overrides.into_iter().collect() }
    }

    /// Judges all addresses that one lookup of `host` gave, with the port to dial; an IPv6 host may stand in brackets.
    /// Dial what comes back, and look nothing up again: a second answer could be another.
    ///
    /// # Errors
    ///
    /// When any address may not be dialled: one bad address among good ones is a sign that none is to be trusted.
    pub fn vet(&self, host: &str, addresses: Vec<SocketAddr>) -> Result<VettedAddresses, RefusedAddress> {
        let refused = addresses.iter().find_map(|address| {
            let class = AddressClass::of(address.ip());
            let mut overrides = self.overrides.iter().filter(|origin| is(origin, host, address.port())).peekable();
            let is_override = overrides.peek().is_some();
            let may = match is_override {
                // What is not encrypted stays on the machine: `localhost` could resolve to another one.
                true => overrides.all(|origin| match origin.is_https() {
                    true => class.may_be_override(),
                    false => class == AddressClass::Loopback,
                }),
                false => class.is_public(),
            };
            (!may).then_some((address.ip(), class, is_override))
        });
        match refused {
            None => Ok(VettedAddresses(addresses)),
            Some((address, class, is_override)) => {
                Err(RefusedAddress { host: host.to_owned(), address, class, is_override })
            }
        }
    }
}

/// Whether a host, with or without the brackets of an IPv6 address, and a port are an origin's.
fn is(origin: &Origin, host: &str, port: u16) -> bool {
    origin.port() == port && unbracketed(origin.host()).eq_ignore_ascii_case(unbracketed(host))
}

fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Addresses that were judged and may be dialled, in the order of the lookup. Empty when the lookup found none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VettedAddresses(Vec<SocketAddr>);

impl VettedAddresses {
    /// The addresses, with their ports.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.0
    }
}

/// A host that resolved to an address that may not be dialled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{host}` resolves to {address}, {}{class}: {}", inside(*address), advice(*class, *is_override))]
pub struct RefusedAddress {
    /// The host, as it was looked up.
    pub host: String,
    /// The first of its addresses that may not be dialled.
    pub address: IpAddr,
    /// What that address is for.
    pub class: AddressClass,
    /// Whether the host is one of the account's endpoint overrides.
    pub is_override: bool,
}

fn inside(address: IpAddr) -> String {
    ipv4_inside(address).map(|inside| format!("which holds {inside}, ")).unwrap_or_default()
}

fn advice(class: AddressClass, is_override: bool) -> &'static str {
    match (is_override, class.may_be_override()) {
        (true, true) => "an endpoint override with http must have a loopback address",
        (true, false) => "an endpoint override must have a public, private or loopback address",
        (false, true) => {
            "a vendor is reached at public addresses only; for a private installation, set an endpoint override in the \
             account"
        }
        (false, false) => "a vendor is reached at public addresses only; ask whoever runs its DNS, or yours",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 443)).collect()
    }

    fn overridden(url: &str) -> AddressPolicy {
        AddressPolicy::new([url.parse().unwrap()])
    }

    #[test]
    fn public_addresses_are_returned_as_they_came() {
        let found = addresses(&["8.8.8.8", "2a00::1", "64:ff9b::8.8.8.8"]);
        let checked = AddressPolicy::default().vet("api.example.com", found.clone()).unwrap();
        assert_eq!(checked.addresses(), found);
        assert_eq!(AddressPolicy::default().vet("api.example.com", Vec::new()).unwrap().addresses(), []);
    }

    #[test]
    fn one_bad_address_among_good_ones_refuses_them_all() {
        for mixed in [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2a00::1", "::ffff:10.0.0.1"]] {
            let refused = AddressPolicy::default().vet("api.example.com", addresses(&mixed)).unwrap_err();
            assert_eq!((refused.host.as_str(), refused.class), ("api.example.com", AddressClass::Private));
        }
    }

    #[test]
    fn a_refusal_names_the_host_the_address_and_its_class_in_one_sentence() {
        for (address, message) in [
            (
                "10.0.0.1",
                "`api.example.com` resolves to 10.0.0.1, a private address: a vendor is reached at public addresses \
                 only; for a private installation, set an endpoint override in the account",
            ),
            (
                "64:ff9b::a9fe:a9fe",
                "`api.example.com` resolves to 64:ff9b::a9fe:a9fe, which holds 169.254.169.254, a cloud's metadata \
                 address: a vendor is reached at public addresses only; ask whoever runs its DNS, or yours",
            ),
        ] {
            let refused = AddressPolicy::default().vet("api.example.com", addresses(&[address])).unwrap_err();
            assert_eq!(refused.to_string(), message);
        }
    }

    #[test]
    fn an_endpoint_override_may_be_private_and_nothing_else_may() {
        for address in ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "8.8.8.8"] {
            let found = addresses(&[address]);
            assert!(overridden("https://vendor.intern").vet("Vendor.intern", found.clone()).is_ok(), "{address}");
            assert!(
                address == "8.8.8.8" || overridden("https://vendor.intern").vet("x.intern", found.clone()).is_err()
            );
            assert!(
                address == "8.8.8.8" || overridden("https://vendor.intern:8443").vet("vendor.intern", found).is_err()
            );
        }
    }

    #[test]
    fn an_endpoint_override_is_never_a_metadata_service_or_a_group() {
        for address in ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "224.0.0.1", "fe80::1"] {
            let refused = overridden("https://vendor.intern").vet("vendor.intern", addresses(&[address])).unwrap_err();
            assert!(refused.to_string().ends_with("must have a public, private or loopback address"), "{refused}");
        }
    }

    #[test]
    fn an_endpoint_that_is_an_address_is_known_with_and_without_its_brackets() {
        let found = vec!["[::1]:8443".parse().unwrap()];
        for host in ["::1", "[::1]"] {
            assert!(overridden("https://[::1]:8443").vet(host, found.clone()).is_ok(), "{host}");
        }
        assert!(overridden("https://[::1]:8443").vet("::2", found).is_err());
    }

    #[test]
    fn an_override_without_tls_is_dialled_on_the_machine_only() {
        let policy = overridden("http://localhost:8080");
        let at = |address: &str| vec![SocketAddr::new(address.parse().unwrap(), 8080)];
        for address in ["127.0.0.1", "::1"] {
            assert!(policy.vet("localhost", at(address)).is_ok(), "{address}");
        }
        for address in ["10.0.0.1", "8.8.8.8"] {
            let refused = policy.vet("localhost", at(address)).unwrap_err();
            assert!(refused.to_string().ends_with("with http must have a loopback address"), "{refused}");
        }
    }

    #[test]
    fn each_of_several_overrides_is_known() {
        let policy =
            AddressPolicy::new(["https://a.intern", "https://b.intern:8443"].map(|origin| origin.parse().unwrap()));
        let private = |port| vec![SocketAddr::new("10.0.0.1".parse().unwrap(), port)];
        assert!(policy.vet("a.intern", private(443)).is_ok() && policy.vet("b.intern", private(8443)).is_ok());
        assert!(policy.vet("a.intern", private(8443)).is_err() && policy.vet("b.intern", private(443)).is_err());
    }
}
