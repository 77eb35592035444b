import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteSource, readAll } from "../../test/byte-source.js";
import { enrollmentColumns } from "./columns.js";
import { readCsv } from "./csv.js";

const read = (bytes: string | Uint8Array, cuts?: readonly number[]) =>
  readAll(readCsv(byteSource(bytes, cuts), enrollmentColumns));

const utf16 = (text: string, { bigEndian = false, mark = true } = {}) => {
  const bytes = Buffer.from(`${mark ? "\ufeff" : ""}${text}`, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

describe("what is read", () => {
  const two = [
    { line: 2, value: { key: "a", recipient: { name: "Ana" } } },
    { line: 3, value: { key: "b", recipient: { name: "Bo" } } },
  ];

  it.each<[string, string]>([
    ["commas", "key,name\na,Ana\nb,Bo\n"],
    ["semicolons, as Excel writes them", "key;name\na;Ana\nb;Bo\n"],
    ["tabs", "key\tname\na\tAna\nb\tBo\n"],
    ["a byte-order mark", "\ufeffkey,name\na,Ana\nb,Bo\n"],
    ["Windows line ends", "key,name\r\na,Ana\r\nb,Bo\r\n"],
    ["old Mac line ends", "key,name\ra,Ana\rb,Bo\r"],
    ["line ends that change on the way", "key,name\r\na,Ana\nb,Bo"],
    ["no line end at the end", "key,name\na,Ana\nb,Bo"],
    ["spaces around cells", "key , name\n a,Ana \nb , Bo\n"],
    ["quotes around everything", '"key","name"\n"a","Ana"\n"b","Bo"\n'],
    ["rows of empty cells behind the last, as Excel leaves them", "key,name\na,Ana\nb,Bo\n,\n,\n"],
  ])("%s", async (_, text) => {
    expect(await read(text)).toEqual({ read: two, error: undefined });
  });

  it("every column fills its field, and empty cells fill none", async () => {
    const text = [
      Object.keys(enrollmentColumns).join(","),
      "k,sales,acme,android,dedicated,company,a@example.com,Ana,id1,phone,spare,SN1,P1D,3,red| blue |,extra,return",
      ",,,,,,,,,,,,,unlimited,,,",
    ].join("\n");
    const { read: rows } = await read(text);
    expect(rows).toEqual([
      {
        line: 2,
        value: {
          key: "k",
          profile: "sales",
          tenant: "acme",
          platform: "android",
          management: "dedicated",
          ownership: "company",
          recipient: { email: "a@example.com", name: "Ana" },
          device: { id: "id1", name: "phone", description: "spare", serialNumber: "SN1" },
          validFor: "P1D",
          uses: 3,
          tags: ["red", "blue"],
          additionalData: "extra",
          delivery: "return",
        },
      },
      { line: 3, value: { uses: "unlimited" } },
    ]);
  });

  it.each<[string, string, number[]]>([
    ["empty lines", "\n\nkey\n\na\n\n\nb\n", [5, 8]],
    ["line breaks in cells", 'key,name\na,"one\ntwo"\nb,x\nc,"1\n2\n3"\nd,y\n', [2, 4, 5, 8]],
    [
      "Windows line breaks in cells",
      'key,name\r\na,"one\r\ntwo"\r\nb,x\r\nc,"1\r\n2"\r\nd,y\r\n',
      [2, 4, 5, 7],
    ],
  ])("rows are counted by their first line: %s", async (_, text, lines) => {
    const { read: rows } = await read(text);
    expect(rows.map(({ line }) => line)).toEqual(lines);
  });
});

describe("what is refused", () => {
  const long = "x".repeat(1_100_000);

  it.each<[string, string | Uint8Array, string]>([
    ["nothing at all", "", "standard input is empty"],
    ["nothing but empty lines", "\n \n\n", "standard input is empty"],
    ["too many cells", "key,name\na,Ana\nb,Bo,c\n", "line 3: has more or fewer cells than the heading"],
    ["too few cells", "key,name\na,Ana\n\nb\n", "line 4: has more or fewer cells than the heading"],
    [
      "a ragged row behind line breaks in cells",
      'key,name\r\na,"1\r\n2"\r\nb\r\n',
      "line 4: has more or fewer cells than the heading",
    ],
    ["a typo", "kye,email\na,b\n", 'line 1: "kye" is not a known column; did you mean "key"?'],
    ["another case", "Key,E-Mail\n", '"Key" is not a known column; did you mean "key"?'],
    ["another hand", "Device name\n", '"Device name" is not a known column; did you mean "device_name"?'],
    ["a word that is close to none", "colour\n", 'line 1: "colour" is not a known column'],
    ["a property of every object", "constructor\n", '"constructor" is not a known column'],
    ["a heading twice", "key,name,key\n", 'line 1: "key" stands there twice'],
    ["no heading over a column", "key,,\n", "line 1: a column has no heading"],
    ["a heading behind empty lines", "\n\nfoo\n", 'line 3: "foo" is not a known column'],
    [
      "a quote that stays open",
      'key,name\na,Ana\nb,"Bo\nc,Cy\n',
      "line 3: a quote is opened here and never closed",
    ],
    [
      "an open quote behind line breaks in cells",
      'key,name\r\na,"1\r\n2"\r\n\r\nb,"Bo\r\nc,Cy\r\n',
      "line 5: a quote is opened here and never closed",
    ],
    ["text behind a quote", 'key,name\na,"Ana" B\n', "line 2: has text behind a closing quote"],
    ["a quote within a cell", 'key,name\na,5" phone\n', "line 2: has a quote in the middle of a cell"],
    ["one endless line", long, "line 1: a row begins here that is longer than 1,000,000 characters"],
    [
      "an endless row",
      `key\na\n${long}\n`,
      "line 3: a row begins here that is longer than 1,000,000 characters",
    ],
    [
      "a quote that swallows the rest of a long file",
      `key,name\na,Ana\nb,"Bo\n${"c,Cy\n".repeat(210_000)}`,
      "line 3: a row begins here that is longer than 1,000,000 characters",
    ],
    ["UTF-16, little end first", utf16("key\na\n"), "standard input is UTF-16"],
    ["UTF-16, big end first", utf16("key\na\n", { bigEndian: true }), "standard input is UTF-16"],
    ["UTF-16 without its mark", utf16("key\na\n", { mark: false }), "standard input is UTF-16"],
    [
      "big-endian UTF-16 without its mark",
      utf16("key\na\n", { mark: false, bigEndian: true }),
      "standard input is UTF-16",
    ],
    ["Latin-1", Buffer.from("key,name\na,Ana\nb,J\u00f6rg\nc,Cy\n", "latin1"), "line 3: not UTF-8"],
    [
      "a character cut off at the end",
      Buffer.from("key,name\na,Ana\u00e9").subarray(0, -1),
      "line 2: not UTF-8",
    ],
  ])("%s", async (_, bytes, message) => {
    const { error } = await read(bytes);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining(message) as string });
    expect(error).toHaveProperty("advice", expect.stringMatching(/^\S.*\S$/));
  });

  it("the first bytes may come one by one", async () => {
    const { error } = await read(utf16("key\na\n"), [1, 2, 3]);
    expect(error).toMatchObject({ message: "standard input is UTF-16" });
  });

  it("the line of what is not UTF-8 does not depend on how the bytes come", async () => {
    const bytes = Buffer.from("key,name\na,\u00fc\nb,J\u00f6rg\nc,Cy\n", "latin1");
    bytes.set(Buffer.from("u"), 11);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), async (cuts) => {
        expect((await read(bytes, cuts)).error).toMatchObject({
          message: "standard input: line 3: not UTF-8",
        });
      }),
    );
  });

  it("people's data in place of a heading is not repeated", async () => {
    const { error } = await read("Ana,ana@example.com\n");
    expect(String(error)).toContain('"…" is not a known column');
  });

  it("rows before the break are handed out", async () => {
    const { read: rows, error } = await read("key\na\nb\nc,d\n");
    expect(rows.map(({ value }) => value["key"])).toEqual(["a", "b"]);
    expect(error).toBeDefined();
  });
});

describe("any rows come back as they were", () => {
  const columns = ["key", "name", "device_name", "additional_data"] as const;
  const cell = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
  const rows = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 20 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  it.each(["\n", "\r\n"])("with %j between the lines", async (lineEnd) => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom(",", ";", "\t"),
        fc.array(fc.nat()),
        async (records, delimiter, cuts) => {
          const lines = [columns, ...records].map((record) => record.map(quoted).join(delimiter) + lineEnd);
          const { read: back, error } = await read(lines.join(""), cuts);
          expect(error).toBeUndefined();
          expect(back.map(({ value }) => value)).toEqual(
            records.map(([key, name, deviceName, additionalData]) => ({
              key,
              recipient: { name },
              device: { name: deviceName },
              additionalData,
            })),
          );
        },
      ),
    );
  });
});
