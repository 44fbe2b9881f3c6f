/** The page's whole style: nothing is loaded. Phone first; the tokens are the dashboard's. */
export const style = `
:root{color-scheme:light dark;--paper:oklch(.99 .003 90);--ink:oklch(.22 .02 260);--muted:oklch(.5 .015 260);--line:oklch(.9 .005 260);--edge:oklch(.62 .01 260);--accent:oklch(.47 .13 255);--fail:oklch(.53 .17 30);--on:oklch(.99 .003 90)}
@media(prefers-color-scheme:dark){:root{--paper:oklch(.17 .01 260);--ink:oklch(.93 .005 90);--muted:oklch(.7 .01 260);--line:oklch(.3 .01 260);--edge:oklch(.55 .012 260);--accent:oklch(.76 .11 250);--fail:oklch(.72 .15 32);--on:oklch(.17 .01 260)}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:16px/26px system-ui,"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;text-size-adjust:100%;-webkit-text-size-adjust:100%}
html:lang(zh-CN){line-height:28px}
body{margin:0;padding:20px 16px 48px}
main,header{max-width:620px;margin:0 auto}
header{display:flex;justify-content:flex-end;min-height:44px;align-items:center}
h1{font-size:26px;line-height:34px;margin:4px 0 12px;font-weight:650;text-wrap:balance;overflow-wrap:anywhere}
h2,legend{font-size:18px;line-height:26px;margin:0;font-weight:600;padding:0}
p{margin:0 0 12px;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:3px}
header a,nav a{display:inline-block;padding:10px 0}
.muted{color:var(--muted)}
.lead{margin-bottom:28px}
.field{margin:0 0 24px}
label,.label{display:block;font-weight:600}
.optional{font-weight:400;color:var(--muted)}
.help{display:block;color:var(--muted);font-size:15px;line-height:23px;margin:2px 0 6px}
input[type=text],textarea,select{display:block;width:100%;min-height:46px;padding:9px 12px;margin-top:6px;border:1px solid var(--edge);border-radius:6px;background:var(--paper);color:var(--ink);font:inherit}
textarea{min-height:190px;resize:vertical}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:6px}
[aria-invalid=true]{border-color:var(--fail)}
.wrong{color:var(--fail);display:block;margin-top:4px}
fieldset{border:0;border-top:1px solid var(--line);margin:32px 0 0;padding:24px 0 0;min-width:0}
section{border-top:1px solid var(--line);margin:32px 0 0;padding:24px 0 0}
section p{font-size:15px;line-height:24px}
legend{float:left;width:100%}
legend+*{clear:both}
fieldset>.help{margin-bottom:14px}
fieldset>.field:last-child{margin-bottom:0}
section h2{margin-bottom:6px}
button{min-height:48px;padding:10px 28px;border:1px solid var(--accent);border-radius:6px;background:var(--accent);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
button.quiet{background:none;color:var(--fail);border-color:var(--fail)}
.problems{border-left:3px solid var(--fail);padding:2px 0 2px 14px;margin:0 0 28px}
.problems h2{color:var(--fail)}
.problems ul{margin:6px 0 0;padding-left:18px}
.reference{font:600 22px/34px ui-monospace,"SF Mono",Menlo,"DejaVu Sans Mono",monospace;letter-spacing:.02em;margin:2px 0 20px;user-select:all}
.check{display:flex;gap:12px;align-items:flex-start;margin:8px 0 16px;font-weight:400}
.check input{width:22px;height:22px;margin:2px 0 0;flex:none;accent-color:var(--accent)}
.trap{position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden}
nav{margin-top:32px;border-top:1px solid var(--line);padding-top:10px}
dt{font-weight:600}
dd{margin:0 0 16px}
@media(min-width:640px){body{padding-top:32px}}
@media(forced-colors:active){button{border:2px solid ButtonText}}
`.trim();
