# What a hostile job leaves: a script in any of it would set `ran` on the page, and what it loads would lie elsewhere.
import base64, json, os, struct, zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height):
    rows = b"".join(b"\0" + bytes([40, 120, 200]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


picture = png(30, 20)
with open("plot.png", "wb") as file:
    file.write(picture)
evil = '<script>window.ran = 1; top.ran = 1</script><img src="http://example.invalid/x.png" onerror="top.ran = 1">'
svg = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" onload="top.ran = 1">'
    '<script>top.ran = 1</script><image href="http://example.invalid/a.png" width="9" height="9"/>'
    '<rect width="20" height="10" fill="teal"/></svg>'
)
write("evil.svg", svg)
write("evil.html", "<!doctype html>" + evil)
write("evil.mp4", "<!doctype html>" + evil)
write("evil.pdf", "%PDF-1.7\n<!doctype html>" + evil)
write("none.pdf", "<!doctype html>" + evil)
write(
    "evil.md",
    "# Title\n\n" + evil + "\n\n[press](javascript:top.ran=1) ![p](http://example.invalid/p.png)\n"
    "[data](data:text/html,<script>top.ran=1</script>)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
)
write("evil.csv", "name,formula\n" + evil + ',"=HYPERLINK(""http://example.invalid"")"\n')
outputs = [
    {"output_type": "display_data", "data": {"text/html": evil, "text/plain": "a table"}},
    {"output_type": "display_data", "data": {"application/javascript": "top.ran = 1"}},
    {"output_type": "display_data", "data": {"image/svg+xml": svg}},
    {"output_type": "display_data", "data": {"image/png": base64.b64encode(picture).decode()}},
    {"output_type": "display_data", "data": {"image/jpeg": base64.b64encode(b"no picture").decode()}},
    {"output_type": "stream", "name": "stdout", "text": "printed in the cell"},
]
cells = [
    {"cell_type": "markdown", "source": evil + "\n\n# Tides"},
    {"cell_type": "code", "execution_count": 1, "source": "tide()", "outputs": outputs},
]
write("evil.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
write("nested.json", "[" * 1000000 + "]" * 1000000)
write("nested.md", ">" * 50000 + " deep\n" + "[" * 40000)
write("evil.json", json.dumps({"ships": [1, 2], "html": evil}))
write("<img src=x onerror=top.ran=1>.txt", evil)
write("long.txt", "0123456789abcdef" * 131072)
with open("bytes", "wb") as file:
    file.write(bytes(range(256)) * 8)
os.mkfifo("pipe\u202egnp")
os.makedirs("deep/er")
write("deep/er/note.txt", "found it")
print(evil)
