// What `pitlint --help` prints.

import { formatNames, formats as forms } from "./report/formats.ts";

export const usage = `Usage: pitlint [lint] [paths]     find pitfalls in the folder or files; the working directory by default
       pitlint init [folder]        look at the repository and write a pitlint.yaml that says what cannot be seen
       pitlint doctor [file]        what is running and on which configuration; with a file: why it is silent
       pitlint baseline             accept what is found now, in pitlint-baseline.json: only new findings are reported
       pitlint rules                list every rule with its grade
       pitlint explain <rule>       what a rule finds, why it matters, with examples
       pitlint explain-change <report.json> [paths]
                                    why findings are new, gone or louder since an earlier --format json: code, rules, configuration, libraries
       pitlint packs                the packs of rules: version, what they apply to, last change
       pitlint packs diff <pack>@<from> <pack>@<to> [paths]
                                    what an upgrade adds, removes and regrades here
       pitlint services [path]      which package was linked to which workload, and on what evidence
       pitlint facts [path]         every fact that was read, with its value and place
       pitlint facts --out <file> [paths]
                                    write what the paths state to a shard, for pitlint join
       pitlint join <shards>        the result of pitlint on the whole workspace, from shards (docs/sharding.md)
       pitlint lsp --stdio          language server

Options
  --fix                     apply safe fixes
  --unsafe-fixes            with --fix: apply also fixes that a person should review
  --fix-dry-run             print what --fix would change, change nothing
  --format <f>[=<file>]     how to report, text by default; repeat for several, name a file to write one there
  --rule <id>               only this rule; repeat for several
  --profile <p>             recommended or strict
  --max-warnings <n>        exit with 1 only above this number of warnings
  --report-suppressed       list what is suppressed, with reason, owner and date (text and json)
  --since <commit>          only findings on lines that changed since the branch left this commit, or caused by such a line
  --staged                  lint what is staged, and report only findings on staged lines, or caused by one
  --baseline <file>         accept the findings in this file instead of those in pitlint-baseline.json
  --ignore-baseline         report accepted findings too
  --fail-on-stale-baseline  exit with 1 when the baseline accepts what nobody finds any more
  --prune                   with baseline: only remove what nobody finds any more
  --file <file>             with baseline: write this file instead of pitlint-baseline.json
  --out <file>              with facts: the shard to write
  --root <folder>           with facts --out and join: the workspace, where it is not found from the paths
  --no-cache                read nothing from and write nothing to the cache
  --no-prefilter            parse every file, also those that mention nothing (same findings, slower)
  --help, --version

Formats
${formatNames.map((name) => `  ${name.padEnd(24)}  ${forms[name].says}`).join("\n")}
  For example: --format text --format sarif=pitlint.sarif. The folder of a file must exist; the file is replaced.

Exit codes: 0 clean and complete; 1 a finding of warning or above; 2 usage or configuration; 3 incomplete or internal error; 130 interrupted
`;
