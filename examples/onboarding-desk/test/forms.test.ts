import { EnrollmentError } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import {
  emptyForm,
  problemOf,
  readFields,
  readForm,
  sentencesOf,
  somebodyElse,
  type FormValues,
} from "../src/enrollment-form.js";
import { createPace } from "../src/pace.js";
import { readPeople } from "../src/offer.js";
import { readPort } from "../src/port.js";
import { createSessions } from "../src/sessions.js";

const people = readPeople();
const filled = (changes: Partial<FormValues> = {}): FormValues => ({
  ...emptyForm(),
  person: "p-001",
  ...changes,
});
const elsewhere = { person: somebodyElse, name: "Bo Li", email: "bo.li@example.com" };

describe("the form for a new enrollment", () => {
  it("asks for somebody of the directory", () => {
    expect(readForm(filled({ lifetime: "P7D", name: "left over" }), people)).toMatchObject({
      request: {
        profile: "company-phone",
        person: { name: "Ana García", email: "ana.garcia@example.com" },
        validFor: "P7D",
      },
    });
  });

  it("asks for somebody else", () => {
    const { name, email } = elsewhere;
    expect(readForm(filled(elsewhere), people)).toMatchObject({ request: { person: { name, email } } });
  });

  it.each<[string, Partial<FormValues>, string, RegExp]>([
    ["no profile", { profile: "" }, "profile", /^Choose one of: Company phone, Work profile/],
    ["a profile that is not there", { profile: "__proto__" }, "profile", /^Choose one of/],
    ["no person", { person: "" }, "person", /^Choose a person/],
    ["a person who is not there", { person: "p-999" }, "person", /^Choose a person/],
    ["no name", { ...elsewhere, name: "" }, "name", /^Enter the name/],
    ["a name that is a book", { ...elsewhere, name: "x".repeat(101) }, "name", /at most 100 characters/],
    ["a name of two lines", { ...elsewhere, name: "Bo\nLi" }, "name", /one line/],
    ["no address", { ...elsewhere, email: "" }, "email", /^Enter the e-mail address/],
    ["no real address", { ...elsewhere, email: "bo.li" }, "email", /such as ana.garcia@example.com/],
    ["an endless address", { ...elsewhere, email: `${"x".repeat(250)}@example.com` }, "email", /at most 254/],
    ["a lifetime that is not offered", { lifetime: "P90D" }, "lifetime", /^Choose one of: 10 minutes/],
  ])("says of %s which field it is, and what is allowed", (_, changes, field, message) => {
    expect(readForm(filled(changes), people)).toEqual({
      problems: [{ field, message: expect.stringMatching(message) as string }],
    });
  });

  it("names all problems at once", () => {
    const read = readForm(filled({ profile: "", person: somebodyElse, lifetime: "x" }), people);
    expect("problems" in read && read.problems.map(({ field }) => field)).toEqual([
      "profile",
      "name",
      "email",
      "lifetime",
    ]);
  });

  it("reads what a browser sends, and makes a key up for one that is spoilt", () => {
    const values = readFields(new URLSearchParams({ name: "  Bo Li ", key: "../../etc" }));
    expect(values).toMatchObject({ name: "Bo Li", email: "", profile: "" });
    expect(values.key).toMatch(/^[0-9a-f-]{36}$/);
    const { key } = emptyForm();
    expect(readFields(new URLSearchParams({ key })).key).toBe(key);
  });
});

describe("an error of a vendor", () => {
  const error = new EnrollmentError("recipient.email is missing", {
    code: "invalid-request",
    path: "recipient.email",
    advice: "add it",
  });

  it("stands at its field, in sentences", () => {
    expect(problemOf(error, filled(elsewhere))).toEqual({
      field: "email",
      message: "This is missing. Add it.",
    });
    expect(problemOf(error, filled()).field).toBe("person");
    expect(problemOf(error.with({ path: "tags" }), filled()).field).toBeUndefined();
  });

  it("is written as it is where it names no field", () => {
    const outage = new EnrollmentError("Applivery is out of order!", { code: "unavailable" });
    expect(sentencesOf(outage)).toBe("Applivery is out of order!");
  });
});

describe("the parts", () => {
  it("remember a browser by nothing but its id, and no other's form is good", () => {
    const sessions = createSessions();
    const [one, other] = [sessions.newId(), sessions.newId()];
    expect(sessions.isId(one)).toBe(true);
    expect(sessions.isTokenOf(one, sessions.tokenOf(one))).toBe(true);
    expect(sessions.isTokenOf(one, sessions.tokenOf(other))).toBe(false);
    expect(sessions.isTokenOf(one, "")).toBe(false);
    expect(createSessions().isTokenOf(one, sessions.tokenOf(one))).toBe(false);
    expect(["", "x".repeat(44), `${"x".repeat(42)};`].filter(sessions.isId)).toEqual([]);
  });

  it("say a notice once, and keep no more than a thousand", () => {
    const sessions = createSessions();
    sessions.leaveNotice("first", { tone: "good", text: "done" });
    for (let count = 0; count < 999; count += 1)
      sessions.leaveNotice(`${count}`, { tone: "good", text: "done" });
    expect(sessions.takeNotice("first")).toEqual({ tone: "good", text: "done" });
    expect(sessions.takeNotice("first")).toBeUndefined();
    sessions.leaveNotice("second", { tone: "good", text: "done" });
    for (let count = 0; count < 1000; count += 1)
      sessions.leaveNotice(`${count}`, { tone: "good", text: "x" });
    expect(sessions.takeNotice("second")).toBeUndefined();
  });

  it("ask again after an error, once the time has passed", async () => {
    let now = 0;
    const pace = createPace({ now: () => now, sleep: () => Promise.resolve() });
    const failing = () => Promise.reject(new Error("no"));
    await expect(pace("one", 10, failing)).rejects.toThrow("no");
    await expect(pace("one", 10, () => Promise.resolve([]))).rejects.toThrow("no");
    now = 10;
    expect(await pace("one", 10, () => Promise.resolve(["yes"]))).toEqual(["yes"]);
  });

  it.each([
    [undefined, 0],
    ["", 0],
    ["0", 0],
    ["8080", 8080],
    ["65535", 65_535],
  ])("read the port %j", (text, port) => {
    expect(readPort(text)).toBe(port);
  });

  it.each(["65536", "-1", "http", "80.5", "0x50", "999999"])("refuse the port %j", (text) => {
    expect(() => readPort(text)).toThrow("PORT must be a whole number from 0 to 65535");
  });
});
