// Results of rounds as a markdown table. Ratios are taken within a round, where all tools met the same machine.

/** `results` holds the rounds of each tool; `first` and `warm` name the runs that the others are compared with. */
export function table(results, first, warm) {
  const ratio = (list, name) => `${median(list.map((one, round) => one.wall / results.get(name)[round].wall)).toFixed(2)}`;
  const rows = [...results].map(([name, list]) => [name, seconds(median(list.map((one) => one.wall))), seconds(Math.min(...list.map((one) => one.wall))), seconds(median(list.map((one) => one.cpu))), whole(median(list.map((one) => one.rss))), ratio(list, first), ratio(list, warm)]);
  const head = ["", "wall s", "best s", "CPU s", "peak MiB", "x first run", "x warm run"];
  return [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const seconds = (ms) => (Number.isNaN(ms) ? "-" : (ms / 1000).toFixed(2));
const whole = (value) => (Number.isNaN(value) ? "-" : value.toFixed(0));

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
