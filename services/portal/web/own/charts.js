// The charts of the report: drawn from the tables beneath them, once they come into view. A bar leads where its
// figure in the table leads; the tables stay for whoever wants figures, for readers aloud and for paper.
const ROW = 30;
const TALL = 260;
let loading;

function library(address) {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.echarts);
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function read(figure) {
  const rows = [...figure.querySelectorAll("tbody tr")];
  const cells = rows.map((row) => [...row.querySelectorAll("[data-value]")]);
  const heads = [...figure.querySelectorAll("thead th.num")].map((head) => head.textContent);
  return { names: rows.map((row) => row.querySelector("[data-name]").textContent), cells, heads };
}

function looks(at) {
  if (at === 0) { return { color: token("--pine") }; }
  return { color: token("--sunk"), borderColor: token("--edge"), borderWidth: 1 };
}

function option(figure, { names, cells, heads }) {
  const lying = "lying" in figure.dataset;
  const text = { color: token("--ink"), fontSize: 12.5 };
  const category = {
    type: "category", data: names, inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--line-2") } },
    axisLabel: lying ? { ...text, width: 150, overflow: "break", interval: 0 } : { ...text, hideOverlap: true },
  };
  const value = { type: "value", minInterval: 1, axisLabel: { ...text, color: token("--ink-2") }, splitLine: { lineStyle: { color: token("--line") } } };
  const label = (at) => ({
    ...text, show: true, color: at === 0 && !lying ? token("--card") : token("--ink"), position: lying ? "right" : "inside",
    formatter: (one) => (one.value ? one.value.toLocaleString("en") : ""),
  });
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: lying ? 56 : 8, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: lying ? { ...value, show: false } : category,
    yAxis: lying ? category : value,
    series: heads.map((name, at) => ({
      name, type: "bar", stack: "all", barMaxWidth: lying ? 18 : 44, itemStyle: looks(at), label: label(at),
      emphasis: { itemStyle: { color: at === 0 ? token("--pine-hover") : token("--line-2") } },
      data: cells.map((row) => Number(row[at].dataset.value)),
    })),
  };
}

async function draw(figure) {
  const echarts = await library(figure.dataset.library);
  const given = read(figure);
  const place = figure.querySelector("[data-drawn]");
  place.hidden = false;
  place.style.height = `${"lying" in figure.dataset ? given.names.length * ROW + 24 : TALL}px`;
  const chart = echarts.init(place, null, { renderer: "canvas" });
  chart.setOption(option(figure, given));
  chart.on("click", (one) => { given.cells[one.dataIndex][one.seriesIndex].click(); });
  new ResizeObserver(() => chart.resize()).observe(place);
  const table = figure.querySelector("details");
  table.open = false;
  figure.dataset.chart = "drawn";
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "120px" });
const figures = [...document.querySelectorAll("[data-chart]")];
figures.forEach((figure) => seen.observe(figure));
addEventListener("beforeprint", () => figures.forEach((figure) => { figure.querySelector("details").open = true; }));
