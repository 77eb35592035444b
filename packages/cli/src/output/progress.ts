import { describeDuration, type BulkProgress } from "@enrollkit/core";
import { SingleBar } from "cli-progress";
import { writeLine, type Terminal } from "../terminal.js";

/** Shows how far a bulk run has come. */
export interface ProgressDisplay {
  update(progress: BulkProgress): void;
  stop(): void;
}

const ofTotal = (done: number, total: number | undefined) =>
  total === undefined ? `${done} rows` : `${done} of ${total} rows`;

/** Small rates with one digit after the point: a vendor may allow less than one call a second. */
const perSecond = (rate: number) => `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} rows/s`;

const timeLeft = (milliseconds: number) => `${describeDuration(Math.ceil(milliseconds / 1000) * 1000)} left`;

/** How fast it goes and what time is left, as far as either is known. */
export const speedWords = ({
  rate,
  remaining = 0,
}: Pick<BulkProgress, "rate" | "remaining">): readonly string[] => [
  ...(rate === undefined ? [] : [perSecond(rate)]),
  ...(remaining === 0 ? [] : [timeLeft(remaining)]),
];

const words = (progress: BulkProgress, total: number | undefined) => {
  const { done, failed, unknown } = progress;
  return [
    ofTotal(done, total),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...speedWords(progress),
  ].join(", ");
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
      format: "{bar} {percentage}% | {value}/{total} rows | {failed} failed | {duration_formatted}{speed}",
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: 30,
      hideCursor: true,
      stream: stderr,
    });
    bar.start(total, 0, { failed: 0, speed: "" });
    return {
      update: (progress) => {
        const { done, failed, unknown } = progress;
        const details = speedWords(progress).map((each) => ` | ${each}`);
        bar.update(done, { failed: failed + unknown, speed: details.join("") });
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
