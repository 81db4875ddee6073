// An adapter in JavaScript, on nothing but the contract: one vendor that makes, lists, verifies and ends keys.

import { handle } from "wasi:http/outgoing-handler@0.2.6";
import { Fields, OutgoingBody, OutgoingRequest } from "wasi:http/types@0.2.6";

const utf8 = { encode: (text) => new TextEncoder().encode(text), decode: (bytes) => new TextDecoder().decode(bytes) };

const failure = (tag, message, status, val) => ({
  reason: val === undefined ? { tag } : { tag, val },
  message,
  completed: undefined,
  status,
  requestId: undefined,
  retryAfter: undefined,
  extensions: undefined,
});

const rule = (operations, method, path, more = {}) => ({
  operations: operations.map((tag) => ({ tag })),
  endpoint: "api",
  method,
  path,
  scheme: "api",
  query: [],
  demands: [],
  headers: [],
  placements: [],
  mints: false,
  secrets: [],
  extensions: undefined,
  ...more,
});

const part = (name, secret, identifies) => ({
  name,
  title: name,
  secret,
  required: true,
  identifies,
  pattern: undefined,
  environment: [],
  origin: { tag: "vendor" },
  extensions: undefined,
});

/** One request, and its whole answer: the status and the JSON in it. */
function send(account, method, path, body) {
  const override = account.endpoints.find((endpoint) => endpoint.name === "api");
  const url = override === undefined ? "https://api.vendor.example" : override.url;
  const [scheme, rest] = url.split("://");
  const slash = rest.indexOf("/");
  const [authority, prefix] = slash < 0 ? [rest, ""] : [rest.slice(0, slash), rest.slice(slash)];
  const brokered = account.authentication.tag === "brokered";
  const content = body === undefined ? new Uint8Array() : utf8.encode(JSON.stringify(body));
  const headers = [];
  if (method !== "GET") {
    headers.push(["content-type", utf8.encode("application/json")]);
    headers.push(["content-length", utf8.encode(String(content.length))]);
  }
  if (!brokered) {
    headers.push(["x-key", utf8.encode(account.authentication.val.find((part) => part.name === "secret_key").value)]);
  }
  const request = new OutgoingRequest(Fields.fromList(headers));
  request.setMethod({ tag: method.toLowerCase() });
  request.setScheme(brokered ? { tag: "other", val: `brokered+${scheme}` } : { tag: "HTTPS" });
  request.setAuthority(authority);
  request.setPathWithQuery(prefix + path);
  const out = request.body();
  const future = handle(request, undefined);
  if (content.length > 0) {
    const stream = out.write();
    stream.blockingWriteAndFlush(content);
    stream[Symbol.dispose]();
  }
  OutgoingBody.finish(out, undefined);
  const ready = future.subscribe();
  ready.block();
  ready[Symbol.dispose]();
  const doubtful = method === "GET" ? "unavailable" : "in-doubt";
  const answer = future.get();
  if (answer === undefined || answer.tag !== "ok" || answer.val.tag !== "ok") {
    throw failure(doubtful, "the vendor did not answer");
  }
  const incoming = answer.val.val;
  const status = incoming.status();
  const whole = [];
  const consumed = incoming.consume();
  const stream = consumed.stream();
  for (;;) {
    try {
      whole.push(...stream.blockingRead(65536n));
    } catch (end) {
      if ((end.payload ?? end).tag === "closed") break;
      throw failure(doubtful, "the vendor's answer broke off", status);
    }
  }
  stream[Symbol.dispose]();
  consumed[Symbol.dispose]();
  try {
    return [status, whole.length === 0 ? null : JSON.parse(utf8.decode(new Uint8Array(whole)))];
  } catch {
    throw failure(doubtful, "the vendor's answer is not JSON", status);
  }
}

function succeeded(status) {
  if (status === 401) throw failure("unauthenticated", "the vendor does not accept the credential", status);
  if (status >= 300) throw failure("vendor", `the vendor refused with status ${status}`, status, String(status));
}

