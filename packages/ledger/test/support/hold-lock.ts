// Locks a folder, and holds it until it is killed.
import { lockFolder } from "../../src/storage/folder-lock.js";

const { folder, platform } = JSON.parse(process.argv[2] ?? "") as { folder: string; platform: string };
Object.defineProperty(process, "platform", { value: platform });
await lockFolder(folder);
console.log("locked");
setInterval(() => undefined, 60_000);
