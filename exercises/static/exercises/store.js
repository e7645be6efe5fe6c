// What this phone keeps of the page: what was told and waits for a network, and today's page to open
// without one. It belongs to one opened link (`owner`); with another, or closed, nothing of it stays.

const NAME = "hep-page";

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("waiting", { keyPath: "number", autoIncrement: true });
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => {
      // Another tab that forgets everything must not wait for this one.
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
  });
}

async function within(store, mode, act) {
  const base = await opened();
  try {
    return await new Promise((done, failed) => {
      const work = base.transaction(store, mode);
      const asked = act(work.objectStore(store));
      work.oncomplete = () => done(asked.result);
      work.onerror = work.onabort = () => failed(work.error);
    });
  } finally { base.close(); }
}

export const waiting = () => within("waiting", "readonly", (store) => store.getAll());
export const wait = (entry) => within("waiting", "readwrite", (store) => store.put(entry));
export const gone = (number) => within("waiting", "readwrite", (store) => store.delete(number));
export const keep = (page) => within("kept", "readwrite", (store) => store.put(page, "page"));
export const kept = () => within("kept", "readonly", (store) => store.get("page"));

// What belongs to somebody.
export function forgetRows() {
  return new Promise((done) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = done;
  });
}

// All that was ever kept.
export async function forget() {
  await forgetRows();
  for (const name of await caches?.keys() ?? []) if (name.startsWith(NAME)) await caches.delete(name);
}