function credential(key) {
  const [name, marker] = key.name.split("#");
  const none = { tag: "none" };
  return {
    id: key.id,
    attributes: JSON.stringify({ name }),
    enabled: true,
    marker,
    createdAt: none,
    expiresAt: none,
    lastUsedAt: none,
    extensions: undefined,
  };
}

const keyPath = (id) => `/v1/keys/${encodeURIComponent(id)}`;

const unsupported = () => {
  throw failure("unsupported", "there is no such operation");
};

export const credentialLifecycle = {
  describe() {
    const parts = [part("access_key", false, true), part("secret_key", true, false)];
    const header = { name: "x-key", value: "{parts.secret_key}" };
    const location = { tag: "json", val: "/secret" };
    const encoding = { tag: "plain" };
    const secret = { part: "secret_key", location, encoding, publicPrefixEndsWith: "", extensions: undefined };
    return {
      vendor: "javascript",
      title: "Keys of a vendor in JavaScript",
      version: "1.0.0",
      operations: ["create", "get", "list", "verify", "revoke"].map((tag) => ({ tag })),
      settings: '{"type": "object", "additionalProperties": false}',
      attributes: '{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}',
      endpoints: [{ name: "api", url: "https://api.vendor.example", extensions: undefined }],
      schemes: [{ name: "api", steps: [{ tag: "headers", val: [header] }], extensions: undefined }],
      rules: [
        rule(["create"], "POST", "/v1/keys", { mints: true, secrets: [secret] }),
        rule(["list"], "GET", "/v1/keys", { query: ["page"] }),
        rule(["get", "verify"], "GET", "/v1/keys/{id}"),
        rule(["revoke"], "DELETE", "/v1/keys/{id}"),
      ],
      administrator: { parts, extensions: undefined },
      issued: { parts, extensions: undefined },
      id: { pattern: "^[a-z0-9-]+$", forms: ["ACCESS_KEY"] },
      traits: {
        expiry: { support: { tag: "none" }, required: false, least: undefined, most: undefined, granularity: 1, extensions: undefined },
        lastUsed: { precision: { tag: "none" }, lag: undefined, extensions: undefined },
        marker: { attribute: "name", maxLength: 40, filterable: false, extensions: undefined },
        quota: undefined,
        disabling: undefined,
        lockOut: undefined,
        rate: { spacing: 0, remainingHeader: undefined, resetHeader: undefined, extensions: undefined },
        idempotency: undefined,
        secretReadable: false,
        consistencyDelay: 0,
        extensions: undefined,
      },
      extensions: undefined,
    };
  },

  create(account, request) {
    const { name } = JSON.parse(request.attributes);
    const marked = request.marker === undefined ? name : `${name}#${request.marker}`;
    const [status, key] = send(account, "POST", "/v1/keys", { name: marked });
    succeeded(status);
    const parts = [
      { name: "access_key", value: key.id },
      { name: "secret_key", value: key.secret },
    ];
    return { credential: credential(key), parts, warnings: [], extensions: undefined };
  },

  get(account, id) {
    const [status, key] = send(account, "GET", keyPath(id));
    if (status === 404) return undefined;
    succeeded(status);
    return credential(key);
  },

  list(account, filter, cursor) {
    const [status, page] = send(account, "GET", `/v1/keys?page=${encodeURIComponent(cursor ?? "1")}`);
    succeeded(status);
    const found = page.keys.map(credential);
    const credentials = found.filter((key) => filter.marker === undefined || key.marker === filter.marker);
    return { credentials, unreadable: [], next: page.next, quota: undefined, extensions: undefined };
  },

  verify(account, id) {
    const [status] = send(account, "GET", keyPath(id));
    if (status === 401) return { outcome: { tag: "refused" }, explanation: "the vendor refuses the key", extensions: undefined };
    succeeded(status);
    return { outcome: { tag: "active" }, explanation: "the vendor shows the key to itself", extensions: undefined };
  },

  revoke(account, id) {
    const [status] = send(account, "DELETE", keyPath(id));
    if (status !== 404) succeeded(status);
  },

  check: unsupported,
  update: unsupported,
  setEnabled: unsupported,
  regenerate: unsupported,
};
