"""The look of the report: light and dark, from phones to wide screens."""

STYLE = """
:root{color-scheme:light dark;--paper:#faf8f4;--card:#fff;--ink:#2b2d36;--quiet:#74747c;
--line:#e2ded6;--brain:#0e7480;--accent:#0e7480;--place:#f1eee6;--visited:#dcebe8;
--warn:#9a4a12;--told:#5c4ebe}
@media(prefers-color-scheme:dark){:root{--paper:#17181c;--card:#202228;--ink:#e6e4df;
--quiet:#9a9aa3;--line:#34363e;--brain:#35b0bd;--accent:#5cc3ce;--place:#2a2c33;
--visited:#23403f;--warn:#e0935a;--told:#a498f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main{max-width:900px;margin:0 auto;padding:0 18px}
header{padding-top:34px}h1{font-size:34px;margin:0;letter-spacing:-.02em}
h2{font-size:22px;margin:0 0 6px;text-transform:none}h2:first-letter{text-transform:uppercase}
h3{font-size:16px;margin:26px 0 8px}h4{margin:0 0 4px;font-size:13px;color:var(--quiet)}
p{margin:6px 0 12px}.quiet{color:var(--quiet);font-size:14px}
section,article{background:var(--card);border:1px solid var(--line);border-radius:12px;
padding:20px;margin:18px 0}
.mind{border:0;border-top:1px solid var(--line);border-radius:0;padding:0;margin:22px 0 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(104px,1fr));gap:14px}
.tile b{display:block;font-size:22px;letter-spacing:-.01em;white-space:nowrap}
.tile span{color:var(--quiet);font-size:13px;line-height:1.3;display:block}
.chart{overflow-x:auto}.chart svg{width:100%;min-width:480px;height:auto}
svg text{font:12px system-ui,sans-serif;fill:var(--ink)}
svg .axis{fill:var(--quiet);text-anchor:middle}svg .label{text-anchor:end}
svg .value{font-weight:600}svg .grid{stroke:var(--line)}
svg .interval{stroke:var(--ink);stroke-width:1.4;fill:none;opacity:.75}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px}
.legend i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}
th{color:var(--quiet);font-weight:500}th,td{padding:6px 10px 6px 0;text-align:left;
border-bottom:1px solid var(--line)}
.numbers th:not(:first-child),.numbers td:not(:first-child){text-align:right;
white-space:nowrap}.numbers td:first-child{white-space:nowrap}
nav{display:flex;flex-wrap:wrap;gap:8px;margin:18px 0}
nav a{color:var(--accent);background:var(--card);border:1px solid var(--line);
border-radius:99px;padding:4px 13px;text-decoration:none;font-size:14px}
.goal{font-size:17px;margin:2px 0}
.warning{color:var(--warn);border-left:3px solid var(--warn);padding-left:10px}
video{width:100%;border-radius:8px;border:1px solid var(--line);background:#000;display:block}
ol,ul{margin:0;padding:0;list-style:none}
.dialogue li,.moments li{display:grid;grid-template-columns:56px minmax(74px,auto) 1fr;gap:10px;
padding:3px 0;align-items:baseline}
.dialogue li.mine q{color:var(--accent)}.dialogue q{quotes:"\\201c" "\\201d"}
time{color:var(--quiet);font-size:13px;font-variant-numeric:tabular-nums}
.moments b{font-weight:500;color:var(--accent);font-size:14px}.moments{font-size:14px}
.facts{font-size:14px}summary{cursor:pointer;margin:16px 0 8px;color:var(--accent)}
svg.belief{width:100%;height:auto;display:block}
.place{fill:var(--place);stroke:var(--quiet);stroke-width:2}.place.visited{fill:var(--visited)}
svg .name{font-weight:600;font-size:13px;fill:var(--quiet)}
.door{stroke:var(--card);stroke-width:5}.door.shut{stroke:#94622f}
.walk{fill:none;stroke:var(--brain);stroke-width:2.5;opacity:.55;stroke-linejoin:round}
.me{fill:var(--brain);stroke:var(--card);stroke-width:2.5}
.person{fill:#4a4f7a;stroke:var(--card);stroke-width:2}
.thing{stroke:var(--ink);stroke-width:1}.thing.unsure{fill:var(--line);stroke-dasharray:3 2}
svg .small{font-size:11px;text-anchor:middle;fill:var(--ink)}
.told rect{fill:var(--told)}.told text{fill:var(--card);font-size:12.5px}
svg .heat{fill:var(--brain)}svg .over{fill:#d08a1e}
.phases{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:18px;
margin-top:12px}
.phases li{position:relative;display:flex;justify-content:space-between;gap:10px;
padding:2px 6px;font-size:13.5px;margin:2px 0}
.phases .bar{position:absolute;inset:0 auto 0 0;background:var(--brain);opacity:.16;
border-radius:4px}.phases em{font-style:normal;color:var(--quiet)}
@media(max-width:560px){section,article{padding:14px}h1{font-size:28px}
.dialogue li,.moments li{grid-template-columns:48px 1fr}.dialogue q,.moments span{grid-column:2}}
""".strip()
