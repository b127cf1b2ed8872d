#!/bin/sh
# Gets KissFFT's release archive out of Debian's source package, without root and without touching the machine's apt.
# Usage: kissfft_from_debian.sh WORKDIR ARCHIVE VERSION
# It runs apt-get in private folders on a copy of the machine's own sources, in which every entry asks for sources. The
# caller checks the digest.
set -eu
work=$1
archive=$2
version=$3

command -v apt-get >/dev/null || { echo "this machine has no apt-get"; exit 1; }
rm -rf "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/sources.d" "$work/download"

# deb822 files ("Types: deb") and one-line files ("deb https://...") both become source entries.
copied=0
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ -r "$file" ] || continue
    case $file in
        *.sources) sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/sources.d/$(basename "$file")" ;;
        *) sed -n 's/^[[:space:]]*deb\(-src\)\{0,1\}[[:space:]]/deb-src /p' "$file" \
            >"$work/sources.d/$(basename "$file" .list)-line.list" ;;
    esac
    copied=1
done
[ "$copied" = 1 ] || { echo "no apt sources on this machine"; exit 1; }

cat >"$work/apt.conf" <<CONF
Dir::State "$work/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$work/sources.d";
Acquire::Retries "1";
Acquire::http::Timeout "15";
Acquire::https::Timeout "15";
Acquire::Languages "none";
APT::Sandbox::User "";
CONF
export APT_CONFIG="$work/apt.conf"

# Other people's sources may fail; what counts is whether the package can be had.
apt-get -qq update >"$work/update.log" 2>&1 || true
cd "$work/download"
if ! apt-get -qq source --download-only "kissfft" >"$work/source.log" 2>&1; then
    tail -n 5 "$work/update.log" "$work/source.log"
    exit 1
fi
original=$(ls kissfft_"$version"*.orig.tar.gz 2>/dev/null | head -n 1)
if [ -z "$original" ]; then
    echo "the machine's sources have another version: $(ls)"
    exit 1
fi
cp "$original" "$archive"
