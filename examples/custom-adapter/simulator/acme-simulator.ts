import { startServer, type Simulator, type SimulatorOptions } from "@enrollkit/simulators";

/** A pass as the simulated vendor keeps it. */
export interface StoredPass {
  readonly id: string;
  readonly code: string;
  readonly reference?: string;
  readonly group?: string;
  readonly email?: string;
  readonly serial?: string;
  readonly reuse: boolean;
  readonly created: number;
  readonly expires: number;
  readonly devices: { readonly id: string; readonly serial?: string }[];
}

export interface AcmeSimulator extends Simulator {
  readonly apiKey: string;
  /** Whether calls beyond 50 a second are refused. Default: only on the machine's clock. */
  enforceQuota: boolean;
  passes(): readonly StoredPass[];
  /** Passes that still let a device in. */
  livePasses(): readonly StoredPass[];
  /** Makes a pass behind everybody's back. */
  seedPass(): void;
  /** @throws Error if the vendor turns the device away: wrong, expired or used-up code. */
  enrollDevice(code: string): { readonly id: string };
}

const pageSize = 10;
const allowed: Readonly<Record<string, (value: unknown) => boolean>> = {
  reference: (value) => typeof value === "string",
  group: (value) => typeof value === "string",
  email: (value) => typeof value === "string" && value.includes("@"),
  serial: (value) => typeof value === "string",
  seconds: (value) => Number.isInteger(value) && Number(value) >= 60 && Number(value) <= 2_592_000,
  reuse: (value) => typeof value === "boolean",
};

/** Starts a local Acme MDM, written from API.md. */
export const startAcmeSimulator = async (options: SimulatorOptions = {}): Promise<AcmeSimulator> => {
  const apiKey = "acme-key-5f0c2d9e7b";
  const passes = new Map<string, StoredPass>();
  const calls: number[] = [];
  const behavior = { enforceQuota: options.clock === undefined };
  let number = 0;
  const now = () => server.clock.now();
  const create = (fields: Partial<StoredPass> & { readonly seconds?: number }): StoredPass => {
    const { seconds = 86_400, reuse = false, ...rest } = fields;
    number += 1;
    const pass = {
      ...rest,
      id: `pass-${number}`,
      code: `ACME-CODE-${1_000_000 + number * 7919}`,
      reuse,
      created: now(),
      expires: now() + seconds * 1000,
      devices: [],
    };
    passes.set(pass.id, pass);
    return pass;
  };
  const stateOf = ({ expires, reuse, devices }: StoredPass) =>
    !reuse && devices.length > 0 ? "used" : expires <= now() ? "expired" : "open";
  const shown = (pass: StoredPass) => ({
    ...pass,
    state: stateOf(pass),
    created: new Date(pass.created).toISOString(),
    expires: new Date(pass.expires).toISOString(),
  });
  const refusal = (code: string, text: string) => ({ error: { code, text } });

  const server = await startServer((app) => {
    app.use(async (context, next) => {
      if (context.req.header("authorization") !== `Bearer ${apiKey}`) {
        return context.json(refusal("bad_key", "this key is not known"), 401);
      }
      const recent = calls.filter((at) => at > now() - 1000);
      calls.splice(0, calls.length, ...recent, now());
      if (behavior.enforceQuota && recent.length >= 50) {
        return context.json(refusal("slow_down", "at most 50 calls a second"), 429, { "retry-after": "1" });
      }
      await next();
      return undefined;
    });
    app.get("/v1/account", (context) => context.json({ id: "account-1" }));
    app.post("/v1/passes", async (context) => {
      const body: unknown = await context.req.json();
      for (const [field, value] of Object.entries(body as Record<string, unknown>)) {
        if (allowed[field]?.(value) !== true) return context.json(refusal("bad_field", field), 400);
      }
      const fields = body as Parameters<typeof create>[0];
      if (fields.group === "gone") return context.json(refusal("no_group", "no such group"), 404);
      return context.json(shown(create(fields)), 201);
    });
    app.get("/v1/passes", (context) => {
      const { reference, cursor } = context.req.query();
      const all = [...passes.values()].filter(
        (pass) => reference === undefined || pass.reference === reference,
      );
      const after = Number(cursor ?? 0);
      const rest = all.filter(({ id }) => Number(id.slice("pass-".length)) > after);
      const page = rest.slice(0, pageSize);
      const last = page.at(-1);
      const next =
        rest.length > pageSize && last !== undefined ? { cursor: last.id.slice("pass-".length) } : {};
      return context.json({ passes: page.map(shown), ...next });
    });
    app.get("/v1/passes/:id", (context) => {
      const pass = passes.get(context.req.param("id"));
      return pass === undefined
        ? context.json(refusal("no_pass", "no such pass"), 404)
        : context.json(shown(pass));
    });
    app.delete("/v1/passes/:id", (context) =>
      passes.delete(context.req.param("id"))
        ? context.body(null, 204)
        : context.json(refusal("no_pass", "no such pass"), 404),
    );
  }, options);

  const livePasses = () => [...passes.values()].filter((pass) => stateOf(pass) === "open");
  return Object.assign(behavior, server, {
    apiKey,
    passes: () => [...passes.values()],
    livePasses,
    seedPass: () => {
      create({});
    },
    enrollDevice: (code: string) => {
      const pass = livePasses().find((each) => each.code === code);
      if (pass === undefined)
        throw new Error("Acme turns the device away: the code is wrong, expired or used up");
      const device = { id: `device-${pass.id}-${pass.devices.length}` };
      pass.devices.push(device);
      return device;
    },
  });
};
