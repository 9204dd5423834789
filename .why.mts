import { planOf, relevant, reachable, languageOf } from "./engine/plan.ts";
import { mentioned } from "./engine/mention.ts";
import { rulesOf } from "./engine/analyse.ts";
import { packs } from "./rules/packs/index.ts";
import { openDisk } from "./host/disk.ts";
import { logCall } from "./rules/facts/log-call.ts";
const plan = planOf(rulesOf(packs)); const d = openDisk(process.argv[2]!); d.enumerate();
const c:Record<string,[number,number]>={}; let n=0, bytes=0;
for(const p of d.paths){ const l=languageOf(p)!; if(l!=="ts"||!reachable(plan,l,p)) continue; const t=d.scanText(p)!; const w=plan.scanner.words(t); 
 const why=[...plan.kinds.filter(k=>k.ts&&mentioned(k.ts.mentions,w)).map(k=>k.id),...plan.rules.filter(r=>r.check.ts?.mentions&&mentioned(r.check.ts.mentions,w)).map(r=>r.id)];
 if(why.length) n++,bytes+=t.length;
 if(why.includes("log-call")) console.log(p, logCall.ts!.mentions[1]!.filter(x=>w.has(x)).join());
 for(const x of why){ const only=why.length===1; c[x]??=[0,0]; c[x][0]++; if(only)c[x][1]++; } }
console.log(n, bytes, c);
