// Charts from JSON beside them: colours and sizes come from the tokens, so they follow theme and size.
// The library is loaded by pages that have a chart, and by no other.
const root = document.documentElement;
const token = name => getComputedStyle(root).getPropertyValue(name).trim();
const drawn = [];

export function charts() {
  drawn.splice(0).forEach(c => c.dispose());
  if (!window.echarts) return;
  document.querySelectorAll('[data-chart]').forEach(draw);
}

export function resizeCharts() {
  drawn.forEach(c => c.resize());
}

function draw(el) {
  const text = el.parentNode.querySelector('script[type="application/json"]')?.textContent;
  if (!text) return;
  const chart = window.echarts.init(el, null, { renderer: 'svg' });
  chart.setOption(option(JSON.parse(text)));
  drawn.push(chart);
}

// data: {categories: [], unit: "", max: 0, series: [{name, line, stack, values: []}]}
function option(data) {
  const size = parseFloat(getComputedStyle(root).fontSize) * .8125;
  const grey = { color: token('--ink-3'), fontSize: size };
  const many = data.series.length > 1;
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: token('--sans').replace(/\s+/g, ' '), fontSize: size, color: token('--ink-2') },
    grid: { left: 8, right: 12, top: many ? 34 : 14, bottom: 4, containLabel: true },
    legend: many ? { left: 0, top: 0, itemWidth: 12, itemHeight: 8, icon: 'roundRect', textStyle: { color: token('--ink-2'), fontSize: size } } : undefined,
    tooltip: { trigger: 'axis', renderMode: 'richText', backgroundColor: token('--surface'), borderColor: token('--line-2'), textStyle: { color: token('--ink-1'), fontSize: size }, valueFormatter: v => v + data.unit },
    xAxis: { type: 'category', data: data.categories, axisLine: { lineStyle: { color: token('--line-2') } }, axisTick: { show: false }, axisLabel: grey },
    yAxis: { type: 'value', max: data.max || undefined, splitNumber: 3, splitLine: { lineStyle: { color: token('--line-1') } }, axisLabel: { ...grey, formatter: `{value}${data.unit === '%' ? '%' : ''}` } },
    series: data.series.map(series),
  };
}

function series(s, i) {
  const color = token(`--cat-${i % 5 + 1}`);
  return {
    name: s.name, type: s.line ? 'line' : 'bar', data: s.values, stack: s.stack || undefined,
    barMaxWidth: 18, symbolSize: 6, itemStyle: { color }, lineStyle: { color, width: 2 },
  };
}
