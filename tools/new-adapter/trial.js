// A new vendor in a copy of the project, made as a contributor makes one, and filled in with a prepared one.
import { execFile, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { existsSync, lstatSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { root } from "../supply-chain/packages.js";
import { targetsOf } from "./vendor-files.js";

const execute = promisify(execFile);
const filled = join(import.meta.dirname, "filled");
const pnpm = "node_modules/pnpm/bin/pnpm.cjs";

/** The vendor of `filled/`, as it is given to the generator. */
const vendor = { kebab: "harbor-mdm", words: ["harbor-mdm", "--product", "Harbor MDM"] };

/** Without what belongs to the run of tests, or the commit, that this is part of. */
const environment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|GIT_|NODE_ENV$)/.test(name)),
  );

/** @type {(folder: string, words: string[]) => Promise<string>} */
const git = async (folder, words) => {
  const settings = ["user.name=trial", "user.email=trial@example.com", "commit.gpgsign=false"];
  const options = { cwd: folder, env: environment(), maxBuffer: 2 ** 26 };
  const { stdout } = await execute("git", [...settings.flatMap((each) => ["-c", each]), ...words], options);
  return stdout;
};

/** The project as it is now, committed or not, and a repository or not: the copy's own git looks at it. */
const copyProject = async (folder) => {
  const inProject = [`--git-dir=${join(folder, ".git")}`, `--work-tree=${root}`];
  const listed = await git(root, [...inProject, "ls-files", "-z", "--others", "--exclude-standard"]);
  const paths = listed.split("\0").filter((path) => path !== "" && lstatSync(join(root, path)).isFile());
  for (const parent of new Set(paths.map(dirname))) await mkdir(join(folder, parent), { recursive: true });
  await Promise.all(paths.map((path) => copyFile(join(root, path), join(folder, path))));
};

/** Runs a script of the copy. @type {(folder: string, words: string[]) => Promise<{ code: number | null, output: string }>} */
const run = (folder, words) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd: folder,
      env: { ...environment(), NO_COLOR: "1", TURBO_CACHE_DIR: join(root, ".turbo/cache") },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });

/**
 * @typedef {object} Trial
 * @property {string} folder - the copy.
 * @property {(...words: string[]) => Promise<{ code: number | null, output: string }>} run - a script of the copy.
 * @property {(...words: string[]) => Promise<string>} must - the same; rejects with what it said if it fails.
 * @property {() => Promise<void>} install
 * @property {() => Promise<string>} generate - and what the generator said.
 * @property {() => Promise<string[]>} fill - the gaps. Resolves with the files that it replaced.
 * @property {(pattern: RegExp) => Promise<string[]>} find - the vendor's files that have it in them.
 * @property {() => Promise<string[]>} changed - what is not as it was before the generator: files, and new folders.
 * @property {(file: string) => Promise<string[]>} lost - the lines of a file that are no longer in it.
 * @property {() => Promise<void>} remove
 */

/** Copies the project and installs it. @returns {Promise<Trial>} */
export const startTrial = async () => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-new-adapter-"));
  const must = async (...words) => {
    const { code, output } = await run(folder, words);
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${output}`);
    return output;
  };
  const { storeDir } = parse(await readFile(join(root, "node_modules/.modules.yaml"), "utf8"));
  // What is installed here is in the store, or almost all of it.
  const install = (pnpmScript, ...words) =>
    must(pnpmScript, "install", "--prefer-offline", "--store-dir", dirname(storeDir), ...words);
  const [adapter, simulator] = targetsOf(vendor.kebab);
  const places = { adapter, simulator };

  await git(folder, ["init", "--quiet"]);
  await copyProject(folder);
  await git(folder, ["add", "--all"]);
  await git(folder, ["commit", "--quiet", "--message", "as it was"]);
  await install(join(root, pnpm), "--frozen-lockfile");

  return {
    folder,
    run: (...words) => run(folder, words),
    must,
    install: async () => {
      await install(pnpm, "--no-frozen-lockfile");
    },
    generate: () => must("tools/new-adapter/new-adapter.js", ...vendor.words),
    fill: async () => {
      const found = (await readdir(filled, { recursive: true })).map((path) => path.replaceAll("\\", "/"));
      const prepared = found.filter((path) => path.endsWith(".filled"));
      for (const path of prepared) {
        const [place, ...rest] = path.replace(/\.filled$/, "").split("/");
        const target = join(folder, places[place], ...rest);
        if (!existsSync(target)) throw new Error(`the generator writes no ${relative(folder, target)}`);
        await copyFile(join(filled, path), target);
      }
      for (const file of ["gap.ts", "gap.test.ts"]) await rm(join(folder, adapter, "src", file));
      return prepared.map((path) => path.replace(/\.filled$/, ""));
    },
    find: async (pattern) => {
      const words = ["ls-files", "-z", "--others", "--exclude-standard", "--", adapter, simulator];
      const paths = (await git(folder, words)).split("\0").filter((path) => path !== "");
      const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), "utf8")));
      return paths.filter((_, index) => pattern.test(texts[index]));
    },
    changed: async () => {
      const lines = (await git(folder, ["status", "--porcelain"])).split("\n").filter((line) => line !== "");
      return lines.map((line) => line.slice(3)).sort();
    },
    lost: async (file) =>
      (await git(folder, ["diff", "--unified=0", "--", file]))
        .split("\n")
        .filter((line) => /^-(?!--)/.test(line)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** What a new vendor may change: its own folders and its page, and the lockfile, which lists every package's dependencies. */
export const allowedChanges = [
  ...targetsOf(vendor.kebab).map((target) => (target.endsWith(".md") ? target : `${target}/`)),
  "pnpm-lock.yaml",
].sort();

export const trialVendor = vendor.kebab;
