#!/bin/sh
# Puts Route Playground into your menu: for you alone, without administrator rights.
#
#   ./install.sh          copies this folder to ~/.local/opt/route-playground; this one can then be deleted
#   ./install.sh --here   leaves the program where it is
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin
place=$HOME/.local/opt/route-playground

case ${1:-} in
    --here) place=$here ;;
    "") ;;
    *) echo "install.sh knows only --here" >&2; exit 2 ;;
esac

if [ "$place" != "$here" ]; then
    if [ -e "$here/portable" ]; then
        echo "There is a file named portable here: this folder keeps your data. Use ./install.sh --here" >&2
        exit 1
    fi
    mkdir -p "$(dirname -- "$place")"
    rm -rf "$place.new"
    cp -R "$here" "$place.new"
    rm -rf "$place"
    mv "$place.new" "$place"
fi

default_of() { command -v xdg-mime >/dev/null 2>&1 && xdg-mime query default "$1" 2>/dev/null || true; }
folders=$(default_of inode/directory)
python=$(default_of text/x-python)

# In the entry a path is quoted, and the signs that mean something there are escaped.
path=$(printf '%s' "$place/playground" | sed -e 's/[\\"`$]/\\\\&/g' -e 's/%/%%/g')
mkdir -p "$data/applications" "$data/icons" "$data/metainfo" "$bin"
awk -v exec="$path" 'BEGIN { gsub(/\\/, "\\\\", exec) } /^Exec=/ { print "Exec=\"" exec "\" open %f"; next } { print }' \
    "$place/share/applications/route-playground.desktop" >"$data/applications/route-playground.desktop"
cp -R "$place/share/icons/." "$data/icons/"
cp "$place"/share/metainfo/*.metainfo.xml "$data/metainfo/"
ln -sf "$place/playground" "$bin/playground"

refresh() { if command -v "$1" >/dev/null 2>&1; then "$@" >/dev/null 2>&1 || true; fi; }
refresh update-desktop-database "$data/applications"
refresh gtk-update-icon-cache -q -t "$data/icons/hicolor"

# Offered for folders and Python files, but never in the place of what opened them until now.
keep() { if [ -n "$2" ] && [ "$2" != route-playground.desktop ]; then refresh xdg-mime default "$2" "$1"; fi; }
keep inode/directory "$folders"
keep text/x-python "$python"

if command -v ldd >/dev/null 2>&1; then
    missing=$(for file in libQt6WebEngineCore.so.6 libQt6XcbQpa.so.6 libQt6Widgets.so.6; do
        ldd "$place/_internal/PySide6/Qt/lib/$file" 2>/dev/null
    done | awk '/not found/ { print $1 }' | sort -u | tr '\n' ' ')
    if [ -n "$missing" ]; then
        echo "This system lacks libraries that the window needs: $missing" >&2
        echo "$place/playground doctor says which packages bring them." >&2
    fi
fi

echo "Route Playground is in your menu. The program is in $place."
case ":$PATH:" in
    *":$bin:"*) echo "In a terminal: playground --help" ;;
    *) echo "In a terminal: $bin/playground --help" ;;
esac
