// SPDX-License-Identifier: Apache-2.0
#include "pyramid/raster/quantise.hpp"

#include "pyramid/raster/few_colours.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <limits>

namespace ardoise {

namespace {

/// Red, green and blue multiplied by alpha, and alpha; each 0 to 255. Colours that are hardly seen are near
/// one another so.
using Point = std::array<float, 4>;

constexpr std::size_t axes = 4, places = 1 << 16;

/// Pixels whose colours are so near that they get the same one.
struct Bin {
    std::uint64_t pixels = 0;
    std::array<std::uint64_t, axes> sums{}; // of points, times 255
};

bool is_opaque(std::uint8_t const* pixel, std::int32_t channels)
{
    return channels == 3 || pixel[3] == 255;
}

/// 5, 6 and 5 bits of an opaque colour; of another one 4 of each channel.
std::size_t place_of(std::uint8_t const* pixel, std::int32_t channels)
{
    if (is_opaque(pixel, channels))
        return static_cast<std::size_t>(pixel[0] >> 3 << 11 | pixel[1] >> 2 << 5 | pixel[2] >> 3);
    return places + static_cast<std::size_t>(pixel[0] >> 4 << 12 | pixel[1] >> 4 << 8 | pixel[2] >> 4 << 4 |
                                             pixel[3] >> 4);
}

bool is_seen(std::uint8_t const* pixel, std::int32_t channels)
{
    return channels == 3 || pixel[3] > 0;
}

void count(Bin& bin, std::uint8_t const* pixel, std::int32_t channels)
{
    std::uint64_t const alpha = channels == 3 ? 255 : pixel[3];
    ++bin.pixels;
    for (std::size_t axis = 0; axis < 3; ++axis)
        bin.sums[axis] += pixel[axis] * alpha;
    bin.sums[3] += alpha * 255;
}

/// Bins of opaque colours, and then of others where there may be any.
std::vector<Bin> count_colours(RasterView picture)
{
    auto const channels = picture.shape.channels;
    std::vector<Bin> bins(channels == 3 ? places : 2 * places);
    for (std::int32_t y = 0; y < picture.shape.height; ++y) {
        auto const* pixel = picture.row(y);
        for (std::int32_t x = 0; x < picture.shape.width; ++x, pixel += channels)
            if (is_seen(pixel, channels))
                count(bins[place_of(pixel, channels)], pixel, channels);
    }
    return bins;
}

/// What is known of a bin from here on.
struct Sample {
    Point mean{};
    float pixels = 0;
    std::size_t place = 0;
};

std::vector<Sample> samples_of(std::span<Bin const> bins, std::size_t first_place)
{
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        auto const& bin = bins[i];
        if (bin.pixels == 0)
            continue;
        Sample sample{{}, static_cast<float>(bin.pixels), first_place + i};
        for (std::size_t axis = 0; axis < axes; ++axis)
            sample.mean[axis] = static_cast<float>(static_cast<double>(bin.sums[axis]) /
                                                   (255.0 * static_cast<double>(bin.pixels)));
        samples.push_back(sample);
    }
    return samples;
}

/// Samples that share a colour until they are parted.
struct Cluster {
    std::span<Sample> samples;
    Point mean{};
    std::size_t widest = 0; // the axis on which they lie farthest from one another
    double spread = 0;      // on it, summed squares over all pixels
};

Cluster cluster_of(std::span<Sample> samples)
{
    double pixels = 0;
    std::array<double, axes> sums{}, squares{};
    for (auto const& sample : samples) {
        pixels += sample.pixels;
        for (std::size_t axis = 0; axis < axes; ++axis) {
            double const weighted = double{sample.pixels} * sample.mean[axis];
            sums[axis] += weighted;
            squares[axis] += weighted * sample.mean[axis];
        }
    }
    Cluster cluster{samples};
    for (std::size_t axis = 0; axis < axes; ++axis) {
        cluster.mean[axis] = static_cast<float>(sums[axis] / pixels);
        double const spread = squares[axis] - sums[axis] * sums[axis] / pixels;
        if (spread > cluster.spread) {
            cluster.spread = spread;
            cluster.widest = axis;
        }
    }
    return cluster;
}

/// Parts the cluster at its mean on its widest axis.
void split(std::vector<Cluster>& clusters, std::size_t number)
{
    auto& whole = clusters[number];
    auto const axis = whole.widest;
    auto const middle = std::partition(
        whole.samples.begin(), whole.samples.end(),
        [axis, mean = whole.mean[axis]](Sample const& sample) { return sample.mean[axis] <= mean; });
    auto const below = std::span{whole.samples.begin(), middle},
               above = std::span{middle, whole.samples.end()};
    if (below.empty() || above.empty()) {
        whole.spread = 0; // it was the arithmetic's noise
        return;
    }
    whole = cluster_of(below);
    clusters.push_back(cluster_of(above));
}

/// The cluster that is farthest from one colour is parted, again and again.
void split_up(std::vector<Cluster>& clusters, std::size_t most)
{
    while (clusters.size() < most) {
        auto const worst = std::ranges::max_element(clusters, {}, &Cluster::spread);
        if (worst == clusters.end() || worst->spread <= 0)
            return;
        split(clusters, static_cast<std::size_t>(worst - clusters.begin()));
    }
}

std::size_t nearest_of(std::span<Point const> points, Point const& to)
{
    std::size_t nearest = 0;
    float least = std::numeric_limits<float>::max();
    for (std::size_t i = 0; i < points.size(); ++i) {
        float distance = 0;
        for (std::size_t axis = 0; axis < axes; ++axis) {
            float const apart = points[i][axis] - to[axis];
            distance += apart * apart;
        }
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return nearest;
}

/// Each point moves to the middle of the samples that are nearest to it (Lloyd's step).
void settle(std::vector<Point>& points, std::span<Sample const> samples)
{
    std::vector<std::array<double, axes>> sums(points.size());
    std::vector<double> pixels(points.size());
    for (auto const& sample : samples) {
        auto const nearest = nearest_of(points, sample.mean);
        pixels[nearest] += sample.pixels;
        for (std::size_t axis = 0; axis < axes; ++axis)
            sums[nearest][axis] += double{sample.pixels} * sample.mean[axis];
    }
    for (std::size_t i = 0; i < points.size(); ++i)
        for (std::size_t axis = 0; axis < axes && pixels[i] > 0; ++axis)
            points[i][axis] = static_cast<float>(sums[i][axis] / pixels[i]);
}

Rgba colour_at(Point const& point)
{
    auto const to_byte = [](float value) {
        return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
    };
    auto const scale = point[3] > 0 ? 255 / point[3] : 0;
    return {to_byte(point[0] * scale), to_byte(point[1] * scale), to_byte(point[2] * scale),
            to_byte(point[3])};
}

/// Finds the colours of the samples, opaque or not, from the clusters that they have been parted into.
void choose_colours(std::span<Sample const> samples, std::span<Cluster const> clusters,
                    std::vector<Rgba>& colours)
{
    constexpr int steps = 3; // more change little
    std::vector<Point> points;
    std::ranges::transform(clusters, std::back_inserter(points), &Cluster::mean);
    for (int step = 0; step < steps; ++step)
        settle(points, samples);
    for (auto const& sample : samples)
        colours[sample.place] = colour_at(points[nearest_of(points, sample.mean)]);
}

/// A colour for each bin that has pixels.
std::vector<Rgba> colours_for(std::span<Bin const> bins)
{
    auto opaque = samples_of(bins.first(places), 0), others = samples_of(bins.subspan(places), places);
    std::vector<Cluster> clusters;
    for (auto* const samples : {&opaque, &others})
        if (!samples->empty())
            clusters.push_back(cluster_of(*samples));
    bool const has_unseen = bins.size() > places; // keeps a colour for what is not there
    split_up(clusters, FewColours::most - (has_unseen ? 1 : 0));
    auto const others_from = std::partition(clusters.begin(), clusters.end(), [](Cluster const& cluster) {
        return cluster.samples.front().place < places;
    });
    std::vector<Rgba> colours(bins.size());
    choose_colours(opaque, {clusters.begin(), others_from}, colours);
    choose_colours(others, {others_from, clusters.end()}, colours);
    return colours;
}

} // namespace

Raster quantise(RasterView picture)
{
    auto const& shape = picture.shape;
    assert(shape.type == SampleType::uint8 && (shape.channels == 3 || shape.channels == 4));
    auto const colours = colours_for(count_colours(picture));
    Raster quantised{shape};
    for (std::int32_t y = 0; y < shape.height; ++y) {
        auto const* pixel = picture.row(y);
        auto* to = quantised.row(y);
        for (std::int32_t x = 0; x < shape.width; ++x, pixel += shape.channels, to += shape.channels)
            if (is_seen(pixel, shape.channels))
                std::copy_n(colours[place_of(pixel, shape.channels)].begin(), shape.channels, to);
    }
    return quantised;
}

} // namespace ardoise
