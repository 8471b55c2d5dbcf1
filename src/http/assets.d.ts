// Imported `with { type: "file" }`: the path of a file, which a compiled executable carries inside.
declare module "swagger-ui-dist/swagger-ui.css" {
  const path: string;
  export default path;
}
declare module "swagger-ui-dist/swagger-ui-bundle.js" {
  const path: string;
  export default path;
}
declare module "uplot/dist/uPlot.esm.js" {
  const path: string;
  export default path;
}
declare module "uplot/dist/uPlot.min.css" {
  const path: string;
  export default path;
}
declare module "hls.js/dist/hls.light.min.mjs" {
  const path: string;
  export default path;
}
