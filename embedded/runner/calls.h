/* The calls of twinbit.h for whatever kind of values a recording holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_CALLS_H
#define TWINBIT_RUNNER_CALLS_H

#include "recording.h"

tb_status call_step(tb_monitor *monitor, const recording *of, const frame *f, tb_result *result);
tb_status call_score(const tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context,
                     int32_t *score);
tb_status call_learn(tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context);
tb_status call_explain(const tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context,
                       int32_t *shares, uint32_t count);

/* Scores the same numbers as floats: the way from floats to counts must give the same bits, too. */
tb_status call_score_float(const tb_monitor *monitor, const recording *of, const whole *w, const tb_context *context,
                           int32_t *score);

#endif
