//! A descriptor, checked.

use http::HeaderName;
use keywright_auth::{Scheme, Step};
use keywright_egress::{Rule, RuleSet, SecretSource};
use keywright_model::Operation;
use keywright_model::descriptor as model;
use keywright_model::descriptor::{Endpoint, ExpirySupport, LastUsedPrecision, Traits};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::DescriptorError;
use crate::extensions::{later, read, shorten};
use crate::part::{Origin, Part, Parts};
use crate::pattern::Pattern;
use crate::printable::is_unprintable;
use crate::{rules, schemes};

/// The longest schema, in bytes of JSON.
const LONGEST_SCHEMA: usize = 64 << 10;

/// The longest text that is shown to a person, in characters; patterns are the longest.
const LONGEST_TEXT: usize = 500;

/// All that an adapter says about itself, checked. Everything that depends on a vendor is derived from this.
#[derive(Clone, Debug, Serialize)]
pub struct Descriptor {
    /// The short name.
    pub vendor: String,
    /// A few words for a person.
    pub title: String,
    /// The version of the adapter.
    pub version: String,
    /// The operations that work.
    pub operations: Vec<Operation>,
    /// The JSON Schema of an account's settings.
    pub settings: Value,
    /// The JSON Schema of a credential's attributes.
    pub attributes: Value,
    /// Where the vendor is reached.
    pub endpoints: Vec<Endpoint>,
    /// What the adapter asks to send, and where the answers hold secrets: one line a rule. The requests for tokens and
    /// sessions, which the host sends itself, are among them, under [`AUTHENTICATE`](crate::AUTHENTICATE).
    #[serde(serialize_with = "as_lines")]
    pub rules: RuleSet,
    /// How requests are authenticated. The first is the one of a rule that names none.
    #[serde(serialize_with = "as_names")]
    pub schemes: Vec<Scheme>,
    /// What the administrator's credential is made of.
    pub administrator: Parts,
    /// What a credential that is made is made of.
    pub issued: Parts,
    /// The pattern that every id matches.
    pub id_pattern: Pattern,
    /// The forms of an id in words.
    pub id_forms: Vec<String>,
    /// What a lifecycle needs to know.
    pub traits: Traits,
    /// Members that this version does not define and passes over, by where they stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored_extensions: Vec<String>,
}

impl Descriptor {
    /// Reads what a component answers, and finds what contradicts itself.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, by the name of its element.
    pub fn read(model: model::Descriptor) -> Result<Self, DescriptorError> {
        if !is_name(&model.vendor) {
            return Err(name("the vendor", &model.vendor));
        }
        let mut ignored = Vec::new();
        let mut pass_over = |element: &str, extensions: &keywright_model::Extensions| {
            ignored.extend(read(element, extensions)?.keys().map(|name| format!("{element}: {}", shorten(name))));
            Ok::<(), DescriptorError>(())
        };
        pass_over("the descriptor", &model.extensions)?;
        for endpoint in &model.endpoints {
            pass_over(&format!("the endpoint `{}`", shorten(&endpoint.name)), &endpoint.extensions)?;
        }
        for (element, extensions) in extensions_of(&model.traits) {
            pass_over(element, extensions)?;
        }
        unique_names("endpoint", model.endpoints.iter().map(|endpoint| &*endpoint.name))?;
        model.endpoints.iter().try_for_each(rules::check_endpoint)?;
        unique_names("authentication scheme", model.schemes.iter().map(|scheme| &*scheme.name))?;
        let schemes: Vec<Scheme> = model.schemes.into_iter().map(schemes::read).collect::<Result<_, _>>()?;
        let mut rules: RuleSet = model
            .rules
            .into_iter()
            .enumerate()
            // Rules for operations of a later version only: this host calls none of them.
            .filter(|(_, rule)| !rule.operations.is_empty())
            .map(|(index, rule)| rules::read(index + 1, rule, &model.endpoints, &schemes))
            .collect::<Result<_, _>>()?;
        let own_rules = rules.rules.len();
        for scheme in &schemes {
            for rule in rules::of_scheme(scheme, &model.endpoints)? {
                // Two schemes may get their tokens at one place.
                if !rules.rules.contains(&rule) {
                    rules.rules.push(rule);
                }
            }
        }
        let pattern = Pattern::new(&model.id.pattern)
            .map_err(|cause| DescriptorError::Pattern { element: "ids".to_owned(), cause })?;
        let descriptor = Self {
            vendor: model.vendor.into_owned(),
            title: model.title.into_owned(),
            version: model.version.into_owned(),
            operations: model.operations,
            settings: schema("settings", &model.settings)?,
            attributes: schema("attributes", &model.attributes)?,
            endpoints: model.endpoints,
            rules,
            schemes,
            administrator: Parts::read("the administrator's credential", model.administrator)?,
            issued: Parts::read("an issued credential", model.issued)?,
            id_pattern: pattern,
            id_forms: model.id.forms.into_iter().map(std::borrow::Cow::into_owned).collect(),
            traits: model.traits,
            ignored_extensions: ignored,
        };
        descriptor.check_texts()?;
        descriptor.check_operations(own_rules)?;
        descriptor.check_variables()?;
        for (index, rule) in descriptor.rules.rules[..own_rules].iter().enumerate() {
            descriptor.check_rule(index + 1, rule)?;
        }
        descriptor.check_parts()?;
        descriptor.check_traits()?;
        Ok(descriptor)
    }

