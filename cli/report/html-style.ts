// The style of the HTML report: light and dark as the reader's system wants it, with enough contrast in both, and for print.

export const style = `
:root { color-scheme: light dark; --page: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa; --link: #0550ae; --error: #a40e26; --warning: #7a4b00; --info: #0550ae; --hint: #57606a; --good: #116329; --mark: #fff1c2; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --ink: #e6edf3; --soft: #9da7b3; --line: #3d444d; --panel: #161b22; --link: #79c0ff; --error: #ff9492; --warning: #f0b72f; --info: #79c0ff; --hint: #9da7b3; --good: #6fdd8b; --mark: #4b3a00; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 90rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; } h3 { font-size: 1rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: 1rem; padding: .5rem; background: var(--page); }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0 0 1rem; }
.facts dt { color: var(--soft); font-size: .85rem; } .facts dd { margin: 0; font-weight: 600; }
.incomplete { border: 2px solid var(--error); border-radius: .4rem; padding: .6rem 1rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; padding: .75rem 0; background: var(--page); border-bottom: 1px solid var(--line); }
@media (min-width: 60rem) and (min-height: 40rem) { form { position: sticky; top: 0; z-index: 1; } }
form[hidden], [hidden] { display: none; }
form p { margin: 0; } fieldset { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; border: 0; margin: 0; padding: 0; }
legend { float: left; margin-right: 1rem; padding: 0; }
select, input[type=search], button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--soft); border-radius: .3rem; padding: .25rem .5rem; max-width: 100%; }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .85rem; font-weight: 600; }
.error > h3 > .badge, .badge.error { color: var(--error); } .badge.warning { color: var(--warning); } .badge.info { color: var(--info); } .badge.hint { color: var(--hint); } .badge.safe { color: var(--good); } .badge.review { color: var(--soft); }
.finding { border: 1px solid var(--line); border-left: .3rem solid var(--hint); border-radius: .4rem; padding: .75rem 1rem; margin: 1rem 0; }
.finding.error { border-left-color: var(--error); } .finding.warning { border-left-color: var(--warning); } .finding.info { border-left-color: var(--info); }
.about { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: 0 0 .5rem; color: var(--soft); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 0 1rem; }
figure { margin: .5rem 0; min-width: 0; } figcaption { color: var(--soft); overflow-wrap: anywhere; }
pre { margin: .25rem 0; padding: .5rem; overflow-x: auto; background: var(--panel); border-radius: .3rem; font: 14px/1.5 ui-monospace, monospace; }
code { font: .9em ui-monospace, monospace; color: var(--ink); }
.number { color: var(--soft); user-select: none; }
mark { background: var(--mark); color: inherit; text-decoration: underline wavy; text-underline-offset: .2em; } mark.error { text-decoration-color: var(--error); } mark.warning { text-decoration-color: var(--warning); } mark.info { text-decoration-color: var(--info); }
.fixes { margin: .5rem 0 0; padding-left: 1.2rem; }
del { color: var(--error); text-decoration: none; } ins { color: var(--good); text-decoration: none; }
@media print { form, .skip { display: none; } .finding { break-inside: avoid; } form[hidden] { display: none; } }
`;
