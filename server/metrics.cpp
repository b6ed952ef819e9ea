// SPDX-License-Identifier: Apache-2.0
#include "server/metrics.hpp"

#include <fmt/format.h>

#include <string_view>

namespace ardoise {

namespace {

/// Writes families of samples, each with what it is.
class MetricsWriter {
public:
    void counter(std::string_view name, std::string_view help) { family(name, "counter", help); }
    void gauge(std::string_view name, std::string_view help) { family(name, "gauge", help); }

    /// Of the family begun last. `label`: nothing, or as in {class="2xx"}.
    template <typename Number>
    void sample(Number value, std::string_view label = {})
    {
        text_ += fmt::format("{}{} {}\n", name_, label, value);
    }
    std::string finish() { return std::move(text_); }

private:
    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        name_ = name;
        text_ += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
    }

    std::string text_;
    std::string_view name_;
};

void write_http(MetricsWriter& out, HttpCounts const& http)
{
    out.counter("ardoise_http_responses_total", "Responses, by the class of their status.");
    for (std::size_t i = 2; i < http.responses.size(); ++i)
        out.sample(http.responses[i], fmt::format("{{class=\"{}xx\"}}", i));
    out.counter("ardoise_http_sent_bytes_total", "Bytes of heads and bodies that sockets have taken.");
    out.sample(http.bytes_sent);
    out.gauge("ardoise_http_connections", "Connections that are open.");
    out.sample(http.connections);
    out.counter("ardoise_http_connections_refused_total",
                "Connections closed at once, as there were too many.");
    out.sample(http.connections_refused);
    out.gauge("ardoise_http_unsent_bytes", "Bytes of bodies in memory that clients have not taken yet.");
    out.sample(http.unsent_bytes);
    out.counter("ardoise_http_slow_clients_closed_total",
                "Connections closed while they took a body, as its memory was wanted for others.");
    out.sample(http.slow_clients_closed);
}

/// A family of counters of work that was asked for and never done.
void write_dropped(MetricsWriter& out, WorkCounts const& work)
{
    out.sample(work.forsaken, "{reason=\"client_left\"}");
    out.sample(work.late, "{reason=\"waited_too_long\"}");
    out.sample(work.refused, "{reason=\"queue_full\"}");
}

void write_maps(MetricsWriter& out, HttpCounts const& http)
{
    out.gauge("ardoise_maps_waiting", "Maps that wait for a thread; equal ones are one.");
    out.sample(http.drawing.waiting);
    out.gauge("ardoise_maps_drawing", "Maps that are being drawn.");
    out.sample(http.drawing.running);
    out.counter("ardoise_maps_dropped_total", "Maps that were asked for and never drawn, by the reason why.");
    write_dropped(out, http.drawing);
    out.counter("ardoise_maps_drawn_total", "Maps that were drawn, or found among those kept.");
    out.sample(http.drawing.done);
}

void write_reads(MetricsWriter& out, HttpCounts const& http)
{
    out.gauge("ardoise_reads_waiting", "Stored tiles that are on a disk and wait for a thread.");
    out.sample(http.reading.waiting);
    out.gauge("ardoise_reads_running", "Stored tiles that are being read from a disk.");
    out.sample(http.reading.running);
    out.counter("ardoise_reads_total", "Stored tiles that were read from a disk, or had their slab opened.");
    out.sample(http.reading.done);
    out.counter("ardoise_reads_dropped_total",
                "Stored tiles that were asked for and never read, by the reason why.");
    write_dropped(out, http.reading);
}

void write_caches(MetricsWriter& out, Caches const& caches)
{
    auto const slabs = caches.slabs.counts(), tiles = caches.tiles.counts(), maps = caches.maps.counts();
    out.counter("ardoise_cache_hits_total", "Look-ups that found what they wanted.");
    out.sample(slabs.hits, "{cache=\"slabs\"}");
    out.sample(tiles.hits, "{cache=\"tiles\"}");
    out.sample(maps.hits, "{cache=\"maps\"}");
    out.counter("ardoise_cache_misses_total", "Look-ups that opened a slab, decoded a tile or drew a map.");
    out.sample(slabs.misses, "{cache=\"slabs\"}");
    out.sample(tiles.misses, "{cache=\"tiles\"}");
    out.sample(maps.misses, "{cache=\"maps\"}");
    out.gauge("ardoise_cache_bytes", "Memory that decoded tiles and encoded maps take.");
    out.sample(caches.tiles.bytes(), "{cache=\"tiles\"}");
    out.sample(caches.maps.weight(), "{cache=\"maps\"}");
    out.gauge("ardoise_slabs_open", "Slabs that are mapped, or known not to be there.");
    out.sample(caches.slabs.open_slabs());
}

void write_catalog(MetricsWriter& out, CatalogCounts const& catalog)
{
    out.gauge("ardoise_layers", "Layers that are published.");
    out.sample(catalog.layers.load());
    out.counter("ardoise_reloads_total", "Times that the catalog was read anew since the start.");
    out.sample(catalog.reloads.load());
    out.counter("ardoise_reloads_failed_total", "Times that it could not be, and the old one stayed.");
    out.sample(catalog.failed_reloads.load());
}

} // namespace

std::string metrics(HttpCounts const& http, Caches const& caches, CatalogCounts const& catalog,
                    std::chrono::system_clock::time_point started)
{
    MetricsWriter out;
    write_http(out, http);
    write_maps(out, http);
    write_reads(out, http);
    write_caches(out, caches);
    write_catalog(out, catalog);
    out.gauge("ardoise_start_time_seconds", "When the server started, in seconds since 1970.");
    out.sample(std::chrono::duration<double>{started.time_since_epoch()}.count());
    return out.finish();
}

} // namespace ardoise