    /// The scheme of a rule.
    pub fn scheme(&self, name: Option<&str>) -> Option<&Scheme> {
        match name {
            None => self.schemes.first(),
            Some(name) => self.schemes.iter().find(|scheme| scheme.name == name),
        }
    }

    /// The parts of the credential that an operation is authenticated with.
    pub fn credential_of(&self, operation: Operation) -> &Parts {
        if operation == Operation::Verify { &self.issued } else { &self.administrator }
    }

    /// Whether the operation works.
    pub fn supports(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }

    /// The steps that this version does not define: an adapter that needs one has to be trusted with the administrator's
    /// credential.
    pub fn unknown_steps(&self) -> impl Iterator<Item = &str> {
        self.schemes.iter().flat_map(|scheme| &scheme.steps).filter_map(|step| match step {
            Step::Other { name } => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether a setting is secret: then the adapter gets a handle.
    pub fn is_secret_setting(&self, name: &str) -> bool {
        self.setting(name).is_some_and(|schema| flag(schema, "writeOnly"))
    }

    /// The names of the secret settings.
    pub fn secret_settings(&self) -> impl Iterator<Item = &str> {
        let settings = self.settings.get("properties").and_then(Value::as_object).into_iter().flatten();
        settings.filter(|(_, schema)| flag(schema, "writeOnly")).map(|(name, _)| name.as_str())
    }

    fn setting(&self, name: &str) -> Option<&Value> {
        self.settings.get("properties")?.get(name)
    }

    /// What is public of the value of a secret part of an issued credential, without the separator that ends it; none when
    /// nothing is.
    pub fn public_prefix<'v>(&self, part: &str, value: &'v str) -> Option<&'v str> {
        let mut secrets = self.rules.rules.iter().flat_map(|rule| &rule.secrets);
        let secret = secrets
            .find(|secret| secret.part.as_deref() == Some(part) && !secret.public_prefix_ends_with.is_empty())?;
        let public = secret.public_prefix(value);
        let separator = public.chars().next_back()?;
        public.strip_suffix(separator).filter(|public| !public.is_empty())
    }

    /// The texts for people, and the names that stand among them.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let parts = self.administrator.iter().chain(&self.issued);
        let parts = parts.flat_map(|part| [&part.name, &part.title].into_iter().chain(&part.environment));
        let marker = self.traits.marker.iter().map(|marker| &*marker.attribute);
        let headers = [&self.traits.rate.remaining_header, &self.traits.rate.reset_header];
        let own = [self.title.as_str(), &self.version, self.id_pattern.as_str()].into_iter();
        let patterns = self.administrator.iter().chain(&self.issued).filter_map(|part| part.pattern.as_ref());
        let urls = self.endpoints.iter().map(|endpoint| &*endpoint.url);
        own.chain(parts.map(String::as_str))
            .chain(patterns.map(Pattern::as_str))
            .chain(urls)
            .chain(self.id_forms.iter().map(String::as_str))
            .chain(marker)
            .chain(headers.into_iter().flatten().map(|name| &**name))
    }

    /// What is shown when a grant is asked for must be what is there to see, and not so much that it hides the rest.
    fn check_texts(&self) -> Result<(), DescriptorError> {
        if let Some(text) = self.texts().find(|text| text.contains(is_unprintable)) {
            return Err(DescriptorError::Unprintable(shorten(text)));
        }
        if let Some(text) = self.texts().find(|text| text.chars().count() > LONGEST_TEXT) {
            return Err(DescriptorError::LongText { text: shorten(text), most: LONGEST_TEXT });
        }
        let properties = |schema: &Value| schema.get("properties").and_then(Value::as_object).map_or(0, Map::len);
        let counts = [
            ("rules", self.rules.rules.len(), 200),
            ("endpoints", self.endpoints.len(), 50),
            ("authentication schemes", self.schemes.len(), 20),
            ("parts", self.administrator.iter().chain(&self.issued).count(), 40),
            ("forms of ids", self.id_forms.len(), 20),
            ("environment variables", self.variables().len(), 100),
            ("settings", properties(&self.settings), 100),
            ("attributes", properties(&self.attributes), 200),
        ];
        match counts.into_iter().find(|(_, count, most)| count > most) {
            Some((what, count, most)) => Err(DescriptorError::TooMany { what, count, most }),
            None => Ok(()),
        }
    }

