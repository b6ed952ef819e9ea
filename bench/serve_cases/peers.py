# SPDX-License-Identifier: Apache-2.0
"""The servers that meet: Ardoise, and each peer as Debian ships it and set up for speed, on what it is best at.

nginx has the tiles as files; MapCache and MapProxy have the same files as their caches; MapServer and QGIS Server have
the city as one uncompressed GeoTIFF with overviews. All write JPEG at quality 85.
"""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import measure
from serve_cases.data import BASE_SETS, LAYER, MERCATOR
from serve_cases.requests import Capabilities, Map, Tile, Unable, WebTile, wms, wms_capabilities
from serve_cases.servers import Program, Server, unable

FASTCGI_PROGRAMS = 2
"""Of one core: while one waits for the front to take its answer, the other works."""

STORES_NOTHING = "stores no tiles"
QGIS_SERVER = "/usr/lib/cgi-bin/qgis_mapserv.fcgi"
MAPSERVER = "/usr/lib/cgi-bin/mapserv"


def write(file, text):
    """A configuration, readable for servers that drop root's rights."""
    file.write_text(textwrap.dedent(text).lstrip())
    return file


# --- Ardoise -------------------------------------------------------------------------------------


def ardoise(data, _):
    listen = measure.free_address()
    return Server("ardoise", listen, ardoise_command(data.store, listen), "/health",
                  {Tile: lambda tile: f"/wmts/1.0.0/{tile.layer}/default/{BASE_SETS[tile.layer]}/{tile.level}/{tile.row}/"
                                      f"{tile.col}.jpg",
                   WebTile: lambda tile: f"/wmts/1.0.0/{LAYER}/default/WebMercatorQuad/{tile.level}/{tile.row}/{tile.col}.jpg",
                   Map: lambda wanted: wms("/wms?", LAYER, wanted), Capabilities: lambda _: wms_capabilities("/wms?")})


def ardoise_xyz(data, _):
    """The same server by its other address for tiles."""
    def tile(wanted):
        return f"/xyz/{wanted.layer}/{wanted.level}/{wanted.col}/{wanted.row}.jpg" if wanted.layer == MERCATOR else None

    listen = measure.free_address()
    return Server("ardoise XYZ", listen, ardoise_command(data.store, listen), "/health", {Tile: tile})


def ardoise_command(store, listen, keeps_maps=False):
    return [measure.ARDOISE_SERVER, "--store", store, "--listen", listen, "--threads", "1",
            *([] if keeps_maps else ["--map-cache", "0"])]


# --- nginx, and nginx as a front -----------------------------------------------------------------


NGINX = """
    {user}
    worker_processes 1;
    worker_rlimit_nofile {descriptors};
    daemon off;
    pid {folder}/{name}.pid;
    error_log stderr crit;
    events {{ worker_connections {connections}; multi_accept on; }}
    http {{
        access_log off;
        sendfile on;
        tcp_nopush on;
        tcp_nodelay on;
        keepalive_timeout 75;
        keepalive_requests 1000000000;
        open_file_cache max=100000 inactive=1h;
        open_file_cache_valid 1h;
        types {{ image/jpeg jpg; text/xml xml; }}
        client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
        uwsgi_temp_path {folder}; scgi_temp_path {folder};
        {outside}
        server {{ listen {listen} backlog=4096; {inside} }}
    }}
"""


def nginx(data, folder):
    """One worker on the one core, sendfile, open files kept, no log. What is asked for lies there as a file."""
    return _nginx_of_files("nginx", data, folder)


def nginx_with_threads(data, folder):
    """The same, with threads that read and send the files: for a slow disk."""
    return _nginx_of_files("nginx aio threads", data, folder, "aio threads;")


def _nginx_of_files(name, data, folder, more=""):
    def file_of(wanted):
        if not wanted.tile:
            raise Unable("makes no maps")
        return tile(wanted.tile)

    def tile(wanted):
        return f"/{wanted.layer}/{wanted.level}/{wanted.col}/{wanted.row}.jpg"

    listen = measure.free_address()
    command = _nginx(name.replace(" ", "-"), folder, listen, inside=f"root {data.files}; {more}")
    return Server(name, listen, command, "/ready.jpg",
                  {Tile: tile, Map: file_of, Capabilities: lambda _: "/capabilities.xml",
                   WebTile: unable("makes no tiles of other sets")})


