//! Addresses: which are on the public internet, and what the others are for.
//!
//! The tables follow IANA's IPv4 and IPv6 Special-Purpose Address Registries and its IPv6 Address Space registry. They
//! are stricter in one respect: a block that is set aside for a protocol is not public here even where the registries
//! call it globally reachable, such as the anycast addresses of AS112 and AMT. No vendor's API lives there.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

/// What an address is for. Only [`Public`](Self::Public) is dialled at a vendor.
///
/// `Display` writes it as a noun with its article, such as "a private address".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressClass {
    /// Unicast on the public internet.
    Public,
    /// `0.0.0.0` and `::`, which many systems take for the machine itself.
    Unspecified,
    /// The rest of `0.0.0.0/8`, "this network".
    ThisNetwork,
    /// The machine itself.
    Loopback,
    /// A private network (RFC 1918).
    Private,
    /// A private network of IPv6 (RFC 4193).
    UniqueLocal,
    /// A private network of IPv6 as it was before RFC 3879.
    SiteLocal,
    /// One link.
    LinkLocal,
    /// Where a cloud tells its machines who they are, often with credentials.
    Metadata,
    /// Behind a provider's address translation (RFC 6598); overlay networks use it too.
    Shared,
    /// A group of machines.
    Multicast,
    /// Every machine of a network.
    Broadcast,
    /// For examples in texts.
    Documentation,
    /// For measuring devices.
    Benchmarking,
    /// Set aside by the IETF for a protocol.
    ProtocolAssignment,
    /// Traffic to be thrown away (RFC 6666).
    DiscardOnly,
    /// A hash of a key rather than a place (RFC 4843, RFC 7343).
    Orchid,
    /// An instruction for a router (RFC 9602).
    SegmentRouting,
    /// A network's own translation to IPv4 (RFC 8215), with a public address inside.
    LocalTranslation,
    /// 6to4 (RFC 3056), with a public address inside.
    SixToFour,
    /// Teredo (RFC 4380), with a public address inside.
    Teredo,
    /// ISATAP (RFC 5214), with a public address inside.
    Isatap,
    /// IPv4-compatible (RFC 4291 section 2.5.5.1, deprecated), with a public address inside.
    Ipv4Compatible,
    /// IPv4-translated (RFC 2765), with a public address inside.
    Ipv4Translated,
    /// Not assigned for anything.
    Reserved,
}

impl AddressClass {
    /// The class of an address.
    ///
    /// One that holds an IPv4 address is judged by it: IPv4-mapped and NAT64 (`64:ff9b::/96`) addresses are the class of
    /// the address inside; the other forms take its class when it is special, and are a class of their own, never public,
    /// when it is not. A network's own NAT64 prefix that is carved out of its public addresses cannot be told from them.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_ipv4(address),
            IpAddr::V6(address) => of_ipv6(address),
        }
    }

    /// Whether this is unicast on the public internet.
    pub fn is_public(self) -> bool {
        self == Self::Public
    }

    /// Whether an account's endpoint override may have such an address: public, private or the machine itself.
    pub fn may_be_override(self) -> bool {
        matches!(self, Self::Public | Self::Private | Self::UniqueLocal | Self::Loopback | Self::Shared)
    }
}

impl fmt::Display for AddressClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Public => "a public address",
            Self::Unspecified => "the unspecified address",
            Self::ThisNetwork => "an address of \"this network\"",
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::UniqueLocal => "a unique local address",
            Self::SiteLocal => "a site-local address",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "a cloud's metadata address",
            Self::Shared => "an address shared behind a provider's translation",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "the broadcast address",
            Self::Documentation => "an address for documentation",
            Self::Benchmarking => "an address for benchmarks",
            Self::ProtocolAssignment => "an address set aside for a protocol",
            Self::DiscardOnly => "a discard-only address",
            Self::Orchid => "an ORCHID",
            Self::SegmentRouting => "a segment routing identifier",
            Self::LocalTranslation => "an address of a local translation to IPv4",
            Self::SixToFour => "a 6to4 address",
            Self::Teredo => "a Teredo address",
            Self::Isatap => "an ISATAP address",
            Self::Ipv4Compatible => "an IPv4-compatible address",
            Self::Ipv4Translated => "an IPv4-translated address",
            Self::Reserved => "a reserved address",
        })
    }
}

