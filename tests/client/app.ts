// What an app does: sign in, sync, tell what was kept offline, correct it, sync again.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`no ${what}`);
  return value;
}

function same<T>(found: T, expected: T, what: string): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)}, not ${String(expected)}`);
}

const baseUrl = must(process.env["BASE_URL"], "BASE_URL");
const phone = must(process.env["PHONE"], "PHONE");
const code = must(process.env["CODE"], "CODE");

const client = createClient<paths>({ baseUrl });
const refused = await client.POST("/api/v1/auth/otp/verify/", { body: { phone, code: "000000" } });
same(refused.error?.code, "refused", "a wrong code");
const signedIn = await client.POST("/api/v1/auth/otp/verify/", {
  body: { phone, code, device: "test" },
});
const { token } = must(signedIn.data, "token");
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Token ${token}`);
    return request;
  },
});

const first = must((await client.GET("/api/v1/me/changes/")).data, "changes");
const today = must(first.days[0], "today");
const round = must(today.programs[0]?.rounds[0], "round");
const log = crypto.randomUUID();
const items = [
  {
    type: "check_in" as const,
    id: crypto.randomUUID(),
    kind: "first_step" as const,
    local_date: today.date,
    score: 6,
  },
  {
    type: "session" as const,
    id: log,
    local_date: today.date,
    exercise: round.item.exercise,
    outcome: "done" as const,
    sets: 2,
  },
];
for (const attempt of ["first", "repeated"]) {
  const batch = await client.POST("/api/v1/me/batch/", { body: { items } });
  const results = must(batch.data, "results").results.map((result) => result.status);
  same(results.join(), "kept,kept", `${attempt} batch`);
}
const corrected = await client.PATCH("/api/v1/me/sessions/{client_id}/", {
  params: { path: { client_id: log } },
  body: { outcome: "done", sets: 3 },
});
same(corrected.data?.sets, 3, "the corrected sets");

const after = must(
  (await client.GET("/api/v1/me/changes/", { params: { query: { cursor: first.cursor } } })).data,
  "changes after",
);
same(after.check_ins.length, 1, "check-ins");
same(after.sessions[0]?.id, log, "the session");
same(after.days[0]?.programs[0]?.scores.first_step, 6, "today's score");
const out = await client.POST("/api/v1/auth/logout/");
same(out.response.status, 204, "signing out");
const gone = await client.GET("/api/v1/me/");
same(gone.response.status, 401, "after signing out");
console.log("done");
