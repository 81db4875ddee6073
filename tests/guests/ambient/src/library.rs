//! What the standard library offers.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _, UdpSocket};
use std::path::Path;
use std::{env, fs, io};

use crate::{Attempt, told};

pub(crate) fn attempts(port: u16) -> Vec<Attempt> {
    let nothing = |()| String::new();
    let mut tried = vec![
        told("read a file", fs::read("/etc/hostname"), |bytes| format!("{bytes:?}")),
        told("read a relative file", fs::read("Cargo.toml"), |bytes| format!("{bytes:?}")),
        told("write a file", fs::write("/tmp/ambient", "here"), nothing),
        told("make a directory", fs::create_dir("ambient"), nothing),
        told("list the root", fs::read_dir("/"), |entries| format!("{} entries", entries.count())),
        told("list the current directory", fs::read_dir("."), |entries| format!("{} entries", entries.count())),
        told("look at a file", fs::metadata("/etc/passwd"), |found| format!("{found:?}")),
        told("remove a file", fs::remove_file("/tmp/ambient"), nothing),
        told("connect by TCP", TcpStream::connect(("127.0.0.1", port)).and_then(speak), |heard| heard),
        told("connect by TCP over IPv6", TcpStream::connect(("::1", port)).and_then(speak), |heard| heard),
        told("listen", TcpListener::bind("127.0.0.1:0"), |listener| format!("{listener:?}")),
        told("send by UDP", send(port), |sent| format!("{sent} bytes")),
        told("resolve a name", ("localhost", port).to_socket_addrs(), |found| {
            format!("{:?}", found.collect::<Vec<_>>())
        }),
        told("resolve another name", ("example.com", 443).to_socket_addrs(), |found| {
            format!("{} found", found.count())
        }),
    ];
    // What is there without an error has to be empty.
    let empty = |name: &str, is_empty: bool, what: String| {
        told(name, if is_empty { Err("there is none") } else { Ok(what) }, |what| what)
    };
    let variables: Vec<String> = env::vars().map(|(name, _)| name).collect();
    tried.push(empty("read the environment", variables.is_empty(), variables.join(",")));
    let arguments: Vec<String> = env::args().collect();
    tried.push(empty("read the arguments", arguments.is_empty(), arguments.join(" ")));
    let mut heard = String::new();
    let read = io::stdin().read_to_string(&mut heard);
    tried.push(empty("read standard input", read.is_err() || heard.is_empty(), heard));
    let exists = Path::new("/").exists() || Path::new(".").exists();
    tried.push(empty("find a directory", !exists, "it exists".to_owned()));
    tried
}

fn speak(mut stream: TcpStream) -> io::Result<String> {
    stream.write_all(b"hello")?;
    let mut heard = String::new();
    stream.read_to_string(&mut heard)?;
    Ok(heard)
}

fn send(port: u16) -> io::Result<usize> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.send_to(b"hello", ("127.0.0.1", port))
}
