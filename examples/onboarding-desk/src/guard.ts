import type { Context, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import type { Sessions } from "./sessions.js";

export interface DeskEnvironment {
  readonly Variables: {
    /** The id of the browser that asks. */
    browser: string;
    /** What a form has sent. */
    fields: URLSearchParams;
  };
}

const cookie = "desk-browser";
const largestForm = 16 * 1024;

/** The names of this machine to itself. */
const ownNames = new Set(["127.0.0.1", "localhost"]);

/**
 * A page elsewhere may give its own name to this machine's address, and would then be of one origin with the desk (DNS
 * rebinding). Its requests still carry that name.
 */
const onlyOwnName: MiddlewareHandler = async (context, next) => {
  const host = (context.req.header("host") ?? "").replace(/:\d{1,5}$/, "");
  if (!ownNames.has(host.toLowerCase())) {
    throw new HTTPException(421, { message: "The desk answers to 127.0.0.1 and localhost only." });
  }
  await next();
};

/**
 * Nothing from elsewhere, nothing inline, in nobody's frame. No page tells another where it was. Pages hold secrets: no
 * browser and no proxy may keep one.
 */
const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
  referrerPolicy: "no-referrer",
  xFrameOptions: "DENY",
  // The desk speaks HTTP to its own machine; what stands before it, with TLS, sets this.
  strictTransportSecurity: false,
});

const notKept: MiddlewareHandler = async (context, next) => {
  await next();
  context.header("cache-control", "no-store");
};

const known =
  (sessions: Sessions): MiddlewareHandler<DeskEnvironment> =>
  async (context, next) => {
    const given = getCookie(context, cookie);
    const id = sessions.isId(given) ? given : sessions.newId();
    if (id !== given) setCookie(context, cookie, id, { path: "/", httpOnly: true, sameSite: "Strict" });
    context.set("browser", id);
    await next();
  };

const refused = (message: string, status: 403 | 413 | 415) => new HTTPException(status, { message });

/** Only what the desk's own forms send, from its own pages, in the browser that they were shown in. */
const onlyOwnForms =
  (sessions: Sessions): MiddlewareHandler<DeskEnvironment> =>
  async (context, next) => {
    const type = context.req.header("content-type") ?? "";
    if (!/^application\/x-www-form-urlencoded(;|$)/i.test(type)) {
      throw refused("The desk reads only what its own forms send.", 415);
    }
    const fields = new URLSearchParams(await context.req.text());
    if (!sessions.isTokenOf(context.get("browser"), fields.get("token") ?? "")) {
      throw refused("This form was opened in another browser, or too long ago. Open it again.", 403);
    }
    context.set("fields", fields);
    await next();
  };

/** Puts before all routes what keeps strangers out. */
export const guard = (app: Hono<DeskEnvironment>, sessions: Sessions): void => {
  app.use(notKept, headers, onlyOwnName, known(sessions), csrf());
  app.use(
    bodyLimit({
      maxSize: largestForm,
      onError: () => {
        throw refused("A form of the desk is never that long.", 413);
      },
    }),
  );
  app.on("POST", "*", onlyOwnForms(sessions));
};

/** What a refusal says to a person. */
export const refusalWords = ({ status, message }: HTTPException): string =>
  status === 403 && message === ""
    ? "This was sent from a page that is not the desk’s. Nothing was changed."
    : message;

export type DeskContext = Context<DeskEnvironment>;
