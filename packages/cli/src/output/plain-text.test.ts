import { describe, expect, it } from "vitest";
import { withoutAddresses, withoutControls } from "./plain-text.js";

describe("what is printed", () => {
  it.each([
    ["ana@example.com", "[e-mail address]"],
    ['profile "ana.b+c@mail.example.com" is not known', 'profile "[e-mail address]" is not known'],
    ["ask ana@example.com, or bo@example.org.", "ask [e-mail address], or [e-mail address]."],
    ["/home/ana@example.com/people.csv: line 3", "/home/ana@example.com/people.csv: line 3"],
    ["C:\\Users\\ana@example.com\\people.csv", "C:\\Users\\ana@example.com\\people.csv"],
    ["name it as name@host", "name it as name@host"],
    ["@enrollkit/core", "@enrollkit/core"],
  ])("%s reads %s", (text, expected) => {
    expect(withoutAddresses(text)).toBe(expected);
  });

  it("control characters become spaces, line breaks stay", () => {
    expect(withoutControls("a\u001b[2Jb\nc\r\td\u009b")).toBe("a [2Jb\nc  d ");
  });
});
