//! What tests of AWS IAM share.

use std::collections::BTreeMap;

use keywright_runtime::{CreateRequest, Credential, Filter, Issued};
use keywright_simulators::aws_iam::AwsIam;
use keywright_simulators::{Error, Recorded, Vendor as _};
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::{Bench, Seeded};
use crate::object;

impl Seeded for AwsIam {
    const NAME: &'static str = "aws-iam";

    fn seeded(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::new(options)
    }
}

impl Bench<AwsIam> {
    /// The IAM user who is there from the start, without rights.
    pub fn user(&self) -> String {
        self.vendor.sample().attributes["user_name"].as_str().expect("a name").to_owned()
    }

    /// A key of that user by its id.
    pub fn id_of(&self, access_key_id: &str) -> String {
        format!("{}/{access_key_id}", self.user())
    }

    /// A creation for that user, with this status.
    pub fn creation(&self, status: &str) -> CreateRequest {
        let attributes = object(json!({"user_name": self.user(), "status": status}));
        CreateRequest { attributes, ..CreateRequest::default() }
    }

    /// A key of that user.
    pub async fn key(&self) -> Issued {
        self.account.create(&self.creation("Active")).await.expect("a key")
    }

    /// The keys of that user.
    pub fn of_user(&self) -> Filter {
        Filter { attributes: object(json!({"user_name": self.user()})), ..Filter::default() }
    }

    /// The keys of that user, as they are listed.
    pub async fn keys(&self) -> Vec<Credential> {
        self.account.list_all(&self.of_user()).await.expect("a list")
    }

    /// The forms of what has arrived since, in order.
    pub fn forms_since(&self, mark: usize) -> Vec<Vec<(String, String)>> {
        self.since(mark).iter().map(form).collect()
    }

    /// The actions of what has arrived since, in order.
    pub fn calls_since(&self, mark: usize) -> Vec<String> {
        let action =
            |form: Vec<(String, String)>| form.into_iter().find(|(name, _)| name == "Action").expect("an action").1;
        self.forms_since(mark).into_iter().map(action).collect()
    }
}

/// The fields of a request's form.
fn form(request: &Recorded) -> Vec<(String, String)> {
    let body = std::str::from_utf8(&request.body).expect("text");
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned();
    body.split('&')
        .map(|pair| pair.split_once('=').expect("a pair"))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
