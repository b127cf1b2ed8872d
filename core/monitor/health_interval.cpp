// How sure a trend is: its errors and the times between which it meets the threshold, in float32 in its written order.
#include "linear/lanes.hpp"
#include "monitor/health_line.hpp"
#include "numbers/float_sqrt.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

namespace {

// The 95 % point of Student's distribution with v degrees of freedom, v >= 1: the normal's and four terms of its
// expansion (Fisher & Cornish, Technometrics 2(2), 1960). Within 0.1 % from v = 3 on, 5 % too small at 1.
float student(float v) {
    const float u = 1.0f / v;
    return 1.6448536f + u * (1.5237401f + u * (1.4202031f + u * (0.9830010f + u * 0.4338834f)));
}

// A line through blocks with its errors; octaves and blocks, from the blocks' middle.
struct Fit {
    float n, length, now;
    float left;         // from the mean to the threshold
    float slope, error; // a block
    float t2, error2;   // t^2, error^2
    float squares;      // sum x^2
};

// Sums of e_i e_(i + lag), Q.48.
float products(const Health &h, const HealthLine &l, std::uint32_t lag) {
    const std::int64_t mean = rounded_quotient(l.total, l.n);
    const float slope = 6.0f * static_cast<float>(l.weighted) / static_cast<float>(l.twelve_squares());
    const float middle = 0.5f * static_cast<float>(l.n - 1);
    const auto residual = [&](std::size_t i) {
        const auto at = static_cast<std::uint32_t>(i);
        return static_cast<float>(l.mean(h, at) - mean) - slope * (static_cast<float>(at) - middle);
    };
    return lane_sum(l.n - lag, [&](std::size_t i) { return residual(i) * residual(i + lag); });
}

// A score has 2^-16 octaves: residuals have an error of that size at least.
constexpr float least_square = 65536.0f;

Fit fit_of(const Health &h, const HealthLine &l, std::int32_t threshold) {
    Fit f = {};
    f.n = static_cast<float>(l.n);
    f.length = static_cast<float>(l.length);
    f.now = 0.5f * f.n + static_cast<float>(l.filled) / f.length;
    f.left = static_cast<float>(std::int64_t{threshold} * 256 - rounded_quotient(l.total, l.n)) * 0x1p-24f;
    f.squares = static_cast<float>(l.twelve_squares()) / 12.0f;
    f.slope = static_cast<float>(l.weighted) * 0x1p-25f / f.squares;
    const float sum = products(h, l, 0) + f.n * least_square;
    const float like = (f.n * (products(h, l, 1) / sum) + 2.0f) / (f.n - 4.0f);
    const float p = like > 0.95f ? 0.95f : (like > 0.0f ? like : 0.0f);
    const float degrees = f.n * (1.0f - p) / (1.0f + p) - 2.0f;
    const float v = degrees > 1.0f ? degrees : 1.0f;
    f.error2 = sum * 0x1p-48f / v / f.squares;
    f.error = sqrt(f.error2);
    f.t2 = student(v) * student(v);
    return f;
}

// Whole frames: what is left of one is cut off.
std::uint32_t whole(float frames) {
    return frames > 0.0f ? (frames < 0x1p32f ? static_cast<std::uint32_t>(frames) : UINT32_MAX) : 0;
}

std::uint32_t expected(const Fit &f) {
    const float left = f.left - f.slope * f.now;
    return left <= 0.0f ? 0 : (f.slope > 0.0f ? whole(left / f.slope * f.length) : UINT32_MAX);
}

// Where the band of confidence crosses the threshold. The earlier root as (D^2 - h) / (D b + root): it stays the one to
// the right where b^2 < g.
void interval(const Fit &f, tb_health &out) {
    const float g = f.t2 * f.error2;
    const float h = g * f.squares / f.n;
    const float upper = f.slope * f.now + sqrt(h + g * f.now * f.now);
    const float a = f.slope * f.slope - g;
    const float inner = f.left * f.left * g + h * a;
    const float root = sqrt(inner > 0.0f ? inner : 0.0f);
    const float far = f.left * f.slope + root;
    const bool rises = f.slope > 0.0f && a > 0.0f;
    if (upper >= f.left) {
        out.earliest = 0;
    } else {
        const float x = (f.left * f.left - h) / far;
        out.earliest = far > 0.0f && x > 0.0f ? whole((x - f.now) * f.length) : UINT32_MAX;
    }
    out.latest = rises ? whole((far / a - f.now) * f.length) : UINT32_MAX;
}

} // namespace

void health_of(const Health &h, std::int32_t threshold, tb_health &out) {
    const Trend trend = trend_of(h);
    out = {trend.frames, trend.level, trend.slope, INT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, TB_HEALTH_NONE, {0}};
    const HealthLine l(h);
    if (trend.frames == 0 || !l.sloped()) {
        return;
    }
    const Fit f = fit_of(h, l, threshold == TB_THRESHOLD_NONE ? 0 : threshold);
    out.slope_error = quantise(f.error / f.length, 32);
    if (threshold != TB_THRESHOLD_NONE) {
        out.to_threshold = expected(f);
        interval(f, out);
    }
}

} // namespace twinbit
