//! Processes that are killed at random times, and what the next one makes of it. Judged by what the vendor was sent, by what
//! it lists, and by what stands in the sink: never by the store alone.
//!
//! `KEYWRIGHT_KILLS=2000` kills that many processes in all, instead of 30; `KEYWRIGHT_SEED` chooses the times.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails its test")]

mod common;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::home::Home;
use common::{stderr, stdout};
use keywright_runtime::{
    Account, AccountConfig, Cache, Credential, EndpointOverride, Engine, EngineConfig, Filter, Outcome, Parts,
};
use serde_json::{Map, Value};

/// Vendors that keep markers, each with its own ways: to disable, to mark, to list, to verify.
const VENDORS: [&str; 5] = ["commercetools", "datadog", "imperva", "outscale", "scaleway"];

/// The longest time of a call in these installations. A killed process keeps its lease that long and a second more.
const CALL: &str = "2s";

#[test]
fn whenever_a_process_is_killed_no_key_is_lost_and_none_in_use_is_ended() {
    let kills = number("KEYWRIGHT_KILLS").unwrap_or(30);
    let seed = number("KEYWRIGHT_SEED").unwrap_or(0x6b65_7977);
    std::thread::scope(|scope| {
        for (index, vendor) in VENDORS.into_iter().enumerate() {
            // All of them together are as many as asked for.
            let share = (kills + index as u64) / VENDORS.len() as u64;
            scope.spawn(move || Killing::at(vendor, seed ^ (index as u64) << 32).kill_times(share));
        }
    });
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// An installation whose processes are killed.
struct Killing {
    home: Home,
    account: Account,
    random: Random,
    /// A key that someone made by hand.
    foreign: Credential,
    /// Requests to make a key, by the marker in them.
    creations: BTreeMap<String, usize>,
    /// The id at the vendor of each generation that was seen in the sink.
    ids: RefCell<BTreeMap<u64, String>>,
    /// How long a process takes when it is not killed.
    usual: Duration,
}

impl Killing {
    fn at(vendor: &'static str, seed: u64) -> Self {
        let home = Home::at(vendor);
        home.configure("grace = \"0\"\nsoak = \"0\"\ngate-on-use = false", &home.sample());
        let config = home.file("keywright.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, text.replace("call = \"4s\"", &format!("call = \"{CALL}\""))).unwrap();
        home.succeed(&["init"]);
        let account = account(&home);
        let by_hand = home.simulator.vendor().issue_by_hand();
        let foreign = home.block_on(account.import(&by_hand)).unwrap();
        home.succeed(&["apply"]);
        let began = Instant::now();
        home.succeed(&["rotate", "ci"]);
        let usual = began.elapsed();
        Self {
            home,
            account,
            random: Random(seed),
            foreign,
            creations: BTreeMap::new(),
            ids: RefCell::default(),
            usual,
        }
    }

    fn kill_times(mut self, times: u64) {
        let mut killed_at_work = 0;
        for _ in 0..times {
            let in_use = self.show()["current"].is_u64();
            let arguments: &[&str] = match (in_use, self.random.below(5)) {
                (false, _) => &["apply"],
                (true, 0) => &["revoke", "ci", "--yes"],
                (true, _) => &["rotate", "ci"],
            };
            let sent = self.home.simulator.requests().len();
            if self.kill(arguments) && self.home.simulator.requests().len() > sent {
                killed_at_work += 1;
            }
            self.expect_sink_works(arguments[0] == "revoke");
            self.recover(arguments[0]);
            self.expect_nothing_lost();
        }
        assert!(times < 5 || killed_at_work > 0, "no process was killed while it was at work");
        assert!(!self.creations.is_empty());
    }

    /// Runs it until a random time; whether it still ran then.
    fn kill(&mut self, arguments: &[&str]) -> bool {
        let most = u64::try_from(self.usual.as_micros()).unwrap() * 6 / 5;
        let ends = Instant::now() + Duration::from_micros(self.random.below(most));
        let mut child = self.start(arguments);
        while Instant::now() < ends {
            match arguments[0] {
                "revoke" => std::thread::sleep(Duration::from_millis(1)),
                _ => self.expect_sink_works(false),
            }
        }
        child.kill().unwrap();
        child.wait().unwrap().signal().is_some()
    }

    fn start(&self, arguments: &[&str]) -> Child {
        let asked = self.home.command(arguments);
        let mut command = Command::new(asked.get_program());
        command.args(asked.get_args()).current_dir(asked.get_current_dir().unwrap()).env_clear();
        command.envs(asked.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Goes on until nothing is left to do.
    fn recover(&self, killed: &str) {
        let vendor = self.home.vendor;
        let recovered = self.home.command(&["recover", "ci", "--wait", "1m"]).output().unwrap();
        assert!(recovered.status.success(), "{vendor}, {killed}: {}", stderr(&recovered));
        let status = self.home.command(&["status"]).output().unwrap();
        assert!(status.status.success(), "{vendor}, {killed}: {}", stdout(&status));
    }

    /// Whoever reads the sink has a key that works. While the credential is being revoked, the sink may still hold what was
    /// ended.
    fn expect_sink_works(&self, revoking: bool) {
        let mut before = self.sink();
        loop {
            let Some((generation, parts)) = &before else { return };
            let id = self.id_of(*generation);
            let verdict = self.home.block_on(self.account.verify(&id, parts)).unwrap();
            if verdict.outcome == Outcome::Active || revoking {
                return;
            }
            // It may have been replaced since it was read.
            let now = self.sink();
            let same = now.as_ref().is_some_and(|(now, _)| now == generation);
            assert!(!same, "{}: generation {generation} in the sink: {}", self.home.vendor, verdict.explanation);
            before = now;
        }
    }

    fn id_of(&self, generation: u64) -> String {
        let shown = || self.show()["generations"][generation.to_string()]["vendor_id"].as_str().unwrap().to_owned();
        self.ids.borrow_mut().entry(generation).or_insert_with(shown).clone()
    }

    /// The generation that the sink holds, and its parts.
    fn sink(&self) -> Option<(u64, Parts)> {
        let text = std::fs::read(self.home.file("out/ci.json")).ok().filter(|text| !text.is_empty())?;
        let mut members: Map<String, Value> = serde_json::from_slice(&text).unwrap();
        let generation = members.remove("keywright").unwrap()["generation"].as_u64().unwrap();
        let parts = members.into_iter().map(|(name, value)| (name, value.as_str().unwrap().to_owned()));
        Some((generation, parts.collect()))
    }

    /// After recovery: each request to make a key was sent once, each live key with a marker is known, the one in use lives,
    /// and what was made by hand is as it was.
    fn expect_nothing_lost(&mut self) {
        let vendor = self.home.vendor;
        for request in self.home.simulator.requests().iter().filter(|request| request.operation == Some("create")) {
            let text = format!("{} {}", request.query.as_deref().unwrap_or(""), String::from_utf8_lossy(&request.body));
            let marker = marker_in(&text).unwrap_or_else(|| panic!("{vendor}: a creation without a marker"));
            *self.creations.entry(marker).or_default() += 1;
        }
        self.home.simulator.clear_requests();
        let repeated = self.creations.iter().find(|(_, times)| **times > 1);
        assert!(repeated.is_none(), "{vendor}: {repeated:?} was sent more than once");

        let shown = self.show();
        let generations = shown["generations"].as_object().unwrap();
        let live =
            |generation: &&Value| !["revoked", "void", "replaced"].contains(&generation["status"].as_str().unwrap());
        let known: BTreeSet<&str> =
            generations.values().filter(live).filter_map(|generation| generation["vendor_id"].as_str()).collect();
        let listed = self.list();
        let ours = listed.iter().filter(|it| it.marker.as_ref().is_some_and(|marker| marker.starts_with("kw")));
        let ours: BTreeSet<&str> = ours.map(|it| it.id.as_str()).collect();
        assert_eq!(ours, known, "{vendor}: what lives at the vendor, and what `show` knows");
        match shown["current"].as_u64() {
            Some(current) => {
                let id = shown["generations"][current.to_string()]["vendor_id"].as_str().unwrap();
                assert!(
                    listed.iter().any(|it| it.id == id && it.enabled),
                    "{vendor}: {id} is in use and does not live"
                );
                assert_eq!(self.sink().map(|(generation, _)| generation), Some(current), "{vendor}");
                self.expect_sink_works(false);
            }
            None => {
                let held = self.sink().map(|(generation, _)| generation);
                let history = || self.home.succeed(&["history", "ci"]);
                assert!(held.is_none() && ours.is_empty(), "{vendor}: left are {ours:?}, {held:?}: {}", history());
            }
        }
        let foreign = listed.iter().find(|it| it.id == self.foreign.id);
        let foreign = foreign.unwrap_or_else(|| panic!("{vendor}: what was made by hand is gone"));
        assert_eq!((foreign.enabled, &foreign.marker), (self.foreign.enabled, &self.foreign.marker), "{vendor}");
    }

    fn show(&self) -> Value {
        self.home.json(&["show", "ci"])
    }

    fn list(&self) -> Vec<Credential> {
        let properties = self.account.adapter().descriptor().attributes["properties"].clone();
        let demanded = |name: &String| properties[name]["x-keywright-filter"] == "required";
        let attributes = self.home.sample().into_iter().filter(|(name, _)| demanded(name)).collect();
        self.home.block_on(self.account.list_all(&Filter { marker: None, attributes })).unwrap()
    }
}

/// The account as the test itself uses it.
fn account(home: &Home) -> Account {
    let cache = Cache::At(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("kill-components"));
    let engine = Engine::new(EngineConfig { cache, ..EngineConfig::default() }).unwrap();
    let adapter = home.block_on(keywright_adapters::find(home.vendor).unwrap().load(&engine)).unwrap();
    let seeded = home.simulator.vendor().account();
    let config = AccountConfig {
        settings: seeded.settings.as_object().cloned().unwrap(),
        credential: seeded.credential.into_iter().collect(),
        endpoints: EndpointOverride::every(adapter.descriptor(), home.simulator.base_url()),
        ca_pem: home.simulator.ca_pem().map(str::to_owned),
        ..AccountConfig::default()
    };
    Account::new(&adapter, config).unwrap()
}

/// The marker in a request: the prefix, six characters of the installation, a dash, and the rest.
fn marker_in(text: &str) -> Option<String> {
    let is_of_marker = |it: char| matches!(it, 'a'..='z' | '2'..='7');
    text.match_indices("kw").find_map(|(at, _)| {
        let (head, rest) = text[at..].split_once('-')?;
        let rest: String = rest.chars().take_while(|it| is_of_marker(*it)).collect();
        (head.len() == 8 && head.chars().all(is_of_marker) && rest.len() >= 10).then(|| format!("{head}-{rest}"))
    })
}

/// SplitMix64: the same times for the same seed.
struct Random(u64);

impl Random {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}
