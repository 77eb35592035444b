import { Axios } from "axios";
import { routeTo } from "./agents.js";
import { WithheldRequest } from "./before-send.js";
import { encodingsFor } from "./content-encoding.js";
import { BrokenExchange, overNode, type ExchangeLimits, type RawAnswer } from "./node-adapter.js";
import { describeFailure, type TransportFailure } from "./transport-errors.js";
import type { WireRequest } from "./wire-request.js";

/** Everything that axios would do on its own is off: it sends bytes and returns what came. */
const client = new Axios({ transformRequest: [], transformResponse: [] });

/**
 * Sends a request once and waits for the whole answer.
 *
 * @returns the answer, or why there is none. Rejects only with the signal's reason, or with a {@link WithheldRequest}.
 */
export const exchange = async (
  request: WireRequest,
  limits: ExchangeLimits,
  signal: AbortSignal | undefined,
  beforeSend: (() => void) | undefined,
): Promise<RawAnswer | TransportFailure> => {
  signal?.throwIfAborted();
  const { agent, proxy } = await routeTo(request.url);
  try {
    const { data } = await client.request<RawAnswer>({
      method: request.method,
      url: request.url.href,
      headers: {
        "accept-encoding": encodingsFor(request.method),
        // Without this, axios calls a POST that has no body a form.
        "content-type": false,
        ...request.headers,
      },
      data: request.body,
      adapter: overNode({ url: request.url, agent, limits, signal, beforeSend }),
    });
    return data;
  } catch (error) {
    if (error instanceof WithheldRequest) throw error;
    signal?.throwIfAborted();
    const { cause, sent, expired, head } =
      error instanceof BrokenExchange
        ? error
        : { cause: error, sent: false, expired: false, head: undefined };
    // The status of a refusal counts, whatever became of its words.
    if (head !== undefined && head.status >= 300) return { kind: "answer", ...head, text: "" };
    return describeFailure(cause, { sent, expired, proxy });
  }
};
