// What the tests of bands and envelopes share: an extractor with its memory, signals, spectra in double precision.
#pragma once

#include "catch.hpp"

#include "image/stage.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <random>
#include <vector>

namespace spectra {

using namespace twinbit;

inline const double pi = std::acos(-1.0);
using Signal = std::vector<double>;

// exp(sign 2 pi i k j / n) summed over x, for each k < count.
inline std::vector<std::complex<double>> definition(const std::vector<std::complex<double>> &x, std::size_t count,
                                                    double sign) {
    const std::size_t n = x.size();
    std::vector<std::complex<double>> out(count);
    for (std::size_t k = 0; k < count; ++k) {
        for (std::size_t j = 0; j < n; ++j) {
            const double angle = 2.0 * pi * static_cast<double>(k * j % n) / static_cast<double>(n);
            out[k] += x[j] * std::polar(1.0, sign * angle);
        }
    }
    return out;
}

// Hann's window, periodic.
inline double hann(std::size_t j, std::size_t n) {
    return 0.5 - 0.5 * std::cos(2.0 * pi * static_cast<double>(j) / static_cast<double>(n));
}

// Sum over bins [low, high) of 2 |X|^2 / n^2; the first and last of all bins count half.
inline double band_power(const std::vector<std::complex<double>> &spectrum, std::size_t n, std::size_t low,
                         std::size_t high) {
    double sum = 0.0;
    for (std::size_t k = low; k < high; ++k) {
        sum += std::norm(spectrum[k]) * (k == 0 || 2 * k == n ? 1.0 : 2.0);
    }
    return sum / static_cast<double>(n * n);
}

// Tones and noise, |x| < scale.
inline Signal tones(std::size_t n, double scale, unsigned seed) {
    std::mt19937 random(seed);
    Signal x(n);
    for (std::size_t j = 0; j < n; ++j) {
        const auto t = static_cast<double>(j);
        const double noise = static_cast<double>(random()) / 4294967296.0 - 0.5;
        x[j] = scale * (0.5 * std::sin(0.31 * t) + 0.2 * std::cos(1.7 * t + seed) + 0.4 * noise);
    }
    return x;
}

// An extractor of axes of `window` samples each, with memory that sanitizers see the end of.
template <template <class> class Class, class T> class Rig {
  public:
    using Extractor = Class<T>;

    Rig(std::vector<std::int32_t> words, std::uint32_t axes, std::uint32_t window)
        : words_(std::move(words)), setup_{words_.data(), static_cast<std::uint32_t>(words_.size()), axes, window} {
        good = Extractor::shape(setup_, shape);
        if (good) {
            scratch_.assign((shape.scratch + 7) / 8, 0x5A5A5A5A5A5A5A5Au);
            plan_.assign((shape.plan + 7) / 8, 0x7777777777777777u);
            Extractor(block()).settle();
        }
    }

    // Features of the axes, whose samples become raw numbers.
    std::vector<T> features(const std::vector<Signal> &axes) const {
        std::vector<T> out(shape.features);
        const Block b = block();
        for (std::uint32_t a = 0; a < axes.size(); ++a) {
            std::vector<T> column;
            for (const double v : axes[a]) {
                column.push_back(static_cast<T>(v));
            }
            Extractor(b).axis(column.data(), a, out.data());
        }
        return out;
    }
    // The same as octaves.
    std::vector<double> octaves(const std::vector<Signal> &axes) const {
        std::vector<double> out;
        for (const T v : features(axes)) {
            out.push_back(static_cast<double>(v) * (std::is_same_v<T, float> ? 1.0 : 0x1p-16));
        }
        return out;
    }

    bool good = false;
    Shape shape = {};

  private:
    Block block() const {
        return {setup_, nullptr, reinterpret_cast<std::uint8_t *>(scratch_.data()),
                reinterpret_cast<std::uint8_t *>(plan_.data())};
    }

    std::vector<std::int32_t> words_;
    Setup setup_;
    mutable std::vector<std::uint64_t> scratch_;
    mutable std::vector<std::uint64_t> plan_;
};

} // namespace spectra