/// A block of addresses: its first, the length of its prefix in bits, and what it is for.
type Block<Address> = (Address, u32, AddressClass);

/// The first block that holds an address decides: those within others stand before them.
const IPV4: [Block<Ipv4Addr>; 27] = {
    use AddressClass::*;
    [
        // Metadata services; the clouds' own documentation names them.
        (Ipv4Addr::new(169, 254, 169, 254), 32, Metadata), // most clouds
        (Ipv4Addr::new(169, 254, 170, 2), 32, Metadata),   // credentials of container tasks
        (Ipv4Addr::new(169, 254, 170, 23), 32, Metadata),  // credentials of Kubernetes pods
        (Ipv4Addr::new(169, 254, 0, 23), 32, Metadata),
        (Ipv4Addr::new(169, 254, 42, 42), 32, Metadata),
        (Ipv4Addr::new(100, 100, 100, 200), 32, Metadata),
        (Ipv4Addr::new(168, 63, 129, 16), 32, Metadata), // looks public
        (Ipv4Addr::new(192, 0, 0, 192), 32, Metadata),
        // The registry.
        (Ipv4Addr::new(0, 0, 0, 0), 32, Unspecified), // RFC 1122 section 3.2.1.3
        (Ipv4Addr::new(0, 0, 0, 0), 8, ThisNetwork),  // RFC 791 section 3.2
        (Ipv4Addr::new(10, 0, 0, 0), 8, Private),     // RFC 1918
        (Ipv4Addr::new(100, 64, 0, 0), 10, Shared),   // RFC 6598
        (Ipv4Addr::new(127, 0, 0, 0), 8, Loopback),   // RFC 1122 section 3.2.1.3
        (Ipv4Addr::new(169, 254, 0, 0), 16, LinkLocal), // RFC 3927
        (Ipv4Addr::new(172, 16, 0, 0), 12, Private),  // RFC 1918
        (Ipv4Addr::new(192, 0, 0, 0), 24, ProtocolAssignment), // RFC 6890 section 2.1, with all that lies within
        (Ipv4Addr::new(192, 0, 2, 0), 24, Documentation), // RFC 5737
        (Ipv4Addr::new(192, 31, 196, 0), 24, ProtocolAssignment), // AS112, RFC 7535
        (Ipv4Addr::new(192, 52, 193, 0), 24, ProtocolAssignment), // AMT, RFC 7450
        (Ipv4Addr::new(192, 88, 99, 0), 24, ProtocolAssignment), // 6to4 relays, RFC 7526
        (Ipv4Addr::new(192, 168, 0, 0), 16, Private), // RFC 1918
        (Ipv4Addr::new(192, 175, 48, 0), 24, ProtocolAssignment), // AS112, RFC 7534
        (Ipv4Addr::new(198, 18, 0, 0), 15, Benchmarking), // RFC 2544
        (Ipv4Addr::new(198, 51, 100, 0), 24, Documentation), // RFC 5737
        (Ipv4Addr::new(203, 0, 113, 0), 24, Documentation), // RFC 5737
        (Ipv4Addr::new(224, 0, 0, 0), 4, Multicast),  // RFC 5771
        (Ipv4Addr::new(255, 255, 255, 255), 32, Broadcast), // RFC 8190
    ]
};

/// What is left above multicast, RFC 1112 section 4.
const IPV4_RESERVED: u8 = 240;

const IPV6: [Block<Ipv6Addr>; 22] = {
    use AddressClass::*;
    [
        // Metadata services and credentials of pods; the clouds' own documentation names them.
        (Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), 128, Metadata),
        (Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23), 128, Metadata),
        (Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254), 128, Metadata),
        (Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42), 128, Metadata),
        (Ipv6Addr::new(0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe), 128, Metadata),
        (Ipv6Addr::new(0xfd00, 0xa9fe, 0xa9fe, 0, 0, 0, 0, 1), 128, Metadata),
        (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0xa9fe, 0xa9fe), 128, Metadata),
        // The registries.
        (Ipv6Addr::UNSPECIFIED, 128, Unspecified), // RFC 4291
        (Ipv6Addr::LOCALHOST, 128, Loopback),      // RFC 4291
        (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, DiscardOnly), // RFC 6666
        (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48, Benchmarking), // RFC 5180
        (Ipv6Addr::new(0x2001, 0x10, 0, 0, 0, 0, 0, 0), 28, Orchid), // RFC 4843
        (Ipv6Addr::new(0x2001, 0x20, 0, 0, 0, 0, 0, 0), 28, Orchid), // RFC 7343
        (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, ProtocolAssignment), // RFC 2928, with all that lies within
        (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Documentation), // RFC 3849
        (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48, ProtocolAssignment), // AS112, RFC 7534
        (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Documentation), // RFC 9637
        (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, SegmentRouting), // RFC 9602
        (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, UniqueLocal), // RFC 4193
        (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, LinkLocal), // RFC 4291
        (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, SiteLocal), // RFC 3879
        (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Multicast), // RFC 4291
    ]
};

