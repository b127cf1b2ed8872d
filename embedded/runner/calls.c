/* The calls of twinbit.h for whatever kind of values a recording holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "calls.h"

tb_status call_step(tb_monitor *monitor, const recording *of, const frame *f, tb_result *result) {
    switch (of->kind) {
    case VALUES_F32:
        return tb_step_f32(monitor, f->value.f32, of->channels, &f->context, result);
    case VALUES_I32:
        return tb_step_i32(monitor, f->value.i32, of->channels, &f->context, result);
    default:
        return tb_step_i16(monitor, f->value.i16, of->channels, &f->context, result);
    }
}

tb_status call_score(const tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context,
                     int32_t *score) {
    switch (of->kind) {
    case VALUES_F32:
        return tb_score_f32(monitor, w->value.f32, w->count, context, score);
    case VALUES_I32:
        return tb_score_i32(monitor, w->value.i32, w->count, context, score);
    default:
        return tb_score_i16(monitor, w->value.i16, w->count, context, score);
    }
}

tb_status call_learn(tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context) {
    switch (of->kind) {
    case VALUES_F32:
        return tb_learn_f32(monitor, w->value.f32, w->count, context);
    case VALUES_I32:
        return tb_learn_i32(monitor, w->value.i32, w->count, context);
    default:
        return tb_learn_i16(monitor, w->value.i16, w->count, context);
    }
}

tb_status call_explain(const tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context,
                       int32_t *shares, uint32_t count) {
    switch (of->kind) {
    case VALUES_F32:
        return tb_explain_f32(monitor, w->value.f32, w->count, context, shares, count);
    case VALUES_I32:
        return tb_explain_i32(monitor, w->value.i32, w->count, context, shares, count);
    default:
        return tb_explain_i16(monitor, w->value.i16, w->count, context, shares, count);
    }
}

tb_status call_score_float(const tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context,
                           int32_t *score) {
    static float values[SCRIPT_VALUES_MAX];
    for (uint32_t i = 0; i < w->count; ++i) {
        switch (of->kind) {
        case VALUES_F32:
            values[i] = w->value.f32[i];
            break;
        case VALUES_I32: /* 2^-8 keeps the numbers between those of the sensors and the rounding busy */
            values[i] = (float)w->value.i32[i] * 0.00390625f;
            break;
        default:
            values[i] = (float)w->value.i16[i] * 0.00390625f;
            break;
        }
    }
    return tb_score_f32(monitor, values, w->count, context, score);
}
