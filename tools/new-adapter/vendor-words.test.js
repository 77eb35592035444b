import { expect, it } from "vitest";
import { vendorWordsOf } from "./vendor-words.js";

const taken = new Set(["core", "applivery"]);
const wordsOf = (typed, product) => vendorWordsOf(typed, { product, taken });

it("a name is written in all the ways that code and pages need", () => {
  expect(wordsOf("northwind-mobile")).toEqual({
    kebab: "northwind-mobile",
    pascal: "NorthwindMobile",
    camel: "northwindMobile",
    constant: "NORTHWIND_MOBILE",
    product: "Northwind Mobile",
  });
  expect(wordsOf("x")).toMatchObject({ pascal: "X", camel: "x", product: "X" });
  expect(wordsOf("jamf-2go-365", "jamf 2go 365+")).toMatchObject({
    pascal: "Jamf2go365",
    product: "jamf 2go 365+",
  });
});

it.each([
  ["Northwind", 'at most 40 characters: "northwind", say'],
  ["NorthwindMobile", '"northwind-mobile", say'],
  ["northwind_mobile", '"northwind-mobile", say'],
  ["Northwind Mobile!", '"northwind-mobile", say'],
  ["3cx", '"cx", say'],
  ["-acme", '"acme", say'],
  ["acme-", '"acme", say'],
  ["acme--mdm", '"acme-mdm", say'],
  ["../acme", '"acme", say'],
  ["acme/../../core", '"acme-core", say'],
  ["@enrollkit/acme", '"enrollkit-acme", say'],
  ["a".repeat(41), `"${"a".repeat(40)}", say`],
  ["", "with a letter first, at most 40 characters"],
  ["42", "with a letter first, at most 40 characters"],
  ["日本", "with a letter first, at most 40 characters"],
  ["acme\n", '"acme", say'],
])("%j is refused: %s", (typed, reason) => {
  expect(() => wordsOf(typed)).toThrow(reason);
});

it.each([
  ["applivery", "the package @enrollkit/applivery is there already"],
  ["core", "the package @enrollkit/core is there already"],
  ["base", "what all simulators share has that folder"],
  ["index", "the page that compares the vendors has that name"],
  ["router", "a config means a composite by it"],
  ["fallback", "a config means a composite by it"],
  ["memory", "the provider of the package testing has that name"],
  ["vendor-name", "the templates have that name"],
  ["nul", "Windows cannot have a folder of that name"],
])("%s is taken: %s", (typed, reason) => {
  expect(() => wordsOf(typed)).toThrow(`"${typed}" cannot be a vendor's name: ${reason}`);
});

it.each([
  "",
  'Acme "MDM"',
  "Acme`",
  "Acme\nMDM",
  " Acme",
  "Acme ",
  "<Acme>",
  "A|B",
  "a".repeat(61),
  "${acme}",
])("%j is no product's name", (product) => {
  expect(() => wordsOf("acme", product)).toThrow("cannot be a product's name");
});