/// `2000::/3`, the only part of IPv6 that global unicast is assigned from.
const IPV6_UNICAST: RangeInclusive<u16> = 0x2000..=0x3fff;

fn of_ipv4(address: Ipv4Addr) -> AddressClass {
    let listed = IPV4.iter().find(|(first, length, _)| (address.to_bits() ^ first.to_bits()) >> (32 - length) == 0);
    match listed {
        Some((_, _, class)) => *class,
        None if address.octets()[0] >= IPV4_RESERVED => AddressClass::Reserved,
        None => AddressClass::Public,
    }
}

fn of_ipv6(address: Ipv6Addr) -> AddressClass {
    if let Some(inside) = Inside::of(address) {
        return match of_ipv4(inside.address) {
            AddressClass::Public => inside.otherwise,
            special => special,
        };
    }
    let listed = IPV6.iter().find(|(first, length, _)| (address.to_bits() ^ first.to_bits()) >> (128 - length) == 0);
    match listed {
        Some((_, _, class)) => *class,
        None if IPV6_UNICAST.contains(&address.segments()[0]) => AddressClass::Public,
        None => AddressClass::Reserved,
    }
}

/// The IPv4 address inside an IPv6 address, and the class when that one is public.
struct Inside {
    address: Ipv4Addr,
    otherwise: AddressClass,
}

