// The proxies of the recipes as processes: each shipped configuration, word by word but for its ports.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/ports.ts";
import { requireProgram } from "../support/programs.ts";

const PACKAGING = join(import.meta.dir, "..", "..", "packaging");
const NGINX_STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so";

/** Ports of the station, and of the proxy in front of it. */
export interface Ports {
  readonly listen: string;
  readonly source: string;
  readonly site: number;
  readonly dj: number;
}

export interface ProxyProgram {
  readonly name: string;
  /** null: it is not here. */
  readonly program: string | null;
  /** It passes on what encoders send, with PROXY headers. */
  readonly takesDjs: boolean;
  /** The shipped configuration, for these ports and this folder. */
  configure(shipped: string, ports: Ports, folder: string): string;
  readonly file: string;
  arguments(config: string, folder: string): readonly string[];
}

/** In which nginx keeps what does not fit into its memory. */
const FOLDERS = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** A master that is ended while it starts its worker leaves that behind. */
const ONE_PROCESS = "daemon off; master_process off;";

const NGINX: ProxyProgram = {
  name: "nginx",
  program: existsSync(NGINX_STREAM) || process.env["CI"] ? requireProgram("nginx") : null,
  takesDjs: true,
  file: "nginx.conf",
  /** The site, and the commented part for DJs as what it is meant to be. */
  configure(shipped, { listen, source, site, dj }, folder) {
    const [http = "", stream = ""] = shipped.split(/^(?=# stream \{)/m);
    return `load_module ${NGINX_STREAM};
${ONE_PROCESS}
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  ${FOLDERS.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
  ${http
    .replace("listen 80;", `listen 127.0.0.1:${site};`)
    .replace("listen [::]:80;", "")
    .replaceAll("127.0.0.1:8001", `127.0.0.1:${listen}`)}
}
${stream.replace(/^# ?/gm, "").replace("8010", `127.0.0.1:${dj}`).replace("127.0.0.1:8000", `127.0.0.1:${source}`)}`;
  },
  arguments: (config, folder) => ["-p", folder, "-e", "stderr", "-c", config],
};

const HAPROXY: ProxyProgram = {
  name: "HAProxy",
  program: requireProgram("haproxy"),
  takesDjs: true,
  file: "haproxy.cfg",
  configure: (shipped, { listen, source, site, dj }) =>
    shipped
      .replace("bind :80\n", `bind 127.0.0.1:${site}\n`)
      .replace("bind :8010", `bind 127.0.0.1:${dj}`)
      .replace("127.0.0.1:8001", `127.0.0.1:${listen}`)
      .replace("127.0.0.1:8000", `127.0.0.1:${source}`),
  arguments: (config) => ["-db", "-f", config],
};

const CADDY: ProxyProgram = {
  name: "Caddy",
  program: requireProgram("caddy"),
  takesDjs: false,
  file: "Caddyfile",
  configure: (shipped, { listen, site }) =>
    `{\n\tadmin off\n\tauto_https off\n\tgrace_period 1s\n}\n${shipped
      .replace("radio.example.org {", `http://:${site} {\n\tbind 127.0.0.1`)
      .replace("127.0.0.1:8001", `127.0.0.1:${listen}`)}`,
  arguments: (config) => ["run", "--adapter", "caddyfile", "--config", config],
};

/** The cache in front of HLS, which is no proxy for the rest. */
export const HLS_CACHE: ProxyProgram = {
  name: "nginx",
  program: requireProgram("nginx"),
  takesDjs: false,
  file: "nginx-hls.conf",
  // Another user could not write into the folder of a test that root runs.
  configure: (shipped, { listen, site }, folder) => `${ONE_PROCESS}
${process.getuid?.() === 0 ? "user root;" : ""}
pid ${folder}/pid;
error_log stderr;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  access_log off;
  ${FOLDERS.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
  ${shipped
    .replace("listen 80;", `listen 127.0.0.1:${site};`)
    .replace("listen [::]:80;", "")
    .replace("/var/cache/nginx/hls", `${folder}/cache`)
    .replaceAll("/var/log/nginx/hls.log", `${folder}/hls.log`)
    .replaceAll("127.0.0.1:8001", `127.0.0.1:${listen}`)}
}`,
  arguments: (config, folder) => ["-p", folder, "-e", "stderr", "-c", config],
};

export const PROXY_PROGRAMS = [NGINX, HAPROXY, CADDY];

export interface RunningProxy extends AsyncDisposable {
  readonly url: string;
  readonly site: number;
  readonly dj: number;
}

/** Starts a proxy in front of a station's ports; it may not answer yet. */
export async function startProxy(
  { program, file, configure, arguments: args }: ProxyProgram,
  station: Pick<Ports, "listen" | "source">,
  folder: string,
): Promise<RunningProxy> {
  const [site, dj] = [freePort(), freePort()];
  const shipped = await Bun.file(join(PACKAGING, file)).text();
  const config = join(folder, file);
  await Bun.write(config, configure(shipped, { ...station, site, dj }, folder));
  const child = Bun.spawn([program ?? "", ...args(config, folder)], {
    env: { PATH: process.env["PATH"] ?? "", HOME: folder },
    stdout: "ignore",
    stderr: "ignore",
  });
  return {
    url: `http://127.0.0.1:${site}`,
    site,
    dj,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}
