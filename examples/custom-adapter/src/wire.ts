import { isIsoInstant, type IsoInstant } from "@enrollkit/core";
import * as z from "zod";

// Only what is read; whatever else the vendor sends is ignored.

const instant = z.custom<IsoInstant>(isIsoInstant);

/** A pass as the vendor shows it. */
export const passSchema = z.object({
  id: z.string().min(1),
  code: z.string().min(1),
  state: z.string(),
  created: instant,
  expires: instant,
  reuse: z.boolean(),
  email: z.string().optional(),
  serial: z.string().optional(),
  devices: z.array(z.object({ id: z.string(), serial: z.string().optional() })),
});
export type Pass = z.output<typeof passSchema>;

export const passPageSchema = z.object({ passes: z.array(passSchema), cursor: z.string().optional() });

export const accountSchema = z.object({ id: z.string() });

export const refusalSchema = z.object({ error: z.object({ code: z.string(), text: z.string().optional() }) });

/** What `POST /v1/passes` takes. */
export interface NewPass {
  readonly reference?: string;
  readonly group?: string;
  readonly email?: string;
  readonly serial?: string;
  readonly seconds?: number;
  readonly reuse?: boolean;
}