    fn check_operations(&self, own_rules: usize) -> Result<(), DescriptorError> {
        for operation in &self.operations {
            if !self.rules.rules[..own_rules].iter().any(|rule| serves(rule, *operation)) {
                return Err(DescriptorError::NoRule(*operation));
            }
        }
        for (index, rule) in self.rules.rules[..own_rules].iter().enumerate() {
            for operation in Operation::ALL.into_iter().filter(|operation| serves(rule, *operation)) {
                if !self.supports(operation) {
                    return Err(DescriptorError::RuleOperation { number: index + 1, operation });
                }
            }
        }
        Ok(())
    }

    fn check_parts(&self) -> Result<(), DescriptorError> {
        for part in &self.administrator {
            if part.origin != Origin::Vendor {
                let how = format!("has the origin `{}`: only parts of issued credentials are made", part.origin.name());
                return Err(self.administrator.problem(&part.name, how));
            }
        }
        for part in &self.issued {
            let located = || {
                let secrets = self.rules.rules.iter().flat_map(|rule| &rule.secrets);
                secrets.filter(|secret| secret.part.as_deref() == Some(&*part.name))
            };
            if part.secret && part.identifies && !located().any(|secret| !secret.public_prefix_ends_with.is_empty()) {
                let how = "identifies the credential, and nothing of it is public: an id is shown, logged and stored, so \
                           it cannot be the secret";
                return Err(self.issued.problem(&part.name, how.to_owned()));
            }
            if part.secret && part.required && part.origin == Origin::Vendor && located().next().is_none() {
                let how = "is secret and made by the vendor, and no rule says where it stands in an answer";
                return Err(self.issued.problem(&part.name, how.to_owned()));
            }
        }
        Ok(())
    }

    fn check_rule(&self, number: usize, rule: &Rule) -> Result<(), DescriptorError> {
        for name in rule.secrets.iter().filter_map(|secret| secret.part.as_deref()) {
            if !self.issued.get(name).is_some_and(|part| part.secret && part.origin == Origin::Vendor) {
                return Err(DescriptorError::SecretPart { number, part: shorten(name) });
            }
        }
        for placement in &rule.sends {
            let known = match &placement.source {
                SecretSource::Part(name) => self.issued.get(name).is_some_and(|part| part.origin.is_sent()),
                SecretSource::Setting(name) => self.is_secret_setting(name),
            };
            if !known {
                let source_name = match &placement.source {
                    SecretSource::Part(name) => format!("parts.{}", shorten(name)),
                    SecretSource::Setting(name) => format!("settings.{}", shorten(name)),
                };
                return Err(DescriptorError::PlacementSource { number, source_name });
            }
        }
        let Some(scheme) = self.scheme(rule.scheme.as_deref()) else {
            return Err(DescriptorError::RuleScheme { number, name: String::new() });
        };
        for operation in Operation::ALL.into_iter().filter(|operation| serves(rule, *operation)) {
            self.check_scheme(number, scheme, operation)?;
        }
        Ok(())
    }

    /// A scheme authenticates with the parts of the credential of the call, and with a secret one that is always there: a
    /// verification that uses none of the credential's own would prove nothing of it.
    fn check_scheme(&self, number: usize, scheme: &Scheme, operation: Operation) -> Result<(), DescriptorError> {
        let parts = self.credential_of(operation);
        let credential = parts.credential();
        if let Some(part) = scheme.part_names().into_iter().find(|name| parts.get(name).is_none()) {
            let (scheme, part) = (scheme.name.clone(), shorten(part));
            return Err(DescriptorError::SchemePart { number, scheme, part, credential });
        }
        let carried_out = scheme.steps.iter().all(|step| !matches!(step, Step::Other { .. }));
        let must_prove = operation == Operation::Verify || !scheme.steps.is_empty();
        if carried_out
            && must_prove
            && !scheme.needs_secret(&|name| parts.get(name).is_some_and(|part: &Part| part.secret && part.required))
        {
            return Err(DescriptorError::SchemeWithoutSecret { number, scheme: scheme.name.clone(), credential });
        }
        Ok(())
    }

