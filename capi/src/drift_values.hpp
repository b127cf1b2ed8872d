// A value that a drift detector is given, as the numbers that its stage takes.
#pragma once

#include "image/stage.hpp"
#include "numbers/environment.hpp"
#include "numbers/policy.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

inline const tb_stage &stage_of(const tb_drift &d) { return *d.part->stage; }
inline bool takes_samples(const tb_drift &d) { return stage_of(d).ops.drift->samples; }

// Behind the state: where a vector of samples is made.
inline std::uint8_t *samples_of(const tb_drift &d) { return d.state + d.size; }

inline bool told(const tb_drift &d, const void *x) {
    return stage_of(d).ops.drift->update({{d.part->words, d.part->count, d.features}, d.state, nullptr, nullptr}, x);
}

inline tb_status check_value(const tb_drift *d, const void *values, std::uint32_t count, const void *detected) {
    if (d == nullptr || d->part == nullptr || d->state == nullptr || values == nullptr || detected == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    return count == d->features ? tb_status{TB_OK} : tb_status{TB_ERR_SHAPE};
}

inline std::int32_t limited(std::int32_t v, std::int32_t limit) {
    return v > limit ? limit : (v < -limit ? -limit : v);
}
inline float limited(float v, float limit) { return v > limit ? limit : (v < -limit ? -limit : v); }

inline void put_sample(const tb_drift &d, std::uint32_t i, std::int32_t v) {
    if (stage_of(d).arithmetic == TB_Q15) {
        at<std::int16_t>(samples_of(d), 0)[i] = static_cast<std::int16_t>(limited(v, Q15::sample_limit));
    } else {
        at<std::int32_t>(samples_of(d), 0)[i] = limited(v, Q31::sample_limit);
    }
}

inline void put_sample(const tb_drift &d, std::uint32_t i, float x) {
    if (stage_of(d).arithmetic == TB_F32) {
        at<float>(samples_of(d), 0)[i] = limited(x, F32::sample_limit);
    } else {
        put_sample(d, i, quantise(x, stage_of(d).arithmetic == TB_Q15 ? Q15::Sample::frac : Q31::Sample::frac));
    }
}

template <class T> tb_status update_samples(const tb_drift &d, const T *values, std::uint8_t &detected) {
    for (std::uint32_t i = 0; i < d.features; ++i) {
        put_sample(d, i, values[i]);
    }
    detected = told(d, samples_of(d)) ? 1 : 0;
    return TB_OK;
}

// One value that check_value() has passed.
inline tb_status update_value(const tb_drift &d, const std::int32_t *values, std::uint8_t &detected) {
    if (takes_samples(d)) {
        const bool counts = stage_of(d).arithmetic != TB_F32;
        return counts ? update_samples(d, values, detected) : tb_status{TB_ERR_UNSUPPORTED};
    }
    detected = told(d, values) ? 1 : 0;
    return TB_OK;
}

inline tb_status update_value(const tb_drift &d, const float *values, std::uint8_t &detected) {
    for (std::uint32_t i = 0; i < d.features; ++i) {
        if (!is_finite(values[i])) {
            return TB_ERR_NOT_FINITE;
        }
    }
    if (takes_samples(d)) {
        return update_samples(d, values, detected);
    }
    const std::int32_t v = quantise(values[0], d.part->words[0]);
    return update_value(d, &v, detected);
}

} // namespace twinbit
