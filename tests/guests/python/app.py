"""An adapter in Python, on nothing but the contract: one vendor that makes, lists, verifies and ends keys."""

import json
from urllib.parse import quote

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports import descriptors as d
from wit_world.imports import failures, outgoing_handler
from wit_world.imports import lifecycle_types as t
from wit_world.imports import types as http
from wit_world.imports.streams import StreamError_Closed


def failure(reason, message, status=None):
    return Err(failures.Failure(reason, message, None, status, None, None, None))


def rule(operations, method, path, **more):
    fields = dict(
        operations=operations, endpoint="api", method=method, path=path, scheme="api", query=[], demands=[],
        headers=[], placements=[], mints=False, secrets=[], extensions=None,
    )
    return d.Rule(**(fields | more))


def part(name, secret, identifies):
    return d.PartDescription(name, name, secret, True, identifies, None, [], d.PartOrigin_Vendor(), None)


def send(account, method, path, body=None):
    """One request, and its whole answer: the status and the JSON in it."""
    url = next((endpoint.url for endpoint in account.endpoints if endpoint.name == "api"), "https://api.vendor.example")
    scheme, authority = url.split("://", 1)
    authority, _, prefix = authority.partition("/")
    brokered = isinstance(account.authentication, t.Authentication_Brokered)
    content = b"" if body is None else json.dumps(body).encode()
    headers = [("content-type", b"application/json"), ("content-length", str(len(content)).encode())]
    if not brokered:
        parts = {part.name: part.value for part in account.authentication.value}
        headers.append(("x-key", parts["secret_key"].encode()))
    request = http.OutgoingRequest(http.Fields.from_list(headers if content or method != "GET" else headers[2:]))
    request.set_method({"GET": http.Method_Get(), "POST": http.Method_Post(), "DELETE": http.Method_Delete()}[method])
    request.set_scheme(http.Scheme_Other("brokered+" + scheme) if brokered else http.Scheme_Https())
    request.set_authority(authority)
    request.set_path_with_query((f"/{prefix}" if prefix else "") + path)
    out = request.body()
    future = outgoing_handler.handle(request, None)
    if content:
        with out.write() as stream:
            stream.blocking_write_and_flush(content)
    http.OutgoingBody.finish(out, None)
    with future.subscribe() as ready:
        ready.block()
    answer = future.get()
    doubtful = failures.Reason_Unavailable() if method == "GET" else failures.Reason_InDoubt()
    if not isinstance(answer, Ok) or not isinstance(answer.value, Ok):
        raise failure(doubtful, "the vendor did not answer")
    answer = answer.value.value
    chunks = []
    with answer.consume() as incoming:
        with incoming.stream() as stream:
            while True:
                try:
                    chunks.append(stream.blocking_read(65536))
                except Err as end:
                    if isinstance(end.value, StreamError_Closed):
                        break
                    raise failure(doubtful, "the vendor's answer broke off")
    status = answer.status()
    try:
        return status, json.loads(b"".join(chunks) or b"null")
    except ValueError:
        raise failure(doubtful, "the vendor's answer is not JSON", status)


def succeeded(status):
    if status == 401:
        raise failure(failures.Reason_Unauthenticated(), "the vendor does not accept the credential", status)
    if status >= 300:
        raise failure(failures.Reason_Vendor(str(status)), f"the vendor refused with status {status}", status)


def credential(key):
    none = t.Date_None_()
    name, _, marker = key["name"].partition("#")
    return t.Credential(key["id"], json.dumps({"name": name}), True, marker or None, none, none, none, None)


class CredentialLifecycle(exports.CredentialLifecycle):
    def describe(self):
        secret = d.SecretLocation("secret_key", d.AnswerLocation_Json("/secret"), d.Encoding_Plain(), "", None)
        parts = [part("access_key", False, True), part("secret_key", True, False)]
        key = "/v1/keys/{id}"
        return d.Descriptor(
            vendor="python",
            title="Keys of a vendor in Python",
            version="1.0.0",
            operations=[t.Operation_Create(), t.Operation_Get(), t.Operation_List(), t.Operation_Verify(), t.Operation_Revoke()],
            settings='{"type": "object", "additionalProperties": false}',
            attributes='{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}',
            endpoints=[d.Endpoint("api", "https://api.vendor.example", None)],
            schemes=[
                d.AuthenticationScheme(
                    "api", [d.AuthenticationStep_Headers([d.NamedTemplate("x-key", "{parts.secret_key}")])], None
                )
            ],
            rules=[
                rule([t.Operation_Create()], "POST", "/v1/keys", mints=True, secrets=[secret]),
                rule([t.Operation_List()], "GET", "/v1/keys", query=["page"]),
                rule([t.Operation_Get(), t.Operation_Verify()], "GET", key),
                rule([t.Operation_Revoke()], "DELETE", key),
            ],
            administrator=d.CredentialDescription(parts, None),
            issued=d.CredentialDescription(parts, None),
            id=d.IdForm("^[a-z0-9-]+$", ["ACCESS_KEY"]),
            traits=d.Traits(
                expiry=d.ExpiryTrait(d.ExpirySupport_None_(), False, None, None, 1, None),
                last_used=d.LastUsedTrait(d.LastUsedPrecision_None_(), None, None),
                marker=d.MarkerTrait("name", 40, False, None),
                quota=None,
                disabling=None,
                lock_out=None,
                rate=d.RateTrait(0, None, None, None),
                idempotency=None,
                secret_readable=False,
                consistency_delay=0,
                extensions=None,
            ),
            extensions=None,
        )

    def create(self, account, request):
        name = json.loads(request.attributes)["name"]
        status, key = send(account, "POST", "/v1/keys", {"name": f"{name}#{request.marker}" if request.marker else name})
        succeeded(status)
        parts = [t.Part("access_key", key["id"]), t.Part("secret_key", key["secret"])]
        return t.Issued(credential(key), parts, [], None)

    def get(self, account, id):
        status, key = send(account, "GET", "/v1/keys/" + quote(id, safe=""))
        if status == 404:
            return None
        succeeded(status)
        return credential(key)

    def list(self, account, filter, cursor):
        status, page = send(account, "GET", "/v1/keys?page=" + quote(cursor or "1", safe=""))
        succeeded(status)
        found = [credential(key) for key in page["keys"]]
        found = [key for key in found if filter.marker is None or key.marker == filter.marker]
        return t.Page(found, [], page.get("next"), None, None)

    def verify(self, account, id):
        status, _ = send(account, "GET", "/v1/keys/" + quote(id, safe=""))
        if status == 401:
            return t.Verdict(t.Outcome_Refused(), "the vendor refuses the key", None)
        succeeded(status)
        return t.Verdict(t.Outcome_Active(), "the vendor shows the key to itself", None)

    def revoke(self, account, id):
        status, _ = send(account, "DELETE", "/v1/keys/" + quote(id, safe=""))
        if status != 404:
            succeeded(status)

    def check(self, account):
        raise failure(failures.Reason_Unsupported(), "there is no such operation")

    def update(self, account, id, request):
        raise failure(failures.Reason_Unsupported(), "there is no such operation")

    def set_enabled(self, account, id, enabled):
        raise failure(failures.Reason_Unsupported(), "there is no such operation")

    def regenerate(self, account, id, request):
        raise failure(failures.Reason_Unsupported(), "there is no such operation")
