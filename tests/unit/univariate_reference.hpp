// The formulas of seasonal, boxes, tails and univariate in double, written from their descriptions.
#pragma once

#include "stage_bench.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fixtures {

using Row = std::vector<double>;

inline void toward(double &a, double x, double n) { a += (x - a) / n; }

struct Baseline {
    double level_frames = 300, bin_frames = 20, spread_frames = 900, share = 0.75, average = 12;

    struct Bin {
        double offset = 0, spread = 0, visits = 0;
    };
    std::array<Bin, 96> bins = {};
    double frames = 0, level = 0, spread = 0, deviation = 0, least = 0, most = 0, z = 0;

    // The deviation with x in it.
    double look(double x, std::size_t bin) {
        if (frames == 0) {
            level = least = most = x;
        }
        least = std::min(least, x);
        most = std::max(most, x);
        residue = x - level - bins[bin].offset;
        const double mean = bins[bin].visits == 0 ? spread : share * bins[bin].spread + (1 - share) * spread;
        scale = 1.25 * mean + (most - least) / 1024 + 1e-9;
        z = frames < 2 ? 0 : std::clamp(residue / scale, -8.0, 8.0);
        return deviation + (z - deviation) / average;
    }
    void learn(double x, std::size_t bin) {
        toward(deviation, z, average);
        Bin &b = bins[bin];
        const double e = frames < 50 ? residue : std::clamp(residue, -4 * scale, 4 * scale);
        const double n = std::min(++b.visits, bin_frames);
        b.offset += e / n;
        toward(b.spread, std::fabs(e), n);
        ++frames;
        toward(spread, std::fabs(e), std::min(frames, spread_frames));
        toward(level, x, std::min(frames, level_frames));
    }

    double residue = 0, scale = 0;
};

struct Codebook {
    struct Box {
        Row low, high;
        int used;
    };
    std::size_t boxes;
    double side = 0.15;
    std::vector<Box> open = {};

    static double outside(const Box &b, const Row &x, const Row &gain) {
        double sum = 0;
        for (std::size_t j = 0; j < x.size(); ++j) {
            sum += gain[j] * std::max({b.low[j] - x[j], x[j] - b.high[j], 0.0});
        }
        return sum / static_cast<double>(x.size());
    }
    double look(const Row &x, const Row &gain) {
        double best = 1e300;
        for (std::size_t i = 0; i < open.size(); ++i) {
            const double d = outside(open[i], x, gain);
            nearest = d < best ? i : nearest;
            best = std::min(best, d);
        }
        return open.empty() ? 0 : best;
    }
    void learn(const Row &x, const Row &gain, int now) {
        if (!open.empty()) {
            Box grown = open[nearest];
            double sides = 0;
            for (std::size_t j = 0; j < x.size(); ++j) {
                grown.low[j] = std::min(grown.low[j], x[j]);
                grown.high[j] = std::max(grown.high[j], x[j]);
                sides += gain[j] * (grown.high[j] - grown.low[j]);
            }
            if (sides <= side * static_cast<double>(x.size())) {
                open[nearest] = {grown.low, grown.high, now};
                return;
            }
        }
        if (open.size() < boxes) {
            open.push_back({x, x, now});
        } else {
            *std::min_element(open.begin(), open.end(),
                              [](const Box &a, const Box &b) { return a.used < b.used; }) = {x, x, now};
        }
    }

    std::size_t nearest = 0;
};

struct Tail {
    std::array<double, 96> counts = {};

    static std::size_t bin(double octaves) {
        return static_cast<std::size_t>(std::clamp(std::floor((octaves + 12) * 4), 0.0, 95.0));
    }
    double rarity(double octaves) const {
        double all = 0;
        double above = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            all += counts[i];
            above += i >= bin(octaves) ? counts[i] : 0;
        }
        return std::log2((all + 1) / (above + 1));
    }
};

// log2 with the floor that scores have.
inline double octaves_of(double v) { return v <= 0x1p-32 ? -32 : std::log2(v); }

// Univariate with the words of `words()`.
struct Univariate {
    Baseline s;
    Codebook f = {32}, h = {32};
    std::array<Tail, 3> tails;
    double origin = 0;
    std::array<double, 5> mean = {}, away = {};
    std::array<double, 2> novelty = {};
    std::array<double, 3> last = {};

