/* Frames from stdin through an exported monitor with a policy; results, image and attached images to stdout. */
#include "pump.h"
#include <stdio.h>
static uint64_t image[PUMP_IMAGE_WORDS], scratch[PUMP_SCRATCH_WORDS], plan[PUMP_PLAN_WORDS + 1];
static uint64_t candidate[PUMP_CANDIDATE_WORDS], good[PUMP_GOOD_WORDS], plans[2][PUMP_PLAN_WORDS + 1];
static uint8_t saved[PUMP_IMAGE_SIZE];
int main(void) {
    tb_monitor monitor;
    tb_result result;
    tb_loop loop;
    float values[PUMP_CHANNELS];
    if (tb_init(&monitor, &pump_recipe, image, PUMP_IMAGE_SIZE, scratch, PUMP_SCRATCH_SIZE, plan, PUMP_PLAN_SIZE) ||
        tb_attach(&monitor, TB_CANDIDATE, candidate, PUMP_CANDIDATE_SIZE, plans[0], PUMP_PLAN_SIZE) ||
        tb_attach(&monitor, TB_GOOD, good, PUMP_GOOD_SIZE, plans[1], PUMP_PLAN_SIZE) ||
        tb_load(&monitor, pump_learned, PUMP_IMAGE_SIZE, TB_LOAD_SEALED) ||
        tb_load_attached(&monitor, TB_GOOD, pump_good, PUMP_GOOD_SIZE)) {
        return 1;
    }
    while (fread(values, sizeof values, 1, stdin) == 1) {
        if (tb_step_f32(&monitor, values, PUMP_CHANNELS, 0, &result)) {
            return 2;
        }
        fwrite(&result, sizeof result, 1, stdout);
    }
    if (tb_save(&monitor, saved, sizeof saved)) {
        return 3;
    }
    fwrite(saved, sizeof saved, 1, stdout);
    if (tb_loop_of(&monitor, &loop)) {
        return 4;
    }
    for (uint32_t which = TB_CANDIDATE; which <= TB_GOOD; ++which) {
        const int there = which == TB_GOOD ? loop.good : loop.candidate != TB_CANDIDATE_NONE;
        if (there && tb_save_attached(&monitor, which, saved, sizeof saved) == TB_OK) {
            fwrite(saved, sizeof saved, 1, stdout);
        }
    }
    return 0;
}
