// Compiles the ts blocks of all pages in one go, and runs each in a process and a folder of its own.
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { placeOf } from "./blocks.js";
import { outputProblem } from "./expected-output.js";
import { packages, root } from "./places.js";
import { inParallel, runProcess } from "./processes.js";

const tools = import.meta.dirname;
export const preludes = join(tools, "preludes");

const isFile = ({ notes }) => notes.has("file");
const isTest = ({ notes }) => notes.get("run") === "vitest";
const slug = (page) => page.replaceAll(/[^A-Za-z0-9]+/g, "-");

/** The names that a module declares or imports at its top, and all the names that occur in it. */
const namesIn = (text) => {
  const source = ts.createSourceFile("block.ts", text, ts.ScriptTarget.Latest, true);
  const declared = new Set();
  const imported = new Set();
  const exported = new Set();
  const used = new Set();
  const addBinding = (name, to) => {
    if (ts.isIdentifier(name)) to.add(name.text);
    else
      for (const element of name.elements) if (!ts.isOmittedExpression(element)) addBinding(element.name, to);
  };
  for (const statement of source.statements) {
    const isExported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    const to = isExported ? exported : declared;
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) addBinding(name, to);
    } else if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) {
      if (statement.name) to.add(statement.name.text);
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      exported.add(statement.name.text);
    } else if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      for (const element of statement.exportClause.elements) exported.add(element.name.text);
    } else if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name) imported.add(name.text);
      if (namedBindings && ts.isNamespaceImport(namedBindings)) imported.add(namedBindings.name.text);
      if (namedBindings && ts.isNamedImports(namedBindings))
        for (const element of namedBindings.elements) imported.add(element.name.text);
    }
  }
  const visit = (node) => {
    if (ts.isIdentifier(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { declared, imported, exported, used };
};

/**
 * A block as a module: it takes what it lacks from its prelude, and hands on what it declares, for a reader would go on
 * to use that. Lines stay where they are.
 */
const moduleOf = ({ text, notes }, preludeText, preludePath) => {
  const { declared, imported, exported, used } = namesIn(text);
  const offered = preludeText === undefined ? [] : [...namesIn(preludeText).exported];
  const lacking = offered.filter(
    (name) => used.has(name) && !declared.has(name) && !imported.has(name) && !exported.has(name),
  );
  const takes = notes.has("setup") ? `import { ${lacking.join(", ")} } from "${preludePath}"; ` : "";
  const hands = declared.size === 0 ? "" : `\nexport { ${[...declared].join(", ")} };`;
  return `${takes}${text}${hands}\nexport {};\n`;
};

const compilerOptions = (src, out) => {
  const { config } = ts.readConfigFile(join(root, "tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return {
    ...options,
    rootDir: tools,
    outDir: out,
    declaration: false,
    sourceMap: false,
    inlineSources: false,
    // What an app needs that uses decorators, with parameters that are properties.
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    erasableSyntaxOnly: false,
    // Types of node are those of the workspace.
    typeRoots: [join(root, "node_modules/@types")],
  };
};

/** Writes the modules. @returns each block with the paths of its module and of what is compiled from it. */
const writeModules = async (blocks, src, out) => {
  const placed = [];
  for (const block of blocks) {
    const name = block.notes.get("file") ?? `line-${block.line}${isTest(block) ? ".test" : ""}.ts`;
    const path = join(src, slug(block.page), name);
    const prelude = block.notes.get("setup");
    const preludeFile = prelude && join(preludes, `${prelude}.ts`);
    const preludeText = preludeFile && ts.sys.readFile(preludeFile);
    if (prelude !== undefined && preludeText === undefined) {
      throw new Error(`${placeOf(block)} there is no prelude ${prelude}.ts`);
    }
    const preludePath = preludeFile && relative(dirname(path), preludeFile).replace(/\.ts$/, ".js");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, moduleOf(block, preludeText, preludePath));
    const compiled = (file) => join(out, relative(tools, file)).replace(/\.ts$/, ".js");
    placed.push({
      block,
      path,
      compiled: compiled(path),
      prelude: preludeFile === undefined ? "" : compiled(preludeFile),
    });
  }
  return placed;
};

/** Every package can be imported by its name, also one that is new: these tools need not depend on it. */
const linkPackages = async (work) => {
  for (const { folder, manifest } of packages) {
    const link = join(work, "node_modules", manifest.name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(folder, link, "junction");
  }
};

/** Puts the files of another page beside a page's own. */
const borrowFiles = async (blocks, src) => {
  for (const { page, notes } of blocks) {
    const from = notes.get("files of");
    if (from !== undefined)
      await cp(join(src, slug(from)), join(src, slug(page)), { recursive: true, force: false });
  }
};

const compile = (placed, src, out) => {
  const atPath = new Map(placed.map((each) => [each.path, each]));
  const files = ts.sys.readDirectory(src, [".ts"]);
  const program = ts.createProgram(files, compilerOptions(src, out));
  const emitted = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics].map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (diagnostic.file === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const at = atPath.get(diagnostic.file.fileName);
    return at === undefined
      ? `${relative(root, diagnostic.file.fileName)}:${line + 1} ${text}`
      : `${at.block.page}:${at.block.line + line} does not compile: ${text}`;
  });
};

const tail = (text) => text.trim().split("\n").slice(-25).join("\n");

const runOne = async ({ block, compiled, prelude }, files, expected) => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-docs-"));
  try {
    for (const { notes, text } of files) await writeFile(join(folder, notes.get("file")), `${text}\n`);
    const words = [join(tools, "block-process.js"), compiled, prelude];
    const { code, signal, stdout, stderr } = await runProcess(process.execPath, words, { cwd: folder });
    if (code !== 0) return `${placeOf(block)} fails (${signal ?? code}):\n${tail(stdout + stderr)}`;
    const problem = expected && outputProblem(expected.text, stdout);
    return problem && `${placeOf(expected)} ${problem}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const runTests = async (tests, src, out) => {
  const folder = join(out, relative(tools, src));
  const words = [join(root, "node_modules/vitest/vitest.mjs"), "run", `--root=${folder}`];
  words.push(`--config=${join(tools, "vitest.config.js")}`);
  const { code, stdout, stderr } = await runProcess(process.execPath, [...words, "--reporter=dot"], {
    cwd: folder,
    environment: { NO_COLOR: "1" },
  });
  const said = stdout + stderr;
  const missing = tests.filter(({ compiled }) => !ts.sys.fileExists(compiled));
  if (missing.length > 0) return missing.map(({ block }) => `${placeOf(block)} was not made into a test`);
  const [, count = "0"] = /Test Files\s+(\d+) passed/.exec(said) ?? [];
  return code === 0 && Number(count) >= tests.length ? [] : [`tests in pages fail:\n${tail(said)}`];
};

/** The block with the output that a page promises right after a block. */
const outputAfter = (block, blocks) => {
  const next = blocks[blocks.indexOf(block) + 1];
  return next?.page === block.page && next.notes.has("output") ? next : undefined;
};

/**
 * @param blocks - of all pages, all languages, in their order.
 * @returns problems, and how many blocks were compiled and run.
 */
export const checkTypeScript = async (blocks, { work = join(tools, ".blocks"), parallel = 2 } = {}) => {
  const [src, out] = [join(work, "src"), join(work, "out")];
  await rm(work, { recursive: true, force: true });
  await linkPackages(work);
  const mine = blocks.filter(({ language }) => language === "ts");
  const placed = await writeModules(mine, src, out);
  await borrowFiles(mine, src);
  const problems = compile(placed, src, out);
  const runnable = placed.filter(({ block }) => !block.notes.has("not run"));
  const counts = { compiled: mine.length, run: runnable.length };
  if (problems.length > 0) return { problems, counts };

  // A file is run by the blocks that import it.
  await inParallel(
    runnable.filter(({ block }) => !isTest(block) && !isFile(block)),
    parallel,
    async (each) => {
      const files = blocks.filter(
        (other) => other.page === each.block.page && isFile(other) && other.language !== "ts",
      );
      const problem = await runOne(each, files, outputAfter(each.block, blocks));
      if (problem !== undefined) problems.push(problem);
    },
  );
  const tests = runnable.filter(({ block }) => isTest(block));
  if (tests.length > 0) problems.push(...(await runTests(tests, src, out)));
  return { problems, counts };
};
