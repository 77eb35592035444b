import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { root } from "../supply-chain/packages.js";

const unsaid = { logLevel: ExtractorLogLevel.None };
const failing = { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false };

const configFor = ({ folder, types, report }, reports) =>
  ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: "lf",
      compiler: {
        overrideTsconfig: {
          extends: join(root, "tsconfig.base.json"),
          compilerOptions: { noEmit: true, typeRoots: [join(root, "node_modules/@types")] },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: reports,
        // A draft is written here first, and compared.
        reportTempFolder: join(root, "node_modules/.cache/api-reports"),
        // What is not exported, and yet seen by whoever uses what is.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: failing },
        extractorMessageReporting: {
          default: failing,
          // Comments are typedoc's, for the API reference; and nothing here is alpha or beta.
          "ae-missing-release-tag": unsaid,
          "ae-undocumented": unsaid,
          "ae-unresolved-link": unsaid,
          "ae-forgotten-export": unsaid,
        },
        tsdocMessageReporting: { default: unsaid },
      },
    },
  });

/** api-extractor tells its user to copy a file from its cache; what to do here is said once, at the end. */
const keepQuiet = (message) => {
  if (message.category === "console") message.logLevel = ExtractorLogLevel.None;
};

const extract = (entryPoint, reports, isCheck) => {
  const { specifier, types, report } = entryPoint;
  if (!existsSync(types)) return { problem: `${specifier} has no types: build it first` };
  const { apiReportChanged, errorCount } = Extractor.invoke(configFor(entryPoint, reports), {
    localBuild: !isCheck,
    messageCallback: keepQuiet,
  });
  if (errorCount > 0) return { problem: `${specifier} has types that cannot be read: see above` };
  if (!apiReportChanged) return {};
  return isCheck
    ? { problem: `${specifier} offers something else than ${report} says` }
    : { written: report };
};

/**
 * Writes a report for each entry point, or compares what is there.
 *
 * @param {import("../packages/published-entry-points.js").EntryPoint[]} entryPoints
 * @param {string} reports - the folder of the reports.
 * @param {boolean} isCheck - whether nothing is written.
 * @returns {Promise<{ problems: string[], written: string[] }>}
 */
export const keepReports = async (entryPoints, reports, isCheck) => {
  await mkdir(reports, { recursive: true });
  const results = entryPoints.map((entryPoint) => extract(entryPoint, reports, isCheck));
  const known = new Set(entryPoints.map(({ report }) => report));
  const stale = (await readdir(reports)).filter((name) => !known.has(name));
  if (!isCheck) for (const name of stale) await rm(join(reports, name));
  return {
    problems: [
      ...results.flatMap(({ problem }) => problem ?? []),
      ...(isCheck ? stale.map((name) => `${name} is the report of nothing`) : []),
    ],
    written: results.flatMap(({ written }) => written ?? []),
  };
};
