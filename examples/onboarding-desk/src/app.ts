import { EnrollmentError, type Clock } from "@enrollkit/core";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Desk } from "./desk.js";
import {
  emptyForm,
  problemOf,
  readFields,
  readForm,
  sentencesOf,
  type FormProblem,
} from "./enrollment-form.js";
import { guard, refusalWords, type DeskContext, type DeskEnvironment } from "./guard.js";
import type { Person } from "./offer.js";
import { enrollmentPage, livingParts } from "./pages/enrollment-page.js";
import type { EnrollmentView } from "./pages/enrollment-view.js";
import { formPage } from "./pages/form-page.js";
import { listPage, livingList, type ListView } from "./pages/list-page.js";
import { problemPage } from "./pages/problem-page.js";
import { allStandings } from "./pages/record-words.js";
import { createSessions, type Notice } from "./sessions.js";
import type { SimulatedVendors } from "./simulation.js";
import { serveStatic } from "./static-files.js";

export interface AppParts {
  readonly desk: Desk;
  readonly people: readonly Person[];
  readonly clock: Clock;
  /** The zone in which times are written: `Europe/Berlin`. */
  readonly timeZone: string;
  /** Where simulators stand in for the vendors: what lets a device in. */
  readonly simulation?: Pick<SimulatedVendors, "enrollDevice"> | undefined;
  /** Hears of what should not have happened. */
  readonly report: (error: unknown) => void;
}

/** The id in an address; undefined if it is none. */
const idIn = (context: DeskContext): number => {
  const text = context.req.param("id") ?? "";
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new EnrollmentError("there is no such record", { code: "not-found", path: "id" });
};

/** Whose fault it is that a form could not be carried out: 422 says what was asked for, 502 the vendor. */
const statusOf = ({ code }: EnrollmentError): 422 | 502 =>
  code === "invalid-request" || code === "unsupported" ? 422 : 502;

/** The routes. Addresses hold the id of a record and nothing else; whatever changes something is a POST, then a redirect. */
export const createApp = ({ desk, people, clock, timeZone, simulation, report }: AppParts) => {
  const app = new Hono<DeskEnvironment>();
  const sessions = createSessions();
  guard(app, sessions);
  serveStatic(app);

  const tokenFor = (context: DeskContext): string => sessions.tokenOf(context.get("browser"));
  const noticeFor = (context: DeskContext): Notice | undefined => sessions.takeNotice(context.get("browser"));
  const say = (context: DeskContext, tone: Notice["tone"], text: string): void => {
    sessions.leaveNotice(context.get("browser"), { tone, text });
  };
  /** Does something, and says what came of it on the page that follows. */
  const attempt = async (context: DeskContext, action: () => Promise<string>): Promise<void> => {
    try {
      say(context, "good", await action());
    } catch (error) {
      if (!EnrollmentError.is(error) || error.code === "not-found") throw error;
      say(context, "bad", sentencesOf(error));
    }
  };

  const listView = async (context: DeskContext): Promise<ListView> => {
    const problems = await desk.refresh();
    const state = context.req.query("state");
    const only = allStandings.find(({ name }) => name === state)?.name;
    return {
      records: await desk.list(),
      only,
      problems,
      token: tokenFor(context),
      timeZone,
      now: clock.now(),
    };
  };

  const enrollmentView = async (context: DeskContext): Promise<EnrollmentView> => {
    const id = idIn(context);
    const problems = await desk.refresh(id);
    const entry = await desk.open(id);
    const hasSimulatedDevice = simulation !== undefined;
    return { entry, problems, token: tokenFor(context), timeZone, now: clock.now(), hasSimulatedDevice };
  };

  app.get("/", async (context) => context.html(listPage(await listView(context), noticeFor(context))));
  app.get("/live/enrollments", async (context) => context.html(livingList(await listView(context))));
  app.get("/live/enrollments/:id", async (context) =>
    context.html(livingParts(await enrollmentView(context))),
  );
  app.get("/enrollments/new", (context) =>
    context.html(formPage({ values: emptyForm(), problems: [], people, token: tokenFor(context) })),
  );
  app.get("/enrollments/:id", async (context) =>
    context.html(enrollmentPage(await enrollmentView(context), noticeFor(context))),
  );

  app.post("/refresh", async (context) => {
    const problems = await desk.askNow();
    if (problems.length === 0) say(context, "good", "The vendors were asked.");
    else say(context, "bad", problems.join(" "));
    return context.redirect("/", 303);
  });

  app.post("/enrollments", async (context) => {
    const values = readFields(context.get("fields"));
    const again = (problems: readonly FormProblem[], status: 422 | 502) =>
      context.html(formPage({ values, problems, people, token: tokenFor(context) }), status);
    const read = readForm(values, people);
    if ("problems" in read) return again(read.problems, 422);
    try {
      const id = await desk.create(read.request);
      return context.redirect(`/enrollments/${id}`, 303);
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      return again([problemOf(error, values)], statusOf(error));
    }
  });

  app.post("/enrollments/:id/revoke", async (context) => {
    const id = idIn(context);
    await attempt(context, async () => {
      await desk.revoke(id);
      return "It was taken back. QR code and link let nobody in any more.";
    });
    return context.redirect(`/enrollments/${id}`, 303);
  });

  app.post("/enrollments/:id/renew", async (context) => {
    let id = idIn(context);
    await attempt(context, async () => {
      const { record, revocation } = await desk.renew(id);
      id = record.id;
      if (typeof revocation === "object") {
        const reason = sentencesOf(revocation.error);
        throw revocation.error.with({
          message: `this is the new one, and the old one still works: ${reason}`,
        });
      }
      return revocation === "revoked"
        ? "This is the new one. The old one was taken back."
        : "This is the new one. The vendor cannot take the old one back.";
    });
    return context.redirect(`/enrollments/${id}`, 303);
  });

  if (simulation !== undefined) {
    app.post("/enrollments/:id/simulated-device", async (context) => {
      const id = idIn(context);
      const enrollment = await desk.enrollment(id);
      try {
        simulation.enrollDevice(enrollment);
        say(
          context,
          "good",
          "A simulated device has come in. The page shows it as soon as the vendor says so.",
        );
      } catch (error) {
        // Simulators refuse a device with a plain error, whose words hold no secret.
        if (!(error instanceof Error)) throw error;
        say(context, "bad", error.message);
      }
      return context.redirect(`/enrollments/${id}`, 303);
    });
  }

  app.notFound((context) =>
    context.html(problemPage("There is no such page", "The address is not one of the desk’s."), 404),
  );
  app.onError((error, context) => {
    if (error instanceof HTTPException) {
      return context.html(problemPage("That was refused", refusalWords(error)), error.status);
    }
    if (EnrollmentError.is(error) && error.code === "not-found") {
      return context.html(problemPage("There is no such enrollment", "It was never made, or purged."), 404);
    }
    report(error);
    const sentence = "Nobody is to blame but the desk. What it did until then is in the ledger.";
    return context.html(problemPage("Something went wrong", sentence), 500);
  });
  return app;
};