    static Words words() { return {12, 32, 300, 20, 900, 49152, 12, 2, 8, 60, 2, 10, 6, 9830, 2949, 0}; }

    // Scores a frame, then takes it in.
    double step(double x, double phase) {
        const auto bin = static_cast<std::size_t>(phase * 12);
        last[0] = octaves_of(std::fabs(s.look(x, bin)));
        const double n = s.frames + 1;
        constexpr std::array<double, 5> times = {2, 8, 60, 2, 10};
        for (std::size_t i = 0; i < 5; ++i) {
            const double v = i < 3 ? x : s.z;
            toward(mean[i], v, std::min(n, times[i]));
            toward(away[i], std::fabs(v - mean[i]), std::min(n, times[i]));
        }
        const double gain = s.most > s.least ? 1 / (s.most - s.least) : 0;
        const Row value = {mean[0], away[0], mean[1], away[1], mean[2], away[2]};
        Row both = value;
        both.insert(both.end(), {mean[3], away[3], mean[4], away[4]});
        const Row gain_value(6, gain);
        Row gain_both = gain_value;
        gain_both.insert(gain_both.end(), 4, 2949.0 / 65536);
        toward(novelty[0], f.look(value, gain_value), 6);
        toward(novelty[1], h.look(both, gain_both), 6);
        f.learn(value, gain_value, static_cast<int>(n));
        h.learn(both, gain_both, static_cast<int>(n));
        s.learn(x, bin);
        double sum = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            last[i] = i == 0 ? last[0] : octaves_of(novelty[i - 1]);
            sum += tails[i].rarity(last[i]);
            tails[i].counts[Tail::bin(last[i])] += 1;
        }
        return sum;
    }
};

// A measurement with a day of 144 frames, noise, and sometimes a shift or a spike; a whole number.
inline double measured(Random &random, int t) {
    const double day = std::sin(6.283185307179586 * (t % 144) / 144);
    const double odd = t % 700 > 690 ? 60000 : (t % 1000 == 500 ? 150000 : 0);
    return std::floor(300000 + 40000 * day + 5000 * random.normal() + odd);
}
inline double phase_of(int t) { return (t % 144 + 0.5) / 144; }

// The clock as detectors get it.
inline double clock_of(std::uint8_t arithmetic, double phase) {
    const double q23 = std::floor(phase * 0x1p23);
    return arithmetic == TB_F32 ? q23 * 0x1p-23 : q23;
}

// Fills an image with whatever its fields allow, by the table that loading checks.
inline void fill_hostile(const twinbit::Field *table, std::uint32_t fields, const twinbit::Dimensions &n,
                         Random &random, std::uint8_t *p) {
    for (std::uint32_t i = 0; i < fields; ++i) {
        const std::uint32_t size = twinbit::bytes_of(table[i].type);
        const std::uint32_t count = twinbit::count_of(table[i].many, n);
        for (std::uint32_t k = 0; k < count; ++k) {
            const twinbit::Field one = {table[i].type, twinbit::Many::one, table[i].range};
            std::uint64_t v = 0;
            do {
                const bool minus = random.integer(0, 1) != 0;
                v = random.bits() >> random.integer(0, 63);
                v = minus ? ~v : v;
                if (size < 8) {
                    v &= (std::uint64_t{1} << (8 * size)) - 1;
                }
            } while (!twinbit::all_in_range(&one, 1, n, reinterpret_cast<const std::uint8_t *>(&v)));
            std::memcpy(p + k * size, &v, size);
        }
        p += twinbit::align8(count * size);
    }
}
inline Bytes hostile_block(const tb_stage &stage, const twinbit::Shape &shape, Random &random) {
    Bytes block(twinbit::block_bytes(stage.fields, shape));
    fill_hostile(stage.fields, shape.fields, shape.n, random, block.data());
    std::uint32_t at = twinbit::bytes_of_fields(stage.fields, shape.fields, shape.n);
    for (std::uint32_t i = 0; i < shape.inner.count; ++i) {
        fill_hostile(shape.inner.table, shape.inner.fields, shape.inner.n, random, block.data() + at);
        at += twinbit::bytes_of_fields(shape.inner.table, shape.inner.fields, shape.inner.n);
    }
    return block;
}

} // namespace fixtures
