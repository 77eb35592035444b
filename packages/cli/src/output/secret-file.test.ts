import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/test-terminal.js";
import { fetchInto, isSameFile, openSecretFile, writeSecretFile, writeSecretPieces } from "./secret-file.js";

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe("files of secrets", () => {
  it("only the owner may read it, whatever the umask", async () => {
    const path = join(await temporaryFolder(), "secret");
    await writeSecretFile(path, "x");
    expect(await modeOf(path)).toBe(0o600);
    expect(await readFile(path, "utf8")).toBe("x");
  });

  it("what is written is in the file before it is closed", async () => {
    const path = join(await temporaryFolder(), "lines");
    const file = await openSecretFile(path);
    await file.write("one\n");
    expect(await readFile(path, "utf8")).toBe("one\n");
    await file.write("two\n");
    await file.close();
    expect(await readFile(path, "utf8")).toBe("one\ntwo\n");
  });

  it("a file that exists is not touched", async () => {
    const path = join(await temporaryFolder(), "secret");
    await writeFile(path, "old");
    await expect(openSecretFile(path)).rejects.toMatchObject({
      name: "UsageError",
      message: `${path} exists already, and may hold secrets that no vendor shows again`,
    });
    expect(await readFile(path, "utf8")).toBe("old");
  });

  it("overwriting replaces the content and the mode", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "secret");
    await writeFile(path, "old content");
    await chmod(path, 0o644);
    await writeSecretFile(path, "new", true);
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await modeOf(path)).toBe(0o600);
    expect(await readdir(folder)).toEqual(["secret"]);
  });

  it("overwriting follows a link to the file itself", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "real"), "old");
    await symlink("real", join(folder, "link"));
    await writeSecretFile(join(folder, "link"), "new", true);
    expect(await readFile(join(folder, "real"), "utf8")).toBe("new");
    expect((await readdir(folder)).sort()).toEqual(["link", "real"]);
  });

  it("a folder is not overwritten", async () => {
    const path = join(await temporaryFolder(), "folder");
    await mkdir(path);
    await expect(openSecretFile(path, true)).rejects.toMatchObject({ message: `${path} is not a file` });
  });

  it.each([false, true])("what fails leaves everything as it was (overwrite: %s)", async (overwrite) => {
    const folder = await temporaryFolder();
    if (overwrite) await writeFile(join(folder, "secret"), "old");
    const failing = fetchInto(
      join(folder, "secret"),
      overwrite,
      () => Promise.reject(new Error("refused")),
      () => "new",
    );
    await expect(failing).rejects.toThrow("refused");
    expect(await readdir(folder)).toEqual(overwrite ? ["secret"] : []);
    if (overwrite) expect(await readFile(join(folder, "secret"), "utf8")).toBe("old");
  });

  it("nothing is fetched if there is no place to put it", async () => {
    let fetched = 0;
    const failing = fetchInto(
      join(await temporaryFolder(), "missing", "secret"),
      false,
      () => Promise.resolve((fetched += 1)),
      String,
    );
    await expect(failing).rejects.toMatchObject({ code: "ENOENT" });
    expect(fetched).toBe(0);
  });

  it("knows one file by two names", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "a"), "");
    await symlink("a", join(folder, "b"));
    await writeFile(join(folder, "c"), "");
    expect(await isSameFile(join(folder, "a"), join(folder, "b"))).toBe(true);
    expect(await isSameFile(join(folder, "a"), join(folder, "c"))).toBe(false);
    expect(await isSameFile(join(folder, "a"), join(folder, "none"))).toBe(false);
  });

  it.each([false, true])(
    "pieces that break off leave everything as it was (a file before: %s)",
    async (before) => {
      const folder = await temporaryFolder();
      const path = join(folder, "sheet");
      if (before) await writeFile(path, "old");
      const pieces = async function* () {
        yield "one";
        await Promise.reject(new Error("broken off"));
      };
      await expect(writeSecretPieces(path, pieces(), true)).rejects.toThrow("broken off");
      expect(await readdir(folder)).toEqual(before ? ["sheet"] : []);
      if (before) expect(await readFile(path, "utf8")).toBe("old");
    },
  );

  it("pieces become one file, and replace an earlier one with its mode", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "sheet");
    await writeFile(path, "old", { mode: 0o644 });
    const pieces = async function* () {
      yield* ["one", "two"];
      await Promise.resolve();
    };
    await expect(writeSecretPieces(path, pieces())).rejects.toThrow("exists already");
    await writeSecretPieces(path, pieces(), true);
    expect([await readFile(path, "utf8"), await modeOf(path)]).toEqual(["onetwo", 0o600]);
    expect(await readdir(folder)).toEqual(["sheet"]);
  });
});
