// Drift detectors over many values: the loops of the host functions.
#include "drift_values.hpp"
#include "twinbit_host.h"

using namespace twinbit;

namespace {

constexpr std::uint32_t chunk = 256;

// How many of n floats come before one that is not finite.
std::uint32_t count_finite(const float *x, std::uint32_t n) {
    std::uint32_t bad = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        bad |= is_finite(x[i]) ? 0u : 1u;
    }
    std::uint32_t i = 0;
    while (bad != 0 && i < n && is_finite(x[i])) {
        ++i;
    }
    return bad != 0 ? i : n;
}

// quantise() and the limit of single values in a form that vectorises: x 2^unit is exact in double, and so is half more
// once it is limited to 24 bits. Positive numbers are truncated as floor() does.
void quantise_many(const float *x, std::uint32_t n, int unit, std::int32_t *out) {
    constexpr double most = raw_limit;
    constexpr double up = most + 1.0;
    const double scale = unit < 0 ? 1.0 / (1 << -unit) : 1 << unit;
    for (std::uint32_t i = 0; i < n; ++i) {
        const double v = x[i] * scale;
        const double limited = v > most ? most : (v < -most ? -most : v);
        out[i] = static_cast<std::int32_t>(limited + (up + 0.5)) - (raw_limit + 1);
    }
}

tb_status single_values(const tb_drift &d, const std::int32_t *values, std::uint32_t n, std::uint8_t *detected,
                        std::uint32_t &done) {
    for (; done < n; ++done) {
        detected[done] = told(d, values + done) ? 1 : 0;
    }
    return TB_OK;
}

tb_status single_values(const tb_drift &d, const float *values, std::uint32_t n, std::uint8_t *detected,
                        std::uint32_t &done) {
    std::int32_t v[chunk];
    while (done < n) {
        const std::uint32_t most = n - done < chunk ? n - done : chunk;
        const std::uint32_t some = count_finite(values + done, most);
        quantise_many(values + done, some, d.part->words[0], v);
        std::uint32_t now = 0;
        single_values(d, v, some, detected + done, now);
        done += some;
        if (some < most) {
            return TB_ERR_NOT_FINITE;
        }
    }
    return TB_OK;
}

template <class T>
tb_status update_many(const tb_drift *d, const T *values, std::uint32_t frames, std::uint32_t count,
                      std::uint8_t *detected, std::uint32_t *done) {
    tb_status status = done != nullptr ? check_value(d, values, count, detected) : tb_status{TB_ERR_ARGUMENT};
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    *done = 0;
    if (!takes_samples(*d)) {
        return single_values(*d, values, frames, detected, *done);
    }
    for (; *done < frames && status == TB_OK; *done += status == TB_OK ? 1 : 0) {
        status = update_value(*d, values + std::size_t{*done} * count, detected[*done]);
    }
    return status;
}

} // namespace

extern "C" {

tb_status tb_drift_update_f32_many(tb_drift *drift, const float *values, uint32_t frames, uint32_t count,
                                   uint8_t *detected, uint32_t *done) {
    return update_many(drift, values, frames, count, detected, done);
}
tb_status tb_drift_update_i32_many(tb_drift *drift, const int32_t *values, uint32_t frames, uint32_t count,
                                   uint8_t *detected, uint32_t *done) {
    return update_many(drift, values, frames, count, detected, done);
}

} // extern "C"
