import type { BulkProgress } from "@enrollkit/core";
import { SingleBar } from "cli-progress";
import { writeLine, type Terminal } from "../terminal.js";

/** Shows how far a bulk run has come. */
export interface ProgressDisplay {
  update(progress: BulkProgress): void;
  stop(): void;
}

const words = ({ done, failed, unknown }: BulkProgress, total: number | undefined) => {
  const of = total === undefined ? "" : ` of ${total}`;
  const bad = [failed > 0 ? `${failed} failed` : "", unknown > 0 ? `${unknown} unknown` : ""].filter(Boolean);
  return `${done}${of} rows${bad.length === 0 ? "" : `, ${bad.join(", ")}`}`;
};

/**
 * A bar that redraws itself where a person looks on; elsewhere a plain line for each tenth of the rows, or each
 * thousand if their number is not known.
 */
export const createProgressDisplay = (
  { stderr, isInteractive }: Terminal,
  total: number | undefined,
): ProgressDisplay => {
  if (isInteractive && total !== undefined) {
    const bar = new SingleBar({
      format: "{bar} {percentage}% | {value}/{total} rows | {failed} failed | {duration_formatted}",
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: 30,
      hideCursor: true,
      stream: stderr as NodeJS.WritableStream,
    });
    bar.start(total, 0, { failed: 0 });
    return {
      update: ({ done, failed, unknown }) => {
        bar.update(done, { failed: failed + unknown });
      },
      stop: () => {
        bar.stop();
      },
    };
  }
  const step = total === undefined ? 1000 : Math.max(1, Math.ceil(total / 10));
  let next = step;
  return {
    update: (progress) => {
      if (progress.done < next) return;
      next = (Math.floor(progress.done / step) + 1) * step;
      writeLine(stderr, words(progress, total));
    },
    stop: () => undefined,
  };
};
