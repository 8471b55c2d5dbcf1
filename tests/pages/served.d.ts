// What the server adds to the files of public/: libraries under addresses of its own.

declare module "*/uplot.js" {
  import uPlot from "uplot";
  export default uPlot;
}

declare module "*/assets/hls.js" {
  import Hls from "hls.js";
  export default Hls;
}

interface Window {
  /** Set by swagger/ui.js. */
  SwaggerUIBundle(options: { url: string; domNode: Element | null; onComplete: () => void }): void;
}
