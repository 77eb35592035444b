// Runs one compiled block of a page, in the folder it is started in: its prelude first, then the block.
const [, , block, prelude] = process.argv;
const { finish } = prelude === undefined || prelude === "" ? {} : await import(prelude);
await import(block);
await finish?.();