def _nginx(name, folder, listen, inside, outside=""):
    """The command that starts it."""
    descriptors = os.sysconf("SC_OPEN_MAX")
    file = write(folder / f"{name}.nginx.conf", NGINX.format(
        user="user root;" if os.geteuid() == 0 else "", folder=folder, name=name, listen=listen, inside=inside,
        outside=outside, descriptors=descriptors, connections=descriptors - 256))
    return [measure.program_called("nginx"), "-p", folder, "-e", "stderr", "-c", file]


def _behind_nginx(name, folder, program, environment, addresses):
    """FastCGI programs with nginx in front. No fastcgi_keep_conn: with it a few clients hold the programs and the others
    starve."""
    file_name = name.replace(" ", "-")
    programs = [Program([program], folder / f"{file_name}.{number}.socket", environment)
                for number in range(FASTCGI_PROGRAMS)]
    sockets = " ".join(f"server unix:{one.socket};" for one in programs)
    listen = measure.free_address()
    command = _nginx(file_name, folder, listen, outside=f"upstream programs {{ least_conn; {sockets} }}",
                     inside="""location / {
                         fastcgi_pass programs;
                         fastcgi_read_timeout 60;
                         fastcgi_buffers 64 64k;
                         fastcgi_buffer_size 64k;
                         fastcgi_param QUERY_STRING $query_string;
                         fastcgi_param REQUEST_METHOD $request_method;
                         fastcgi_param REQUEST_URI $request_uri;
                         fastcgi_param SCRIPT_NAME /;
                         fastcgi_param SERVER_NAME 127.0.0.1;
                         fastcgi_param SERVER_PORT $server_port;
                         fastcgi_param SERVER_PROTOCOL $server_protocol; }""")
    return Server(name, listen, command, wms_capabilities("/?"), addresses, programs)


# --- MapCache ------------------------------------------------------------------------------------


APACHE = """
    ServerRoot {folder}
    ServerName 127.0.0.1
    Listen {listen}
    ListenBacklog 4096
    PidFile {folder}/apache.pid
    ErrorLog {folder}/apache.log
    LogLevel crit
    DefaultRuntimeDir {folder}
    LoadModule mpm_event_module {modules}/mod_mpm_event.so
    LoadModule authz_core_module {modules}/mod_authz_core.so
    LoadModule mapcache_module {modules}/mod_mapcache.so
    {user}
    ServerLimit 1
    StartServers 1
    ThreadLimit 128
    ThreadsPerChild 128
    MaxRequestWorkers 128
    AsyncRequestWorkerFactor 200
    KeepAlive On
    MaxKeepAliveRequests 0
    KeepAliveTimeout 75
    EnableMMAP On
    EnableSendfile On
    <Location /> 
        Require all granted
    </Location>
    MapCacheAlias /mapcache {folder}/mapcache.xml
"""

MAPCACHE = """
    <mapcache>
      {grids}
      <cache name="files" type="disk" layout="template">
        <template>{files}/{{tileset}}/{{z}}/{{x}}/{{y}}.jpg</template>
      </cache>
      <format name="jpeg" type="JPEG"><quality>85</quality><photometric>YCBCR</photometric></format>
      <format name="fast-png" type="PNG"><compression>fast</compression></format>
      {tilesets}
      <default_format>jpeg</default_format>
      <service type="wmts" enabled="true"/>
      <service type="wms" enabled="true">
        <full_wms>assemble</full_wms>
        <resample_mode>bilinear</resample_mode>
        <format allow_client_override="true">jpeg</format>
        <maxsize>4096</maxsize>
      </service>
      <errors>report</errors>
      <lock_dir>{folder}</lock_dir>
    </mapcache>
"""