impl Inside {
    fn of(address: Ipv6Addr) -> Option<Self> {
        use AddressClass::*;
        let joined = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
        let (address, otherwise) = match address.segments() {
            [0, 0, 0, 0, 0, 0xffff, high, low] => (joined(high, low), Public), // RFC 4291 section 2.5.5.2
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => (joined(high, low), Public), // RFC 6052
            [0, 0, 0, 0, 0, 0, 0, 0 | 1] => return None,                       // unspecified and loopback
            [0, 0, 0, 0, 0, 0, high, low] => (joined(high, low), Ipv4Compatible),
            [0, 0, 0, 0, 0xffff, 0, high, low] => (joined(high, low), Ipv4Translated),
            [0x64, 0xff9b, 1, .., high, low] => (joined(high, low), LocalTranslation),
            [0x2002, high, low, ..] => (joined(high, low), SixToFour),
            // The client's address is stored inverted.
            [0x2001, 0, .., high, low] => (joined(!high, !low), Teredo),
            [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => (joined(high, low), Isatap),
            _ => return None,
        };
        Some(Self { address, otherwise })
    }
}

/// The IPv4 address that an IPv6 address holds, if it holds one.
pub(crate) fn ipv4_inside(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Inside::of(address).map(|inside| inside.address),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::AddressClass::*;
    use super::*;

    /// The registries once more, as they are printed: block, class of all of it, RFC.
    const REGISTRY: &[(&str, AddressClass, &str)] = &[
        ("0.0.0.0/32", Unspecified, "RFC 1122"),
        ("0.0.0.1/32", ThisNetwork, "RFC 791"),
        ("0.128.0.0/9", ThisNetwork, "RFC 791"),
        ("10.0.0.0/8", Private, "RFC 1918"),
        ("100.64.0.0/10", Shared, "RFC 6598"),
        ("127.0.0.0/8", Loopback, "RFC 1122"),
        ("169.254.0.0/16", LinkLocal, "RFC 3927"),
        ("172.16.0.0/12", Private, "RFC 1918"),
        ("192.0.0.0/24", ProtocolAssignment, "RFC 6890"),
        ("192.0.0.0/29", ProtocolAssignment, "RFC 7335"),
        ("192.0.0.8/32", ProtocolAssignment, "RFC 7600"),
        ("192.0.0.9/32", ProtocolAssignment, "RFC 7723"),
        ("192.0.0.10/32", ProtocolAssignment, "RFC 8155"),
        ("192.0.0.170/31", ProtocolAssignment, "RFC 8880"),
        ("192.0.2.0/24", Documentation, "RFC 5737"),
        ("192.31.196.0/24", ProtocolAssignment, "RFC 7535"),
        ("192.52.193.0/24", ProtocolAssignment, "RFC 7450"),
        ("192.88.99.0/24", ProtocolAssignment, "RFC 7526"),
        ("192.88.99.2/32", ProtocolAssignment, "RFC 6751"),
        ("192.168.0.0/16", Private, "RFC 1918"),
        ("192.175.48.0/24", ProtocolAssignment, "RFC 7534"),
        ("198.18.0.0/15", Benchmarking, "RFC 2544"),
        ("198.51.100.0/24", Documentation, "RFC 5737"),
        ("203.0.113.0/24", Documentation, "RFC 5737"),
        ("224.0.0.0/4", Multicast, "RFC 5771"),
        ("240.0.0.0/5", Reserved, "RFC 1112"),
        ("255.0.0.0/9", Reserved, "RFC 1112"),
        ("255.255.255.254/32", Reserved, "RFC 1112"),
        ("255.255.255.255/32", Broadcast, "RFC 8190"),
        ("::/128", Unspecified, "RFC 4291"),
        ("::1/128", Loopback, "RFC 4291"),
        ("100::/64", DiscardOnly, "RFC 6666"),
        ("100:0:0:1::/64", Reserved, "RFC 9780"),
        ("200::/7", Reserved, "RFC 4048"),
        ("400::/6", Reserved, "RFC 4291"),
        ("1000::/4", Reserved, "RFC 4291"),
        ("2001:1::/32", ProtocolAssignment, "RFC 2928"),
        ("2001:1::1/128", ProtocolAssignment, "RFC 7723"),
        ("2001:1::2/128", ProtocolAssignment, "RFC 8155"),
        ("2001:1::3/128", ProtocolAssignment, "RFC 9665"),
        ("2001:2::/48", Benchmarking, "RFC 5180"),
        ("2001:3::/32", ProtocolAssignment, "RFC 7450"),
        ("2001:4:112::/48", ProtocolAssignment, "RFC 7535"),
        ("2001:10::/28", Orchid, "RFC 4843"),
        ("2001:20::/28", Orchid, "RFC 7343"),
        ("2001:30::/28", ProtocolAssignment, "RFC 9374"),
        ("2001:100::/24", ProtocolAssignment, "RFC 2928"),
        ("2001:db8::/32", Documentation, "RFC 3849"),
        ("2620:4f:8000::/48", ProtocolAssignment, "RFC 7534"),
        ("3fff::/20", Documentation, "RFC 9637"),
        ("4000::/3", Reserved, "RFC 4291"),
        ("5f00::/16", SegmentRouting, "RFC 9602"),
        ("6000::/3", Reserved, "RFC 4291"),
        ("8000::/3", Reserved, "RFC 4291"),
        ("a000::/3", Reserved, "RFC 4291"),
        ("c000::/3", Reserved, "RFC 4291"),
        ("e000::/4", Reserved, "RFC 4291"),
        ("f000::/5", Reserved, "RFC 4291"),
        ("f800::/6", Reserved, "RFC 4291"),
        ("fc00::/7", UniqueLocal, "RFC 4193"),
        ("fe00::/9", Reserved, "RFC 4291"),
        ("fe80::/10", LinkLocal, "RFC 4291"),
        ("fec0::/10", SiteLocal, "RFC 3879"),
        ("ff00::/8", Multicast, "RFC 4291"),
    ];

    /// Blocks that are nothing special, among them the neighbours of those that are.
    const PUBLIC: &[&str] = &[
        "1.0.0.0/8",
        "8.8.8.8/32",
        "9.255.255.255/32",
        "11.0.0.0/32",
        "100.63.255.255/32",
        "100.128.0.0/32",
        "126.255.255.255/32",
        "128.0.0.0/32",
        "168.63.129.15/32",
        "168.63.129.17/32",
        "169.253.255.255/32",
        "169.255.0.0/32",
        "172.15.255.255/32",
        "172.32.0.0/32",
        "191.255.255.255/32",
        "192.0.1.0/24",
        "192.0.3.0/24",
        "192.31.195.255/32",
        "192.31.197.0/32",
        "192.52.192.255/32",
        "192.52.194.0/32",
        "192.88.98.255/32",
        "192.88.100.0/32",
        "192.167.255.255/32",
        "192.169.0.0/32",
        "192.175.47.255/32",
        "192.175.49.0/32",
        "198.17.255.255/32",
        "198.20.0.0/32",
        "198.51.99.255/32",
        "198.51.101.0/32",
        "203.0.112.255/32",
        "203.0.114.0/32",
        "223.255.255.255/32",
        "2000::/16",
        "2001:200::/23",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff/128",
        "2001:db9::/128",
        "2001:4860:4860::8888/128",
        "2003::/16",
        "2400::/12",
        "2600::/12",
        "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff/128",
        "2620:4f:8001::/128",
        "2a00::/12",
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
        "3fff:1000::/128",
    ];

    const METADATA: &[&str] = &[
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "169.254.0.23",
        "169.254.42.42",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fd00:42::42",
        "fd00:c1::a9fe:a9fe",
        "fd00:a9fe:a9fe::1",
        "fe80::a9fe:a9fe",
        "::ffff:169.254.169.254",
        "64:ff9b::a83f:8110",
        "2002:6464:64c8::1",
    ];

    fn class(address: &str) -> AddressClass {
        AddressClass::of(address.parse().unwrap())
    }

    /// The first and last addresses of a block, and one that differs from the first in every bit that may.
    fn ends(block: &str) -> [IpAddr; 2] {
        let (first, length) = block.split_once('/').unwrap();
        let length: u32 = length.parse().unwrap();
        match first.parse().unwrap() {
            IpAddr::V4(first) => {
                let rest = u32::MAX.checked_shr(length).unwrap_or(0);
                assert_eq!(first.to_bits() & rest, 0, "{block}");
                [first.into(), Ipv4Addr::from_bits(first.to_bits() | rest).into()]
            }
            IpAddr::V6(first) => {
                let rest = u128::MAX.checked_shr(length).unwrap_or(0);
                assert_eq!(first.to_bits() & rest, 0, "{block}");
                [first.into(), Ipv6Addr::from_bits(first.to_bits() | rest).into()]
            }
        }
    }

    #[test]
    fn both_ends_of_every_special_block_are_what_the_registries_say() {
        for (block, class, rfc) in REGISTRY {
            for address in ends(block) {
                assert_eq!(AddressClass::of(address), *class, "{address} of {block}, {rfc}");
            }
        }
    }

    #[test]
    fn both_ends_of_ordinary_blocks_are_public_also_beside_special_ones() {
        for block in PUBLIC {
            for address in ends(block) {
                assert_eq!(AddressClass::of(address), Public, "{address} of {block}");
            }
        }
    }

    #[test]
    fn a_metadata_address_is_one_whatever_block_it_lies_in() {
        for address in METADATA {
            assert_eq!(class(address), Metadata, "{address}");
        }
    }

    #[test]
    fn a_public_address_inside_another_is_public_only_where_that_is_how_it_is_reached() {
        for (address, expected) in [
            ("::ffff:8.8.8.8", Public),
            ("64:ff9b::8.8.8.8", Public),
            ("64:ff9b:1::8.8.8.8", LocalTranslation),
            ("64:ff9b:1:ffff:ffff:ffff:8.8.8.8", LocalTranslation),
            ("::8.8.8.8", Ipv4Compatible),
            ("::ffff:0:8.8.8.8", Ipv4Translated),
            ("2002:808:808::", SixToFour),
            ("2002:808:808:ffff:ffff:ffff:ffff:ffff", SixToFour),
            ("2001:0:102:304:0:ffff:f7f7:f7f7", Teredo),
            ("2a00::5efe:808:808", Isatap),
            ("2a00::200:5efe:808:808", Isatap),
        ] {
            assert_eq!(class(address), expected, "{address}");
        }
    }

    #[test]
    fn a_prefix_beside_a_translators_is_nothing_special_to_it() {
        for address in ["64:ff9a::8.8.8.8", "64:ff9b::1:8.8.8.8", "64:ff9b:2::8.8.8.8", "::1:8.8.8.8", "::fffe:8.8.8.8"]
        {
            assert_eq!(class(address), Reserved, "{address}");
        }
    }

    /// Every form that holds an IPv4 address.
    fn forms(inside: Ipv4Addr) -> Vec<Ipv6Addr> {
        let [a, b, c, d] = inside.octets().map(u16::from);
        let (high, low) = (a << 8 | b, c << 8 | d);
        vec![
            inside.to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low),
            Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2001, 0, 0x808, 0x808, 0, 0, !high, !low),
            Ipv6Addr::new(0x2a00, 0, 0, 0, 0, 0x5efe, high, low),
            Ipv6Addr::new(0xfe80, 0, 0, 0, 0x200, 0x5efe, high, low),
        ]
    }

    #[test]
    fn whatever_holds_a_special_address_is_of_its_class() {
        let special = REGISTRY.iter().flat_map(|(block, ..)| ends(block));
        for address in special.chain(METADATA.iter().map(|address| address.parse().unwrap())) {
            let IpAddr::V4(inside) = address else { continue };
            for form in forms(inside) {
                assert_eq!(AddressClass::of(form.into()), AddressClass::of(address), "{form} of {inside}");
                assert_eq!(ipv4_inside(form.into()), Some(inside), "{form}");
            }
        }
    }

    #[test]
    fn every_class_has_words_of_its_own() {
        let mut words: Vec<String> = REGISTRY.iter().map(|(_, class, _)| class.to_string()).collect();
        words.sort();
        words.dedup();
        let mut classes: Vec<AddressClass> = REGISTRY.iter().map(|(_, class, _)| *class).collect();
        classes.sort_by_key(|class| *class as u8);
        classes.dedup();
        assert_eq!(words.len(), classes.len());
    }

    proptest! {
        #[test]
        fn every_address_of_a_special_block_is_of_its_class_or_metadata(
            index in 0..REGISTRY.len(),
            bits: u128,
        ) {
            let (block, expected, _) = REGISTRY[index];
            // Those of a block that others lie within are tested at its ends.
            prop_assume!(!["192.0.0.0/24", "2001:1::/32", "fe80::/10", "fec0::/10"].contains(&block));
            let [first, last] = ends(block);
            let address: IpAddr = match (first, last) {
                (IpAddr::V4(first), IpAddr::V4(last)) => {
                    let within = first.to_bits() ^ last.to_bits();
                    let bits = u32::try_from(bits >> 96).unwrap();
                    Ipv4Addr::from_bits(first.to_bits() | bits & within).into()
                }
                (IpAddr::V6(first), IpAddr::V6(last)) => {
                    Ipv6Addr::from_bits(first.to_bits() | bits & (first.to_bits() ^ last.to_bits())).into()
                }
                _ => unreachable!("both ends are of one family"),
            };
            let class = AddressClass::of(address);
            prop_assert!(class == expected || class == Metadata, "{} is {:?}", address, class);
        }

        #[test]
        fn an_address_inside_another_decides(inside: u32) {
            let inside = Ipv4Addr::from_bits(inside);
            let own = AddressClass::of(inside.into());
            for form in forms(inside) {
                let class = AddressClass::of(form.into());
                if own.is_public() {
                    let reached = matches!(form.segments(), [0, ..] | [0x64, 0xff9b, 0, ..]) && class == Public
                        || matches!(class, LocalTranslation | Ipv4Translated | SixToFour | Teredo | Isatap);
                    prop_assert!(reached, "{} is {:?}", form, class);
                } else {
                    prop_assert_eq!(class, own, "{}", form);
                }
            }
        }

        #[test]
        fn outside_global_unicast_nothing_of_ipv6_is_public_but_what_stands_for_ipv4(bits: u128) {
            let address = Ipv6Addr::from_bits(bits);
            let stands_for_ipv4 = matches!(address.segments(), [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, ..]);
            if AddressClass::of(address.into()).is_public() {
                prop_assert!(matches!(address.segments()[0], 0x2000..=0x3fff) || stands_for_ipv4);
            }
        }

        /// std's own judgement, as far as it is stable.
        #[test]
        fn what_std_calls_special_is_not_public(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation()
                || address.is_unspecified();
            prop_assert!(!(special && AddressClass::of(address.into()).is_public()), "{}", address);
        }
    }
}
