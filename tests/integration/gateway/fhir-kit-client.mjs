// What a user of Node's fhir-kit-client does, from a folder in which it is installed:
// node fhir-kit-client.mjs BASE AUTHORIZATION. Prints what the server answered, as JSON.
import * as kit from "fhir-kit-client";

const Client = kit.Client ?? kit.default;
const [baseUrl, Authorization] = process.argv.slice(2);
const client = new Client({ baseUrl, customHeaders: { Authorization } });

const resourceType = "DocumentReference";
const note = (value, text, more = {}) => ({
  resourceType,
  status: "current",
  identifier: [{ system: "urn:node", value }],
  subject: { reference: "Patient/node" },
  content: [
    { attachment: { contentType: "text/plain", data: Buffer.from(text).toString("base64") } },
  ],
  ...more,
});
const unless = (query) => ({ options: { headers: { "If-None-Exist": query } } });

const created = await client.create({ resourceType, body: note("1", "Fever.", { id: "node-1" }) });
const again = await client.create({
  resourceType, body: note("1", "Rash."), ...unless("identifier=urn:node|1"),
});
const updated = await client.update({
  resourceType, id: "node-1", body: note("1", "Cough.", { id: "node-1" }),
});
const meant = await client.update({
  resourceType, searchParams: { identifier: "urn:node|1" }, body: note("1", "Better."),
});
const link = "urn:uuid:0b1c1a3e-6f7e-4f43-9a7a-3a1c7f0d0001";
const done = await client.transaction({
  body: {
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      {
        fullUrl: link,
        resource: note("2", "Fever."),
        request: { method: "POST", url: resourceType },
      },
      {
        resource: note("3", "Fever too.", {
          relatesTo: [{ code: "appends", target: { reference: link } }],
        }),
        request: { method: "POST", url: resourceType },
      },
    ],
  },
});
const at = (entry) => entry.response.location.split("/");
const second = await client.read({ resourceType, id: at(done.entry[1])[1] });
const first = await client.vread({ resourceType, id: "node-1", version: "1" });
const all = await client.search({ resourceType, searchParams: { patient: "node" } });
let refused;
try {
  await client.create({ resourceType, body: { resourceType, status: "no" } });
} catch (error) {
  refused = [error.response.status, error.response.data.resourceType];
}
console.log(JSON.stringify({
  ids: [created.id, again.id, updated.id, meant.id],
  versions: [created, again, updated, meant].map((one) => one.meta.versionId),
  statuses: done.entry.map((one) => one.response.status),
  target: second.relatesTo[0].target.reference,
  first: at(done.entry[0]).slice(0, 2).join("/"),
  oldest: Buffer.from(first.content[0].attachment.data, "base64").toString(),
  total: all.total,
  refused,
}));