def mapcache(data, folder):
    """Within Apache's event module. PNG is "fast": its default is five times slower."""
    def of_own_grid(wanted):
        if wanted.crs != "EPSG:2154":
            raise Unable("does not reproject")
        return wms("/mapcache?", LAYER, wanted).replace("image/png", "fast-png")

    listen = measure.free_address()
    write(folder / "mapcache.xml", MAPCACHE.format(
        folder=folder, files=data.files, grids="".join(_mapcache_grid(grid) for grid in data.grids.values()),
        tilesets="".join(f'<tileset name="{layer}"><cache>files</cache><format>jpeg</format><grid>{grid}</grid></tileset>'
                         for layer, grid in BASE_SETS.items())))
    file = write(folder / "apache.conf", APACHE.format(
        folder=folder, listen=listen, modules="/usr/lib/apache2/modules",
        user="User www-data\n    Group www-data" if os.geteuid() == 0 else ""))
    return Server("MapCache", listen, [measure.program_called("apache2"), "-DFOREGROUND", "-f", file],
                  "/mapcache/wmts/1.0.0/WMTSCapabilities.xml",
                  {Tile: lambda tile: f"/mapcache/wmts/1.0.0/{tile.layer}/default/{BASE_SETS[tile.layer]}/{tile.level}/"
                                      f"{tile.row}/{tile.col}.jpg",
                   Map: of_own_grid, WebTile: unable("does not reproject"),
                   Capabilities: lambda _: wms_capabilities("/mapcache?")})


def _mapcache_grid(grid):
    left, bottom, right, top = grid.box
    return (f'<grid name="{grid.name}"><srs>{grid.crs}</srs><extent>{left!r} {bottom!r} {right!r} {top!r}</extent>'
            f'<units>m</units><size>256 256</size><origin>top-left</origin>'
            f'<resolutions>{" ".join(map(repr, grid.cells))}</resolutions></grid>')


# --- MapProxy ------------------------------------------------------------------------------------


def mapproxy(data, folder):
    """Two workers of gunicorn with threads, on a core. PNG is not paletted: that costs more than it saves."""
    configuration = {
        "services": {"wms": {"srs": ["EPSG:2154", "EPSG:3857"], "image_formats": ["image/jpeg", "image/png"],
                             "versions": ["1.1.1", "1.3.0"], "md": {"title": "bench"}, "max_output_pixels": [4096, 4096]},
                     "wmts": {"restful": True, "kvp": True}},
        "layers": [{"name": layer, "title": layer, "sources": [f"{layer}_cache"]} for layer in BASE_SETS]
                  + [{"name": "web", "title": "web", "tile_sources": ["web_cache"]}],
        "caches": {**{f"{layer}_cache": {"grids": [grid], "sources": [], "format": "image/jpeg", "cache": {
            "type": "file", "directory": str(data.files / layer), "directory_layout": "tms"}}
                      for layer, grid in BASE_SETS.items()},
                   "web_cache": {"grids": ["web"], "sources": [f"{LAYER}_cache"], "format": "image/jpeg",
                                 "meta_size": [1, 1], "meta_buffer": 0, "disable_storage": True}},
        "grids": {**{grid.name: {"srs": grid.crs, "bbox": grid.box, "origin": "nw", "res": grid.cells,
                                 "tile_size": [256, 256]} for grid in data.grids.values()},
                  "web": {"base": "GLOBAL_WEBMERCATOR", "num_levels": 25}},
        "globals": {"image": {"resampling_method": "bilinear", "paletted": False, "formats": {
            "image/jpeg": {"encoding_options": {"jpeg_quality": 85}}}},
                    "cache": {"base_dir": str(folder / "mapproxy"), "lock_dir": str(folder / "locks"),
                              "tile_lock_dir": str(folder / "locks")}}}
    file = write(folder / "mapproxy.yaml", json.dumps(configuration))  # JSON is YAML
    program = write(folder / "mapproxy_served.py", f"""
        from mapproxy.wsgiapp import make_wsgi_app
        application = make_wsgi_app({str(file)!r})
        """)
    listen = measure.free_address()
    return Server("MapProxy", listen,
                  [measure.program_called("gunicorn"), "--bind", listen, "--workers", 2, "--worker-class", "gthread",
                   "--threads", 8, "--keep-alive", 75, "--graceful-timeout", 1, "--log-level", "critical", "--chdir",
                   folder, f"{program.stem}:application"], wms_capabilities("/service?"),
                  {Tile: lambda tile: f"/wmts/{tile.layer}/{BASE_SETS[tile.layer]}/{tile.level:02}/{tile.col}/{tile.row}.jpeg",
                   WebTile: lambda tile: f"/wmts/web/web/{tile.level:02}/{tile.col}/{tile.row}.jpeg",
                   Map: lambda wanted: wms("/service?", LAYER, wanted),
                   Capabilities: lambda _: wms_capabilities("/service?")})


