/* The parity runner: takes one exported recipe through a recording and writes down every result and the final image.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * The same source runs on every target and on hosts. Its last line on the console is for the program that started it:
 *     twinbit-runner frames=N failed=N image=B scratch=B plan=B stack=B steps=a,b,c,d,e ticks=a,b,c,d,e
 * with the number of steps that ended in each state and the sum of their ticks.
 */
#include "alone.h"
#include "calls.h"
#include "loop.h"
#include "memory.h"
#include "probe.h"
#include "records.h"
#include "report.h"

static recording source;
static whole last;
static tally counts;

static void step(uint32_t number, const frame *f) {
    tb_result result = {0};
    tb_status status;
    uint32_t ticks;
    PROBE(ticks, status = call_step(&monitor, &source, f, &result));
    records_put(number, RECORD_STEP, status, &result, sizeof result);
    tally_step(&counts, status, result.state, ticks);
    alone_update(number, &source, f);
}

/* Outputs start as zeros: after a failure that is what must be in them still. */
static int32_t *cleared(void) {
    static int32_t out[SCRIPT_FEATURES_MAX];
    for (uint32_t i = 0; i < SCRIPT_FEATURES_MAX; ++i) {
        out[i] = 0;
    }
    return out;
}

static void look(uint32_t number, const frame *f) {
    tb_status status;
    uint32_t ticks;
    if (f->actions & ACTION_SCORE) {
        int32_t *score = cleared();
        PROBE(ticks, status = call_score(&monitor, &source, &last, &f->context, score));
        records_put(number, RECORD_SCORE, status, score, 4);
    }
    if (f->actions & ACTION_SCORE_FLOAT) {
        int32_t *score = cleared();
        status = call_score_float(&monitor, &source, &last, &f->context, score);
        records_put(number, RECORD_SCORE_FLOAT, status, score, 4);
    }
    if (f->actions & ACTION_EXPLAIN) {
        int32_t *shares = cleared();
        PROBE(ticks, status = call_explain(&monitor, &source, &last, &f->context, shares, monitor.features));
        records_put(number, RECORD_EXPLAIN, status, shares, (uint16_t)(4 * monitor.features));
    }
    (void)ticks;
}

/* Does one action if it is asked for, measures its stack and writes its status down. */
#define ACT(bit, record, call)                                                                                         \
    if (f->actions & (bit)) {                                                                                          \
        PROBE(ticks, status = (call));                                                                                 \
        records_put(number, record, status, &status, 0);                                                               \
    }

static void change(uint32_t number, const frame *f) {
    tb_status status;
    uint32_t ticks;
    ACT(ACTION_LEARN, RECORD_LEARN, call_learn(&monitor, &source, &last, &f->context))
    ACT(ACTION_EPOCH, RECORD_EPOCH, tb_new_epoch(&monitor))
    ACT(ACTION_KEEP, RECORD_KEEP, memory_keep(number))
    ACT(ACTION_RESTORE, RECORD_RESTORE, memory_restore(number))
    ACT(ACTION_MERGE, RECORD_MERGE, tb_merge(&monitor, memory_kept(), sizes.image))
    ACT(ACTION_UNMERGE, RECORD_UNMERGE, tb_unmerge(&monitor, memory_kept(), sizes.image))
    ACT(ACTION_RECALIBRATE, RECORD_RECALIBRATE, tb_recalibrate(&monitor))
    ACT(ACTION_PRUNE, RECORD_PRUNE, tb_prune(&monitor, SCRIPT_PRUNE_KEEP))
    (void)ticks;
    loop_change(number, f->actions);
    loop_look(number, f->actions);
    if (f->actions & ACTION_DIGEST) {
        memory_put_digests(number);
    }
}

/* Not inlined: its frame is not below the self-test, which needs the most stack. */
__attribute__((noinline)) static int run_frames(void) {
    for (uint32_t number = 0; number < source.frames; ++number) {
        frame f;
        if (recording_next(&source, &f) != 0) {
            return -1;
        }
        whole_push(&last, &source, &f);
        step(number, &f);
        look(number, &f);
        change(number, &f);
    }
    return 0;
}

/* Self-test, sizes and init. Their statuses are records, too. */
static tb_status set_up(void) {
    tb_status status = tb_selftest(&runner_recipe);
    records_put(0, RECORD_SELFTEST, status, 0, 0);
    uint32_t ticks;
    PROBE(ticks, status = memory_set_up(source.attached));
    (void)ticks;
    status = status != TB_OK ? status : alone_set_up(&source);
    records_put(0, RECORD_INIT, status, &sizes.image, sizeof sizes.image);
    last.count = monitor.values;
    const int fits = last.count <= SCRIPT_VALUES_MAX && monitor.features <= SCRIPT_FEATURES_MAX;
    return status != TB_OK || fits ? status : TB_ERR_SIZE;
}

int main(void) {
    if (recording_open("recording.bin", &source) != 0 || records_open("results.bin") != 0) {
        platform_print("runner: no recording.bin, or results.bin cannot be written\n");
        return 2;
    }
    probe_calibrate();
    const tb_status status = set_up();
    if (status != TB_OK) {
        platform_print(tb_status_text(status));
        records_close();
        return 3;
    }
    if (run_frames() != 0) {
        platform_print("runner: the recording ends too early\n");
        return 4;
    }
    memory_put_images(source.frames);
    alone_put_states(source.frames);
    if (records_close() != 0) {
        platform_print("runner: results.bin could not be written\n");
        return 5;
    }
    report(&counts, &sizes, probe_stack());
    return 0;
}
