/** Lets pieces of work of one name go one after the other, within this process. */
export const createTurns = () => {
  const last = new Map<string, Promise<unknown>>();
  return async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const before = last.get(name);
    const mine = (async () => {
      // How the one before ended is told to whoever waits for it.
      await before?.catch(() => undefined);
      return work();
    })();
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
};

export type Turns = ReturnType<typeof createTurns>;
