import { request as send, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWebWorld, secretsOf, type WebWorld } from "./support/world.js";

let world: WebWorld;
beforeAll(async () => {
  world = await openWebWorld();
});
afterAll(() => world.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as nobody's browser would send it: every header as it is given. */
const ask = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = { "content-length": `${Buffer.byteLength(body)}` };
    const call = send(`${world.url}${path}`, { method, headers: { ...length, ...headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (text += piece));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    call.on("error", reject);
    call.end(body);
  });

/** What a browser keeps: its cookie, and the token in its forms. */
const visit = async () => {
  const { headers, body } = await ask("GET", "/enrollments/new");
  const cookie = (headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");
  const token = /name="token" value="([^"]+)"/.exec(body)?.[1] ?? "";
  return { cookie, token };
};

const form = "application/x-www-form-urlencoded";
const own = () => ({ origin: world.url, "content-type": form });

const fields = (changes: Readonly<Record<string, string>>): string =>
  new URLSearchParams({ profile: "company-phone", person: "p-001", ...changes }).toString();

/** Makes an enrollment as a browser would. @returns its path. */
const make = async (): Promise<string> => {
  const { cookie, token } = await visit();
  const { headers } = await ask("POST", "/enrollments", { ...own(), cookie }, fields({ token }));
  return headers.location ?? "";
};

