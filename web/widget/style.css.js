// Answers how to undo it.
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
  --paper:#faf7f2;--card:#fff;--ink:#23292f;--soft:#545c64;--line:#8b8f94;--hair:color-mix(in srgb,var(--line) 30%,var(--card));
  --accent:var(--careline-accent,#0f5c68);--on-accent:var(--careline-on-accent,#fff);
  --emergency:#b3261e;--crisis:#5b3fa8;--urgent:#96480a;--today:#6b5400;--on-level:#fff;
  --font:var(--careline-font,system-ui,sans-serif);
  --round:var(--careline-radius,14px);--gap:var(--careline-offset,20px);--text:max(18px,1.125rem);
  font:var(--text)/1.5 var(--font);color:var(--ink);overflow-wrap:anywhere;color-scheme:light dark;
}
@media (prefers-color-scheme:dark) {
  :host {
    --paper:#1b1e21;--card:#262a2f;--ink:#f3efe8;--soft:#bdc3c8;--line:#7f868c;
    --accent:var(--careline-accent,#24727d);
    --emergency:#ffb4ab;--crisis:#d3c3ff;--urgent:#ffb97a;--today:#e9d07a;--on-level:#1b1e21;
  }
}
*,::before,::after { box-sizing:border-box }
[hidden] { display:none !important }
.size-1 { font-size:calc(1.25*var(--text)) } .size-2 { font-size:calc(1.5*var(--text)) } .size-3 { font-size:calc(2*var(--text)) }
h2,h3,h4,p,ul,ol { margin:0;padding:0;font-size:1em }
ul,ol { list-style:none }
.sr { position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap }
.icon { width:1.25em;height:1.25em;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round }

.turn,.pinned,.reminder,.confirm { --tint:color-mix(in srgb,var(--level) 10%,var(--card)) }
.turn { --level:var(--accent) }
.emergency,.confirm,.alarm { --level:var(--emergency) } .crisis { --level:var(--crisis) } .urgent,.reminder { --level:var(--urgent) } .today { --level:var(--today) }
.level { display:flex;align-items:center;gap:.4em;font-weight:700;font-size:1.1em;line-height:1.3;color:var(--level) }
.card .level { color:inherit }

button,a,textarea,summary { font:inherit;color:inherit }
button,.bar a {
  display:inline-flex;align-items:center;justify-content:center;gap:.4em;min-height:44px;min-width:44px;padding:6px 14px;
  border:1.5px solid var(--line);border-radius:22px;background:var(--card);color:var(--ink);cursor:pointer;text-align:start;text-decoration:none;
}
button:hover,.bar a:hover,.call:hover { text-decoration:underline }
.strong { background:var(--accent);color:var(--on-accent);border-color:var(--accent);font-weight:600 }
.pinned .strong,.call.strong,.danger,.launcher.alarm { background:var(--level);color:var(--on-level);border-color:var(--level) }
:focus { outline:none }
:focus-visible { outline:3px solid var(--ink);outline-offset:2px;box-shadow:0 0 0 2px var(--paper) }
.scroller:focus-visible,.list:focus-visible { outline-offset:-4px;box-shadow:none }

.launcher,.frame { position:fixed;z-index:var(--careline-z-index,2147483000) }
.launcher {
  bottom:var(--gap);min-height:56px;padding:10px 22px;
  border-radius:28px;border:2px solid var(--card);background:var(--accent);color:var(--on-accent);font-weight:600;box-shadow:0 4px 16px #0004;
}
.launcher[aria-expanded=true] .icon { display:none }

.frame {
  color:inherit;inset:auto;bottom:calc(var(--gap) + 68px);
  width:min(var(--careline-width,27em),100vw - 40px);height:min(var(--careline-height,46em),100vh - 120px);max-width:none;max-height:none;
  padding:0;margin:0;border:1px solid var(--line);border-radius:var(--round);overflow:hidden;flex-direction:column;background:var(--paper);box-shadow:0 10px 40px #0005;
}
.frame[open] { display:flex }
.frame::backdrop { background:var(--paper) }
.bottom-right { right:var(--gap) }
.bottom-left { left:var(--gap) }

.head { display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;padding:8px 12px 10px;background:var(--accent);color:var(--on-accent) }
.head h2 { flex:1 1 4em;font-size:1.15em;line-height:1.25;overflow-wrap:break-word }
.head p { flex:1 1 100%;font-size:.83em;line-height:1.3 }
.head button { background:transparent;color:inherit;border-color:currentColor;padding:6px 12px }
.head :focus-visible { outline-color:currentColor;box-shadow:none }

.menu { padding:6px;background:var(--card);border-bottom:1px solid var(--line);max-height:60%;overflow:auto;flex:none }
.menu li { display:flex }
.menu button { flex:1;justify-content:flex-start;border-color:transparent;border-radius:8px }
.confirm { padding:14px }

.bar { display:flex;flex-wrap:wrap;gap:8px;padding:8px 12px;background:var(--card);border-bottom:1px solid var(--hair);align-items:center }
nav.bar a { flex:1 1 auto;font-weight:600;padding:6px 10px;border-radius:10px }
nav.bar .icon { color:var(--soft) }
.confirm,.pinned { background:var(--tint);border-bottom:3px solid var(--level) }
.pinned p { flex:1 1 55%;font-size:1em }
.pinned a { flex:1 1 auto }

.scroller,.list { flex:1 1 auto;min-height:0;overflow:auto;padding:14px 12px;position:relative;overscroll-behavior:contain }
.intro { padding:2px 2px 14px }
.hello { font-size:1.15em;font-weight:600;line-height:1.3 }
.first { padding-inline-start:12px;border-inline-start:4px solid var(--accent);font-weight:600 }
.fine { font-size:.83em;color:var(--soft) }
.allow { display:flex;gap:10px;align-items:center;min-height:44px }
.allow input { width:24px;height:24px;margin:0;flex:none }
.choice { width:100%;justify-content:flex-start;border-radius:12px;padding:9px 14px }
.row { display:flex;flex-wrap:wrap;gap:8px;align-items:center }

.entry + .entry,.notice,.card { margin-top:16px }
.notice { padding:10px 14px;border-inline-start:4px solid var(--line);background:var(--card);margin-bottom:12px }
.mine { width:fit-content;max-width:88%;margin-inline-start:auto;padding:9px 14px;border-radius:var(--round);border-end-end-radius:4px;border:1px solid var(--line);background:var(--accent);color:var(--on-accent) }
.mine p,.said p { white-space:pre-line }
.delivery { display:flex;flex-wrap:wrap;gap:8px;align-items:center;justify-content:flex-end;margin-top:4px }
.entry:not(:last-child) > .delivery.sent { display:none }
.turn { margin-top:10px;padding:14px;border:1px solid var(--hair);border-radius:var(--round);border-start-start-radius:4px;background:var(--card);overflow:clip }
.turn.loud,.turn.today { border:3px solid var(--level);background:var(--tint) }
.turn.today { border-width:2px }
.number { display:inline-block;max-width:100% }
.turn > * + *,.part + .part,.part > * + * { margin-top:10px }
.turn > .sr + * { margin-top:0 }
.question p { font-weight:600 }
.reminder,.note { padding:10px 12px;border:2px solid var(--level);border-radius:10px;background:var(--tint) }
.reminder h4 { color:var(--level) }
.note { border:1.5px dashed var(--line) }
.referral { margin:14px -14px -14px;padding:12px 14px 14px;border-top:1px solid var(--hair);background:var(--tint) }
:is(.loud,.today) .referral { background:var(--card) }
.referral > * + *,.calls li + li,.choices li + li { margin-top:8px }
.call { display:flex;align-items:center;gap:.6em;min-height:48px;padding:7px 12px;border:1.5px solid var(--line);border-radius:12px;background:var(--card);text-decoration:none;line-height:1.35 }
.call :is(b,.about) { display:block }
.call :is(b,.number) { text-decoration:underline }
.call.strong .about { color:inherit }
summary { min-height:44px;padding:10px 0;cursor:pointer;color:var(--ink);text-decoration:underline }
.sources ul { list-style:disc;padding-inline-start:1.2em }
.sources > * + * { margin-top:4px }
.status { padding:4px 14px;background:var(--card);font-size:.9em }
.status:empty { padding:0 }
.tools { margin-top:12px;display:grid;gap:10px;font-size:.9em }

.composer { padding:6px 12px 12px;background:var(--card);border-top:1px solid var(--hair);box-shadow:0 -6px 12px #0001 }
.composer label { display:block;line-height:1.3 }
.composer label,.about,.delivery,.sources { font-size:.83em;font-weight:400;color:var(--soft) }
.line { display:flex;gap:8px;align-items:flex-end;margin-top:3px }
textarea { display:block;width:100%;min-width:0;min-height:48px;padding:9px 12px;border:1.5px solid var(--line);border-radius:12px;background:var(--paper);color:var(--ink);resize:none }
.composer button { flex:none;overflow-wrap:normal;min-height:48px }

.intro > * + *,.list > * + *,.confirm .row { margin-top:12px }
.list h3 { font-size:1.15em }
.list form { display:grid;gap:8px }
.questions li { display:grid;gap:6px }
.questions li + li { margin-top:14px }
.questions button { justify-self:end }

@media (max-width:640px),(max-height:480px) {
  .frame { inset:0;width:auto;height:auto;border:0;border-radius:0;box-shadow:none }
}
@media (max-height:480px) {
  .frame[open] { overflow:auto;display:block }
  .scroller { overflow:visible }
  .top { position:sticky;top:0;z-index:1 }
  .bar { padding:4px 8px;flex-wrap:nowrap }
  .pinned :is(a,button) { flex:none }
}
@media (max-width:640px) { :is(.size-2,.size-3)[open] { overflow:auto;display:block } :is(.size-2,.size-3) .scroller { overflow:visible } }
@media (max-width:400px),(max-height:480px) {
  .bar a .icon { display:none }
  .close { gap:0 } .close span { font-size:0 }
  .bar :is(a,button) { font-size:.9em;padding:6px 8px }
  .scroller { padding-inline:8px }
}
@media print { .launcher,.frame { display:none !important } }
`;

export const PAPER = `
:host { all:initial;font:12pt/1.5 Georgia,serif;color:#000;background:#fff }
h1 { font-size:18pt } h3,h4 { font-size:12pt } h1,h3,h4,p { margin:0 0 4pt;white-space:pre-line }
section { margin:10pt 0 } article { border-inline-start:2pt solid #999;padding-inline-start:8pt;break-inside:avoid }
.loud { border:2pt solid #000;padding:6pt }
ul { margin:0 0 4pt;padding-inline-start:14pt } a { color:inherit;text-decoration:none }
ol li { margin-bottom:36pt;padding-inline-start:4pt }
.icon { display:none } .about { margin-inline-start:6pt } .sources { font-size:10pt } .note { margin-top:12pt;font-style:italic }
.sr { font-weight:bold }
`;
