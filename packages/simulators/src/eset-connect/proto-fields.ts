import * as z from "zod";

/** In protobuf JSON absent, null and the empty value are the same. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

/** Absent and null mean false. */
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** Taken and not looked at: the server fills it by itself. */
export const ignoredField = z.unknown().optional();