describe("every answer", () => {
  it("is kept by nobody, framed by nobody, and runs nothing but the desk's script", async () => {
    const path = await make();
    const paths = [
      "/",
      "/enrollments/new",
      path,
      `/live${path}`,
      "/live/enrollments",
      "/nowhere",
      "/static/desk.css",
    ];
    for (const each of paths) {
      const { headers } = await ask("GET", each);
      expect(headers["cache-control"]).toBe("no-store");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
    }
  });

  it("sets a cookie that no script reads and no other site sends", async () => {
    const { headers } = await ask("GET", "/");
    expect(headers["set-cookie"]).toEqual([
      expect.stringMatching(/^desk-browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
  });

  it("holds secrets only where one enrollment is shown, and never again in what is polled", async () => {
    const path = await make();
    const secrets = secretsOf(world.simulation);
    for (const each of ["/", "/live/enrollments", `/live${path}`, "/enrollments/new"]) {
      const { body } = await ask("GET", each);
      expect(secrets.filter((secret) => body.includes(secret))).toEqual([]);
    }
  });
});

describe("requests that are refused", () => {
  it.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "169.254.1.1", "[::1]"])(
    "to a host that goes by the name %j",
    async (host) => {
      const { status, body } = await ask("GET", "/", { host });
      expect(status).toBe(421);
      expect(body).not.toContain("New enrollment</h1>");
      expect(body).toContain("127.0.0.1 and localhost only");
    },
  );

  it.each<[string, Readonly<Record<string, string>>]>([
    ["another origin", { origin: "https://evil.example" }],
    ["no origin", {}],
    ["an origin that hides", { origin: "null" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" }],
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ])("of %s, though they carry cookie and token", async (_, headers) => {
    const path = await make();
    const { cookie, token } = await visit();
    const body = new URLSearchParams({ token }).toString();
    const { status } = await ask(
      "POST",
      `${path}/revoke`,
      { "content-type": form, cookie, ...headers },
      body,
    );
    expect(status).toBe(403);
    expect((await ask("GET", path)).body).toContain("Waiting");
  });

  it.each<[string, (real: string) => string]>([
    ["no token", () => ""],
    ["a token that is made up", () => "x".repeat(43)],
    ["another browser's token", (real) => real],
  ])("from the own page with %s", async (name, spoil) => {
    const path = await make();
    const { cookie } = await visit();
    const { token } = await visit();
    const body = new URLSearchParams({ token: spoil(token) }).toString();
    const { status, body: page } = await ask("POST", `${path}/revoke`, { ...own(), cookie }, body);
    expect([name, status]).toEqual([name, 403]);
    expect(page).toContain("This form was opened in another browser, or too long ago");
    expect((await ask("GET", path)).body).toContain("Waiting");
  });

  it.each(["application/json", "text/plain", "multipart/form-data; boundary=x", ""])(
    "of the type %j",
    async (type) => {
      const { cookie, token } = await visit();
      const headers = { ...own(), cookie, "content-type": type };
      const { status } = await ask("POST", "/refresh", headers, JSON.stringify({ token }));
      expect(status).toBe(415);
    },
  );

  it("of a form that is too long", async () => {
    const { cookie, token } = await visit();
    const body = fields({ token, name: "x".repeat(20_000) });
    expect((await ask("POST", "/enrollments", { ...own(), cookie }, body)).status).toBe(413);
  });

  it.each(["/enrollments/1/revoke", "/enrollments/1/renew", "/enrollments/1/simulated-device", "/refresh"])(
    "to change something with GET %s",
    async (path) => {
      expect((await ask("GET", path)).status).toBe(404);
    },
  );

  it.each([
    "/enrollments/0",
    "/enrollments/1e3",
    "/enrollments/-1",
    "/enrollments/999999999999999",
    "/enrollments/x",
  ])("for what is not there: %s", async (path) => {
    const { status, body } = await ask("GET", path);
    expect(status).toBe(404);
    expect(body).toContain("There is no such enrollment");
  });

  it.each(["/static/../package.json", "/static/%2e%2e/package.json", "/static/", "/people.json"])(
    "for a file that is not the browser's: %s",
    async (path) => {
      expect((await ask("GET", path)).status).toBe(404);
    },
  );
});

describe("a form with a mistake", () => {
  it("says what is wrong and keeps what was typed", async () => {
    const { cookie, token } = await visit();
    const typed = { person: "somebody-else", name: 'Bo "<b>" Li', email: "bo.li", lifetime: "P7D", token };
    const { status, body } = await ask("POST", "/enrollments", { ...own(), cookie }, fields(typed));
    expect(status).toBe(422);
    expect(body).toContain("Nothing was made yet");
    expect(body).toContain('<a href="#email">E-mail address: This is not an e-mail address');
    expect(body).toContain('value="Bo &quot;&lt;b&gt;&quot; Li"');
    expect(body).toContain('value="bo.li"');
    expect(body).toMatch(/<option value="P7D"\s+selected/);
  });

  it("that only the vendor knows of stands at its field", async () => {
    const { cookie, token } = await visit();
    const wish = fields({ profile: "field-device", lifetime: "P7D", token });
    const { status, body } = await ask("POST", "/enrollments", { ...own(), cookie }, wish);
    expect(status).toBe(422);
    expect(body).toContain(
      '<a href="#lifetime">Works for: This is not possible; ESET Connect sets the lifetime',
    );
  });

  it("whose answer is lost leads to a page that says so, and to no second try", async () => {
    const { android } = world.simulation;
    android.failNext({ kind: "reset", when: "after" }, { path: /enrollmentTokens/ });
    const { cookie, token } = await visit();
    const { status, headers } = await ask("POST", "/enrollments", { ...own(), cookie }, fields({ token }));
    expect(status).toBe(303);
    const { body } = await ask("GET", headers.location ?? "");
    expect(body).toContain("Do not make another before you have asked");
    expect(body).toContain("Ask the vendors now");
    expect(body).not.toContain("<svg");
  });

  it("of the vendor is no mistake of the person's", async () => {
    const { applivery } = world.simulation;
    applivery.failNext({ kind: "status", status: 401, body: {} }, { times: 50 });
    const { cookie, token } = await visit();
    const { status, body } = await ask(
      "POST",
      "/enrollments",
      { ...own(), cookie },
      fields({ profile: "tablet", token }),
    );
    applivery.clearFaults();
    expect(status).toBe(502);
    expect(body).toContain("Nothing was made yet");
  });
});

it("nothing of all this was the desk's own fault", () => {
  expect(world.reported).toEqual([]);
});
