// The list of all stages, for hosts: naming one here links it, so firmware never links this object.
#include "image/stage.hpp"
#include "twinbit_host.h"

namespace {

struct Entry {
    const tb_stage *stage;
    const char *symbol;
};

#define STAGE(name)                                                                                                    \
    { &name, #name }
const Entry entries[] = {
    STAGE(tb_input_f32),
    STAGE(tb_input_q15),
    STAGE(tb_input_q31),
    STAGE(tb_input_phase_f32),
    STAGE(tb_input_phase_q15),
    STAGE(tb_input_phase_q31),
    STAGE(tb_input_raw_f32),
    STAGE(tb_input_raw_q15),
    STAGE(tb_input_raw_q31),
    STAGE(tb_input_clock_f32),
    STAGE(tb_input_clock_q15),
    STAGE(tb_input_clock_q31),
    STAGE(tb_scaler_f32),
    STAGE(tb_scaler_q15),
    STAGE(tb_scaler_q31),
    STAGE(tb_centre_f32),
    STAGE(tb_centre_q15),
    STAGE(tb_centre_q31),
    STAGE(tb_kmeans_f32),
    STAGE(tb_kmeans_q15),
    STAGE(tb_kmeans_q31),
    STAGE(tb_mahalanobis_f32),
    STAGE(tb_mahalanobis_q15),
    STAGE(tb_mahalanobis_q31),
    STAGE(tb_subspace_f32),
    STAGE(tb_subspace_q15),
    STAGE(tb_subspace_q31),
    STAGE(tb_elm_f32),
    STAGE(tb_elm_q15),
    STAGE(tb_elm_q31),
    STAGE(tb_autoencoder_f32),
    STAGE(tb_autoencoder_q15),
    STAGE(tb_autoencoder_q31),
    STAGE(tb_boxes_f32),
    STAGE(tb_boxes_q15),
    STAGE(tb_boxes_q31),
    STAGE(tb_bank_autoencoder_f32),
    STAGE(tb_bank_autoencoder_q15),
    STAGE(tb_bank_autoencoder_q31),
    STAGE(tb_bank_elm_f32),
    STAGE(tb_bank_elm_q15),
    STAGE(tb_bank_elm_q31),
    STAGE(tb_bank_subspace_f32),
    STAGE(tb_bank_subspace_q15),
    STAGE(tb_bank_subspace_q31),
    STAGE(tb_seasonal_f32),
    STAGE(tb_seasonal_q15),
    STAGE(tb_seasonal_q31),
    STAGE(tb_univariate_f32),
    STAGE(tb_univariate_q15),
    STAGE(tb_univariate_q31),
    STAGE(tb_deviation_f32),
    STAGE(tb_deviation_q15),
    STAGE(tb_deviation_q31),
    STAGE(tb_distance_f32),
    STAGE(tb_distance_q15),
    STAGE(tb_distance_q31),
    STAGE(tb_decision),
    STAGE(tb_steady),
    STAGE(tb_tail),
    STAGE(tb_page_hinkley),
    STAGE(tb_adwin),
    STAGE(tb_ks),
    STAGE(tb_centroid_f32),
    STAGE(tb_centroid_q15),
    STAGE(tb_centroid_q31),
    STAGE(tb_framer_f32),
    STAGE(tb_framer_q15),
    STAGE(tb_framer_q31),
    STAGE(tb_time_f32),
    STAGE(tb_time_q15),
    STAGE(tb_time_q31),
    STAGE(tb_bands_f32),
    STAGE(tb_bands_q15),
    STAGE(tb_bands_q31),
    STAGE(tb_envelope_f32),
    STAGE(tb_envelope_q15),
    STAGE(tb_envelope_q31),
    STAGE(tb_lags_f32),
    STAGE(tb_lags_q15),
    STAGE(tb_lags_q31),
    STAGE(tb_octaves_f32),
    STAGE(tb_octaves_q15),
    STAGE(tb_octaves_q31),
    STAGE(tb_policy),
};
#undef STAGE

const tb_tools *const tools[] = {
    &tb_autoencoder_f32_tools,
    &tb_autoencoder_q15_tools,
    &tb_autoencoder_q31_tools,
    &tb_kmeans_f32_tools,
    &tb_kmeans_q15_tools,
    &tb_kmeans_q31_tools,
    &tb_mahalanobis_f32_tools,
    &tb_mahalanobis_q15_tools,
    &tb_mahalanobis_q31_tools,
    &tb_elm_f32_tools,
    &tb_elm_q15_tools,
    &tb_elm_q31_tools,
    &tb_subspace_f32_tools,
    &tb_subspace_q15_tools,
    &tb_subspace_q31_tools,
    &tb_boxes_f32_tools,
    &tb_boxes_q15_tools,
    &tb_boxes_q31_tools,
    &tb_seasonal_f32_tools,
    &tb_seasonal_q15_tools,
    &tb_seasonal_q31_tools,
    &tb_univariate_f32_tools,
    &tb_univariate_q15_tools,
    &tb_univariate_q31_tools,
    &tb_bank_autoencoder_f32_tools,
    &tb_bank_autoencoder_q15_tools,
    &tb_bank_autoencoder_q31_tools,
    &tb_bank_elm_f32_tools,
    &tb_bank_elm_q15_tools,
    &tb_bank_elm_q31_tools,
    &tb_bank_subspace_f32_tools,
    &tb_bank_subspace_q15_tools,
    &tb_bank_subspace_q31_tools,
    &tb_deviation_f32_tools,
    &tb_deviation_q15_tools,
    &tb_deviation_q31_tools,
    &tb_distance_f32_tools,
    &tb_distance_q15_tools,
    &tb_distance_q31_tools,
};

} // namespace

extern "C" {

const tb_stage *tb_stage_by_id(uint16_t id, uint8_t arithmetic) {
    for (const Entry &e : entries) {
        if (e.stage->id == id && (e.stage->arithmetic == arithmetic || e.stage->arithmetic == 0)) {
            return e.stage;
        }
    }
    return nullptr;
}

uint16_t tb_stage_id(const tb_stage *stage) { return stage != nullptr ? stage->id : std::uint16_t{0}; }

const tb_tools *tb_tools_of(const tb_stage *stage) {
    for (const tb_tools *t : tools) {
        if (t->detector == stage) {
            return t;
        }
    }
    return nullptr;
}

const char *tb_stage_symbol(const tb_stage *stage) {
    for (const Entry &e : entries) {
        if (e.stage == stage) {
            return e.symbol;
        }
    }
    return nullptr;
}

} // extern "C"
