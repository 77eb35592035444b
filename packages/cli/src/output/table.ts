import CliTable from "cli-table3";
import { withoutControls } from "./plain-text.js";

const noBorders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Rows under a heading, in columns two spaces apart; numbers are set to the right. */
export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const grid = new CliTable({
    chars: noBorders,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colAligns: head.map((_, column) =>
      rows.length > 0 && rows.every((row) => typeof row[column] === "number") ? "right" : "left",
    ),
  });
  grid.push(
    [...head],
    ...rows.map((row) => row.map((cell) => withoutControls(String(cell)).replaceAll("\n", " "))),
  );
  return grid
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
};