# --- MapServer -----------------------------------------------------------------------------------


MAPFILE = """
    MAP
      NAME "bench"
      EXTENT {extent}
      SIZE 256 256
      MAXSIZE 4096
      PROJECTION "init=epsg:2154" END
      OUTPUTFORMAT NAME "jpeg" DRIVER AGG/JPEG MIMETYPE "image/jpeg" IMAGEMODE RGB FORMATOPTION "QUALITY=85" END
      OUTPUTFORMAT NAME "png" DRIVER AGG/PNG MIMETYPE "image/png" IMAGEMODE RGB FORMATOPTION "COMPRESSION=1" END
      WEB METADATA
        "ows_title" "bench"
        "ows_onlineresource" "http://127.0.0.1/"
        "ows_srs" "EPSG:2154 EPSG:3857"
        "ows_enable_request" "*"
      END END
      LAYER
        NAME "{layer}"
        TYPE RASTER
        STATUS OFF
        DATA "{data}"
        PROJECTION "init=epsg:2154" END
        PROCESSING "RESAMPLE=BILINEAR"
        PROCESSING "CLOSE_CONNECTION=DEFER"
        METADATA "ows_title" "{layer}" END
      END
    END
"""


def mapserver(data, folder):
    extent = " ".join(map(str, data.extent))
    mapfile = write(folder / "bench.map", MAPFILE.format(extent=extent, layer=LAYER, data=data.geotiff))
    configuration = write(folder / "mapserver.conf", f'CONFIG ENV MS_MAPFILE "{mapfile}" END END')
    return _behind_nginx("MapServer", folder, MAPSERVER, {"MAPSERVER_CONFIG_FILE": configuration},
                         {Tile: unable(STORES_NOTHING), WebTile: lambda tile: wms("/?", LAYER, tile.map),
                          Map: lambda wanted: wms("/?", LAYER, wanted), Capabilities: lambda _: wms_capabilities("/?")})


# --- QGIS Server ---------------------------------------------------------------------------------


def qgis_server(data, folder):
    project = folder / "bench.qgs"
    trouble = subprocess.run(
        ["/usr/bin/python3", Path(__file__).resolve().parent / "qgis_project.py", data.geotiff, LAYER, project],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)}, capture_output=True, text=True,
        check=False)
    if not project.exists():
        sys.exit(f"QGIS has written no project: {trouble.stderr.strip()}")
    return _behind_nginx("QGIS Server", folder, QGIS_SERVER,
                         {"QGIS_PROJECT_FILE": project, "QT_QPA_PLATFORM": "offscreen", "HOME": folder,
                          "QGIS_SERVER_LOG_LEVEL": 2},
                         {Tile: unable(STORES_NOTHING), WebTile: lambda tile: wms("/?", LAYER, tile.map),
                          Map: lambda wanted: wms("/?", LAYER, wanted), Capabilities: lambda _: wms_capabilities("/?")})


PEERS = {"nginx": nginx, "mapcache": mapcache, "mapserver": mapserver, "mapproxy": mapproxy, "qgis": qgis_server}
"""As --peers names them."""

NEEDED = {"nginx": ["nginx"], "mapcache": ["apache2", "/usr/lib/apache2/modules/mod_mapcache.so"],
          "mapserver": ["nginx", "spawn-fcgi", MAPSERVER], "mapproxy": ["gunicorn", "mapproxy-util"],
          "qgis": ["nginx", "spawn-fcgi", QGIS_SERVER]}
"""The programs of each."""
