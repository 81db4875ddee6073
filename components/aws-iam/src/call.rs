//! The calls: all of them POST to `/`, a form in and XML out.

use keywright_sdk::xml::Element;
use keywright_sdk::{Account, Request, Response, Result};

use crate::key_id::KeyId;
use crate::refusal::Refusal;

/// The endpoint of IAM.
pub(crate) const IAM: &str = "iam";

/// The endpoint of the Security Token Service.
pub(crate) const STS: &str = "sts";

pub(crate) const IAM_VERSION: &str = "2010-05-08";
pub(crate) const STS_VERSION: &str = "2011-06-15";

/// The outcome of a call.
pub(crate) enum Answer {
    /// AWS did as asked.
    Done(Done),
    /// AWS refused the call.
    Refused(Refusal),
}

/// The answer to a call that was carried out.
pub(crate) struct Done {
    response: Response,
    /// The element of the result; empty for a call that has none.
    pub(crate) result: Element,
}

impl Done {
    /// Text of the result that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        text(&self.result, name)
    }

    /// A failure for a result that is not as documented.
    pub(crate) fn unexpected(&self, how: &str) -> keywright_sdk::Failure {
        self.response.unexpected(how)
    }
}

/// Text of a child that is not empty.
pub(crate) fn text<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    element.text_of(name).filter(|text| !text.is_empty())
}

impl Answer {
    fn to(request: Request<'_>, action: &str, user: &'static str) -> Result<Self> {
        let response = request.send()?;
        match response.is_success() {
            true => Ok(Self::Done(done(response, action)?)),
            false => Ok(Self::Refused(Refusal::read(&response, user))),
        }
    }

    /// The answer, if the call was carried out.
    pub(crate) fn done(self) -> Result<Done> {
        match self {
            Self::Done(done) => Ok(done),
            Self::Refused(refusal) => Err(refusal.failure),
        }
    }
}

/// Reads the answer to an action. Its root element is named after the action; a proxy's page fails this check.
fn done(response: Response, action: &str) -> Result<Done> {
    let mut root = response.xml()?;
    if root.name.strip_suffix("Response") != Some(action) {
        return Err(response.unexpected(&["it is not the answer to ", action].concat()));
    }
    let is_result = |child: &Element| child.name.strip_suffix("Result") == Some(action);
    let result = root.children.iter_mut().find(|child| is_result(child)).map(std::mem::take).unwrap_or_default();
    Ok(Done { response, result })
}

/// A call of IAM with these fields.
fn iam<'a>(account: &'a Account, action: &str, fields: &[(&str, &str)]) -> Result<Request<'a>> {
    let mut form = vec![("Action", action), ("Version", IAM_VERSION)];
    form.extend_from_slice(fields);
    Ok(account.post(IAM, &[])?.form(&form))
}

/// Makes a key. The user is always named: without a name AWS would take the caller's own.
pub(crate) fn create_access_key(account: &Account, user: &str) -> Result<Answer> {
    const ACTION: &str = "CreateAccessKey";
    Answer::to(iam(account, ACTION, &[("UserName", user)])?, ACTION, "/attributes/user_name")
}

/// A page of a user's keys; `pointer` is where the input of the call names the user.
pub(crate) fn list_access_keys(
    account: &Account,
    user: &str,
    marker: Option<&str>,
    pointer: &'static str,
) -> Result<Answer> {
    const ACTION: &str = "ListAccessKeys";
    let fields = [("UserName", user), ("Marker", marker.unwrap_or_default())];
    let fields = if marker.is_some() { &fields[..] } else { &fields[..1] };
    Answer::to(iam(account, ACTION, fields)?.reading(), ACTION, pointer)
}

/// Sets a key's status.
pub(crate) fn update_access_key(account: &Account, key: KeyId<'_>, status: &str) -> Result<Answer> {
    const ACTION: &str = "UpdateAccessKey";
    let fields = [("UserName", key.user), ("AccessKeyId", key.access_key), ("Status", status)];
    Answer::to(iam(account, ACTION, &fields)?, ACTION, "/id")
}

/// Deletes a key.
pub(crate) fn delete_access_key(account: &Account, key: KeyId<'_>) -> Result<Answer> {
    const ACTION: &str = "DeleteAccessKey";
    Answer::to(iam(account, ACTION, &[("UserName", key.user), ("AccessKeyId", key.access_key)])?, ACTION, "/id")
}

/// When a key was last used, and whose it is: the one call that is about a key alone.
pub(crate) fn get_access_key_last_used(account: &Account, access_key: &str) -> Result<Answer> {
    const ACTION: &str = "GetAccessKeyLastUsed";
    Answer::to(iam(account, ACTION, &[("AccessKeyId", access_key)])?.reading(), ACTION, "/id")
}

/// Who signs.
pub(crate) fn get_caller_identity(account: &Account) -> Result<Answer> {
    const ACTION: &str = "GetCallerIdentity";
    let form = [("Action", ACTION), ("Version", STS_VERSION)];
    Answer::to(account.post(STS, &[])?.form(&form).reading(), ACTION, "/authentication/access_key_id")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use keywright_sdk::Reason;

    pub(crate) fn read(safe: bool, action: &str, body: &str) -> Result<Done> {
        done(Response::made_up(safe, 200, &[], body), action)
    }

    #[test]
    fn an_answer_without_a_result_is_a_whole_answer() {
        let body = "<DeleteAccessKeyResponse xmlns='u'><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\
                    </DeleteAccessKeyResponse>";
        assert_eq!(read(false, "DeleteAccessKey", body).unwrap().result, Element::default());
    }

    #[test]
    fn an_answer_to_another_action_or_of_a_proxy_leaves_in_doubt_what_acts() {
        for body in ["<ListAccessKeysResponse/>", "<DeleteAccessKey/>", "<html><p>signed in</p></html>", "", "{}"] {
            let acts = read(false, "DeleteAccessKey", body).err().unwrap();
            assert_eq!(*acts.reason(), Reason::InDoubt, "{body}");
            let reads = read(true, "DeleteAccessKey", body).err().unwrap();
            assert_eq!(*reads.reason(), Reason::UnexpectedResponse, "{body}");
        }
    }
}
