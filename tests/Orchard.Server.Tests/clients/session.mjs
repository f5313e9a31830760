// Runs the scripted session of one client: node session.mjs CLIENT URL EMBEDDING_MODEL. Prints a line for each step; fails with the first.
import { sessions } from "./sessions.mjs";

const [client, url, embedder] = process.argv.slice(2);
for (const [name, step] of Object.entries(sessions[client](url, embedder))) {
  await step();
  console.log(`${client}: ${name}`);
}
