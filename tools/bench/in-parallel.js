/** Acts so many times, with so many acts under way at once. */
export const inParallel = async (count, concurrency, act) => {
  let begun = 0;
  const work = async () => {
    while (begun < count) {
      begun += 1;
      await act();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
};
