//! Users: the owner that is seeded, and members that are added.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{StatusCode, Uri};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    api_key::Bearer,
    authentication::Caller,
    errors::Refusal,
    organization::{Organization, Records, changed_at},
    paging::Page,
    timestamp::Timestamp,
};
use crate::{
    fields::{Fields, hyphenated_uuid},
    parameters::Parameters,
};

const RESOURCE: &str = "user";

/// The longest of a user's texts, in characters; the real limits are unknown, this is a choice.
const LONGEST_TEXT: usize = 255;

/// A user as the vendor keeps it.
pub(super) struct User {
    pub(super) id: Uuid,
    /// Owners may do everything; members, here, nothing.
    pub(super) owner: bool,
    about: About,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// What a user may say of itself.
#[derive(Default)]
struct About {
    email: String,
    username: String,
    first_name: String,
    last_name: String,
    phone_number: String,
    locale: String,
    tags: Vec<String>,
}

impl About {
    /// Takes over what was given of the texts.
    fn read(&mut self, fields: &mut Fields) {
        let mut take = |name: &str, place: &mut String| {
            if let Some(text) = fields.text(name, LONGEST_TEXT) {
                *place = text;
            }
        };
        take("email", &mut self.email);
        take("username", &mut self.username);
        take("first_name", &mut self.first_name);
        take("last_name", &mut self.last_name);
        take("phone_number", &mut self.phone_number);
        take("locale", &mut self.locale);
    }
}

impl User {
    pub(super) fn owner(now: DateTime<Utc>) -> Self {
        let about = About { email: "owner@example.com".to_owned(), username: "owner".to_owned(), ..About::default() };
        Self::new(true, about, now)
    }

    fn new(owner: bool, about: About, now: DateTime<Utc>) -> Self {
        Self { id: Uuid::new_v4(), owner, about, created_at: now, updated_at: now }
    }

    /// The fields are those that the Go SDK's `User` reads.
    fn shown(&self, organization: &Organization) -> Value {
        json!({
            "id": self.id,
            "type": if self.owner { "owner" } else { "member" },
            "status": "activated",
            "email": self.about.email,
            "username": self.about.username,
            "first_name": self.about.first_name,
            "last_name": self.about.last_name,
            "phone_number": self.about.phone_number,
            "locale": self.about.locale,
            "created_at": Timestamp::own(self.created_at),
            "updated_at": Timestamp::own(self.updated_at),
            "last_login_at": null,
            "organization_id": organization.id,
            "account_root_user_id": self.id,
            "deletable": !self.owner,
            "mfa": false,
            "locked": false,
            "tags": self.about.tags,
        })
    }
}

impl Records {
    fn user(&self, id: &str) -> Result<usize, Refusal> {
        let wanted = hyphenated_uuid(id);
        let found = self.users.iter().position(|known| Some(known.id) == wanted);
        found.ok_or_else(|| Refusal::NotFound { resource: RESOURCE, id: id.to_owned() })
    }
}

/// `POST /iam/v1alpha1/users`: 200. The password is taken and forgotten: nobody can log in here.
pub(super) async fn create(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may("create", RESOURCE)?;
    let member = [
        "email",
        "send_password_email",
        "send_welcome_email",
        "username",
        "password",
        "first_name",
        "last_name",
        "phone_number",
        "locale",
    ];
    let mut fields = Fields::read(&body, &["organization_id", "tags", "member"]);
    let owner = fields.uuid("organization_id");
    let tags = fields.texts("tags").unwrap_or_default();
    let about = fields.object("member", &member, |member| {
        let mut about = About::default();
        about.read(member);
        member.text("password", LONGEST_TEXT);
        member.flag("send_password_email");
        member.flag("send_welcome_email");
        member.require("email");
        about
    });
    fields.require("member");
    fields.finish()?;
    caller.may_in(owner, organization.id, "create", RESOURCE)?;

    let about = About { tags, ..about.unwrap_or_default() };
    let user = User::new(false, about, organization.clock.now());
    let answer = user.shown(&organization);
    organization.records().users.push(user);
    Ok(Json(answer).into_response())
}

/// `GET /iam/v1alpha1/users`: all of them, in the order of creation. Its filters are not here.
pub(super) async fn list(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Response, Refusal> {
    caller.may("read", RESOURCE)?;
    let mut parameters = Parameters::read(&uri, &["organization_id", "page", "page_size"]);
    let owner = parameters.uuid("organization_id");
    let page = Page::read(&mut parameters);
    parameters.finish()?;
    caller.may_in(owner, organization.id, "read", RESOURCE)?;

    let records = organization.records();
    let shown = page.of(&records.users).iter().map(|known| known.shown(&organization));
    let shown: Vec<_> = shown.collect();
    Ok(Json(json!({"users": shown, "total_count": records.users.len()})).into_response())
}

/// `GET /iam/v1alpha1/users/{id}`.
pub(super) async fn get(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    caller.may("read", RESOURCE)?;
    let records = organization.records();
    let user = &records.users[records.user(&id)?];
    Ok(Json(user.shown(&organization)).into_response())
}

/// `PATCH /iam/v1alpha1/users/{id}`.
pub(super) async fn update(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may("update", RESOURCE)?;
    let known = ["tags", "email", "first_name", "last_name", "phone_number", "locale"];
    let mut fields = Fields::read(&body, &known);
    let mut records = organization.records();
    let position = records.user(&id)?;
    let user = &mut records.users[position];
    // Read into a copy, so that a request with a problem changes nothing.
    let mut about = About {
        tags: fields.texts("tags").unwrap_or_else(|| user.about.tags.clone()),
        email: user.about.email.clone(),
        username: user.about.username.clone(),
        first_name: user.about.first_name.clone(),
        last_name: user.about.last_name.clone(),
        phone_number: user.about.phone_number.clone(),
        locale: user.about.locale.clone(),
    };
    about.read(&mut fields);
    fields.finish()?;
    user.about = about;
    user.updated_at = changed_at(&organization.clock, user.updated_at);
    Ok(Json(user.shown(&organization)).into_response())
}

/// `DELETE /iam/v1alpha1/users/{id}`: 204. Owners cannot be deleted (Scaleway's Go SDK); how that is refused, and that
/// a user's keys go with it, is unknown, a choice.
pub(super) async fn delete(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    caller.may("delete", RESOURCE)?;
    let mut records = organization.records();
    let position = records.user(&id)?;
    if records.users[position].owner {
        return Err(Refusal::PreconditionFailed {
            precondition: "resource_not_deletable",
            help: "the owner of an organization cannot be deleted",
        });
    }
    let bearer = Bearer::User(records.users.remove(position).id);
    records.api_keys.retain(|key| key.bearer != bearer);
    Ok(StatusCode::NO_CONTENT)
}
