// The functions of twinbit.h and twinbit_host.h under one name for all types of numbers.
#pragma once

#include "twinbit_host.h"

#include <cstdint>

namespace twinbit::python {

using Count = std::uint32_t;
using Context = const tb_context *;

inline tb_status step_frames(tb_monitor *m, const float *x, Count n, Count c, Context t, tb_result *out, Count *done) {
    return tb_step_f32_many(m, x, n, c, t, out, done);
}
inline tb_status step_frames(tb_monitor *m, const std::int32_t *x, Count n, Count c, Context t, tb_result *out,
                             Count *done) {
    return tb_step_i32_many(m, x, n, c, t, out, done);
}
inline tb_status step_frame(tb_monitor *m, const float *x, Count c, Context t, tb_result *out) {
    return tb_step_f32(m, x, c, t, out);
}
inline tb_status step_frame(tb_monitor *m, const std::int32_t *x, Count c, Context t, tb_result *out) {
    return tb_step_i32(m, x, c, t, out);
}
inline tb_status step_frame(tb_monitor *m, const std::int16_t *x, Count c, Context t, tb_result *out) {
    return tb_step_i16(m, x, c, t, out);
}

inline tb_status stream(tb_monitor *m, const float *x, Count n, Count c, Context t, tb_frames *out, Count *done) {
    return tb_stream_f32(m, x, n, c, t, out, done);
}
inline tb_status stream(tb_monitor *m, const std::int32_t *x, Count n, Count c, Context t, tb_frames *out,
                        Count *done) {
    return tb_stream_i32(m, x, n, c, t, out, done);
}
inline tb_status stream(tb_monitor *m, const std::int16_t *x, Count n, Count c, Context t, tb_frames *out,
                        Count *done) {
    return tb_stream_i16(m, x, n, c, t, out, done);
}

inline tb_status score_frames(const tb_monitor *m, const float *x, Count n, Count c, Context t, std::int32_t *out,
                              Count *done) {
    return tb_score_f32_many(m, x, n, c, t, out, done);
}
inline tb_status score_frames(const tb_monitor *m, const std::int32_t *x, Count n, Count c, Context t,
                              std::int32_t *out, Count *done) {
    return tb_score_i32_many(m, x, n, c, t, out, done);
}
inline tb_status score_frame(const tb_monitor *m, const float *x, Count c, Context t, std::int32_t *out) {
    return tb_score_f32(m, x, c, t, out);
}
inline tb_status score_frame(const tb_monitor *m, const std::int32_t *x, Count c, Context t, std::int32_t *out) {
    return tb_score_i32(m, x, c, t, out);
}
inline tb_status score_frame(const tb_monitor *m, const std::int16_t *x, Count c, Context t, std::int32_t *out) {
    return tb_score_i16(m, x, c, t, out);
}

inline tb_status learn_frames(tb_monitor *m, const float *x, Count n, Count c, Context t, Count *done) {
    return tb_learn_f32_many(m, x, n, c, t, done);
}
inline tb_status learn_frames(tb_monitor *m, const std::int32_t *x, Count n, Count c, Context t, Count *done) {
    return tb_learn_i32_many(m, x, n, c, t, done);
}
inline tb_status learn_frame(tb_monitor *m, const float *x, Count c, Context t) { return tb_learn_f32(m, x, c, t); }
inline tb_status learn_frame(tb_monitor *m, const std::int32_t *x, Count c, Context t) {
    return tb_learn_i32(m, x, c, t);
}
inline tb_status learn_frame(tb_monitor *m, const std::int16_t *x, Count c, Context t) {
    return tb_learn_i16(m, x, c, t);
}

// Score, then learn; there is no form for 16 bits.
inline tb_status learn_score_frames(tb_monitor *m, const float *x, Count n, Count c, Context t, std::int32_t *out,
                                    Count *done) {
    return tb_learn_score_f32_many(m, x, n, c, t, out, done);
}
inline tb_status learn_score_frames(tb_monitor *m, const std::int32_t *x, Count n, Count c, Context t,
                                    std::int32_t *out, Count *done) {
    return tb_learn_score_i32_many(m, x, n, c, t, out, done);
}

inline tb_status explain_frame(const tb_monitor *m, const float *x, Count c, Context t, std::int32_t *out, Count n) {
    return tb_explain_f32(m, x, c, t, out, n);
}
inline tb_status explain_frame(const tb_monitor *m, const std::int32_t *x, Count c, Context t, std::int32_t *out,
                               Count n) {
    return tb_explain_i32(m, x, c, t, out, n);
}
inline tb_status explain_frame(const tb_monitor *m, const std::int16_t *x, Count c, Context t, std::int32_t *out,
                               Count n) {
    return tb_explain_i16(m, x, c, t, out, n);
}

} // namespace twinbit::python
