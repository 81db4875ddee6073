//! A vendor as Twilio is: forms in, JSON out, `/Accounts/{sid}/Keys/{sid}.json`, dates of e-mails (RFC 2822), and the URL of
//! the next page in the answer. The administrator has the account's own number and token, a key its own number and secret;
//! both are sent by HTTP Basic.

use keywright_sdk::Operation::{Create, Get, List, Revoke, Verify};
use keywright_sdk::{marker, parse_rfc2822};

use crate::*;

/// The vendor.
pub struct AccountKeys;

const KEYS: &str = "/2010-04-01/Accounts/{settings.account_sid}/Keys.json";
const KEY: &str = "/2010-04-01/Accounts/{settings.account_sid}/Keys/{sid}.json";
const ACCOUNT: &str = "/2010-04-01/Accounts/{settings.account_sid}.json";
const SETTINGS: &str = r#"{
    "type": "object",
    "properties": {"account_sid": {"type": "string", "pattern": "^AC[0-9a-f]{32}$"}},
    "required": ["account_sid"],
    "additionalProperties": false
}"#;
const ATTRIBUTES: &str = r#"{
    "type": "object",
    "properties": {"friendly_name": {"type": "string"}, "attack": {"type": "string"}, "seen": {"type": "string"}}
}"#;

impl Vendor for AccountKeys {
    fn describe() -> Descriptor {
        begun("account-keys", "Keys of an account")
            .settings(SETTINGS)
            .attributes(ATTRIBUTES)
            .id("^SK[0-9a-f]{32}$", &["SID"])
            .scheme(Scheme::new("account").basic("{parts.account_sid}", "{parts.auth_token}"))
            .scheme(Scheme::new("key").basic("{parts.sid}", "{parts.secret}"))
            .administrator_part(Part::public("account_sid", "account SID"))
            .administrator_part(Part::secret("auth_token", "auth token"))
            .issued_part(Part::public("sid", "key SID").identifies().pattern("^SK[0-9a-f]{32}$"))
            .issued_part(Part::secret("secret", "secret"))
            .rule(Rule::post(&[Create], "api", KEYS).mints("secret", "/secret"))
            .rule(Rule::get(
                &[List],
                "api",
                "/2010-04-01/Accounts/{settings.account_sid}/Keys.json?PageSize,Page,PageToken",
            ))
            .rule(Rule::get(&[Get], "api", KEY))
            .rule(Rule::delete(&[Revoke], "api", KEY))
            .rule(Rule::get(&[Verify], "api", ACCOUNT).scheme("key"))
            .marker("friendly_name", 64)
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let name = attribute(request, "friendly_name");
        let name = marker::join_within(name, request.marker.as_deref(), 64, "/attributes/friendly_name")?;
        let answer = account.request_at(Method::Post, "api", KEYS, &[])?.form(&[("FriendlyName", &name)]);
        let answer = answer.send()?.success()?;
        let body: Value = answer.json()?;
        let key = credential(&body).ok_or_else(|| answer.unexpected("it has no sid"))?;
        let (sid, secret) = (key.id.clone(), member(&answer, &body, "secret")?);
        Ok(Issued::new(key).part("sid", sid).part("secret", secret))
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let answer = account.request_at(Method::Get, "api", KEY, &[id])?.send()?.success();
        let Some(answer) = found(answer)? else { return Ok(None) };
        credential(&answer.json()?).map(Some).ok_or_else(|| answer.unexpected("it has no sid"))
    }

    fn list(account: &Account, _: &Filter, cursor: Option<&str>) -> Result<Page> {
        let request = account.request_at(Method::Get, "api", KEYS, &[])?;
        let request = match cursor {
            Some(cursor) => request.resume(cursor)?,
            None => request.query("PageSize", "2"),
        };
        let answer = request.send()?.success()?;
        let body: Value = answer.json()?;
        let body = Fields::of(&body);
        let next = answer.next_url(body.text("next_page_uri").unwrap_or_default())?;
        let mut page = Page { next, ..Page::default() };
        for key in body.list("keys") {
            match credential(key) {
                Some(key) => page.credentials.push(key),
                None => page.report(None, "it has no sid"),
            }
        }
        Ok(page)
    }

    fn verify(account: &Account, _: &str) -> Result<Verdict> {
        verdict(&account.request_at(Method::Get, "api", ACCOUNT, &[])?.send()?)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        found(account.request_at(Method::Delete, "api", KEY, &[id])?.send()?.success()).map(|_| ())
    }
}

fn credential(key: &Value) -> Option<Credential> {
    let key = Fields::of(key);
    let (name, marker) = marker::split(key.text("friendly_name").unwrap_or_default());
    let mut credential = Credential::new(key.id("sid")?, json!({"friendly_name": name}));
    credential.marker = marker.map(str::to_owned);
    credential.created_at = key.date_with("date_created", parse_rfc2822);
    Some(credential)
}
