import type { SelectionSummary } from "../input/enrollments.js";
import { withoutControls } from "./plain-text.js";

/** More than a person reads; `--json` lists them all. */
const listed = 20;

const nameOf = ({ key, index }: SelectionSummary["notCreated"][number]) =>
  key === undefined ? `index ${index}` : `${withoutControls(key).replaceAll("\n", " ")} (index ${index})`;

/** What a person should know of the rows that a command has read, a line each. */
export const selectionRemarks = ({
  chosen,
  notCreated,
  expired,
  withoutExtras,
}: SelectionSummary): readonly string[] => {
  const names = notCreated.slice(0, listed).map(nameOf);
  const more = notCreated.length - names.length;
  return [
    ...(notCreated.length === 0
      ? []
      : [
          `left out, because not created: ${notCreated.length}: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
        ]),
    ...(expired === 0 ? [] : [`expired, and of no use any more: ${expired} of ${chosen}`]),
    ...(withoutExtras === 0
      ? []
      : [`without the extras, because they have no Android payload: ${withoutExtras} of ${chosen}`]),
  ];
};
