import { Writable } from "node:stream";
import { logHooks, Secret } from "@enrollkit/core";
import { createMemoryProvider, createTestClock } from "@enrollkit/testing";
import { pino } from "pino";
import { expect, it, onTestFinished, vi } from "vitest";

const startProvider = (hooks?: ReturnType<typeof logHooks>) =>
  createMemoryProvider({
    accessToken: new Secret("secret-canary"),
    runtime: { clock: createTestClock(), random: () => 0.5, ...(hooks && { hooks }) },
  });

it("logs to pino, to a child of it too, each thing at its level and nothing secret", async () => {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write: (line: Buffer, _, done) => {
      lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const logger = pino({ level: "debug", base: null }, stream).child({ part: "enrollment" });
  const provider = startProvider(logHooks(logger));
  provider.failNext({ kind: "status", status: 429 });
  await provider.createEnrollment({ recipient: { email: "canary@example.com" } });
  await expect(provider.createEnrollment({ uses: 0 })).rejects.toThrow();
  const said = lines.map(({ level, msg, part }) => [pino.levels.labels[Number(level)], msg, part]);
  expect(said).toEqual(
    [
      ["debug", "vendor request"],
      ["debug", "vendor response"],
      ["warn", "vendor asks for a pause"],
      ["info", "vendor call is tried again"],
      ["debug", "vendor request"],
      ["debug", "vendor response"],
      ["info", "enrollment outcome"],
      ["warn", "enrollment outcome"],
    ].map((each) => [...each, "enrollment"]),
  );
  expect(lines[1]).toMatchObject({ provider: "memory", method: "POST", status: 429, attempt: 1 });
  expect(lines.at(-1)).toMatchObject({ operation: "create", outcomes: [{ status: "failed", count: 1 }] });
  expect(JSON.stringify(lines)).not.toContain("canary");
});

it("is silent by default", async () => {
  const outputs = [
    vi.spyOn(process.stdout, "write"),
    vi.spyOn(process.stderr, "write"),
    vi.spyOn(process, "emitWarning"),
  ];
  onTestFinished(() => {
    for (const output of outputs) output.mockRestore();
  });
  const provider = startProvider();
  provider.failNext({ kind: "status", status: 429 });
  await provider.createEnrollment({});
  await expect(provider.createEnrollment({ uses: 0 })).rejects.toThrow();
  for (const output of outputs) expect(output).not.toHaveBeenCalled();
});
