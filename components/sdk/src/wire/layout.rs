//! The types of this module against `wit/`: every record and variant that passes between a component and its host lies in
//! memory as the canonical ABI says.
//!
//! The layouts are compared for the pointers of the machine that runs the test. A list or a text is two pointers long on any,
//! so what holds for one width holds for the other.
#![allow(unsafe_code)]

use std::mem::{ManuallyDrop, MaybeUninit, align_of, offset_of, size_of};

use wit_parser::{Alignment, ArchitectureSize, Resolve, SizeAlign, Type, TypeDef, TypeDefKind};

use super::{answers, arguments, descriptors};

struct Contract {
    resolve: Resolve,
    sizes: SizeAlign,
}

impl Contract {
    fn read() -> Self {
        let mut resolve = Resolve::default();
        // The directory that the bindings are generated from.
        let wit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
        resolve.push_dir(wit).unwrap();
        let mut sizes = SizeAlign::default();
        sizes.fill(&resolve);
        Self { resolve, sizes }
    }

    fn named(&self, name: &str) -> (Type, &TypeDef) {
        let of_contract = |definition: &TypeDef| {
            let interface = match definition.owner {
                wit_parser::TypeOwner::Interface(interface) => &self.resolve.interfaces[interface],
                _ => return false,
            };
            let package = interface.package.map(|package| &self.resolve.packages[package].name);
            definition.name.as_deref() == Some(name)
                && package.is_some_and(|package| package.namespace == "keywright")
                && !matches!(definition.kind, TypeDefKind::Type(_))
        };
        let (id, definition) = self.resolve.types.iter().find(|(_, definition)| of_contract(definition)).unwrap();
        (Type::Id(id), definition)
    }

    fn check_size(&self, name: &str, size: usize, align: usize) {
        let (ty, _) = self.named(name);
        assert_eq!((bytes(self.sizes.size(&ty)), alignment(self.sizes.align(&ty))), (size, align), "{name}");
    }

    /// A record, by the offsets of its fields.
    fn check_record(&self, name: &str, fields: &[(&str, usize)]) {
        let (_, definition) = self.named(name);
        let TypeDefKind::Record(record) = &definition.kind else { panic!("{name} is not a record") };
        let offsets = self.sizes.field_offsets(record.fields.iter().map(|field| &field.ty));
        let expected: Vec<(String, usize)> = record
            .fields
            .iter()
            .zip(offsets)
            .map(|(field, (offset, _))| (field.name.replace('-', "_"), bytes(offset)))
            .collect();
        let fields: Vec<(String, usize)> = fields.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
        assert_eq!(fields, expected, "{name}");
    }

    /// A variant, by its cases in their order.
    fn check_variant(&self, name: &str, cases: &[&str]) {
        let (_, definition) = self.named(name);
        let TypeDefKind::Variant(variant) = &definition.kind else { panic!("{name} is not a variant") };
        assert_eq!(variant.tag(), wit_parser::Int::U8, "{name}");
        let expected: Vec<String> = variant.cases.iter().map(|case| case.name.replace('-', "")).collect();
        let cases: Vec<String> = cases.iter().map(|case| case.to_ascii_lowercase()).collect();
        assert_eq!(cases, expected, "{name}");
    }
}

fn bytes(size: ArchitectureSize) -> usize {
    size.constant_bytes() + size.pointers_to_add() * size_of::<*const u8>()
}

fn alignment(alignment: Alignment) -> usize {
    match alignment {
        Alignment::Pointer => align_of::<*const u8>(),
        Alignment::Bytes(bytes) => bytes.get(),
    }
}

/// Checks records: the type, its name in the contract, its fields in their order.
macro_rules! records {
    ($contract:ident; $($type:ty, $name:literal: $($field:ident)*;)*) => {$(
        $contract.check_record($name, &[$((stringify!($field), offset_of!($type, $field))),*]);
        $contract.check_size($name, size_of::<$type>(), align_of::<$type>());
    )*};
}

/// Checks variants: the type, its name in the contract, its cases in their order.
macro_rules! variants {
    ($contract:ident; $($type:ident, $name:literal: $($case:ident)*;)*) => {$(
        let cases: &[fn(&$type) -> bool] = &[$(|value| matches!(value, $type::$case { .. })),*];
        for (number, is_case) in (0..).zip(cases) {
            assert!(is_case(&numbered::<$type>(number)), "{}: case {number}", $name);
        }
        $contract.check_variant($name, &[$(stringify!($case)),*]);
        $contract.check_size($name, size_of::<$type>(), align_of::<$type>());
    )*};
}

