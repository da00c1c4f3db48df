#!/bin/sh
# Takes out what install.sh put in. Your settings and your projects stay.
set -eu

data=${XDG_DATA_HOME:-$HOME/.local/share}
place=$HOME/.local/opt/route-playground

rm -f "$data/applications/route-playground.desktop" "$data"/metainfo/*.RoutePlayground.metainfo.xml
rm -f "$data"/icons/hicolor/*/apps/route-playground.png "$data"/icons/hicolor/*/apps/route-playground.svg
case $(readlink "$HOME/.local/bin/playground" 2>/dev/null || true) in
    */playground) rm -f "$HOME/.local/bin/playground" ;;
esac
if [ -f "$place/share/applications/route-playground.desktop" ]; then
    rm -rf "$place"
fi
if command -v update-desktop-database >/dev/null 2>&1; then
    update-desktop-database "$data/applications" >/dev/null 2>&1 || true
fi
if command -v gtk-update-icon-cache >/dev/null 2>&1; then
    gtk-update-icon-cache -q -t "$data/icons/hicolor" >/dev/null 2>&1 || true
fi
echo "Route Playground is out of your menu. Your settings are still in $data/route-playground."
