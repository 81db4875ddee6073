//! What WASI offers, without a library that may have given up before asking.

use bindings::wasi::filesystem::preopens;
use bindings::wasi::sockets::network::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Network};
use bindings::wasi::sockets::{instance_network, ip_name_lookup, tcp_create_socket, udp_create_socket};

use crate::{Attempt, told};

#[allow(missing_docs, unsafe_code, unreachable_pub, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "
            package test:ambient;
            world looks-around {
                import wasi:filesystem/preopens@0.2.6;
                import wasi:filesystem/types@0.2.6;
                import wasi:sockets/instance-network@0.2.6;
                import wasi:sockets/ip-name-lookup@0.2.6;
                import wasi:sockets/tcp-create-socket@0.2.6;
                import wasi:sockets/udp-create-socket@0.2.6;
            }
        ",
        world: "test:ambient/looks-around",
        generate_all,
    });
}

pub(crate) fn attempts(port: u16) -> Vec<Attempt> {
    let network = instance_network::instance_network();
    let address = IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (127, 0, 0, 1) });
    let directories: Vec<String> = preopens::get_directories().into_iter().map(|(_, path)| path).collect();
    let directories = if directories.is_empty() { Err("there are none") } else { Ok(directories.join(",")) };
    vec![
        told("wasi: list the directories", directories, |paths| paths),
        told("wasi: connect by TCP", connect(&network, address), |()| String::new()),
        told("wasi: listen", listen(&network), |()| String::new()),
        told("wasi: bind for UDP", bind(&network), |()| String::new()),
        told("wasi: send by UDP", send(address), |sent| format!("{sent} sent")),
        told("wasi: resolve a name", resolve(&network, "localhost"), |found| found),
        told("wasi: resolve an address", resolve(&network, "127.0.0.1"), |found| found),
    ]
}

fn connect(network: &Network, address: IpSocketAddress) -> Result<(), String> {
    let socket = tcp_create_socket::create_tcp_socket(IpAddressFamily::Ipv4).map_err(|error| format!("{error:?}"))?;
    socket.start_connect(network, address).map_err(|error| format!("{error:?}"))?;
    socket.subscribe().block();
    socket.finish_connect().map(drop).map_err(|error| format!("{error:?}"))
}

fn listen(network: &Network) -> Result<(), String> {
    let socket = tcp_create_socket::create_tcp_socket(IpAddressFamily::Ipv4).map_err(|error| format!("{error:?}"))?;
    let any = IpSocketAddress::Ipv4(Ipv4SocketAddress { port: 0, address: (127, 0, 0, 1) });
    socket.start_bind(network, any).and_then(|()| socket.finish_bind()).map_err(|error| format!("{error:?}"))?;
    socket.start_listen().and_then(|()| socket.finish_listen()).map_err(|error| format!("{error:?}"))
}

fn bind(network: &Network) -> Result<(), String> {
    let socket = udp_create_socket::create_udp_socket(IpAddressFamily::Ipv4).map_err(|error| format!("{error:?}"))?;
    let any = IpSocketAddress::Ipv4(Ipv4SocketAddress { port: 0, address: (127, 0, 0, 1) });
    socket.start_bind(network, any).and_then(|()| socket.finish_bind()).map_err(|error| format!("{error:?}"))
}

fn send(address: IpSocketAddress) -> Result<u64, String> {
    let socket = udp_create_socket::create_udp_socket(IpAddressFamily::Ipv4).map_err(|error| format!("{error:?}"))?;
    let (_incoming, outgoing) = socket.stream(Some(address)).map_err(|error| format!("{error:?}"))?;
    outgoing.check_send().map_err(|error| format!("{error:?}"))?;
    let datagram = bindings::wasi::sockets::udp::OutgoingDatagram { data: b"hello".to_vec(), remote_address: None };
    outgoing.send(&[datagram]).map_err(|error| format!("{error:?}"))
}

fn resolve(network: &Network, name: &str) -> Result<String, String> {
    let stream = ip_name_lookup::resolve_addresses(network, name).map_err(|error| format!("{error:?}"))?;
    stream.subscribe().block();
    match stream.resolve_next_address() {
        Ok(Some(address)) => Ok(format!("{address:?}")),
        Ok(None) => Err("no address".to_owned()),
        Err(error) => Err(format!("{error:?}")),
    }
}
