/* The calls of the closed loop, as the script asks for them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "loop.h"

#include "memory.h"
#include "probe.h"
#include "records.h"
#include "script.h"

#define EVENTS_MAX 16u

/* Does one call if it is asked for, measures its stack and writes its status down. */
static void act(uint32_t frame, uint32_t actions, uint32_t bit, uint16_t record, tb_status (*call)(uint32_t),
                uint32_t argument) {
    if (actions & bit) {
        tb_status status;
        uint32_t ticks;
        PROBE(ticks, status = call(argument));
        (void)ticks;
        records_put(frame, record, status, 0, 0);
    }
}

static tb_status feedback(uint32_t word) { return tb_feedback(&monitor, word); }
static tb_status unlearn(uint32_t blocks) { return tb_unlearn(&monitor, blocks); }
static tb_status rollback(uint32_t unused) { return (void)unused, tb_rollback(&monitor); }
static tb_status forget(uint32_t unused) { return (void)unused, tb_forget(&monitor); }

void loop_change(uint32_t frame, uint32_t actions) {
    act(frame, actions, ACTION_ROLLBACK, RECORD_ROLLBACK, rollback, 0);
    act(frame, actions, ACTION_UNLEARN, RECORD_UNLEARN, unlearn, 1);
    act(frame, actions, ACTION_FORGET, RECORD_FORGET, forget, 0);
    act(frame, actions, ACTION_NOT_A_FAULT, RECORD_FEEDBACK, feedback, TB_NOT_A_FAULT);
    act(frame, actions, ACTION_FAULT, RECORD_FEEDBACK, feedback, TB_FAULT);
    act(frame, actions, ACTION_HOLD, RECORD_FEEDBACK, feedback, TB_HOLD);
    act(frame, actions, ACTION_RELEASE, RECORD_FEEDBACK, feedback, TB_RELEASE);
}

static void put_events(uint32_t frame) {
    static tb_event events[EVENTS_MAX];
    uint32_t count = 0;
    uint32_t lost = 0;
    const tb_status status = tb_events(&monitor, events, EVENTS_MAX, &count, &lost);
    records_put(frame, RECORD_EVENTS, status, events, (uint16_t)(count * sizeof(tb_event)));
    records_put(frame, RECORD_LOST, status, &lost, sizeof lost);
}

static void put_health(uint32_t frame) {
    tb_health health = {0};
    tb_status status;
    uint32_t ticks;
    PROBE(ticks, status = tb_trend(&monitor, &health));
    (void)ticks;
    records_put(frame, RECORD_HEALTH, status, &health, sizeof health);
    tb_loop loop = {0};
    status = tb_loop_of(&monitor, &loop);
    records_put(frame, RECORD_LOOP, status, &loop, sizeof loop);
}

void loop_look(uint32_t frame, uint32_t actions) {
    if (actions & ACTION_EVENTS) {
        put_events(frame);
    }
    if (actions & ACTION_HEALTH) {
        put_health(frame);
    }
}
