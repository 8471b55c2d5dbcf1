// Non-music files that usually lie beside music and need no warning.

const COMPANIONS: ReadonlySet<string> = new Set(
  (
    " .jpg .jpeg .png .gif .webp .bmp .tif .tiff .svg .ico .txt .nfo .md .rtf .doc .docx .odt .pdf .htm .html .url .lnk " +
    ".desktop .log .cue .m3u .m3u8 .pls .xspf .wpl .asx .lrc .srt .json .xml .csv .ini .db .sqlite .dat .md5 .sfv .sha1 " +
    ".sha256 .ffp .accurip .sig .asc .zip .rar .7z .gz .tar .torrent .part .crdownload .tmp .bak .js .css .ts .py .sh"
  ).split(" "),
);

/** `ending`: lower case, with the dot; "" for none. */
export function isCompanion(ending: string): boolean {
  return COMPANIONS.has(ending);
}