    fn check_traits(&self) -> Result<(), DescriptorError> {
        let traits = &self.traits;
        let wrong = |name: &'static str, how: &str| Err(DescriptorError::Trait { name, how: how.to_owned() });
        let expiry = &traits.expiry;
        if let ExpirySupport::Other(case) = &expiry.support {
            return Err(later("the trait `expiry`", case));
        }
        if expiry.required && expiry.support == ExpirySupport::None {
            return wrong("expiry", "is required, and the vendor is said to have none");
        }
        if expiry.granularity == 0 {
            return wrong("expiry", "has the granularity 0: the least is 1 second");
        }
        if let (Some(least), Some(most)) = (expiry.least, expiry.most)
            && least > most
        {
            return wrong("expiry", "has a least time that is more than its most");
        }
        if traits.last_used.precision == LastUsedPrecision::None && traits.last_used.lag.is_some() {
            return wrong("last-used", "has a lag, and the vendor is said to keep no time of last use");
        }
        if traits.quota.as_ref().is_some_and(|quota| quota.limit == Some(0)) {
            return wrong("quota", "has the limit 0: leave the limit out where the vendor does not say");
        }
        if traits.idempotency.as_ref().is_some_and(|idempotency| idempotency.window == Some(0)) {
            return wrong("idempotency", "has a window of 0 seconds: leave it out where the vendor does not say");
        }
        let headers = [&traits.rate.remaining_header, &traits.rate.reset_header];
        if let Some(name) = headers.into_iter().flatten().find(|name| HeaderName::from_bytes(name.as_bytes()).is_err())
        {
            return wrong("rate", &format!("names `{}`, which is not the name of a header", shorten(name)));
        }
        if let Some(marker) = &traits.marker {
            if marker.max_length == 0 {
                return wrong("marker", "has no room for one");
            }
            let attribute = self.attributes.get("properties").and_then(|properties| properties.get(&*marker.attribute));
            if attribute.is_none() {
                return wrong("marker", "names an attribute that the schema does not have");
            }
        }
        if traits.disabling.is_some() && !self.supports(Operation::SetEnabled) {
            return wrong("disabling", "is described, and `set-enabled` is not said to work");
        }
        if traits.lock_out.as_ref().is_some_and(|lock_out| lock_out.tries == 0) {
            return wrong("lock-out", "locks after 0 tries");
        }
        Ok(())
    }
}

fn serves(rule: &Rule, operation: Operation) -> bool {
    rule.operations.iter().any(|name| name == operation.name())
}

fn extensions_of(traits: &Traits) -> Vec<(&'static str, &keywright_model::Extensions)> {
    let mut all = vec![
        ("the traits", &traits.extensions),
        ("the trait `expiry`", &traits.expiry.extensions),
        ("the trait `last-used`", &traits.last_used.extensions),
        ("the trait `rate`", &traits.rate.extensions),
    ];
    all.extend(traits.marker.iter().map(|marker| ("the trait `marker`", &marker.extensions)));
    all.extend(traits.quota.iter().map(|quota| ("the trait `quota`", &quota.extensions)));
    all.extend(traits.disabling.iter().map(|disabling| ("the trait `disabling`", &disabling.extensions)));
    all.extend(traits.lock_out.iter().map(|lock_out| ("the trait `lock-out`", &lock_out.extensions)));
    all.extend(traits.idempotency.iter().map(|idempotency| ("the trait `idempotency`", &idempotency.extensions)));
    all
}

fn unique_names<'n>(element: &'static str, names: impl Iterator<Item = &'n str>) -> Result<(), DescriptorError> {
    let mut seen: Vec<&str> = Vec::new();
    for text in names {
        if !is_name(text) {
            return Err(name(element, text));
        }
        if seen.contains(&text) {
            return Err(DescriptorError::Twice { element, name: text.to_owned() });
        }
        seen.push(text);
    }
    Ok(())
}

fn name(element: &'static str, text: &str) -> DescriptorError {
    DescriptorError::Name { element, name: shorten(text), separator: '-' }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn schema(what: &'static str, json: &str) -> Result<Value, DescriptorError> {
    let malformed = |how: String| DescriptorError::Schema { what, how };
    if json.len() > LONGEST_SCHEMA {
        return Err(malformed(format!("is longer than {LONGEST_SCHEMA} bytes")));
    }
    match serde_json::from_str(json) {
        Ok(schema @ Value::Object(_)) => Ok(schema),
        Ok(_) => Err(malformed("is not a JSON object".to_owned())),
        Err(error) => Err(malformed(format!("is not JSON: {error}"))),
    }
}

pub(crate) fn flag(schema: &Value, name: &str) -> bool {
    schema.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn as_lines<S: serde::Serializer>(rules: &RuleSet, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rules.rules.iter().map(Rule::to_string))
}

fn as_names<S: serde::Serializer>(schemes: &[Scheme], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(schemes.iter().map(|scheme| &scheme.name))
}