/// A value of a variant that has this case number, and otherwise nothing but zeros.
fn numbered<T>(case: u8) -> ManuallyDrop<T> {
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: the number of a case comes first, and what cases hold (numbers, pointers that nobody follows, variants whose
    // first case holds no more) may be zero.
    unsafe {
        value.as_mut_ptr().cast::<u8>().write(case);
        ManuallyDrop::new(value.assume_init())
    }
}

#[test]
fn a_descriptor_lies_in_memory_as_the_contract_says() {
    use descriptors::*;
    let contract = Contract::read();
    records! { contract;
        Extension, "extension": name parameters;
        Endpoint, "endpoint": name url extensions;
        Demand, "demand": location values;
        EmbeddedJson, "embedded-json": pointer inner;
        SecretLocation, "secret-location": part location encoding public_prefix_ends_with extensions;
        Placement, "placement": source location encoding extensions;
        Rule, "rule": operations endpoint method path scheme query demands headers placements mints secrets extensions;
        NamedTemplate, "named-template": name value;
        BasicAuthentication, "basic-authentication": username password;
        JsonWebToken, "json-web-token": algorithm key key_id claims lifetime extensions;
        ClientSecret, "client-secret": id secret;
        ClientAssertion, "client-assertion": id token;
        OAuth2Authentication, "oauth2-authentication": endpoint path grant client scope parameters extensions;
        SignatureAuthentication, "signature-authentication":
            algorithm access_key secret_key session_token region service extensions;
        SessionAuthentication, "session-authentication":
            endpoint method path headers content token expires_in lifetime send extensions;
        TlsAuthentication, "tls-authentication": certificate key extensions;
        HmacAuthentication, "hmac-authentication": algorithm key key_encoding message encoding headers extensions;
        AuthenticationScheme, "authentication-scheme": name steps extensions;
        Derivation, "derivation": function input extensions;
        KeyPair, "key-pair": algorithm public_form private_form extensions;
        RandomPolicy, "random-policy": length alphabet required extensions;
        PartDescription, "part-description":
            name title secret required identifies pattern environment origin extensions;
        CredentialDescription, "credential-description": parts extensions;
        IdForm, "id-form": pattern forms;
        ExpiryTrait, "expiry-trait": support required least most granularity extensions;
        LastUsedTrait, "last-used-trait": precision lag extensions;
        MarkerTrait, "marker-trait": attribute max_length filterable extensions;
        QuotaTrait, "quota-trait": limit scope extensions;
        DisablingTrait, "disabling-trait": reversible delay extensions;
        LockOutTrait, "lock-out-trait": tries seconds extensions;
        RateTrait, "rate-trait": spacing remaining_header reset_header extensions;
        IdempotencyTrait, "idempotency-trait": window extensions;
        Traits, "traits":
            expiry last_used marker quota disabling lock_out rate idempotency secret_readable consistency_delay extensions;
        Descriptor, "descriptor":
            vendor title version operations settings attributes endpoints schemes rules administrator issued id traits
            extensions;
    }
    variants! { contract;
        Operation, "operation": Check Create Get List Update SetEnabled Regenerate Verify Revoke Other;
        DemandLocation, "demand-location": Query Form Json Header Other;
        AnswerLocation, "answer-location": Json Xml Form Header Text Embedded Other;
        Encoding, "encoding": Plain Base64 Other;
        BodyLocation, "body-location": Json Form Text Header Other;
        ClientAuthentication, "client-authentication": Basic Form PrivateKeyJwt Public Other;
        OAuth2Grant, "oauth2-grant": ClientCredentials RefreshToken JwtBearer Other;
        RequestContent, "request-content": None Json Form Other;
        AuthenticationStep, "authentication-step":
            Headers Query Basic OAuth2 BearerJwt Signature Session MutualTls Hmac Other;
        PartOrigin, "part-origin": Vendor Derived KeyPair Random Other;
        ExpirySupport, "expiry-support": None AtCreation AddOnce Mutable MutableRegenerates Other;
        LastUsedPrecision, "last-used-precision": None Day Instant Other;
        QuotaScope, "quota-scope": Owner Project Organization Other;
    }
}

#[test]
fn arguments_lie_in_memory_as_the_contract_says() {
    use arguments::*;
    let contract = Contract::read();
    records! { contract;
        Account, "account": settings endpoints authentication extensions;
        EndpointOverride, "endpoint-override": name url;
        Part, "part": name value;
        Extension, "extension": name parameters;
        Instant, "timestamp": seconds nanoseconds;
        Creation, "create-request":
            attributes marker expires_at parts idempotency_key continuation extensions;
        Selection, "filter": marker attributes extensions;
        Change, "update-request": attributes marker expiry parts idempotency_key extensions;
        Regeneration, "regenerate-request": expires_at parts idempotency_key extensions;
    }
    variants! { contract;
        Authentication, "authentication": Brokered Direct Other;
        Expiry, "expiry-change": Keep Set Clear Other;
    }
}

#[test]
fn answers_lie_in_memory_as_the_contract_says() {
    use answers::*;
    let contract = Contract::read();
    records! { contract;
        Credential, "credential":
            id attributes enabled marker created_at expires_at last_used_at extensions;
        Warning, "warning": pointer message;
        Issued, "issued": credential parts warnings extensions;
        Issued, "updated": credential parts warnings extensions;
        UnreadableItem, "unreadable-item": id message;
        Quota, "quota": limit used;
        Page, "page": credentials unreadable next quota extensions;
        Principal, "principal": credential_id owner expires_at allowed refused details extensions;
        Verdict, "verdict": outcome explanation extensions;
        FieldProblem, "field-problem": pointer problem message;
        PendingCreation, "pending-creation": cursor retry_after;
        Failure, "failure": reason message completed status request_id retry_after extensions;
    }
    variants! { contract;
        Date, "date": None At Unreadable;
        Verified, "outcome": Active Refused Inconclusive Other;
        Problem, "problem": Required Format Constraint Immutable Unknown Other;
        Reason, "reason":
            Invalid Unauthenticated Forbidden NotFound Conflict Quota RateLimited Unavailable InDoubt Unsupported
            UnexpectedResponse AdapterError Pending Vendor Other;
    }
}
