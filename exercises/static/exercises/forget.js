// The page was closed here: nothing of it stays on this phone.
import { forget } from "./store.js";

await forget();
for (const worker of await navigator.serviceWorker?.getRegistrations() ?? []) await worker.unregister();
