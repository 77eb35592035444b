import { onAbort } from "./abort.js";

interface Passenger<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
  readonly leave: () => void;
}

interface Flight<Value> {
  readonly passengers: Set<Passenger<Value>>;
  readonly stop: AbortController;
}

/**
 * Lets all who ask at the same time share one run. A caller who aborts leaves alone; the run itself is aborted when
 * nobody is left.
 */
export const singleFlight = <Value>(run: (signal: AbortSignal) => Promise<Value>) => {
  let current: Flight<Value> | undefined;

  const depart = (): Flight<Value> => {
    const flight: Flight<Value> = { passengers: new Set(), stop: new AbortController() };
    const land = (arrive: (passenger: Passenger<Value>) => void) => {
      if (current === flight) current = undefined;
      for (const passenger of flight.passengers) {
        passenger.leave();
        arrive(passenger);
      }
    };
    current = flight;
    run(flight.stop.signal).then(
      (value) => {
        land(({ resolve }) => {
          resolve(value);
        });
      },
      (reason: unknown) => {
        land(({ reject }) => {
          reject(reason);
        });
      },
    );
    return flight;
  };

  return async (signal: AbortSignal | undefined): Promise<Value> => {
    signal?.throwIfAborted();
    const flight = current ?? depart();
    return new Promise<Value>((resolve, reject) => {
      const leave = onAbort(signal, () => {
        flight.passengers.delete(passenger);
        leave();
        reject(signal?.reason as Error);
        if (flight.passengers.size > 0) return;
        if (current === flight) current = undefined;
        flight.stop.abort();
      });
      const passenger: Passenger<Value> = { resolve, reject, leave };
      flight.passengers.add(passenger);
    });
  };
};
