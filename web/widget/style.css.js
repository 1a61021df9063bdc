// All looks, as constructed sheets: a policy that forbids inline styles lets them pass.

// Answers how to take the sheet away again.
export function applyStyles(root, css) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => { root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet); };
  } catch { // browsers before 2023
    const style = document.createElement('style');
    style.textContent = css;
    (root.head ?? root).append(style);
    return () => style.remove();
  }
}

// The site's colour, with black or white on it.
export function theme(color) {
  if (!/^#[0-9a-f]{6}$/i.test(color ?? '')) return '';
  const channel = (at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2;
  const light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return `:host { --careline-accent: ${color}; --careline-on-accent: ${light > 0.179 ? '#000' : '#fff'} }`;
}

export const STYLE = `
:host {
  all:initial;
  --paper:#faf7f2;--card:#fff;--ink:#23292f;--soft:#545c64;--line:#8b8f94;--hair:#e4ddd2;
  --accent:var(--careline-accent,#0f5c68);--on-accent:var(--careline-on-accent,#fff);
  --emergency:#b3261e;--emergency-bg:#fdeeec;--crisis:#5b3fa8;--crisis-bg:#f3effc;
  --urgent:#96480a;--urgent-bg:#fff3e4;--today:#6b5400;--today-bg:#fdf7df;--on-level:#fff;
  --font:var(--careline-font,system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif);
  --round:var(--careline-radius,14px);
  color-scheme:light dark;
}
@media (prefers-color-scheme:dark) {
  :host {
    --paper:#1b1e21;--card:#262a2f;--ink:#f3efe8;--soft:#bdc3c8;--line:#7f868c;--hair:#3a3f45;
    --accent:var(--careline-accent,#2a7f8b);
    --emergency:#ffb4ab;--emergency-bg:#3d1512;--crisis:#d3c3ff;--crisis-bg:#281f44;
    --urgent:#ffb97a;--urgent-bg:#38230d;--today:#e9d07a;--today-bg:#2f2a12;--on-level:#1b1e21;
  }
}
*,::before,::after { box-sizing:border-box }
[hidden] { display:none !important }
.frame,.launcher { font:max(18px,1.125rem)/1.5 var(--font);color:var(--ink);letter-spacing:normal;text-align:start;overflow-wrap:anywhere }
.size-1 { font-size:max(22.5px,1.4rem) } .size-2 { font-size:max(27px,1.69rem) } .size-3 { font-size:max(36px,2.25rem) }
h2,h3,h4,p,ul,ol { margin:0;padding:0;font-size:1em }
ul,ol { list-style:none }
.sr { position:absolute;width:1px;height:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap }
.icon { width:1.25em;height:1.25em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round }

button,a,textarea,summary { font:inherit;color:inherit }
button,.bar a,.bar span.strong {
  display:inline-flex;align-items:center;justify-content:center;gap:.4em;min-height:44px;min-width:44px;padding:6px 14px;
  border:1.5px solid var(--line);border-radius:22px;background:var(--card);color:var(--ink);cursor:pointer;text-align:start;text-decoration:none;
}
button:hover,.bar a:hover { text-decoration:underline }
.strong { background:var(--accent);color:var(--on-accent);border-color:var(--accent);font-weight:600 }
.danger { background:var(--emergency);color:var(--on-level);border-color:var(--emergency) }
:focus { outline:none }
:focus-visible { outline:3px solid var(--ink);outline-offset:2px;box-shadow:0 0 0 2px var(--paper) }
.scroller:focus-visible,.list:focus-visible { outline-offset:-4px;box-shadow:none }

.launcher {
  position:fixed;bottom:var(--careline-offset,20px);z-index:var(--careline-z-index,2147483000);min-height:56px;padding:10px 22px;
  border-radius:28px;border:2px solid var(--card);background:var(--accent);color:var(--on-accent);font-weight:600;box-shadow:0 4px 16px #0004;
}
.launcher.alarm { background:var(--emergency);color:var(--on-level) }

.frame { background:var(--paper);padding:0;margin:0;border:1px solid var(--line);border-radius:var(--round);overflow:hidden;max-width:none;max-height:none;flex-direction:column }
.frame[open] { display:flex }
dialog {
  position:fixed;inset:auto;bottom:calc(var(--careline-offset,20px) + 68px);z-index:var(--careline-z-index,2147483000);
  width:min(var(--careline-width,27em),100vw - 40px);height:min(var(--careline-height,46em),100vh - 120px);box-shadow:0 10px 40px #0005;
}
.bottom-right { right:var(--careline-offset,20px) }
.bottom-left { left:var(--careline-offset,20px) }
dialog::backdrop { background:var(--paper) }

.head { display:flex;flex-wrap:wrap;align-items:center;gap:8px;padding:10px 12px;background:var(--accent);color:var(--on-accent) }
.head h2 { flex:1 1 4em;font-size:1.15em;line-height:1.25 }
.head p { flex:1 1 100%;font-size:.83em;line-height:1.3 }
.head button { background:transparent;color:inherit;border-color:currentColor;padding:6px 12px }
.head :focus-visible { outline-color:currentColor;box-shadow:none }

.menu { padding:6px;background:var(--card);border-bottom:1px solid var(--line);max-height:60%;overflow:auto;flex:none }
.menu button { width:100%;justify-content:flex-start;border-color:transparent;border-radius:8px }
.confirm { padding:14px;background:var(--emergency-bg);border-bottom:2px solid var(--emergency) }

.bar { display:flex;flex-wrap:wrap;gap:8px;padding:8px 12px;background:var(--card);border-bottom:1px solid var(--hair);align-items:center }
nav.bar a { flex:1 1 auto;font-weight:600;padding:6px 10px;border-radius:10px }
nav.bar .icon { color:var(--soft) }
.pinned p { flex:1 1 60% }
.pinned .strong { flex:1 1 auto }
.pinned { --level:var(--urgent);--level-bg:var(--urgent-bg);background:var(--level-bg);border-bottom:3px solid var(--level) }
.pinned .strong,.loud li:first-child .call { background:var(--level);color:var(--on-level);border-color:var(--level) }
.level { display:flex;align-items:center;gap:.4em;font-weight:700;font-size:1.1em;color:var(--level) }
.emergency { --level:var(--emergency);--level-bg:var(--emergency-bg) }
.crisis { --level:var(--crisis);--level-bg:var(--crisis-bg) }
.urgent { --level:var(--urgent);--level-bg:var(--urgent-bg) }
.today { --level:var(--today);--level-bg:var(--today-bg) }

.scroller { flex:1 1 auto;min-height:0;overflow:auto;padding:14px 12px;position:relative;overscroll-behavior:contain }
.intro { padding:4px 2px 14px }
.hello { font-size:1.15em;font-weight:600;line-height:1.35 }
.intro > ul:not(.choices) { list-style:disc;padding-inline-start:1.1em }
.intro li + li { margin-top:6px }
.intro .loud { font-weight:600 }
.allow { display:flex;gap:10px;align-items:center;min-height:44px;font-size:.9em;color:var(--soft) }
.allow input { width:24px;height:24px;margin:0;flex:none;accent-color:var(--accent) }
.choice { width:100%;justify-content:flex-start;border-radius:12px;padding:10px 14px;border-color:var(--line) }
.row { display:flex;flex-wrap:wrap;gap:8px;align-items:center }

.entry + .entry,.notice,.card { margin-top:16px }
.notice { padding:10px 14px;border-inline-start:4px solid var(--line);background:var(--card);margin-bottom:12px }
.mine { width:fit-content;max-width:88%;margin-inline-start:auto;padding:10px 14px;border-radius:var(--round);border-end-end-radius:4px;border:1px solid var(--accent);background:var(--accent);color:var(--on-accent) }
.mine p,.said p { white-space:pre-line }
.delivery { display:flex;flex-wrap:wrap;gap:8px;align-items:center;justify-content:flex-end;margin-top:4px }
.entry:not(:last-child) > .delivery.sent { display:none }
.turn { margin-top:10px;padding:14px;border:1px solid var(--hair);border-radius:var(--round);border-start-start-radius:4px;background:var(--card) }
.turn.loud { border:3px solid var(--level);background:var(--level-bg) }
.turn.today { border:2px solid var(--level);background:var(--level-bg) }
.number { display:inline-block;max-width:100% }
.turn > * + *,.part + .part,.part > * + * { margin-top:10px }
.turn > .sr + * { margin-top:0 }
.part.question p { font-weight:600 }
.part.reminder { padding:10px 12px;border:2px solid var(--urgent);border-radius:10px;background:var(--urgent-bg) }
.part.reminder h4 { color:var(--urgent) }
.part.note { padding:12px;border:1.5px dashed var(--line);border-radius:10px }
.referral { padding-top:10px;border-top:1px solid var(--line) }
.referral > * + *,.calls li + li,.choices li + li { margin-top:8px }
.call { display:flex;align-items:center;gap:.6em;min-height:48px;padding:8px 14px;border:1.5px solid var(--line);border-radius:12px;background:var(--paper);text-decoration:none }
.call b { display:block }
.call b,.call .number { text-decoration:underline }
.call .about { display:block;line-height:1.35 }
.sources summary { min-height:44px;padding:10px 0;cursor:pointer;color:var(--ink);text-decoration:underline }
.sources ul { list-style:disc;padding-inline-start:1.2em }
.sources > * + * { margin-top:4px }
.status { padding:4px 14px;background:var(--card);font-size:.9em }
.status:empty { padding:0 }
.tools { margin-top:12px;display:grid;gap:10px;font-size:.9em }

.composer { padding:8px 12px 12px;background:var(--card);border-top:1px solid var(--hair) }
.composer label { display:block }
.composer label,.about,.delivery,.sources { font-size:.83em;color:var(--soft) }
.line { display:flex;gap:8px;align-items:flex-end;margin-top:2px }
textarea { display:block;width:100%;min-width:0;min-height:48px;padding:9px 12px;border:1.5px solid var(--line);border-radius:12px;background:var(--paper);color:var(--ink);resize:none }
.composer button { flex:none;overflow-wrap:normal;min-height:48px }

.loud li:first-child .about { color:inherit }

.list { flex:1 1 auto;min-height:0;overflow:auto;padding:14px 12px }
.intro > * + *,.list > * + *,.confirm .row { margin-top:12px }
.list h3 { font-size:1.15em }
.list form { display:grid;gap:8px }
.questions li { display:grid;gap:6px }
.questions li + li { margin-top:14px }
.questions button { justify-self:end }

@media (max-width:640px),(max-height:480px) {
  dialog { inset:0 !important;width:auto;height:auto;border:0;border-radius:0;box-shadow:none }
}
/* With little room everything scrolls together. */
@media (max-height:480px) { .frame[open] { overflow:auto;display:block } .scroller { overflow:visible } }
@media (max-width:640px) { :is(.size-2,.size-3)[open] { overflow:auto !important;display:block } :is(.size-2,.size-3) .scroller { overflow:visible } }
@media (max-width:400px) { nav.bar .icon { display:none } nav.bar a { font-size:.9em;padding:6px } }
@media (prefers-reduced-motion:no-preference) { .scroller { scroll-behavior:smooth } }
@media print { .launcher,.frame { display:none !important } }
`;

export const PAPER = `
:host { all:initial;font:12pt/1.45 Georgia,"Liberation Serif",serif;color:#000;background:#fff }
h1 { font-size:18pt;margin:0 0 4pt } h3,h4 { font-size:12pt;margin:6pt 0 2pt } p { margin:0 0 4pt;white-space:pre-line }
section { margin:10pt 0;break-inside:auto } article { border-inline-start:2pt solid #999;padding-inline-start:8pt;break-inside:avoid }
.loud { border:2pt solid #000;padding:6pt }
ul { margin:0 0 4pt;padding-inline-start:14pt } a { color:inherit;text-decoration:none }
ol li { margin-bottom:36pt;padding-inline-start:4pt }
.icon { display:none } .about { margin-inline-start:6pt } .sources { font-size:10pt } .note { margin-top:12pt;font-style:italic }
.sr { font-weight:bold }
`;
