// tb_step_*, tb_score_*, tb_learn_*, tb_explain_*: one frame at a time.
#include "arguments.hpp"

namespace twinbit {

namespace {

template <class T>
tb_status step_values(tb_monitor *m, const T *v, std::uint32_t count, const tb_context *c, tb_result *result) {
    const tb_status status = check_sample(m, v, count, result);
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    return step(*m, frame_of(v), context_or_none(c), *result);
}

template <class T>
tb_status score_values(const tb_monitor *m, const T *v, std::uint32_t count, const tb_context *c, std::int32_t *out) {
    const tb_status status = check_frame(m, v, count, out);
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    return score(*m, frame_of(v), context_or_none(c), *out);
}

template <class T> tb_status learn_values(tb_monitor *m, const T *v, std::uint32_t count, const tb_context *c) {
    const tb_status status = check_frame(m, v, count, m);
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    return learn(*m, frame_of(v), context_or_none(c), nullptr);
}

template <class T>
tb_status explain_values(const tb_monitor *m, const T *v, std::uint32_t count, const tb_context *c,
                         std::int32_t *shares, std::uint32_t share_count) {
    const tb_status status = check_frame(m, v, count, shares);
    if (status != TB_OK) {
        return status;
    }
    if (share_count != m->features) {
        return TB_ERR_SHAPE;
    }
    const FloatEnvironment guard;
    return explain(*m, frame_of(v), context_or_none(c), shares);
}

} // namespace

} // namespace twinbit

using namespace twinbit;

extern "C" {

tb_status tb_step_i16(tb_monitor *m, const int16_t *v, uint32_t count, const tb_context *c, tb_result *result) {
    return step_values(m, v, count, c, result);
}
tb_status tb_step_i32(tb_monitor *m, const int32_t *v, uint32_t count, const tb_context *c, tb_result *result) {
    return step_values(m, v, count, c, result);
}
tb_status tb_step_f32(tb_monitor *m, const float *v, uint32_t count, const tb_context *c, tb_result *result) {
    return step_values(m, v, count, c, result);
}

tb_status tb_score_i16(const tb_monitor *m, const int16_t *v, uint32_t count, const tb_context *c, int32_t *out) {
    return score_values(m, v, count, c, out);
}
tb_status tb_score_i32(const tb_monitor *m, const int32_t *v, uint32_t count, const tb_context *c, int32_t *out) {
    return score_values(m, v, count, c, out);
}
tb_status tb_score_f32(const tb_monitor *m, const float *v, uint32_t count, const tb_context *c, int32_t *out) {
    return score_values(m, v, count, c, out);
}

tb_status tb_learn_i16(tb_monitor *m, const int16_t *v, uint32_t count, const tb_context *c) {
    return learn_values(m, v, count, c);
}
tb_status tb_learn_i32(tb_monitor *m, const int32_t *v, uint32_t count, const tb_context *c) {
    return learn_values(m, v, count, c);
}
tb_status tb_learn_f32(tb_monitor *m, const float *v, uint32_t count, const tb_context *c) {
    return learn_values(m, v, count, c);
}

tb_status tb_explain_i16(const tb_monitor *m, const int16_t *v, uint32_t count, const tb_context *c, int32_t *shares,
                         uint32_t share_count) {
    return explain_values(m, v, count, c, shares, share_count);
}
tb_status tb_explain_i32(const tb_monitor *m, const int32_t *v, uint32_t count, const tb_context *c, int32_t *shares,
                         uint32_t share_count) {
    return explain_values(m, v, count, c, shares, share_count);
}
tb_status tb_explain_f32(const tb_monitor *m, const float *v, uint32_t count, const tb_context *c, int32_t *shares,
                         uint32_t share_count) {
    return explain_values(m, v, count, c, shares, share_count);
}

} // extern "C"
