/**
 * The report's style sheet: one reading column, hairlines, tabular figures, no boxes. Light and dark by the reader's
 * setting, always light on paper.
 */
export const htmlStyle = `
:root{color-scheme:light dark;--paper:oklch(.99 .003 90);--ink:oklch(.22 .02 260);--muted:oklch(.5 .015 260);--line:oklch(.9 .005 260);--accent:oklch(.47 .13 255);--ok:oklch(.5 .1 160);--fail:oklch(.54 .17 30);--ind:oklch(.53 .11 75);--series-2:#d98e00;--series-3:#3a9fdc}
@media (prefers-color-scheme:dark){:root{--paper:oklch(.17 .01 260);--ink:oklch(.93 .005 90);--muted:oklch(.7 .01 260);--line:oklch(.3 .01 260);--accent:oklch(.74 .11 250);--ok:oklch(.74 .11 160);--fail:oklch(.72 .15 32);--ind:oklch(.8 .11 80);--series-2:#e69f00;--series-3:#56b4e9;--series-4:#1fbf92;--series-5:#5a9fe0;--series-6:#f07f2e}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#111722;--muted:#555b66;--line:#d4d7dc;--accent:#1a4f93;--ok:#1f6f4d;--fail:#b3341f;--ind:#7d5a00;--series-2:#e69f00;--series-3:#56b4e9;--series-4:#009e73;--series-5:#0072b2;--series-6:#d55e00}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/24px system-ui,-apple-system,"Segoe UI","PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
:lang(zh-CN) body,body:lang(zh-CN){line-height:26px}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
main{max-width:1040px;margin:0 auto;padding:32px 48px 96px}
.crumb{font-size:13px;line-height:20px;color:var(--muted);margin:0 0 20px;display:flex;flex-wrap:wrap;gap:0 14px}.crumb b{color:var(--ink);font-weight:600}
h1{font-size:28px;line-height:36px;letter-spacing:-.015em;font-weight:620;margin:0 0 12px;max-width:30em;text-wrap:balance}
:lang(zh-CN) h1{letter-spacing:0;line-height:40px}
.lede{color:var(--muted);max-width:68ch;margin:0 0 32px}
.strip{list-style:none;padding:0;margin:0 0 56px;display:grid;grid-template-columns:repeat(5,minmax(0,1fr));border-top:1px solid var(--ink)}
.strip li{padding:12px 16px 0 0;font-size:13px;line-height:20px}.strip b,.strip em{display:block}.strip b{font-weight:600}.strip em{font-style:normal;color:var(--muted)}
.v{font-size:12px;line-height:20px;font-weight:600;margin:0;white-space:nowrap}.v.fail{color:var(--fail)}.v.pass{color:var(--ok)}.v.indeterminate{color:var(--ind)}.v.info,.v.none{color:var(--muted)}
section{margin:0 0 56px}
h2{font-size:18px;line-height:24px;font-weight:620;letter-spacing:-.01em;margin:0;padding:0 0 12px;border-bottom:1px solid var(--line)}
h2 small{font-weight:400;font-size:13px;color:var(--muted);margin-left:8px;letter-spacing:0}
h3{font-size:16px;line-height:24px;font-weight:600;margin:0 0 6px}
.finding{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,7fr);gap:40px;border-bottom:1px solid var(--line);padding:24px 0 28px}
.finding:last-child{border-bottom:0}.finding.alone{grid-template-columns:minmax(0,44rem)}
.finding h3{margin-top:2px}.finding p{margin:0 0 8px}.finding .more{color:var(--muted);font-size:13px;line-height:20px}.more a{text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:3px}
h2.also{padding-top:40px}.brief{display:grid;grid-template-columns:152px minmax(0,44rem);padding:14px 0 10px;border-bottom:1px solid var(--line)}.brief:last-child{border-bottom:0}.brief h3{font-size:15px;margin:0 0 2px}.brief .v{line-height:24px}.brief p{margin:0 0 4px;font-size:13px;line-height:20px}.brief .v{font-size:12px}.brief .more{color:var(--muted)}
figure{margin:0;min-width:0}.scroll{overflow-x:auto}figure svg{display:block;height:auto;max-width:none}.wide svg{max-width:100%}figure .narrow{display:none}
figcaption{font-size:13px;line-height:20px;color:var(--muted);margin-top:8px;max-width:68ch}
details{font-size:13px;line-height:20px;margin-top:6px}summary{color:var(--accent);cursor:pointer;width:max-content}details[open] summary{margin-bottom:8px}
.part{padding:24px 0 0}.part>.hint{margin:0 0 8px;font-size:13px;line-height:20px;color:var(--muted);max-width:68ch}
table{border-collapse:collapse;font-size:13px;line-height:20px;width:100%}
caption{text-align:left;font-weight:600;padding-bottom:6px}caption.unseen,.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
thead th{overflow-wrap:normal;font-weight:500;color:var(--muted);text-align:right;padding:6px 0 6px 20px;border-bottom:1px solid var(--ink);vertical-align:bottom}
thead .unit{font-weight:400;white-space:nowrap}th.text,td.text{text-align:left}th:first-child,td:first-child{padding-left:0}thead th:first-child{text-align:left}
tbody th{text-align:left;font-weight:500}.scroll tbody th{position:sticky;left:0;background:var(--paper);background-clip:padding-box}td,tbody th{padding:7px 0 7px 20px;border-bottom:1px solid var(--line);vertical-align:baseline}
tbody th,td.text{min-width:6.5em}
.num{text-align:right;white-space:nowrap}.int{width:1%;color:var(--muted);font-size:12px;padding-left:8px;white-space:nowrap;text-align:right}.few,.few th{color:var(--muted)}
table.plain td,table.plain th{text-align:left}table.plain .num{text-align:right}
dl{display:grid;grid-template-columns:minmax(96px,max-content) minmax(0,1fr);gap:0 24px;font-size:13px;line-height:24px;margin:0;padding-top:10px}dt{color:var(--muted)}dd{margin:0}
code{font:12px/20px ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.notes h2{font-size:13px;line-height:20px;letter-spacing:0;border:0;padding:0}.notes ul{margin:2px 0 0;padding:0;list-style:none;font-size:13px;line-height:20px;color:var(--muted);max-width:68ch}.notes li+li{margin-top:4px}
.note{font-size:13px;line-height:20px;color:var(--muted);max-width:68ch;margin:12px 0 0}
@media screen and (max-width:900px){main{padding:20px 16px 64px}h1{font-size:22px;line-height:29px}:lang(zh-CN) h1{line-height:32px}.strip{grid-template-columns:minmax(0,1fr) minmax(0,1fr);margin-bottom:40px}.finding,.finding.alone{grid-template-columns:minmax(0,1fr);gap:16px}}
table.checks code{white-space:nowrap}
ul.bare{list-style:none;margin:0;padding:0}ul.bare li+li{margin-top:4px}table.laws th[scope=row]{min-width:9em}table.laws td{min-width:11em}
@media screen and (max-width:640px){dl{grid-template-columns:minmax(0,1fr);line-height:20px}dt{margin-top:10px}.brief{grid-template-columns:minmax(0,1fr)}figure .wide{display:none}figure .narrow{display:block}section{margin-bottom:44px}table.plain.checks thead{display:none}table.plain.checks td{display:block;padding:0;border:0}table.plain.checks tr{display:block;padding:10px 0;border-bottom:1px solid var(--line)}}
@media print{@page{margin:16mm 15mm}body{font-size:9.5pt;line-height:14pt}main{max-width:none;padding:0}h1{font-size:20pt;line-height:26pt}.lede,.strip,section{margin-bottom:22pt}.strip li{padding-right:8px;font-size:8.5pt;line-height:12pt}.finding{break-inside:avoid;grid-template-columns:minmax(0,5fr) minmax(0,7fr);gap:18px;padding:14px 0}.brief{break-inside:avoid;grid-template-columns:112px minmax(0,1fr)}.part{padding-top:14px}figure,tr{break-inside:avoid}.wide svg{max-width:min(100%,540px)}h2,h3,caption,.hint{break-after:avoid}table{font-size:8.5pt;line-height:12pt}td,tbody th,thead th{padding-left:10px}td,tbody th{padding-top:4px;padding-bottom:4px}.int{font-size:7.5pt;padding-left:5px}figcaption,.more,.note,.hint,dl,.brief p{font-size:8.5pt;line-height:12pt}thead{display:table-header-group}details:not([open]){display:none}a{color:inherit}.scroll{overflow:visible}.scroll tbody th{position:static}}
`.trim();
