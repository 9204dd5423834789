// A story that is told and must end as it should: its parts, what has to hold, and nothing left behind. Shared by the stories of scripts/.

import { rmSync } from "node:fs";

/** Tells a story in a scratch folder and removes the folder; the process ends with 1 where the story does not go on. */
export async function tell(scratch, story) {
  try {
    await story();
    console.log("\nthe story ends as it should");
  } catch (error) {
    console.error(`\nthe story does not go on: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Names the next part of the story. */
export function title(text) {
  console.log(`\n## ${text}`);
}

/** What has to be so for the story to go on. */
export function holds(is, message) {
  if (!is) throw new Error(message);
}
