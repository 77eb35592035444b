import { describe, expect, test } from "vitest";
import { call, createTestClient, failureOf } from "../support/client.js";
import { answer, endless, good, startHostile } from "./support/hostile-server.js";
import { survive } from "./support/survival.js";

const okHead = "HTTP/1.1 200 OK\r\n";

describe("floods before an answer", () => {
  test.each([
    ["a header without an end", okHead + "x: ", "a".repeat(64 * 1024)],
    ["headers without an end", okHead, `x: ${"a".repeat(100)}\r\n`.repeat(500)],
    ["thousands of short headers", okHead, "a:\r\n".repeat(10_000)],
    ["a reason without an end", "HTTP/1.1 200 ", "O".repeat(64 * 1024)],
    ["a name without an end", okHead, "n".repeat(64 * 1024)],
    ["answers 100 without an end", "", "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000)],
    ["answers 102 without an end", "", "HTTP/1.1 102 Processing\r\n\r\n".repeat(1000)],
    [
      "answers 103 with headers, without an end",
      "",
      "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(1000),
    ],
    ["spaces without an end", "", " ".repeat(64 * 1024)],
  ])("%s", async (_, start, block) => {
    const server = await startHostile(endless(start, block));
    await survive(server.url);
  });

  test("line ends without an end: the time is up some day", async () => {
    // HTTP allows them before an answer, and says no number: https://www.rfc-editor.org/rfc/rfc9112#section-2.2
    const server = await startHostile(endless("", "\r\n".repeat(10_000)));
    const { client } = createTestClient({ timeout: 100, attempts: 1 });
    expect((await failureOf(client.send(call("repeatable", server.url)))).code).toBe("timeout");
    expect((await failureOf(client.send(call("once", server.url)))).code).toBe("outcome-unknown");
  });

  test("hundreds of small headers are no flood", async () => {
    const headers = Array.from({ length: 500 }, (_, index) => `x-${index}: 1`);
    const server = await startHostile((socket) => socket.write(answer('{"name":"pixel"}', headers)));
    const { client } = createTestClient();
    expect((await client.send(call("once", server.url))).headers).toMatchObject({ "x-0": "1", "x-499": "1" });
  });

  test("a few interim answers are no flood", async () => {
    const server = await startHostile((socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n".repeat(5));
      socket.write(good);
    });
    const { client } = createTestClient();
    expect((await client.send(call("once", server.url))).body).toEqual({ name: "pixel" });
  });

  test("more headers than 16 KiB are a flood", async () => {
    // Asked for with each request, and so whatever NODE_OPTIONS says.
    const server = await startHostile((socket) =>
      socket.write(answer("{}", [`x: ${"a".repeat(17 * 1024)}`])),
    );
    await survive(server.url);
  });
});

describe("answers that are none", () => {
  test.each([
    ["the status 999", "HTTP/1.1 999 Request denied\r\ncontent-length: 0\r\n\r\n"],
    ["the status 600", "HTTP/1.1 600 What\r\ncontent-length: 0\r\n\r\n"],
    ["the status 099", "HTTP/1.1 099 Low\r\ncontent-length: 0\r\n\r\n"],
    ["the status 000", "HTTP/1.1 000 None\r\ncontent-length: 0\r\n\r\n"],
    ["a status of four digits", "HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n"],
    ["a switch to another protocol", "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n{}"],
    ["another HTTP", "HTTP/9.9 200 OK\r\ncontent-length: 2\r\n\r\n{}"],
    ["HTTP/2", "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff"],
    ["a request", "GET / HTTP/1.1\r\nhost: x\r\n\r\n"],
    ["a zero in a header", `${okHead}x: a\0b\r\ncontent-length: 0\r\n\r\n`],
    ["a header with a space in its name", `${okHead}x y: 1\r\ncontent-length: 0\r\n\r\n`],
    ["a header on two lines", `${okHead}x: a\r\n b\r\ncontent-length: 2\r\n\r\n{}`],
  ])("%s", async (_, bytes) => {
    const server = await startHostile((socket) => socket.write(Buffer.from(bytes, "latin1")));
    await survive(server.url);
  });
});

describe("answers that nobody asked for", () => {
  const planted = answer('{"name":"planted"}', ["content-type: application/json"]);

  /** Two calls, one after the other; between them, something must come true. */
  const twoCalls = async (url: string, between: () => boolean) => {
    const { client } = createTestClient();
    const names: unknown[] = [];
    for (let number = 1; number <= 2; number += 1) {
      names.push((await client.send(call("once", url))).body.name);
      while (!between()) await new Promise(setImmediate);
    }
    return names;
  };
  const dropped = (server: { readonly open: () => number }) => () => server.open() === 0;

  test("a second answer at once is not taken for that to the next call", async () => {
    const server = await startHostile((socket) => socket.write(Buffer.concat([good, planted])));
    expect(await twoCalls(server.url, dropped(server))).toEqual(["pixel", "pixel"]);
    expect(server.connections()).toBe(2);
  });

  test("a second answer later is not either, and the connection is dropped", async () => {
    const server = await startHostile((socket) => {
      socket.write(good, () => setImmediate(() => socket.write(planted)));
    });
    expect(await twoCalls(server.url, dropped(server))).toEqual(["pixel", "pixel"]);
    expect(server.connections()).toBe(2);
  });

  test("half an answer later is not either", async () => {
    const server = await startHostile((socket) => {
      socket.write(good, () => setImmediate(() => socket.write(planted.subarray(0, 20))));
    });
    expect(await twoCalls(server.url, dropped(server))).toEqual(["pixel", "pixel"]);
    expect(server.connections()).toBe(2);
  });

  test("a header cannot be split into another answer", async () => {
    const split = answer('{"name":"pixel"}', [`request-id: a%0d%0a%0d%0aHTTP/1.1 200 OK`]);
    const server = await startHostile((socket) => socket.write(split));
    expect(await twoCalls(server.url, () => true)).toEqual(["pixel", "pixel"]);
    expect(server.connections()).toBe(1);
  });

  test("an answer before the request is at most the answer to it, and the real one to nothing", async () => {
    const server = await startHostile(
      (socket) => socket.write(good),
      (socket) => socket.write(planted),
    );
    // It could have said the same a moment later: what counts is that the next call starts on a clean connection.
    expect(await twoCalls(server.url, dropped(server))).toEqual(["planted", "planted"]);
    expect(server.connections()).toBe(2);
  });

  test("a connection that was dropped so does not trouble other calls", async () => {
    const server = await startHostile((socket) => socket.write(Buffer.concat([good, planted])));
    const { client } = createTestClient();
    const sent = Array.from({ length: 20 }, () => client.send(call("once", server.url)));
    expect((await Promise.all(sent)).map(({ body }) => body.name)).toEqual(Array(20).fill("pixel"));
  });
});

describe("time", () => {
  test.each([
    ["a header, letter by letter", "HTTP/1.1 200 OK\r\nx: "],
    ["a body, letter by letter", "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"],
  ])("%s, ends with the deadline", async (_, head) => {
    const server = await startHostile((socket) => {
      socket.write(head);
      const timer = setInterval(() => socket.write("a"), 2);
      socket.on("close", () => {
        clearInterval(timer);
      });
    });
    const { client } = createTestClient({ timeout: 60_000, deadline: 100, attempts: 1 });
    expect(await failureOf(client.send(call("repeatable", server.url)))).toMatchObject({ code: "timeout" });
    expect(await failureOf(client.send(call("once", server.url)))).toMatchObject({ code: "outcome-unknown" });
  });

  test.each([
    "999999999",
    "99999999999999999999",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "1e9",
    "-1",
    "NaN",
    "0x10",
  ])("Retry-After: %s holds nobody up for longer than the deadline", async (value) => {
    const server = await startHostile((socket) =>
      socket.write(answer("", [`retry-after: ${value}`], "503 Busy")),
    );
    const { client, clock } = createTestClient({ attempts: 3 });
    const error = await failureOf(client.send(call("repeatable", server.url)));
    expect(error).toMatchObject({ code: "unavailable" });
    expect(clock.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(300_000);
  });
});
