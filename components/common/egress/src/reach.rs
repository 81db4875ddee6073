//! How far connections reach: which of the addresses that a host resolved to may be dialled.

use std::net::{IpAddr, SocketAddr};

use crate::address::{AddressClass, ipv4_inside};
use crate::origin::Origin;

/// How far an account's connections reach: to public addresses, and to the account's own endpoint if it has one.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    own: Option<Origin>,
}

impl Reach {
    /// To public addresses, and for the origin of the account's own endpoint to private ones too.
    pub fn new(own_endpoint: Option<Origin>) -> Self {
        Self { own: own_endpoint }
    }

    /// Judges all addresses that one lookup of `host` gave, with the port to dial; an IPv6 host may stand in brackets.
    /// Dial what comes back, and look nothing up again: a second answer could be another.
    ///
    /// # Errors
    ///
    /// When any address may not be dialled: one bad address among good ones is a sign that none is to be trusted.
    pub fn resolved(&self, host: &str, addresses: Vec<SocketAddr>) -> Result<Checked, Refused> {
        let refused = addresses.iter().find_map(|address| {
            let class = AddressClass::of(address.ip());
            let own = self.own.as_ref().is_some_and(|own| is(own, host, address.port()));
            let may = if own { class.may_be_own() } else { class.is_public() };
            (!may).then_some((address.ip(), class, own))
        });
        match refused {
            None => Ok(Checked(addresses)),
            Some((address, class, own)) => Err(Refused { host: host.to_owned(), address, class, own }),
        }
    }
}

/// Whether a host, with or without the brackets of an IPv6 address, is the own endpoint's.
fn is(own: &Origin, host: &str, port: u16) -> bool {
    own.port() == port && unbracketed(own.host()).eq_ignore_ascii_case(unbracketed(host))
}

fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Addresses that were judged and may be dialled, in the order of the lookup. Empty when the lookup found none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked(Vec<SocketAddr>);

impl Checked {
    /// The addresses, with their ports.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.0
    }
}

/// A host that resolved to an address that may not be dialled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{host}` resolves to {address}, {}{class}: {}", inside(*address), advice(*class, *own))]
pub struct Refused {
    /// The host, as it was looked up.
    pub host: String,
    /// The first of its addresses that may not be dialled.
    pub address: IpAddr,
    /// What that address is for.
    pub class: AddressClass,
    /// Whether the host is the account's own endpoint.
    pub own: bool,
}

fn inside(address: IpAddr) -> String {
    ipv4_inside(address).map(|inside| format!("which holds {inside}, ")).unwrap_or_default()
}

fn advice(class: AddressClass, own: bool) -> &'static str {
    match (own, class.may_be_own()) {
        (true, _) => "an endpoint of your own must have a public, private or loopback address",
        (false, true) => {
            "a vendor is reached at public addresses only; if this is an installation of your own, make it the account's \
             `endpoint`"
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

    fn own(url: &str) -> Reach {
        Reach::new(Some(url.parse().unwrap()))
    }

    #[test]
    fn public_addresses_are_handed_back_as_they_came() {
        let found = addresses(&["8.8.8.8", "2a00::1", "64:ff9b::8.8.8.8"]);
        let checked = Reach::default().resolved("api.example.com", found.clone()).unwrap();
        assert_eq!(checked.addresses(), found);
        assert_eq!(Reach::default().resolved("api.example.com", Vec::new()).unwrap().addresses(), []);
    }

    #[test]
    fn one_bad_address_among_good_ones_refuses_them_all() {
        for mixed in [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2a00::1", "::ffff:10.0.0.1"]] {
            let refused = Reach::default().resolved("api.example.com", addresses(&mixed)).unwrap_err();
            assert_eq!((refused.host.as_str(), refused.class), ("api.example.com", AddressClass::Private));
        }
    }

    #[test]
    fn a_refusal_names_the_host_the_address_and_its_class_in_one_sentence() {
        for (address, message) in [
            (
                "10.0.0.1",
                "`api.example.com` resolves to 10.0.0.1, a private address: a vendor is reached at public addresses \
                 only; if this is an installation of your own, make it the account's `endpoint`",
            ),
            (
                "64:ff9b::a9fe:a9fe",
                "`api.example.com` resolves to 64:ff9b::a9fe:a9fe, which holds 169.254.169.254, a cloud's metadata \
                 address: a vendor is reached at public addresses only; ask whoever runs its DNS, or yours",
            ),
        ] {
            let refused = Reach::default().resolved("api.example.com", addresses(&[address])).unwrap_err();
            assert_eq!(refused.to_string(), message);
        }
    }

    #[test]
    fn an_accounts_own_endpoint_may_be_private_and_nothing_else_may() {
        for address in ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "8.8.8.8"] {
            let found = addresses(&[address]);
            assert!(own("https://vendor.intern").resolved("Vendor.intern", found.clone()).is_ok(), "{address}");
            assert!(address == "8.8.8.8" || own("https://vendor.intern").resolved("x.intern", found.clone()).is_err());
            assert!(
                address == "8.8.8.8" || own("https://vendor.intern:8443").resolved("vendor.intern", found).is_err()
            );
        }
    }

    #[test]
    fn no_endpoint_of_ones_own_is_a_metadata_service_or_a_group() {
        for address in ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "224.0.0.1", "fe80::1"] {
            let refused = own("https://vendor.intern").resolved("vendor.intern", addresses(&[address])).unwrap_err();
            assert!(refused.to_string().ends_with("must have a public, private or loopback address"), "{refused}");
        }
    }

    #[test]
    fn an_endpoint_that_is_an_address_is_known_with_and_without_its_brackets() {
        let found = vec!["[::1]:8443".parse().unwrap()];
        for host in ["::1", "[::1]"] {
            assert!(own("https://[::1]:8443").resolved(host, found.clone()).is_ok(), "{host}");
        }
        assert!(own("https://[::1]:8443").resolved("::2", found).is_err());
    }
}
