import { describe, expect, it } from "vitest";
import { quote } from "./quote.js";

describe("quote", () => {
  it.each([
    "sales",
    "warehouse-phones-2026",
    "Außendienst Süd",
    "営業部",
    "Berlin/Phones (3rd floor)",
    "R&D's phones",
    "LC01abcdef",
    "requiredAccountEmail",
    "googleAuthenticationOptions",
    "warehousemanagement2026",
    "PT1H30M",
    "-P1DT0.5H",
    "P99999Y",
    "36h",
    "1 day",
    "1d12h",
    // At the edges of what is a word: 6 signs, 12 signs, a part of a UUID, one word for every 4 signs, 64 in all.
    "a1b2c3",
    "abcdefg12345",
    "7d1f03c9",
    "03C9ab52e864",
    "WorkPhoneDeskTab",
    "MOBILEDEVICE2026",
    "a ".repeat(32),
    "2026-09-20T10:15:30Z",
    "DEVICE_OWNER",
    "android.app.extra.PROVISIONING_LOCAL_TIME",
    "6f1c2b7e-0d1a-4c55-9a52-3f6f7a1d0c01",
    "",
  ])("repeats what reads as a name: %s", (text) => {
    expect(quote(text)).toBe(`"${text}"`);
  });

  it.each([
    ["an address", "ana@example.com"],
    ["a link", "https://enterprise.google.com/android/enroll?et=ABC"],
    ["a token of capitals", "QXWJKLPRTZCVBNMASDGH"],
    ["a token of hexadecimal digits", "7d1f03c9ab52e8640fd7b19c35e2a8467b90d3f1c5a2e86904fb17d8c3a65e20"],
    ["a token in base64url", "q7Zk1m0tT3bVv4Yd2h9sWc8pLx-R5nEoUa6iG_fJkBz0M"],
    ["a token of letters", "qZkmTbVvYdhsWcpLxRnEoUaiGfJkBz"],
    ["a JWT", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln"],
    ["Google's access token", "ya29.c.b0Goldcrest4HkT9vQzR7mWxLpN2s"],
    ["a code", "CNRY7K2QX"],
    ["a password with signs", "Tq9+esetWren=Xv7pB"],
    ["a phrase with signs", 'wifi "Linnet"\\3'],
    ["a long text", `${"a ".repeat(32)}a`],
    ["a short code", "a1b2c3d"],
    ["a longer code", "7d1f03c9a"],
    ["a word with a long number", "abcdefgh12345"],
    ["a word with more parts than words have", "WorkPhoneDskTab"],
    ["a number of many digits", "4111111111111111111"],
  ])("does not repeat %s", (_, text) => {
    expect(quote(text)).toBe('"…"');
  });
});
