// A program of its own: sends an MP3 file at its own pace by the system's libshout, in the TLS mode that it is given.
// Arguments: port, mode of shout.h, file of the authority, password, file to send. Exit code: libshout's error.
import { dlopen, FFIType } from "bun:ffi";

const [, , port = "0", mode = "0", authority = "", password = "", file = ""] = Bun.argv;

const MP3 = 1;
const CHUNK_BYTES = 4096;

const { ptr, i32, u32, u64 } = FFIType;
const { symbols } = dlopen("libshout.so.3", {
  shout_init: { args: [], returns: FFIType.void },
  shout_new: { args: [], returns: ptr },
  shout_set_host: { args: [ptr, ptr], returns: i32 },
  shout_set_port: { args: [ptr, u32], returns: i32 },
  shout_set_mount: { args: [ptr, ptr], returns: i32 },
  shout_set_password: { args: [ptr, ptr], returns: i32 },
  shout_set_tls: { args: [ptr, i32], returns: i32 },
  shout_set_ca_file: { args: [ptr, ptr], returns: i32 },
  shout_set_format: { args: [ptr, u32], returns: i32 },
  shout_open: { args: [ptr], returns: i32 },
  shout_send: { args: [ptr, ptr, u64], returns: i32 },
  shout_sync: { args: [ptr], returns: FFIType.void },
  shout_close: { args: [ptr], returns: i32 },
});

const text = (value: string) => Buffer.from(`${value}\0`);

/** Ends the program with libshout's error, if there is one. */
function check(error: number): void {
  if (error !== 0) process.exit(-error);
}

symbols.shout_init();
const shout = symbols.shout_new();
check(symbols.shout_set_host(shout, text("localhost")));
check(symbols.shout_set_port(shout, Number(port)));
check(symbols.shout_set_mount(shout, text("/stream")));
check(symbols.shout_set_password(shout, text(password)));
check(symbols.shout_set_tls(shout, Number(mode)));
check(symbols.shout_set_ca_file(shout, text(authority)));
check(symbols.shout_set_format(shout, MP3));
check(symbols.shout_open(shout));
const audio = await Bun.file(file).bytes();
for (let at = 0; at < audio.length; at += CHUNK_BYTES) {
  const chunk = audio.slice(at, at + CHUNK_BYTES);
  check(symbols.shout_send(shout, chunk, chunk.length));
  symbols.shout_sync(shout);
}
check(symbols.shout_close(shout));
