/* The C interface as a C99 program sees it: a recipe written by hand, memory from the caller, frames, an alarm, a copy. */
#include "twinbit.h"
#include "twinbit_host.h"

#include <string.h>

enum { CHANNELS = 2, WORDS = 64 };

static const int32_t input_words[] = {CHANNELS, 0, 0, 4, 0, 0, 4, 0};
static const int32_t kmeans_words[] = {4, 256, 0};
static const int32_t decision_words[] = {1 << 30, 32, 64, 64, 21474836, 65536, 2, 3, 16384, 0, 0};

static const tb_part parts[] = {
    {&tb_input_q15, input_words, sizeof input_words / sizeof input_words[0]},
    {&tb_scaler_q15, NULL, 0},
    {&tb_kmeans_q15, kmeans_words, sizeof kmeans_words / sizeof kmeans_words[0]},
    {&tb_decision, decision_words, sizeof decision_words / sizeof decision_words[0]},
};
static const tb_recipe recipe = {TB_RECIPE_FORMAT, TB_Q15, 4, parts, &tb_kmeans_q15_tools};

static uint64_t image[WORDS * 16], scratch[WORDS], copy[WORDS * 16];

/* A triangle wave of 100 counts with a little noise, on both channels. */
static void frame(int16_t *values, int t) {
    const int wave = t % 20 < 10 ? t % 20 : 20 - t % 20;
    values[0] = (int16_t)(10 * wave + t * 7 % 5);
    values[1] = (int16_t)(1000 - 10 * wave + t * 11 % 5);
}

static const char *run(tb_monitor *m) {
    tb_result result;
    int16_t values[CHANNELS];
    int t;
    for (t = 0; t < 300; ++t) {
        frame(values, t);
        if (tb_step_i16(m, values, CHANNELS, NULL, &result) != TB_OK) {
            return "a frame was refused";
        }
        if ((result.flags & TB_FLAG_ALARM) != 0) {
            return "normal frames alarm";
        }
    }
    if (result.state != TB_MONITORING || result.threshold == TB_THRESHOLD_NONE) {
        return "it does not monitor";
    }
    for (t = 0; t < 5; ++t) {
        values[0] = 500;
        values[1] = 500;
        if (tb_step_i16(m, values, CHANNELS, NULL, &result) != TB_OK) {
            return "a frame was refused";
        }
    }
    return (result.flags & TB_FLAG_ALARM) != 0 && result.similarity < 50 ? NULL : "a fault does not alarm";
}

/* Null, or what went wrong. */
const char *twinbit_c99_example(void);
const char *twinbit_c99_example(void) {
    tb_monitor m;
    tb_memory sizes;
    const char *problem;
    if (tb_selftest(&recipe) != TB_OK || tb_sizes(&recipe, &sizes) != TB_OK || sizes.image > sizeof image) {
        return "the recipe is refused";
    }
    if (tb_init(&m, &recipe, image, sizeof image, scratch, sizeof scratch, NULL, 0) != TB_OK) {
        return tb_status_text(tb_init(&m, &recipe, image, sizeof image, scratch, sizeof scratch, NULL, 0));
    }
    problem = run(&m);
    if (problem != NULL) {
        return problem;
    }
    if (tb_save(&m, copy, sizeof copy) != TB_OK || tb_load(&m, copy, sizeof copy, TB_LOAD_SEALED) != TB_OK) {
        return "the image can't be restored";
    }
    return memcmp(image, copy, sizes.image) == 0 && tb_state(&m) == TB_MONITORING ? NULL : "restoring changed it";
}
