// Streams of scores whose trend is known, and the line through their blocks' means in double.
#pragma once

#include "fixtures.hpp"
#include "monitor/health.hpp"

#include <cmath>

namespace fixtures::health {

using twinbit::count_health;
using twinbit::Health;

inline constexpr std::int32_t octave = TB_SCORE_ONE;

inline std::int32_t raw(double octaves) { return static_cast<std::int32_t>(std::lround(octaves * 65536.0)); }
inline double slope_of(const tb_health &h) { return h.slope * 0x1p-32; }

// The newest 32 whole blocks of a stream, and a line through their means in double.
struct Oracle {
    std::vector<double> mean;
    double length, now, level = 0, slope = 0, middle = 0, squares = 0, error = 0, t = 0;

    Oracle(const std::vector<std::int32_t> &stream, std::size_t length_) : length(static_cast<double>(length_)) {
        const std::size_t blocks = stream.size() / length_;
        for (std::size_t b = blocks > 32 ? blocks - 32 : 0; b < blocks; ++b) {
            double sum = 0;
            for (std::size_t i = 0; i < length_; ++i) {
                sum += octaves(stream[b * length_ + i]);
            }
            mean.push_back(sum / length);
        }
        now = static_cast<double>(mean.size()) / 2 + static_cast<double>(stream.size() % length_) / length;
        fit();
    }

    double n() const { return static_cast<double>(mean.size()); }
    double x(std::size_t i) const { return static_cast<double>(i) - (n() - 1) / 2; }
    double residual(std::size_t i) const { return mean[i] - middle - slope * x(i); }
    // Half the width of the band of confidence at x.
    double band(double at) const { return t * error * std::sqrt(squares / n() + at * at); }

  private:
    void fit() {
        double sum = 0;
        double product = 0;
        for (std::size_t i = 0; i < mean.size(); ++i) {
            sum += mean[i];
            squares += x(i) * x(i);
            product += x(i) * mean[i];
        }
        middle = sum / n();
        slope = product / squares;
        level = middle + slope * now;
        double all = n() * 0x1p-32;
        double next = 0;
        for (std::size_t i = 0; i < mean.size(); ++i) {
            all += residual(i) * residual(i);
            next += i + 1 < mean.size() ? residual(i) * residual(i + 1) : 0;
        }
        const double p = std::min(0.95, std::max(0.0, (n() * next / all + 2) / (n() - 4)));
        const double degrees = std::max(1.0, n() * (1 - p) / (1 + p) - 2);
        error = std::sqrt(all / degrees / squares);
        t = student(degrees);
    }

    // The 95 % point by integrating the density.
    static double student(double v) {
        const double scale =
            std::exp(std::lgamma((v + 1) / 2) - std::lgamma(v / 2)) / std::sqrt(v * 3.14159265358979323846);
        double area = 0.5;
        double t = 0;
        for (constexpr double step = 1e-4; area < 0.95; t += step) {
            area += step * scale * std::pow(1 + (t + step / 2) * (t + step / 2) / v, -(v + 1) / 2);
        }
        return t;
    }
};

// Scores around a line, smoothed by nature: each is like the one before (AR(1)).
class Wander {
  public:
    Wander(std::uint64_t seed, double like, double deviation)
        : random_(seed), like_(like), new_(deviation * std::sqrt(1 - like * like)), at_(deviation * random_.normal()) {}
    double next() {
        at_ = like_ * at_ + new_ * random_.normal();
        return at_;
    }

  private:
    Random random_;
    double like_, new_, at_;
};

struct Truth {
    double like, deviation, slope; // slope a frame
    double cycle = 0;              // frames of an operating cycle of one octave; 0: none
};

inline std::vector<std::int32_t> stream_of(const Truth &truth, std::uint64_t seed, std::size_t frames) {
    Wander wander(seed, truth.like, truth.deviation);
    std::vector<std::int32_t> out;
    for (std::size_t i = 0; i < frames; ++i) {
        const auto at = static_cast<double>(i);
        const double turn = truth.cycle > 0 ? 0.5 * std::sin(6.283185307179586 * at / truth.cycle) : 0;
        out.push_back(raw(truth.slope * at + wander.next() + turn));
    }
    return out;
}

inline Health health_after(const std::vector<std::int32_t> &stream, std::int32_t frames) {
    Health h = {};
    for (const std::int32_t v : stream) {
        count_health(h, frames, v);
    }
    return h;
}

inline tb_health read(const Health &h, std::int32_t threshold) {
    tb_health out;
    std::memset(&out, 0xA5, sizeof out);
    twinbit::health_of(h, threshold, out);
    return out;
}

} // namespace fixtures::health
