#!/bin/sh
# Puts a new certificate where the station reads it. certbot and lego run this after each renewal, as root:
#
#   certbot certonly --standalone -d radio.example --deploy-hook /usr/local/lib/cycast/certificate-hook.sh
#   lego --http -d radio.example -m you@radio.example run --run-hook /usr/local/lib/cycast/certificate-hook.sh
#   lego --http -d radio.example -m you@radio.example renew --renew-hook /usr/local/lib/cycast/certificate-hook.sh
#
# The station notices the new files within seconds; it needs no signal and no restart.
set -eu

folder=${CYCAST_TLS:-/var/lib/cycast/tls}
chain=${LEGO_CERT_PATH:-${RENEWED_LINEAGE:-}/fullchain.pem}
key=${LEGO_CERT_KEY_PATH:-${RENEWED_LINEAGE:-}/privkey.pem}

# The key belongs to the folder's owner, and nobody else reads it.
owner=$(stat -c %u:%g "$folder")
place() {
  umask 077
  cp "$1" "$folder/$2.new"
  chown "$owner" "$folder/$2.new"
  mv "$folder/$2.new" "$folder/$2"
}

place "$key" privkey.pem
place "$chain" fullchain.pem
