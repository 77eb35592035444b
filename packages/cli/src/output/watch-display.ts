import { writeLine, type Terminal } from "../terminal.js";

/** Shows lines that change: in their place where a person looks on, one below another elsewhere. */
export interface WatchDisplay {
  /** Milliseconds after which another look is worth it. */
  readonly interval: number;
  show(lines: readonly string[]): void;
}

/** Lines longer than the window would take two, and be counted as one. */
const withoutWrapping = (text: string) => `\u001B[?7l${text}\u001B[?7h`;

export const createWatchDisplay = ({ stderr, isInteractive }: Terminal): WatchDisplay => {
  if (!isInteractive) {
    return {
      interval: 5000,
      show: (lines) => {
        for (const line of lines) writeLine(stderr, line);
      },
    };
  }
  let shown = 0;
  return {
    interval: 1000,
    show: (lines) => {
      const back = shown === 0 ? "" : `\u001B[${shown}A\u001B[0J`;
      stderr.write(withoutWrapping(`${back}${lines.join("\n")}\n`));
      shown = lines.length;
    },
  };
};
