import type { TestRunner } from "../src/index.js";

/** A test that the suite has registered. */
export interface RecordedTest {
  readonly name: string;
  /** Absent if it was registered as skipped. */
  readonly body?: () => Promise<void> | void;
}

/** A runner that keeps what is registered, so that a test can run the suite and look at how it ends. */
export const createRecordingRunner = () => {
  const tests: RecordedTest[] = [];
  const it = Object.assign(
    (name: string, body: () => Promise<void> | void) => {
      tests.push({ name, body });
    },
    {
      skip: (name: string) => {
        tests.push({ name });
      },
    },
  );
  const runner: TestRunner = {
    it,
    describe: (_name, body) => {
      body();
    },
  };
  return { runner, tests };
};

/** Runs what was registered, one after the other; gives the message of each test that fails. */
export const failuresOf = async (tests: readonly RecordedTest[]): Promise<ReadonlyMap<string, string>> => {
  const failures = new Map<string, string>();
  for (const { name, body } of tests) {
    try {
      await body?.();
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error));
    }
  }
  return failures;
};
