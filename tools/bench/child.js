import { fork } from "node:child_process";
import { once } from "node:events";

/** The next message of a child; rejects if it ends without one. */
const nextMessage = (child, module) =>
  new Promise((resolve, reject) => {
    const settle = (act) => (value) => {
      child.off("message", onMessage);
      child.off("exit", onExit);
      act(value);
    };
    const onMessage = settle(resolve);
    const onExit = settle((code) => reject(new Error(`${module.pathname} ended with code ${code}`)));
    child.on("message", onMessage);
    child.on("exit", onExit);
  });

/**
 * Runs a module in a process of its own, whose time and memory are then its own too. It answers each
 * message by one message, and has sent a first one when it is ready.
 *
 * @param {URL} module
 * @param {object} settings - its `process.argv[2]`, as JSON.
 */
export const startChild = async (module, settings) => {
  const child = fork(module, [JSON.stringify(settings)], { stdio: "inherit" });
  const ready = await nextMessage(child, module);
  return {
    ready,
    ask: (question) => {
      const answer = nextMessage(child, module);
      child.send(question);
      return answer;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};

/** What {@link startChild} was given. */
export const settingsOfChild = () => JSON.parse(process.argv[2] ?? "{}");

/** For the child: answers each question; the process ends when its parent lets go. */
export const answerParent = (ready, answer, stop = () => process.exit()) => {
  process.on("message", async (question) => {
    process.send?.(await answer(question));
  });
  process.once("disconnect", () => void stop());
  process.send?.(ready);
};
